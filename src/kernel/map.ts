/** A file's map in memory, as all of `famfs-wire/kernel` takes it, and the way from and to the value of a GET_FMAP reply. */
import type { Dialect } from '../schema/dialect.ts'
import { fuseV10 } from '../uapi/dialects/index.ts'
import type { FUSE_FAMFS_EXT_INTERLEAVE, FUSE_FAMFS_EXT_SIMPLE } from '../uapi/famfs/constants.ts'
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import { bodyFields, mapIn } from './form.ts'

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

/**
 * The map that a decoded GET_FMAP reply describes, pull or push, taken as it stands: no kernel is asked whether it would accept it.
 * Use the `meta` of `verdict` for what a kernel keeps.
 */
export function mapOf(fmap: FmapFields): FileMap
/**
 * The same for a dialect that brings its own form of the map.
 * @param fmap the decoded body
 */
export function mapOf(fmap: object, dialect: Dialect): FileMap
export function mapOf(fmap: object, dialect: Dialect = fuseV10): FileMap {
  return mapIn({ ...fmap }, dialect)
}

/** The fields of the GET_FMAP reply for a map; add `file_type` and `fmap_version` and give it to `encodeFmap` or `encodeFmapPush`. */
export function fmapFields(map: FileMap): FmapFields {
  const { file_type, fmap_version, ...fields } = bodyFields(map, fuseV10)
  return fields as unknown as FmapFields
}
