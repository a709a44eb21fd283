/** Everything to object to in a GET_FMAP reply: a walk that asks the steps of all dialects and goes on as far as the bytes do. */
import type { Part } from '../../schema/check.ts'
import type { LayoutPart } from '../../schema/layout.ts'
import { numberAt } from '../bytes.ts'
import {
  enterExtent,
  enterGroup,
  extentPath,
  groupPath,
  leaveExtent,
  leaveGroup,
  locate,
  type Parse,
  type Place,
  placeOf,
} from '../parse.ts'
import { isNegative } from '../rules/extents.ts'
import { type Chapter, type Rule, ruleIn } from '../rules/index.ts'
import { firstStrip, spotOf, sumOf } from '../tests.ts'
import { fails, nextOf } from '../walk.ts'
import { bitsOf, type Collector, type Famfs, report } from './collect.ts'
import type { Asked, Stage, Stages } from './stages.ts'
import { addTo, overlaps, pathIn, placeIn, type Table } from './table.ts'

export interface MapWalk extends Parse {
  readonly c: Collector
  readonly chapter: Chapter
  readonly stages: Stages
  readonly table: Table
  /** bytes that each device has, where that is known */
  readonly deviceSizes: Readonly<Record<number, bigint>>
  /** length of the first strip of the group */
  firstStrip: bigint
}

/** Says a rule that belongs to no step of any dialect, where the chapter has it. */
function say(w: MapWalk, name: string, at: () => Place, detail: () => unknown = () => ''): void {
  const rule = ruleIn(w.chapter, name)
  if (rule !== undefined) report(w.c, rule, 0, at, () => rule.says(w, `${detail()}`))
}

/** What does not fit, and where it would end. */
const PARTS: { readonly [K in Exclude<Part, 'extent'>]: (w: MapWalk) => string } = {
  envelope: ({ layout }) => `the header of the reply ends at byte ${layout.envelope}`,
  header: ({ layout }) => `the header ends at byte ${layout.header.size}`,
  list: ({ values, layout }) => `the extents end at byte ${BigInt(layout.header.size) + values.nextents * BigInt(layout.extent.size)}`,
  group: w => `the head of group ${w.groupIndex} ends at byte ${firstStrip(w)}`,
  strips: w => `the strips of group ${w.groupIndex} end at byte ${firstStrip(w) + Number(w.values.ie_nstrips) * w.layout.extent.size}`,
}

/** An extent by itself is in no stage: the walk asks for all of them at once. */
const detailOf = (w: MapWalk, { check: { test } }: Asked): string =>
  test.op === 'pastEnd' ? PARTS[test.part as keyof typeof PARTS](w) : ''

/** A step that divides by the chunk size cannot be asked where that is 0. */
const canAsk = (w: MapWalk, { check }: Asked): boolean => check.test.op !== 'stripTooShort' || w.values.ie_chunk_size !== 0n

/** Nothing of the header or group can be asked when it is not there. */
const isGate = ({ check: { test } }: Asked): boolean => test.op === 'pastEnd' && ['envelope', 'header', 'group'].includes(test.part)

interface Broken {
  readonly rule: Rule
  readonly asked: Asked
  mask: number
}

function reportBroken(w: MapWalk, { rule, asked, mask }: Broken): void {
  const { pieces } = w.values
  if (asked.check.test.op === 'stripTooShort') enterExtent(w, w.shortStrip, firstStrip(w))
  // it was counted when the walk came by
  w.values.pieces = pieces
  const at = (): Place => locate(w, asked.check.field)
  report(w.c, rule, mask, at, () => rule.says(w, detailOf(w, asked)))
}

/** Asks all steps of a stage; steps that break one rule are one finding. False: what the stage is about is not there. */
function ask(w: MapWalk, stage: Stage): boolean {
  const broken: Broken[] = []
  let there = true
  for (const asked of w.stages[stage]) {
    if (!there || !canAsk(w, asked) || !fails(asked.check.test, w)) continue
    there = !isGate(asked)
    const rule = asked.rules.find(r => r.when === undefined || r.when(w, w.c.dialect))
    const same = broken.find(b => b.rule === rule)
    if (same !== undefined) same.mask |= asked.mask
    else if (rule !== undefined) broken.push({ rule, asked, mask: asked.mask })
  }
  for (const b of broken) reportBroken(w, b)
  return there
}

/** Words of a struct at `base` that should be 0. */
function reserved(w: MapWalk, part: LayoutPart, base: number, before: () => string): void {
  for (const name of part.reserved) {
    const spot = spotOf(part, name)
    const value = numberAt(w.bytes, base + spot[0], spot[1])
    if (value !== 0n)
      say(
        w,
        'reserved',
        () => placeOf(spot, name, base, before()),
        () => value,
      )
  }
}

/** Fields of the header that no parser looks at, and what a careful peer does not like in them. */
const LEFT_ALONE = [
  ['file_type', 'file-type', (value: bigint): boolean => value > 2n],
  ['fmap_version', 'version', (value: bigint): boolean => value !== 1n],
  ['fmap_size', 'size-field', (value: bigint, w: MapWalk): boolean => value !== 0n && value !== BigInt(w.size)],
] as const

/** What the parser leaves alone in the header. */
function header(w: MapWalk): void {
  for (const [role, rule, odd] of LEFT_ALONE) {
    const spot = w.layout.header.fields[role]
    if (spot === undefined) continue
    const value = numberAt(w.bytes, spot[0], spot[1])
    if (odd(value, w))
      say(
        w,
        rule,
        () => placeOf(spot, role, 0),
        () => value,
      )
  }
  reserved(w, w.layout.header, 0, () => '')
}

/**
 * The device's rule about the length of a reply. It stays a warning: an error is what the parser refuses or the resolver suffers from, and
 * the bytes may never have been meant as a reply of their own.
 */
function replySize(w: MapWalk): void {
  const { dialect, dialects } = w.c
  const refuses = ({ reply: { GET_FMAP: rules } }: Famfs): boolean => (rules.exact ? w.size !== rules.buffer : w.size > rules.most)
  if (!refuses(dialect)) return
  const { exact, buffer, most } = dialect.reply.GET_FMAP
  const rule = ruleIn(w.chapter, 'reply-size')
  if (rule === undefined) return
  const at = (): Place => ({ path: '', offset: 0, length: w.size })
  report(w.c, rule, bitsOf(dialects, refuses), at, () => rule.says(w, exact ? `exactly ${buffer}` : `up to ${most}`), 'warning')
}

function extent(w: MapWalk, stage: 'eachExtent' | 'eachStrip'): void {
  const { se_len, se_offset, se_devindex } = w.values
  w.values.dev_bit = se_devindex & 63n
  ask(w, stage)
  if (se_len === 0n) say(w, 'length-zero', () => locate(w, 'se_len'))
  if (isNegative(se_len)) say(w, 'length-signed', () => locate(w, 'se_len'))
  const size = w.deviceSizes[Number(se_devindex)]
  if (size !== undefined && se_offset + se_len > size) {
    say(
      w,
      'device-bounds',
      () => locate(w, 'se_offset'),
      () => `device ${se_devindex} has ${size} bytes`,
    )
  }
  reserved(w, w.layout.extent, w.extent, () => `${extentPath(w)}.`)
  addTo(w.table, w, w.c.page)
  leaveExtent(w)
}

/** How many of `count` elements from `first` on are there. */
const present = (w: MapWalk, count: bigint, first: number): number =>
  Math.min(Number(count), Math.floor((w.size - first) / w.layout.extent.size))

/** The end of the list; undefined when some of it is missing. */
function simpleMap(w: MapWalk): number | undefined {
  ask(w, 'simple')
  const { header, extent: element } = w.layout
  const there = present(w, w.values.nextents, header.size)
  for (let i = 0; i < there; i++) {
    enterExtent(w, i, header.size)
    extent(w, 'eachExtent')
  }
  return BigInt(there) === w.values.nextents ? header.size + there * element.size : undefined
}

function strip(w: MapWalk): void {
  extent(w, 'eachStrip')
  if (w.index === 0) w.firstStrip = w.values.se_len
  if (w.values.se_len !== w.firstStrip)
    say(
      w,
      'strips-unequal',
      () => locate(w, 'se_len'),
      () => w.firstStrip,
    )
}

/** Bytes of the group's last chunk that are beyond the group, where the file goes on in another one. */
function overhang({ values: { ie_nbytes, ie_chunk_size, logical, file_size, nextents } }: MapWalk, index: number): bigint {
  const isLast = BigInt(index) + 1n === nextents || logical + ie_nbytes >= file_size
  const used = isLast || ie_chunk_size === 0n ? 0n : ie_nbytes % ie_chunk_size
  return used === 0n ? 0n : ie_chunk_size - used
}

/** False when some of the group is missing. */
function group(w: MapWalk, index: number): boolean {
  enterGroup(w, index)
  if (!ask(w, 'eachGroup')) return false
  reserved(w, w.layout.group as LayoutPart, w.group, () => `${groupPath(w)}.`)
  const first = firstStrip(w)
  const there = present(w, w.values.ie_nstrips, first)
  for (let i = 0; i < there; i++) {
    enterExtent(w, i, first)
    strip(w)
  }
  if (BigInt(there) !== w.values.ie_nstrips) return false
  ask(w, 'groupEnd')
  const beyond = overhang(w, index)
  if (beyond !== 0n)
    say(
      w,
      'nbytes-chunk',
      () => locate(w, 'ie_nbytes'),
      () => beyond,
    )
  leaveGroup(w)
  return true
}

/** The end of the groups; undefined when some of them are missing. */
function interleavedMap(w: MapWalk): number | undefined {
  ask(w, 'interleaved')
  for (let i = 0; i < w.values.nextents; i++) if (!group(w, i)) return undefined
  if (nextOf({ values: w.values, dialect: w.c.dialect }) !== undefined) return w.group
  const { file_size, logical } = w.values
  const pmd = BigInt(w.machine.pmdSize)
  const room = ((file_size + pmd - 1n) / pmd) * pmd
  if (logical > room)
    say(
      w,
      'nbytes-beyond-file',
      () => locate(w, 'file_size'),
      () => logical,
    )
  return w.group
}

/** Zeros up to the one length that a dialect's replies have are its custom. */
const isPadding = ({ c, size, bytes }: MapWalk, end: number): boolean => {
  const rules = c.dialect.reply.GET_FMAP
  return rules.exact === true && size === rules.buffer && bytes.subarray(end).every(byte => byte === 0)
}

/** Bits of the dialects that take no map of this kind. */
const refusing = (w: MapWalk): number =>
  w.stages.map.reduce((bits, { check: { test }, mask }) => (test.op === 'noneOf' && fails(test, w) ? bits | mask : bits), 0)

/** Elements that share memory, wherever in the map they are. */
export function walkOverlaps(w: MapWalk): void {
  overlaps(w.table, (i, other) => {
    w.c.page = w.table.page[i] as number
    say(
      w,
      'overlap',
      () => placeIn(w.table, i),
      () => `${pathIn(w.table, other)}${w.table.page[other] === w.c.page ? '' : ` of page ${w.table.page[other]}`}`,
    )
  })
}

/** Walks a whole message. True: the kernel asks for another page behind it. */
export function walkMap(w: MapWalk): boolean {
  replySize(w)
  if (!ask(w, 'map')) return false
  w.c.never = refusing(w)
  header(w)
  const { ext_type } = w.values
  // a form without groups has none to walk, whatever the field says
  if (ext_type > 1n || (ext_type === 1n && w.layout.group === undefined)) return false
  const end = ext_type === 0n ? simpleMap(w) : interleavedMap(w)
  if (end === undefined) return false
  const more = nextOf({ values: w.values, dialect: w.c.dialect }) !== undefined
  ask(w, more ? 'pageEnd' : ext_type === 0n ? 'end' : 'interleavedEnd')
  metaSpare(w)
  trailing(w, end)
  return more
}

/** Bytes in which the kernel keeps a map, beyond what its own steps ask for. */
function metaSpare(w: MapWalk): void {
  const spot = w.layout.header.fields.meta_size
  const tests = Object.values(w.stages).flatMap(stage => stage.map(({ check }) => check.test))
  if (spot === undefined || tests.some(test => test.op === 'outside' && test.x === 'meta_size' && fails(test, w))) return
  const sums = tests.flatMap(test => (test.op === 'belowSum' ? [sumOf(test, w)] : []))
  const needed = sums.reduce((most, sum) => (sum > most ? sum : most), 0n)
  if (w.values.meta_size > needed)
    say(
      w,
      'meta-spare',
      () => placeOf(spot, 'meta_size', 0),
      () => needed,
    )
}

/** Bytes behind the map. */
function trailing(w: MapWalk, end: number): void {
  if (end < w.size && !isPadding(w, end)) {
    say(
      w,
      'trailing',
      () => ({ path: 'trailing', offset: end, length: w.size - end }),
      () => end,
    )
  }
}
