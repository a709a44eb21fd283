/** A kernel's check steps in words. */
import type { Block, Check, Part, Step, Test, Unit } from '../schema/check.ts'
import type { Dialect, RequestShape } from '../schema/dialect.ts'
import type { MapFormat } from '../schema/layout.ts'
import { errnoName } from './values.ts'

const PARTS: Readonly<Record<Part, string>> = {
  envelope: 'the header of the reply is there',
  header: 'the header is there',
  list: 'all extents are there',
  extent: 'it is there',
  group: 'the head of the group is there',
  strips: 'all strips are there',
}

const U32_MAX = 0xffffffff

type Of<K> = Extract<Test, { op: K }>

const unitText = (unit: number | Unit): string => (unit === 'pmd' ? 'the PMD' : unit === 'page' ? 'the page' : String(unit))

function outsideText({ x, min, max }: Of<'outside'>): string {
  if (x === 'dev_bitmap') return `${x} has no bit from ${Math.log2(max + 1)} on`
  return max === U32_MAX ? `${x} at least ${min}` : min === 0 ? `${x} at most ${max}` : `${x} from ${min} to ${max}`
}

/** What must hold for the step to pass. */
const conditions: { readonly [K in Test['op']]: (test: Of<K>) => string } = {
  pastEnd: t => PARTS[t.part],
  outside: outsideText,
  noneOf: t => `${t.x} is ${t.values.map(unitText).join(' or ')}`,
  cannotAllocate: t => `${t.x} x ${t.bytes} bytes can be allocated`,
  unaligned: t => `${t.x} is a multiple of ${unitText(t.unit)}`,
  zero: t => `${t.x} is not 0`,
  aboveS63: t => `${t.x} below 2^63`,
  carry: t => `${t.a} + ${t.b} below 2^64`,
  lessThan: t => `${t.a} at least ${t.b}`,
  positiveDifference: t => `${t.a} - ${t.b} at most 0, signed`,
  belowSum: t => `${t.x} at least ${[String(t.plus), ...t.terms.map(([x, n]) => `${n} x ${x}`)].join(' + ')}`,
  stripTooShort: () => 'every strip holds its last chunk',
  counted: () => 'nothing was counted',
}

const conditionOf = (test: Test): string => (conditions[test.op] as (test: Test) => string)(test)

const BLOCKS: Readonly<Record<Block['kind'], string>> = {
  simple: 'a map of simple extents:',
  interleaved: 'a map of interleaved groups:',
  eachExtent: 'every extent:',
  eachGroup: 'every group:',
  eachStrip: 'every strip:',
  lastPage: 'the page that ends the map:',
  otherPages: 'every other page:',
  devices: 'then, for its devices:',
}

/** `nextents at most 32 · ERANGE`; steps without an errno are only counted. */
export const checkText = (check: Check): string =>
  `${conditionOf(check.test)} · ${check.errno === undefined ? 'counted' : errnoName(check.errno)}`

/** The steps in order, those of a block indented below it. */
export function stepLines(steps: readonly Step[], depth = 0): string[] {
  return steps.flatMap(step => {
    const indent = '  '.repeat(depth)
    return step.kind === 'check' ? [indent + checkText(step)] : [indent + BLOCKS[step.kind], ...stepLines(step.steps, depth + 1)]
  })
}

/** What is known about a dialect, one fact to a line. */
export function factsOf(d: Dialect): (readonly [string, string])[] {
  const { GET_FMAP: fmap, GET_DAXDEV: daxdev } = d.opcodes
  const reply = d.reply.GET_FMAP
  const devices = d.reply.GET_DAXDEV
  const famfs = d.initBit !== undefined
  if (!famfs)
    return [
      ['published as', d.title],
      ['famfs', 'none'],
    ]
  return [
    ['published as', d.title],
    ['INIT flag', `bit ${d.initBit} (flags2 0x${(2 ** ((d.initBit ?? 0) - 32)).toString(16)})`],
    ['GET_FMAP opcode', String(fmap ?? 'none')],
    ['GET_DAXDEV opcode', `${daxdev ?? 'none'}${devices === undefined ? ', never sent' : ''}`],
    ['asked', `after ${d.trigger}`],
    ['a failure', d.fatal ? 'fails open(2)' : 'is ignored'],
    ['GET_FMAP request', shapeText(d.request.GET_FMAP)],
    ...(d.map === undefined ? [] : [['form of the map', formText(d.map)] as const]),
    ['GET_FMAP reply', reply === undefined ? 'none' : `${reply.exact === true ? 'exactly' : 'up to'} ${reply.buffer} bytes at first`],
    ['larger maps', largerMaps(d)],
    ['devices', d.push ? 'pushed by ioctl' : `asked for by GET_DAXDEV, reply of ${devices?.exact} bytes`],
    ...(devices?.fatal === true ? [['a failed device', 'fails open(2)'] as const] : []),
    ...(d.init?.named === undefined ? [] : [['INIT reply', `${d.init.named.field} must be "${d.init.named.value}"`] as const]),
    ...(d.map === undefined ? [['header word 12', d.push ? 'fmap_size' : 'reserved0'] as const] : []),
    ['extents at most', String(d.limits.extents ?? 'what the buffer holds')],
    ['strips at most', d.limits.strips === undefined ? 'no interleaved maps' : String(d.limits.strips)],
    ['device index', d.limits.devIndex === 0 ? 'only 0' : `0 to ${d.limits.devIndex}`],
    ['facts', d.facts],
  ]
}

const shapeText = (shape: RequestShape): string => {
  if (shape === 'none') return 'no body'
  return `struct ${typeof shape === 'string' ? shape : shape.type.kind === 'struct' ? shape.type.name : shape.type.kind}`
}

const formText = ({ body, layout }: MapFormat): string => {
  const name = body.type.kind === 'struct' ? body.type.name : body.type.kind
  return `${name}: header of ${layout.header.size} bytes, ${layout.kind === undefined ? 'extents or groups' : layout.kind === 'simple' ? 'extents' : 'groups'}`
}

function largerMaps(d: Dialect): string {
  const reply = d.reply.GET_FMAP
  if (reply?.more !== undefined) return `in pages: the request says where to go on (${reply.more.request})`
  const range = reply === undefined ? '' : `up to ${reply.most} bytes`
  if (d.sizeProbe === 'hint') return `reply of 4 bytes with the size, ${range}`
  return d.sizeProbe === 'header' ? `header alone with fmap_size, ${range}` : 'cannot be sent'
}
