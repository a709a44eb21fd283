/** A kernel's check steps in words. */
import type { Block, Check, Part, Step, Test, Unit } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import { errnoName } from './values.ts'

const PARTS: Readonly<Record<Part, string>> = {
  header: 'the header is there',
  list: 'all extents are there',
  group: 'the head of the group is there',
  strips: 'all strips are there',
}

const U32_MAX = 0xffffffff

type Of<K> = Extract<Test, { op: K }>

const unitText = (unit: number | Unit): string => (unit === 'pmd' ? 'the PMD' : unit === 'page' ? 'the page' : String(unit))

/** What must hold for the step to pass. */
const conditions: { readonly [K in Test['op']]: (test: Of<K>) => string } = {
  pastEnd: t => PARTS[t.part],
  outside: t =>
    t.max === U32_MAX ? `${t.x} at least ${t.min}` : t.min === 0 ? `${t.x} at most ${t.max}` : `${t.x} from ${t.min} to ${t.max}`,
  noneOf: t => `${t.x} is ${t.values.map(unitText).join(' or ')}`,
  cannotAllocate: t => `${t.x} x ${t.bytes} bytes can be allocated`,
  unaligned: t => `${t.x} is a multiple of ${unitText(t.unit)}`,
  zero: t => `${t.x} is not 0`,
  aboveS63: t => `${t.x} below 2^63`,
  carry: t => `${t.a} + ${t.b} below 2^64`,
  lessThan: t => `${t.a} at least ${t.b}`,
  positiveDifference: t => `${t.a} - ${t.b} at most 0, signed`,
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
    ['GET_FMAP request', d.request.GET_FMAP === 'none' ? 'no body' : `struct ${d.request.GET_FMAP}`],
    ['GET_FMAP reply', reply === undefined ? 'none' : `${reply.exact === true ? 'exactly' : 'up to'} ${reply.buffer} bytes at first`],
    ['larger maps', largerMaps(d)],
    ['devices', d.push ? 'pushed by ioctl' : `asked for by GET_DAXDEV, reply of ${devices?.exact} bytes`],
    ['header word 12', d.push ? 'fmap_size' : 'reserved0'],
    ['extents at most', String(d.limits.extents ?? 'what the buffer holds')],
    ['strips at most', d.limits.strips === undefined ? 'no interleaved maps' : String(d.limits.strips)],
    ['device index', d.limits.devIndex === 0 ? 'only 0' : `0 to ${d.limits.devIndex}`],
    ['facts', d.facts],
  ]
}

function largerMaps(d: Dialect): string {
  const reply = d.reply.GET_FMAP
  const range = reply === undefined ? '' : `up to ${reply.most} bytes`
  if (d.sizeProbe === 'hint') return `reply of 4 bytes with the size, ${range}`
  return d.sizeProbe === 'header' ? `header alone with fmap_size, ${range}` : 'cannot be sent'
}
