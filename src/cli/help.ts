/** Help texts, laid out from the data of the commands. */
import { colorOption, type Paint, padEnd, width, wrap } from './color.ts'
import type { Command, Head, Option, Page } from './command.ts'

export const PROGRAM = 'famfs-wire'

/** Options of every command, besides its own. */
export const COMMON = { ...colorOption, help: { type: 'boolean', short: 'h', help: 'show this text' } } as const

const INDENT = 2

/** Two columns: terms, and what they mean, wrapped. */
function definitions(rows: readonly (readonly [string, string])[], columns: number, paint: Paint): string[] {
  const term = Math.min(28, Math.max(...rows.map(([name]) => width(name))))
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, columns - INDENT - term - 2)
    const head = width(name) > term ? [`${' '.repeat(INDENT)}${paint('name', name)}`] : []
    const body = lines.map(
      (line, i) => `${' '.repeat(INDENT)}${padEnd(i === 0 && head.length === 0 ? paint('name', name) : '', term)}  ${line}`,
    )
    return [...head, ...body]
  })
}

const spelled = (name: string, option: Option): string =>
  `${option.short === undefined ? '' : `-${option.short}, `}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`

/** One line per way to call the command. */
export const usageLines = (page: Page): string[] => page.usage.map(line => `${PROGRAM} ${page.name} ${line}`.trimEnd())

/** The page of the subcommand that the arguments name, else that of the command. */
export async function pageFor(command: Command, argv: readonly string[]): Promise<Page> {
  const first = argv.find(arg => !arg.startsWith('-'))
  return (await command.parts?.find(part => part.name === `${command.name} ${first}`)?.load()) ?? command
}

function partLines({ name, parts = [] }: Command, columns: number, paint: Paint): string[] {
  if (parts.length === 0) return []
  const rows = parts.map(part => [part.name.slice(name.length + 1), part.summary] as const)
  return ['', paint('strong', 'subcommands'), ...definitions(rows, columns, paint)]
}

/** The help text of a command or subcommand. The options of subcommands are on their own pages. */
export function commandHelp(page: Page | Command, columns: number, paint: Paint): string {
  const hasParts = 'parts' in page
  const options = { ...(hasParts ? {} : page.options), ...COMMON }
  const rows = Object.entries(options).map(([name, option]) => [spelled(name, option), option.help] as const)
  return [
    `${PROGRAM} ${page.name}: ${page.summary}`,
    '',
    ...usageLines(page).map((line, i) => `${i === 0 ? 'usage: ' : '       '}${line}`),
    ...page.about.flatMap(paragraph => ['', ...wrap(paragraph, columns)]),
    ...(hasParts ? partLines(page as Command, columns, paint) : []),
    '',
    paint('strong', 'options'),
    ...definitions(rows, columns, paint),
    ...(page.examples.length === 0 ? [] : ['', paint('strong', 'examples')]),
    ...page.examples.flatMap(([line, what]) => [`  ${paint('name', line)}`, `      ${what}`]),
    '',
  ].join('\n')
}

export function overview(commands: readonly Head[], columns: number, paint: Paint): string {
  return [
    `${PROGRAM}: every byte of famfs - what messages mean, and what each published kernel does with them`,
    '',
    `usage: ${PROGRAM} COMMAND [ARGUMENTS]`,
    `       ${PROGRAM} COMMAND --help`,
    `       ${PROGRAM} --version`,
    '',
    paint('strong', 'commands'),
    ...definitions(
      commands.map(c => [c.name, c.summary] as const),
      columns,
      paint,
    ),
    '',
    ...wrap(
      'Bytes come from a file, from standard input (-, or no operand), or as hex on the command line. Exit code: 0 good, 1 refused, findings or differences, 2 wrong usage.',
      columns,
    ),
    '',
  ].join('\n')
}
