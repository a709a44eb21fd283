/** Ranges of units, and how often they cover each other: the bitmap of the reference without a bit per unit. */

import { isAscending } from '../order.ts'

/** A growing list of numbers. */
interface Numbers {
  values: Float64Array
  count: number
}

const numbers = (): Numbers => ({ values: new Float64Array(64), count: 0 })

function push(list: Numbers, value: number): void {
  if (list.count === list.values.length) {
    const grown = new Float64Array(list.count * 2)
    grown.set(list.values)
    list.values = grown
  }
  list.values[list.count++] = value
}

/** What is in order already, as most logs have it, is only looked at. */
function sorted({ values, count }: Numbers): Float64Array {
  const used = values.subarray(0, count)
  return isAscending(used, count) ? used : used.sort()
}

/** Ranges, collected in any order. */
export interface Ranges {
  readonly starts: Numbers
  readonly ends: Numbers
}

export const ranges = (): Ranges => ({ starts: numbers(), ends: numbers() })

/** Adds the units from `first` to `end` (exclusive); no units are nothing. */
export function addRange(into: Ranges, first: number, end: number): void {
  if (end <= first) return
  push(into.starts, first)
  push(into.ends, end)
}

export interface Coverage {
  /** units that are covered at least once */
  readonly covered: bigint
  /** units of all ranges together, less those covered: each unit as often as it was set when it was set already */
  readonly collisions: bigint
  /** covered units as ranges in ascending order: first unit and count */
  readonly ranges: [first: number, count: number][]
}

/** A sum of whole numbers that stays exact beyond 2^53: adding bigints one by one takes longer than all the rest. */
interface Sum {
  whole: bigint
  /** below {@link CARRY} */
  part: number
}

const CARRY = 2 ** 50

/** Adds a number below 2^53 - 2^50. */
function addTo(sum: Sum, value: number): void {
  sum.part += value
  if (sum.part < CARRY) return
  sum.whole += BigInt(sum.part)
  sum.part = 0
}

const totalOf = ({ whole, part }: Sum): bigint => whole + BigInt(part)

function sumOf(values: Float64Array): bigint {
  const sum = { whole: 0n, part: 0 }
  for (const value of values) addTo(sum, value)
  return totalOf(sum)
}

/** Sweeps over all ranges once they are known; time grows with n log n. Their bounds are below 2^53 - 2^50. */
export function coverageOf({ starts, ends }: Ranges): Coverage {
  const from = sorted(starts)
  const to = sorted(ends)
  const list: [number, number][] = []
  const covered = { whole: 0n, part: 0 }
  let depth = 0
  let open = 0
  for (let s = 0, e = 0; e < to.length; ) {
    const start = from[s] ?? Number.POSITIVE_INFINITY
    const end = to[e] as number
    if (start <= end) {
      if (depth === 0) open = start
      depth++
      s++
    } else {
      depth--
      e++
      if (depth === 0) {
        list.push([open, end - open])
        addTo(covered, end - open)
      }
    }
  }
  const units = totalOf(covered)
  return { covered: units, collisions: sumOf(to) - sumOf(from) - units, ranges: list }
}

/** What of the ranges lies below `limit`. */
export const clip = (list: readonly (readonly [number, number])[], limit: number): [number, number][] =>
  list.filter(([first]) => first < limit).map(([first, count]) => [first, Math.min(count, limit - first)])
