/** Numbers of an exchange that mean something else elsewhere. facts: wire 1.1, 1.4, 10.5; today 1, 2 */
import type { Dialect } from '../../schema/dialect.ts'
import { hasBit } from './bits.ts'
import { BUFPOOL, CLAIMED_BIT, type Claimed, claimants, claimedNumbers, claimText, OVER_IO_URING_BIT, offersPools } from './claims.ts'

/** A number that two protocols use for different things. */
export interface Collision {
  /** such as `bit 43`, `opcode 54`, `minor 46`, `libfuse capability` */
  readonly what: string
  readonly text: string
}

/** The capability bit by which each generation of libfuse knows famfs. facts: wire 1.4 */
export interface LibfuseGeneration {
  readonly id: 'v1' | 'v3' | 'bpf'
  readonly name: string
  readonly bit: number
  readonly field: 'want' | 'want_ext'
  /** what upstream libfuse calls the same bit of the same field */
  readonly upstream: string
  readonly note: string
}

/** The capability bits that each generation of libfuse gave to famfs. */
export const libfuseGenerations: readonly LibfuseGeneration[] = [
  {
    id: 'v1',
    name: 'FUSE_CAP_DAX_FMAP',
    bit: 30,
    field: 'want',
    upstream: 'FUSE_CAP_NO_EXPORT_SUPPORT',
    note: 'when the kernel offers famfs, READDIRPLUS and READDIRPLUS_AUTO are not reported as capabilities',
  },
  {
    id: 'v3',
    name: 'FUSE_CAP_DAX_FMAP',
    bit: 32,
    field: 'want_ext',
    upstream: 'FUSE_CAP_ALLOW_IDMAP',
    note: 'series V3 to V10 and push',
  },
  { id: 'bpf', name: 'FUSE_CAP_IOMAP', bit: 32, field: 'want_ext', upstream: 'FUSE_CAP_ALLOW_IDMAP', note: 'protocol bit 43' },
]

/** Capability bits that a server built with libfuse asks for. */
export interface LibfuseWants {
  readonly generation: LibfuseGeneration['id']
  readonly want?: number
  readonly want_ext?: bigint
}

export const generationOf = (id: LibfuseGeneration['id']): LibfuseGeneration =>
  libfuseGenerations.find(g => g.id === id) as LibfuseGeneration

/** Whether such a server asks for famfs. */
export function wantsFamfs({ generation, want = 0, want_ext = 0n }: LibfuseWants): boolean {
  const { bit, field } = generationOf(generation)
  return hasBit(field === 'want' ? BigInt(want >>> 0) : want_ext, bit)
}

/** Of an opcode that a dialect uses, and of the minor that a kernel announces, there is news only where somebody else claims it. */
const isShared = (what: Claimed, number: number): boolean => claimants(what, number).length > 1

function claimed(what: Claimed, numbers: readonly number[]): Collision[] {
  const shared = [...new Set(numbers)].filter(number => isShared(what, number)).sort((a, b) => a - b)
  return shared.map(number => ({ what: `${what} ${number}`, text: claimText(what, number) }))
}

function ofLibfuse(libfuse: LibfuseWants | undefined): Collision[] {
  if (libfuse === undefined || !wantsFamfs(libfuse)) return []
  const { bit, field, name, upstream, note } = generationOf(libfuse.generation)
  return [{ what: 'libfuse capability', text: `bit ${bit} of ${field}: ${name} here, ${upstream} in upstream libfuse; ${note}` }]
}

/**
 * Numbers of this exchange to which others give another meaning.
 *
 * @param minors that either side announced
 */
export function collisionsOf(
  { opcodes }: Dialect,
  offered: bigint,
  raw: bigint,
  minors: readonly number[],
  libfuse?: LibfuseWants,
): Collision[] {
  const bits = claimedNumbers('bit').filter(bit => hasBit(offered | raw, bit))
  const used = [opcodes.GET_FMAP, opcodes.GET_DAXDEV].filter(opcode => opcode !== undefined)
  return [...claimed('bit', bits), ...claimed('opcode', used), ...claimed('minor', minors), ...ofLibfuse(libfuse)]
}

/** Whom an offer of buffer pools may mislead: a server that means famfs and answers the bit. facts: today 1 */
export function poolWarnings(offered: bigint, raw: bigint, announced: number): string[] {
  if (!offersPools(offered, announced)) return []
  const means = `bits ${OVER_IO_URING_BIT} and ${CLAIMED_BIT} with minor ${announced}: mainline from Linux 7.3 on offers ${BUFPOOL} like this`
  return hasBit(raw, CLAIMED_BIT)
    ? [`${means}; a server that means famfs (FUSE_DAX_FMAP) and echoes bit ${CLAIMED_BIT} has turned on buffer pools, and gets no GET_FMAP`]
    : [`${means}; a server that means famfs must not take it for FUSE_DAX_FMAP`]
}
