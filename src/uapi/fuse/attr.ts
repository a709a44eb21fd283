/** Attributes of files and file systems, and the entries that carry them. facts: fuse-structs.md, wire 10.3 */
import { array, nested, s32, s64, struct, u16, u32, u64 } from '../../schema/index.ts'
import { fuse_attr_flags, fuse_getattr_flags, fuse_setattr_valid, statx_attributes, statx_mask, statx_sync_flags } from './flags.ts'

const attrStart = {
  ino: u64,
  size: u64.doc('bytes'),
  blocks: u64.doc('of 512 bytes'),
  atime: u64.doc('seconds since 1970, signed'),
  mtime: u64,
  ctime: u64,
  atimensec: u32,
  mtimensec: u32,
  ctimensec: u32,
  mode: u32,
  nlink: u32,
  uid: u32,
  gid: u32,
  rdev: u32,
}

/** 88 bytes; 80 below minor 9. facts: wire 10.3, 10.7 */
export const fuse_attr = struct('fuse_attr', {
  ...attrStart,
  blksize: u32.since(9),
  flags: u32.flags(fuse_attr_flags).since(9),
})

/** A time in {@link fuse_statx}. */
export const fuse_sx_time = struct('fuse_sx_time', { tv_sec: s64, tv_nsec: u32, __reserved: s32.reserved() }, { since: 39 })

/** What statx(2) tells, 256 bytes. facts: fuse-structs.md */
export const fuse_statx = struct(
  'fuse_statx',
  {
    mask: u32.flags(statx_mask, 'what follows is known of these'),
    blksize: u32,
    attributes: u64.flags(statx_attributes),
    nlink: u32,
    uid: u32,
    gid: u32,
    mode: u16,
    __spare0: array(u16, 1).reserved(),
    ino: u64,
    size: u64.doc('bytes'),
    blocks: u64.doc('of 512 bytes'),
    attributes_mask: u64.flags(statx_attributes, 'the attributes that are supported'),
    atime: nested(fuse_sx_time),
    btime: nested(fuse_sx_time),
    ctime: nested(fuse_sx_time),
    mtime: nested(fuse_sx_time),
    rdev_major: u32,
    rdev_minor: u32,
    dev_major: u32,
    dev_minor: u32,
    __spare2: array(u64, 14).reserved(),
  },
  { since: 39 },
)

/** Totals of a file system, 80 bytes; 48 below minor 4. facts: wire 10.3 */
export const fuse_kstatfs = struct('fuse_kstatfs', {
  blocks: u64,
  bfree: u64,
  bavail: u64,
  files: u64,
  ffree: u64,
  bsize: u32,
  namelen: u32,
  frsize: u32.since(4),
  padding: u32.reserved().since(4),
  spare: array(u32, 6).reserved().since(4),
})

const entryStart = {
  nodeid: u64.doc('0: there is no such file, and that may be cached'),
  generation: u64.doc('nodeid and generation together are never used twice'),
  entry_valid: u64.doc('seconds for which the name may be cached'),
  attr_valid: u64.doc('seconds for which the attributes may be cached'),
  entry_valid_nsec: u32,
  attr_valid_nsec: u32,
}

/** What LOOKUP and nearly everything that makes a file answer, 128 bytes; 120 below minor 9. facts: wire 10.3 */
export const fuse_entry_out = struct('fuse_entry_out', { ...entryStart, attr: nested(fuse_attr) })

/** The same in messages younger than minor 9, which have all of it whatever was negotiated: READDIRPLUS and TMPFILE. */
export const entryWhole = struct('fuse_entry_out', {
  ...entryStart,
  attr: nested(struct('fuse_attr', { ...attrStart, blksize: u32, flags: u32.flags(fuse_attr_flags) })),
})

/** GETATTR request. Kernels below 7.9 sent nothing; a newer one sends this whatever was negotiated. facts: wire 10.3 */
export const fuse_getattr_in = struct('fuse_getattr_in', {
  getattr_flags: u32.flags(fuse_getattr_flags),
  dummy: u32.reserved(),
  fh: u64.doc('only with FUSE_GETATTR_FH'),
})

/** Reply of GETATTR and SETATTR, 104 bytes; 96 below minor 9. facts: wire 10.3 */
export const fuse_attr_out = struct('fuse_attr_out', {
  attr_valid: u64.doc('seconds for which the attributes may be cached'),
  attr_valid_nsec: u32,
  dummy: u32.reserved(),
  attr: nested(fuse_attr),
})

/** STATX request. facts: fuse-structs.md */
export const fuse_statx_in = struct(
  'fuse_statx_in',
  {
    getattr_flags: u32.flags(fuse_getattr_flags),
    reserved: u32.reserved(),
    fh: u64.doc('only with FUSE_GETATTR_FH'),
    sx_flags: u32.flags(statx_sync_flags),
    sx_mask: u32.flags(statx_mask),
  },
  { since: 39 },
)

/** STATX reply. facts: fuse-structs.md */
export const fuse_statx_out = struct(
  'fuse_statx_out',
  {
    attr_valid: u64.doc('seconds for which the attributes may be cached'),
    attr_valid_nsec: u32,
    flags: u32.flags(fuse_attr_flags),
    spare: array(u64, 2).reserved(),
    stat: nested(fuse_statx),
  },
  { since: 39 },
)

/** SETATTR request. facts: fuse-structs.md */
export const fuse_setattr_in = struct('fuse_setattr_in', {
  valid: u32.flags(fuse_setattr_valid, 'which of the words below to apply'),
  padding: u32.reserved(),
  fh: u64,
  size: u64.doc('bytes'),
  lock_owner: u64,
  atime: u64.doc('seconds since 1970, signed'),
  mtime: u64,
  ctime: u64,
  atimensec: u32,
  mtimensec: u32,
  ctimensec: u32,
  mode: u32,
  unused4: u32.reserved(),
  uid: u32,
  gid: u32,
  unused5: u32.reserved(),
})

/** STATFS reply. */
export const fuse_statfs_out = struct('fuse_statfs_out', { st: nested(fuse_kstatfs) })
