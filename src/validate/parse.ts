/** The place of a walk over a map, its registers, and the way to the field to blame. */
import type { Guilty, SmallField, WideField } from '../schema/check.ts'
import { numberAt } from './bytes.ts'
import { EXTENT_SIZE, extentFields, GROUP_SIZE, groupFields, HEADER_SIZE, headerFields } from './generated/fields.ts'
import type { Machine } from './options.ts'
import type { Registers } from './tests.ts'

export interface Parse extends Registers {
  /** index of the group; -1: the map has none */
  groupIndex: number
  /** index and first byte of the extent or strip */
  index: number
  extent: number
}

/** A field: its path, its first byte and its bytes, even where they are missing. */
export interface Place {
  readonly path: string
  readonly offset: number
  readonly length: number
}

type Name = SmallField | WideField
type Fields = Readonly<Record<string, readonly [offset: number, size: number]>>

const NOTHING: Readonly<Record<Name, bigint>> = {
  nextents: 0n,
  ext_type: 0n,
  file_size: 0n,
  ie_nstrips: 0n,
  ie_chunk_size: 0n,
  ie_nbytes: 0n,
  se_devindex: 0n,
  se_offset: 0n,
  se_len: 0n,
  total: 0n,
  logical: 0n,
}

/** Registers from the fields of a struct that starts at `base`. */
function load<T extends Fields>(p: Parse, fields: T, base: number, names: readonly (Name & keyof T)[]): void {
  for (const name of names) {
    const [offset, size] = fields[name] as Fields[string]
    p.values[name] = numberAt(p.bytes, base + offset, size)
  }
}

/** A walk that has read the header. It works on a copy: what is checked is then what is kept, even in memory that others write. */
export function enterMap(bytes: Uint8Array, machine: Machine): Parse {
  const p: Parse = {
    machine,
    bytes: new Uint8Array(bytes),
    size: bytes.length,
    values: { ...NOTHING },
    group: HEADER_SIZE,
    groupIndex: -1,
    index: 0,
    extent: 0,
    firstCounted: undefined,
    shortStrip: -1,
  }
  load(p, headerFields, 0, ['ext_type', 'nextents', 'file_size'])
  return p
}

/** Reads the head of the group at `p.group`. */
export function enterGroup(p: Parse, index: number): void {
  p.groupIndex = index
  load(p, groupFields, p.group, ['ie_nstrips', 'ie_chunk_size', 'ie_nbytes'])
}

/** Reads an element of the list of extents or strips that starts at `first`. */
export function enterExtent(p: Parse, index: number, first: number): void {
  p.index = index
  p.extent = first + index * EXTENT_SIZE
  load(p, extentFields, p.extent, ['se_devindex', 'se_offset', 'se_len'])
}

/** The extent or strip that the walk is at is done: its length goes to the sum. */
export function leaveExtent({ values }: Parse): void {
  values.total = BigInt.asUintN(64, values.total + values.se_len)
}

/** The group that the walk is at is done: its bytes go to the sum, and the next one starts behind its strips. */
export function leaveGroup(p: Parse): void {
  const { values } = p
  values.logical = BigInt.asUintN(64, values.logical + values.ie_nbytes)
  p.group += GROUP_SIZE + Number(values.ie_nstrips) * EXTENT_SIZE
}

type Indices = Pick<Parse, 'groupIndex' | 'index'>

/** Path of the group, or of the extent or strip, that the walk is at. */
export const groupPath = ({ groupIndex }: Pick<Indices, 'groupIndex'>): string => `extents[${groupIndex}]`
export const extentPath = (at: Indices): string => (at.groupIndex < 0 ? `extents[${at.index}]` : `${groupPath(at)}.ie_strips[${at.index}]`)

/** Where a field of the header, of the group or of the extent that the walk is at lies. */
export function locate(p: Parse, field: Guilty): Place {
  switch (field) {
    case '':
      return { path: '', offset: 0, length: HEADER_SIZE }
    case 'se_devindex':
    case 'se_offset':
    case 'se_len':
      return placeOf(extentFields[field], `${extentPath(p)}.${field}`, p.extent)
    case 'ie_nstrips':
    case 'ie_chunk_size':
    case 'ie_nbytes':
      return placeOf(groupFields[field], `${groupPath(p)}.${field}`, p.group)
    default:
      return placeOf(headerFields[field], field, 0)
  }
}

/** The place of a field in the struct that starts at `base`. */
export const placeOf = ([offset, length]: Fields[string], path: string, base: number): Place => ({ path, offset: base + offset, length })
