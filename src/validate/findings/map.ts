/** Everything to object to in a GET_FMAP reply: a walk that asks the steps of all dialects and goes on as far as the bytes do. */
import { numberAt, smallAt } from '../bytes.ts'
import { EXTENT_SIZE, extentFields, GROUP_SIZE, groupFields, HEADER_SIZE, headerFields } from '../generated/fields.ts'
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
import { type Rule, ruleNamed } from '../rules/index.ts'
import { fails } from '../walk.ts'
import { bitsOf, type Collector, type Famfs, report } from './collect.ts'
import type { Asked, Stage, Stages } from './stages.ts'
import { addTo, overlaps, pathIn, placeIn, type Table } from './table.ts'

export interface MapWalk extends Parse {
  readonly c: Collector
  readonly stages: Stages
  readonly table: Table
  /** bytes that each device has, where that is known */
  readonly deviceSizes: Readonly<Record<number, bigint>>
  /** length of the first strip of the group */
  firstStrip: bigint
}

/** Says a rule that belongs to no step of any dialect. */
function say(w: MapWalk, id: string, at: () => Place, detail: () => unknown = () => ''): void {
  const rule = ruleNamed(id)
  report(w.c, rule, 0, at, () => rule.says(w, `${detail()}`))
}

/** What does not fit, and where it would end. */
const PARTS = {
  header: (): string => `the header ends at byte ${HEADER_SIZE}`,
  list: ({ values }: MapWalk): string => `the extents end at byte ${BigInt(HEADER_SIZE) + values.nextents * BigInt(EXTENT_SIZE)}`,
  group: (w: MapWalk): string => `the head of group ${w.groupIndex} ends at byte ${w.group + GROUP_SIZE}`,
  strips: (w: MapWalk): string =>
    `the strips of group ${w.groupIndex} end at byte ${w.group + GROUP_SIZE + Number(w.values.ie_nstrips) * EXTENT_SIZE}`,
}

const detailOf = (w: MapWalk, { check: { test } }: Asked): string => (test.op === 'pastEnd' ? PARTS[test.part](w) : '')

/** A step that divides by the chunk size cannot be asked where that is 0. */
const canAsk = (w: MapWalk, { check }: Asked): boolean => check.test.op !== 'stripTooShort' || w.values.ie_chunk_size !== 0n

/** Nothing of the header or group can be asked when it is not there. */
const isGate = ({ check: { test } }: Asked): boolean => test.op === 'pastEnd' && (test.part === 'header' || test.part === 'group')

interface Broken {
  readonly rule: Rule
  readonly asked: Asked
  mask: number
}

function reportBroken(w: MapWalk, { rule, asked, mask }: Broken): void {
  if (asked.check.test.op === 'stripTooShort') enterExtent(w, w.shortStrip, w.group + GROUP_SIZE)
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

type Word = readonly [offset: number, size: number]

function reserved(w: MapWalk, word: Word, base: number, path: () => string): void {
  const value = numberAt(w.bytes, base + word[0], word[1])
  if (value !== 0n)
    say(
      w,
      'fmap/reserved',
      () => placeOf(word, path(), base),
      () => value,
    )
}

const headerWord = (w: MapWalk, word: Word): number => smallAt(w.bytes, word[0], word[1])

/** What the parser leaves alone in the header. */
function header(w: MapWalk): void {
  const { file_type, fmap_version, reserved: byte1, reserved0, reserved1 } = headerFields
  const type = headerWord(w, file_type)
  const version = headerWord(w, fmap_version)
  if (type > 2)
    say(
      w,
      'fmap/file-type',
      () => placeOf(file_type, 'file_type', 0),
      () => type,
    )
  reserved(w, byte1, 0, () => 'reserved')
  if (version !== 1)
    say(
      w,
      'fmap/version',
      () => placeOf(fmap_version, 'fmap_version', 0),
      () => version,
    )
  const size = headerWord(w, reserved0)
  if (!w.c.dialect.push) reserved(w, reserved0, 0, () => 'reserved0')
  else if (size !== 0 && size !== w.size)
    say(
      w,
      'fmap/size-field',
      () => placeOf(reserved0, 'fmap_size', 0),
      () => size,
    )
  reserved(w, reserved1, 0, () => 'reserved1')
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
  const rule = ruleNamed('fmap/reply-size')
  const at = (): Place => ({ path: '', offset: 0, length: w.size })
  report(w.c, rule, bitsOf(dialects, refuses), at, () => rule.says(w, exact ? `exactly ${buffer}` : `up to ${most}`), 'warning')
}

function extent(w: MapWalk, stage: 'eachExtent' | 'eachStrip'): void {
  const { se_len, se_offset, se_devindex } = w.values
  ask(w, stage)
  if (se_len === 0n) say(w, 'fmap/length-zero', () => locate(w, 'se_len'))
  if (isNegative(se_len)) say(w, 'fmap/length-signed', () => locate(w, 'se_len'))
  const size = w.deviceSizes[Number(se_devindex)]
  if (size !== undefined && se_offset + se_len > size) {
    say(
      w,
      'fmap/device-bounds',
      () => locate(w, 'se_offset'),
      () => `device ${se_devindex} has ${size} bytes`,
    )
  }
  reserved(w, extentFields.reserved, w.extent, () => `${extentPath(w)}.reserved`)
  addTo(w.table, w)
  leaveExtent(w)
}

/** How many of `count` elements from `first` on are there. */
const present = (w: MapWalk, count: bigint, first: number): number => Math.min(Number(count), Math.floor((w.size - first) / EXTENT_SIZE))

/** The end of the list; undefined when some of it is missing. */
function simpleMap(w: MapWalk): number | undefined {
  ask(w, 'simple')
  const there = present(w, w.values.nextents, HEADER_SIZE)
  for (let i = 0; i < there; i++) {
    enterExtent(w, i, HEADER_SIZE)
    extent(w, 'eachExtent')
  }
  return BigInt(there) === w.values.nextents ? HEADER_SIZE + there * EXTENT_SIZE : undefined
}

function strip(w: MapWalk): void {
  extent(w, 'eachStrip')
  if (w.index === 0) w.firstStrip = w.values.se_len
  if (w.values.se_len !== w.firstStrip)
    say(
      w,
      'fmap/strips-unequal',
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
  reserved(w, groupFields.reserved, w.group, () => `${groupPath(w)}.reserved`)
  const first = w.group + GROUP_SIZE
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
      'fmap/nbytes-chunk',
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
  const { file_size, logical } = w.values
  const pmd = BigInt(w.machine.pmdSize)
  const room = ((file_size + pmd - 1n) / pmd) * pmd
  if (logical > room)
    say(
      w,
      'fmap/nbytes-beyond-file',
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

/** Walks the whole message. */
export function walkMap(w: MapWalk): void {
  replySize(w)
  if (!ask(w, 'map')) return
  w.c.never = refusing(w)
  header(w)
  const { ext_type } = w.values
  if (ext_type > 1n) return
  const end = ext_type === 0n ? simpleMap(w) : interleavedMap(w)
  overlaps(w.table, (i, other) =>
    say(
      w,
      'fmap/overlap',
      () => placeIn(w.table, i),
      () => pathIn(w.table, other),
    ),
  )
  if (end === undefined) return
  ask(w, ext_type === 0n ? 'end' : 'interleavedEnd')
  if (end < w.size && !isPadding(w, end)) {
    say(
      w,
      'fmap/trailing',
      () => ({ path: 'trailing', offset: end, length: w.size - end }),
      () => end,
    )
  }
}
