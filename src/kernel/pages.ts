/** With how large a page a fault can be served. Pages of the tables of x86-64: 4 KiB, 2 MiB, 1 GiB. */
import type { VerdictOptions } from '../validate/options.ts'
import { machineOf, X86_64 } from '../validate/options.ts'
import { outOfRange } from './errors.ts'
import type { FileMap } from './map.ts'
import { type Segment, segments } from './ranges.ts'
import { roundUp } from './wide.ts'

/**
 * What stands in the way of a page. `file-end`: it would reach past the last page of the file. `extent-end`, `chunk-end`: it would reach
 * past the end of the extent or chunk, and a look-up ends there. `alignment`: its bytes do not start at a multiple of its size on the
 * device. `unmapped`: the map does not hold them.
 */
export type Obstacle = 'file-end' | 'extent-end' | 'chunk-end' | 'alignment' | 'unmapped'

/** Why a page of some size does not serve a fault. */
export interface TooLarge {
  /** bytes of the page that cannot be */
  readonly size: number
  readonly why: Obstacle
  /** for people */
  readonly detail: string
}

/** The largest page that serves a fault, and why no larger one does. */
export interface PageSize {
  /**
   * bytes of the largest page; 0: none can serve it. Behind the last page of the file and behind the map the fault is SIGBUS; inside, such a
   * map is wrong, and no kernel promises anything
   */
  readonly size: number
  /** every larger page, largest first, and what stands in its way */
  readonly larger: readonly TooLarge[]
}

/** Entries of one page table: each level of the tables maps so many times the one below. */
const ENTRIES = 512

const hex = (value: bigint): string => `0x${value.toString(16)}`

function firstSegment(map: FileMap, from: bigint): Segment | undefined {
  for (const segment of segments(map, { from, to: map.file_size })) return segment
  return undefined
}

type Found = Omit<TooLarge, 'size'> | undefined

function obstacle(map: FileMap, offset: bigint, size: bigint, page: bigint): Found {
  const start = offset - (offset % size)
  const fileEnd = roundUp(map.file_size, page)
  const end = start + size
  if (end > fileEnd) return { why: 'file-end', detail: `bytes ${hex(start)} to ${hex(end)} of the file: it ends at ${hex(map.file_size)}` }
  const segment = firstSegment(map, start)
  if (segment === undefined || segment.offset !== start) return { why: 'unmapped', detail: `the map does not hold byte ${hex(start)}` }
  const chunked = segment.strip !== undefined
  if (segment.length < size && segment.offset + segment.length < map.file_size) {
    const what = chunked ? 'chunk' : 'extent'
    return { why: `${what}-end`, detail: `the ${what} with byte ${hex(start)} ends ${hex(segment.length)} bytes on` }
  }
  if (segment.addr % size !== 0n) return { why: 'alignment', detail: `byte ${hex(start)} of the file lies at ${hex(segment.addr)}` }
  return undefined
}

/**
 * The largest page with which a fault at that byte of the file can be served, and what stands in the way of every larger one. A page can be
 * served whole when all its bytes lie in one piece at a multiple of its size, inside one extent or chunk, and it does not reach past the
 * last page of the file.
 *
 * This is what the map allows. Whether a page of 1 GiB is used is up to the kernel: its generic code for DAX files serves 4 KiB and 2 MiB.
 *
 * @param offset byte of the file
 * @param options page and PMD size of that machine; the PUD is 512 PMDs
 * @throws WireError code range for a negative offset, or a map that is refused by {@link ranges} there
 */
export function pageSize(map: FileMap, offset: bigint, options: VerdictOptions = X86_64): PageSize {
  if (offset < 0n) throw outOfRange('offset', `a byte of a file, not ${offset}`, offset)
  const { pageSize: page, pmdSize } = machineOf(options)
  const larger: TooLarge[] = []
  for (const size of [pmdSize * ENTRIES, pmdSize, page]) {
    const found = obstacle(map, offset, BigInt(size), BigInt(page))
    if (found === undefined) return { size, larger }
    larger.push({ size, ...found })
  }
  return { size: 0, larger }
}
