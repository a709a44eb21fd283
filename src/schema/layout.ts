/**
 * Where a parser finds what it looks at in the body of a GET_FMAP reply: derived from the schema of the body, by the roles of its fields. A role is
 * called as famfs calls the field (facts: wire 3.1 to 3.3); a format with other names says which of its fields plays which role.
 */
import type { Schema } from './fields.ts'
import { fixedSize } from './size.ts'
import type { ArrayType, FieldData, StructType, Type } from './types.ts'

/** What a field of the header can be for. `next`: where the next page starts. `meta_size`: bytes that the kernel keeps the map in. */
export type HeaderRole = 'nextents' | 'file_size' | 'ext_type' | 'file_type' | 'fmap_version' | 'fmap_size' | 'meta_size' | 'next'
/** What a field of the head of a group can be for. */
export type GroupRole = 'ie_nstrips' | 'ie_chunk_size' | 'ie_nbytes'
/** What a field of an extent or strip can be for. */
export type ExtentRole = 'se_devindex' | 'se_offset' | 'se_len'
/** Any of them. */
export type MapRole = HeaderRole | GroupRole | ExtentRole

/** First byte and size of a field in its struct, and its name where that is not the role's. */
export type Spot = readonly [offset: number, size: number, name?: string]

/** A struct of a map: its size, and its fields by role. */
export interface LayoutPart {
  readonly size: number
  readonly fields: Readonly<Record<string, Spot | undefined>>
  /** keys in `fields` of what should be 0 */
  readonly reserved: readonly string[]
}

/** The layout of a map: header, then extents, or groups with their strips. */
export interface MapLayout {
  /** bytes before the map proper: a header around it, whose fields count as the map's */
  readonly envelope?: number
  readonly header: LayoutPart
  readonly group?: LayoutPart
  readonly extent: LayoutPart
  /** the one kind that there is; absent: `ext_type` says which */
  readonly kind?: 'simple' | 'interleaved'
  /** names of the list of extents or groups, and of that of strips in a group */
  readonly list: string
  readonly strips?: string
}

/** The form of a GET_FMAP reply that a dialect brings along. Made by {@link mapFormat}. */
export interface MapFormat<V = unknown, I = V> {
  /** the whole body */
  readonly body: Schema<V, I>
  readonly layout: MapLayout
  /** what an encoder writes into fields that say nothing about where the file lies; counts and reserved words need no mention */
  readonly fixed: Readonly<Record<string, number | bigint>>
  /** chapter of the rule catalogue whose rules hold; absent: `fmap` */
  readonly chapter?: 'bpf'
}

/** How the fields of a format are called, where not as in famfs. */
export interface FormatNames {
  /** role to field name */
  readonly names?: { readonly [R in MapRole]?: string }
  /** bytes before the map proper, default none */
  readonly envelope?: number
  readonly fixed?: Readonly<Record<string, number | bigint>>
  readonly chapter?: 'bpf'
}

const HEADER_ROLES: readonly HeaderRole[] = [
  'nextents',
  'file_size',
  'ext_type',
  'file_type',
  'fmap_version',
  'fmap_size',
  'meta_size',
  'next',
]
const GROUP_ROLES: readonly GroupRole[] = ['ie_nstrips', 'ie_chunk_size', 'ie_nbytes']
const EXTENT_ROLES: readonly ExtentRole[] = ['se_devindex', 'se_offset', 'se_len']

/** Offset and size of every field of a struct, up to the first whose size the bytes decide. */
export function placesOf(type: StructType): (FieldData & { readonly offset: number; readonly size: number })[] {
  const places: (FieldData & { offset: number; size: number })[] = []
  let offset = 0
  for (const field of type.fields) {
    const size = field.when === undefined && field.elide !== true ? fixedSize(field.type) : undefined
    if (size === undefined) break
    places.push({ ...field, offset, size })
    offset += size
  }
  return places
}

type Names = FormatNames['names']

function partOf(type: StructType, roles: readonly MapRole[], names: Names): LayoutPart {
  const places = placesOf(type)
  const roleOf = new Map(roles.map(role => [names?.[role] ?? role, role] as const))
  const fields: Record<string, Spot> = {}
  const reserved: string[] = []
  let size = 0
  for (const place of places) {
    const role = roleOf.get(place.name)
    // a field without a role must not pass for one: only reserved words are kept, under a key that is none
    const key = role ?? `reserved:${place.name}`
    if (role !== undefined || place.role === 'reserved')
      fields[key] = key === place.name ? [place.offset, place.size] : [place.offset, place.size, place.name]
    if (role === undefined && place.role === 'reserved') reserved.push(key)
    size = place.offset + place.size
  }
  return { size, fields, reserved }
}

const isStruct = (type: Type): type is StructType => type.kind === 'struct'
const wrong = (type: StructType, what: string): Error => new Error(`${type.name}: a map ${what}`)

/** The first field whose number of elements the bytes decide. */
const listIn = (type: StructType): FieldData | undefined =>
  type.fields.find(({ type: t }) => (t.kind === 'array' || t.kind === 'union') && fixedSize(t) === undefined)

interface Lists {
  readonly extents?: ArrayType
  readonly groups?: ArrayType
}

const isGroup = ({ of }: ArrayType): boolean => isStruct(of) && listIn(of) !== undefined

/** The lists that can follow the header: one, or a case for each `ext_type`. */
function listsOf(owner: StructType, { type }: FieldData): Lists {
  if (type.kind === 'array') return isGroup(type) ? { groups: type } : { extents: type }
  const cases = type.kind === 'union' ? type.cases : []
  const [simple, interleaved] = [0, 1].map(tag => cases.find(c => c.match === tag)?.type)
  if (simple?.kind !== 'array') throw wrong(owner, 'has a list of extents where ext_type is 0')
  return interleaved?.kind === 'array' ? { extents: simple, groups: interleaved } : { extents: simple }
}

function structIn(owner: StructType, list: ArrayType | undefined, what: string): StructType {
  if (list === undefined || !isStruct(list.of)) throw wrong(owner, `has a list of ${what} that are structs`)
  return list.of
}

/** Every field that a parser needs is there. */
function demand(owner: StructType, part: LayoutPart, roles: readonly MapRole[], names: Names): void {
  for (const role of roles)
    if (part.fields[role] === undefined) throw wrong(owner, `needs the field ${names?.[role] ?? role} (${role}) before its list`)
}

const countedBy = (list: ArrayType, name: string): boolean => {
  const terms = list.count.terms ?? []
  return list.count.rest !== true && (list.count.plus ?? 0) === 0 && terms.length === 1 && terms[0]?.field === name && terms[0].times === 1
}

/**
 * The form of a GET_FMAP reply from the schema of its body: a struct whose fields of fixed size are followed by a list of extents, a list of groups
 * (structs that end in a list of strips), or one of both by `ext_type` (0 and 1). What follows the list is never looked at.
 *
 * @param body the whole body, from its first byte on
 * @param names what the fields are called, where not as in famfs
 * @throws Error naming the struct and what a map needs, when the schema is none
 */
export function mapFormat<V, I>(body: Schema<V, I>, { names, envelope, fixed = {}, chapter }: FormatNames = {}): MapFormat<V, I> {
  if (!isStruct(body.type)) throw new Error(`a map is a struct, not a ${body.type.kind}`)
  const owner = body.type
  const list = listIn(owner)
  if (list === undefined) throw wrong(owner, 'has a list of extents or groups')
  const header = partOf(owner, HEADER_ROLES, names)
  const { extents, groups } = listsOf(owner, list)
  demand(
    owner,
    header,
    extents !== undefined && groups !== undefined ? ['nextents', 'file_size', 'ext_type'] : ['nextents', 'file_size'],
    names,
  )
  const counter = names?.nextents ?? 'nextents'
  for (const each of [extents, groups])
    if (each !== undefined && !countedBy(each, counter)) throw wrong(owner, `counts the elements of ${list.name} by ${counter}`)
  const groupType = groups === undefined ? undefined : structIn(owner, groups, 'groups')
  const strips = groupType === undefined ? undefined : listIn(groupType)
  const stripList = strips?.type.kind === 'array' ? strips.type : undefined
  const extentType = structIn(owner, extents ?? stripList, extents === undefined ? 'strips' : 'extents')
  const extent = partOf(extentType, EXTENT_ROLES, names)
  demand(extentType, extent, EXTENT_ROLES, names)
  const layout = { header, extent, list: list.name, ...(envelope === undefined ? {} : { envelope }) }
  const extras = { fixed, ...(chapter === undefined ? {} : { chapter }) }
  if (groupType === undefined || stripList === undefined) return { body, layout: { ...layout, kind: 'simple' }, ...extras }
  const group = partOf(groupType, GROUP_ROLES, names)
  demand(groupType, group, GROUP_ROLES, names)
  if (!countedBy(stripList, names?.ie_nstrips ?? 'ie_nstrips'))
    throw wrong(groupType, `counts its strips by ${names?.ie_nstrips ?? 'ie_nstrips'}`)
  if (partOf(structIn(groupType, stripList, 'strips'), EXTENT_ROLES, names).size !== extent.size)
    throw wrong(owner, 'has strips and extents of one size')
  const both = { ...layout, group, strips: strips?.name ?? '' }
  return { body, layout: extents === undefined ? { ...both, kind: 'interleaved' } : both, ...extras }
}
