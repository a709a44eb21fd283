/** Maps in the form that a dialect gives them: from a map to the value of a GET_FMAP reply body, and back. */
import type { Check, Step } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { LayoutPart, MapLayout } from '../schema/layout.ts'
import { FAMFS_FMAP_VERSION, FUSE_FAMFS_FILE_REG } from '../uapi/famfs/constants.ts'
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import { famfsLayout } from '../validate/parse.ts'
import { unsupported } from './errors.ts'
import type { FileMap } from './map.ts'

type Values = Readonly<Record<string, unknown>>

/** Whether a reply of the dialect says what type the file has. */
export const saysFileType = (dialect: Dialect): boolean => layoutOf(dialect).header.fields.file_type !== undefined

const layoutOf = ({ map }: Dialect): MapLayout => map?.layout ?? famfsLayout
const FAMFS_FIXED = { file_type: FUSE_FAMFS_FILE_REG, fmap_version: FAMFS_FMAP_VERSION }

/** Fields of a struct from values by role; a role that it does not have is left out, and the width of a field decides its type. */
function fieldsOf(part: LayoutPart | undefined, roles: Readonly<Record<string, number | bigint>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [role, value] of Object.entries(roles)) {
    const spot = part?.fields[role]
    if (spot !== undefined) fields[spot[2] ?? role] = spot[1] === 8 ? BigInt(value) : Number(value)
  }
  return fields
}

const extentFields = ({ extent }: MapLayout, { dev_index, offset, len }: MetaExtent): Values =>
  fieldsOf(extent, { se_devindex: dev_index, se_offset: offset, se_len: len })

const groupFields = (layout: MapLayout, { chunk_size, nbytes, strips }: MetaGroup): Values => ({
  ...fieldsOf(layout.group, { ie_chunk_size: chunk_size, ie_nbytes: nbytes }),
  [layout.strips ?? 'ie_strips']: strips.map(strip => extentFields(layout, strip)),
})

function* checksOf(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksOf(step.steps)
  }
}

/** The least `meta_size` with which the kernel can keep the map: what its own checks ask for. facts: wire 7.5 */
export function metaSizeOf(map: FileMap, { checks }: Dialect): number {
  const groups = map.ext_type === 'interleaved' ? map.extents.length : 0
  const pieces = map.ext_type === 'simple' ? map.extents.length : map.extents.reduce((sum, group) => sum + group.strips.length, 0)
  const counts: Readonly<Record<string, number>> = { nextents: map.extents.length, groups, pieces }
  const needs = [...checksOf(checks)].flatMap(({ test }) =>
    test.op !== 'belowSum' || test.x !== 'meta_size'
      ? []
      : [test.terms.reduce((sum, [x, times]) => sum + (counts[x] ?? 0) * times, test.plus)],
  )
  return Math.max(0, ...needs)
}

/**
 * The value of the body of a GET_FMAP reply for a map, in the form of the dialect: counts and reserved words are left to the encoder, a
 * `meta_size` is what the kernel needs.
 *
 * @param next where the next page starts; absent: this one is the last
 * @param fileType of the file, where the form has a field for it; absent: a regular one
 * @throws WireError code unsupported for a kind of map that the form has no room for
 */
export function bodyFields(map: FileMap, dialect: Dialect, next = dialect.reply.GET_FMAP?.more?.last, fileType?: number): Values {
  const layout = layoutOf(dialect)
  if (layout.kind !== undefined && layout.kind !== map.ext_type)
    throw unsupported('ext_type', `maps of dialect ${dialect.id} are ${layout.kind}, not ${map.ext_type}`)
  if (map.ext_type === 'interleaved' && layout.group === undefined)
    throw unsupported('ext_type', `maps of dialect ${dialect.id} have no groups`)
  const roles = {
    ext_type: map.ext_type === 'simple' ? 0 : 1,
    file_size: map.file_size,
    meta_size: metaSizeOf(map, dialect),
    ...(next !== undefined && { next }),
    ...(fileType !== undefined && { file_type: fileType }),
  }
  const list = map.ext_type === 'simple' ? map.extents.map(e => extentFields(layout, e)) : map.extents.map(g => groupFields(layout, g))
  return { ...(dialect.map?.fixed ?? FAMFS_FIXED), ...fieldsOf(layout.header, roles), [layout.list]: list }
}

const numberIn = (value: Values, part: LayoutPart | undefined, role: string): bigint =>
  BigInt((value[part?.fields[role]?.[2] ?? role] as number | bigint | undefined) ?? 0)

const listIn = (value: Values, name: string): Iterable<Values> => (value[name] as Iterable<Values> | undefined) ?? []

function extentIn({ extent }: MapLayout, value: Values): MetaExtent {
  const at = (role: string): bigint => numberIn(value, extent, role)
  return { dev_index: Number(at('se_devindex')), offset: at('se_offset'), len: at('se_len') }
}

function groupIn(layout: MapLayout, value: Values): MetaGroup {
  const chunk = numberIn(value, layout.group, 'ie_chunk_size')
  const strips = Array.from(listIn(value, layout.strips ?? 'ie_strips'), strip => extentIn(layout, strip))
  const chunk_size = layout.group?.fields.ie_chunk_size?.[1] === 8 ? chunk : Number(chunk)
  return { nstrips: strips.length, chunk_size, nbytes: numberIn(value, layout.group, 'ie_nbytes'), strips }
}

/** The map that a decoded body describes, in the form of the dialect. */
export function mapIn(value: Values, dialect: Dialect): FileMap {
  const layout = layoutOf(dialect)
  const file_size = numberIn(value, layout.header, 'file_size')
  const list = listIn(value, layout.list)
  const simple = layout.kind === undefined ? numberIn(value, layout.header, 'ext_type') === 0n : layout.kind === 'simple'
  return simple
    ? { ext_type: 'simple', file_size, extents: Array.from(list, extent => extentIn(layout, extent)) }
    : { ext_type: 'interleaved', file_size, extents: Array.from(list, group => groupIn(layout, group)) }
}
