/** Everything to object to in the superblock. facts: metadata 2, check_super */
import { crc32 } from '../../codec/crc32.ts'
import { currentLayout, mediaLayouts } from '../../uapi/famfs/layouts/index.ts'
import { FAMFS_ALLOC_UNITS, FAMFS_LOG_OFFSET } from '../../uapi/famfs/superblock.ts'
import { longAt, u32At, u64At } from '../bytes.ts'
import { FIRST_WITH_SUPERBLOCK_CRC } from '../detect.ts'
import type { Image } from '../image.ts'
import { isUsualLength, SMALLEST_LOG } from '../log-range.ts'
import { type LayoutShape, type SuperblockShape, shapeOf } from '../shape.ts'
import { type Collector, report } from './collect.ts'
import { crcFault } from './crc.ts'
import { fieldAt } from './field.ts'
import { firstNonZero } from './slots.ts'

/** What the rest of the search takes from the superblock. */
export interface SuperblockFacts {
  readonly logLength: bigint | undefined
  /** bytes of the device; undefined where what is said cannot be true */
  readonly deviceSize: bigint | undefined
  /** bytes of an allocation unit */
  readonly unit: number
}

interface Look {
  readonly c: Collector
  readonly image: Image
  readonly bytes: Uint8Array
  readonly shape: LayoutShape
  readonly sb: SuperblockShape
}

const LARGEST_UNIT = 0x20_0000
/** mkfs refuses smaller ones. facts: metadata 2, log length rules */
const SMALLEST_DEVICE = 1n << 32n
const SECONDARY = 2
const MAGIC = { at: 0, size: 8 }
const VERSION = { at: 8, size: 8 }

interface Field {
  readonly at: number
  readonly size: number
}

function say({ c, shape }: Look, rule: string, { at, size }: Field, message: () => string): void {
  report(c, rule, () => ({ area: 'superblock', offset: at, length: size, path: fieldAt(shape.layout.superblock, at) }), message)
}

const u64Field = (at: number): Field => ({ at, size: 8 })

function identity(look: Look): void {
  const { bytes, image, sb } = look
  const { layout, detection } = image
  const [magic, version] = [u64At(bytes, MAGIC.at), u64At(bytes, VERSION.at)]
  if (magic !== layout.magic)
    say(look, 'superblock/magic', MAGIC, () => `the magic is 0x${magic.toString(16)}, should be 0x${layout.magic.toString(16)}`)
  const published = mediaLayouts.some(l => l.version === version)
  if (!published) say(look, 'superblock/version-unknown', VERSION, () => `version ${version} was never published`)
  else if (version !== currentLayout.version)
    say(look, 'superblock/version-old', VERSION, () => `version ${version}, the tools of today read ${currentLayout.version} only`)
  if (published && detection.candidates.length === 0)
    say(look, 'superblock/layout', VERSION, () => `${detection.ambiguity}; read as ${layout.id}`)
  if (layout.wordSize !== currentLayout.wordSize)
    say(
      look,
      'superblock/word-size',
      sb.devSize,
      () => `written by a host of ${layout.wordSize} bits: ${sb.devSize.size} bytes here, not 8`,
    )
}

function format(look: Look): void {
  const { bytes, sb, image } = look
  const { omf } = image.layout
  if (omf === undefined || sb.omf === undefined) return
  const [major, minor] = [u32At(bytes, sb.omf), u32At(bytes, sb.omf + 4)]
  if (major === omf[0] && minor === omf[1]) return
  const at = major === omf[0] ? sb.omf + 4 : sb.omf
  say(look, 'superblock/omf', { at, size: 4 }, () => `on-media format ${major}.${minor}, ${image.layout.id} has ${omf.join('.')}`)
}

function sum(look: Look): void {
  const { bytes, sb, image } = look
  if (image.layout.version < FIRST_WITH_SUPERBLOCK_CRC) return
  const [stored, computed] = [u64At(bytes, sb.crc), BigInt(crc32(bytes, 0, sb.crc))]
  if (stored === computed) return
  const fault = crcFault(stored, computed, sb.crc)
  say(look, 'superblock/crc', u64Field(sb.crc), () => fault.message)
  const { bit } = fault
  if (bit !== undefined)
    say(look, 'superblock/flipped-bit', { at: bit.byte, size: 1 }, () => `bit ${bit.bit} of this byte explains the crc`)
}

function unitOf(look: Look): number {
  const { bytes, sb } = look
  if (sb.allocUnit === undefined) return LARGEST_UNIT
  const unit = u64At(bytes, sb.allocUnit)
  if (FAMFS_ALLOC_UNITS.includes(unit)) return Number(unit)
  say(
    look,
    'superblock/alloc-unit',
    u64Field(sb.allocUnit),
    () => `the allocation unit is ${unit}, must be ${FAMFS_ALLOC_UNITS.join(' or ')}`,
  )
  return LARGEST_UNIT
}

function placeOfLog(look: Look): bigint | undefined {
  const { bytes, sb } = look
  const offset = u64At(bytes, sb.logOffset)
  if (offset !== BigInt(FAMFS_LOG_OFFSET))
    say(look, 'superblock/log-offset', u64Field(sb.logOffset), () => `the log is said to be at ${offset}, must be ${FAMFS_LOG_OFFSET}`)
  if (sb.logLen === undefined) return undefined
  const length = u64At(bytes, sb.logLen)
  if (!isUsualLength(length))
    say(
      look,
      'superblock/log-length-unusual',
      u64Field(sb.logLen),
      () => `a log of ${length} bytes; the mkfs command makes powers of two from ${SMALLEST_LOG} on`,
    )
  return length
}

/** The one of device size and log length that mkfs could not have written is the wrong one. */
function device(look: Look, logLength: bigint): bigint | undefined {
  const { bytes, sb } = look
  const size = longAt(bytes, sb.devSize)
  const end = BigInt(FAMFS_LOG_OFFSET) + logLength
  if (size >= end) {
    if (size < SMALLEST_DEVICE)
      say(look, 'superblock/device-small', sb.devSize, () => `a device of ${size} bytes, mkfs takes none below ${SMALLEST_DEVICE}`)
    return size
  }
  if (size < SMALLEST_DEVICE || sb.logLen === undefined) {
    say(look, 'superblock/device-size', sb.devSize, () => `a device of ${size} bytes, superblock and log alone need ${end}`)
    return undefined
  }
  say(look, 'superblock/log-beyond-device', u64Field(sb.logLen), () => `the log ends at ${end}, the device at ${size}`)
  return size
}

function name(look: Look): void {
  const { bytes, sb } = look
  const { at, size } = sb.devName
  const end = at + size
  if (bytes.subarray(at, end).includes(0)) return
  say(look, 'superblock/device-name', sb.devName, () => `${size} bytes without a NUL`)
  if ((bytes[end] ?? 0) !== 0)
    say(look, 'superblock/device-name-stale', sb.devName, () => `the name goes on in byte ${end}, which mkfs does not write`)
}

/** Fields that mkfs does not write, and what is behind the structure. facts: metadata 2 */
function leftovers(look: Look): void {
  const { bytes, sb } = look
  const flags = u32At(bytes, sb.flags)
  if ((flags & SECONDARY) !== 0) say(look, 'superblock/secondary', { at: sb.flags, size: 4 }, () => `the flags are 0x${flags.toString(16)}`)
  const uuid = sb.devSize.at + sb.devSize.size
  const ranges: readonly (readonly [number, number])[] = [
    [sb.flags, sb.flags + 4],
    [sb.flags + 4, sb.devSize.at],
    [uuid, sb.devName.at],
    [sb.size, bytes.length],
  ]
  for (const [from, to] of ranges) {
    const at = firstNonZero(bytes, from, to)
    if (at >= 0) say(look, 'superblock/stale', { at, size: to - at }, () => `not zero from byte ${at} on`)
  }
}

/** Looks at the superblock. */
export function checkSuperblock(c: Collector, image: Image): SuperblockFacts {
  const shape = shapeOf(image.layout)
  const bytes = image.superblockBytes
  const sb = shape.superblock
  const look: Look = { c, image, bytes, shape, sb }
  if (bytes.length < sb.size) {
    say(look, 'superblock/cut', { at: bytes.length, size: 0 }, () => `the superblock has ${sb.size} bytes, ${bytes.length} are there`)
    return { logLength: undefined, deviceSize: undefined, unit: LARGEST_UNIT }
  }
  identity(look)
  format(look)
  sum(look)
  const unit = unitOf(look)
  const logLength = placeOfLog(look)
  const deviceSize = device(look, logLength ?? 0n)
  name(look)
  leftovers(look)
  return { logLength, deviceSize, unit }
}
