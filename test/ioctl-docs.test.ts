/** docs/ioctl.md: every snippet prints what stands below it, and there is one for each version. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { ioctlDialects } from '../src/uapi/index.ts'

const root = join(import.meta.dirname, '..')
const work = join(root, '.cache', 'ioctl-docs')
const page = readFileSync(join(root, 'docs', 'ioctl.md'), 'utf8')

const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g)].map(([, code = '', output]) => ({ code, output }))
const [start, ...snippets] = blocks

afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('docs/ioctl.md', () => {
  test('has a part for every version', () => {
    expect([...page.matchAll(/^## (ioctl-\S+)$/gm)].map(m => m[1])).toEqual(Object.keys(ioctlDialects))
  })

  test.each(snippets.map((snippet, i) => ({ i, ...snippet })))('snippet $i prints what it says', async ({ i, code, output }) => {
    mkdirSync(work, { recursive: true })
    const file = join(work, `snippet-${i}.ts`)
    writeFileSync(file, `${start?.code ?? ''}\n${code}`.replace("'famfs-wire/kernel'", "'../../src/kernel/index.ts'"))
    let printed = ''
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed += `${formatWithOptions({ colors: false }, ...values)}\n`
    })
    await import(file)
    log.mockRestore()
    expect(printed).toBe(output)
  })
})
