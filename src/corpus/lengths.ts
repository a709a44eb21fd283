/** Lengths of the extents of one map. All are multiples of the unit, none is 0, and their sum stays below 2^62. */
import { between, oneIn, type Random, wideBelow } from './random.ts'

/**
 * mixed: each its own. equal: all alike. large: up to what 2^62 bytes allow.
 * The others are about the rule by which the push kernels find extents of one size (facts: wire 5.4): uniform follows it, the last one
 * may be shorter; last-longer, odd-middle and not-a-power each break one part of it.
 */
export type Lengths = 'mixed' | 'equal' | 'large' | 'uniform' | 'last-longer' | 'odd-middle' | 'not-a-power'

export const total = (lengths: readonly bigint[]): bigint => lengths.reduce((sum, length) => sum + length, 0n)

/** A few units, now and then many. */
export const small = (random: Random, unit: bigint): bigint =>
  unit * BigInt(oneIn(random, 16) ? between(random, 1, 1 << 16) : between(random, 1, 16))

type Style = (random: Random, count: number, unit: bigint) => bigint[]

const fill = (count: number, length: (i: number) => bigint): bigint[] => Array.from({ length: count }, (_, i) => length(i))
const powerOf2 = (random: Random, unit: bigint): bigint => unit << BigInt(between(random, 1, 6))

/** All alike but one of them. */
const allBut = (count: number, odd: number, length: bigint, other: bigint): bigint[] => fill(count, i => (i === odd ? other : length))

export const lengthStyles: { readonly [K in Lengths]: Style } = {
  mixed: (random, count, unit) => fill(count, () => small(random, unit)),
  equal(random, count, unit) {
    const length = small(random, unit)
    return fill(count, () => length)
  },
  large(random, count, unit) {
    const most = (1n << 62n) / unit / BigInt(count)
    return fill(count, () => unit * (1n + wideBelow(random, most)))
  },
  uniform(random, count, unit) {
    const length = powerOf2(random, unit)
    return allBut(count, count - 1, length, unit * (1n + wideBelow(random, length / unit)))
  },
  'last-longer'(random, count, unit) {
    const length = powerOf2(random, unit)
    return allBut(count, count - 1, length, length + unit * BigInt(between(random, 1, 4)))
  },
  'odd-middle'(random, count, unit) {
    const length = powerOf2(random, unit)
    return allBut(count, between(random, 0, Math.max(0, count - 2)), length, oneIn(random, 2) ? length + unit : length - unit)
  },
  'not-a-power': (random, count, unit) => allBut(count, -1, powerOf2(random, unit) + unit, 0n),
}
