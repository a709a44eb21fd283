/** One entry of the log: a snapshot of its slot, and what can be read out of it, in every layout, whatever the counts say. */
import { decode, type Result, tryDecode } from '../codec/index.ts'
import type { Value } from '../schema/index.ts'
import type { MediaLayout } from '../uapi/famfs/layouts/index.ts'
import type { famfs_log_entry } from '../uapi/famfs/log.ts'
import { longAt, u32At, u64At, untilNul } from './bytes.ts'
import { BAD_CRC, BAD_SEQNUM, CHANGING } from './scan.ts'
import type { EntryKind, InterleavedShape, LayoutShape, ListShape, Place } from './shape.ts'

/** What is wrong with an entry's slot. `changing`: somebody wrote it while it was read. */
export type EntryFault = 'seqnum' | 'crc' | 'changing'

/** An entry of the log. */
export interface Entry {
  /** number of the slot, from 0 */
  readonly index: number
  /** first byte in the log */
  readonly offset: number
  /** the slot, as it was when it was checked; nobody else writes to it */
  readonly bytes: Uint8Array
  readonly layout: MediaLayout
  readonly shape: LayoutShape
  readonly seqnum: bigint
  readonly type: number
  readonly kind: EntryKind
  /** empty for a good entry */
  readonly faults: readonly EntryFault[]
  /** stored crc; undefined before version 45 */
  readonly crc?: bigint
}

function faultNames(faults: number): EntryFault[] {
  const names: EntryFault[] = []
  if ((faults & BAD_SEQNUM) !== 0) names.push('seqnum')
  if ((faults & BAD_CRC) !== 0) names.push('crc')
  if ((faults & CHANGING) !== 0) names.push('changing')
  return names
}

/** The entry in `slot`, whose bytes it takes over. */
export function entryIn(shape: LayoutShape, slot: Uint8Array, index: number, faults: number): Entry {
  const { entry, header, layout } = shape
  const type = u32At(slot, entry.type)
  return {
    index,
    offset: header.size + index * entry.size,
    bytes: slot,
    layout,
    shape,
    seqnum: u64At(slot, entry.seqnum),
    type,
    kind: entry.kinds[type] ?? 'unknown',
    faults: faultNames(faults),
    ...(entry.crc === undefined ? {} : { crc: longAt(slot, entry.crc) }),
  }
}

/**
 * The entry as its layout's struct has it, field by field; `encode` with the same struct gives the bytes back.
 * The one refusal is `count`: more extents or strips than there is room for. {@link fileOf} reads such an entry nevertheless.
 */
export function tryDecodeEntry(entry: Entry): Result<Value<typeof famfs_log_entry>> {
  return tryDecode(entry.layout.entry, entry.bytes) as Result<Value<typeof famfs_log_entry>>
}

/** As {@link tryDecodeEntry}, throwing. @throws WireError count */
export function decodeEntry(entry: Entry): Value<typeof famfs_log_entry> {
  return decode(entry.layout.entry, entry.bytes) as Value<typeof famfs_log_entry>
}

/** One extent or strip. Layouts up to L12 have no device index: 0. */
export interface Extent {
  readonly devindex: bigint
  readonly offset: bigint
  readonly length: bigint
  /** first byte in the entry */
  readonly at: number
}

/** One interleaved extent of a log entry. */
export interface Interleaved {
  /** as stored; `strips` has at most as many as the slot has room for */
  readonly nstrips: bigint
  readonly chunkSize: bigint
  readonly strips: readonly Extent[]
}

/** Path and owner of a file or directory. What a layout has no field for is undefined. */
export interface Owned {
  /** up to the first NUL of the field, or all of it */
  readonly path: Uint8Array
  readonly pathAt: Place
  /** whether a NUL ends the path inside its field */
  readonly terminated: boolean
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly mode: number | undefined
}

/** What a file's entry holds, in every layout. */
export interface FileEntry extends Owned {
  readonly size: bigint | undefined
  readonly flags: number
  /** 0 simple, 1 interleaved, anything else unknown; always 0 up to L10, where extents have types of their own */
  readonly extType: number
  /** count as stored; the lists have at most as many as the slot has room for */
  readonly nextents: number
  readonly extents: readonly Extent[]
  readonly interleaved: readonly Interleaved[]
}

function listAt(bytes: Uint8Array, list: ListShape, count: number, shift = 0): Extent[] {
  const extents: Extent[] = []
  for (let i = 0; i < Math.min(count, list.capacity); i++) {
    const at = list.at + shift + i * list.stride
    const devindex = list.devindex === undefined ? 0n : u64At(bytes, at + list.devindex)
    extents.push({ devindex, offset: u64At(bytes, at + list.offset), length: u64At(bytes, at + list.length), at })
  }
  return extents
}

function interleavedAt(bytes: Uint8Array, shape: InterleavedShape): Interleaved {
  const nstrips = u64At(bytes, shape.nstrips)
  const count = nstrips > BigInt(shape.strips.capacity) ? shape.strips.capacity : Number(nstrips)
  return { nstrips, chunkSize: u64At(bytes, shape.chunk), strips: listAt(bytes, shape.strips, count) }
}

interface OwnerPlaces {
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly mode: number | undefined
  readonly path: Place
}

function ownedAt(bytes: Uint8Array, { uid, gid, mode, path }: OwnerPlaces): Owned {
  const text = untilNul(bytes, path.at, path.at + path.size)
  const number = (at: number | undefined) => (at === undefined ? undefined : u32At(bytes, at))
  return { path: text, pathAt: path, terminated: text.length < path.size, uid: number(uid), gid: number(gid), mode: number(mode) }
}

/** The file that an entry describes, whatever its counts; undefined when it is no file. */
export function fileOf(entry: Entry): FileEntry | undefined {
  const { file } = entry.shape.entry
  const { bytes } = entry
  if (entry.kind !== 'file') return undefined
  const extType = file.extType === undefined ? 0 : u32At(bytes, file.extType)
  const nextents = u32At(bytes, file.nextents)
  return {
    ...ownedAt(bytes, file),
    size: file.size === undefined ? undefined : u64At(bytes, file.size),
    flags: u32At(bytes, file.flags),
    extType,
    nextents,
    extents: extType === 0 && file.simple !== undefined ? listAt(bytes, file.simple, nextents) : [],
    interleaved: extType === 1 && nextents > 0 && file.interleaved !== undefined ? [interleavedAt(bytes, file.interleaved)] : [],
  }
}

/** The directory that an entry makes; undefined when it is no MKDIR. */
export function directoryOf(entry: Entry): Owned | undefined {
  const { mkdir } = entry.shape.entry
  return entry.kind === 'mkdir' && mkdir !== undefined ? ownedAt(entry.bytes, mkdir) : undefined
}

/** A device that an entry adds. */
export interface AddedDevice {
  readonly size: bigint
  readonly uuid: Uint8Array
  readonly index: number
}

/** The device that an entry adds; undefined when it is no ADD_DAXDEV. */
export function deviceOf(entry: Entry): AddedDevice | undefined {
  const { daxdev } = entry.shape.entry
  if (entry.kind !== 'add_daxdev' || daxdev === undefined) return undefined
  const { bytes } = entry
  return { size: u64At(bytes, daxdev.size), uuid: bytes.subarray(daxdev.uuid, daxdev.uuid + 16), index: u32At(bytes, daxdev.index) }
}

/** Path of a file or directory entry, undefined for other kinds. */
export const pathOfEntry = (entry: Entry): Uint8Array | undefined => (fileOf(entry) ?? directoryOf(entry))?.path
