/**
 * A layout as plain offsets, for code that must not build objects: taken from the schema when a layout is first used, under names that do
 * not change from layout to layout.
 */
import { layoutOf } from '../codec/layout.ts'
import { fixedSize, type Schema } from '../schema/index.ts'
import type { MediaLayout } from '../uapi/famfs/layouts/index.ts'

/** A field: its first byte and its bytes. */
export interface Place {
  readonly at: number
  readonly size: number
}

/** A list of extents or strips with room for `capacity`; `devindex`, `offset` and `length` are first bytes inside an element. */
export interface ListShape {
  readonly at: number
  readonly stride: number
  readonly capacity: number
  readonly devindex: number | undefined
  readonly offset: number
  readonly length: number
}

export interface InterleavedShape {
  readonly at: number
  readonly size: number
  readonly nstrips: number
  readonly chunk: number
  readonly nbytes: number | undefined
  readonly strips: ListShape
}

interface Owner {
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly mode: number | undefined
  readonly path: Place
}

/** First bytes inside an entry of a file. Undefined: this layout has no such field. */
export interface FileShape extends Owner {
  readonly size: number | undefined
  readonly flags: number
  /** the type of the whole map; where it is undefined each extent has its own, which is always simple */
  readonly extType: number | undefined
  readonly nextents: number
  readonly simple: ListShape | undefined
  readonly interleaved: InterleavedShape | undefined
}

export interface DaxdevShape {
  readonly size: number
  readonly uuid: number
  readonly index: number
}

/** What an entry is, whatever number its layout gives that. */
export type EntryKind = 'file' | 'mkdir' | 'access' | 'delete' | 'add_daxdev' | 'invalid' | 'unknown'

export interface EntryShape {
  /** bytes of a slot */
  readonly size: number
  readonly seqnum: number
  readonly type: number
  /** the crc covers everything before it */
  readonly crc: Place | undefined
  readonly kinds: readonly EntryKind[]
  readonly file: FileShape
  readonly mkdir: Owner | undefined
  readonly daxdev: DaxdevShape | undefined
}

export interface HeaderShape {
  readonly size: number
  readonly magic: number
  readonly length: number
  readonly lastIndex: number
  readonly crc: Place | undefined
  readonly nextSeqnum: number
  readonly nextIndex: number
}

export interface SuperblockShape {
  readonly size: number
  readonly logOffset: number
  readonly logLen: number | undefined
  readonly allocUnit: number | undefined
  readonly omf: number | undefined
  readonly uuid: number | undefined
  readonly devUuid: number | undefined
  readonly systemUuid: number | undefined
  /** computed and compared since version 43 only */
  readonly crc: number
  readonly flags: number
  readonly numDaxdevs: number | undefined
  readonly devSize: Place
  readonly devName: Place
}

/** The offsets of a layout as numbers. */
export interface LayoutShape {
  readonly layout: MediaLayout
  readonly superblock: SuperblockShape
  readonly header: HeaderShape
  readonly entry: EntryShape
}

interface Listed extends Place {
  readonly count: number | undefined
}

/** Every field by the name that C gives it: unions without a name add nothing to it. */
export function placesOf(schema: Schema<unknown>): Map<string, Listed> {
  const places = new Map<string, Listed>()
  for (const row of layoutOf(schema)) {
    if (row.offset === undefined || row.size === undefined) continue
    const count = /\[(\d+)\]$/.exec(row.path)?.[1]
    const name = row.path.replace(/(^|\.)\w+<\w+>\.?/g, '$1').replace(/\[\d+\]$/, '')
    if (!places.has(name)) places.set(name, { at: row.offset, size: row.size, count: count === undefined ? undefined : Number(count) })
  }
  return places
}

type Places = ReadonlyMap<string, Listed>

function optional(places: Places, ...names: string[]): Listed | undefined {
  for (const name of names) {
    const place = places.get(name)
    if (place !== undefined) return place
  }
  return undefined
}

function needed(places: Places, ...names: string[]): Listed {
  const place = optional(places, ...names)
  if (place === undefined) throw new Error(`this layout has no ${names.join(' or ')}`)
  return place
}

function listOf(places: Places, name: string): ListShape | undefined {
  const list = places.get(name)
  if (list?.count === undefined) return undefined
  const inside = (...names: string[]) => optional(places, ...names.map(n => `${name}[0].${n}`))
  const offset = inside('se_offset', 'se.famfs_extent_offset') as Listed
  const length = inside('se_len', 'se.famfs_extent_len') as Listed
  const devindex = inside('se_devindex')
  return {
    at: list.at,
    stride: list.size / list.count,
    capacity: list.count,
    devindex: devindex === undefined ? undefined : devindex.at - list.at,
    offset: offset.at - list.at,
    length: length.at - list.at,
  }
}

function interleavedOf(places: Places, name: string): InterleavedShape | undefined {
  const list = places.get(name)
  const strips = listOf(places, `${name}[0].ie_strips`)
  if (list === undefined || strips === undefined) return undefined
  return {
    at: list.at,
    size: list.size,
    nstrips: needed(places, `${name}[0].ie_nstrips`, `${name}[0].ie_nranges`).at,
    chunk: needed(places, `${name}[0].ie_chunk_size`).at,
    nbytes: optional(places, `${name}[0].ie_nbytes`)?.at,
    strips,
  }
}

const ownerOf = (places: Places, m: string): Owner => ({
  uid: optional(places, `${m}.fm_uid`, `${m}.fc_uid`, `${m}.md_uid`)?.at,
  gid: optional(places, `${m}.fm_gid`, `${m}.fc_gid`, `${m}.md_gid`)?.at,
  mode: optional(places, `${m}.fm_mode`, `${m}.fc_mode`, `${m}.md_mode`)?.at,
  path: needed(places, `${m}.fm_relpath`, `${m}.famfs_relpath`, `${m}.md_relpath`),
})

function fileOf(places: Places): FileShape {
  const m = places.has('famfs_fm') ? 'famfs_fm' : 'famfs_fc'
  return {
    ...ownerOf(places, m),
    size: optional(places, `${m}.fm_size`, `${m}.famfs_fc_size`)?.at,
    flags: needed(places, `${m}.fm_flags`, `${m}.famfs_fc_flags`).at,
    extType: optional(places, `${m}.fm_fmap.fmap_ext_type`, `${m}.fm_fmap.ext_type`)?.at,
    nextents: needed(places, `${m}.fm_fmap.fmap_nextents`, `${m}.fm_nextents`, `${m}.famfs_nextents`).at,
    simple: listOf(places, `${m}.fm_fmap.se`) ?? listOf(places, `${m}.famfs_ext_list`) ?? listOf(places, `${m}.famfs_log`),
    interleaved: interleavedOf(places, `${m}.fm_fmap.ie`),
  }
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  FAMFS_LOG_FILE: 'file',
  FAMFS_LOG_MKDIR: 'mkdir',
  FAMFS_LOG_ACCESS: 'access',
  FAMFS_LOG_DELETE: 'delete',
  FAMFS_LOG_ADD_DAXDEV: 'add_daxdev',
  FAMFS_LOG_INVALID: 'invalid',
}

function kindsOf(layout: MediaLayout): EntryKind[] {
  const kinds: EntryKind[] = []
  for (const [name, value] of Object.entries(layout.types.values)) kinds[value] = KINDS[name] ?? 'unknown'
  return kinds
}

function entryOf(layout: MediaLayout): EntryShape {
  const places = placesOf(layout.entry)
  const dd = (name: string) => needed(places, `famfs_dd.${name}`).at
  return {
    size: fixedSize(layout.entry.type) as number,
    seqnum: needed(places, 'famfs_log_entry_seqnum').at,
    type: needed(places, 'famfs_log_entry_type').at,
    crc: optional(places, 'famfs_log_entry_crc'),
    kinds: kindsOf(layout),
    file: fileOf(places),
    mkdir: places.has('famfs_md') ? ownerOf(places, 'famfs_md') : undefined,
    daxdev: places.has('famfs_dd') ? { size: dd('dd_size'), uuid: dd('dd_uuid'), index: dd('dd_index') } : undefined,
  }
}

function headerOf(layout: MediaLayout): HeaderShape {
  const places = placesOf(layout.header)
  return {
    size: fixedSize(layout.header.type) as number,
    magic: needed(places, 'famfs_log_magic').at,
    length: needed(places, 'famfs_log_len').at,
    lastIndex: needed(places, 'famfs_log_last_index').at,
    crc: optional(places, 'famfs_log_crc'),
    nextSeqnum: needed(places, 'famfs_log_next_seqnum').at,
    nextIndex: needed(places, 'famfs_log_next_index').at,
  }
}

function superblockOf(layout: MediaLayout): SuperblockShape {
  const places = placesOf(layout.superblock)
  const device = places.has('ts_daxdev') ? 'ts_daxdev' : 'ts_devlist[0]'
  return {
    size: fixedSize(layout.superblock.type) as number,
    logOffset: needed(places, 'ts_log_offset').at,
    logLen: places.get('ts_log_len')?.at,
    allocUnit: places.get('ts_alloc_unit')?.at,
    omf: places.get('ts_omf_ver_major')?.at,
    uuid: places.get('ts_uuid')?.at,
    devUuid: places.get('ts_dev_uuid')?.at,
    systemUuid: places.get('ts_system_uuid')?.at,
    crc: needed(places, 'ts_crc').at,
    flags: needed(places, 'ts_sb_flags').at,
    numDaxdevs: places.get('ts_num_daxdevs')?.at,
    devSize: needed(places, `${device}.dd_size`),
    devName: needed(places, `${device}.dd_daxdev`),
  }
}

const shapes = new Map<MediaLayout, LayoutShape>()

/** The offsets of a layout. */
export function shapeOf(layout: MediaLayout): LayoutShape {
  const known = shapes.get(layout)
  if (known !== undefined) return known
  const shape = { layout, superblock: superblockOf(layout), header: headerOf(layout), entry: entryOf(layout) }
  shapes.set(layout, shape)
  return shape
}
