// Made by `npm run generate`; do not edit.
export const IN_HEADER_SIZE = 40
/** fuse_in_header: offset and size of each field */
export const inHeaderFields = {
  len: [0, 4],
  opcode: [4, 4],
  unique: [8, 8],
  nodeid: [16, 8],
  uid: [24, 4],
  gid: [28, 4],
  pid: [32, 4],
  total_extlen: [36, 2],
  padding: [38, 2],
} as const

export const OUT_HEADER_SIZE = 16
/** fuse_out_header: offset and size of each field */
export const outHeaderFields = {
  len: [0, 4],
  error: [4, 4],
  unique: [8, 8],
} as const

export const GET_FMAP_SIZE = 8
/** fuse_get_fmap_in: offset and size of each field */
export const getFmapFields = {
  size: [0, 4],
  padding: [4, 4],
} as const

export const DAXDEV_SIZE = 280
/** fuse_daxdev_out: offset and size of each field */
export const daxdevFields = {
  index: [0, 2],
  reserved: [2, 2],
  reserved2: [4, 4],
  reserved3: [8, 8],
  reserved4: [16, 8],
  name: [24, 256],
} as const
