/** Tokens for fuzzers that put known words into their inputs. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { FUSE_DAX_FMAP_META_MAX } from '../uapi/famfs/bpf.ts'
import { FAMFS_FMAP_VERSION, FUSE_FAMFS_EXT_INTERLEAVE, FUSE_FAMFS_EXT_SIMPLE } from '../uapi/famfs/fmap.ts'
import { fmapBytes } from './fmap.ts'
import { HUGE_COUNTS } from './mutations/mutation.ts'
import { type FmapKind, hasField, type MachineOptions, type Target, targetOf } from './target.ts'

/** Little-endian words of 4 or 8 bytes. */
const word =
  (size: number) =>
  (value: bigint | number): number[] =>
    Array.from({ length: size }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn))
const u32 = word(4)
const u64 = word(8)

const around = (name: string, limit: number): [string, number[]][] =>
  limit === Number.POSITIVE_INFINITY
    ? []
    : [-1, 0, 1].map(by => [`${name}_${by < 0 ? 'less' : by === 0 ? 'limit' : 'more'}`, u32(limit + by)])

/** One whole map of each kind that the form has, without padding between the tokens that a fuzzer would have to find. */
function maps({ dialect, layout, machine }: Target): [string, number[]][] {
  const extent = { se_devindex: 0, se_offset: 0n, se_len: BigInt(machine.pmdSize) }
  const head = { file_type: 0, fmap_version: FAMFS_FMAP_VERSION, file_size: extent.se_len }
  const group = { ie_chunk_size: machine.pmdSize, ie_nbytes: extent.se_len, ie_strips: [extent] }
  const bytesOf: { readonly [K in FmapKind]: () => Uint8Array } = {
    simple: () => fmapBytes(dialect, { ...head, ext_type: FUSE_FAMFS_EXT_SIMPLE, extents: [extent] }),
    interleaved: () => fmapBytes(dialect, { ...head, ext_type: FUSE_FAMFS_EXT_INTERLEAVE, extents: [group] }),
  }
  const kinds = (['simple', 'interleaved'] as const).filter(kind => layout.kind === undefined || layout.kind === kind)
  const parts = kinds.map(kind => [kind, bytesOf[kind]()] as const)
  const { size } = layout.header
  return [
    ...parts.map(([kind, bytes]): [string, number[]] => [`header_${kind}`, [...bytes.subarray(0, size)]]),
    ...parts.map(([kind, bytes]): [string, number[]] => [kind === 'simple' ? 'extent' : 'group_of_one_strip', [...bytes.subarray(size)]]),
  ]
}

/** Words that only some forms of the map have. */
function formTokens({ dialect }: Target): [string, number[]][] {
  return [
    ...(hasField(dialect, 'ext_type')
      ? ([
          ['ext_simple', u32(FUSE_FAMFS_EXT_SIMPLE)],
          ['ext_interleaved', u32(FUSE_FAMFS_EXT_INTERLEAVE)],
        ] as [string, number[]][])
      : []),
    ...(hasField(dialect, 'fmap_version') ? [['version', u32(FAMFS_FMAP_VERSION << 16)] as [string, number[]]] : []),
    ...(hasField(dialect, 'meta_size') ? around('room', FUSE_DAX_FMAP_META_MAX) : []),
  ]
}

function tokens(target: Target): [string, number[]][] {
  const { dialect, layout, machine, unit } = target
  const { pageSize, pmdSize } = machine
  const [s63, s64] = [1n << 63n, 1n << 64n]
  const chunk = word(layout.group?.fields.ie_chunk_size?.[1] ?? 4)
  return [
    ...formTokens(target),
    ...around('extents', target.extents),
    ...around('strips', target.strips),
    ['devindex_beyond', u32(dialect.limits.devIndex + 1)],
    ['devindex_31', u32(31)],
    ['devindex_32', u32(32)],
    ['devindex_64', u32(64)],
    ['chunk_page', chunk(pageSize)],
    ['chunk_pmd', chunk(pmdSize)],
    ...HUGE_COUNTS.map((count): [string, number[]] => [`count_${count}`, u32(count)]),
    ['page', u64(pageSize)],
    ['pmd', u64(pmdSize)],
    ['pmd_off_by_one', u64(pmdSize + 1)],
    ['unit_before_2_63', u64(s63 - BigInt(unit))],
    ['signed_max', u64(s63 - 1n)],
    ['signed_min', u64(s63)],
    ['unit_before_2_64', u64(s64 - BigInt(unit))],
    ['unsigned_max', u64(s64 - 1n)],
    ...maps(target),
  ]
}

const escaped = (bytes: readonly number[]): string => bytes.map(b => `\\x${b.toString(16).padStart(2, '0').toUpperCase()}`).join('')

/**
 * A dictionary for `afl-fuzz -x` or libFuzzer's `-dict=`: the words on which the parser of this dialect turns, and whole headers and extents.
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for impossible page sizes
 */
export function dictionary(dialect: Dialect | DialectName, options: MachineOptions = {}): string {
  const target = targetOf(dialect, options)
  const lines = tokens(target).map(([name, bytes]) => `${name}="${escaped(bytes)}"`)
  return `# GET_FMAP replies of ${target.dialect.id}, little-endian\n${lines.join('\n')}\n`
}
