/** Bytes that grow, up to what any message may have. */

/** Four times the largest map: no dump, and no repetition in one, gives more. */
export const MOST_BYTES = 64 * 1024 * 1024

const FIRST = 256

export interface Sink {
  readonly length: number
  /** @returns whether there was room */
  push(byte: number): boolean
  /** Appends `count` of its own bytes, from `start`. @returns whether there was room */
  repeat(start: number, count: number, times: number): boolean
  /** Takes bytes off the end. */
  cut(length: number): void
  at(index: number): number
  /** A copy of what was gathered, after which the sink is empty. */
  take(): Uint8Array
}

export function sink(): Sink {
  let bytes = new Uint8Array(FIRST)
  let length = 0
  const room = (more: number): boolean => {
    const wanted = length + more
    if (wanted > MOST_BYTES) return false
    if (wanted > bytes.length) {
      const larger = new Uint8Array(Math.min(MOST_BYTES, Math.max(wanted, bytes.length * 2)))
      larger.set(bytes.subarray(0, length))
      bytes = larger
    }
    return true
  }
  return {
    get length() {
      return length
    },
    push(byte) {
      if (length === bytes.length && !room(1)) return false
      bytes[length++] = byte
      return true
    },
    repeat(start, count, times) {
      if (!room(count * times)) return false
      for (let i = 0; i < times; i++, length += count) bytes.copyWithin(length, start, start + count)
      return true
    },
    cut(to) {
      length = to
    },
    at: index => bytes[index] as number,
    take() {
      const taken = bytes.slice(0, length)
      length = 0
      return taken
    },
  }
}

/** Appends a number of `size` bytes in the order of a little-endian machine; false where there is no room. */
export function pushWord(into: Sink, value: bigint, size: number): boolean {
  for (let i = 0; i < size; i++) if (!into.push(Number((value >> BigInt(8 * i)) & 0xffn))) return false
  return true
}
