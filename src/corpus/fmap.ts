/** A map as a value, and its bytes in the form of a dialect. */
import { encode } from '../codec/encode.ts'
import { bodyFields } from '../kernel/form.ts'
import { mapOf } from '../kernel/map.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { Input, Schema, Value } from '../schema/index.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { type fuse_famfs_fmap, fuse_famfs_fmap as pullForm, fuse_famfs_fmap_push as pushForm } from '../uapi/famfs/fmap.ts'
import { dialectOf } from '../validate/options.ts'

/**
 * A map before it is bytes, in the words of famfs, whatever form the dialect gives it: counts, lengths and reserved words are left to the encoder.
 */
export type Fmap = Input<typeof fuse_famfs_fmap>

/** The body of a GET_FMAP reply in a dialect. */
export const fmapSchema = ({ map, push }: Dialect): Schema<unknown, unknown> => map?.body ?? (push ? pushForm : pullForm)

/**
 * The bytes of a map in the form of a dialect: counts and reserved words are filled in, and where the dialect has it fmap_size, or the meta_size
 * that its kernel needs. A form of its own leaves out what it has no field for (the type of the file, the version).
 * @throws WireError as `encode`, for values that do not fit their fields; code unsupported for a dialect without GET_FMAP, or a kind of map
 * that its form has no room for
 */
export function fmapBytes(dialect: Dialect | DialectName, fmap: Fmap): Uint8Array {
  const found = dialectOf(dialect, 'GET_FMAP')
  return encode(fmapSchema(found), found.map === undefined ? fmap : bodyFields(mapOf(fmap as Value<typeof fuse_famfs_fmap>), found))
}
