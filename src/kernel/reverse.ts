/** Whose byte is this? From an address on a device back to files, over many files at once. */
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import type { FileMap } from './map.ts'
import { least } from './wide.ts'

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

/** An extent or strip of a file; `base` is the first byte of the file that its extent or group holds. */
interface Piece<F> {
  readonly file: F
  readonly map: FileMap
  readonly base: bigint
  readonly extent: number
  readonly strip?: number
  readonly run: MetaExtent
}

/**
 * The pieces on one device by their first byte; `reach` is the last byte of all pieces so far, `last` that of each. `near` are the first
 * bytes as numbers, which round them but keep their order: most of a search needs no more.
 */
interface Table<F> {
  readonly pieces: readonly Piece<F>[]
  readonly near: Float64Array
  readonly last: readonly bigint[]
  readonly reach: readonly bigint[]
}

/** All pieces of many files, by device and address. Made by {@link reverse}, asked by {@link ownersOf}. */
export interface ReverseIndex<F> {
  readonly tables: ReadonlyMap<number, Table<F>>
}

const TOP = (1n << 64n) - 1n

const lastByte = ({ offset, len }: MetaExtent): bigint => least(offset + len - 1n, TOP)

function* piecesOf<F>(file: F, map: FileMap): Generator<Piece<F>> {
  let base = 0n
  for (const [extent, part] of map.extents.entries()) {
    if ('strips' in part) {
      for (const [strip, run] of part.strips.entries()) yield { file, map, base, extent, strip, run }
      base += part.nbytes
    } else {
      yield { file, map, base, extent, run: part }
      base += part.len
    }
  }
}

const byStart = <F>(a: Piece<F>, b: Piece<F>): number => {
  if (a.run.offset < b.run.offset) return -1
  return a.run.offset === b.run.offset ? 0 : 1
}

function tableOf<F>(unsorted: Piece<F>[]): Table<F> {
  const pieces = unsorted.sort(byStart)
  const near = Float64Array.from(pieces, piece => Number(piece.run.offset))
  const last = pieces.map(piece => lastByte(piece.run))
  let most = 0n
  const reach = last.map(end => {
    if (end > most) most = end
    return most
  })
  return { pieces, near, last, reach }
}

/**
 * An index of the memory of many files. Built in O(n log n); a look-up takes O(log n), and more only where files overlap.
 *
 * ```ts
 * const index = reverse([['/a', mapA], ['/b', mapB]])
 * ownersOf(index, 0, 0x40001000n)      // [{ file: '/a', offset: 0x1000n, extent: 0 }]
 * ```
 *
 * @param maps files, by whatever identifies them, with their maps; of a map nothing is assumed
 */
export function reverse<F>(maps: Iterable<readonly [file: F, map: FileMap]>): ReverseIndex<F> {
  const devices = new Map<number, Piece<F>[]>()
  for (const [file, map] of maps)
    for (const piece of piecesOf(file, map)) {
      const { dev_index, len } = piece.run
      if (len === 0n) continue
      const list = devices.get(dev_index)
      if (list === undefined) devices.set(dev_index, [piece])
      else list.push(piece)
    }
  return { tables: new Map([...devices].map(([dev, pieces]) => [dev, tableOf(pieces)])) }
}

/** Byte of the group that lies so far into a strip; null where the group puts none. The reverse of facts wire 5.3. */
function inGroup({ chunk_size, nbytes, strips }: MetaGroup, strip: number, local: bigint): bigint | null {
  const chunk = BigInt(chunk_size)
  if (chunk === 0n) return null
  const number = (local / chunk) * BigInt(strips.length) + BigInt(strip)
  const offset = number * chunk + (local % chunk)
  return offset < nbytes ? offset : null
}

function ownerOf<F>({ file, map, base, extent, strip, run }: Piece<F>, addr: bigint): Owner<F> {
  const local = addr - run.offset
  const inside = strip === undefined ? local : inGroup(map.extents[extent] as MetaGroup, strip, local)
  const offset = inside !== null && base + inside < map.file_size ? base + inside : null
  return strip === undefined ? { file, offset, extent } : { file, offset, extent, strip }
}

/** The last piece that starts at the address or before; -1: none. */
function lastBefore<F>({ near, pieces }: Table<F>, addr: bigint): number {
  const about = Number(addr)
  let low = 0
  let high = near.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (about < (near[middle] as number)) high = middle
    else low = middle + 1
  }
  let i = low - 1
  while (i >= 0 && (pieces[i] as Piece<F>).run.offset > addr) i--
  return i
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
  const { pieces, last, reach } = table
  const owners: Owner<F>[] = []
  for (let i = lastBefore(table, addr); i >= 0 && (reach[i] as bigint) >= addr; i--)
    if ((last[i] as bigint) >= addr) owners.push(ownerOf(pieces[i] as Piece<F>, addr))
  return owners
}
