/** Maps as fast-check arbitraries: legal ones of a dialect, whose pieces do not overlap, and odd ones of which nothing is true. */
import fc from 'fast-check'
import type { FileMap, InterleavedMap, SimpleMap } from '../src/kernel/index.ts'
import { type Dialect, dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import type { MetaExtent, MetaGroup } from '../src/validate/meta.ts'

const MIB2 = 0x200000n

/** How many random maps the properties try: `npm run test:maps` asks for 10^5. */
export const MAPS = Number(process.env.FAMFS_WIRE_MAPS ?? 2000)

/** Every dialect that has maps and can resolve every offset of them. */
export const sound: readonly Dialect[] = famfsDialectIds.map(id => dialects[id])

const unitOf = (d: Dialect): bigint => (d.limits.devIndex > 0 ? 4096n : MIB2)

/** Hands out memory of each device from the front, with gaps. */
function allocator(unit: bigint): (dev_index: number, units: number, gap: number) => MetaExtent {
  const next = new Map<number, bigint>()
  return (dev_index, units, gap) => {
    const offset = (next.get(dev_index) ?? 0n) + BigInt(gap) * unit
    const len = BigInt(units) * unit
    next.set(dev_index, offset + len)
    return { dev_index, offset, len }
  }
}

interface Piece {
  readonly dev: number
  readonly units: number
  readonly gap: number
}

const piece = (d: Dialect): fc.Arbitrary<Piece> =>
  fc.record({ dev: fc.nat(Math.min(d.limits.devIndex, 3)), units: fc.integer({ min: 1, max: 700 }), gap: fc.nat(3) })

/** A part of what there is room for: all of it, all but a little, or anything. */
const share = fc.oneof(fc.constant(0n), fc.bigInt(1n, 5000n), fc.bigInt(0n, 1n << 62n))
const cut = (room: bigint, less: bigint): bigint => room - (less % room)

/** Later pieces before earlier ones, now and then: addresses need not follow the file. */
const turned = <T>(list: readonly T[], by: number): T[] => [...list.slice(by % list.length), ...list.slice(0, by % list.length)]

function simpleMap(d: Dialect): fc.Arbitrary<SimpleMap> {
  const uniform = fc.record({ pieces: fc.array(piece(d), { minLength: 1, maxLength: d.limits.extents ?? 40 }), alike: fc.boolean() })
  return fc.tuple(uniform, fc.nat(40), share).map(([{ pieces, alike }, turn, less]) => {
    const allocate = allocator(unitOf(d))
    const extents = turned(
      pieces.map(({ dev, units, gap }) => allocate(dev, alike ? 2 ** (units % 6) : units, gap)),
      turn,
    )
    const room = extents.reduce((sum, e) => sum + e.len, 0n)
    return { ext_type: 'simple', file_size: cut(room, less), extents }
  })
}

const CHUNKS: Readonly<Record<string, readonly number[]>> = {
  'fuse-v1': [1, 3000, 4096, 0x200000, 0x300001, 0x600000],
  'fuse-v2': [1, 3000, 4096, 0x200000, 0x300001, 0x600000],
  'fuse-push-il': [4096, 0x200000],
}

const chunkOf = (d: Dialect): fc.Arbitrary<number> => fc.constantFrom(...(CHUNKS[d.id] ?? [0x200000, 0x400000, 0x600000]))

const groupShape = (d: Dialect) =>
  fc.record({
    chunk: chunkOf(d),
    rows: fc.integer({ min: 1, max: 9 }),
    strips: fc.array(fc.record({ dev: fc.nat(Math.min(d.limits.devIndex, 3)), gap: fc.nat(3) }), { minLength: 1, maxLength: 8 }),
    less: share,
  })

function interleavedMap(d: Dialect): fc.Arbitrary<InterleavedMap> {
  const groups = fc.array(groupShape(d), { minLength: 1, maxLength: Math.min(d.limits.extents ?? 5, 5) })
  const allocate = allocator(unitOf(d))
  const unit = Number(unitOf(d))
  return fc.tuple(groups, share).map(([shapes, less]) => {
    const extents = shapes.map(({ chunk, rows, strips, less: unused }): MetaGroup => {
      const units = Math.ceil((rows * chunk) / unit)
      const list = strips.map(({ dev, gap }) => allocate(dev, units, gap))
      return { nstrips: list.length, chunk_size: chunk, nbytes: cut(BigInt(rows * chunk * list.length), unused), strips: list }
    })
    const room = extents.reduce((sum, g) => sum + g.nbytes, 0n)
    return { ext_type: 'interleaved', file_size: cut(room, less), extents }
  })
}

/** Maps that kernels of the dialect take, that no careful peer objects to, and whose pieces do not overlap. */
export function legalMap(d: Dialect): fc.Arbitrary<FileMap> {
  const interleaved = d.resolver?.groups === 'smaller'
  return interleaved ? fc.oneof(simpleMap(d), interleavedMap(d)) : simpleMap(d)
}

const wide = fc.oneof(
  fc.bigInt(0n, 64n).map(units => units * MIB2),
  fc.bigInt(0n, 10000n),
  fc.bigInt((1n << 53n) - 0x600000n, (1n << 53n) + 0x600000n),
  fc.bigInt((1n << 63n) - 0x600000n, (1n << 63n) + 0x600000n),
  fc.bigInt((1n << 64n) - 0x600000n, (1n << 64n) - 1n),
  fc.bigInt(0n, (1n << 64n) - 1n),
)

const oddExtent: fc.Arbitrary<MetaExtent> = fc.record({ dev_index: fc.constantFrom(0, 0, 1, 23, 24, 63, 64), offset: wide, len: wide })

const oddGroup: fc.Arbitrary<MetaGroup> = fc
  .record({
    chunk_size: fc.constantFrom(0, 1, 3000, 4096, 0x200000, 0x400000, 0xffffffff),
    nbytes: wide,
    strips: fc.array(oddExtent, { maxLength: 4 }),
  })
  .map(group => ({ ...group, nstrips: group.strips.length }))

/** Anything at all. */
export const oddMap: fc.Arbitrary<FileMap> = fc.oneof(
  fc.record({ ext_type: fc.constant('simple' as const), file_size: wide, extents: fc.array(oddExtent, { maxLength: 5 }) }),
  fc.record({ ext_type: fc.constant('interleaved' as const), file_size: wide, extents: fc.array(oddGroup, { maxLength: 4 }) }),
)

/** 64 bits of any kind. */
export const oddNumber = wide
