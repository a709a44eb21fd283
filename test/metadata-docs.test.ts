/** docs/metadata.md: every snippet and every command prints what stands below it. UPDATE_TRANSCRIPTS=1 rewrites that. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { good } from './image-command.ts'

const root = join(import.meta.dirname, '..')
const work = join(root, '.cache', 'metadata-docs')
const path = join(root, 'docs', 'metadata.md')
const page = readFileSync(path, 'utf8')

const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/g)].map(([, code = '', output]) => ({
  code,
  output,
}))
const [start, ...snippets] = blocks
const commands = [...page.matchAll(/```console\n\$ famfs-wire image ([^\n]*)\n([\s\S]*?)```/g)].map(([, line = '', output]) => ({
  line,
  output,
}))
const PLACES = { inspect: 'codec/index.ts', metadata: 'metadata/index.ts', yaml: 'metadata/yaml/read/index.ts' }

afterAll(() => rmSync(work, { recursive: true, force: true }))

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

  test.each(snippets.map((snippet, i) => ({ i, ...snippet })))('snippet $i prints what it says', async ({ i, code, output }) => {
    mkdirSync(work, { recursive: true })
    const file = join(work, `snippet-${i}.ts`)
    const source = Object.entries(PLACES).reduce(
      (text, [name, place]) => text.replace(`'famfs-wire/${name}'`, `'../../src/${place}'`),
      `${start?.code ?? ''}\n${code}`,
    )
    writeFileSync(file, source)
    let printed = ''
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed += `${formatWithOptions({ colors: false }, ...values)}\n`
    })
    await import(file)
    log.mockRestore()
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
