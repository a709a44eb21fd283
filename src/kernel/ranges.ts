/**
 * Where the bytes of a file lie, for those who use a map rather than test a kernel: plain sums without wrap-around, cut at file_size, and a
 * refusal where the map does not say. Agrees with {@link resolve} of every dialect on maps that no finding calls an error.
 */
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import { outOfRange } from './errors.ts'
import type { FileMap } from './map.ts'
import { greatest, least } from './wide.ts'

/** A run of bytes on one device. */
export interface DeviceRange {
  /** slot of the device table */
  readonly dev: number
  /** first byte on the device */
  readonly addr: bigint
  /** bytes */
  readonly length: bigint
}

/** A part of a file that lies in one piece, and where the map says so. */
export interface Segment extends DeviceRange {
  /** first byte of the file */
  readonly offset: bigint
  /** index of the extent or group */
  readonly extent: number
  /** index of the strip; absent for simple extents */
  readonly strip?: number
}

/** Bytes of the file from `from` on, up to `to`. */
interface Span {
  readonly from: bigint
  readonly to: bigint
}

const END = 1n << 64n

function checkedSegment(segment: Segment, piece: MetaExtent, path: string): Segment {
  const end = segment.addr + segment.length
  if (end > piece.offset + piece.len)
    throw outOfRange(`${path}.se_len`, `byte ${segment.offset} of the file would lie behind the end of this strip`, piece.len)
  if (end > END) throw outOfRange(`${path}.se_offset`, `byte ${segment.offset} of the file would lie beyond 2^64`, piece.offset)
  return segment
}

function* inExtent(piece: MetaExtent, extent: number, start: bigint, { from, to }: Span): Generator<Segment> {
  const offset = greatest(from, start)
  const length = least(to, start + piece.len) - offset
  if (length <= 0n) return
  const segment: Segment = { offset, dev: piece.dev_index, addr: piece.offset + offset - start, length, extent }
  yield checkedSegment(segment, piece, `extents[${extent}]`)
}

/** Chunk `number` of a group: its strip, where it starts there, and that strip's index. */
export function chunkPlace(group: MetaGroup, number: bigint): { readonly piece: MetaExtent; readonly strip: number; readonly at: bigint } {
  const strips = BigInt(group.strips.length)
  const strip = Number(number % strips)
  return { piece: group.strips[strip] as MetaExtent, strip, at: (number / strips) * BigInt(group.chunk_size) }
}

function* inGroup(group: MetaGroup, extent: number, start: bigint, { from, to }: Span): Generator<Segment> {
  const end = least(to, start + group.nbytes)
  const chunk = BigInt(group.chunk_size)
  let offset = greatest(from, start)
  if (offset >= end) return
  if (chunk === 0n) throw outOfRange(`extents[${extent}].ie_chunk_size`, 'chunks of 0 bytes hold nothing', 0)
  if (group.strips.length === 0) throw outOfRange(`extents[${extent}].ie_nstrips`, 'a group without strips holds nothing', 0)
  while (offset < end) {
    const number = (offset - start) / chunk
    const within = (offset - start) % chunk
    const { piece, strip, at } = chunkPlace(group, number)
    const length = least(chunk - within, end - offset)
    const segment: Segment = { offset, dev: piece.dev_index, addr: piece.offset + at + within, length, extent, strip }
    yield checkedSegment(segment, piece, `extents[${extent}].ie_strips[${strip}]`)
    offset += length
  }
}

/** How many bytes of the file the extents or groups have room for. */
export const roomOf = (map: FileMap): bigint =>
  map.ext_type === 'simple' ? map.extents.reduce((sum, e) => sum + e.len, 0n) : map.extents.reduce((sum, g) => sum + g.nbytes, 0n)

/** The segments of a span, not cut at file_size: where the map itself ends, they end. */
export function* segments(map: FileMap, span: Span): Generator<Segment> {
  let start = 0n
  for (const [i, piece] of map.extents.entries()) {
    if (start >= span.to) return
    if ('strips' in piece) {
      yield* inGroup(piece, i, start, span)
      start += piece.nbytes
    } else {
      yield* inExtent(piece, i, start, span)
      start += piece.len
    }
  }
}

/**
 * The pieces of device memory that hold a range of a file, in the order of the file. As for read(2), the range is cut at file_size. Every
 * piece ends where its extent or chunk ends, so each is what one look-up of a kernel gives.
 *
 * ```ts
 * import { plan, ranges } from 'famfs-wire/kernel'
 *
 * const map = plan({ size: 4n << 20n, devices: [{ dev_index: 0, start: 1n << 30n, size: 1n << 30n }] }, 'fuse-v10')
 * for (const { dev, addr, length } of ranges(map)) console.log(dev, addr, length)    // 0 1073741824n 4194304n
 * ```
 *
 * @param map a map; what is wrong with it is found when the range comes to it
 * @param offset first byte of the file; default 0
 * @param length bytes; default all to the end of the file
 * @throws WireError code range: negative numbers, a strip that ends too early, chunks of 0 bytes, addresses beyond 2^64, or a map that ends
 * before its file does
 */
export function* ranges(map: FileMap, offset = 0n, length: bigint = map.file_size): Generator<DeviceRange, void, undefined> {
  if (offset < 0n || length < 0n)
    throw outOfRange('offset', `a range starts at 0 or later and has 0 bytes or more, not ${offset} and ${length}`)
  const to = least(map.file_size, offset + length)
  let done = offset
  for (const segment of segments(map, { from: offset, to })) {
    const { dev, addr, length: bytes } = segment
    yield { dev, addr, length: bytes }
    done += bytes
  }
  if (done < to) throw outOfRange('file_size', `the map holds ${roomOf(map)} bytes of a file of ${map.file_size}`, map.file_size)
}
