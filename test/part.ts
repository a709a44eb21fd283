/**
 * A part of what the long tests do. Mutation testing runs the tests thousands of times, and sets FAMFS_WIRE_PART=n to take one of n vectors
 * and random values; every other run takes all of them.
 */
const n = Number(process.env.FAMFS_WIRE_PART ?? 1)

export const part = <T>(list: readonly T[]): T[] => list.filter((_, i) => i % n === 0)
/** The runs of a random test. */
export const runs = (all: number): { numRuns: number } => ({ numRuns: Math.ceil(all / n) })
