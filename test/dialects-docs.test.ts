/** docs/dialects.md: every snippet prints what stands below it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, expect, test, vi } from 'vitest'

const root = join(import.meta.dirname, '..')
const work = join(root, '.cache', 'dialects-docs')
const page = readFileSync(join(root, 'docs', 'dialects.md'), 'utf8')
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(([, code = '', output = ''], i) => ({
  i,
  code,
  output,
}))

afterAll(() => rmSync(work, { recursive: true, force: true }))

test('every snippet has its output', () => {
  expect(blocks.length).toBe(page.match(/```ts\n/g)?.length)
  expect(blocks.length).toBeGreaterThan(2)
})

test.each(blocks)('snippet $i prints what it says', async ({ i, code, output }) => {
  mkdirSync(work, { recursive: true })
  const file = join(work, `snippet-${i}.ts`)
  writeFileSync(file, code.replace("'./examples/", "'../../examples/"))
  let printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    printed += `${formatWithOptions({ colors: false }, ...values)}\n`
  })
  await import(file)
  log.mockRestore()
  expect(printed).toBe(output)
})
