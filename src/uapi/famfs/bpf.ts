/**
 * The BPF variant (April 2026): the kernel knows no form of the map. GET_FMAP delivers an envelope and a blob, which a program that INIT named
 * reads. Names are those of the sources; where another ABI gives a name to something else, the export has `_bpf` behind it. facts: wire 7
 */
import { array, bytes, chars, prefix, REST, struct, u16, u32, u64 } from '../../schema/index.ts'
import { fuse_init_out } from '../fuse/init.ts'

/** Bytes of the name of a program, its NUL included. facts: wire 7.1 */
export const FUSE_DAX_FMAP_OPS_NAME_LEN = 16
/** Most bytes in which a program keeps a map. facts: wire 7.3 */
export const FUSE_DAX_FMAP_META_MAX = 65536

const { unused, ...upToUnused } = fuse_init_out.fields

/**
 * INIT reply with the name of a program in what is else unused. The offsets are those of the earlier prototype: the final header was not read.
 * facts: wire 7.1, 11 no. 22
 */
export const fuse_init_out_bpf = prefix('fuse_init_out', {
  ...upToUnused,
  unused: array(u16, 3).reserved(),
  ops_name: chars(FUSE_DAX_FMAP_OPS_NAME_LEN).doc('program that reads the maps; a name that nobody registered leaves famfs off'),
})

/** Head of a GET_FMAP reply, followed by the blob. facts: wire 7.2 */
export const fuse_get_fmap_out_bpf = struct('fuse_get_fmap_out', {
  meta_size: u32.doc('bytes in which the kernel lets the program keep the map'),
  reserved: u32.reserved(),
})

/** GET_DAXDEV request. facts: wire 7.2 */
export const fuse_get_daxdev_in_bpf = struct('fuse_get_daxdev_in', {
  daxdev_index: u32.doc('slot in the device table; the nodeid of the request is 0'),
  reserved: u32.reserved(),
})

/** GET_DAXDEV reply. The kernel puts a NUL into the last byte. facts: wire 2.3, 7.2 */
export const fuse_get_daxdev_out = struct('fuse_get_daxdev_out', { name: chars(256).doc('path of the DAX device') })

/** Head of a blob of dax_simple. facts: wire 7.5 */
export const dax_simple_wire_hdr = struct('dax_simple_wire_hdr', {
  file_size: u64.doc('bytes; becomes i_size'),
  n_extents: u32.derived('extents that follow'),
  reserved: u32.reserved(),
})

/** One run of memory on one device. facts: wire 7.5 */
export const dax_simple_wire_ext = struct('dax_simple_wire_ext', {
  dev_index: u32.doc('slot in the device table'),
  reserved: u32.reserved(),
  offset: u64.doc('first byte on the device'),
  len: u64.doc('bytes'),
})

/** Head of a blob of dax_interleave. facts: wire 7.5 */
export const dax_ileave_wire_hdr = struct('dax_ileave_wire_hdr', {
  file_size: u64.doc('bytes; becomes i_size'),
  n_iexts: u32.derived('groups that follow'),
  reserved: u32.reserved(),
})

/** Head of a group: chunk_size has 64 bits here and comes first, unlike in fuse_famfs_iext. facts: wire 7.5 */
export const dax_ileave_wire_iext = struct('dax_ileave_wire_iext', {
  chunk_size: u64.doc('bytes that go to one strip before the next one takes over'),
  nstrips: u32.derived('strips that follow'),
  reserved: u32.reserved(),
  nbytes: u64.doc('bytes of the file that this group holds'),
})

/** One strip of a group. facts: wire 7.5 */
export const dax_ileave_wire_strip = struct('dax_ileave_wire_strip', { ...dax_simple_wire_ext.fields })

const trailing = bytes(REST).elided().doc('never looked at')
const group = struct('dax_ileave_wire_iext', { ...dax_ileave_wire_iext.fields, strips: array(dax_ileave_wire_strip, 'nstrips') })

/** A blob of dax_simple: a map on its own, without FUSE around it. facts: wire 7.5 */
export const dax_simple_fmap = struct('dax_simple_fmap', {
  ...dax_simple_wire_hdr.fields,
  extents: array(dax_simple_wire_ext, 'n_extents'),
  trailing,
})

/** A blob of dax_interleave: a map on its own, without FUSE around it. facts: wire 7.5 */
export const dax_interleave_fmap = struct('dax_interleave_fmap', {
  ...dax_ileave_wire_hdr.fields,
  iexts: array(group, 'n_iexts'),
  trailing,
})

const envelope = { meta_size: fuse_get_fmap_out_bpf.fields.meta_size, out_reserved: fuse_get_fmap_out_bpf.fields.reserved }

/** GET_FMAP reply with a blob of dax_simple, whole; `out_reserved` is the word that fuse_get_fmap_out calls reserved. facts: wire 7.2, 7.5 */
export const fuse_bpf_simple_fmap = struct('fuse_bpf_simple_fmap', { ...envelope, ...dax_simple_fmap.fields })

/** GET_FMAP reply with a blob of dax_interleave, whole. facts: wire 7.2, 7.5 */
export const fuse_bpf_interleave_fmap = struct('fuse_bpf_interleave_fmap', { ...envelope, ...dax_interleave_fmap.fields })

/** What dax_simple keeps of a map, before its extents. Not on the wire. facts: wire 7.5 */
export const dax_simple_meta_hdr = struct('dax_simple_meta_hdr', { n_extents: u32, reserved: u32.reserved() })
/** What dax_simple keeps of an extent. Not on the wire. facts: wire 7.5 */
export const dax_simple_meta_ext = struct('dax_simple_meta_ext', { ...dax_simple_wire_ext.fields })
/** What dax_interleave keeps of a map, before its groups. Not on the wire. facts: wire 7.5 */
export const dax_ileave_meta_hdr = struct('dax_ileave_meta_hdr', { n_iexts: u32, reserved: u32.reserved() })
/** What dax_interleave keeps of a group; the strips of all groups stand behind the last one. Not on the wire. facts: wire 7.5 */
export const dax_ileave_meta_iext = struct('dax_ileave_meta_iext', {
  chunk_size: u64,
  nstrips: u64,
  nbytes: u64,
  strip_base: u32.doc('index of its first strip'),
  reserved: u32.reserved(),
})
/** What dax_interleave keeps of a strip: the device index has 64 bits here. Not on the wire. facts: wire 7.5 */
export const dax_ileave_meta_strip = struct('dax_ileave_meta_strip', { dev_index: u64, offset: u64, len: u64 })

/** What a parse program is given: the blob and the buffer themselves are behind kfuncs. facts: wire 7.7 */
export const fuse_dax_fmap_parse_ctx = struct('fuse_dax_fmap_parse_ctx', {
  blob_size: u32.doc('bytes behind the head of the reply'),
  meta_buf_size: u32.doc('meta_size of the reply'),
  file_size: u64.doc('set by the program'),
  dev_bitmap: u64.doc('set by the program: bit n for device n'),
})

/** What a resolve program is given. facts: wire 7.7 */
export const fuse_dax_fmap_resolve_ctx = struct('fuse_dax_fmap_resolve_ctx', {
  meta_buf_size: u32,
  padding: u32.reserved(),
  file_offset: u64,
  length: u64,
  file_size: u64,
})

/** What a resolve program fills in; the generic prototype has the same 32 bytes and calls the last word dev. facts: wire 7.7, 7.8 */
export const fuse_iomap_io_bpf = struct('fuse_iomap_io', {
  offset: u64.doc('byte of the file'),
  length: u64.doc('bytes from there on'),
  addr: u64.doc('first byte on the device'),
  type: u16,
  flags: u16,
  dev_index: u32,
})

/** Parse context of the earlier prototype, in which the map is an extended attribute. facts: wire 7.8 */
export const fuse_dax_fmap_parse_ctx_xattr = struct('fuse_dax_fmap_parse_ctx', {
  xattr_blob_size: u32,
  meta_buf_size: u32,
  file_size: u64.doc('set by the program'),
  dev_bitmap: u64.doc('set by the program'),
  n_devices: u32.doc('set by the program'),
  padding: u32.reserved(),
})

/** Resolve context of the earlier prototype, with its results. facts: wire 7.8 */
export const fuse_dax_fmap_resolve_ctx_xattr = struct('fuse_dax_fmap_resolve_ctx', {
  meta_buf_size: u32,
  padding: u32.reserved(),
  file_offset: u64,
  length: u64,
  file_size: u64,
  dev_index: u32.doc('set by the program'),
  padding2: u32.reserved(),
  phys_offset: u64.doc('set by the program'),
  mapped_length: u64.doc('set by the program'),
})

/** Device that a parse program of the earlier prototype names. facts: wire 7.8 */
export const fuse_dax_fmap_devinfo = struct('fuse_dax_fmap_devinfo', { dev_index: u32, reserved: u32.reserved(), name: chars(256) })
