/** `famfs-wire dialects`: what each published kernel speaks, and how two of them differ. */
import { opcodesOf } from '../../codec/message.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { dialects as all, type DialectId } from '../../uapi/dialects/index.ts'
import { factsOf, stepLines } from '../checktext.ts'
import { clip, type Paint, padEnd, pageWidth, painter, width } from '../color.ts'
import { command, GOOD } from '../command.ts'
import { dialectNamed } from '../subject.ts'
import { table } from '../table.ts'
import { jsonText } from '../values.ts'

export const dialects = command({
  name: 'dialects',
  summary: 'what each published kernel speaks; one in full, or two compared',
  usage: ['[DIALECT [DIALECT]] [--json]'],
  about: [
    'Without an operand all dialects in a table. With one, everything about it, its checks in the order in which the kernel takes them. With two, only what differs, and the checks side by side.',
    'Nothing in the protocol tells the dialects of one INIT bit apart: the one to use is always said, with --dialect.',
  ],
  options: { json: { type: 'boolean', help: 'the dialects as JSON, with their check steps' } },
  operands: 2,
  examples: [
    ['famfs-wire dialects', 'the table'],
    ['famfs-wire dialects fuse-push-il', 'all about one'],
    ['famfs-wire dialects fuse-v7 fuse-7.46', 'which errno changed, and where'],
  ],
  async run({ values, positionals }, io) {
    const paint = painter(values.color, io)
    const [first, second] = positionals.map(id => all[dialectNamed(id)] as Dialect)
    if (values.json === true)
      await io.print(`${jsonText(first === undefined ? Object.values(all) : [first, second].filter(d => d !== undefined))}\n`)
    else if (first === undefined) await io.print(overview(paint))
    else if (second === undefined) await io.print(full(first, paint))
    else await io.print(comparison(first, second, pageWidth(io), paint))
    return GOOD
  },
})

const NONE = '-'

function overview(paint: Paint): string {
  const columns = [
    { title: 'dialect' },
    { title: 'bit' },
    { title: 'FMAP' },
    { title: 'DAXDEV' },
    { title: 'body' },
    { title: 'reply', align: 'right' },
    { title: 'probe' },
    { title: 'extents' },
    { title: 'strips' },
    { title: 'devices' },
    { title: 'asked at' },
    { title: 'failure' },
  ] as const
  const rows = Object.values<Dialect>(all).map(d => [
    paint('name', d.id),
    String(d.initBit ?? NONE),
    String(d.opcodes.GET_FMAP ?? NONE),
    d.reply.GET_DAXDEV === undefined ? NONE : String(d.opcodes.GET_DAXDEV),
    d.reply.GET_FMAP === undefined ? NONE : d.request.GET_FMAP === 'none' ? '0' : '8',
    String(d.reply.GET_FMAP?.most ?? NONE),
    d.sizeProbe === 'none' ? NONE : d.sizeProbe,
    d.reply.GET_FMAP === undefined ? NONE : String(d.limits.extents ?? 'any'),
    String(d.limits.strips ?? NONE),
    d.reply.GET_FMAP === undefined ? NONE : `${d.push ? 'push' : 'pull'} 0${d.limits.devIndex === 0 ? '' : `..${d.limits.devIndex}`}`,
    d.trigger ?? NONE,
    d.reply.GET_FMAP === undefined ? NONE : d.fatal ? 'fatal' : 'ignored',
  ])
  const titles = Object.values<Dialect>(all).map(d => `${padEnd(paint('name', d.id), 12)}  ${d.title}`)
  return `${[...table(columns, rows, paint), '', ...titles, '', ...LEGEND].join('\n')}\n`
}

const LEGEND = [
  'bit: INIT flag. FMAP, DAXDEV: opcodes of GET_FMAP and GET_DAXDEV. body: bytes of the GET_FMAP request behind its header.',
  'reply: most bytes of a map. probe: how a server says that the map needs more room than the kernel offered.',
  'famfs-wire dialects A B shows how two of them differ.',
]

function full(d: Dialect, paint: Paint): string {
  const facts = factsOf(d).map(([name, value]) => `  ${padEnd(paint('name', name), FACT)}  ${value}`)
  const checks =
    d.checks.length === 0
      ? []
      : ['', paint('strong', 'checks of a GET_FMAP reply, in order'), ...stepLines(d.checks).map(line => `  ${painted(line, paint)}`)]
  return `${[paint('strong', d.id), ...facts, ...checks].join('\n')}\n`
}

const FACT = 18

/** A check line with its errno in colour. */
const painted = (line: string, paint: Paint): string =>
  line.replace(/· (\S+)$/, (_, errno: string) => paint(errno === 'counted' ? 'dim' : 'label', `· ${errno}`))

function comparison(a: Dialect, b: Dialect, columns: number, paint: Paint): string {
  const facts = factRows(a, b)
  const opcodes = opcodeRows(a.id as DialectId, b.id as DialectId)
  const different = [...facts, ...opcodes]
  const side = Math.floor((columns - 3) / 2)
  const head = table(
    [{ title: '' }, { title: a.id }, { title: b.id }],
    different.map(([name, x, y]) => [paint('name', name), x, y]),
    paint,
  )
  return `${[
    ...(different.length === 0 ? ['all facts are the same'] : head),
    '',
    ...sideBySide(stepLines(a.checks), stepLines(b.checks), side, paint, [a.id, b.id]),
  ].join('\n')}\n`
}

function factRows(a: Dialect, b: Dialect): [string, string, string][] {
  const left = new Map(factsOf(a))
  const right = new Map(factsOf(b))
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return names.map((n): [string, string, string] => [n, left.get(n) ?? NONE, right.get(n) ?? NONE]).filter(([, x, y]) => x !== y)
}

/** Opcode numbers that mean something else on the two sides. */
function opcodeRows(a: DialectId, b: DialectId): [string, string, string][] {
  const byNumber = (id: DialectId): Map<number, string> => new Map(opcodesOf(id).map(([name, n]) => [n, name]))
  const [left, right] = [byNumber(a), byNumber(b)]
  const numbers = [...new Set([...left.keys(), ...right.keys()])].sort((x, y) => x - y)
  return numbers
    .map((n): [string, string, string] => [`opcode ${n}`, left.get(n) ?? NONE, right.get(n) ?? NONE])
    .filter(([, x, y]) => x !== y)
}

type Pair = readonly [string | undefined, string | undefined]

/** The lines of both, equal ones beside each other. */
function align(a: readonly string[], b: readonly string[]): Pair[] {
  const common: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i]
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const pairs: Pair[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([a[i++], b[j++]])
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) pairs.push([a[i++], undefined])
    else pairs.push([undefined, b[j++]])
  }
  return pairs
}

/** A line that only one side has, and right after it one that only the other has about the same: a change. */
function joined(pairs: readonly Pair[]): Pair[] {
  const result: Pair[] = []
  for (const pair of pairs) {
    const open = result.findIndex(
      (p, i) => i >= result.length - 3 && p[1] === undefined && pair[0] === undefined && subject(p[0]) === subject(pair[1]),
    )
    const before = result[open]
    if (before !== undefined && result.slice(open + 1).every(p => p[1] === undefined)) result[open] = [before[0], pair[1]]
    else result.push(pair)
  }
  return result
}

const subject = (line: string | undefined): string => (line ?? '').trim().split(' ')[0] ?? ''

function sideBySide(
  a: readonly string[],
  b: readonly string[],
  columns: number,
  paint: Paint,
  titles: readonly [string, string],
): string[] {
  const pairs = joined(align(a, b))
  const left = Math.min(columns, Math.max(width(titles[0]), ...a.map(width)))
  const head = [padEnd(paint('strong', titles[0]), left), ' ', paint('strong', titles[1])].join(' ')
  const lines = pairs.map(([x, y]) => {
    const mark = x === y ? ' ' : x === undefined ? '>' : y === undefined ? '<' : '|'
    const style = x === y ? 'dim' : 'changed'
    const cell = (line: string | undefined): string => paint(style, clip(line ?? '', columns))
    return `${padEnd(cell(x), left)} ${paint('changed', mark)} ${cell(y)}`.trimEnd()
  })
  return [paint('strong', 'checks of a GET_FMAP reply, in order'), head, ...lines]
}
