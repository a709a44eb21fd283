/** Units in use of a device, as disjoint ranges in ascending order; those that touch are one. */

export interface Space {
  readonly starts: number[]
  readonly ends: number[]
}

/** Ranges as an allocation map has them: first unit and count. */
export const spaceOf = (used: readonly (readonly [first: number, count: number])[]): Space => ({
  starts: used.map(([first]) => first),
  ends: used.map(([first, count]) => first + count),
})

/** Number of ranges that end at `unit` or before it. */
function endedBy({ ends }: Space, unit: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] as number) <= unit) low = middle + 1
    else high = middle
  }
  return low
}

/** First unit of `[first, end)` that is in use, or undefined. */
export function takenIn(space: Space, first: number, end: number): number | undefined {
  const start = space.starts[endedBy(space, first)]
  return start !== undefined && start < end ? Math.max(start, first) : undefined
}

/** Puts units to use; those that are in use already stay so. */
export function takeUnits(space: Space, first: number, end: number): void {
  if (end <= first) return
  const { starts, ends } = space
  let from = endedBy(space, first)
  if (from > 0 && ends[from - 1] === first) from--
  let to = from
  let [start, stop] = [first, end]
  while (to < starts.length && (starts[to] as number) <= end) {
    start = Math.min(start, starts[to] as number)
    stop = Math.max(stop, ends[to] as number)
    to++
  }
  starts.splice(from, to - from, start)
  ends.splice(from, to - from, stop)
}

/**
 * The first place for `count` units in a row, inside `[from, to)` and at a multiple of `step`.
 * @returns its first unit, or undefined
 */
export function firstFit(space: Space, count: number, from: number, to: number, step = 1): number | undefined {
  const { starts, ends } = space
  const aligned = (unit: number) => Math.ceil(unit / step) * step
  let at = aligned(from)
  for (let i = endedBy(space, at); at + count <= to; i++) {
    const next = starts[i]
    if (next === undefined || at + count <= next) return at
    at = aligned(Math.max(at, ends[i] as number))
  }
  return undefined
}
