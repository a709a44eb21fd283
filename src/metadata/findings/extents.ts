/** All extents and strips of a log in flat columns, and who overlaps whom, in time that grows with their number. */
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

const U32 = 0x1_0000_0000
const DIGIT = 0x10000

type Digit = (i: number) => number

/** The digits that device and start are ordered by, lowest first. */
const digitsOf = ({ start, device }: Extents): readonly Digit[] => [
  i => (start[i] as number) % DIGIT,
  i => Math.floor((start[i] as number) / DIGIT) % DIGIT,
  i => Math.floor((start[i] as number) / U32) % DIGIT,
  i => Math.floor((start[i] as number) / (U32 * DIGIT)),
  i => (device[i] as number) & (DIGIT - 1),
  i => (device[i] as number) >>> 16,
]

function isSorted({ count, start, device }: Extents): boolean {
  for (let i = 1; i < count; i++) {
    const further = (device[i] as number) - (device[i - 1] as number) || (start[i] as number) - (start[i - 1] as number)
    if (further < 0) return false
  }
  return true
}

function increment(places: Uint32Array, d: number): void {
  places[d] = (places[d] as number) + 1
}

/** One pass over one digit; equal ones keep their order. @returns false when all have the same digit */
function pass(from: Uint32Array, to: Uint32Array, digit: Digit): boolean {
  const places = new Uint32Array(DIGIT + 1)
  for (const i of from) increment(places, digit(i) + 1)
  if (places.includes(from.length)) return false
  for (let d = 1; d <= DIGIT; d++) places[d] = (places[d] as number) + (places[d - 1] as number)
  for (const i of from) {
    const d = digit(i)
    to[places[d] as number] = i
    increment(places, d)
  }
  return true
}

/** The extents by device and start; those that start together in the order of the log. */
function sorted(all: Extents): Uint32Array {
  let order = Uint32Array.from({ length: all.count }, (_, i) => i)
  if (isSorted(all)) return order
  let other = new Uint32Array(all.count)
  for (const digit of digitsOf(all)) if (pass(order, other, digit)) [order, other] = [other, order]
  return order
}

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
