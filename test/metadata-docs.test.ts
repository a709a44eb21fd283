/** docs/metadata.md: every snippet and every command prints what stands below it. UPDATE_TRANSCRIPTS=1 rewrites that. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { good } from './image-command.ts'
import { runnerOf, snippetsOf } from './snippets.ts'

const root = join(import.meta.dirname, '..')
const run = runnerOf('metadata-docs')
const path = join(root, 'docs', 'metadata.md')
const page = readFileSync(path, 'utf8')

const [start, ...snippets] = snippetsOf(page)
const commands = [...page.matchAll(/```console\n\$ famfs-wire image ([^\n]*)\n([\s\S]*?)```/g)].map(([, line = '', output]) => ({
  line,
  output,
}))

describe('docs/metadata.md', () => {
  test('has snippets', () => {
    expect(start?.output).toBeUndefined()
    expect([snippets.length, commands.length]).toEqual([6, 3])
  })

  test.each(commands)('image $line', async ({ line, output }) => {
    const printed = await good(...line.split(' ').map(word => (word.startsWith('fixtures/') ? join(root, word) : word)))
    if (process.env.UPDATE_TRANSCRIPTS === '1')
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(`image ${line}\n${output}`, () => `image ${line}\n${printed}`),
      )
    else expect(printed).toBe(output)
  })

  test.each(snippets)('snippet $i prints what it says', async ({ i, code, output }) => {
    const printed = await run(i, `${start?.code ?? ''}\n${code}`)
    if (process.env.UPDATE_TRANSCRIPTS === '1') {
      const now = readFileSync(path, 'utf8')
      const old = output === undefined ? '' : `\n\`\`\`text\n${output}\`\`\`\n`
      writeFileSync(
        path,
        now.replace(`\`\`\`ts\n${code}\`\`\`\n${old}`, () => `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`text\n${printed}\`\`\`\n`),
      )
    } else expect(printed).toBe(output)
  })
})
