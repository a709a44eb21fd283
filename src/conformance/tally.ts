/** Counting agreement, group by group. */

/** One comparison with what a real kernel did. */
export interface Point {
  /** id in the golden data */
  readonly id: string
  /** name of the case, for people */
  readonly name: string
  readonly agree: boolean
  /** what the kernel did */
  readonly expected: string
  /** what this library says */
  readonly found: string
}

/** Cases of one class. */
export interface Count {
  readonly cases: number
  readonly agree: number
  readonly disagree: number
}

/** Counts of all points of each group, in the order in which the groups first appear. */
export function tally<T extends Pick<Point, 'agree'>, K extends Readonly<Record<string, string>>>(
  points: readonly T[],
  groupOf: (point: T) => K,
): (K & Count)[] {
  const groups = new Map<string, K & { cases: number; agree: number; disagree: number }>()
  for (const point of points) {
    const group = groupOf(point)
    const key = JSON.stringify(group)
    const count = groups.get(key) ?? { ...group, cases: 0, agree: 0, disagree: 0 }
    count.cases++
    count[point.agree ? 'agree' : 'disagree']++
    groups.set(key, count)
  }
  return [...groups.values()]
}

/** Whether two values of JSON are the same, whatever the order of their members. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length || Array.isArray(a) !== Array.isArray(b)) return false
  return keys.every(key => Object.hasOwn(b, key) && sameJson(a[key as keyof typeof a], b[key as keyof typeof b]))
}
