/** Random numbers that are the same on every machine: sfc32, seeded by text. Not for secrets. */

/** Each call gives the next 32 bits, 0 to 2^32-1. */
export type Random = () => number

/** FNV-1a, so that every character of the seed counts. */
function hash(text: string, start: number): number {
  let h = start
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}

/** Calls thrown away until every bit of the state depends on every bit of the seed. */
const WARM_UP = 15

/**
 * A sequence of random numbers. Equal seeds give equal sequences, today and on every machine.
 * @param seed any text or number; a number is the same seed as its decimal text
 */
export function seeded(seed: string | number): Random {
  const text = String(seed)
  let a = hash(text, 0x811c9dc5)
  let b = hash(text, a ^ 0x9e3779b9)
  let c = hash(text, b ^ 0x85ebca6b)
  let counter = 1
  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let i = 0; i < WARM_UP; i++) next()
  return next
}

/** An integer from 0 to n-1; n from 1 to 2^32. */
export const below = (random: Random, n: number): number => Math.floor((random() / 0x1_0000_0000) * n)

/** An integer from `min` to `max`, both included. */
export const between = (random: Random, min: number, max: number): number => min + below(random, max - min + 1)

/** True once in `n` times. */
export const oneIn = (random: Random, n: number): boolean => below(random, n) === 0

/** An integer from 0 to n-1; n from 1 to 2^64. */
export function wideBelow(random: Random, n: bigint): bigint {
  const high = BigInt(random())
  return (((high << 32n) | BigInt(random())) * n) >> 64n
}

/** One of the items; undefined only of an empty list. */
export const pick = <T>(random: Random, items: readonly T[]): T | undefined => items[below(random, items.length)]

/** The items in random order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const keyed = items.map(item => ({ item, key: random() }))
  return keyed.sort((x, y) => x.key - y.key).map(k => k.item)
}

/** Random bytes. */
export const randomBytes = (random: Random, count: number): Uint8Array => Uint8Array.from({ length: count }, () => random() >>> 24)
