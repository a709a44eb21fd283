/**
 * Branded types: numbers of which the compiler knows that somebody has looked at their alignment or range. For codecs at the boundary of a
 * program that does not want to carry a map further that every kernel refuses; whether a whole map is good, the verdict tells.
 */
import { isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Check, Step, Test, Unit } from '../../schema/check.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Input } from '../../schema/index.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import { dialectOf } from '../dialects.ts'
import { jsonCodec } from './codec.ts'
import { type Json, readInt, writeInt } from './leaf.ts'
import type { Brands } from './read.ts'
import { refuse } from './report.ts'

interface PmdAlignedBrand {
  readonly PmdAligned: unique symbol
}
interface PageAlignedBrand {
  readonly PageAligned: unique symbol
}
interface ChunkSizeBrand {
  readonly ChunkSize: unique symbol
}
interface DevIndexBrand {
  readonly DevIndex: unique symbol
}

/** An offset or length in bytes that is a multiple of what one entry of the middle page table maps. facts: wire 0.4 */
export type PmdAligned = t.Branded<bigint, PmdAlignedBrand>
/** An offset or length in bytes that is a multiple of the page size. facts: wire 0.4 */
export type PageAligned = t.Branded<bigint, PageAlignedBrand>
/** Bytes of a chunk that a dialect accepts, never 0: the pull kernels divide by it. facts: wire 4.1, 5 */
export type ChunkSize = t.Branded<number, ChunkSizeBrand>
/** A slot of the daxdev table that a dialect accepts. facts: wire 4.1 */
export type DevIndex = t.Branded<number, DevIndexBrand>

/** Sizes of the machine; the defaults are those of x86-64. facts: wire 0.4 */
export interface Units {
  /** default 4096 */
  readonly pageSize?: number
  /** default 2 MiB */
  readonly pmdSize?: number
}

const sizeOf = (unit: Unit, { pageSize = 4096, pmdSize = 0x20_0000 }: Units): number => (unit === 'page' ? pageSize : pmdSize)

const integer = <N extends number | bigint>(size: 4 | 8): t.Type<N, Json, unknown> => {
  const type = { kind: 'int', size, signed: false } as const
  return new t.Type<N, Json, unknown>(
    `u${size * 8}`,
    (value): value is N => isRight(readInt(type, undefined, value, [], {})) && typeof value === (size === 8 ? 'bigint' : 'number'),
    (input, at) => readInt(type, undefined, input, at, {}) as t.Validation<N>,
    value => writeInt(type, undefined, value, {}),
  )
}

/** 32 bits: a number; a decimal or 0x string is taken too. */
export const u32Json: t.Type<number, Json, unknown> = /* @__PURE__ */ integer<number>(4)
/** 64 bits: a bigint; in JSON a decimal string. A 0x string and a safe integer are taken too. */
export const u64Json: t.Type<bigint, Json, unknown> = /* @__PURE__ */ integer<bigint>(8)

/** `base` with one more demand, and a name that says it. */
const branded = <N extends number | bigint, A extends N>(
  base: t.Type<N, Json, unknown>,
  name: string,
  holds: (value: N) => boolean,
): t.Type<A, Json, unknown> =>
  new t.Type<A, Json, unknown>(
    name,
    (value): value is A => base.is(value) && holds(value),
    (input, at) => {
      const result = base.validate(input, at) as t.Validation<A>
      return isRight(result) && !holds(result.right) ? refuse(at, 'range', `needs ${name}, got ${result.right}`) : result
    },
    base.encode,
  )

/** Codec for {@link PmdAligned}: as {@link u64Json}, multiples of `pmdSize` only. */
export const pmdAligned = (pmdSize = 0x20_0000): t.Type<PmdAligned, Json, unknown> =>
  branded(u64Json, `PmdAligned, a multiple of ${pmdSize}`, n => n % BigInt(pmdSize) === 0n)

/** Codec for {@link PageAligned}: as {@link u64Json}, multiples of `pageSize` only. */
export const pageAligned = (pageSize = 4096): t.Type<PageAligned, Json, unknown> =>
  branded(u64Json, `PageAligned, a multiple of ${pageSize}`, n => n % BigInt(pageSize) === 0n)

const checksOf = (steps: readonly Step[]): Check[] => steps.flatMap(step => (step.kind === 'check' ? [step] : checksOf(step.steps)))

interface Rule {
  readonly says: string
  readonly holds: (value: bigint) => boolean
}

/** What a step demands of one field by itself; what concerns several fields the verdict tells. */
function ruleOf(test: Test, units: Units): Rule | undefined {
  switch (test.op) {
    case 'outside':
      return { says: `from ${test.min} to ${test.max}`, holds: value => value >= test.min && value <= test.max }
    case 'noneOf': {
      const values = test.values.map(value => BigInt(typeof value === 'number' ? value : sizeOf(value, units)))
      return { says: `one of ${values.join(', ')}`, holds: value => values.includes(value) }
    }
    case 'unaligned': {
      const size = BigInt(sizeOf(test.unit, units))
      return { says: `a multiple of ${size}`, holds: value => value % size === 0n }
    }
    case 'zero':
      return { says: 'not 0', holds: value => value !== 0n }
    case 'aboveS63':
      return { says: 'below 2^63', holds: value => value < 1n << 63n }
    default:
      return undefined
  }
}

/** The rules of a dialect for one field, from its own list of checks. */
function rulesOf(dialect: Dialect, field: string, units: Units): Rule[] {
  const tests = checksOf(dialect.checks).flatMap(({ test }) => ('x' in test && test.x === field ? [test] : []))
  const rules = tests.map(test => ruleOf(test, units)).filter(rule => rule !== undefined)
  return rules.filter((rule, i) => rules.findIndex(other => other.says === rule.says) === i)
}

const NOT_ZERO: Rule = { says: 'not 0', holds: value => value !== 0n }

/** A codec whose `is` asks the dialect, and whose name says what it wants. */
function asked(dialect: Dialect, field: string, units: Units): t.Mixed {
  const rules = [...rulesOf(dialect, field, units), ...(field === 'ie_chunk_size' ? [NOT_ZERO] : [])]
  const amount = (value: unknown): bigint => BigInt(Array.isArray(value) ? value.length : (value as number | bigint))
  const name = rules.length === 0 ? 'anything' : `${rules.map(rule => rule.says).join(', ')} (${field} of ${dialect.id})`
  return new t.Type<unknown>(name, (value): value is unknown => rules.every(rule => rule.holds(amount(value))), t.success, t.identity)
}

/** Codec for {@link ChunkSize}: the sizes that the dialect accepts, and never 0. */
export const chunkSize = (dialect: Dialect | DialectName, units: Units = {}): t.Type<ChunkSize, Json, unknown> => {
  const { is, name } = asked(dialectOf(dialect), 'ie_chunk_size', units)
  return branded(u32Json, `ChunkSize, ${name}`, is)
}

/** Codec for {@link DevIndex}: the slots that the dialect accepts. */
export const devIndex = (dialect: Dialect | DialectName): t.Type<DevIndex, Json, unknown> => {
  const { is, name } = asked(dialectOf(dialect), 'se_devindex', {})
  return branded(u32Json, `DevIndex, ${name}`, is)
}

interface FieldBrands {
  readonly se_offset: PmdAligned | PageAligned
  readonly se_len: PmdAligned | PageAligned
  readonly ie_chunk_size: ChunkSize
  readonly se_devindex: DevIndex
}

type Checked<T> = T extends bigint | number | string | Uint8Array | undefined
  ? T
  : T extends readonly (infer E)[]
    ? readonly Checked<E>[]
    : { readonly [K in keyof T]: K extends keyof FieldBrands ? FieldBrands[K] : Checked<T[K]> }

/** A map of which every field by itself is one that the dialect accepts. */
export type CheckedFmap = Checked<Input<typeof fuse_famfs_fmap> | Input<typeof fuse_famfs_fmap_push>>

/** Fields of a map that a dialect asks about by themselves; lists by their length. */
const ASKED: readonly (readonly [field: string, asks: string])[] = [
  ['fuse_famfs_fmap.ext_type', 'ext_type'],
  ['fuse_famfs_fmap.file_size', 'file_size'],
  ['fuse_famfs_fmap.extents', 'nextents'],
  ['fuse_famfs_iext.ie_chunk_size', 'ie_chunk_size'],
  ['fuse_famfs_iext.ie_nbytes', 'ie_nbytes'],
  ['fuse_famfs_iext.ie_strips', 'ie_nstrips'],
  ['fuse_famfs_simple_ext.se_devindex', 'se_devindex'],
  ['fuse_famfs_simple_ext.se_offset', 'se_offset'],
  ['fuse_famfs_simple_ext.se_len', 'se_len'],
]

/**
 * io-ts codec for the maps of a dialect in their JSON form: alignment, device index, chunk size, counts and limits of each field are those
 * that the dialect's kernel demands. What concerns several fields (sums, coverage) is the verdict's.
 * @throws WireError `unsupported` when there is no such dialect
 */
export function fmapJson(dialect: Dialect | DialectName, units: Units = {}): t.Type<CheckedFmap, Json, unknown> {
  const known = dialectOf(dialect)
  const brands: Brands = Object.fromEntries(ASKED.map(([field, asks]) => [field, asked(known, asks, units)]))
  const codec = known.push ? jsonCodec(fuse_famfs_fmap_push, { brands }) : jsonCodec(fuse_famfs_fmap, { brands })
  return codec as unknown as t.Type<CheckedFmap, Json, unknown>
}
