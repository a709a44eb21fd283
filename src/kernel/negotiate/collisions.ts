/** Numbers of famfs that mean something else elsewhere. facts: wire 1.1, 1.4, 10.5 */
import type { Dialect } from '../../schema/dialect.ts'
import { hasBit } from './bits.ts'

/** A number that two protocols use for different things. */
export interface Collision {
  readonly what: 'bit 42' | 'bit 43' | 'opcode 53' | 'opcode 54' | 'minor 46' | 'libfuse capability'
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

/** What of this exchange another kernel or server would take for something else. */
export function collisionsOf(
  dialect: Dialect,
  offered: bigint,
  raw: bigint,
  minors: readonly number[],
  libfuse?: LibfuseWants,
): Collision[] {
  const seen = (bit: number): boolean => hasBit(offered | raw, bit)
  const { GET_FMAP, GET_DAXDEV } = dialect.opcodes
  const all: (Collision | false)[] = [
    seen(42) && { what: 'bit 42', text: 'mainline since 7.43: FUSE_REQUEST_TIMEOUT; famfs V1 and V2: FUSE_DAX_FMAP' },
    seen(43) && { what: 'bit 43', text: 'famfs V3 and later: FUSE_DAX_FMAP; also claimed by an unmerged series (FUSE_HAS_SYNCFS)' },
    GET_FMAP === 53 && { what: 'opcode 53', text: 'mainline: COPY_FILE_RANGE_64; famfs V1 and V2: GET_FMAP' },
    (GET_FMAP === 54 || GET_DAXDEV === 54) && { what: 'opcode 54', text: 'famfs V1 and V2: GET_DAXDEV; V3 and later: GET_FMAP' },
    minors.some(minor => minor >= 46) && {
      what: 'minor 46',
      text: 'the published famfs patches announce 45 (V1, V2: 42); 46 says nothing about famfs',
    },
    libfuse !== undefined &&
      wantsFamfs(libfuse) && {
        what: 'libfuse capability',
        text: `bit ${generationOf(libfuse.generation).bit} of ${generationOf(libfuse.generation).field}: ${generationOf(libfuse.generation).name} here, ${generationOf(libfuse.generation).upstream} in upstream libfuse; ${generationOf(libfuse.generation).note}`,
      },
  ]
  return all.filter(c => c !== false)
}
