/** Whose byte is this? From an address on a device back to files, over many files at once. */
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import type { FileMap } from './map.ts'
import { greatest, least } from './wide.ts'

/** A file that has memory at the address. */
export interface Owner<F> {
  readonly file: F
  /** byte of the file; null: allocated to the file, but none of its bytes lies there */
  readonly offset: bigint | null
  /** index of the extent or group */
  readonly extent: number
  /** index of the strip; absent for simple extents */
  readonly strip?: number
}

/** An extent or strip of a file; `base` is the first byte of the file that its extent or group holds, `limit` the first that it does not. */
interface Piece {
  readonly file: number
  readonly base: bigint
  readonly limit: bigint
  readonly extent: number
  readonly strip: number
  readonly group: MetaGroup | undefined
  readonly run: MetaExtent
}

/**
 * The pieces on one device by their first byte. `near` are the first bytes as numbers, which round them but keep their order: most of a
 * search needs no more. What else a look-up needs lies side by side, {@link WORDS} and {@link IDS} for each piece: it is memory that is far
 * away when there are many files.
 */
interface Table {
  readonly near: Float64Array
  readonly words: BigUint64Array
  readonly ids: Int32Array
}

/** start, last byte, last byte of all pieces so far, base, limit; of strips bytes of a chunk, their number and which one it is, else 0 */
const WORDS = 8
const [START, LAST, REACH, BASE, LIMIT, CHUNK, STRIPS, STRIP] = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** file, extent, strip or -1 */
const IDS = 4

/** All pieces of many files, by device and address. Made by {@link reverse}, asked by {@link ownersOf}. */
export interface ReverseIndex<F> {
  readonly files: readonly F[]
  readonly tables: ReadonlyMap<number, Table>
}

const TOP = (1n << 64n) - 1n

const lastByte = ({ offset, len }: MetaExtent): bigint => least(offset + len - 1n, TOP)

function* piecesOf(file: number, map: FileMap): Generator<Piece> {
  let base = 0n
  for (const [extent, part] of map.extents.entries()) {
    const group = 'strips' in part ? part : undefined
    const { size, runs } = 'strips' in part ? { size: part.nbytes, runs: part.strips } : { size: part.len, runs: [part] }
    const limit = least(map.file_size, base + size)
    for (const [strip, run] of runs.entries()) yield { file, base: least(base, TOP), limit, extent, strip, group, run }
    base += size
  }
}

const byStart = (a: Piece, b: Piece): number => {
  if (a.run.offset < b.run.offset) return -1
  return a.run.offset === b.run.offset ? 0 : 1
}

function tableOf(unsorted: Piece[]): Table {
  const pieces = unsorted.sort(byStart)
  const words = new BigUint64Array(pieces.length * WORDS)
  const ids = new Int32Array(pieces.length * IDS)
  let reach = 0n
  for (const [i, { file, base, limit, extent, strip, group, run }] of pieces.entries()) {
    reach = greatest(reach, lastByte(run))
    const interleave = group === undefined ? [0n, 0n, 0n] : [BigInt(group.chunk_size), BigInt(group.strips.length), BigInt(strip)]
    words.set([run.offset, lastByte(run), reach, base, limit, ...interleave], i * WORDS)
    ids.set([file, extent, group === undefined ? -1 : strip], i * IDS)
  }
  return { near: Float64Array.from(pieces, piece => Number(piece.run.offset)), words, ids }
}

/**
 * An index of the memory of many files. Built in O(n log n); a look-up takes O(log n), and more only where files overlap.
 *
 * ```ts
 * import { ownersOf, plan, reverse } from 'famfs-wire/kernel'
 *
 * const memory = { dev_index: 0, start: 1n << 30n, size: 1n << 30n }
 * const index = reverse([['/a', plan({ size: 4n << 20n, devices: [memory] }, 'fuse-v10')]])
 * ownersOf(index, 0, 0x40001000n)      // [{ file: '/a', offset: 0x1000n, extent: 0 }]
 * ```
 *
 * @param maps files, by whatever identifies them, with their maps; of a map nothing is assumed
 */
export function reverse<F>(maps: Iterable<readonly [file: F, map: FileMap]>): ReverseIndex<F> {
  const devices = new Map<number, Piece[]>()
  const files: F[] = []
  for (const [file, map] of maps)
    for (const piece of piecesOf(files.push(file) - 1, map)) {
      const { dev_index, len } = piece.run
      if (len === 0n) continue
      const list = devices.get(dev_index)
      if (list === undefined) devices.set(dev_index, [piece])
      else list.push(piece)
    }
  return { files, tables: new Map([...devices].map(([dev, pieces]) => [dev, tableOf(pieces)])) }
}

const word = ({ words }: Table, piece: number, which: number): bigint => words[piece * WORDS + which] as bigint
const id = ({ ids }: Table, piece: number, which: number): number => ids[piece * IDS + which] as number

/** Byte of the extent or group that lies so far into its piece, the reverse of facts wire 5.3; beyond every limit where chunks have 0 bytes. */
function insideOf(table: Table, piece: number, local: bigint): bigint {
  const strips = word(table, piece, STRIPS)
  if (strips === 0n) return local
  const chunk = word(table, piece, CHUNK)
  if (chunk === 0n) return TOP
  return ((local / chunk) * strips + word(table, piece, STRIP)) * chunk + (local % chunk)
}

function ownerOf<F>({ files }: ReverseIndex<F>, table: Table, piece: number, addr: bigint): Owner<F> {
  const byte = word(table, piece, BASE) + insideOf(table, piece, addr - word(table, piece, START))
  const offset = byte < word(table, piece, LIMIT) ? byte : null
  const file = files[id(table, piece, 0)] as F
  const extent = id(table, piece, 1)
  const strip = id(table, piece, 2)
  return strip < 0 ? { file, offset, extent } : { file, offset, extent, strip }
}

/** The last piece that starts at the address or before; -1: none. */
function lastBefore(table: Table, addr: bigint): number {
  const { near } = table
  const about = Number(addr)
  let low = 0
  let high = near.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (about < (near[middle] as number)) high = middle
    else low = middle + 1
  }
  let piece = low - 1
  while (piece >= 0 && word(table, piece, START) > addr) piece--
  return piece
}

/**
 * The files that have memory at an address: none, one, or where maps overlap several, those that start nearest first.
 *
 * @param index of {@link reverse}
 * @param dev slot of the device table
 * @param addr byte on that device
 */
export function ownersOf<F>(index: ReverseIndex<F>, dev: number, addr: bigint): Owner<F>[] {
  const table = index.tables.get(dev)
  if (table === undefined) return []
  const owners: Owner<F>[] = []
  for (let piece = lastBefore(table, addr); piece >= 0 && word(table, piece, REACH) >= addr; piece--)
    if (word(table, piece, LAST) >= addr) owners.push(ownerOf(index, table, piece, addr))
  return owners
}
