/** A map as a value, and its bytes in the layout of a dialect. */
import { encode } from '../codec/encode.ts'
import type { Dialect } from '../schema/dialect.ts'
import { fixedSize, type Input, type Schema } from '../schema/index.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_header, fuse_famfs_fmap_push, fuse_famfs_simple_ext } from '../uapi/famfs/fmap.ts'
import { dialectOf } from '../validate/options.ts'

/** A map before it is bytes: counts, lengths and reserved words are left to the encoder. */
export type Fmap = Input<typeof fuse_famfs_fmap>

export const HEADER_SIZE = fixedSize(fuse_famfs_fmap_header.type) as number
/** An extent, a strip and the head of a group have the same size. facts: wire 3.2, 3.3 */
export const ELEMENT_SIZE = fixedSize(fuse_famfs_simple_ext.type) as number

/** The layout of a map in a dialect. */
export const fmapSchema = (dialect: Dialect): Schema<unknown, Fmap> => (dialect.push ? fuse_famfs_fmap_push : fuse_famfs_fmap)

/**
 * The bytes of a map in the layout of a dialect: counts and reserved words are filled in, fmap_size too where the dialect has it.
 * @throws WireError as `encode`, for values that do not fit their fields; code unsupported for a dialect without GET_FMAP
 */
export const fmapBytes = (dialect: Dialect | DialectId, fmap: Fmap): Uint8Array => encode(fmapSchema(dialectOf(dialect, 'GET_FMAP')), fmap)
