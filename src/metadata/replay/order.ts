/** The order of numbers, without moving them: so that columns can be walked by one of them. */

const DIGIT = 16
const RADIX = 1 << DIGIT
const HIGH = 2 ** 32

/** Digits of 16 bits, lowest first; numbers are whole and below 2^64. */
function digit(value: number, pass: number): number {
  const word = pass < 2 ? value % HIGH : Math.floor(value / HIGH)
  return ((word >>> 0) >>> ((pass & 1) * DIGIT)) & (RADIX - 1)
}

/** Whether `keys[0, count)` are in order, as most logs have their extents. */
export function isAscending(keys: Float64Array, count: number): boolean {
  for (let i = 1; i < count; i++) if ((keys[i - 1] as number) > (keys[i] as number)) return false
  return true
}

/**
 * Indices of `keys[0, count)` in ascending order; equal keys keep theirs. Radix sort: time grows with the count alone, so no order of the
 * keys is a bad one.
 * @param keys whole numbers from 0 to 2^53
 */
export function orderOf(keys: Float64Array, count: number): Uint32Array {
  let from = new Uint32Array(count)
  for (let i = 0; i < count; i++) from[i] = i
  if (isAscending(keys, count)) return from
  let to = new Uint32Array(count)
  const places = new Uint32Array(RADIX)
  for (let pass = 0; pass < 4; pass++) {
    places.fill(0)
    for (let i = 0; i < count; i++) (places[digit(keys[i] as number, pass)] as number)++
    if (places.includes(count)) continue
    for (let d = 0, sum = 0; d < RADIX; d++) {
      const n = places[d] as number
      places[d] = sum
      sum += n
    }
    for (let i = 0; i < count; i++) {
      const d = digit(keys[from[i] as number] as number, pass)
      to[places[d] as number] = from[i] as number
      places[d] = (places[d] as number) + 1
    }
    ;[from, to] = [to, from]
  }
  return from
}
