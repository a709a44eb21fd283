/** Ranges of units, and how often they cover each other: the bitmap of the reference without a bit per unit. */

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

const sorted = ({ values, count }: Numbers): Float64Array => values.subarray(0, count).sort()

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

/** Sweeps over all ranges once they are known; time grows with n log n. */
export function coverageOf({ starts, ends }: Ranges): Coverage {
  const from = sorted(starts)
  const to = sorted(ends)
  const list: [number, number][] = []
  let covered = 0n
  let total = 0n
  let depth = 0
  let open = 0
  for (let s = 0, e = 0; e < to.length; ) {
    const start = from[s] ?? Number.POSITIVE_INFINITY
    const end = to[e] as number
    if (start <= end) {
      if (depth === 0) open = start
      depth++
      s++
      total -= BigInt(start)
    } else {
      depth--
      e++
      total += BigInt(end)
      if (depth === 0) {
        list.push([open, end - open])
        covered += BigInt(end - open)
      }
    }
  }
  return { covered, collisions: total - covered, ranges: list }
}

/** What of the ranges lies below `limit`. */
export const clip = (list: readonly (readonly [number, number])[], limit: number): [number, number][] =>
  list.filter(([first]) => first < limit).map(([first, count]) => [first, Math.min(count, limit - first)])
