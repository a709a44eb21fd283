/** The place of a walk over a map, its registers, and the way to the field to blame. */
import { snapshotOf } from '../codec/input.ts'
import type { Guilty, SmallField, WideField } from '../schema/check.ts'
import type { LayoutPart, MapLayout, Spot } from '../schema/layout.ts'
import { numberAt } from './bytes.ts'
import { EXTENT_SIZE, extentFields, GROUP_SIZE, groupFields, HEADER_SIZE, headerFields } from './generated/fields.ts'
import type { Machine } from './options.ts'
import { firstStrip, type Registers, spotOf } from './tests.ts'

/** The form of the map that all famfs kernels share, without the words that no kernel looks at. facts: wire 3.1 to 3.4 */
export const famfsLayout: MapLayout = {
  header: { size: HEADER_SIZE, fields: headerFields, reserved: [] },
  group: { size: GROUP_SIZE, fields: groupFields, reserved: [] },
  extent: { size: EXTENT_SIZE, fields: extentFields, reserved: [] },
  list: 'extents',
  strips: 'ie_strips',
}

export interface Parse extends Registers {
  /** index of the group in its page; -1: the map has none */
  groupIndex: number
  /** index of the extent or strip in its list */
  index: number
}

/** A field: its path, its first byte and its bytes, even where they are missing. */
export interface Place {
  readonly path: string
  readonly offset: number
  readonly length: number
}

type Name = SmallField | WideField

const NOTHING: Readonly<Record<Name, bigint>> = {
  nextents: 0n,
  ext_type: 0n,
  file_size: 0n,
  meta_size: 0n,
  next: 0n,
  ie_nstrips: 0n,
  ie_chunk_size: 0n,
  ie_nbytes: 0n,
  se_devindex: 0n,
  se_offset: 0n,
  se_len: 0n,
  total: 0n,
  logical: 0n,
  groups: 0n,
  pieces: 0n,
  dev_bit: 0n,
  dev_bitmap: 0n,
}

/** Registers from the fields of a struct that starts at `base`. */
function load({ bytes, values }: Parse, part: LayoutPart | undefined, base: number): void {
  for (const name in part?.fields) {
    const [offset, size] = spotOf(part, name)
    if (name in NOTHING) values[name as Name] = numberAt(bytes, base + offset, size)
  }
}

/**
 * A walk that has read the header: of the first page, or of the next one, and then it goes on with the sums of the walk before. It works on a
 * copy: what is checked is then what is kept, even in memory that others write.
 */
export function enterMap(bytes: Uint8Array, machine: Machine, layout: MapLayout, values = { ...NOTHING }): Parse {
  const { header, kind } = layout
  const snapshot = snapshotOf(bytes)
  const p: Parse = {
    machine,
    layout,
    bytes: snapshot,
    size: snapshot.length,
    values,
    group: header.size,
    groupIndex: -1,
    index: 0,
    extent: 0,
    firstCounted: undefined,
    shortStrip: -1,
  }
  load(p, header, 0)
  if (header.fields.ext_type === undefined) values.ext_type = kind === 'simple' ? 0n : 1n
  return p
}

/** Reads the head of the group at `p.group`. */
export function enterGroup(p: Parse, index: number): void {
  p.groupIndex = index
  p.values.groups++
  load(p, p.layout.group, p.group)
}

/** Reads an element of the list of extents or strips that starts at `first`. */
export function enterExtent(p: Parse, index: number, first: number): void {
  p.index = index
  p.extent = first + index * p.layout.extent.size
  p.values.pieces++
  load(p, p.layout.extent, p.extent)
}

/** The extent or strip that the walk is at is done: its length goes to the sum, its device to the bitmap. facts: wire 4.1 S4, 7.6 */
export function leaveExtent({ values }: Parse): void {
  values.total = BigInt.asUintN(64, values.total + values.se_len)
  values.dev_bitmap |= 1n << (values.se_devindex & 63n)
}

/** The group that the walk is at is done: its bytes go to the sum, and the next one starts behind its strips. */
export function leaveGroup(p: Parse): void {
  const { values, layout } = p
  values.logical = BigInt.asUintN(64, values.logical + values.ie_nbytes)
  p.group = firstStrip(p) + Number(values.ie_nstrips) * layout.extent.size
}

type Indices = Pick<Parse, 'groupIndex' | 'index'> & { readonly layout: MapLayout }

/** Path of the group, or of the extent or strip, that the walk is at. */
export const groupPath = ({ groupIndex, layout }: Omit<Indices, 'index'>): string => `${layout.list}[${groupIndex}]`
export const extentPath = (at: Indices): string =>
  `${at.groupIndex < 0 ? at.layout.list : `${groupPath(at)}.${at.layout.strips}`}[${at.index}]`

/** Where a field of the header, of the group or of the extent that the walk is at lies. */
export function locate(p: Parse, field: Guilty): Place {
  const { header, group, extent } = p.layout
  if (field.startsWith('se_')) return placeOf(spotOf(extent, field), field, p.extent, `${extentPath(p)}.`)
  if (field.startsWith('ie_')) return placeOf(spotOf(group, field), field, p.group, `${groupPath(p)}.`)
  return placeOf(header.fields[field] ?? [0, header.size], field, 0)
}

/** The place of a field in the struct that starts at `base`, and whose path is `before`. */
export const placeOf = ([offset, length, name]: Spot, field: string, base: number, before = ''): Place => ({
  path: before + (name ?? field),
  offset: base + offset,
  length,
})
