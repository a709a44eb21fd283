/** The same directories, files and places in another layout. */
import { WireError } from '../../codec/errors.ts'
import { decodeText } from '../../codec/text.ts'
import { FAMFS_ALLOC_UNIT, FAMFS_ALLOC_UNITS, FAMFS_LOG_OFFSET } from '../../uapi/famfs/superblock.ts'
import { longAt, u32At, untilNul, uuidAt } from '../bytes.ts'
import { entries, logOf } from '../entries.ts'
import { type Entry, pathOfEntry } from '../entry.ts'
import type { Image } from '../image.ts'
import { type LayoutShape, type SuperblockShape, shapeOf } from '../shape.ts'
import { requestOfEntry } from './carry.ts'
import { type BuiltImage, type CreateOptions, type ImageBuilder, imageBuilder } from './create.ts'
import type { NewEntry } from './request.ts'

/** An entry that the other layout cannot hold. */
export interface NotCarried {
  /** its slot */
  readonly index: number
  /** of a file or directory */
  readonly path?: Uint8Array
  readonly why: string
}

/** An image in another layout; nothing is written yet. */
export interface Converted {
  readonly image: BuiltImage
  /** entries that are not in it, in the order of the log */
  readonly notCarried: readonly NotCarried[]
  /** what of the superblock is not in it, or made anew, in words */
  readonly changed: readonly string[]
  /** bytes of device 0 that belong to its files, as `[first, behind the last]`, ascending and disjoint */
  readonly data: readonly (readonly [start: bigint, end: bigint])[]
}

/** How an image is converted. */
export interface ConvertOptions {
  /** `L10` to `L24` */
  readonly layout: string
  /** is told after each entry */
  readonly progress?: (done: number, entries: number) => unknown
}

const UUIDS = [
  ['uuid', 'ts_uuid'],
  ['devUuid', 'ts_dev_uuid'],
  ['systemUuid', 'ts_system_uuid'],
] as const

const USUAL_UNIT = BigInt(FAMFS_ALLOC_UNIT)

/** The allocation unit, where it is one that a superblock may have. */
function unitOf(bytes: Uint8Array, { allocUnit }: SuperblockShape): number | undefined {
  const unit = allocUnit === undefined ? undefined : longAt(bytes, { at: allocUnit, size: 8 })
  return unit !== undefined && FAMFS_ALLOC_UNITS.includes(unit) ? Number(unit) : undefined
}

/** The superblock's fields as options. */
function optionsOf({ superblockBytes: bytes, log }: Image, sb: SuperblockShape): Omit<CreateOptions, 'entries'> {
  const uuids = UUIDS.flatMap(([name]) => (sb[name] === undefined ? [] : [[name, uuidAt(bytes, sb[name])]]))
  const name = untilNul(bytes, sb.devName.at, sb.devName.at + sb.devName.size)
  const allocUnit = unitOf(bytes, sb)
  return {
    deviceSize: longAt(bytes, sb.devSize),
    logLength: Number(log?.header.length ?? 0n),
    ...(Object.fromEntries(uuids) as { uuid?: string; devUuid?: string; systemUuid?: string }),
    ...(allocUnit === undefined ? {} : { allocUnit }),
    deviceName: decodeText(name, 0, name.length),
    unchecked: true,
  }
}

/** What only one of the two superblocks has room for. */
function* changesOf(image: Image, from: SuperblockShape, { superblock: to, layout }: LayoutShape): Generator<string> {
  const { superblockBytes: bytes, logOffset } = image
  for (const [name, field] of UUIDS) {
    if (from[name] !== undefined && to[name] === undefined) yield `layout ${layout.id} has no ${field}`
    if (from[name] === undefined && to[name] !== undefined) yield `${field} is new, layout ${image.layout.id} has none`
  }
  const unit = from.allocUnit === undefined ? USUAL_UNIT : longAt(bytes, { at: from.allocUnit, size: 8 })
  const kept = to.allocUnit === undefined ? USUAL_UNIT : BigInt(unitOf(bytes, from) ?? USUAL_UNIT)
  if (unit !== kept) yield `the allocation unit is ${kept}, no longer ${unit}`
  const flags = u32At(bytes, from.flags)
  if (flags !== 0) yield `ts_sb_flags is 0, no longer ${flags}`
  if (logOffset !== 0 && logOffset !== FAMFS_LOG_OFFSET) yield `the log is at byte ${FAMFS_LOG_OFFSET}, no longer ${logOffset}`
}

type Range = readonly [start: bigint, end: bigint]

/** Extents and strips on device 0. */
function rangesOf(request: NewEntry): Range[] {
  if (request.kind !== 'file' || request.map === undefined) return []
  const { map } = request
  const pieces = map.ext_type === 'simple' ? map.extents : map.extents.flatMap(group => group.strips)
  return pieces.filter(({ dev_index, len }) => dev_index === 0 && len > 0n).map(({ offset, len }) => [offset, offset + len])
}

const byStart = ([a]: Range, [b]: Range): number => (a < b ? -1 : a > b ? 1 : 0)

/** Ascending, without overlaps, and only what lies behind the log and on the device. */
function merged(ranges: readonly Range[], from: bigint, to: bigint): Range[] {
  const result: [bigint, bigint][] = []
  for (const [start, end] of [...ranges].sort(byStart)) {
    const [first, behind] = [start < from ? from : start, end > to ? to : end]
    const last = result.at(-1)
    if (first >= behind) continue
    if (last !== undefined && first <= last[1]) last[1] = behind > last[1] ? behind : last[1]
    else result.push([first, behind])
  }
  return result
}

interface Carrying {
  readonly builder: ImageBuilder
  readonly notCarried: NotCarried[]
  readonly ranges: Range[]
}

function refuse({ notCarried }: Carrying, entry: Entry, why: string): void {
  const path = pathOfEntry(entry)
  notCarried.push({ index: entry.index, ...(path === undefined ? {} : { path: path.slice() }), why })
}

function carry(carrying: Carrying, entry: Entry): void {
  if (entry.faults.length > 0) return refuse(carrying, entry, `its ${entry.faults.join(' and ')} is wrong`)
  try {
    const request = requestOfEntry(entry)
    carrying.builder.add([request])
    carrying.ranges.push(...rangesOf(request))
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    refuse(carrying, entry, error.detail)
  }
}

/**
 * Builds the image again in another layout: each entry as it is, at its place in the log, with its owner and map; uuids, device and log
 * length stay. Nothing is written: `writeImage` does that, and the contents of the files, at `data`, are the caller's to copy.
 * @throws WireError unsupported for a layout that is not built and for an image without a log, range for a log length or device size that
 * no superblock of that layout has
 */
export async function convertImage(image: Image, { layout, progress }: ConvertOptions): Promise<Converted> {
  const from = shapeOf(image.layout).superblock
  const log = logOf(image)
  const builder = imageBuilder({ ...optionsOf(image, from), layout })
  const carrying: Carrying = { builder, notCarried: [], ranges: [] }
  for await (const entry of entries(image)) {
    carry(carrying, entry)
    await progress?.(entry.index + 1, log.used)
  }
  const built = builder.finish()
  const data = merged(carrying.ranges, BigInt(built.logOffset + built.logLength), built.deviceSize)
  return { image: built, notCarried: carrying.notCarried, changed: [...changesOf(image, from, builder.shape)], data }
}
