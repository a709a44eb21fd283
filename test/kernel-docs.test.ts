/** docs/kernel.md: every snippet prints what stands below it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderSvg } from '../src/kernel/index.ts'
import { mapB } from './kernel-examples.ts'
import { runnerOf, snippetsOf } from './snippets.ts'

const root = join(import.meta.dirname, '..')
const run = runnerOf('kernel-docs')
const page = readFileSync(join(root, 'docs', 'kernel.md'), 'utf8')

const blocks = snippetsOf(page)
const [start, ...snippets] = blocks

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

  test.each(snippets)('snippet $i prints what it says', async ({ i, code, output }) => {
    expect(await run(i, `${start?.code ?? ''}\n${code}`)).toBe(output)
  })
})
