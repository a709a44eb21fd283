/** A file's map in memory, as all of `famfs-wire/kernel` takes it, and the way from and to the value of a GET_FMAP reply. */
import { FUSE_FAMFS_EXT_INTERLEAVE, FUSE_FAMFS_EXT_SIMPLE } from '../uapi/famfs/constants.ts'
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'

/** A map of simple extents: `file_size` bytes of file lie in them, one after the other. */
export interface SimpleMap {
  readonly ext_type: 'simple'
  readonly file_size: bigint
  readonly extents: readonly MetaExtent[]
}

/** A map of interleaved groups: `file_size` bytes of file lie in them, one group after the other. */
export interface InterleavedMap {
  readonly ext_type: 'interleaved'
  readonly file_size: bigint
  readonly extents: readonly MetaGroup[]
}

/** Where a file lies. The `meta` of an accepted verdict is one; {@link mapOf} makes one of a decoded message. */
export type FileMap = SimpleMap | InterleavedMap

/** The fields of an extent of a GET_FMAP reply that say where the file lies. */
export interface ExtentFields {
  readonly se_devindex: number
  readonly se_offset: bigint
  readonly se_len: bigint
}

/** The same of a group. */
export interface GroupFields {
  readonly ie_chunk_size: number
  readonly ie_nbytes: bigint
  readonly ie_strips: readonly ExtentFields[]
}

/** The fields of a GET_FMAP reply, pull or push, that say where the file lies. */
export type FmapFields =
  | { readonly ext_type: typeof FUSE_FAMFS_EXT_SIMPLE; readonly file_size: bigint; readonly extents: readonly ExtentFields[] }
  | { readonly ext_type: typeof FUSE_FAMFS_EXT_INTERLEAVE; readonly file_size: bigint; readonly extents: readonly GroupFields[] }

const extentOf = ({ se_devindex, se_offset, se_len }: ExtentFields): MetaExtent => ({
  dev_index: se_devindex,
  offset: se_offset,
  len: se_len,
})

const groupOf = ({ ie_chunk_size, ie_nbytes, ie_strips }: GroupFields): MetaGroup => ({
  nstrips: ie_strips.length,
  chunk_size: ie_chunk_size,
  nbytes: ie_nbytes,
  strips: ie_strips.map(extentOf),
})

/**
 * The map that a decoded GET_FMAP reply describes, pull or push, taken as it stands: no kernel is asked whether it would accept it.
 * Use the `meta` of `verdict` for what a kernel keeps.
 */
export function mapOf(fmap: FmapFields): FileMap {
  const { file_size } = fmap
  return fmap.ext_type === FUSE_FAMFS_EXT_SIMPLE
    ? { ext_type: 'simple', file_size, extents: fmap.extents.map(extentOf) }
    : { ext_type: 'interleaved', file_size, extents: fmap.extents.map(groupOf) }
}

const extentFields = ({ dev_index, offset, len }: MetaExtent): ExtentFields => ({ se_devindex: dev_index, se_offset: offset, se_len: len })

const groupFields = ({ chunk_size, nbytes, strips }: MetaGroup): GroupFields => ({
  ie_chunk_size: chunk_size,
  ie_nbytes: nbytes,
  ie_strips: strips.map(extentFields),
})

/** The fields of the GET_FMAP reply for a map; add `file_type` and `fmap_version` and give it to `encodeFmap` or `encodeFmapPush`. */
export function fmapFields(map: FileMap): FmapFields {
  const { file_size } = map
  return map.ext_type === 'simple'
    ? { ext_type: FUSE_FAMFS_EXT_SIMPLE, file_size, extents: map.extents.map(extentFields) }
    : { ext_type: FUSE_FAMFS_EXT_INTERLEAVE, file_size, extents: map.extents.map(groupFields) }
}
