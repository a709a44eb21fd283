/** Which bytes of the device are its log, also where superblock or header were damaged, or the file that holds them was cut. */
import { crc32 } from '../codec/crc32.ts'
import { FAMFS_SUPERBLOCK_SIZE } from '../uapi/famfs/superblock.ts'
import { longAt, u64AsNumber, u64At } from './bytes.ts'
import { FIRST_WITH_SUPERBLOCK_CRC, lastIndexFits } from './detect.ts'
import type { Image } from './image.ts'
import type { LogFrame } from './scan.ts'
import { shapeOf } from './shape.ts'

/** Whether its crc and its last index stand for the length that a header has. */
const isSound = ({ header, shape }: LogFrame): boolean =>
  header.crc === header.computedCrc && lastIndexFits(shape.layout, header.length, header.lastIndex) !== undefined

function isSealed({ layout, superblockBytes }: Image): boolean {
  const { crc } = shapeOf(layout).superblock
  return layout.version >= FIRST_WITH_SUPERBLOCK_CRC && u64At(superblockBytes, crc) === BigInt(crc32(superblockBytes, 0, crc))
}

/** Bytes of the log by its header where that is sound, else by the superblock where its crc is right; undefined where nothing vouches for any. */
function vouchedFor(image: Image, log: LogFrame): number | undefined {
  if (isSound(log)) return Number(log.header.length)
  const at = shapeOf(image.layout).superblock.logLen
  return at !== undefined && isSealed(image) ? u64AsNumber(image.superblockBytes, at) : undefined
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
