/** All extents and strips of a log in flat columns, and who overlaps whom, in time that grows with their number. */
import { orderOf } from '../order.ts'
import { roomFor } from './column.ts'

export interface Extents {
  count: number
  /** first byte on the device and first byte behind; exact below 2^53 */
  start: Float64Array
  end: Float64Array
  device: Uint32Array
  entry: Uint32Array
  /** first byte of the extent in its entry */
  at: Uint16Array
  /** its number in the list, twice, plus 1 for a strip */
  element: Uint16Array
}

const FIRST_SIZE = 1024

export const extents = (): Extents => ({
  count: 0,
  start: new Float64Array(FIRST_SIZE),
  end: new Float64Array(FIRST_SIZE),
  device: new Uint32Array(FIRST_SIZE),
  entry: new Uint32Array(FIRST_SIZE),
  at: new Uint16Array(FIRST_SIZE),
  element: new Uint16Array(FIRST_SIZE),
})

/** One extent. */
export interface ExtentPlace {
  readonly entry: number
  readonly at: number
  readonly element: number
  /** 1: a strip */
  readonly extType: number
}

export function addExtent(all: Extents, { entry, at, element, extType }: ExtentPlace, device: number, start: number, end: number): void {
  const i = all.count++
  all.start = roomFor(all.start, i)
  all.end = roomFor(all.end, i)
  all.device = roomFor(all.device, i)
  all.entry = roomFor(all.entry, i)
  all.at = roomFor(all.at, i)
  all.element = roomFor(all.element, i)
  all.start[i] = start
  all.end[i] = end
  all.device[i] = device
  all.entry[i] = entry
  all.at[i] = at
  all.element[i] = element * 2 + extType
}

/** The extents by device and start; those that start together in the order of the log. */
const sorted = ({ start, device, count }: Extents): Uint32Array => orderOf(device, count, orderOf(start, count))

/** Every extent that starts inside another one on the same device: the later one in the log first, then the other. */
export function overlaps(all: Extents, found: (later: number, earlier: number) => void): void {
  const { start, end, device } = all
  let widest = -1
  for (const i of sorted(all)) {
    const together = widest >= 0 && device[i] === device[widest]
    if (together && (start[i] as number) < (end[widest] as number)) found(Math.max(i, widest), Math.min(i, widest))
    if (!together || (end[i] as number) > (end[widest] as number)) widest = i
  }
}
