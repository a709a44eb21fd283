/** Names and numbers of fuse-iomap. All of them are experimental: they may change before mainline takes any. facts: today 4 */
import { enumeration, flagSet } from '../../schema/index.ts'
import { FUSE_DEV_IOC_MAGIC, IOC_NONE, IOC_READ, IOC_WRITE, ioc } from '../fuse/ioctl.ts'

/** Minor that the branch announces, so that nothing takes it for a version of mainline. */
export const FUSE_IOMAP_MINOR = 99
/** INIT bit FUSE_IOMAP; mainline has it for something else. facts: today 2 */
export const FUSE_IOMAP_INIT_BIT = 43
/** `addr` of a mapping that is on no device. */
export const FUSE_IOMAP_NULL_ADDR = 0xffff_ffff_ffff_ffffn
/** `length` of a range that goes to the end of the file; 0 means that the range is ignored. */
export const FUSE_IOMAP_TO_END = 0xffff_ffff_ffff_ffffn

/** What a range of a file is. */
export const fuse_iomap_type = enumeration('fuse_iomap_type', {
  FUSE_IOMAP_TYPE_HOLE: 0,
  FUSE_IOMAP_TYPE_DELALLOC: 1,
  FUSE_IOMAP_TYPE_MAPPED: 2,
  FUSE_IOMAP_TYPE_UNWRITTEN: 3,
  FUSE_IOMAP_TYPE_INLINE: 4,
  FUSE_IOMAP_TYPE_NOCACHE: 253,
  FUSE_IOMAP_TYPE_RETRY_CACHE: 254,
  FUSE_IOMAP_TYPE_PURE_OVERWRITE: 255,
})

/** `flags` of a mapping. */
export const fuse_iomap_io_flags = flagSet('fuse_iomap_io_flags', {
  FUSE_IOMAP_F_NEW: 0,
  FUSE_IOMAP_F_DIRTY: 1,
  FUSE_IOMAP_F_SHARED: 2,
  FUSE_IOMAP_F_MERGED: 3,
  FUSE_IOMAP_F_BOUNDARY: 4,
  FUSE_IOMAP_F_ANON_WRITE: 5,
  FUSE_IOMAP_F_ATOMIC_BIO: 6,
  FUSE_IOMAP_F_WANT_IOMAP_END: 7,
  FUSE_IOMAP_F_SIZE_CHANGED: 8,
  FUSE_IOMAP_F_STALE: 9,
})

/** `opflags` of IOMAP_BEGIN and IOMAP_END: what the kernel is about. */
export const fuse_iomap_op_flags = flagSet('fuse_iomap_op_flags', {
  FUSE_IOMAP_OP_WRITE: 0,
  FUSE_IOMAP_OP_ZERO: 1,
  FUSE_IOMAP_OP_REPORT: 2,
  FUSE_IOMAP_OP_FAULT: 3,
  FUSE_IOMAP_OP_DIRECT: 4,
  FUSE_IOMAP_OP_NOWAIT: 5,
  FUSE_IOMAP_OP_OVERWRITE_ONLY: 6,
  FUSE_IOMAP_OP_UNSHARE: 7,
  FUSE_IOMAP_OP_DAX: 8,
  FUSE_IOMAP_OP_ATOMIC: 9,
  FUSE_IOMAP_OP_DONTCACHE: 10,
  FUSE_IOMAP_OP_SWAPFILE: 30,
  FUSE_IOMAP_OP_WRITEBACK: 31,
})

/** `flags` of IOMAP_IOEND. */
export const fuse_iomap_ioend_flags = flagSet('fuse_iomap_ioend_flags', {
  FUSE_IOMAP_IOEND_SHARED: 0,
  FUSE_IOMAP_IOEND_UNWRITTEN: 1,
  FUSE_IOMAP_IOEND_BOUNDARY: 2,
  FUSE_IOMAP_IOEND_DIRECT: 3,
  FUSE_IOMAP_IOEND_APPEND: 4,
  FUSE_IOMAP_IOEND_WRITEBACK: 5,
  FUSE_IOMAP_IOEND_SWAPOFF: 6,
})

/** `flags` of IOMAP_CONFIG: which of its other words count. */
export const fuse_iomap_config_flags = flagSet('fuse_iomap_config_flags', {
  FUSE_IOMAP_CONFIG_SID: 0,
  FUSE_IOMAP_CONFIG_UUID: 1,
  FUSE_IOMAP_CONFIG_BLOCKSIZE: 2,
  FUSE_IOMAP_CONFIG_MAX_LINKS: 3,
  FUSE_IOMAP_CONFIG_TIME: 4,
  FUSE_IOMAP_CONFIG_MAXBYTES: 5,
  FUSE_IOMAP_CONFIG_CACHE_MAXBYTES: 6,
})

/** `flags` of fuse_attr and fuse_statx_out as this branch extends them. */
export const fuse_iomap_attr_flags = flagSet('fuse_attr_flags', {
  FUSE_ATTR_SUBMOUNT: 0,
  FUSE_ATTR_DAX: 1,
  FUSE_ATTR_EXCLUSIVE: 2,
  FUSE_ATTR_IOMAP: 3,
  FUSE_ATTR_ATOMIC: 4,
  FUSE_ATTR_SYNC: 5,
  FUSE_ATTR_IMMUTABLE: 6,
  FUSE_ATTR_APPEND: 7,
})

/** The low byte of `flags` of fuse_backing_map: what the file descriptor is for. */
export const FUSE_BACKING_TYPE_MASK = 0xff
/** Values of that byte. */
export const fuse_backing_type = enumeration('fuse_backing_type', { FUSE_BACKING_TYPE_PASSTHROUGH: 0, FUSE_BACKING_TYPE_IOMAP: 1 })

/** Bytes of the answer of IOMAP_SUPPORT; what they say is not published. */
const SUPPORT_SIZE = 16

/** ioctl(2) calls on /dev/fuse by name. */
export const fuseIomapIoctls = {
  FUSE_DEV_IOC_IOMAP_SUPPORT: ioc(IOC_READ, FUSE_DEV_IOC_MAGIC, 99, SUPPORT_SIZE),
  FUSE_DEV_IOC_SET_NOFS: ioc(IOC_WRITE, FUSE_DEV_IOC_MAGIC, 100, 4),
  FUSE_DEV_IOC_ADD_IOMAP: ioc(IOC_NONE, FUSE_DEV_IOC_MAGIC, 101, 0),
} as const
