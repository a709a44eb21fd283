/** docs/conversations.md: every snippet prints what stands below it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runnerOf, snippetsOf } from './snippets.ts'

const root = join(import.meta.dirname, '..')
const run = runnerOf('conversation-docs')
const page = readFileSync(join(root, 'docs', 'conversations.md'), 'utf8')
const snippets = snippetsOf(page)

test('the page has snippets', () => expect(snippets.length).toBe(4))

test.each(snippets)('snippet $i prints what it says', async ({ i, code, output }) => {
  expect(await run(i, code)).toBe(output)
})
