/** Sizes and limits of <linux/fuse.h> that are no bits of a word. facts: wire 10.3, 10.7; fixtures/uapi */

/** Bytes of a READDIRPLUS entry before its name. */
export const FUSE_NAME_OFFSET_DIRENTPLUS = 152
/** Most ranges of one REMOVEMAPPING request: those that fit in a page of 4096 bytes. */
export const FUSE_REMOVEMAPPING_MAX_ENTRY = 256
/** Most bytes of the names in a CUSE_INIT reply. */
export const CUSE_INIT_INFO_MAX = 4096

/** Bytes of fuse_init_out below minor 5. */
export const FUSE_COMPAT_INIT_OUT_SIZE = 8
/** Bytes of fuse_init_out from minor 5 to 22. */
export const FUSE_COMPAT_22_INIT_OUT_SIZE = 24
/** Bytes of fuse_statfs_out below minor 4. */
export const FUSE_COMPAT_STATFS_SIZE = 48
/** Bytes of fuse_entry_out below minor 9. */
export const FUSE_COMPAT_ENTRY_OUT_SIZE = 120
/** Bytes of fuse_attr_out below minor 9. */
export const FUSE_COMPAT_ATTR_OUT_SIZE = 96
/** Bytes of fuse_write_in below minor 9. */
export const FUSE_COMPAT_WRITE_IN_SIZE = 24
/** Bytes of fuse_mknod_in below minor 12. */
export const FUSE_COMPAT_MKNOD_IN_SIZE = 8
/** Bytes of fuse_setxattr_in without FUSE_SETXATTR_EXT. */
export const FUSE_COMPAT_SETXATTR_IN_SIZE = 8
