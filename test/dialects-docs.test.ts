/** docs/dialects.md: every snippet prints what stands below it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runnerOf, snippetsOf } from './snippets.ts'

const root = join(import.meta.dirname, '..')
const run = runnerOf('dialects-docs')
const page = readFileSync(join(root, 'docs', 'dialects.md'), 'utf8')
const blocks = snippetsOf(page)

test('every snippet has its output', () => {
  for (const { output } of blocks) expect(output).toBeTypeOf('string')
  expect(blocks.length).toBeGreaterThan(2)
})

test.each(blocks)('snippet $i prints what it says', async ({ i, code, output }) => {
  expect(await run(i, code)).toBe(output)
})
