/** Extended attributes. facts: fuse-structs.md, wire 10.3 */
import { struct, u32 } from '../../schema/index.ts'
import { fuse_setxattr_flags, xattr_flags } from './flags.ts'

/** Head of a SETXATTR request, followed by name and value; 8 bytes without FUSE_SETXATTR_EXT (INIT flag 29). facts: wire 10.3 */
export const fuse_setxattr_in = struct('fuse_setxattr_in', {
  size: u32.derived('bytes of the value'),
  flags: u32.flags(xattr_flags),
  setxattr_flags: u32.flags(fuse_setxattr_flags).when({ flag: 29 }),
  padding: u32.reserved().when({ flag: 29 }),
})

/** Head of a GETXATTR request and all of a LISTXATTR request; the push dialects ask for a map with it. */
export const fuse_getxattr_in = struct('fuse_getxattr_in', {
  size: u32.doc('bytes that the caller has room for; 0 asks for the size only'),
  padding: u32.reserved(),
})

/** Reply of GETXATTR and LISTXATTR when the request had size 0. */
export const fuse_getxattr_out = struct('fuse_getxattr_out', { size: u32.doc('bytes'), padding: u32.reserved() })
