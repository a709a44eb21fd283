/** Records at the end of requests that make files, and the same contexts where minor 36 and 37 put them. facts: wire 10.1, 10.3, 10.7 */
import { array, byRange, bytes, cstring, enumeration, message, nested, REST, struct, u32 } from '../../schema/index.ts'

/** Type word of a record: up to the first value it is a number of security contexts, above it a kind of its own. facts: wire 10.7 */
export const fuse_ext_type = enumeration(
  'fuse_ext_type',
  { FUSE_MAX_NR_SECCTX: 31, FUSE_EXT_GROUPS: 32 },
  { since: { FUSE_EXT_GROUPS: 39 } },
)
/** Highest number of security contexts. facts: wire 10.7 */
export const FUSE_MAX_NR_SECCTX = fuse_ext_type.values.FUSE_MAX_NR_SECCTX
/** Type of a record of supplementary groups. facts: wire 10.7 */
export const FUSE_EXT_GROUPS = fuse_ext_type.values.FUSE_EXT_GROUPS

/** Head of every extension record. facts: wire 10.7 */
export const fuse_ext_header = struct('fuse_ext_header', {
  size: u32.derived('bytes of the record, this header and its padding to 8 included'),
  type: u32.doc('0 to 31: that many security contexts follow; 32: supplementary groups'),
})

/** The same head as the records of security contexts name it. facts: wire 10.7 */
export const fuse_secctx_header = struct('fuse_secctx_header', {
  size: u32.derived('bytes of the record, this header and its padding to 8 included'),
  nr_secctx: u32.derived(),
})

/** Head of one security context, followed by its name and value. facts: wire 10.7 */
export const fuse_secctx = struct('fuse_secctx', { size: u32.derived('bytes of the value'), padding: u32.reserved() })

/** Groups that the new file may belong to. */
export const fuse_supp_groups = struct('fuse_supp_groups', { nr_groups: u32.derived(), groups: array(u32, 'nr_groups') }, { since: 39 })

/** One security context with its name and value. Contexts start at multiples of 8 from the head of the first. */
export const securityContext = message(
  'fuse_secctx',
  { ...fuse_secctx.fields, name: cstring.doc('attribute, such as security.selinux'), value: bytes('size') },
  { align: 8 },
)

/** One extension record. facts: wire 10.7 */
export const extension = message(
  'fuse_ext_header',
  {
    ...fuse_ext_header.fields,
    body: byRange(
      'type',
      [
        [0, FUSE_MAX_NR_SECCTX, array(securityContext, 'type')],
        [FUSE_EXT_GROUPS, FUSE_EXT_GROUPS, fuse_supp_groups],
      ],
      bytes(REST),
    ),
  },
  { total: 'size', align: 8 },
)

const securityContexts = message(
  'fuse_secctx_header',
  { ...fuse_secctx_header.fields, contexts: array(securityContext, 'nr_secctx') },
  { total: 'size', align: 8 },
)

/**
 * Last field of the bodies that make a file: kernels of minor 36 and 37 with FUSE_SECURITY_CTX (INIT flag 32) put the contexts there.
 * Newer kernels send an extension record whatever minor was negotiated, so only bytes that are left tell. facts: wire 10.3
 */
export const secctx = nested(securityContexts).when({ flag: 32, minor: 36, belowMinor: 38, room: true })
