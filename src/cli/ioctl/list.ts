/** `ioctl list` and `ioctl NUMBER`: who has which command, and what a number means. */
import { explainIoctl, type IoctlUse, ioctlText } from '../../codec/ioctl/index.ts'
import type { Block } from '../../schema/check.ts'
import type { IoctlCommand, IoctlDialect } from '../../schema/ioctl.ts'
import type { CallBlock, CallStep } from '../../schema/ioctl-steps.ts'
import { famfs_statfs_types } from '../../uapi/famfs/statfs.ts'
import { type Paint, padEnd } from '../color.ts'
import { table } from '../table.ts'
import { errnoName } from '../values.ts'
import { allDialects, names, shapeText } from './names.ts'

const NONE = '-'
const short = (id: string): string => id.replace('ioctl-', '')
const structOf = ({ argument }: IoctlCommand): string => (argument?.schema.type.kind === 'struct' ? argument.schema.type.name : NONE)

/** Every command by the version that has it, number over direction and size. */
export function overview(paint: Paint): string[] {
  const rows = names.flatMap(name => {
    const own = allDialects.map(d => d.headers[0].commands.find(c => c.name === name))
    return [
      [paint('name', name), ...own.map(c => (c === undefined ? NONE : ioctlText(c.number)))],
      ['', ...own.map(c => paint('dim', c === undefined ? '' : shapeText(c)))],
    ]
  })
  const older = allDialects.flatMap(d =>
    d.headers.slice(1).flatMap(h => {
      const changed = d.headers[0].commands.filter(c => h.commands.find(o => o.name === c.name)?.number !== c.number)
      const told = changed.map(c =>
        `${c.name} ${ioctlText(h.commands.find(o => o.name === c.name)?.number ?? 0)}`.replace(' 0x00000000', ' missing'),
      )
      return [`${padEnd(short(d.id), 4)}  ${h.title}${told.length === 0 ? ': the same numbers' : `: ${told.join(', ')}`}`]
    }),
  )
  return [
    ...table([{ title: 'command' }, ...allDialects.map(d => ({ title: short(d.id) }))], rows, paint),
    '',
    paint('strong', 'older headers'),
    ...older,
    '',
    paint('strong', 'one number, several meanings'),
    ...meanings(),
    '',
    paint('strong', 'f_type of statfs(2): which ABI user space speaks on a mount'),
    ...famfs_statfs_types.map(
      ({ f_type, name, abi }) => `${ioctlText(f_type)}  ${padEnd(name, 21)}  ${abi === 'ioctl' ? 'this one' : 'FUSE'}`,
    ),
    'any other   not famfs',
    '',
    'below each number: - no argument, w the kernel reads it, r the kernel writes it, and its bytes.',
    'famfs-wire ioctl NUMBER explains one, famfs-wire ioctl list DIALECT shows a version with its checks.',
  ]
}

/** What the low byte means from version to version, where that is not one thing. */
function meanings(): string[] {
  const byNr = new Map<number, Map<string, string[]>>()
  for (const d of allDialects)
    for (const c of d.headers[0].commands) {
      const of = byNr.get(c.nr) ?? new Map<string, string[]>()
      const key = `${c.name} ${structOf(c)}`.replace(` ${NONE}`, '')
      byNr.set(c.nr, of.set(key, [...(of.get(key) ?? []), short(d.id)]))
    }
  const told = [...byNr].filter(([, of]) => of.size > 1).sort(([a], [b]) => a - b)
  return [
    ...told.map(([nr, of]) => `nr 0x${nr.toString(16)}: ${[...of].map(([what, ids]) => `${what} (${ids.join(', ')})`).join('; ')}`),
    '0x40207554 MAP_CREATE_V2: groups of 24 bytes in the headers of 2024, of 32 in the last one; the number does not tell',
  ]
}

/** The steps of a driver in order, those of a block indented below it. */
export function stepLines(steps: readonly CallStep[], depth = 0): string[] {
  const pad = '  '.repeat(depth)
  return steps.flatMap((step): string[] => {
    if ('steps' in step) return [`${pad}${(step as Block | CallBlock).kind}:`, ...stepLines(step.steps, depth + 1)]
    if (step.kind === 'copy') return [`${pad}${step.name} · ${step.errno === undefined ? 'bytes left, positive' : errnoName(step.errno)}`]
    if (step.kind === 'remark') return [`${pad}${step.name} · ${step.oops === true ? 'oops' : 'let pass'}, ${step.rule}`]
    const answer =
      step.errno === undefined ? 'counted' : step.errno === 'given' ? 'its errno' : step.errno === 0 ? 'done' : errnoName(step.errno)
    return [`${pad}${step.name} · ${answer}`]
  })
}

/** All about one version. */
export function full(d: IoctlDialect, paint: Paint): string[] {
  const rows = d.headers[0].commands.map(c => [
    paint('name', c.name),
    ioctlText(c.number),
    shapeText(c),
    structOf(c),
    d.handlers[c.name]?.effect ?? NONE,
  ])
  const columns = [{ title: 'command' }, { title: 'number' }, { title: 'bytes' }, { title: 'struct' }, { title: 'gives' }]
  const checks = Object.entries(d.handlers).flatMap(([name, { checks: own }]) => [
    '',
    paint('strong', `${name}, in order`),
    ...(own === undefined ? ['  nobody has read what the driver does'] : own.length === 0 ? ['  nothing is asked'] : stepLines(own, 1)),
  ])
  return [
    `${paint('strong', d.id)}: ${d.title}`,
    '',
    ...table(columns, rows, paint),
    '',
    paint('strong', 'asked of every command'),
    ...(d.entry.length === 0 ? ['  nothing'] : stepLines(d.entry, 1)),
    ...checks,
    '',
    `facts ${d.facts}`,
  ]
}

const useRow = (use: IoctlUse, paint: Paint): string[] => [
  ioctlText(use.number),
  paint('name', use.dialect),
  use.header,
  use.name,
  use.struct ?? NONE,
]

/** One number, taken apart. */
export function explained(number: number, paint: Paint): string[] {
  const { direction, type, nr, size, uses, relatives } = explainIoctl(number)
  const letter = type > 32 && type < 127 ? ` '${String.fromCharCode(type)}'` : ''
  const columns = [{ title: 'number' }, { title: 'dialect' }, { title: 'header' }, { title: 'command' }, { title: 'struct' }]
  const list = (all: readonly IoctlUse[]): string[] =>
    table(
      columns,
      all.map(u => useRow(u, paint)),
      paint,
    )
  return [
    `${paint('strong', ioctlText(number))}: direction ${direction}, type 0x${type.toString(16)}${letter}, nr 0x${nr.toString(16)}, ${size} bytes`,
    '',
    ...(uses.length === 0 ? ['no published header has it: every driver answers ENOTTY'] : list(uses)),
    ...(relatives.length === 0 ? [] : ['', paint('strong', 'the same type and nr with another direction or size'), ...list(relatives)]),
  ]
}
