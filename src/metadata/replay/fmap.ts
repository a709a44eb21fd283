/** The GET_FMAP reply of a file of the log: what a correct server sends to a kernel of each dialect, and what the reference's daemon sends. */
import { attempt, type Result, WireError } from '../../codec/errors.ts'
import { toFmap } from '../../kernel/ioctl/reply.ts'
import { type IoctlForm, type ToIoctlOptions, toIoctl } from '../../kernel/ioctl/to.ts'
import type { FileMap } from '../../kernel/map.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { type IoctlDialectId, ioctlDialectIds } from '../../uapi/dialects/ioctl.ts'
import { knownDialects } from '../../uapi/dialects/known.ts'
import { FAMFS_EXT_INTERLEAVE, FAMFS_EXT_SIMPLE } from '../../uapi/famfs/log.ts'
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import type { VerdictOptions } from '../../validate/options.ts'
import { type Entry, type Extent, type FileEntry, fileOf, type Interleaved } from '../entry.ts'
import { fusedMessage } from '../message.ts'
import { readBackResult, type ShadowFile, writerFault } from '../yaml/shadow.ts'

const U32_MAX = 0xffff_ffffn

function refusal(entry: Entry, code: 'unsupported' | 'range' | 'count', path: string, offset: number, detail: string): WireError {
  return new WireError({ code, path: `entries[${entry.index}].${path}`, offset: entry.offset + offset, detail })
}

/** Fields of a message have 32 bits where the log has 64. */
function narrow(entry: Entry, value: bigint, path: string, offset: number): number {
  if (value <= U32_MAX) return Number(value)
  throw refusal(entry, 'range', path, offset, `${value} does not fit into the 32 bits that a message has for it`)
}

const extentOf = (entry: Entry, { devindex, offset, length, at }: Extent): MetaExtent => ({
  dev_index: narrow(entry, devindex, 'se_devindex', at),
  offset,
  len: length,
})

function groupOf(entry: Entry, size: bigint, { nstrips, chunkSize, strips }: Interleaved): MetaGroup {
  const at = entry.shape.entry.file.interleaved
  if (nstrips !== BigInt(strips.length))
    throw refusal(entry, 'count', 'ie_nstrips', at?.nstrips ?? 0, `${nstrips} strips, ${strips.length} fit`)
  const chunk_size = narrow(entry, chunkSize, 'ie_chunk_size', at?.chunk ?? 0)
  return { nstrips: strips.length, chunk_size, nbytes: size, strips: strips.map(strip => extentOf(entry, strip)) }
}

function mapIn(entry: Entry, file: FileEntry): FileMap {
  const file_size = file.size ?? 0n
  const { file: shape } = entry.shape.entry
  if (file.extType === FAMFS_EXT_SIMPLE) {
    if (file.nextents === file.extents.length)
      return { ext_type: 'simple', file_size, extents: file.extents.map(extent => extentOf(entry, extent)) }
    throw refusal(entry, 'count', 'fmap_nextents', shape.nextents, `${file.nextents} extents, ${file.extents.length} fit`)
  }
  if (file.extType !== FAMFS_EXT_INTERLEAVE)
    throw refusal(entry, 'unsupported', 'fmap_ext_type', shape.extType ?? 0, `no message carries a map of type ${file.extType}`)
  if (file.nextents !== file.interleaved.length)
    throw refusal(entry, 'count', 'fmap_niext', shape.nextents, `${file.nextents} interleaved extents, ${file.interleaved.length} fit`)
  return { ext_type: 'interleaved', file_size, extents: file.interleaved.map(group => groupOf(entry, file_size, group)) }
}

/**
 * The map of a file's entry, exactly as the log has it; the one interleaved extent holds the bytes of the file.
 * @throws WireError unsupported for an entry that is no file or a map of an unknown type, count for more extents than the slot has room
 * for, range for a chunk size or device index of more than 32 bits. Offsets count from the first byte of the log.
 */
export function mapOfEntry(entry: Entry): FileMap {
  const file = fileOf(entry)
  if (file === undefined)
    throw refusal(entry, 'unsupported', 'famfs_log_entry_type', entry.shape.entry.type, `the entry is a ${entry.kind}, no file`)
  return mapIn(entry, file)
}

/** For which kernel the reply of a file is made. */
export interface FmapOptions extends VerdictOptions {
  /** says the map as simple extents where the dialect has no interleaved ones; default false: then there is a refusal */
  readonly unroll?: boolean
}

/**
 * The GET_FMAP reply that gives a kernel of the dialect this file.
 * @returns the body of the reply, or why no such kernel can be given it: in the map ({@link mapOfEntry}), or what its parser objects to
 */
export function fmapOfEntry(entry: Entry, dialect: Dialect | DialectName, options: FmapOptions = {}): Result<Uint8Array> {
  return attempt(() => toFmap(mapOfEntry(entry), dialect, options).bytes)
}

/**
 * {@link fmapOfEntry} for every dialect that has famfs, those of the library oldest first.
 * @param among dialects by their ids; default all of this library
 */
export function fmapsOfEntry(
  entry: Entry,
  options: FmapOptions = {},
  among: Readonly<Record<string, Dialect>> = knownDialects,
): { readonly dialect: Dialect; readonly reply: Result<Uint8Array> }[] {
  const asking = Object.values(among).filter(dialect => dialect.reply.GET_FMAP !== undefined)
  return asking.map(dialect => ({ dialect, reply: fmapOfEntry(entry, dialect, options) }))
}

/**
 * The argument of the ioctl that gives this file its map, in the form of a version of the ioctl ABI: a regular file, in groups as in extents
 * exactly as the log has it.
 * @returns the command, its argument and what the form has no place for, or why there is none: in the map ({@link mapOfEntry}), in the form,
 * or what the driver objects to (`toIoctl`)
 */
export function ioctlOfEntry(
  entry: Entry,
  dialect: IoctlDialect | IoctlDialectId,
  options: Omit<ToIoctlOptions, 'fileType'> = {},
): Result<IoctlForm> {
  return attempt(() => toIoctl(mapOfEntry(entry), dialect, options))
}

/** {@link ioctlOfEntry} for every version of the ioctl ABI, oldest first. */
export function ioctlsOfEntry(
  entry: Entry,
  options: Omit<ToIoctlOptions, 'fileType'> = {},
): { readonly dialect: IoctlDialectId; readonly form: Result<IoctlForm> }[] {
  return ioctlDialectIds.map(dialect => ({ dialect, form: ioctlOfEntry(entry, dialect, options) }))
}

function shadowOf(file: FileEntry): ShadowFile {
  const { path, size = 0n, flags, mode = 0, uid = 0, gid = 0, extType, nextents, extents, interleaved } = file
  return { path, size, flags, mode, uid, gid, extType, nextents, extents, interleaved }
}

/**
 * The bytes that the reference's daemon answers for this file, its shifted strip index and its cut numbers included: for comparison only.
 * facts: metadata 5, GET_FMAP reply
 * @returns undefined for an entry that is no file, or one whose lookup fails in the daemon
 */
export function fusedReplyOfEntry(entry: Entry): Uint8Array | undefined {
  const file = fileOf(entry)
  if (file === undefined) return undefined
  const shadow = shadowOf(file)
  return writerFault(shadow) === undefined && readBackResult(shadow) === 0 ? fusedMessage(shadow) : undefined
}
