/** The famfs metadata log: a header and fixed slots, only ever appended to. facts: metadata 3 */
import {
  array,
  bytes,
  chars,
  enumeration,
  field,
  type Input,
  nested,
  type Schema,
  struct,
  u32,
  u64,
  type Value,
} from '../../schema/index.ts'
import { uuid_le } from './superblock.ts'

/** `famfs_log_magic`; it never changed. facts: metadata 1 */
export const FAMFS_LOG_MAGIC = 0xbadcafef00dn
/** Bytes of a path field. The writer uses at most 79 of them. facts: metadata 3, limits */
export const FAMFS_MAX_PATHLEN = 80
/** Extents of a file, and strips of an interleaved extent. facts: metadata 3, limits */
export const FAMFS_MAX_SIMPLE_EXTENTS = 16
/** Interleaved extents of a file. facts: metadata 3, limits */
export const FAMFS_MAX_INTERLEAVED_EXTENTS = 1

/** Entry types since L24. facts: metadata 3 */
export const famfs_log_entry_type = enumeration('famfs_log_entry_type', {
  FAMFS_LOG_FILE: 0,
  FAMFS_LOG_MKDIR: 1,
  FAMFS_LOG_DELETE: 2,
  FAMFS_LOG_ADD_DAXDEV: 3,
  FAMFS_LOG_INVALID: 4,
})
/** A file and its map. facts: metadata 3 */
export const FAMFS_LOG_FILE = 0
/** A directory. facts: metadata 3 */
export const FAMFS_LOG_MKDIR = 1
/** Defined, but no tool writes it. facts: metadata 3 */
export const FAMFS_LOG_DELETE = 2
/** A device joins the file system. facts: metadata 3 */
export const FAMFS_LOG_ADD_DAXDEV = 3
/** No type. facts: metadata 3 */
export const FAMFS_LOG_INVALID = 4

/** How a file lies on its devices. facts: metadata 3 */
export const famfs_log_ext_type = enumeration('famfs_log_ext_type', { FAMFS_EXT_SIMPLE: 0, FAMFS_EXT_INTERLEAVE: 1 })
/** A list of extents. facts: metadata 3 */
export const FAMFS_EXT_SIMPLE = 0
/** Strips in chunks. facts: metadata 3 */
export const FAMFS_EXT_INTERLEAVE = 1

/** Head of the log, 48 bytes, the same since L08. The slots follow it. facts: metadata 3 */
export const famfs_log_header = struct('famfs_log_header', {
  famfs_log_magic: u64.doc('FAMFS_LOG_MAGIC'),
  famfs_log_len: u64.doc('bytes of the whole log, this header included'),
  famfs_log_last_index: u64.doc('last slot that may be used'),
  famfs_log_crc: u64.doc('crc32 of the 24 bytes before it; an unsigned long'),
  famfs_log_next_seqnum: u64.doc('in no crc'),
  famfs_log_next_index: u64.doc('slots in use; in no crc, compared with nothing'),
})

/** One run of memory on one device. As an element of an interleaved extent it is called a strip. */
export const famfs_simple_extent = struct('famfs_simple_extent', {
  se_devindex: u64.doc('slot in the device table; only 0 is ever written'),
  se_offset: u64.doc('first byte on the device'),
  se_len: u64.doc('bytes'),
})

/** Strips of an interleaved extent, up to `capacity` of them. */
export const strips = (capacity: number) => array(famfs_simple_extent, 'ie_nstrips', { capacity })

/** Chunks that go round over strips. */
export const famfs_interleaved_ext = struct('famfs_interleaved_ext', {
  ie_nstrips: u64.derived('strips in use'),
  ie_chunk_size: u64.doc('bytes that go to one strip before the next one takes over'),
  ie_strips: strips(FAMFS_MAX_SIMPLE_EXTENTS),
})

type Cases = Readonly<Record<number, Schema<unknown>>>
type OneOf<C extends Cases> = Value<C[keyof C & number]> | Uint8Array
type AnyInput<C extends Cases> = Input<C[keyof C & number]> | Uint8Array

/**
 * A C union of `size` bytes without a name of its own. Bytes that no case describes are kept as they are: a log holds whatever somebody
 * wrote, and an entry of an unknown type is not an error of its bytes.
 */
export const anonymousUnion = <const C extends Cases>(tag: string, size: number, cases: C) => {
  const list = Object.entries(cases).map(([match, schema]) => ({ match: Number(match), type: schema.type }))
  return field<OneOf<C>, 'required', never, AnyInput<C>>({
    kind: 'union',
    on: { by: 'field', field: tag },
    cases: list,
    otherwise: bytes(size).type,
    size,
  })
}

/** What a map consists of, by its `fmap_ext_type`: extents, or interleaved extents. Both counts are the same bytes. */
export const mapParts = {
  simple: (capacity: number) =>
    struct('famfs_log_fmap_simple', {
      fmap_nextents: u32.derived('extents in use'),
      padding: u32.reserved(),
      se: array(famfs_simple_extent, 'fmap_nextents', { capacity }),
    }),
  interleaved: <V, I>(ie: Schema<V, I>) =>
    struct('famfs_log_fmap_interleaved', {
      fmap_niext: u32.derived('interleaved extents in use: 1'),
      padding: u32.reserved(),
      ie: array(ie, 'fmap_niext', { capacity: FAMFS_MAX_INTERLEAVED_EXTENTS }),
    }),
}

/** The map of a file. */
export const famfs_log_fmap = struct('famfs_log_fmap', {
  fmap_ext_type: u32.named(famfs_log_ext_type, 'chooses what follows'),
  padding: u32.reserved(),
  map: anonymousUnion('fmap_ext_type', 408, {
    [FAMFS_EXT_SIMPLE]: mapParts.simple(FAMFS_MAX_SIMPLE_EXTENTS),
    [FAMFS_EXT_INTERLEAVE]: mapParts.interleaved(famfs_interleaved_ext),
  }),
})

/** A path, relative to the mount point. Zero filled, ended by a NUL unless somebody else wrote it. */
export const relpath = chars(FAMFS_MAX_PATHLEN).doc('relative to the mount point; the writer cuts it to 79 bytes')

/** A file: attributes and map. Files never change. */
export const famfs_log_file_meta = struct('famfs_log_file_meta', {
  fm_size: u64.doc('bytes'),
  fm_flags: u32.doc('bit 0 all hosts read-only, bit 1 all hosts read-write; always 2, read by nobody'),
  fm_uid: u32,
  fm_gid: u32,
  fm_mode: u32.doc('permission bits'),
  fm_relpath: relpath,
  fm_fmap: nested(famfs_log_fmap),
})

/** A directory. */
export const famfs_log_mkdir = struct('famfs_log_mkdir', { md_uid: u32, md_gid: u32, md_mode: u32, md_relpath: relpath })

/** A further device. Nothing but a unit test reads it yet. facts: metadata 4, ADD_DAXDEV */
export const famfs_log_add_daxdev = struct('famfs_log_add_daxdev', {
  dd_size: u64.doc('bytes'),
  dd_uuid: uuid_le,
  dd_index: u32.doc('slot in the device table'),
  padding: u32.reserved(),
})

/** What an entry holds, by its type, each under the name of its member in C. */
export const entryMembers = {
  file: struct('famfs_log_entry_file', { famfs_fm: nested(famfs_log_file_meta) }),
  mkdir: struct('famfs_log_entry_mkdir', { famfs_md: nested(famfs_log_mkdir) }),
  addDaxdev: struct('famfs_log_entry_add_daxdev', { famfs_dd: nested(famfs_log_add_daxdev) }),
}

/** One slot of the log of today (L24): 544 bytes. facts: metadata 3 */
export const famfs_log_entry = struct('famfs_log_entry', {
  famfs_log_entry_seqnum: u64.doc('equals the number of the slot'),
  famfs_log_entry_type: u32.named(famfs_log_entry_type),
  padding: u32.reserved('in the crc'),
  body: anonymousUnion('famfs_log_entry_type', 520, {
    [FAMFS_LOG_FILE]: entryMembers.file,
    [FAMFS_LOG_MKDIR]: entryMembers.mkdir,
    [FAMFS_LOG_ADD_DAXDEV]: entryMembers.addDaxdev,
  }),
  famfs_log_entry_crc: u64.doc('crc32 of all bytes before it; an unsigned long'),
})
