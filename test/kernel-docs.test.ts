/** docs/kernel.md: every snippet prints what stands below it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { renderSvg } from '../src/kernel/index.ts'
import { mapB } from './kernel-examples.ts'

const root = join(import.meta.dirname, '..')
const work = join(root, '.cache', 'kernel-docs')
const page = readFileSync(join(root, 'docs', 'kernel.md'), 'utf8')

const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g)].map(([, code = '', output]) => ({ code, output }))
const [start, ...snippets] = blocks

afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('docs/kernel.md', () => {
  test('has an output for every snippet but the first lines', () => {
    expect(start?.output).toBeUndefined()
    expect(snippets.length).toBeGreaterThan(12)
    for (const { output } of snippets) expect(output).toBeTypeOf('string')
  })

  test('its picture is current: famfs-wire resolve fixtures/examples/two-strips.hex --svg -o docs/pictures/two-strips.svg', () => {
    expect(page).toContain('(pictures/two-strips.svg)')
    expect(readFileSync(join(root, 'docs', 'pictures', 'two-strips.svg'), 'utf8')).toBe(
      renderSvg(mapB, { name: 'fixtures/examples/two-strips.hex' }),
    )
  })

  test.each(snippets.map((snippet, i) => ({ i, ...snippet })))('snippet $i prints what it says', async ({ i, code, output }) => {
    mkdirSync(work, { recursive: true })
    const file = join(work, `snippet-${i}.ts`)
    const source = `${start?.code ?? ''}\n${code}`.replace("'famfs-wire/kernel'", "'../../src/kernel/index.ts'")
    writeFileSync(file, source)
    let printed = ''
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed += `${formatWithOptions({ colors: false }, ...values)}\n`
    })
    await import(file)
    log.mockRestore()
    expect(printed).toBe(output)
  })
})
