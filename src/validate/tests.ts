/**
 * What every test of a check step means: once exactly, over bigints, and once as the condition that the fast form writes out. Both are
 * true when the step fails. In the fast form a u64 is two numbers below 2^32, `xL` and `xH`.
 */
import type { Part, SmallField, Test, Unit, WideField } from '../schema/check.ts'
import type { LayoutPart, MapLayout, Spot } from '../schema/layout.ts'
import { numberAt } from './bytes.ts'
import { EXTENT_SIZE, GROUP_SIZE, HEADER_SIZE } from './generated/fields.ts'
import type { Machine } from './options.ts'

/** What the parse knows at one step. */
export interface Registers {
  readonly machine: Machine
  readonly layout: MapLayout
  bytes: Uint8Array
  /** bytes given */
  size: number
  /** first byte of the group, and of the extent or strip */
  group: number
  extent: number
  readonly values: Record<SmallField | WideField, bigint>
  /** the first counted step that failed */
  firstCounted: unknown
  /** the strip that was found too short */
  shortStrip: number
}

type Of<K> = Extract<Test, { op: K }>

const MODULUS = 1n << 64n

/** A unit in bytes, or a number as it is. */
export const unitOf = (unit: number | Unit, machine: Machine): bigint =>
  BigInt(unit === 'page' ? machine.pageSize : unit === 'pmd' ? machine.pmdSize : unit)

/** The layout says where each field of a role stands: `mapFormat` has seen to that. */
export const spotOf = (part: LayoutPart | undefined, role: string): Spot => part?.fields[role] as Spot
/** First byte of the strips of the group at hand: only maps that can have groups are asked. */
export const firstStrip = ({ group, layout }: Pick<Registers, 'group' | 'layout'>): number => group + (layout.group as LayoutPart).size

/** What a value must reach. */
export const sumOf = ({ plus, terms }: Of<'belowSum'>, { values }: Registers): bigint =>
  terms.reduce((sum, [x, times]) => sum + values[x] * BigInt(times), BigInt(plus))

const listEnd = (first: number, count: bigint, { extent }: MapLayout): bigint => BigInt(first) + count * BigInt(extent.size)

const partEnd: { readonly [K in Part]: (r: Registers) => bigint | number } = {
  envelope: r => r.layout.envelope as number,
  header: r => r.layout.header.size,
  list: r => listEnd(r.layout.header.size, r.values.nextents, r.layout),
  extent: r => r.extent + r.layout.extent.size,
  group: firstStrip,
  strips: r => listEnd(firstStrip(r), r.values.ie_nstrips, r.layout),
}

export const exact: { readonly [K in Test['op']]: (test: Of<K>, r: Registers) => boolean } = {
  pastEnd: (t, r) => partEnd[t.part](r) > r.size,
  outside: (t, r) => r.values[t.x] < t.min || r.values[t.x] > t.max,
  noneOf: (t, r) => !t.values.some(value => unitOf(value, r.machine) === r.values[t.x]),
  cannotAllocate: (t, r) => r.values[t.x] >= 0x80000000n || r.values[t.x] * BigInt(t.bytes) > r.machine.kmallocMax,
  unaligned: (t, r) => r.values[t.x] % unitOf(t.unit, r.machine) !== 0n,
  zero: (t, r) => r.values[t.x] === 0n,
  aboveS63: (t, r) => r.values[t.x] >= MODULUS / 2n,
  carry: (t, r) => r.values[t.a] + r.values[t.b] >= MODULUS,
  lessThan: (t, r) => r.values[t.a] < r.values[t.b],
  positiveDifference: (t, r) => BigInt.asIntN(64, r.values[t.a] - r.values[t.b]) > 0n,
  belowSum: (t, r) => r.values[t.x] < sumOf(t, r),
  stripTooShort: (_, r) => {
    r.shortStrip = shortStripOf(r)
    return r.shortStrip >= 0
  },
  counted: (_, r) => r.firstCounted !== undefined,
}

const either = (...conditions: readonly (string | false)[]): string => conditions.filter(c => c !== false).join(' || ')

/** A test that no famfs format needs has no fast form. */
export type FastOp = Exclude<Test['op'], 'belowSum'>

const wordsEnd: { readonly [K in Part]?: () => string } = {
  header: () => `${HEADER_SIZE}`,
  list: () => `${HEADER_SIZE} + nextents * ${EXTENT_SIZE}`,
  group: () => `group * 4 + ${GROUP_SIZE}`,
  strips: () => `group * 4 + ${GROUP_SIZE} + ie_nstrips * ${EXTENT_SIZE}`,
}

export const templates: { readonly [K in FastOp]: (test: Of<K>) => string } = {
  pastEnd: t => `${wordsEnd[t.part]?.()} > size`,
  outside: t => either(t.min > 0 && `${t.x} < ${t.min}`, t.max < 0xffffffff && `${t.x} > ${t.max}`),
  noneOf: t => t.values.map(value => `${t.x} !== ${value}`).join(' && '),
  cannotAllocate: t => `${t.x} >= 0x80000000 || ${t.x} * ${t.bytes} > kmallocMax`,
  unaligned: t => `(${t.x === 'ie_chunk_size' ? t.x : `${t.x}L`} & (${t.unit} - 1)) !== 0`,
  zero: t => (t.x === 'ie_chunk_size' ? `${t.x} === 0` : `${t.x}L === 0 && ${t.x}H === 0`),
  aboveS63: t => `${t.x}H > 0x7fffffff`,
  carry: t => `${t.a}H + ${t.b}H + (${t.a}L + ${t.b}L > 0xffffffff ? 1 : 0) > 0xffffffff`,
  lessThan: t => `${t.a}H < ${t.b}H || (${t.a}H === ${t.b}H && ${t.a}L < ${t.b}L)`,
  positiveDifference: t => `differencePositive(${t.a}L, ${t.a}H, ${t.b}L, ${t.b}H)`,
  stripTooShort: () => 'anyStripShort(words, group, ie_nstrips, ie_chunk_size, ie_nbytesL, ie_nbytesH)',
  counted: () => 'anyCounted',
}

/** a - b is positive as C's int64_t. */
export function differencePositive(aL: number, aH: number, bL: number, bH: number): boolean {
  const high = (aH - bH - (aL < bL ? 1 : 0)) | 0
  return high > 0 || (high === 0 && aL !== bL)
}

/**
 * The first strip, from the one with the last chunk backwards, that ends before its last byte; -1: none.
 * Every strip with a chunk is looked at once, at its last chunk. facts: wire 4.3 I9
 */
function shortStripOf(r: Registers): number {
  const { ie_nbytes: nbytes, ie_chunk_size: chunk, ie_nstrips: strips } = r.values
  const { extent } = r.layout
  const lengths = firstStrip(r) + spotOf(extent, 'se_len')[0]
  const last = (nbytes - 1n) / chunk
  let within = (nbytes - 1n) % chunk
  for (let c = last; c >= 0n && last - c < strips; c--) {
    const strip = Number(c % strips)
    if ((c / strips) * chunk + within >= numberAt(r.bytes, lengths + strip * extent.size, 8)) return strip
    within = chunk - 1n
  }
  return -1
}

/** The same over words: counts of chunks stay below 2^52, and whole chunks and the rest are compared apart. */
export function anyStripShort(words: Uint32Array, group: number, strips: number, chunk: number, nbytesL: number, nbytesH: number): boolean {
  const perHigh = 0x100000000 / chunk
  const restMask = chunk - 1
  const last = nbytesH * perHigh + Math.ceil(nbytesL / chunk) - 1
  let within = (nbytesL - 1) & restMask
  for (let c = last; c >= 0 && last - c < strips; c--) {
    const rows = Math.floor(c / strips)
    const length = group + GROUP_SIZE / 4 + ((c - rows * strips) * EXTENT_SIZE) / 4 + 4
    const low = words[length] as number
    const whole = (words[length + 1] as number) * perHigh + Math.floor(low / chunk)
    if (rows > whole || (rows === whole && within >= (low & restMask))) return true
    within = restMask
  }
  return false
}
