/** Requests that make entries again that are in a log already. */
import { WireError } from '../../codec/errors.ts'
import type { MetaExtent } from '../../validate/meta.ts'
import { longAt, uuidAt } from '../bytes.ts'
import { deviceOf, directoryOf, type Entry, type Extent, type FileEntry, fileOf, type Interleaved, type Owned } from '../entry.ts'
import type { NewEntry, NewMap } from './request.ts'

function refused(entry: Entry, code: 'count' | 'unsupported' | 'range', detail: string): WireError {
  return new WireError({ code, path: `entries[${entry.index}]`, offset: entry.offset, length: entry.bytes.length, detail })
}

function exact(entry: Entry, value: bigint, what: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  throw refused(entry, 'range', `a ${what} of ${value} is beyond 2^53`)
}

const extentOf = (entry: Entry, { devindex, offset, length }: Extent): MetaExtent => ({
  dev_index: exact(entry, devindex, 'device index'),
  offset,
  len: length,
})

function groupOf(entry: Entry, { nstrips, chunkSize, strips }: Interleaved) {
  if (nstrips !== BigInt(strips.length)) throw refused(entry, 'count', `${nstrips} strips, of which ${strips.length} are in the entry`)
  const { nbytes } = entry.shape.entry.file.interleaved ?? {}
  const said = nbytes === undefined ? (strips[0]?.length ?? 0n) * nstrips : longAt(entry.bytes, { at: nbytes, size: 8 })
  return {
    nstrips: strips.length,
    chunk_size: exact(entry, chunkSize, 'chunk size'),
    nbytes: said,
    strips: strips.map(strip => extentOf(entry, strip)),
  }
}

function mapOf(entry: Entry, { extType, nextents, extents, interleaved }: FileEntry): NewMap {
  if (extType > 1) throw refused(entry, 'unsupported', `a map of type ${extType}`)
  const there = extType === 0 ? extents.length : interleaved.length
  if (nextents !== there) throw refused(entry, 'count', `${nextents} extents, of which ${there} are in the entry`)
  if (extType === 0) return { ext_type: 'simple', extents: extents.map(extent => extentOf(entry, extent)) }
  return { ext_type: 'interleaved', extents: interleaved.map(group => groupOf(entry, group)) }
}

/** What a layout has no field for is left to its default. */
const ownerOf = ({ path, mode, uid, gid }: Owned) => ({
  path,
  ...(mode === undefined ? {} : { mode }),
  ...(uid === undefined ? {} : { uid }),
  ...(gid === undefined ? {} : { gid }),
})

/**
 * The request that makes this entry again: the same path, owner and map, as the entry has them. What the log does not use (padding, slots
 * behind the extents) is not in it.
 * @throws WireError unsupported for an entry that is neither file nor directory nor device, for a map of an unknown type and for a layout
 * that stores no size; count for more extents than the entry holds; range for numbers beyond 2^53
 */
export function requestOfEntry(entry: Entry): NewEntry {
  const file = fileOf(entry)
  if (file !== undefined) {
    if (file.size === undefined) throw refused(entry, 'unsupported', `files of layout ${entry.layout.id} have no size`)
    return { kind: 'file', ...ownerOf(file), size: file.size, flags: file.flags, map: mapOf(entry, file) }
  }
  const directory = directoryOf(entry)
  if (directory !== undefined) return { kind: 'mkdir', ...ownerOf(directory) }
  const device = deviceOf(entry)
  if (device !== undefined) return { kind: 'add_daxdev', size: device.size, index: device.index, uuid: uuidAt(device.uuid, 0) }
  throw refused(entry, 'unsupported', `an entry of type ${entry.type} (${entry.kind})`)
}
