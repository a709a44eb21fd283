/** Which bytes of the device are its log, also where superblock or header were damaged, or the file that holds them was cut. */
import { crc32 } from '../codec/crc32.ts'
import { FAMFS_SUPERBLOCK_SIZE } from '../uapi/famfs/superblock.ts'
import { longAt, u64At } from './bytes.ts'
import { FIRST_WITH_SUPERBLOCK_CRC, lastIndexFits } from './detect.ts'
import type { Image } from './image.ts'
import type { LogFrame } from './scan.ts'
import { shapeOf } from './shape.ts'

/** Smallest log that the mkfs command makes, in bytes. */
export const SMALLEST_LOG = 0x80_0000n

/** Whether the mkfs command makes logs of this length. facts: metadata 2, log length rules */
export const isUsualLength = (length: bigint): boolean => length >= SMALLEST_LOG && (length & (length - 1n)) === 0n

/** What the superblock says, where its crc stands for it. */
function saidBy({ layout, superblockBytes }: Image): bigint | undefined {
  const { crc, logLen } = shapeOf(layout).superblock
  const sealed = layout.version >= FIRST_WITH_SUPERBLOCK_CRC && u64At(superblockBytes, crc) === BigInt(crc32(superblockBytes, 0, crc))
  return logLen !== undefined && sealed ? u64At(superblockBytes, logLen) : undefined
}

/**
 * Whether crc and last index stand for the length that the header has. One last index follows from many lengths: where the superblock has
 * another of them, the one that mkfs makes is right.
 */
export function headerStands(image: Image, { header, shape }: LogFrame): boolean {
  const follows = (length: bigint): boolean => lastIndexFits(shape.layout, length, header.lastIndex) !== undefined
  if (header.crc !== header.computedCrc || !follows(header.length)) return false
  const said = saidBy(image)
  return said === undefined || isUsualLength(header.length) || !isUsualLength(said) || !follows(said)
}

/** Bytes of the log by its header where that stands, else by the superblock; undefined where nothing vouches for any. */
function vouchedFor(image: Image, log: LogFrame): number | undefined {
  if (headerStands(image, log)) return Number(log.header.length)
  const said = saidBy(image)
  return said === undefined ? undefined : Number(said)
}

/**
 * First byte of the log, and first byte behind it, on the primary device. A length that nothing vouches for, or that leads beyond the end of
 * the device, ends with the bytes that are there.
 */
export function logRange(image: Image): { readonly start: number; readonly end: number } {
  const { log, layout, superblockBytes, logOffset } = image
  const start = logOffset === 0 ? FAMFS_SUPERBLOCK_SIZE : logOffset
  if (log === undefined) return { start, end: start }
  const deviceEnd = Number(longAt(superblockBytes, shapeOf(layout).superblock.devSize))
  const length = vouchedFor(image, log)
  if (length !== undefined && start + length <= deviceEnd) return { start, end: start + length }
  return { start, end: start + Math.min(length ?? Number(log.header.length), log.area.size) }
}
