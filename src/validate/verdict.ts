/** What a kernel does with a GET_FMAP reply: the generated form says yes, with the map read from the same block; the walk says why not. */
import { in32, in64 } from '../codec/scratch.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { fastErrno } from './errno.ts'
import { EXTENT_SIZE, extentFields, GROUP_SIZE, groupFields, HEADER_SIZE, headerFields } from './generated/fields.ts'
import { bitmapOf, extentShift, type Meta, type MetaExtent, type MetaGroup } from './meta.ts'
import { dialectOf, type VerdictOptions, X86_64 } from './options.ts'
import { type Verdict, walkedVerdict } from './walk.ts'

export type { Accepted, Refused, Verdict } from './walk.ts'

type Field = readonly [offset: number, size: number]

/** Of the struct that starts at byte `base` of the block. */
const small = (base: number, [offset]: Field): number => in32[(base + offset) >> 2] as number
const wide = (base: number, [offset]: Field): bigint => in64[(base + offset) >> 3] as bigint

function extentsAt(first: number, count: number): MetaExtent[] {
  const extents: MetaExtent[] = []
  for (let i = 0, at = first; i < count; i++, at += EXTENT_SIZE)
    extents.push({
      dev_index: small(at, extentFields.se_devindex),
      offset: wide(at, extentFields.se_offset),
      len: wide(at, extentFields.se_len),
    })
  return extents
}

function groupsAt(first: number, count: number): MetaGroup[] {
  const groups: MetaGroup[] = []
  let at = first
  for (let i = 0; i < count; i++) {
    const nstrips = small(at, groupFields.ie_nstrips)
    const strips = extentsAt(at + GROUP_SIZE, nstrips)
    groups.push({ nstrips, chunk_size: small(at, groupFields.ie_chunk_size), nbytes: wide(at, groupFields.ie_nbytes), strips })
    at += GROUP_SIZE + nstrips * EXTENT_SIZE
  }
  return groups
}

/** Of the map on the block, which was found good: every count is one that the bytes bear out. */
function metaOfBlock(push: boolean): Meta {
  const count = small(0, headerFields.nextents)
  const file_type = small(0, headerFields.file_type) & 0xff
  const file_size = wide(0, headerFields.file_size)
  if (small(0, headerFields.ext_type) === 1) {
    const extents = groupsAt(HEADER_SIZE, count)
    return { file_type, file_size, ext_type: 'interleaved', extents, dev_bitmap: bitmapOf(extents.flatMap(g => g.strips)) }
  }
  const extents = extentsAt(HEADER_SIZE, count)
  const shift = push ? { ext_shift: extentShift(extents) } : {}
  return { file_type, file_size, ext_type: 'simple', ...shift, extents, dev_bitmap: bitmapOf(extents) }
}

/**
 * What a kernel of this dialect does with the body of a GET_FMAP reply (the bytes after fuse_out_header): the first decisive check of its
 * parser, or what it keeps. Sums are exact and wrap where the kernel's do. The transport is not asked: see `predictOpen` for reply lengths.
 *
 * @param bytes the body as the parser is given it; may have any length, trailing bytes are ignored as kernels do
 * @param dialect a dialect or its id
 * @param options page and PMD size and the largest allocation of that machine
 * @returns `{ ok: true, errno: 0, meta }`, or `ok: false` with errno, reason, check and the field to blame
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for options out of range; never for the bytes
 */
export function verdict(bytes: Uint8Array, dialect: Dialect | DialectName, options: VerdictOptions = X86_64): Verdict {
  if (fastErrno(bytes, dialect, options) !== 0) return walkedVerdict(bytes, dialect, options)
  return { ok: true, errno: 0, meta: metaOfBlock(dialectOf(dialect, 'GET_FMAP').push) }
}
