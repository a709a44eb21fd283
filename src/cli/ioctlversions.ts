/** The versions of the ioctl ABI in a table, and two of them beside each other: for the command `dialects`. */
import { ioctlText } from '../codec/ioctl/index.ts'
import type { IoctlCommand, IoctlDialect } from '../schema/ioctl.ts'
import { type Paint, padEnd } from './color.ts'
import { stepLines } from './ioctl/list.ts'
import { allDialects, names, shapeText } from './ioctl/names.ts'
import { sideBySide } from './sidebyside.ts'
import { table } from './table.ts'

const NONE = '-'

/** Commands that give a map to a file. */
const mapCommands = ({ headers, handlers }: IoctlDialect): IoctlCommand[] =>
  headers[0].commands.filter(({ name }) => handlers[name]?.effect === 'map')

const hasGroups = (d: IoctlDialect): boolean => mapCommands(d).some(c => c.argument?.group !== undefined)

const limitText = (limit: number | undefined): string => String(limit ?? 'any')

/** What tells the versions apart, one fact to a column. */
const FACTS: readonly (readonly [title: string, of: (d: IoctlDialect) => string])[] = [
  ['KABI', d => String(d.kabi ?? NONE)],
  ['headers', d => String(d.headers.length)],
  ['commands', d => String(d.headers[0].commands.length)],
  [
    'maps by',
    d =>
      mapCommands(d)
        .map(c => c.name)
        .join(', '),
  ],
  ['extents', d => limitText(d.limits.extents)],
  ['groups', d => (hasGroups(d) ? limitText(d.limits.groups) : NONE)],
  ['strips', d => (hasGroups(d) ? limitText(d.limits.strips) : NONE)],
  ['devices', d => (d.limits.devIndex === 0 ? '0' : `0..${d.limits.devIndex}`)],
  ['opened', d => (Object.values(d.handlers).some(h => h.effect === 'device') ? 'by path' : 'with the mount')],
  ['options', d => (d.options === undefined ? NONE : 'yes')],
]

/** All versions in a table. */
export function ioctlOverview(paint: Paint): string[] {
  const rows = allDialects.map(d => [paint('name', d.id), ...FACTS.map(([, of]) => of(d))])
  const longest = Math.max(...allDialects.map(d => d.id.length))
  return [
    ...table([{ title: 'dialect' }, ...FACTS.map(([title]) => ({ title }))], rows, paint),
    '',
    ...allDialects.map(d => `${padEnd(paint('name', d.id), longest)}  ${d.title}`),
    '',
    'opened: how devices come into the table. famfs-wire ioctl list has the numbers of all commands side by side.',
  ]
}

const structOf = ({ argument }: IoctlCommand): string => (argument?.schema.type.kind === 'struct' ? argument.schema.type.name : '')

function commandText(d: IoctlDialect, name: string): string {
  const found = d.headers[0].commands.find(c => c.name === name)
  return found === undefined ? NONE : `${ioctlText(found.number)} ${shapeText(found)} ${structOf(found)}`.trimEnd()
}

const checksOf = (d: IoctlDialect, name: string): readonly string[] => {
  const steps = name === '' ? d.entry : d.handlers[name]?.checks
  return steps === undefined ? [] : stepLines(steps)
}

/** What differs: facts, numbers, and the checks of each command that are not the same. */
export function ioctlComparison(a: IoctlDialect, b: IoctlDialect, columns: number, paint: Paint): string[] {
  const facts = [['published as', (d: IoctlDialect) => d.title] as const, ...FACTS, ['facts', (d: IoctlDialect) => d.facts] as const]
  const rows = [
    ...facts.map(([title, of]) => [title, of(a), of(b)]),
    ...names.map(name => [name, commandText(a, name), commandText(b, name)]),
  ].filter(([, x, y]) => x !== y)
  const side = Math.floor((columns - 3) / 2)
  const changed = ['', ...names].filter(name => checksOf(a, name).join('\n') !== checksOf(b, name).join('\n'))
  return [
    ...table(
      [{ title: '' }, { title: a.id }, { title: b.id }],
      rows.map(([title = '', ...cells]) => [paint('name', title), ...cells]),
      paint,
    ),
    ...changed.flatMap(name => [
      '',
      paint('strong', name === '' ? 'asked of every command, in order' : `${name}, in order`),
      ...sideBySide(checksOf(a, name), checksOf(b, name), side, paint, [a.id, b.id]),
    ]),
  ]
}
