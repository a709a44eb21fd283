/** Bytes of superblock, log header and slots, in every layout. Everything that is not said is zero, as the reference's writer leaves it. */

import { crc32 } from '../../codec/crc32.ts'
import { checkBytes } from '../../codec/input.ts'
import { FAMFS_LOG_MAGIC } from '../../uapi/famfs/log.ts'
import type { EntryKind, LayoutShape, ListShape, Place } from '../shape.ts'
import { refusal } from './refusal.ts'
import type { NewMap } from './request.ts'

type Long = { readonly at: number; readonly size: number }

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function putLong(bytes: Uint8Array, { at, size }: Long, value: bigint): void {
  if (size === 4) viewOf(bytes).setUint32(at, Number(BigInt.asUintN(32, value)), true)
  else viewOf(bytes).setBigUint64(at, value, true)
}

const put64 = (bytes: Uint8Array, at: number | undefined, value: bigint): void => {
  if (at !== undefined) putLong(bytes, { at, size: 8 }, value)
}
const put32 = (bytes: Uint8Array, at: number | undefined, value: number): void => {
  if (at !== undefined) viewOf(bytes).setUint32(at, value, true)
}

/** Writes the crc of everything before it. */
function seal(bytes: Uint8Array, crc: Place | undefined): Uint8Array {
  if (crc !== undefined) putLong(bytes, crc, BigInt(crc32(bytes, 0, crc.at)))
  return bytes
}

/** Seals a slot: sequence number and crc. For entries that somebody makes by hand. */
export function sealSlot({ entry, layout }: LayoutShape, slot: Uint8Array, index: number): Uint8Array {
  checkBytes(slot, 'slot')
  put64(slot, entry.seqnum, BigInt(layout.firstSeqnum + index))
  return seal(slot, entry.crc)
}

export interface SuperblockFields {
  readonly logOffset: bigint
  readonly logLength: bigint
  readonly allocUnit: bigint
  readonly uuid: Uint8Array
  readonly devUuid: Uint8Array
  readonly systemUuid: Uint8Array
  readonly deviceSize: bigint
  readonly deviceName: Uint8Array
}

/**
 * A superblock as mkfs writes it.
 * @param over bytes that were there before: they stay where mkfs writes nothing. facts: metadata 2, NOT written
 */
export function superblockBytes({ superblock: sb, layout }: LayoutShape, fields: SuperblockFields, over?: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(sb.size)
  if (over !== undefined) {
    checkBytes(over, 'over')
    bytes.set(over.subarray(0, sb.size))
  }
  put64(bytes, 0, layout.magic)
  put64(bytes, 8, layout.version)
  put64(bytes, sb.logOffset, fields.logOffset)
  put64(bytes, sb.logLen, fields.logLength)
  put64(bytes, sb.allocUnit, fields.allocUnit)
  for (const [i, number] of (layout.omf ?? []).entries()) put32(bytes, sb.omf === undefined ? undefined : sb.omf + 4 * i, number)
  if (sb.uuid !== undefined) bytes.set(fields.uuid, sb.uuid)
  if (sb.devUuid !== undefined) bytes.set(fields.devUuid, sb.devUuid)
  if (sb.systemUuid !== undefined) bytes.set(fields.systemUuid, sb.systemUuid)
  put32(bytes, sb.numDaxdevs, 1)
  putLong(bytes, sb.devSize, fields.deviceSize)
  bytes.fill(0, sb.devName.at, sb.devName.at + sb.devName.size)
  bytes.set(fields.deviceName.subarray(0, sb.devName.size), sb.devName.at)
  return seal(bytes, { at: sb.crc, size: 8 })
}

/** The last slot that may be used; wraps where there is room for none. facts: metadata 1, last_index; 2, log length rules */
export function lastIndexOf({ header, entry }: LayoutShape, logLength: bigint, early = false): bigint {
  const slots = (logLength - BigInt(header.size)) / BigInt(entry.size)
  return BigInt.asUintN(64, early ? slots : slots - 1n)
}

/** A log header. `next` entries are in use. */
export function headerBytes({ header, layout }: LayoutShape, logLength: bigint, lastIndex: bigint, next: number): Uint8Array {
  const bytes = new Uint8Array(header.size)
  put64(bytes, header.magic, FAMFS_LOG_MAGIC)
  put64(bytes, header.length, logLength)
  put64(bytes, header.lastIndex, lastIndex)
  put64(bytes, header.nextSeqnum, BigInt(layout.firstSeqnum + next))
  put64(bytes, header.nextIndex, BigInt(next))
  return seal(bytes, header.crc)
}

interface Owner {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly path: Uint8Array
}

interface OwnerPlaces {
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly mode: number | undefined
  readonly path: Place
}

function putOwner(slot: Uint8Array, places: OwnerPlaces, { mode, uid, gid, path }: Owner): void {
  put32(slot, places.mode, mode)
  put32(slot, places.uid, uid)
  put32(slot, places.gid, gid)
  slot.set(path, places.path.at)
}

/** An empty slot of that kind. @throws WireError unsupported when the layout has no such entry */
function slotFor({ entry, layout }: LayoutShape, kind: EntryKind): Uint8Array {
  const type = entry.kinds.indexOf(kind)
  if (type < 0) throw refusal('unsupported', 'kind', `layout ${layout.id} has no entry of type ${kind}`, kind)
  const slot = new Uint8Array(entry.size)
  put32(slot, entry.type, type)
  return slot
}

/** The slot of a MKDIR. */
export function mkdirSlot(shape: LayoutShape, index: number, owner: Owner): Uint8Array {
  const slot = slotFor(shape, 'mkdir')
  if (shape.entry.mkdir !== undefined) putOwner(slot, shape.entry.mkdir, owner)
  return sealSlot(shape, slot, index)
}

/** The slot of an ADD_DAXDEV. */
export function daxdevSlot(shape: LayoutShape, index: number, device: { size: bigint; uuid: Uint8Array; index: number }): Uint8Array {
  const slot = slotFor(shape, 'add_daxdev')
  const { daxdev } = shape.entry
  if (daxdev !== undefined) {
    put64(slot, daxdev.size, device.size)
    slot.set(device.uuid, daxdev.uuid)
    put32(slot, daxdev.index, device.index)
  }
  return sealSlot(shape, slot, index)
}

type ExtentIn = { readonly dev_index: number; readonly offset: bigint; readonly len: bigint }

function putList(slot: Uint8Array, list: ListShape, extents: readonly ExtentIn[], what: string, layout: string): void {
  if (extents.length > list.capacity)
    throw refusal('count', what, `an entry of layout ${layout} has room for ${list.capacity}, not ${extents.length}`, extents.length)
  for (const [i, { dev_index, offset, len }] of extents.entries()) {
    const at = list.at + i * list.stride
    if (list.devindex !== undefined) put64(slot, at + list.devindex, BigInt(dev_index))
    else if (dev_index !== 0)
      throw refusal('unsupported', `${what}[${i}].dev_index`, `extents of layout ${layout} are all on device 0`, dev_index)
    put64(slot, at + list.offset, offset)
    put64(slot, at + list.length, len)
  }
}

function putMap(slot: Uint8Array, { entry, layout }: LayoutShape, map: NewMap): void {
  const { file } = entry
  put32(slot, file.nextents, map.extents.length)
  if (map.ext_type === 'simple') {
    if (file.simple !== undefined) putList(slot, file.simple, map.extents, 'extents', layout.id)
    return
  }
  const [group] = map.extents
  const places = file.interleaved
  if (places === undefined) throw refusal('unsupported', 'ext_type', `files of layout ${layout.id} have simple extents only`)
  if (group === undefined || map.extents.length > 1)
    throw refusal('count', 'extents', 'a file has one interleaved extent', map.extents.length)
  put32(slot, file.extType, 1)
  put64(slot, places.nstrips, BigInt(group.strips.length))
  put64(slot, places.chunk, BigInt(group.chunk_size))
  put64(slot, places.nbytes, group.nbytes)
  putList(slot, places.strips, group.strips, 'strips', layout.id)
}

/** The slot of a FILE. @throws WireError count, unsupported for a map that the layout has no room for */
export function fileSlot(shape: LayoutShape, index: number, file: Owner & { size: bigint; flags: number; map: NewMap }): Uint8Array {
  const slot = slotFor(shape, 'file')
  const places = shape.entry.file
  putOwner(slot, places, file)
  put64(slot, places.size, file.size)
  put32(slot, places.flags, file.flags)
  putMap(slot, shape, file.map)
  return sealSlot(shape, slot, index)
}
