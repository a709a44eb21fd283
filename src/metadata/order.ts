/** The order of numbers, without moving them: so that columns can be walked by one of them. */

const DIGIT = 16
const RADIX = 1 << DIGIT
const HIGH = 2 ** 32

type Keys = Float64Array | Uint32Array

/** Digits of 16 bits, lowest first; numbers are whole and below 2^64. */
function digit(value: number, pass: number): number {
  const word = pass < 2 ? value % HIGH : Math.floor(value / HIGH)
  return ((word >>> 0) >>> ((pass & 1) * DIGIT)) & (RADIX - 1)
}

/** Whether `keys[0, count)` are in order, as most logs have their extents. */
export function isAscending(keys: Keys, count: number): boolean {
  for (let i = 1; i < count; i++) if ((keys[i - 1] as number) > (keys[i] as number)) return false
  return true
}

const inOrder = (keys: Keys, order: Uint32Array): boolean => {
  for (let i = 1; i < order.length; i++) if ((keys[order[i - 1] as number] as number) > (keys[order[i] as number] as number)) return false
  return true
}

function fromZero(count: number): Uint32Array {
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  return order
}

/** Fewer are compared with each other: that is faster than to count digits. */
const FEW = 4096

/**
 * Indices of `keys[0, count)` in ascending order; equal keys keep theirs. Time grows with the count alone, so no order of the keys is a bad one.
 * @param keys whole numbers from 0 to below 2^64
 * @param order the order that equal keys have; it may be sorted itself. To order by two keys, order by the lesser one first
 */
export function orderOf(keys: Keys, count: number, order: Uint32Array = fromZero(count)): Uint32Array {
  if (inOrder(keys, order)) return order
  if (count <= FEW) return order.sort((a, b) => (keys[a] as number) - (keys[b] as number))
  return byDigits(keys, order)
}

function byDigits(keys: Keys, order: Uint32Array): Uint32Array {
  const count = order.length
  let from = order
  let to: Uint32Array = new Uint32Array(count)
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
