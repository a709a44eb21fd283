/** docs/conversations.md: every snippet prints what stands below it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, expect, test, vi } from 'vitest'

const root = join(import.meta.dirname, '..')
const work = join(root, '.cache', 'conversation-docs')
const page = readFileSync(join(root, 'docs', 'conversations.md'), 'utf8')
const snippets = [...page.matchAll(/```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(([, code = '', output = ''], i) => ({
  i,
  code,
  output,
}))

afterAll(() => rmSync(work, { recursive: true, force: true }))

test('the page has snippets', () => expect(snippets.length).toBe(4))

test.each(snippets)('snippet $i prints what it says', async ({ i, code, output }) => {
  mkdirSync(work, { recursive: true })
  const file = join(work, `snippet-${i}.ts`)
  writeFileSync(file, code.replace("'famfs-wire/kernel'", "'../../src/kernel/index.ts'"))
  let printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    printed += `${formatWithOptions({ colors: false }, ...values)}\n`
  })
  await import(file)
  log.mockRestore()
  expect(printed).toBe(output)
})
