/** Which bytes of a device are in use, by whom, and what is free. */
import { WireError } from '../../codec/errors.ts'
import { FAMFS_ALLOC_UNIT, FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { longAt, u64AsNumber } from '../bytes.ts'
import type { Image } from '../image.ts'
import { logRange } from '../log-range.ts'
import { addRange, coverageOf, ranges } from '../reference/ranges.ts'
import { shapeOf } from '../shape.ts'
import type { Replay } from './replay.ts'
import { DIRECTORY } from './tree.ts'

export interface AllocationOptions {
  /** index of the device, or `all`: the extents of all devices in one map, as the reference's fsck has it. Default `all` */
  readonly device?: number | 'all'
}

/** Use of a device, in units. Ranges are first unit and count, ascending, and never touch each other. */
export interface Allocation {
  /** bytes of a unit: `ts_alloc_unit`, or 2 MiB where the superblock has none that makes sense */
  readonly unit: number
  /** units of the device, the last one rounded up */
  readonly units: number
  readonly used: readonly (readonly [first: number, count: number])[]
  /** below the end of the device */
  readonly free: readonly (readonly [first: number, count: number])[]
  readonly usedUnits: bigint
  readonly freeUnits: bigint
  /** units that are taken when they are taken already: the reference's count of allocation errors */
  readonly collisions: bigint
}

/** A device: its bytes, its unit, and what superblock and log take of it. */
export interface Device {
  readonly size: number
  readonly unit: number
  /** bytes that superblock and log take on it */
  readonly reserved: number
}

const UNITS = [4096, Number(FAMFS_ALLOC_UNIT)]

/**
 * Bytes that superblock and log take. The reference goes by the header alone, right or not; where that leads beyond the device it writes outside
 * its bitmap, and here counts what can be believed. facts: metadata 4, fsck
 */
function reservedBy(image: Image, deviceSize: number): number {
  const said = FAMFS_SUPERBLOCK_SIZE + Number(image.log?.header.length ?? 0n)
  const { start, end } = logRange(image)
  return said <= deviceSize ? said : FAMFS_SUPERBLOCK_SIZE + end - start
}

function primary({ image }: Replay): Device {
  const { superblock } = shapeOf(image.layout)
  const bytes = image.superblockBytes
  const stored = superblock.allocUnit === undefined ? 0 : u64AsNumber(bytes, superblock.allocUnit)
  const size = Number(longAt(bytes, superblock.devSize))
  const unit = UNITS.includes(stored) ? stored : FAMFS_ALLOC_UNIT
  return { size, unit, reserved: reservedBy(image, size) }
}

/** The device of that index; one that no entry adds has no bytes. */
export function deviceAt(replay: Replay, index: number | 'all'): Device {
  const first = primary(replay)
  if (index === 'all' || index === 0) return first
  const added = replay.devices.find(d => d.index === index)
  return { unit: first.unit, size: Number(added?.size ?? 0n), reserved: 0 }
}

/** Whether an extent of that device counts. */
const counts = (asked: number | 'all', device: number): boolean => asked === 'all' || asked === device

/** What lies between the ranges, up to `units`. */
function gaps(used: readonly (readonly [number, number])[], units: number): [number, number][] {
  const free: [number, number][] = []
  let at = 0
  for (const [first, count] of used) {
    if (first >= units) break
    if (first > at) free.push([at, first - at])
    at = first + count
  }
  if (at < units) free.push([at, units - at])
  return free
}

/** The allocation map of a device. Extents that end beyond 2^53 are in none: `replay.extents.wild` has them. */
export function allocationOf(replay: Replay, { device = 'all' }: AllocationOptions = {}): Allocation {
  const { size, unit, reserved } = deviceAt(replay, device)
  const { count, start, end, device: devices } = replay.extents
  const all = ranges()
  addRange(all, 0, Math.ceil(reserved / unit))
  for (let i = 0; i < count; i++)
    if (counts(device, devices[i] as number)) addRange(all, Math.floor((start[i] as number) / unit), Math.ceil((end[i] as number) / unit))
  const { covered, collisions, ranges: used } = coverageOf(all)
  const units = Math.ceil(size / unit)
  const free = gaps(used, units)
  const freeUnits = free.reduce((sum, [, n]) => sum + BigInt(n), 0n)
  return { unit, units, used, free, usedUnits: covered, freeUnits, collisions }
}

/** Most units that {@link bitmapOf} makes bits for. */
const MOST_BITS = 2 ** 32

/**
 * One bit per unit of the device, the lowest of a byte first.
 * @throws WireError range for more than 2^32 units
 */
export function bitmapOf({ units, used }: Allocation): Uint8Array {
  if (units > MOST_BITS)
    throw new WireError({
      code: 'range',
      path: 'dd_size',
      offset: 0,
      detail: `a bitmap has at most 2^32 bits, not ${units}`,
      actual: units,
    })
  const bits = new Uint8Array(Math.ceil(units / 8))
  for (const [first, count] of used)
    for (let unit = first; unit < Math.min(units, first + count); unit++) bits[unit >> 3] = (bits[unit >> 3] ?? 0) | (1 << (unit & 7))
  return bits
}

/** The numbers that the reference's fsck prints under `Capacity`. */
export interface Capacity {
  readonly deviceSize: bigint
  /** the device, rounded up to whole units */
  readonly bitmapSize: bigint
  /** sizes of all files, modulo 2^64 */
  readonly fileSizes: bigint
  readonly allocated: bigint
  readonly free: bigint
  /** allocated bytes, superblock and log included, per byte of file: `1.03`, `inf` without files */
  readonly amplification: string
  /** `43.9` */
  readonly percentUsed: string
}

/** A double as printf("%.*f") has it: exact ties go to the even digit. */
function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '-nan' : 'inf'
  const scale = 10 ** digits
  const tie = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs((value * scale) % 1) === 0.5
  if (!tie) return value.toFixed(digits)
  const down = Math.floor(value * scale)
  return ((down % 2 === 0 ? down : down + 1) / scale).toFixed(digits)
}

/** What `famfs fsck` says about capacity, of what this replay has made. Equal to the reference's numbers where no entry was refused. */
export function capacityOf(replay: Replay, allocation: Allocation = allocationOf(replay)): Capacity {
  const { tree } = replay
  let sizes = 0n
  for (let id = 0; id < tree.count; id++) if (tree.columns.kind[id] !== DIRECTORY) sizes += tree.columns.size[id] as bigint
  const fileSizes = BigInt.asUintN(64, sizes)
  const unit = BigInt(allocation.unit)
  const allocated = allocation.usedUnits * unit
  const bitmapSize = BigInt(allocation.units) * unit
  const deviceSize = BigInt(primary(replay).size)
  return {
    deviceSize,
    bitmapSize,
    fileSizes,
    allocated,
    free: bitmapSize - allocated,
    amplification: fixed(Number(allocated) / Number(fileSizes), 2),
    percentUsed: fixed((Number(allocated) * 100) / Number(bitmapSize), 1),
  }
}
