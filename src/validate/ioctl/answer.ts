/** What a driver writes into the caller's memory. facts: wire 9.4, 9.6 */
import { type FieldPlace, fieldPlaces, sizeOf } from '../../codec/ioctl/fields.ts'
import type { Schema } from '../../schema/index.ts'
import type { IoctlAnswer } from '../../schema/ioctl.ts'
import {
  famfs_extent,
  famfs_ioc_fmap,
  famfs_ioc_get_fmap,
  famfs_ioc_interleaved_ext,
  famfs_ioc_map,
  famfs_ioc_simple_extent,
} from '../../uapi/famfs/ioctl.ts'
import type { MetaExtent } from '../meta.ts'
import type { Call } from './call.ts'
import type { InstalledMap } from './types.ts'

/** Puts numbers into the fields of the struct that starts at `at`. */
function fill(bytes: Uint8Array, at: number, schema: Schema<unknown, unknown>, numbers: Readonly<Record<string, bigint | number>>): void {
  const view = new DataView(bytes.buffer)
  const places = fieldPlaces(schema)
  for (const [name, number] of Object.entries(numbers)) {
    const [offset, size] = places.get(name) as FieldPlace
    if (size === 8) view.setBigUint64(at + offset, BigInt.asUintN(64, BigInt(number)), true)
    else view.setUint32(at + offset, Number(number), true)
  }
}

/** The type of the map is answered since KABI 43; before, the field was never stored, and 0 is what it holds. facts: wire 9.4 */
const typeOf = (map: InstalledMap): number => (map.ext_type === 'simple' ? 0 : 1)

function head(map: InstalledMap, { state, dialect }: Call): Uint8Array {
  const bytes = new Uint8Array(sizeOf(famfs_ioc_map))
  const extent_type = dialect.resolver.groups === undefined ? 0 : typeOf(map)
  fill(bytes, 0, famfs_ioc_map, { extent_type, file_size: state.i_size ?? map.file_size, ext_list_count: map.extents.length })
  return bytes
}

function extents(map: InstalledMap): Uint8Array {
  const list = map.ext_type === 'simple' ? map.extents : []
  const size = sizeOf(famfs_extent)
  const bytes = new Uint8Array(size * list.length)
  for (const [i, { offset, len }] of list.entries()) fill(bytes, i * size, famfs_extent, { offset, len })
  return bytes
}

const pieces = (bytes: Uint8Array, at: number, list: readonly MetaExtent[]): void => {
  const size = sizeOf(famfs_ioc_simple_extent)
  for (const [i, { dev_index, offset, len }] of list.entries())
    if (at + (i + 1) * size <= bytes.length) fill(bytes, at + i * size, famfs_ioc_simple_extent, { devindex: dev_index, offset, len })
}

/** facts: wire 9.3, 9.6 */
function whole(map: InstalledMap): Uint8Array {
  const bytes = new Uint8Array(sizeOf(famfs_ioc_get_fmap))
  const behind = sizeOf(famfs_ioc_fmap)
  const about = {
    fioc_file_size: map.file_size,
    fioc_file_type: map.file_type ?? 0,
    fioc_ext_type: typeOf(map),
    fioc_nextents: map.extents.length,
  }
  fill(bytes, 0, famfs_ioc_fmap, about)
  if (map.ext_type === 'simple') pieces(bytes, behind, map.extents)
  else
    for (const group of map.extents.slice(0, 1)) {
      const { nstrips, chunk_size, nbytes } = group
      fill(bytes, behind, famfs_ioc_interleaved_ext, { ie_nstrips: nstrips, ie_chunk_size: chunk_size, ie_nbytes: nbytes })
      pieces(bytes, behind + sizeOf(famfs_ioc_interleaved_ext), group.strips)
    }
  return bytes
}

const answers: { readonly [K in IoctlAnswer]: (map: InstalledMap, call: Call) => Uint8Array } = {
  famfs_ioc_map: head,
  famfs_extent: extents,
  famfs_ioc_get_fmap: whole,
}

/** The bytes that a command answers; none without a map. */
export function answerOf(call: Call): Uint8Array {
  const { handler, state } = call
  return handler.answer === undefined || state.map === undefined ? new Uint8Array() : answers[handler.answer](state.map, call)
}
