/** Numbers of the GET_FMAP reply that programs write by name. Apart from the tables, so that naming one does not bring their texts along. */

/** `ext_type` of a map of simple extents. facts: wire 3.7 */
export const FUSE_FAMFS_EXT_SIMPLE = 0
/** `ext_type` of a map of interleaved groups. facts: wire 3.7 */
export const FUSE_FAMFS_EXT_INTERLEAVE = 1
/** `file_type` of a regular file. facts: wire 3.7 */
export const FUSE_FAMFS_FILE_REG = 0
/** `file_type` of the superblock. facts: wire 3.7 */
export const FUSE_FAMFS_FILE_SUPERBLOCK = 1
/** `file_type` of the log. facts: wire 3.7 */
export const FUSE_FAMFS_FILE_LOG = 2
/** What every published server writes into `fmap_version`. facts: wire 3.6 */
export const FAMFS_FMAP_VERSION = 1
/** Minor in the header of the later series (V3 to V10, push, BPF): they never raised it. facts: wire 1.1 */
export const FAMFS_KERNEL_MINOR = 45
