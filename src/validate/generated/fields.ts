// Made by `npm run generate`; do not edit.
export const HEADER_SIZE = 32
/** fuse_famfs_fmap_header: offset and size of each field */
export const headerFields = {
  file_type: [0, 1],
  reserved: [1, 1],
  fmap_version: [2, 2],
  ext_type: [4, 4],
  nextents: [8, 4],
  reserved0: [12, 4],
  file_size: [16, 8],
  reserved1: [24, 8],
} as const

export const GROUP_SIZE = 24
/** fuse_famfs_iext: offset and size of each field */
export const groupFields = {
  ie_nstrips: [0, 4],
  ie_chunk_size: [4, 4],
  ie_nbytes: [8, 8],
  reserved: [16, 8],
} as const

export const EXTENT_SIZE = 24
/** fuse_famfs_simple_ext: offset and size of each field */
export const extentFields = {
  se_devindex: [0, 4],
  reserved: [4, 4],
  se_offset: [8, 8],
  se_len: [16, 8],
} as const
