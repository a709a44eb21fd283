/** A device cut where its owners change: superblock, log, extents, what is free between them, and what lies behind its end. */
import { orderOf } from '../order.ts'
import type { Replay } from '../replay/replay.ts'
import type { DeviceView } from './devices.ts'

/** Owners of a part that are no extents; every other number is the place of an extent in the columns of the replay. */
export const FREE = -1
export const SUPERBLOCK = -2
export const LOG = -3

/** Parts of a device as columns, in order, without gaps. A part has the same owners from its first byte to its last. */
export interface Parts {
  readonly count: number
  /** bytes of the device: a part begins there, if one lies behind it */
  readonly size: number
  /** first byte of each; one more, where the last one ends */
  readonly start: Float64Array
  /** how many own it */
  readonly depth: Uint32Array
  /** an owner, or {@link FREE} */
  readonly owner: Int32Array
  /** another one, where there are more; {@link FREE} where none is known */
  readonly other: Int32Array
}

/** Everything on a device that has an owner, in any order. */
interface Items {
  readonly count: number
  readonly start: Float64Array
  readonly end: Float64Array
  readonly owner: Int32Array
}

function itemsOn({ extents }: Replay, { index, meta }: DeviceView): Items {
  const most = extents.count + meta.length
  const items = { start: new Float64Array(most), end: new Float64Array(most), owner: new Int32Array(most) }
  let count = 0
  const put = (start: number, end: number, owner: number): void => {
    if (end <= start) return
    items.start[count] = start
    items.end[count] = end
    items.owner[count++] = owner
  }
  for (const { start, end, owner } of meta) put(start, end, owner)
  for (let i = 0; i < extents.count; i++) if (extents.device[i] === index) put(extents.start[i] as number, extents.end[i] as number, i)
  return { ...items, count }
}

/** Where a walk along the device is. */
interface Sweep {
  readonly items: Items
  readonly into: { count: number } & Omit<Parts, 'count'>
  depth: number
  /** exclusive or of the items here: with one it is that one, with two and one of them known the other */
  mix: number
  /** of the items so far the one that reaches farthest: one of those here, if there are any */
  farthest: number
  /** the last one that came, and the one before it */
  latest: number
  before: number
}

/** The owner, and another one. */
function ownersAt({ items, depth, mix, farthest, latest, before }: Sweep, at: number): [number, number] {
  const owner = (item: number): number => items.owner[item] as number
  if (depth === 0) return [FREE, FREE]
  if (depth === 1) return [owner(mix), FREE]
  if (depth === 2) return [owner(farthest), owner(mix ^ farthest)]
  const another = [latest, before].find(item => item !== farthest && (items.end[item] as number) > at)
  return [owner(farthest), another === undefined ? FREE : owner(another)]
}

/** Notes the part that starts here. */
function cut(sweep: Sweep, at: number): void {
  const { into, depth } = sweep
  const [owner, other] = ownersAt(sweep, at)
  into.start[into.count] = at
  into.depth[into.count] = depth
  into.owner[into.count] = owner
  into.other[into.count++] = other
}

function enter(sweep: Sweep, item: number): void {
  const { items } = sweep
  sweep.depth++
  sweep.mix ^= item
  sweep.before = sweep.latest
  sweep.latest = item
  if (sweep.farthest < 0 || (items.end[item] as number) > (items.end[sweep.farthest] as number)) sweep.farthest = item
}

function leave(sweep: Sweep, item: number): void {
  sweep.depth--
  sweep.mix ^= item
}

/** The parts of a device, the bytes behind its end included when something lies there. Time grows with the number of extents alone. */
export function partsOf(replay: Replay, device: DeviceView): Parts {
  const items = itemsOn(replay, device)
  const { count, start, end } = items
  const most = 2 * count + 3
  const into = {
    count: 0,
    size: device.size,
    start: new Float64Array(most),
    depth: new Uint32Array(most),
    owner: new Int32Array(most),
    other: new Int32Array(most),
  }
  const starts = orderOf(start, count)
  const ends = orderOf(end, count)
  const sweep: Sweep = { items, into, depth: 0, mix: 0, farthest: -1, latest: -1, before: -1 }
  const startAt = (s: number): number => (s < count ? (start[starts[s] as number] as number) : Number.POSITIVE_INFINITY)
  const endAt = (e: number): number => (e < count ? (end[ends[e] as number] as number) : Number.POSITIVE_INFINITY)
  let [s, e, at] = [0, 0, 0]
  for (;;) {
    while (startAt(s) <= at) enter(sweep, starts[s++] as number)
    while (endAt(e) <= at) leave(sweep, ends[e++] as number)
    const next = Math.min(startAt(s), endAt(e), at < device.size ? device.size : Number.POSITIVE_INFINITY)
    if (next === Number.POSITIVE_INFINITY) break
    cut(sweep, at)
    at = next
  }
  into.start[into.count] = at
  return into
}
