/** The version of the protocol. Apart from the structs, so that naming it does not bring their texts along. */

/** The one major version. */
export const FUSE_KERNEL_VERSION = 7
/** The newest minor of mainline, that of Linux 7.3. It says nothing about famfs. facts: today 1 */
export const FUSE_KERNEL_MINOR_VERSION = 46
