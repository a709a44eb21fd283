/**
 * Arguments of the standalone ioctl ABI, from the RFC of 2024 to KABI 44. Where headers that were published under one name differ, the form
 * of KABI 43 (its final header) or later has the plain C name, an older one a word behind it. Pointers are 64-bit user addresses.
 * facts: wire 9.1 to 9.3, 9.7
 */
import { array, enumeration, field, flagSet, nested, type Schema, s32, struct, u32, u64 } from '../../schema/index.ts'
import { fuse_famfs_fmap_header_push, fuse_famfs_iext, fuse_famfs_simple_ext } from './fmap.ts'

/** Type byte of all ioctls of famfs: the letter u. facts: wire 9 */
export const FAMFSIOC_MAGIC = 0x75

/** facts: wire 9.2 */
export const famfs_file_type = enumeration('famfs_file_type', { FAMFS_REG: 0, FAMFS_SUPERBLOCK: 1, FAMFS_LOG: 2 })
/** Extent types of the RFC and of the header of March 2024. facts: wire 9.2 */
export const famfs_extent_type_rfc = enumeration('famfs_extent_type', { SIMPLE_DAX_EXTENT: 13, INVALID_EXTENT_TYPE: 14 })
/** Extent types of KABI 42. facts: wire 9.2 */
export const famfs_extent_type_42 = enumeration('famfs_extent_type', { SIMPLE_DAX_EXTENT: 0, INVALID_EXTENT_TYPE: 1 })
/** Extent types of the old form in KABI 43; its first headers say STRIPED for INTERLEAVED. facts: wire 9.2 */
export const famfs_extent_type = enumeration('famfs_extent_type', {
  SIMPLE_DAX_EXTENT: 0,
  INTERLEAVED_EXTENT: 1,
  INVALID_EXTENT_TYPE: 2,
})
/** Extent types of `famfs_ioc_fmap`, and in KABI 44c and 44d of the message. facts: wire 9.2, 9.7 */
export const famfs_ioc_ext_type = enumeration('famfs_ioc_ext_type', { FAMFS_IOC_EXT_SIMPLE: 0, FAMFS_IOC_EXT_INTERLEAVE: 1 })

/** Extents of a `famfs_ioc_map`, and most that KABI 43 takes in any form. facts: wire 9.2, 9.3 */
export const FAMFS_MAX_EXTENTS = 2
/** Strips of a group in KABI 43. facts: wire 9.3 */
export const FAMFS_MAX_STRIPS = 16
/** Strips in the first form of `famfs_ioc_get_fmap`. facts: wire 9.3 */
const STRIPS_104 = 2

/** One run of memory on the one device of the mount: the argument that the number of MAP_GETEXT names. facts: wire 9.2 */
export const famfs_extent = struct('famfs_extent', { offset: u64.doc('first byte on the device'), len: u64.doc('bytes') })

const mapOf = (types: typeof famfs_extent_type_rfc | typeof famfs_extent_type_42 | typeof famfs_extent_type) =>
  struct('famfs_ioc_map', {
    extent_type: u32.named(types, 'no kernel reads it'),
    file_type: u32.named(famfs_file_type, 'the superblock alone may lie at offset 0'),
    file_size: u64.doc('bytes; becomes i_size'),
    ext_list_count: u64.derived('extents in use'),
    ext_list: array(famfs_extent, 'ext_list_count', { capacity: FAMFS_MAX_EXTENTS }),
  })

/** Argument of MAP_CREATE and MAP_GET, 56 bytes, with the extent types of KABI 43. facts: wire 9.2 */
export const famfs_ioc_map = mapOf(famfs_extent_type)
/** The same bytes with the extent types of KABI 42. facts: wire 9.2 */
export const famfs_ioc_map_42 = mapOf(famfs_extent_type_42)
/** The same bytes with the extent types of the RFC and of the header of March 2024. facts: wire 9.2 */
export const famfs_ioc_map_rfc = mapOf(famfs_extent_type_rfc)

/** One run of memory, or one strip, in KABI 43. facts: wire 9.3 */
export const famfs_ioc_simple_extent = struct('famfs_ioc_simple_extent', {
  devindex: u64.doc('must be 0: a mount has one device'),
  offset: u64.doc('first byte on the device'),
  len: u64.doc('bytes'),
})

const strips = u64.doc('user pointer to ie_nstrips strips')

/** An interleaved group in the final header of KABI 43, 32 bytes. facts: wire 9.3 */
export const famfs_ioc_interleaved_ext = struct('famfs_ioc_interleaved_ext', {
  ie_nstrips: u64.doc('strips that ie_strips points to'),
  ie_chunk_size: u64.doc('bytes that go to one strip before the next one takes over; not checked'),
  ie_nbytes: u64.doc('bytes of the file that this group holds'),
  ie_strips: strips,
})
/** The same in the headers of August to October 2024, 24 bytes: no kernel and no number tells them apart. facts: wire 9.3 */
export const famfs_ioc_interleaved_ext_early = struct('famfs_ioc_interleaved_ext', {
  ie_nstrips: u64.doc('strips that ie_strips points to'),
  ie_chunk_size: u64.doc('bytes that go to one strip before the next one takes over; not checked'),
  ie_strips: strips,
})

/** Argument of MAP_CREATE_V2, 32 bytes in every header. C has a union with `fioc_niext` and `kie` for groups. facts: wire 9.3 */
export const famfs_ioc_fmap = struct('famfs_ioc_fmap', {
  fioc_file_size: u64.doc('bytes; becomes i_size'),
  fioc_file_type: u32.named(famfs_file_type),
  fioc_ext_type: u32.named(famfs_ioc_ext_type, 'chooses what kse points to'),
  fioc_nextents: u32.doc('simple extents, or groups (fioc_niext)'),
  padding: u32.reserved(),
  kse: u64.doc('user pointer to fioc_nextents simple extents, or (kie) to as many groups'),
})

type Group = typeof famfs_ioc_interleaved_ext | typeof famfs_ioc_interleaved_ext_early

const simpleAnswer = struct('famfs_ioc_get_simple', {
  ikse: array(famfs_ioc_simple_extent, 'iocmap.fioc_nextents', { capacity: FAMFS_MAX_EXTENTS }),
})
const groupAnswer = (group: Group, capacity: number) =>
  struct('famfs_ioc_get_interleaved', {
    ikie: nested(group as Schema<unknown, unknown>),
    kie_strips: array(famfs_ioc_simple_extent, 'ikie.ie_nstrips', { capacity }),
  })

/** The answer of MAP_GET_V2 for a group of this form and this many strips. The union has no name in C. */
const answerOf = (group: Group, capacity: number, size: number) =>
  struct('famfs_ioc_get_fmap', {
    iocmap: nested(famfs_ioc_fmap).doc('its pointer is 0'),
    map: field<unknown>({
      kind: 'union',
      on: { by: 'field', field: 'iocmap.fioc_ext_type' },
      cases: [
        { match: 0, type: simpleAnswer.type },
        { match: 1, type: groupAnswer(group, capacity).type },
      ],
      size,
    }),
  })

/** Answer of MAP_GET_V2 in the final header of KABI 43 and in 44a, 448 bytes. facts: wire 9.3 */
export const famfs_ioc_get_fmap = answerOf(famfs_ioc_interleaved_ext, FAMFS_MAX_STRIPS, 416)
/** The same in the headers of September and October 2024, 440 bytes. facts: wire 9.1, 9.3 */
export const famfs_ioc_get_fmap_440 = answerOf(famfs_ioc_interleaved_ext_early, FAMFS_MAX_STRIPS, 408)
/** The same in the header of 27 August 2024, 104 bytes. facts: wire 9.1, 9.3 */
export const famfs_ioc_get_fmap_104 = answerOf(famfs_ioc_interleaved_ext_early, STRIPS_104, 72)

/** The header of the map message under its name in KABI 44c and 44d; the bytes are those of the push dialects. facts: wire 9.7 */
export const famfs_ioc_fmap_header = struct('famfs_ioc_fmap_header', fuse_famfs_fmap_header_push.fields)
/** The same for an extent or strip. facts: wire 9.7 */
export const famfs_ioc_simple_ext = struct('famfs_ioc_simple_ext', fuse_famfs_simple_ext.fields)
/** The same for the head of a group. facts: wire 9.7 */
export const famfs_ioc_iext = struct('famfs_ioc_iext', fuse_famfs_iext.fields)

/** Longest path that DAXDEV_OPEN takes, in bytes without its NUL. facts: wire 9.7 */
export const FAMFS_DAXDEV_PATH_MAX = 4095

/** Argument of DAXDEV_OPEN in KABI 44b to 44d, 24 bytes. facts: wire 9.7 */
export const famfs_ioc_daxdev = struct('famfs_ioc_daxdev', {
  daxdev_index: u64.doc('slot in the device table of the mount, below 64'),
  daxdev_path: u64.doc('user pointer to the path of the device'),
  daxdev_path_len: u32.doc('bytes of the path without its NUL, 1 to 4095'),
  flags: u32.doc('must be 0'),
})
/** The same in KABI 44a, 16 bytes, as `fuse_backing_map` of the push dialects. facts: wire 9.7 */
export const famfs_ioc_daxdev_fd = struct('famfs_ioc_daxdev', {
  fd: s32.doc('the open DAX device'),
  flags: u32,
  daxdev_index: u64.doc('slot in the device table of the mount'),
})

/** What a mount of KABI 44d permits, by bit. facts: wire 9.7 */
export const famfs_opts = flagSet('famfs_opts', {
  FAMFS_OPT_CREATE: 0,
  FAMFS_OPT_MKDIR: 1,
  FAMFS_OPT_MKNOD: 2,
  FAMFS_OPT_SYMLINK: 3,
  FAMFS_OPT_LINK: 4,
  FAMFS_OPT_UNLINK: 5,
  FAMFS_OPT_RMDIR: 6,
  FAMFS_OPT_RENAME: 7,
  FAMFS_OPT_CHMOD: 8,
  FAMFS_OPT_CHOWN: 9,
  FAMFS_OPT_TRUNCATE: 10,
  FAMFS_OPT_UTIMES: 11,
  FAMFS_OPT_WRITE: 12,
  FAMFS_OPT_XATTR: 13,
  FAMFS_OPT_MAP_CREATE: 14,
})
/** What a mount permits until it is told otherwise: CREATE, MKDIR, CHMOD, CHOWN, UTIMES, WRITE and MAP_CREATE. facts: wire 9.7 */
export const FAMFS_OPT_DEFAULT = 0x5b03n

/** Argument of GET_OPTS, SET_OPTS and CLEAR_OPTS, 8 bytes. facts: wire 9.1, 9.7 */
export const famfs_ioc_opts = struct('famfs_ioc_opts', {
  opts: u64.flags(famfs_opts, 'bits that are set, to be set, or to be cleared'),
})
