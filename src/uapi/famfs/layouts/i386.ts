/**
 * L24 as a 32-bit x86 host writes it: `unsigned long` and `size_t` have four bytes and u64 is aligned to four, so there is no padding.
 * Nothing on the media says so. facts: metadata 2, word size
 */
import { array, message, nested, u32, u64 } from '../../../schema/index.ts'
import {
  anonymousUnion,
  FAMFS_EXT_INTERLEAVE,
  FAMFS_EXT_SIMPLE,
  FAMFS_MAX_INTERLEAVED_EXTENTS,
  FAMFS_MAX_SIMPLE_EXTENTS,
  famfs_interleaved_ext,
  famfs_log_entry_type,
  famfs_log_ext_type,
  famfs_log_file_meta,
  famfs_log_header,
  famfs_log_mkdir,
  famfs_simple_extent,
} from '../log.ts'
import { uuid_le } from '../superblock.ts'

/** 44 bytes. */
export const headerI386 = message('famfs_log_header', { ...famfs_log_header.fields, famfs_log_crc: u32 })

const simple = message('famfs_log_fmap_simple', {
  fmap_nextents: u32.derived(),
  se: array(famfs_simple_extent, 'fmap_nextents', { capacity: FAMFS_MAX_SIMPLE_EXTENTS }),
})
const interleaved = message('famfs_log_fmap_interleaved', {
  fmap_niext: u32.derived(),
  ie: array(famfs_interleaved_ext, 'fmap_niext', { capacity: FAMFS_MAX_INTERLEAVED_EXTENTS }),
})
const fmap = message('famfs_log_fmap', {
  fmap_ext_type: u32.named(famfs_log_ext_type),
  map: anonymousUnion('fmap_ext_type', 404, { [FAMFS_EXT_SIMPLE]: simple, [FAMFS_EXT_INTERLEAVE]: interleaved }),
})
const file = message('famfs_log_file_meta', { ...famfs_log_file_meta.fields, fm_fmap: nested(fmap) })
const addDaxdev = message('famfs_log_add_daxdev', { dd_size: u64, dd_uuid: uuid_le, dd_index: u32 })

/** 528 bytes. */
export const entryI386 = message('famfs_log_entry', {
  famfs_log_entry_seqnum: u64,
  famfs_log_entry_type: u32.named(famfs_log_entry_type),
  body: anonymousUnion('famfs_log_entry_type', 512, {
    0: message('famfs_log_entry_file', { famfs_fm: nested(file) }),
    1: message('famfs_log_entry_mkdir', { famfs_md: nested(famfs_log_mkdir) }),
    3: message('famfs_log_entry_add_daxdev', { famfs_dd: nested(addDaxdev) }),
  }),
  famfs_log_entry_crc: u32,
})
