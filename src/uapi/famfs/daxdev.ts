/** Devices of a map, and the buffer sizes of GET_FMAP. facts: wire 2.1 to 2.3, 3.5 */
import { chars, struct, u16, u32, u64 } from '../../schema/index.ts'

/** Bytes of `name` in {@link fuse_daxdev_out}, the terminating NUL included where there is one. facts: wire 3.6 */
export const DAXDEV_NAME_MAX = 256

/** GET_DAXDEV reply, 280 bytes in every pull dialect. The kernel reads `name` and nothing else. facts: wire 2.3, 3.5 */
export const fuse_daxdev_out = struct('fuse_daxdev_out', {
  index: u16.doc('slot of the device; not looked at, the nodeid of the request chose it'),
  reserved: u16.reserved(),
  reserved2: u32.reserved(),
  reserved3: u64.reserved(),
  reserved4: u64.reserved(),
  name: chars(DAXDEV_NAME_MAX).doc('path of the DAX device; no kernel makes sure that it ends with a NUL'),
})

/** In every header from V1 to V10, and never sent: the index travels as nodeid. facts: wire 2.3 */
export const fuse_get_daxdev_in = struct('fuse_get_daxdev_in', { daxdev_num: u32 })

/** GET_FMAP request of fuse-v2. The push dialects send the same bytes as `fuse_getxattr_in`. facts: wire 2.1 */
export const fuse_get_fmap_in = struct('fuse_get_fmap_in', {
  size: u32.doc('bytes that the kernel has room for'),
  padding: u32.reserved(),
})

/** Declared by fuse-v2 and never used: its hint has 4 bytes, see {@link fuse_get_fmap_hint}. facts: wire 2.2, 11 no. 20 */
export const fuse_get_fmap_out = struct('fuse_get_fmap_out', { size: u32, padding: u32.reserved() })

/** GET_FMAP reply of fuse-v2 when the map is larger than the buffer: the size to come back with. No header names it. facts: wire 2.2 */
export const fuse_get_fmap_hint = struct('fuse_get_fmap_hint', { size: u32.doc('bytes of the map, 56 to 32768') })
