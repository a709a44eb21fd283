/** Maps that a driver keeps, as requests give them: a map message of KABI 44 in hex, or the map itself in the form of `map` in answers. */
import { decode } from '../../codec/decode.ts'
import { fromFmap } from '../../kernel/ioctl/from.ts'
import { fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import type { InstalledMap } from '../../validate/ioctl/types.ts'
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import { bytesOf } from '../hex.ts'
import { bad, type Json, list, number, object, optional, text } from '../record.ts'
import { wideIn } from './numbers.ts'

function extentIn(value: unknown): MetaExtent {
  const extent = object(value)
  return { dev_index: number(extent, 'dev_index'), offset: wideIn(extent, 'offset'), len: wideIn(extent, 'len') }
}

function groupIn(value: unknown): MetaGroup {
  const group = object(value)
  const strips = list(group, 'strips').map(extentIn)
  const nstrips = optional(group, 'nstrips', number) ?? strips.length
  if (nstrips !== strips.length) throw bad('count', 'nstrips', `is ${nstrips}, there are ${strips.length}`, strips.length, nstrips)
  return { nstrips, chunk_size: wideIn(group, 'chunk_size'), nbytes: wideIn(group, 'nbytes'), strips }
}

/** @throws WireError naming the member that is missing or is not what it should be */
export function installedIn(record: Json, key: string): InstalledMap {
  if (typeof record[key] === 'string') {
    const { map, fileType } = fromFmap(decode(fuse_famfs_fmap_push, bytesOf(text(record, key), key)))
    return { ...map, file_type: fileType }
  }
  const map = object(record[key])
  const about = { file_size: wideIn(map, 'file_size'), file_type: optional(map, 'file_type', number) ?? 0 }
  const kind = text(map, 'ext_type')
  if (kind === 'simple') return { ...about, ext_type: kind, extents: list(map, 'extents').map(extentIn) }
  if (kind === 'interleaved') return { ...about, ext_type: kind, extents: list(map, 'extents').map(groupIn) }
  throw bad('tag', `${key}.ext_type`, 'must be simple or interleaved', ['simple', 'interleaved'], kind)
}
