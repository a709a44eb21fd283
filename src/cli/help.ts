/** Help texts, laid out from the data of the commands. */
import { colorOption, type Paint, padEnd, width, wrap } from './color.ts'
import type { Command, Option } from './command.ts'

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
export const usageLines = (command: Command): string[] => command.usage.map(line => `${PROGRAM} ${command.name} ${line}`.trimEnd())

export function commandHelp(command: Command, columns: number, paint: Paint): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(([name, option]) => [spelled(name, option), option.help] as const)
  return [
    `${PROGRAM} ${command.name}: ${command.summary}`,
    '',
    ...usageLines(command).map((line, i) => `${i === 0 ? 'usage: ' : '       '}${line}`),
    ...command.about.flatMap(paragraph => ['', ...wrap(paragraph, columns)]),
    '',
    paint('strong', 'options'),
    ...definitions(options, columns, paint),
    '',
    paint('strong', 'examples'),
    ...command.examples.flatMap(([line, what]) => [`  ${paint('name', line)}`, `      ${what}`]),
    '',
  ].join('\n')
}

export function overview(commands: readonly Command[], columns: number, paint: Paint): string {
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
