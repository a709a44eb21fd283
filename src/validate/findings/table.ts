/** All extents and strips of a map in flat arrays: less than twice the bytes, whatever their number. */
import type { MapLayout } from '../../schema/layout.ts'
import { extentPath, type Parse, type Place, placeOf } from '../parse.ts'
import { spotOf } from '../tests.ts'

export interface Table {
  readonly layout: MapLayout
  count: number
  readonly device: Uint32Array
  readonly offset: BigUint64Array
  readonly length: BigUint64Array
  /** index in the list or in the group */
  readonly index: Uint32Array
  /** index of the group; -1: a simple extent */
  readonly group: Int32Array
  /** first byte in the page, and which page that is */
  readonly at: Uint32Array
  readonly page: Uint32Array
}

/** Room for every extent that a message of this size can hold. */
export function tableFor(size: number, layout: MapLayout): Table {
  const room = Math.floor(size / layout.extent.size)
  return {
    layout,
    count: 0,
    device: new Uint32Array(room),
    offset: new BigUint64Array(room),
    length: new BigUint64Array(room),
    index: new Uint32Array(room),
    group: new Int32Array(room),
    at: new Uint32Array(room),
    page: new Uint32Array(room),
  }
}

/** Adds the extent or strip that the walk is at. */
export function addTo(table: Table, p: Parse, page: number): void {
  const { values, index, groupIndex, extent } = p
  const i = table.count++
  table.device[i] = Number(values.se_devindex)
  table.offset[i] = values.se_offset
  table.length[i] = values.se_len
  table.index[i] = index
  table.group[i] = groupIndex
  table.at[i] = extent
  table.page[i] = page
}

export const pathIn = ({ index, group, layout }: Table, i: number): string =>
  extentPath({ index: index[i] as number, groupIndex: group[i] as number, layout })

/** The place of an element's se_offset. */
export const placeIn = (table: Table, i: number): Place =>
  placeOf(spotOf(table.layout.extent, 'se_offset'), 'se_offset', table.at[i] as number, `${pathIn(table, i)}.`)

/** The elements that are not empty, by device and offset. */
function sorted({ count, device, offset, length }: Table): Uint32Array {
  const half = new Uint32Array(offset.buffer)
  const before = (a: number, b: number): number =>
    (device[a] as number) - (device[b] as number) ||
    (half[2 * a + 1] as number) - (half[2 * b + 1] as number) ||
    (half[2 * a] as number) - (half[2 * b] as number) ||
    a - b
  return new Uint32Array(count)
    .map((_, i) => i)
    .filter(i => length[i] !== 0n)
    .sort(before)
}

/** Every element that starts inside another one on the same device, with that one; in n log n. */
export function overlaps(table: Table, found: (i: number, other: number) => void): void {
  const { device, offset, length } = table
  let other = 0
  let end = 0n
  for (const i of sorted(table)) {
    const start = offset[i] as bigint
    const stop = start + (length[i] as bigint)
    const shared = device[i] === device[other] && start < end
    if (shared) found(i, other)
    if (shared && stop <= end) continue
    other = i
    end = stop
  }
}
