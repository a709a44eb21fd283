/** Whose the bytes of a device are. */
import { FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { logRange } from '../log-range.ts'
import { orderOf } from '../order.ts'
import { type Node, nodeOf } from './lookup.ts'
import type { Replay } from './replay.ts'

/** A part of a device and whose it is. */
export interface OwnedRange {
  /** bytes on the device */
  readonly start: number
  readonly end: number
  readonly device: number
  readonly owner: Node | 'superblock' | 'log'
}

/** Finds owners by place; made once from a replay. */
export interface DeviceIndex {
  /** everything that covers a byte of a device; more than one where extents overlap */
  at(offset: number, device?: number): Generator<OwnedRange>
  /** everything on a device, by its first byte */
  ranges(device?: number): Generator<OwnedRange>
  /** pairs that share bytes: each range with the one before it that reaches farthest, so never more pairs than ranges */
  overlaps(device?: number): Generator<readonly [OwnedRange, OwnedRange]>
}

type MetaRange = OwnedRange & { readonly owner: 'superblock' | 'log' }

/** Superblock and log, as far as they take room; they are on the primary device. */
function metaRanges({ image }: Replay): MetaRange[] {
  const log = { ...logRange(image), device: 0, owner: 'log' as const }
  return [{ start: 0, end: FAMFS_SUPERBLOCK_SIZE, device: 0, owner: 'superblock' as const }, log].filter(r => r.end > r.start)
}

/** All ranges by their first byte, as columns: superblock and log, and the extents. */
interface Ordered {
  readonly start: Float64Array
  readonly end: Float64Array
  readonly device: Float64Array
  /** farthest end of everything up to here */
  readonly reach: Float64Array
  range(i: number): OwnedRange
}

function joined(first: readonly number[], rest: Float64Array | Uint32Array): Float64Array {
  const all = new Float64Array(first.length + rest.length)
  all.set(first)
  all.set(rest, first.length)
  return all
}

function inOrder(order: Uint32Array, column: Float64Array): Float64Array {
  const sorted = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] as number] as number
  return sorted
}

/** For each element the largest up to it. */
function largestSoFar(values: Float64Array): Float64Array {
  let largest = 0
  return values.map(value => {
    largest = Math.max(largest, value)
    return largest
  })
}

function ordered(replay: Replay): Ordered {
  const { count, ...columns } = replay.extents
  const meta = metaRanges(replay)
  const all = (of: 'start' | 'end' | 'device') =>
    joined(
      meta.map(r => r[of]),
      columns[of].subarray(0, count),
    )
  const starts = all('start')
  const order = orderOf(starts, starts.length)
  const start = inOrder(order, starts)
  const end = inOrder(order, all('end'))
  const device = inOrder(order, all('device'))
  const range = (i: number): OwnedRange => {
    const place = order[i] as number
    const own = meta[place]
    if (own !== undefined) return own
    const bytes = { start: start[i] as number, end: end[i] as number, device: device[i] as number }
    return { ...bytes, owner: nodeOf(replay, columns.node[place - meta.length] as number) }
  }
  return { start, end, device, reach: largestSoFar(end), range }
}

/** Makes the index over all extents: time grows with their number, 36 bytes for each. */
export function deviceIndex(replay: Replay): DeviceIndex {
  const { start, end, device, reach, range } = ordered(replay)
  return {
    *at(offset, asked = 0) {
      const found: number[] = []
      for (let i = firstAbove(start, offset) - 1; i >= 0 && (reach[i] as number) > offset; i--)
        if ((end[i] as number) > offset && device[i] === asked) found.push(i)
      for (const i of found.reverse()) yield range(i)
    },
    *ranges(asked = 0) {
      for (let i = 0; i < start.length; i++) if (device[i] === asked) yield range(i)
    },
    *overlaps(asked = 0) {
      let farthest = -1
      let owner: OwnedRange | undefined
      for (let i = 0; i < start.length; i++) {
        if (device[i] !== asked) continue
        if (farthest >= 0 && (start[i] as number) < (end[farthest] as number)) {
          owner ??= range(farthest)
          yield [owner, range(i)]
        }
        if (farthest >= 0 && (end[i] as number) <= (end[farthest] as number)) continue
        farthest = i
        owner = undefined
      }
    },
  }
}

/** Number of ranges that start at `offset` or below. */
function firstAbove(start: Float64Array, offset: number): number {
  let low = 0
  let high = start.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((start[middle] as number) <= offset) low = middle + 1
    else high = middle
  }
  return low
}
