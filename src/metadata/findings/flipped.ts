/** Which single bit, turned over, makes a crc right: a sum without seed is linear, so every bit has a difference of its own. */

const POLYNOMIAL = 0xedb88320

/** What one zero byte more behind an error makes of the difference. */
function oneByteOn(difference: number): number {
  let c = difference
  for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1
  return c >>> 0
}

/** A bit by its byte, and its number in it. */
export interface Bit {
  readonly byte: number
  readonly bit: number
}

/**
 * The bit that explains the difference of two sums over `length` bytes, if one does.
 * @param difference stored crc xor computed crc
 */
export function flippedBit(difference: number, length: number): Bit | undefined {
  for (let bit = 0; bit < 8; bit++) {
    let c = oneByteOn(1 << bit)
    for (let byte = length - 1; byte >= 0; byte--) {
      if (c === difference >>> 0) return { byte, bit }
      c = oneByteOn(c)
    }
  }
  return undefined
}
