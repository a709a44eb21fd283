/** Entries of L11 to L23 (August 2024 to June 2026): one type of extent per file. facts: metadata 3, metadata-layouts */
import { array, enumeration, nested, type Schema, struct, u8, u16, u32, u64 } from '../../../schema/index.ts'
import {
  anonymousUnion,
  FAMFS_EXT_INTERLEAVE,
  FAMFS_EXT_SIMPLE,
  FAMFS_MAX_INTERLEAVED_EXTENTS,
  famfs_log_ext_type,
  famfs_log_fmap,
  famfs_log_mkdir,
  famfs_simple_extent,
  mapParts,
  relpath,
  strips,
} from '../log.ts'

/** Extents or strips of a file in L11 to L20. */
const MAX_EXTENTS = 8

/** Entry types of L11 to L23. */
export const entryTypesL11 = enumeration('famfs_log_entry_type', {
  FAMFS_LOG_FILE: 0,
  FAMFS_LOG_MKDIR: 1,
  FAMFS_LOG_DELETE: 2,
  FAMFS_LOG_INVALID: 3,
})

/** The extent of L11 and L12: no device index yet. */
const shortExtent = struct('famfs_simple_extent', { se_offset: u64, se_len: u64 })

const oneInterleaved = <V, I>(ie: Schema<V, I>, count: string) => array(ie, count, { capacity: FAMFS_MAX_INTERLEAVED_EXTENTS })

/** The union of L11 to L14, whose count stands outside. */
const bareLists = (tag: string, count: string, size: number, extent: Schema<unknown>, ie: Schema<unknown>) =>
  anonymousUnion(tag, size, {
    [FAMFS_EXT_SIMPLE]: struct('famfs_log_fmap_simple', { se: array(extent, count, { capacity: MAX_EXTENTS }) }),
    [FAMFS_EXT_INTERLEAVE]: struct('famfs_log_fmap_interleaved', { ie: oneInterleaved(ie, count) }),
  })

const interleaved = {
  L11: struct('famfs_interleaved_ext', {
    ie_nranges: u64.derived(),
    ie_chunk_size: u64,
    ie_strips: array(shortExtent, 'ie_nranges', { capacity: MAX_EXTENTS }),
  }),
  L12: struct('famfs_interleaved_ext', {
    ie_nstrips: u64.derived(),
    ie_chunk_size: u64,
    ie_strips: array(shortExtent, 'ie_nstrips', { capacity: MAX_EXTENTS }),
  }),
  L13: struct('famfs_interleaved_ext', { ie_nstrips: u64.derived(), ie_chunk_size: u64, ie_strips: strips(MAX_EXTENTS) }),
  L15: struct('famfs_interleaved_ext', { ie_nstrips: u64.derived(), ie_chunk_size: u64, ie_nbytes: u64, ie_strips: strips(MAX_EXTENTS) }),
  L22: struct('famfs_interleaved_ext', { ie_nstrips: u64.derived(), ie_chunk_size: u64, ie_strips: strips(32) }),
}

const extType = { fmap_ext_type: u32.named(famfs_log_ext_type) }

/** The union since L15, whose cases count for themselves. */
const countedLists = (size: number, capacity: number, ie: Schema<unknown>) =>
  struct('famfs_log_fmap', {
    ...extType,
    padding: u32.reserved(),
    map: anonymousUnion('fmap_ext_type', size, {
      [FAMFS_EXT_SIMPLE]: mapParts.simple(capacity),
      [FAMFS_EXT_INTERLEAVE]: mapParts.interleaved(ie),
    }),
  })

const outerCount = { ...extType, fmap_nextents: u32.derived('extents, or interleaved extents') }

const fmaps = {
  L11: struct('famfs_log_fmap', {
    ext_type: u32.named(famfs_log_ext_type),
    padding: u32.reserved(),
    map: bareLists('ext_type', 'fm_nextents', 144, shortExtent, interleaved.L11),
  }),
  L12: struct('famfs_log_fmap', {
    ...outerCount,
    map: bareLists('fmap_ext_type', 'fmap_nextents', 144, shortExtent, interleaved.L12),
  }),
  L13: struct('famfs_log_fmap', {
    ...outerCount,
    map: bareLists('fmap_ext_type', 'fmap_nextents', 208, famfs_simple_extent, interleaved.L13),
  }),
  L15: countedLists(224, MAX_EXTENTS, interleaved.L15),
  L20: countedLists(216, MAX_EXTENTS, interleaved.L13),
  L21: famfs_log_fmap,
  L22: countedLists(792, 32, interleaved.L22),
}

const owner = { fm_uid: u32, fm_gid: u32, fm_mode: u32 }
const path = { fm_relpath: relpath }
const size = { fm_size: u64.doc('bytes') }
const unusedType = u8.doc('written, never read; the map has its own')
const file = 'famfs_log_file_meta'

const fileL11 = struct(file, {
  ...size,
  fm_nextents: u32.derived('extents, or interleaved extents'),
  fm_flags: u32,
  ...owner,
  ...path,
  ext_type: unusedType,
  padding: u8.reserved(),
  padding1: u16.reserved(),
  fm_fmap: nested(fmaps.L11),
})

const fileL12 = (fmap: Schema<unknown>) =>
  struct(file, {
    ...size,
    fm_flags: u32,
    ...owner,
    ...path,
    ext_type: unusedType,
    padding: u8.reserved(),
    padding1: u16.reserved(),
    padding2: u32.reserved(),
    fm_fmap: nested(fmap),
  })

const fileL19 = (fmap: Schema<unknown>) => struct(file, { ...size, fm_flags: u32, ...owner, ...path, fm_fmap: nested(fmap) })

const mkdirCase = struct('famfs_log_entry_mkdir', { famfs_md: nested(famfs_log_mkdir) })

const entryOf = (bytes: number, fileCase: Schema<unknown>) =>
  struct('famfs_log_entry', {
    famfs_log_entry_seqnum: u64,
    famfs_log_entry_type: u32.named(entryTypesL11),
    padding: u32.reserved('in the crc'),
    body: anonymousUnion('famfs_log_entry_type', bytes, { 0: fileCase, 1: mkdirCase }),
    famfs_log_entry_crc: u64,
  })

const asFm = (schema: Schema<unknown>) => struct('famfs_log_entry_file', { famfs_fm: nested(schema) })

/** By the first layout that has it. */
export const mapEntries = {
  L11: entryOf(264, struct('famfs_log_entry_file', { famfs_fc: nested(fileL11) })),
  L12: entryOf(264, asFm(fileL12(fmaps.L12))),
  L13: entryOf(328, asFm(fileL12(fmaps.L13))),
  L15: entryOf(344, asFm(fileL12(fmaps.L15))),
  L19: entryOf(336, asFm(fileL19(fmaps.L15))),
  L20: entryOf(328, asFm(fileL19(fmaps.L20))),
  L21: entryOf(520, asFm(fileL19(fmaps.L21))),
  L22: entryOf(904, asFm(fileL19(fmaps.L22))),
}
