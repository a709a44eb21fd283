/** The same file said the other way: interleaved groups as simple extents, and simple extents as groups. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { extentShift, type MetaExtent, type MetaGroup } from '../validate/meta.ts'
import type { VerdictOptions } from '../validate/options.ts'
import { machineOf } from '../validate/options.ts'
import { attempt, outOfRange } from './errors.ts'
import { legal } from './legal.ts'
import type { FileMap, InterleavedMap, SimpleMap } from './map.ts'
import { chunkPlace, segments } from './ranges.ts'
import { greatest, least } from './wide.ts'

/** More extents than this are not made. Above what any kernel takes. facts: wire 3.6 */
const MOST = 1 << 20

/** One extent for each chunk of the file; the last one has the whole chunk where its strip has room for it, so that it stays aligned. */
function chunksOf(map: InterleavedMap): MetaExtent[] {
  // a file of 0 bytes has a chunk, too: a map has at least one extent
  const to = greatest(map.file_size, 1n)
  const pieces: MetaExtent[] = []
  let last: MetaGroup | undefined
  for (const { dev, addr, length, extent } of segments(map, { from: 0n, to })) {
    if (pieces.push({ dev_index: dev, offset: addr, len: length }) > MOST)
      throw outOfRange('extents', `the file has more than ${MOST} chunks`, MOST)
    last = map.extents[extent]
  }
  const final = pieces.pop()
  if (final === undefined || last === undefined) throw outOfRange('extents', 'the map holds no byte of the file')
  return [...pieces, { ...final, len: roomBehind(map, last, final) }]
}

/** Bytes from the start of the file's last piece to the end of its chunk or strip. */
function roomBehind(map: InterleavedMap, group: MetaGroup, final: MetaExtent): bigint {
  const before = map.extents.slice(0, map.extents.indexOf(group)).reduce((sum, g) => sum + g.nbytes, 0n)
  const chunk = BigInt(group.chunk_size)
  const { piece, at } = chunkPlace(group, (greatest(map.file_size, 1n) - 1n - before) / chunk)
  return greatest(final.len, least(chunk, piece.len - at))
}

/** Extents that follow each other on the device become one. */
export function merged(extents: readonly MetaExtent[]): MetaExtent[] {
  const result: MetaExtent[] = []
  for (const extent of extents) {
    const before = result[result.length - 1]
    if (before !== undefined && before.dev_index === extent.dev_index && before.offset + before.len === extent.offset)
      result[result.length - 1] = { ...before, len: before.len + extent.len }
    else result.push(extent)
  }
  return result
}

/** All alike, so that the resolver of the push kernels needs no walk; one extent alone needs none either. facts: wire 5.4 */
const isUniform = (extents: readonly MetaExtent[]): boolean => extents.length === 1 || extentShift(extents) !== 0

/**
 * An interleaved map as simple extents that hold the same bytes at the same addresses, in the order of the file; a simple map as it is.
 * Pieces that follow each other on the device are joined, unless the extents are all alike without that and the dialect takes them all.
 *
 * The simple form reaches to the end of its last chunk, and look-ups there go on where those of the interleaved one end.
 *
 * @param dialect kernels that must take the result; default: none is asked
 * @throws WireError code range for a map that {@link ranges} refuses or of more than 2^20 chunks; code unsupported when kernels of the
 * dialect would refuse the result, saying why: most often too many extents, or chunks that are not aligned
 */
export function unroll(map: FileMap, dialect?: Dialect | DialectName, options?: VerdictOptions): SimpleMap {
  const form = (extents: readonly MetaExtent[]): SimpleMap => ({ ext_type: 'simple', file_size: map.file_size, extents })
  const accepted = (candidate: SimpleMap): SimpleMap => (dialect === undefined ? candidate : legal(candidate, dialect, options))
  if (map.ext_type === 'simple') return accepted(map)
  const chunks = chunksOf(map)
  const joined = merged(chunks)
  if (!isUniform(joined) && isUniform(chunks)) {
    const alike = attempt(() => accepted(form(chunks)))
    if (alike.ok) return alike.value
  }
  return accepted(form(joined))
}

/**
 * A simple map as interleaved groups of one strip each; an interleaved map as it is. Extents of no bytes are left out.
 *
 * Both resolve alike inside the file, but for the length: a look-up in a group ends at the end of a chunk. Behind file_size the simple form
 * goes on to the end of its last extent, the groups end.
 *
 * @param dialect kernels that must take the result; default: none is asked
 * @param options page and PMD size of that machine; the chunks are PMDs, or pages where an extent is no multiple of the PMD
 * @throws WireError code range when there is nothing to make a group of; code unsupported when kernels of the dialect would refuse the result
 */
export function toInterleave(map: FileMap, dialect?: Dialect | DialectName, options: VerdictOptions = {}): InterleavedMap {
  const { pageSize, pmdSize } = machineOf(options)
  const groups = map.ext_type === 'interleaved' ? map.extents : map.extents.filter(({ len }) => len > 0n).map(groupOf(pageSize, pmdSize))
  if (groups.length === 0) throw outOfRange('extents', 'the map holds no byte')
  const result: InterleavedMap = { ext_type: 'interleaved', file_size: map.file_size, extents: groups }
  return dialect === undefined ? result : legal(result, dialect, options)
}

const groupOf =
  (pageSize: number, pmdSize: number) =>
  (extent: MetaExtent): MetaGroup => {
    const aligned = (extent.offset | extent.len) % BigInt(pmdSize) === 0n
    return { nstrips: 1, chunk_size: aligned ? pmdSize : pageSize, nbytes: extent.len, strips: [extent] }
  }
