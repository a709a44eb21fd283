/** The INIT request that a kernel of a dialect sends. facts: wire 1.1, 1.3, 10.3 */

import { dialectOf } from '../../codec/dialects.ts'
import { encodeInHeader } from '../../codec/generated/header.ts'
import { encodeInitIn } from '../../codec/generated/init.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { splitInitFlags } from '../../uapi/fuse/init.ts'
import { FUSE_KERNEL_MINOR_VERSION, FUSE_KERNEL_VERSION } from '../../uapi/fuse/version.ts'
import { CLAIMED_BIT, OVER_IO_URING_BIT } from './claims.ts'
import { offerCounts } from './settle.ts'

/** The kernel that asks: its dialect, and what its task may do. */
export interface KernelSide {
  readonly dialect: Dialect | DialectName
  /** minor that it announces; default that of the dialect: 42 or 45 in the series of famfs, the newest on mainline. facts: wire 1.1 */
  readonly minor?: number
  /** the 64 flag bits that it offers besides famfs; default those of a kernel of that time */
  readonly flags?: bigint
  /** the task that mounts has CAP_SYS_RAWIO; default true */
  readonly capable?: boolean
  /** the mount is made inside a user namespace, where that capability does not count; default false */
  readonly userNamespace?: boolean
  /** a kernel of 7.46 with io_uring for FUSE enabled, which offers bits 41 and 43; default false */
  readonly ioUring?: boolean
  /** mounted with the option default_permissions; default false */
  readonly defaultPermissions?: boolean
  /** bytes; default 131072 */
  readonly max_readahead?: number
  /** default 2, as on every mount */
  readonly unique?: bigint
}

/** What 6.12 with the patches offered: fixtures/wire, fuse-famfs.jsonl. Bit 43 is left out, the dialect adds its own. */
const OFFERED_BY_FAMFS = 0x0000_01fd_73ff_fffbn
/** What Linux 7.3 offers: fixtures/wire, fuse-7.3.jsonl. */
const OFFERED_BY_MAINLINE = 0x0000_05ff_73ff_fffbn
/** What it offers besides where io_uring for FUSE is enabled. facts: today 1 */
const WITH_IO_URING = (1n << BigInt(OVER_IO_URING_BIT)) | (1n << BigInt(CLAIMED_BIT))
const HEADER = 40

/** Minor of the header macro. facts: wire 1.1 */
export const minorOf = ({ init }: Dialect): number => init?.minor ?? FUSE_KERNEL_MINOR_VERSION

/** The famfs bit, where this kernel offers it: later series only with the capability, outside a user namespace. facts: wire 1.3 */
function famfsBit(d: Dialect, { capable = true, userNamespace = false }: KernelSide): bigint {
  if (d.initBit === undefined || (offerCounts(d) && (!capable || userNamespace))) return 0n
  return 1n << BigInt(d.initBit)
}

/** The 64 flag bits that such a kernel offers. */
export function offerOf(kernel: KernelSide): bigint {
  const d = dialectOf(kernel.dialect)
  const own = d.initBit === undefined ? OFFERED_BY_MAINLINE : OFFERED_BY_FAMFS
  return (kernel.flags ?? own) | famfsBit(d, kernel) | (kernel.ioUring === true ? WITH_IO_URING : 0n)
}

/**
 * The INIT request, whole, that such a kernel sends as its first message: 104 bytes from minor 36 on, 56 below, 48 below minor 6.
 * @throws WireError code range when a number does not fit its field
 */
export function buildInitRequest(kernel: KernelSide): Uint8Array {
  const d = dialectOf(kernel.dialect)
  const { minor = minorOf(d), max_readahead = 131072, unique = 2n } = kernel
  const whole = encodeInitIn({
    major: FUSE_KERNEL_VERSION,
    minor,
    max_readahead,
    ...splitInitFlags(offerOf(kernel)),
    unused: new Array(11).fill(0),
  })
  const body = whole.subarray(0, sizeOf(minor))
  const header = {
    len: HEADER + body.length,
    opcode: fuse_opcode.values.FUSE_INIT,
    unique,
    nodeid: 0n,
    uid: 0,
    gid: 0,
    pid: 0,
    total_extlen: 0,
    padding: 0,
  }
  const bytes = new Uint8Array(HEADER + body.length)
  bytes.set(encodeInHeader(header))
  bytes.set(body, HEADER)
  return bytes
}

/** facts: wire 10.3 */
const sizeOf = (minor: number): number => (minor < 6 ? 8 : minor < 36 ? 16 : 64)
