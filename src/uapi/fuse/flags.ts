/** Flag words of requests and replies, by bit number. facts: wire 10.7, golden captures; INIT has its own file. */
import { enumeration, flagSet } from '../../schema/index.ts'

/** `valid` of SETATTR: which of the other words the server shall apply. facts: wire 10.7 */
export const fuse_setattr_valid = flagSet('fuse_setattr_valid', {
  FATTR_MODE: 0,
  FATTR_UID: 1,
  FATTR_GID: 2,
  FATTR_SIZE: 3,
  FATTR_ATIME: 4,
  FATTR_MTIME: 5,
  FATTR_FH: 6,
  FATTR_ATIME_NOW: 7,
  FATTR_MTIME_NOW: 8,
  FATTR_LOCKOWNER: 9,
  FATTR_CTIME: 10,
  FATTR_KILL_SUIDGID: 11,
})

/** `open_flags` of the replies to OPEN, OPENDIR, CREATE and TMPFILE. facts: wire 10.7 */
export const fuse_fopen_flags = flagSet(
  'fuse_fopen_flags',
  {
    FOPEN_DIRECT_IO: 0,
    FOPEN_KEEP_CACHE: 1,
    FOPEN_NONSEEKABLE: 2,
    FOPEN_CACHE_DIR: 3,
    FOPEN_STREAM: 4,
    FOPEN_NOFLUSH: 5,
    FOPEN_PARALLEL_DIRECT_WRITES: 6,
    FOPEN_PASSTHROUGH: 7,
    FOPEN_IO_URING_ZERO_COPY: 8,
  },
  { since: { FOPEN_PASSTHROUGH: 40, FOPEN_IO_URING_ZERO_COPY: 46 } },
)

/** `open_flags` of the requests OPEN and CREATE. */
export const fuse_open_flags = flagSet('fuse_open_flags', { FUSE_OPEN_KILL_SUIDGID: 0 })

/** open(2) flags as Linux numbers them on x86 and most other machines. */
export const open_flags = flagSet('open_flags', {
  O_WRONLY: 0,
  O_RDWR: 1,
  O_CREAT: 6,
  O_EXCL: 7,
  O_NOCTTY: 8,
  O_TRUNC: 9,
  O_APPEND: 10,
  O_NONBLOCK: 11,
  O_DSYNC: 12,
  FASYNC: 13,
  O_DIRECT: 14,
  O_LARGEFILE: 15,
  O_DIRECTORY: 16,
  O_NOFOLLOW: 17,
  O_NOATIME: 18,
  O_CLOEXEC: 19,
  __O_SYNC: 20,
  O_PATH: 21,
  __O_TMPFILE: 22,
})

/** `getattr_flags` of GETATTR and STATX. */
export const fuse_getattr_flags = flagSet('fuse_getattr_flags', { FUSE_GETATTR_FH: 0 })

/** `flags` of fuse_attr and fuse_statx_out. */
export const fuse_attr_flags = flagSet('fuse_attr_flags', { FUSE_ATTR_SUBMOUNT: 0, FUSE_ATTR_DAX: 1 })

/** `release_flags` of RELEASE. */
export const fuse_release_flags = flagSet('fuse_release_flags', { FUSE_RELEASE_FLUSH: 0, FUSE_RELEASE_FLOCK_UNLOCK: 1 })

/** `read_flags` of READ and READDIR. */
export const fuse_read_flags = flagSet('fuse_read_flags', { FUSE_READ_LOCKOWNER: 1 })

/** `write_flags` of WRITE; the last name is the older one of the same bit. */
export const fuse_write_flags = flagSet('fuse_write_flags', {
  FUSE_WRITE_CACHE: 0,
  FUSE_WRITE_LOCKOWNER: 1,
  FUSE_WRITE_KILL_SUIDGID: 2,
  FUSE_WRITE_KILL_PRIV: 2,
})

/** `fsync_flags` of FSYNC and FSYNCDIR. */
export const fuse_fsync_flags = flagSet('fuse_fsync_flags', { FUSE_FSYNC_FDATASYNC: 0 })

/** `flags` of RENAME2, as renameat2(2) takes them. */
export const rename_flags = flagSet('rename_flags', { RENAME_NOREPLACE: 0, RENAME_EXCHANGE: 1, RENAME_WHITEOUT: 2 })

/** `flags` of SETXATTR, as setxattr(2) takes them. */
export const xattr_flags = flagSet('xattr_flags', { XATTR_CREATE: 0, XATTR_REPLACE: 1 })

/** `setxattr_flags` of SETXATTR. */
export const fuse_setxattr_flags = flagSet('fuse_setxattr_flags', { FUSE_SETXATTR_ACL_KILL_SGID: 0 })

/** `mask` of ACCESS, as access(2) takes it; 0 asks whether the file exists. */
export const access_mask = flagSet('access_mask', { X_OK: 0, W_OK: 1, R_OK: 2 })

/** `lk_flags` of GETLK, SETLK and SETLKW. */
export const fuse_lk_flags = flagSet('fuse_lk_flags', { FUSE_LK_FLOCK: 0 })

/** `type` of fuse_file_lock, as fcntl(2) numbers it. */
export const file_lock_type = enumeration('file_lock_type', { F_RDLCK: 0, F_WRLCK: 1, F_UNLCK: 2 })

/** Bit of `flags` in an IOCTL reply: ask again with the memory that the lists name. */
export const FUSE_IOCTL_RETRY = 4
/** Most elements of both lists of an IOCTL reply together. */
export const FUSE_IOCTL_MAX_IOV = 256

/** `flags` of IOCTL, request and reply. */
export const fuse_ioctl_flags = flagSet('fuse_ioctl_flags', {
  FUSE_IOCTL_COMPAT: 0,
  FUSE_IOCTL_UNRESTRICTED: 1,
  FUSE_IOCTL_RETRY: 2,
  FUSE_IOCTL_32BIT: 3,
  FUSE_IOCTL_DIR: 4,
  FUSE_IOCTL_COMPAT_X32: 5,
})

/** `flags` of POLL. */
export const fuse_poll_flags = flagSet('fuse_poll_flags', { FUSE_POLL_SCHEDULE_NOTIFY: 0 })

/** `events` and `revents` of POLL, as poll(2) numbers them. */
export const poll_events = flagSet('poll_events', {
  POLLIN: 0,
  POLLPRI: 1,
  POLLOUT: 2,
  POLLERR: 3,
  POLLHUP: 4,
  POLLNVAL: 5,
  POLLRDNORM: 6,
  POLLRDBAND: 7,
  POLLWRNORM: 8,
  POLLWRBAND: 9,
  POLLMSG: 10,
  POLLRDHUP: 13,
})

/** `mode` of FALLOCATE, as fallocate(2) takes it. */
export const falloc_flags = flagSet('falloc_flags', {
  FALLOC_FL_KEEP_SIZE: 0,
  FALLOC_FL_PUNCH_HOLE: 1,
  FALLOC_FL_NO_HIDE_STALE: 2,
  FALLOC_FL_COLLAPSE_RANGE: 3,
  FALLOC_FL_ZERO_RANGE: 4,
  FALLOC_FL_INSERT_RANGE: 5,
  FALLOC_FL_UNSHARE_RANGE: 6,
})

/** `whence` of LSEEK; the kernel asks the server for the last two only. */
export const seek_whence = enumeration('seek_whence', { SEEK_SET: 0, SEEK_CUR: 1, SEEK_END: 2, SEEK_DATA: 3, SEEK_HOLE: 4 })

/** `flags` of SETUPMAPPING. */
export const fuse_setupmapping_flags = flagSet('fuse_setupmapping_flags', {
  FUSE_SETUPMAPPING_FLAG_WRITE: 0,
  FUSE_SETUPMAPPING_FLAG_READ: 1,
})

/** `flags` of NOTIFY_INVAL_ENTRY. */
export const fuse_inval_entry_flags = flagSet('fuse_inval_entry_flags', { FUSE_EXPIRE_ONLY: 0 })

/** `flags` of CUSE_INIT. */
export const cuse_init_flags = flagSet('cuse_init_flags', { CUSE_UNRESTRICTED_IOCTL: 0 })

/** `type` of a directory entry: bits 12..15 of the mode. */
export const dirent_type = enumeration('dirent_type', {
  DT_UNKNOWN: 0,
  DT_FIFO: 1,
  DT_CHR: 2,
  DT_DIR: 4,
  DT_BLK: 6,
  DT_REG: 8,
  DT_LNK: 10,
  DT_SOCK: 12,
  DT_WHT: 14,
})

/** `sx_flags` of STATX, as statx(2) takes them. */
export const statx_sync_flags = flagSet('statx_sync_flags', { AT_STATX_FORCE_SYNC: 13, AT_STATX_DONT_SYNC: 14 })

/** `sx_mask` of STATX and `mask` of fuse_statx: what is asked for, and what is known. */
export const statx_mask = flagSet('statx_mask', {
  STATX_TYPE: 0,
  STATX_MODE: 1,
  STATX_NLINK: 2,
  STATX_UID: 3,
  STATX_GID: 4,
  STATX_ATIME: 5,
  STATX_MTIME: 6,
  STATX_CTIME: 7,
  STATX_INO: 8,
  STATX_SIZE: 9,
  STATX_BLOCKS: 10,
  STATX_BTIME: 11,
  STATX_MNT_ID: 12,
  STATX_DIOALIGN: 13,
  STATX_MNT_ID_UNIQUE: 14,
  STATX_SUBVOL: 15,
  STATX_WRITE_ATOMIC: 16,
})

/** `attributes` and `attributes_mask` of fuse_statx. */
export const statx_attributes = flagSet('statx_attributes', {
  STATX_ATTR_COMPRESSED: 2,
  STATX_ATTR_IMMUTABLE: 4,
  STATX_ATTR_APPEND: 5,
  STATX_ATTR_NODUMP: 6,
  STATX_ATTR_ENCRYPTED: 11,
  STATX_ATTR_AUTOMOUNT: 12,
  STATX_ATTR_MOUNT_ROOT: 13,
  STATX_ATTR_VERITY: 20,
  STATX_ATTR_DAX: 21,
  STATX_ATTR_WRITE_ATOMIC: 22,
})
