/**
 * `famfs-wire/uapi`: what the bytes are. Declarations only, with the names of the C headers: FUSE up to 7.46, what famfs adds to it, the
 * standalone ioctl ABI and the BPF variant of famfs, its structs on the media, fuse-iomap, and the dialects of all of them.
 */
export * from './dialects/aliases.ts'
export * from './dialects/index.ts'
export * from './dialects/ioctl.ts'
export * from './dialects/known.ts'
export * from './errno.ts'
export * from './famfs/bpf.ts'
export * from './famfs/daxdev.ts'
export * from './famfs/fmap.ts'
export * from './famfs/ioctl.ts'
export {
  FAMFS_EXT_INTERLEAVE,
  FAMFS_EXT_SIMPLE,
  FAMFS_LOG_ADD_DAXDEV,
  FAMFS_LOG_DELETE,
  FAMFS_LOG_FILE,
  FAMFS_LOG_INVALID,
  FAMFS_LOG_MAGIC,
  FAMFS_LOG_MKDIR,
  FAMFS_MAX_INTERLEAVED_EXTENTS,
  FAMFS_MAX_PATHLEN,
  FAMFS_MAX_SIMPLE_EXTENTS,
  famfs_interleaved_ext,
  famfs_log_add_daxdev,
  famfs_log_entry,
  famfs_log_entry_type,
  famfs_log_ext_type,
  famfs_log_file_meta,
  famfs_log_fmap,
  famfs_log_header,
  famfs_log_mkdir,
  famfs_simple_extent,
} from './famfs/log.ts'
export { type FamfsMessage, famfsMessages } from './famfs/messages.ts'
export { famfs_statfs_types, type StatfsAbi, statfsAbi } from './famfs/statfs.ts'
export {
  FAMFS_ALLOC_UNIT,
  FAMFS_ALLOC_UNITS,
  FAMFS_LOG_LEN,
  FAMFS_LOG_OFFSET,
  FAMFS_SUPER_MAGIC,
  FAMFS_SUPER_MAGIC_45,
  FAMFS_SUPERBLOCK_SIZE,
  famfs_daxdev,
  famfs_daxdev_i386,
  famfs_daxdev_l00,
  famfs_daxdev_l01,
  famfs_sb_flags,
  famfs_superblock,
} from './famfs/superblock.ts'
export * from './fuse/attr.ts'
export * from './fuse/codes.ts'
export * from './fuse/constants.ts'
export * from './fuse/device.ts'
export * from './fuse/dir.ts'
export * from './fuse/extensions.ts'
export * from './fuse/file.ts'
export * from './fuse/flags.ts'
export * from './fuse/header.ts'
export * from './fuse/init.ts'
export * from './fuse/io_uring.ts'
export * from './fuse/ioctl.ts'
export * from './fuse/linux.ts'
export * from './fuse/message.ts'
export * from './fuse/notify.ts'
export * from './fuse/opcodes.ts'
export * from './fuse/version.ts'
export * from './fuse/xattr.ts'
export * from './iomap/names.ts'
export * from './iomap/structs.ts'
export { structs } from './structs.ts'
