/** Maps that a careful server could send: every relation between their fields holds. */
import type { Dialect } from '../schema/dialect.ts'
import type { Input } from '../schema/index.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { FAMFS_FMAP_VERSION, FUSE_FAMFS_EXT_INTERLEAVE, FUSE_FAMFS_EXT_SIMPLE, type fuse_famfs_simple_ext } from '../uapi/famfs/fmap.ts'
import type { Fmap } from './fmap.ts'
import { type Lengths, lengthStyles, small, total } from './lengths.ts'
import { below, between, oneIn, pick, type Random, shuffled, wideBelow } from './random.ts'
import { type FmapKind, kindsOf, type MachineOptions, type Target, targetOf } from './target.ts'

type Extent = Input<typeof fuse_famfs_simple_ext>
type Group = Extract<Fmap, { ext_type: 1 }>['extents'][number]

export interface FmapOptions extends MachineOptions {
  /** default: one that the dialect takes, at random */
  readonly kind?: FmapKind
  /** simple extents, or groups; default at random, at or near the dialect's limit now and then. May exceed the limit: then that alone is wrong. */
  readonly extents?: number
  /** strips of each group; default as `extents` */
  readonly strips?: number
  /** most bytes of the message where counts are chosen at random; default 4096, never above what the dialect's kernel takes */
  readonly most?: number
  /** how the lengths of simple extents relate; default at random */
  readonly lengths?: Lengths
}

const PAGE = 4096
/** Where memory of one device ends in these maps, so that no sum of sane lengths reaches 2^63. */
const DEVICE_END = 1n << 63n

/** How many of something, 1 to `limit`: mostly few, now and then the limit or one below it. */
function countUpTo(random: Random, limit: number): number {
  switch (below(random, 8)) {
    case 0:
      return limit
    case 1:
      return Math.max(1, limit - 1)
    case 2:
      return between(random, 1, limit)
    case 3:
    case 4:
      return 1
    default:
      return between(random, 1, Math.min(limit, 5))
  }
}

interface Piece {
  readonly length: bigint
  device: number
  offset: bigint
}

/** Puts the pieces on devices, in random order, with random gaps: no two overlap, none ends beyond 2^63. */
function place(target: Target, random: Random, lengths: readonly bigint[]): Extent[] {
  const unit = BigInt(target.unit)
  const devices = oneIn(random, 3) ? between(random, 1, Math.min(4, target.dialect.limits.devIndex + 1)) : 1
  const numbers = Array.from({ length: devices }, () => below(random, target.dialect.limits.devIndex + 1))
  const room = DEVICE_END - unit - total(lengths)
  const gap = room / unit / BigInt(lengths.length)
  const ends = new Map<number, bigint>()
  const pieces = lengths.map((length): Piece => ({ length, device: pick(random, numbers) ?? 0, offset: 0n }))
  for (const piece of shuffled(random, pieces)) {
    piece.offset = (ends.get(piece.device) ?? 0n) + gapOf(random, gap) * unit
    ends.set(piece.device, piece.offset + piece.length)
  }
  return pieces.map(p => ({ se_devindex: p.device, se_offset: p.offset, se_len: p.length }))
}

/** Units between two pieces: none, few, or very many. */
function gapOf(random: Random, most: bigint): bigint {
  if (oneIn(random, 3)) return 0n
  return wideBelow(random, oneIn(random, 16) ? most + 1n : most < 4096n ? most + 1n : 4096n)
}

/** A size that needs the whole last piece, or only a part of it. */
function sizeWithin(random: Random, all: bigint, last: bigint): bigint {
  switch (below(random, 4)) {
    case 0:
      return all
    case 1:
      return all - last + 1n
    default:
      return all - wideBelow(random, last)
  }
}

/** Extents, strips and heads of groups that so many bytes have room for. */
const elementsIn = ({ layout: { header, group, extent } }: Target, bytes: number): number =>
  Math.floor((bytes - header.size) / Math.max(extent.size, group?.size ?? 0))

const headOf = (random: Random): { file_type: number; fmap_version: number } => ({
  file_type: oneIn(random, 8) ? between(random, 1, 2) : 0,
  fmap_version: FAMFS_FMAP_VERSION,
})

function simpleMap(target: Target, random: Random, options: FmapOptions, most: number): Fmap {
  const limit = Math.min(target.extents, elementsIn(target, most))
  const count = options.extents ?? countUpTo(random, limit)
  const style = options.lengths ?? pick(random, ['mixed', 'equal', 'mixed', 'equal', 'large'] as const) ?? 'mixed'
  const lengths = lengthStyles[style](random, count, BigInt(target.unit))
  const extents = place(target, random, lengths)
  const file_size = sizeWithin(random, total(lengths), lengths[lengths.length - 1] ?? 1n)
  return { ...headOf(random), ext_type: FUSE_FAMFS_EXT_SIMPLE, file_size, extents }
}

interface GroupSizes {
  readonly chunk: number
  readonly strips: number
  /** length of each strip */
  readonly length: bigint
}

function groupSizes(target: Target, random: Random, strips: number): GroupSizes {
  const chunk = pick(random, target.chunks) ?? target.machine.pmdSize
  const least = BigInt(Math.max(chunk, target.unit))
  return { chunk, strips, length: small(random, least) }
}

/** All groups but the last are full; the file ends in the last one. */
function interleavedMap(target: Target, random: Random, options: FmapOptions, most: number): Fmap {
  const elements = elementsIn(target, most)
  const groups = options.extents ?? countUpTo(random, Math.min(target.extents, Math.floor(elements / 2)))
  const limit = Math.max(1, Math.min(target.strips, Math.floor(elements / groups) - 1))
  const sizes = Array.from({ length: groups }, () => groupSizes(target, random, options.strips ?? countUpTo(random, limit)))
  const strips = place(
    target,
    random,
    sizes.flatMap(g => Array.from({ length: g.strips }, () => g.length)),
  )
  const room = (g: GroupSizes): bigint => BigInt(g.strips) * g.length
  const last = sizes[groups - 1]
  const file_size = sizeWithin(random, total(sizes.map(room)), last === undefined ? 1n : room(last))
  const spare = oneIn(random, 2) ? total(sizes.map(room)) - file_size : 0n
  let used = 0
  const extents = sizes.map((g, i): Group => {
    const ie_strips = strips.slice(used, used + g.strips)
    used += g.strips
    return { ie_chunk_size: g.chunk, ie_nbytes: room(g) - (i === groups - 1 ? spare : 0n), ie_strips }
  })
  return { ...headOf(random), ext_type: FUSE_FAMFS_EXT_INTERLEAVE, file_size, extents }
}

/** As {@link generateFmap}, for a target that is at hand. */
export function generateFor(target: Target, random: Random, options: FmapOptions = {}): Fmap {
  const kind = options.kind ?? pick(random, kindsOf(target.dialect)) ?? 'simple'
  const most = Math.min(options.most ?? PAGE, target.most)
  return (kind === 'simple' ? simpleMap : interleavedMap)(target, random, options, most)
}

/**
 * A legal map: accepted by the kernels of that dialect, and such as a careful server would send. Extents lie on devices that the dialect
 * takes, aligned and without overlap; strips of a group are equal and hold what the group says; the file ends inside the last extent or group.
 * With `kind`, `extents` or `strips` outside the dialect's limits the map is legal but for that.
 *
 * @param dialect a dialect with GET_FMAP, or its id
 * @param random see {@link seeded}
 * @returns a value for `fmapBytes`, or for `encode`
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for impossible page sizes
 */
export const generateFmap = (dialect: Dialect | DialectName, random: Random, options: FmapOptions = {}): Fmap =>
  generateFor(targetOf(dialect, options), random, options)
