/** docs/cli.md is the help texts of all commands. UPDATE_TRANSCRIPTS=1 rewrites it. */
import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { type Command, loaded, type Page } from '../src/cli/command.ts'
import { commands } from '../src/cli/commands/index.ts'
import { commandHelp, overview } from '../src/cli/help.ts'

const PATH = 'docs/cli.md'
const COLUMNS = 100

const plain = (_: string, text: string): string => text
const block = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`

it('docs/cli.md is current', async () => {
  const part = (page: Page): string => `\n### ${page.name}\n\n${block(commandHelp(page, COLUMNS, plain))}`
  const section = async (c: Command): Promise<string> => {
    const parts = await Promise.all((c.parts ?? []).map(row => row.load()))
    return `## ${c.name}\n\n${block(commandHelp(c, COLUMNS, plain))}${parts.map(part).join('')}`
  }
  const sections = await Promise.all(commands.map(async row => section(await loaded(row))))
  const intro = `# The command \`famfs-wire\`\n\nMade from the help texts. Where a command takes bytes it takes them in all the [forms of text](input.md), and captures as in [captures](captures.md). What the commands print is shown, and tested, in \`test/transcripts\`.\n\n${block(overview(commands, COLUMNS, plain))}`
  const page = [intro, ...sections].join('\n')
  if (process.env.UPDATE_TRANSCRIPTS === '1') await writeFile(PATH, page)
  expect(await readFile(PATH, 'utf8')).toBe(page)
})
