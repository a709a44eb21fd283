/** The GET_FMAP reply: where a file lies in DAX memory. facts: wire 3.1 to 3.4 */
import { array, bytes, enumeration, REST, struct, tagged, u8, u16, u32, u64 } from '../../schema/index.ts'
import {
  FUSE_FAMFS_EXT_INTERLEAVE,
  FUSE_FAMFS_EXT_SIMPLE,
  FUSE_FAMFS_FILE_LOG,
  FUSE_FAMFS_FILE_REG,
  FUSE_FAMFS_FILE_SUPERBLOCK,
} from './constants.ts'

export * from './constants.ts'

/** facts: wire 3.7 */
export const fuse_famfs_file_type = enumeration('fuse_famfs_file_type', {
  FUSE_FAMFS_FILE_REG,
  FUSE_FAMFS_FILE_SUPERBLOCK,
  FUSE_FAMFS_FILE_LOG,
})

/** facts: wire 3.7 */
export const famfs_ext_type = enumeration('famfs_ext_type', { FUSE_FAMFS_EXT_SIMPLE, FUSE_FAMFS_EXT_INTERLEAVE })

const upToCounts = {
  file_type: u8.named(fuse_famfs_file_type, 'stored by every kernel, checked by none'),
  reserved: u8.reserved(),
  fmap_version: u16.doc('FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it'),
  ext_type: u32.named(famfs_ext_type, 'chooses what follows'),
  nextents: u32.derived('simple extents, or groups of strips'),
}
const fromFileSize = {
  file_size: u64.doc('bytes; becomes i_size'),
  reserved1: u64.reserved(),
}

/** Head of a GET_FMAP reply of the pull dialects, followed by `nextents` extents. facts: wire 3.1 */
export const fuse_famfs_fmap_header = struct('fuse_famfs_fmap_header', {
  ...upToCounts,
  reserved0: u32.reserved('the push dialects put fmap_size here'),
  ...fromFileSize,
})

/** The same head in the push dialects. facts: wire 3.1 */
export const fuse_famfs_fmap_header_push = struct('fuse_famfs_fmap_header', {
  ...upToCounts,
  fmap_size: u32.fillWithMessageLength('bytes of the whole map; larger than the buffer asks the kernel to come back with that much'),
  ...fromFileSize,
})

/** One run of memory on one device. As an element of a group it is called a strip. facts: wire 3.2 */
export const fuse_famfs_simple_ext = struct('fuse_famfs_simple_ext', {
  se_devindex: u32.doc('slot in the daxdev table of the connection'),
  reserved: u32.reserved(),
  se_offset: u64.doc('first byte on the device'),
  se_len: u64.doc('bytes'),
})

/** Head of an interleaved group. facts: wire 3.3 */
export const fuse_famfs_iext = struct('fuse_famfs_iext', {
  ie_nstrips: u32.derived('strips that follow'),
  ie_chunk_size: u32.doc('bytes that go to one strip before the next one takes over'),
  ie_nbytes: u64.doc('bytes of the file that this group holds'),
  reserved: u64.reserved(),
})

const group = struct('fuse_famfs_iext', { ...fuse_famfs_iext.fields, ie_strips: array(fuse_famfs_simple_ext, 'ie_nstrips') })

const extents = tagged('ext_type', {
  [FUSE_FAMFS_EXT_SIMPLE]: array(fuse_famfs_simple_ext, 'nextents'),
  [FUSE_FAMFS_EXT_INTERLEAVE]: array(group, 'nextents'),
})

const trailing = bytes(REST).elided().doc('never looked at; replies of fuse-v1 are always 4,096 bytes')

/** A whole map as the pull dialects send it. facts: wire 3.4 */
export const fuse_famfs_fmap = struct('fuse_famfs_fmap', { ...fuse_famfs_fmap_header.fields, extents, trailing })

/** A whole map as the push dialects send it. facts: wire 3.4 */
export const fuse_famfs_fmap_push = struct('fuse_famfs_fmap', { ...fuse_famfs_fmap_header_push.fields, extents, trailing })
