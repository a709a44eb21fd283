/** The famfs map that notifications of fuse-iomap describe, and what of them a map cannot say. facts: today 4 */
import { decode } from '../../codec/decode.ts'
import { WireError } from '../../codec/errors.ts'
import { contextFor, splitMessages } from '../../codec/message.ts'
import { fuseIomap } from '../../uapi/dialects/fuse-iomap.ts'
import { notify } from '../../uapi/fuse/message.ts'
import { fuse_iomap_type } from '../../uapi/iomap/names.ts'
import { unsupported } from '../errors.ts'
import type { Loss } from '../ioctl/from.ts'
import type { SimpleMap } from '../map.ts'
import type { Upsert } from './to.ts'

const { FUSE_IOMAP_TYPE_MAPPED, FUSE_IOMAP_TYPE_PURE_OVERWRITE } = fuse_iomap_type.values
const UPSERT = fuseIomap.notifications.IOMAP_UPSERT_MAPPINGS.code

/** How the map is made. */
export interface FromIomapOptions {
  /** bytes of the file; default all that is mapped */
  readonly fileSize?: bigint
  /** index of the device with that number; default the number itself */
  readonly indexOf?: (dev: number) => number
}

/** A map, and whose it is. */
export interface MapOfIomap {
  readonly map: SimpleMap
  readonly nodeid: bigint
  readonly attrIno: bigint
  readonly lost: readonly Loss[]
}

/**
 * The bodies of IOMAP_UPSERT_MAPPINGS notifications that stand one after the other.
 * @throws WireError as `splitMessages` and decoding do, code tag for any other message; offsets count from the first byte given
 */
export function decodeUpserts(bytes: Uint8Array): Upsert[] {
  const context = contextFor({ dialect: fuseIomap })
  return Array.from(splitMessages(bytes, 'notify'), (message, i) => {
    const { header, body } = decode(notify, message, context)
    if (header.unique === 0n && header.error === UPSERT) return body as Upsert
    throw new WireError({
      code: 'tag',
      path: `[${i}].header.error`,
      offset: message.byteOffset - bytes.byteOffset + 4,
      length: 4,
      detail: `is ${header.error} with unique ${header.unique}, and IOMAP_UPSERT_MAPPINGS is ${UPSERT} with 0`,
      expected: UPSERT,
      actual: header.error,
    })
  })
}

/** What of one notification no map has room for. */
function* lossesOf({ read, write }: Upsert, i: number): Generator<Loss> {
  if (read.flags !== 0) yield { path: `[${i}].read.flags`, why: `they are ${read.flags}, and a map has none` }
  const says = write.length !== 0n && write.type !== FUSE_IOMAP_TYPE_PURE_OVERWRITE
  if (says && (write.addr !== read.addr || write.dev !== read.dev || write.offset !== read.offset || write.length !== read.length))
    yield { path: `[${i}].write`, why: 'writes go elsewhere than reads come from, and a map has one place for both' }
}

/** Each must be there, and go on where the one before it ends: a map has no holes. */
function checkContinues(upserts: readonly { readonly upsert: Upsert; readonly i: number }[]): void {
  let end = 0n
  for (const { upsert, i } of upserts) {
    const { type, offset, length } = upsert.read
    if (type !== FUSE_IOMAP_TYPE_MAPPED)
      throw unsupported(`[${i}].read.type`, `is ${type}, and a map knows mapped bytes only (${FUSE_IOMAP_TYPE_MAPPED})`)
    if (offset !== end) throw unsupported(`[${i}].read.offset`, `is ${offset}, and a map has neither holes nor overlaps: expected ${end}`)
    end = offset + length
  }
}

/**
 * The map that these notifications of one file describe, in whatever order they come.
 * @throws WireError code unsupported for notifications of several files, for holes, overlaps and ranges that are not mapped, and for none at all
 */
export function fromIomap(upserts: readonly Upsert[], { fileSize, indexOf = same => same }: FromIomapOptions = {}): MapOfIomap {
  if (!Array.isArray(upserts)) throw unsupported('', 'needs a list of notifications')
  const [first] = upserts as readonly Upsert[]
  if (first === undefined) throw unsupported('', 'there is no notification, and a map has at least one extent')
  const other = upserts.findIndex(({ nodeid }) => nodeid !== first.nodeid)
  if (other >= 0)
    throw unsupported(`[${other}].nodeid`, `is ${upserts[other]?.nodeid}: these are files ${first.nodeid} and others, and a map is of one`)
  const ordered = upserts
    .map((upsert, i) => ({ upsert, i }))
    .filter(({ upsert }) => upsert.read.length > 0n)
    .sort((a, b) => (a.upsert.read.offset < b.upsert.read.offset ? -1 : a.upsert.read.offset > b.upsert.read.offset ? 1 : a.i - b.i))
  checkContinues(ordered)
  const extents = ordered.map(({ upsert: { read } }) => ({ dev_index: indexOf(read.dev), offset: read.addr, len: read.length }))
  const mapped = extents.reduce((sum, { len }) => sum + len, 0n)
  const unsaid =
    fileSize === undefined ? [{ path: 'file_size', why: `no notification says it: taken to be all that is mapped, ${mapped}` }] : []
  return {
    map: { ext_type: 'simple', file_size: fileSize ?? mapped, extents },
    nodeid: first.nodeid,
    attrIno: first.attr_ino,
    lost: [...unsaid, ...upserts.flatMap((upsert, i) => [...lossesOf(upsert, i)])],
  }
}
