/** Open files. facts: fuse-structs.md, wire 10.3 */
import { nested, s32, struct, u32, u64 } from '../../schema/index.ts'
import {
  falloc_flags,
  file_lock_type,
  fuse_fopen_flags,
  fuse_fsync_flags,
  fuse_lk_flags,
  fuse_open_flags,
  fuse_read_flags,
  fuse_release_flags,
  fuse_setupmapping_flags,
  fuse_write_flags,
  open_flags,
  seek_whence,
} from './flags.ts'

/** Request of OPEN and OPENDIR. */
export const fuse_open_in = struct('fuse_open_in', { flags: u32.flags(open_flags), open_flags: u32.flags(fuse_open_flags) })

const createStart = { flags: u32.flags(open_flags), mode: u32 }

/** Head of a CREATE request, followed by the name; 8 bytes below minor 12. facts: wire 10.3 */
export const fuse_create_in = struct('fuse_create_in', {
  ...createStart,
  umask: u32.since(12),
  open_flags: u32.flags(fuse_open_flags).since(12),
})

/** The same in TMPFILE, which has all of it whatever was negotiated. */
export const createWhole = struct('fuse_create_in', { ...createStart, umask: u32, open_flags: u32.flags(fuse_open_flags) })

/** Reply of OPEN and OPENDIR. */
export const fuse_open_out = struct('fuse_open_out', {
  fh: u64.doc('handle; comes back in every request about this open file'),
  open_flags: u32.flags(fuse_fopen_flags),
  backing_id: s32.doc('only with FOPEN_PASSTHROUGH').was('padding', 40),
})

/** Request of RELEASE and RELEASEDIR. */
export const fuse_release_in = struct('fuse_release_in', {
  fh: u64,
  flags: u32.flags(open_flags),
  release_flags: u32.flags(fuse_release_flags),
  lock_owner: u64,
})

/** FLUSH request. */
export const fuse_flush_in = struct('fuse_flush_in', {
  fh: u64,
  unused: u32.reserved(),
  padding: u32.reserved(),
  lock_owner: u64,
})

/** Request of READ, READDIR and READDIRPLUS. A newer kernel sends all of it whatever was negotiated. */
export const fuse_read_in = struct('fuse_read_in', {
  fh: u64,
  offset: u64.doc('bytes; in a directory what the last entry had in off'),
  size: u32.doc('most bytes of the reply'),
  read_flags: u32.flags(fuse_read_flags),
  lock_owner: u64,
  flags: u32.flags(open_flags),
  padding: u32.reserved(),
})

/** Head of a WRITE request, followed by `size` bytes; 24 bytes below minor 9. facts: wire 10.3 */
export const fuse_write_in = struct('fuse_write_in', {
  fh: u64,
  offset: u64.doc('bytes'),
  size: u32.derived('bytes that follow'),
  write_flags: u32.flags(fuse_write_flags),
  lock_owner: u64.since(9),
  flags: u32.flags(open_flags).since(9),
  padding: u32.reserved().since(9),
})

/** Reply of WRITE and COPY_FILE_RANGE. */
export const fuse_write_out = struct('fuse_write_out', { size: u32.doc('bytes written'), padding: u32.reserved() })

/** Request of FSYNC and FSYNCDIR. */
export const fuse_fsync_in = struct('fuse_fsync_in', { fh: u64, fsync_flags: u32.flags(fuse_fsync_flags), padding: u32.reserved() })

/** A range of bytes and what holds it. */
export const fuse_file_lock = struct('fuse_file_lock', {
  start: u64,
  end: u64.doc('last byte; 2^63 - 1 is the end of the file'),
  type: u32.named(file_lock_type),
  pid: u32,
})

/** Request of GETLK, SETLK and SETLKW. */
export const fuse_lk_in = struct('fuse_lk_in', {
  fh: u64,
  owner: u64,
  lk: nested(fuse_file_lock),
  lk_flags: u32.flags(fuse_lk_flags),
  padding: u32.reserved(),
})

/** GETLK reply. */
export const fuse_lk_out = struct('fuse_lk_out', { lk: nested(fuse_file_lock) })

/** BMAP request. */
export const fuse_bmap_in = struct('fuse_bmap_in', { block: u64, blocksize: u32, padding: u32.reserved() })

/** BMAP reply. */
export const fuse_bmap_out = struct('fuse_bmap_out', { block: u64 })

/** FALLOCATE request. */
export const fuse_fallocate_in = struct('fuse_fallocate_in', {
  fh: u64,
  offset: u64,
  length: u64,
  mode: u32.flags(falloc_flags),
  padding: u32.reserved(),
})

/** LSEEK request. */
export const fuse_lseek_in = struct('fuse_lseek_in', { fh: u64, offset: u64, whence: u32.named(seek_whence), padding: u32.reserved() })

/** LSEEK reply. */
export const fuse_lseek_out = struct('fuse_lseek_out', { offset: u64 })

/** Request of COPY_FILE_RANGE and COPY_FILE_RANGE_64. */
export const fuse_copy_file_range_in = struct('fuse_copy_file_range_in', {
  fh_in: u64,
  off_in: u64,
  nodeid_out: u64,
  fh_out: u64,
  off_out: u64,
  len: u64,
  flags: u64,
})

/** COPY_FILE_RANGE_64 reply. */
export const fuse_copy_file_range_out = struct('fuse_copy_file_range_out', { bytes_copied: u64 }, { since: 45 })

/** SETUPMAPPING request (virtio-fs). */
export const fuse_setupmapping_in = struct('fuse_setupmapping_in', {
  fh: u64,
  foffset: u64.doc('first byte in the file'),
  len: u64,
  flags: u64.flags(fuse_setupmapping_flags),
  moffset: u64.doc('first byte in the memory window'),
})

/** Head of a REMOVEMAPPING request, followed by `count` times fuse_removemapping_one (virtio-fs). */
export const fuse_removemapping_in = struct('fuse_removemapping_in', { count: u32.derived() })

/** One range of REMOVEMAPPING. */
export const fuse_removemapping_one = struct('fuse_removemapping_one', { moffset: u64, len: u64 })

/** SYNCFS request. */
export const fuse_syncfs_in = struct('fuse_syncfs_in', { padding: u64.reserved() })
