/** INIT and CUSE_INIT: version and capabilities. facts: wire 1, 10.3, 10.4 */
import { array, flagSet, prefix, type Since, struct, u16, u32 } from '../../schema/index.ts'
import { cuse_init_flags } from './flags.ts'
import { FUSE_KERNEL_MINOR_VERSION } from './version.ts'

/** The minors of the younger names. */
const since: Since = {
  FUSE_CREATE_SUPP_GROUP: 39,
  FUSE_DIRECT_IO_ALLOW_MMAP: 39,
  FUSE_DIRECT_IO_RELAX: 39,
  FUSE_PASSTHROUGH: 40,
  FUSE_NO_EXPORT_SUPPORT: 40,
  FUSE_HAS_RESEND: 40,
  FUSE_ALLOW_IDMAP: 41,
  FUSE_OVER_IO_URING: 42,
  FUSE_REQUEST_TIMEOUT: 43,
  FUSE_HAS_IO_URING_BUFPOOL: 46,
}

/**
 * All flags of INIT by bit number, 0 to 63, as mainline has them. famfs took bits for FUSE_DAX_FMAP that mainline gave to something else: the
 * dialect says which ({@link initFlagName}); the name stands here last, so that it can be given for bit 43. facts: wire 1.1, 10.4, today 1
 */
export const fuse_init_flags64 = flagSet(
  'fuse_init_flags64',
  {
    FUSE_ASYNC_READ: 0,
    FUSE_POSIX_LOCKS: 1,
    FUSE_FILE_OPS: 2,
    FUSE_ATOMIC_O_TRUNC: 3,
    FUSE_EXPORT_SUPPORT: 4,
    FUSE_BIG_WRITES: 5,
    FUSE_DONT_MASK: 6,
    FUSE_SPLICE_WRITE: 7,
    FUSE_SPLICE_MOVE: 8,
    FUSE_SPLICE_READ: 9,
    FUSE_FLOCK_LOCKS: 10,
    FUSE_HAS_IOCTL_DIR: 11,
    FUSE_AUTO_INVAL_DATA: 12,
    FUSE_DO_READDIRPLUS: 13,
    FUSE_READDIRPLUS_AUTO: 14,
    FUSE_ASYNC_DIO: 15,
    FUSE_WRITEBACK_CACHE: 16,
    FUSE_NO_OPEN_SUPPORT: 17,
    FUSE_PARALLEL_DIROPS: 18,
    FUSE_HANDLE_KILLPRIV: 19,
    FUSE_POSIX_ACL: 20,
    FUSE_ABORT_ERROR: 21,
    FUSE_MAX_PAGES: 22,
    FUSE_CACHE_SYMLINKS: 23,
    FUSE_NO_OPENDIR_SUPPORT: 24,
    FUSE_EXPLICIT_INVAL_DATA: 25,
    FUSE_MAP_ALIGNMENT: 26,
    FUSE_SUBMOUNTS: 27,
    FUSE_HANDLE_KILLPRIV_V2: 28,
    FUSE_SETXATTR_EXT: 29,
    FUSE_INIT_EXT: 30,
    FUSE_INIT_RESERVED: 31,
    FUSE_SECURITY_CTX: 32,
    FUSE_HAS_INODE_DAX: 33,
    FUSE_CREATE_SUPP_GROUP: 34,
    FUSE_HAS_EXPIRE_ONLY: 35,
    FUSE_DIRECT_IO_ALLOW_MMAP: 36,
    FUSE_DIRECT_IO_RELAX: 36,
    FUSE_PASSTHROUGH: 37,
    FUSE_NO_EXPORT_SUPPORT: 38,
    FUSE_HAS_RESEND: 39,
    FUSE_ALLOW_IDMAP: 40,
    FUSE_OVER_IO_URING: 41,
    FUSE_REQUEST_TIMEOUT: 42,
    FUSE_HAS_IO_URING_BUFPOOL: 43,
    FUSE_DAX_FMAP: 43,
  },
  { since },
)

const word = (from: number): Record<string, number> =>
  Object.fromEntries(
    Object.entries(fuse_init_flags64.bits)
      .filter(([, bit]) => bit >= from && bit < from + 32)
      .map(([name, bit]) => [name, bit - from]),
  )

/** Bits 0 to 31: the word `flags`. */
export const fuse_init_flags = flagSet('fuse_init_flags', word(0))
/** Bits 32 to 63: the word `flags2`, which counts only where FUSE_INIT_EXT is set in `flags`. facts: wire 1.2 */
export const fuse_init_flags2 = flagSet('fuse_init_flags2', word(32), { since })

/** The name that famfs gives its INIT bit, whichever bit it is. */
export const FAMFS_INIT_FLAG = 'FUSE_DAX_FMAP'

/** What tells the names of INIT flags apart: who speaks, and which minor. */
export interface InitSpeaker {
  /** the bit by which the dialect negotiates famfs; absent: mainline */
  readonly initBit?: number
  readonly init?: { readonly minor?: number; readonly flags?: Readonly<Record<string, number>> }
}

/**
 * Name of an INIT flag: bit 43 is FUSE_DAX_FMAP in most dialects of famfs and FUSE_HAS_IO_URING_BUFPOOL on mainline from 7.46 on.
 * @param bit 0 to 63
 * @param minor the newest one that the speaker may know; default that of the dialect, or of mainline
 * @returns undefined where the bit has no name
 */
export function initFlagName(
  bit: number,
  { initBit, init }: InitSpeaker = {},
  minor = init?.minor ?? FUSE_KERNEL_MINOR_VERSION,
): string | undefined {
  if (bit === initBit) return FAMFS_INIT_FLAG
  const own = Object.entries(init?.flags ?? {}).find(([, at]) => at === bit)
  if (own !== undefined) return own[0]
  const { bits } = fuse_init_flags64
  return Object.keys(bits).find(name => name !== FAMFS_INIT_FLAG && bits[name as keyof typeof bits] === bit && (since[name] ?? 0) <= minor)
}
/** Mask of FUSE_INIT_EXT in `flags`. facts: wire 1.2 */
export const FUSE_INIT_EXT = 0x4000_0000

/** The 64 flag bits of an INIT body, as its reader sees them: without FUSE_INIT_EXT the high word does not exist. facts: wire 1.2 */
export const initFlags = (body: { readonly flags?: number; readonly flags2?: number }): bigint => {
  const low = body.flags ?? 0
  const high = (low & FUSE_INIT_EXT) === 0 ? 0 : (body.flags2 ?? 0)
  return (BigInt(high) << 32n) | BigInt(low)
}

/** The two words for a set of 64 flag bits; FUSE_INIT_EXT is added, since without it the high word is not read. facts: wire 1.2 */
export const splitInitFlags = (bits: bigint): { flags: number; flags2: number } => ({
  flags: (Number(bits & 0xffff_ffffn) | FUSE_INIT_EXT) >>> 0,
  flags2: Number((bits >> 32n) & 0xffff_ffffn),
})

/** INIT request: 8 bytes below minor 6, 16 below 36, then 64. facts: wire 10.3 */
export const fuse_init_in = prefix('fuse_init_in', {
  major: u32,
  minor: u32,
  max_readahead: u32.doc('bytes'),
  flags: u32.flags(fuse_init_flags),
  flags2: u32.flags(fuse_init_flags2, 'bits 32 to 63; only with FUSE_INIT_EXT in flags'),
  unused: array(u32, 11).reserved(),
})

/** INIT reply: 8 bytes below minor 5, 24 below 23, then 64; the kernel takes any length up to 64. facts: wire 10.3 */
export const fuse_init_out = prefix('fuse_init_out', {
  major: u32,
  minor: u32,
  max_readahead: u32.doc('bytes'),
  flags: u32.flags(fuse_init_flags),
  max_background: u16,
  congestion_threshold: u16,
  max_write: u32.doc('bytes'),
  time_gran: u32.doc('nanoseconds; a power of ten'),
  max_pages: u16.doc('only with FUSE_MAX_PAGES'),
  map_alignment: u16.doc('log2; only with FUSE_MAP_ALIGNMENT'),
  flags2: u32.flags(fuse_init_flags2, 'bits 32 to 63; only with FUSE_INIT_EXT in flags'),
  max_stack_depth: u32.doc('only with FUSE_PASSTHROUGH').was('unused', 40),
  request_timeout: u16.doc('seconds; only with FUSE_REQUEST_TIMEOUT').was('unused', 43),
  unused: array(u16, 11).reserved('the BPF variant puts a name here'),
})

/** CUSE_INIT request. facts: fuse-structs.md */
export const cuse_init_in = struct('cuse_init_in', {
  major: u32,
  minor: u32,
  unused: u32.reserved(),
  flags: u32.flags(cuse_init_flags),
})

/** Head of a CUSE_INIT reply; the names of the device follow. facts: fuse-structs.md */
export const cuse_init_out = struct('cuse_init_out', {
  major: u32,
  minor: u32,
  unused: u32.reserved(),
  flags: u32.flags(cuse_init_flags),
  max_read: u32.doc('bytes'),
  max_write: u32.doc('bytes'),
  dev_major: u32.doc('major number of the character device; 0 lets the kernel choose'),
  dev_minor: u32,
  spare: array(u32, 10).reserved(),
})
