/** A wrong crc in words, and the bit that explains it. */
import { type Bit, flippedBit } from './flipped.ts'

export interface CrcFault {
  readonly message: string
  /** the flipped bit by its byte, counted from the first byte of what the crc covers; it may lie in the crc */
  readonly bit: Bit | undefined
}

const U32 = 1n << 32n

/**
 * @param covered bytes that the crc covers; it follows them
 */
export function crcFault(stored: bigint, computed: bigint, covered: number): CrcFault {
  const difference = stored ^ computed
  const message = `the crc is 0x${stored.toString(16)}, the bytes give 0x${computed.toString(16)}`
  if ((difference & (difference - 1n)) === 0n) {
    const number = difference.toString(2).length - 1
    return { message, bit: { byte: covered + (number >> 3), bit: number & 7 } }
  }
  return { message, bit: difference < U32 ? flippedBit(Number(difference), covered) : undefined }
}
