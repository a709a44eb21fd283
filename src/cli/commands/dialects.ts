/** `famfs-wire dialects`: what each published kernel speaks, and how two of them differ. */
import { opcodesOf } from '../../codec/message.ts'
import { isIoctl } from '../../conformance/named.ts'
import type { Dialect, RequestShape } from '../../schema/dialect.ts'
import { fixedSize } from '../../schema/index.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import { dialectAliases } from '../../uapi/dialects/aliases.ts'
import { ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { requestBody } from '../../uapi/famfs/messages.ts'
import { factsOf, stepLines } from '../checktext.ts'
import { claimLines } from '../claimview.ts'
import { type Paint, padEnd, pageWidth, painter } from '../color.ts'
import { command, Failure, GOOD } from '../command.ts'
import { dialectFileOption, dialectsOf } from '../dialects.ts'
import { full as fullIoctl } from '../ioctl/list.ts'
import { ioctlComparison, ioctlOverview } from '../ioctlversions.ts'
import { jsonText } from '../json-text.ts'
import { sideBySide } from '../sidebyside.ts'
import { anyDialectNamed } from '../subject.ts'
import { table } from '../table.ts'

export const dialects = command({
  usage: ['[DIALECT [DIALECT]] [--dialect-file FILE] [--json]'],
  about: [
    'Without an operand all dialects in a table, those of FUSE and the versions of the standalone ioctl ABI. With one, everything about it, its checks in the order in which the kernel takes them. With two of one kind, only what differs, and the checks side by side.',
    'Nothing in the protocol tells the dialects of one INIT bit apart: the one to use is always said, with --dialect.',
  ],
  options: { ...dialectFileOption, json: { type: 'boolean', help: 'the dialects as JSON, with their check steps' } },
  operands: 2,
  examples: [
    ['famfs-wire dialects', 'the table'],
    ['famfs-wire dialects fuse-push-il', 'all about one'],
    ['famfs-wire dialects fuse-v7 fuse-v10', 'which errno changed, and where'],
    ['famfs-wire dialects ioctl-42 ioctl-43', 'what a version of the ioctl ABI brought'],
    ['famfs-wire dialects fuse-v10 fuse-mine --dialect-file mine.mjs', 'your own beside the kernel that it began with'],
  ],
  async run({ values, positionals }, io) {
    const paint = painter(values.color, io)
    const among = await dialectsOf(values)
    const named = positionals.map(id => anyDialectNamed(id, among)).map(d => (typeof d === 'string' ? ioctlDialects[d] : d))
    const all = [...Object.values(among), ...Object.values<IoctlDialect>(ioctlDialects)]
    if (values.json === true)
      await io.print(`${jsonText((named.length === 0 ? all : named).map(d => ({ ...d, aliases: aliasNames(d.id) })))}\n`)
    else await io.print(`${told(named, Object.values(among), pageWidth(io), paint).join('\n')}\n`)
    return GOOD
  },
})

type Any = Dialect | IoctlDialect

/** Other names of dialects, which every command takes. */
const aliasLines = (paint: Paint): string[] => [
  paint('label', 'other names, wherever a dialect is named'),
  ...Object.entries(dialectAliases).map(([alias, id]) => `  ${paint('name', padEnd(alias, 9))}  ${id}`),
]

const aliasNames = (id: string): string[] =>
  Object.entries(dialectAliases)
    .filter(([, of]) => of === id)
    .map(([alias]) => alias)

const aliasesOf = (id: string): string => aliasNames(id).join(', ')

const isCall = (d: Any): d is IoctlDialect => isIoctl(d.id)

/** All in tables, one in full, or two beside each other. */
function told([first, second]: readonly Any[], among: readonly Dialect[], columns: number, paint: Paint): string[] {
  if (first === undefined)
    return [...overview(among, paint), '', ...ioctlOverview(paint), '', ...aliasLines(paint), '', ...claimLines(paint), '', ENDING]
  if (second === undefined) return isCall(first) ? fullIoctl(first, paint) : full(first, paint)
  if (isCall(first) && isCall(second)) return ioctlComparison(first, second, columns, paint)
  if (!isCall(first) && !isCall(second)) return comparison(first, second, columns, paint)
  throw new Failure(`${first.id} and ${second.id}: one is a dialect of FUSE, the other one a version of the ioctl ABI`, {
    hint: 'two of one kind are compared',
  })
}

const NONE = '-'

/** Bytes of a request behind its header. */
const sizeOf = (shape: RequestShape): string => String(fixedSize(requestBody(shape).type) ?? NONE)

const indicesOf = ({ limits: { devIndex } }: Dialect): string => (devIndex === 0 ? '0' : `0..${devIndex}`)

function overview(all: readonly Dialect[], paint: Paint): string[] {
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
    { title: 'form' },
    { title: 'devices' },
    { title: 'asked at' },
    { title: 'failure' },
  ] as const
  const rows = all.map(d => [
    paint('name', d.id),
    String(d.initBit ?? NONE),
    String(d.opcodes.GET_FMAP ?? NONE),
    d.reply.GET_DAXDEV === undefined ? NONE : String(d.opcodes.GET_DAXDEV),
    d.reply.GET_FMAP === undefined ? NONE : sizeOf(d.request.GET_FMAP),
    String(d.reply.GET_FMAP?.most ?? NONE),
    d.sizeProbe === 'none' ? NONE : d.sizeProbe,
    d.reply.GET_FMAP === undefined ? NONE : String(d.limits.extents ?? 'any'),
    String(d.limits.strips ?? NONE),
    d.map === undefined ? (d.reply.GET_FMAP === undefined ? NONE : 'famfs') : (d.map.chapter ?? 'own'),
    d.reply.GET_FMAP === undefined ? NONE : `${d.push ? 'push' : 'pull'} ${indicesOf(d)}`,
    d.trigger ?? NONE,
    d.reply.GET_FMAP === undefined ? NONE : d.fatal ? 'fatal' : 'ignored',
  ])
  const longest = Math.max(...all.map(d => d.id.length))
  const titles = all.map(d => `${padEnd(paint('name', d.id), longest)}  ${d.title}`)
  return [...table(columns, rows, paint), '', ...titles, '', ...LEGEND]
}

const LEGEND = [
  'bit: INIT flag. FMAP, DAXDEV: opcodes of GET_FMAP and GET_DAXDEV. body: bytes of the GET_FMAP request behind its header.',
  'reply: most bytes of a map. probe: how a server says that the map needs more room than the kernel offered.',
  'form: what a map looks like on the wire; those of bpf are two, one for each program.',
]

const ENDING = 'famfs-wire dialects A B shows how two of them differ.'

function full(d: Dialect, paint: Paint): string[] {
  const called: [string, string][] = aliasesOf(d.id) === '' ? [] : [['also called', aliasesOf(d.id)]]
  const facts = [...factsOf(d), ...called].map(([name, value]) => `  ${padEnd(paint('name', name), FACT)}  ${value}`)
  const checks =
    d.checks.length === 0
      ? []
      : ['', paint('strong', 'checks of a GET_FMAP reply, in order'), ...stepLines(d.checks).map(line => `  ${painted(line, paint)}`)]
  return [paint('strong', d.id), ...facts, ...checks]
}

const FACT = 18

/** A check line with its errno in colour. */
const painted = (line: string, paint: Paint): string =>
  line.replace(/· (\S+)$/, (_, errno: string) => paint(errno === 'counted' ? 'dim' : 'label', `· ${errno}`))

function comparison(a: Dialect, b: Dialect, columns: number, paint: Paint): string[] {
  const facts = factRows(a, b)
  const opcodes = opcodeRows(a, b)
  const different = [...facts, ...opcodes]
  const side = Math.floor((columns - 3) / 2)
  const head = table(
    [{ title: '' }, { title: a.id }, { title: b.id }],
    different.map(([name, x, y]) => [paint('name', name), x, y]),
    paint,
  )
  return [
    ...(different.length === 0 ? ['all facts are the same'] : head),
    '',
    paint('strong', 'checks of a GET_FMAP reply, in order'),
    ...sideBySide(stepLines(a.checks), stepLines(b.checks), side, paint, [a.id, b.id]),
  ]
}

function factRows(a: Dialect, b: Dialect): [string, string, string][] {
  const left = new Map(factsOf(a))
  const right = new Map(factsOf(b))
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return names.map((n): [string, string, string] => [n, left.get(n) ?? NONE, right.get(n) ?? NONE]).filter(([, x, y]) => x !== y)
}

/** Opcode numbers that mean something else on the two sides. */
function opcodeRows(a: Dialect, b: Dialect): [string, string, string][] {
  const byNumber = (d: Dialect): Map<number, string> => new Map(opcodesOf(d).map(([name, n]) => [n, name]))
  const [left, right] = [byNumber(a), byNumber(b)]
  const numbers = [...new Set([...left.keys(), ...right.keys()])].sort((x, y) => x - y)
  return numbers
    .map((n): [string, string, string] => [`opcode ${n}`, left.get(n) ?? NONE, right.get(n) ?? NONE])
    .filter(([, x, y]) => x !== y)
}
