/** Structs of fuse-iomap: a server tells the kernel extents by messages and notifications. Experimental. facts: today 4 */
import { array, bytes, chars, nested, s32, s64, struct, u8, u16, u32, u64 } from '../../schema/index.ts'
import { fuse_iomap_config_flags, fuse_iomap_io_flags, fuse_iomap_ioend_flags, fuse_iomap_op_flags, fuse_iomap_type } from './names.ts'

const inode = { attr_ino: u64.doc('inode number as attributes tell it') }
const asked = { pos: u64.doc('first byte of the file'), count: u64.doc('bytes') }

/** Where a range of a file lies. */
export const fuse_iomap_io = struct('fuse_iomap_io', {
  offset: u64.doc('first byte of the file'),
  length: u64.doc('bytes'),
  addr: u64.doc('first byte on the device; all ones: none'),
  type: u16.named(fuse_iomap_type),
  flags: u16.flags(fuse_iomap_io_flags),
  dev: u32.doc('number of the device'),
})

/** IOMAP_BEGIN request: where does this range lie? */
export const fuse_iomap_begin_in = struct('fuse_iomap_begin_in', {
  opflags: u32.flags(fuse_iomap_op_flags),
  reserved: u32.reserved(),
  ...inode,
  ...asked,
})

/** IOMAP_BEGIN reply: where it is read from, and where writes go. */
export const fuse_iomap_begin_out = struct('fuse_iomap_begin_out', { read: nested(fuse_iomap_io), write: nested(fuse_iomap_io) })

/** IOMAP_END request: the range is done with. */
export const fuse_iomap_end_in = struct('fuse_iomap_end_in', {
  opflags: u32.flags(fuse_iomap_op_flags),
  reserved: u32.reserved(),
  ...inode,
  ...asked,
  written: s64.doc('bytes done, or a negative errno'),
  map: nested(fuse_iomap_io),
})

/** IOMAP_IOEND request: a write has reached the device. */
export const fuse_iomap_ioend_in = struct('fuse_iomap_ioend_in', {
  flags: u32.flags(fuse_iomap_ioend_flags),
  error: s32.doc('0, or a negative errno'),
  ...inode,
  pos: u64.doc('first byte of the file'),
  new_addr: u64.doc('first byte on the device'),
  written: u64.doc('bytes'),
  dev: u32.doc('number of the device'),
  pad: u32.reserved(),
})

/** IOMAP_IOEND reply. */
export const fuse_iomap_ioend_out = struct('fuse_iomap_ioend_out', { newsize: u64.doc('bytes of the file from now on') })

/** IOMAP_CONFIG request: what the kernel could take. */
export const fuse_iomap_config_in = struct('fuse_iomap_config_in', {
  flags: u64.flags(fuse_iomap_config_flags),
  maxbytes: s64.doc('largest file'),
  cache_maxbytes: u32.doc('bytes'),
  zero: u32.reserved(),
  padding: array(u64, 5).reserved(),
})

/** IOMAP_CONFIG reply: what the file system is. */
export const fuse_iomap_config_out = struct('fuse_iomap_config_out', {
  flags: u64.flags(fuse_iomap_config_flags, 'which of the words below count'),
  s_id: chars(32).doc('name of the file system'),
  s_uuid: bytes(16),
  s_uuid_len: u8.doc('bytes of s_uuid that count'),
  s_pad: array(u8, 3).reserved(),
  s_blocksize: u32.doc('bytes'),
  s_max_links: u32,
  s_time_gran: u32.doc('nanoseconds'),
  s_time_min: s64.doc('seconds since 1970'),
  s_time_max: s64.doc('seconds since 1970'),
  s_maxbytes: s64.doc('largest file'),
  cache_maxbytes: u32.doc('bytes'),
  tail: u32.reserved('the compiler leaves it'),
})

/** A range of a file. */
export const fuse_range = struct('fuse_range', { offset: u64, length: u64 })

/** IOMAP_DEV_INVAL notification: forget what lies there on a device. */
export const fuse_iomap_dev_inval_out = struct('fuse_iomap_dev_inval_out', {
  dev: u32.doc('number of the device'),
  reserved: u32.reserved(),
  range: nested(fuse_range),
})

/** IOMAP_INVAL_MAPPINGS notification: forget mappings. Length all ones: to the end; 0: nothing. */
export const fuse_iomap_inval_mappings_out = struct('fuse_iomap_inval_mappings_out', {
  nodeid: u64,
  ...inode,
  read: nested(fuse_range),
  write: nested(fuse_range),
})

/** IOMAP_UPSERT_MAPPINGS notification: a range lies there from now on. */
export const fuse_iomap_upsert_mappings_out = struct('fuse_iomap_upsert_mappings_out', {
  nodeid: u64,
  ...inode,
  read: nested(fuse_iomap_io),
  write: nested(fuse_iomap_io),
})

/** FREEZE_FS request; of its word only the size is published. */
export const fuse_freezefs_in = struct('fuse_freezefs_in', { word: u64 })

/** SHUTDOWN_FS request; of its word only the size is published. */
export const fuse_shutdownfs_in = struct('fuse_shutdownfs_in', { word: u64 })
