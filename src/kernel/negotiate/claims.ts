/** Who claims which number of FUSE: INIT bits, opcodes and minors that more than one protocol uses. facts: today 1, 2; wire 1.1 */

/** A protocol and the numbers that it gives a meaning. */
export interface Claim {
  /** name of the flag, opcode or protocol */
  readonly name: string
  /** where it stands: merged, posted, in a branch */
  readonly state: string
  readonly bits?: readonly number[]
  readonly opcodes?: readonly number[]
  readonly minors?: readonly number[]
}

/** INIT bit that mainline from 7.3 on has for FUSE_HAS_IO_URING_BUFPOOL, and famfs from V3 on for FUSE_DAX_FMAP. facts: today 1 */
export const CLAIMED_BIT = 43
/** INIT bit of FUSE_OVER_IO_URING; mainline offers buffer pools only together with it. facts: today 1 */
export const OVER_IO_URING_BIT = 41
/** First minor whose kernels offer buffer pools. facts: today 1 */
export const BUFPOOL_SINCE = 46
/** What mainline calls {@link CLAIMED_BIT}. facts: today 1 */
export const BUFPOOL = 'FUSE_HAS_IO_URING_BUFPOOL'

/** All of them; the ones that are merged come first. */
export const claims: readonly Claim[] = [
  { name: BUFPOOL, state: 'mainline from Linux 7.3 on', bits: [43], minors: [46] },
  { name: 'FUSE_REQUEST_TIMEOUT', state: 'mainline since 7.43', bits: [42] },
  { name: 'COPY_FILE_RANGE_64', state: 'mainline since 7.45', opcodes: [53] },
  { name: 'FUSE_DAX_FMAP of famfs V3 to V10, push, BPF', state: 'posted, not merged; announces minor 45', bits: [43], opcodes: [54, 55] },
  { name: 'FUSE_DAX_FMAP of famfs V1, V2', state: 'posted, not merged; announces minor 42', bits: [42], opcodes: [53, 54] },
  { name: 'FUSE_HAS_SYNCFS', state: "in the maintainer's next tree; final bit not known, 44 is next", bits: [43, 44], minors: [46] },
  { name: 'FUSE_ATTR_GENERATION', state: 'posted, dropped', bits: [44], minors: [47] },
  { name: 'FUSE_HAS_LOOKUP_HANDLE', state: 'RFC of December 2025 and February 2026', bits: [43], opcodes: [54], minors: [46] },
  { name: 'FUSE_COMPOUND', state: 'kernel v7 of June 2026, libfuse branch', opcodes: [54] },
  {
    name: 'FUSEX',
    state: 'a branch of April 2026; LOOKUP_ROOT 54, LOOKUPX 55, MKOBJX 56, SETSTATX 58, FUSE_OVER_IO_URING_NOTIFY 43',
    bits: [43],
    opcodes: [54, 55, 56, 58],
    minors: [46],
  },
  { name: 'FUSE_URING_REDUCED_Q', state: 'libfuse branch', bits: [43] },
  { name: 'FUSE_IO_URING_REGISTER_FORGET_COMMIT', state: 'closed pull request', minors: [46] },
  {
    name: 'FUSE_IOMAP',
    state: 'public branch, experimental',
    bits: [43],
    opcodes: [4089, 4090, 4091, 4092, 4093, 4094, 4095],
    minors: [99],
  },
]

/** What a number is. */
export type Claimed = 'bit' | 'opcode' | 'minor'

const LISTS = { bit: 'bits', opcode: 'opcodes', minor: 'minors' } as const satisfies Readonly<Record<Claimed, keyof Claim>>

/** Everyone who claims a number. */
export const claimants = (what: Claimed, number: number): readonly Claim[] =>
  claims.filter(claim => claim[LISTS[what]]?.includes(number) === true)

/** Every number that someone claims, lowest first. */
export const claimedNumbers = (what: Claimed): readonly number[] =>
  [...new Set(claims.flatMap(claim => claim[LISTS[what]] ?? []))].sort((a, b) => a - b)

/** The claimants of a number in one line, each with the first thing to know of its state. */
export const claimText = (what: Claimed, number: number): string =>
  claimants(what, number)
    .map(({ name, state }) => `${name}: ${state.split(';')[0]}`)
    .join('; ')

/**
 * Whether an offer may be that of buffer pools: the bit with FUSE_OVER_IO_URING, from a kernel that announces 7.46 or more. A port of famfs may
 * announce that too, so that nothing but the kernel itself decides. facts: today 1
 */
export const offersPools = (offered: bigint, announced: number): boolean =>
  announced >= BUFPOOL_SINCE && [CLAIMED_BIT, OVER_IO_URING_BIT].every(bit => ((offered >> BigInt(bit)) & 1n) === 1n)
