/** Whether kernels of a dialect take a map, said so that a person can act on it. */
import { encodeFmap, encodeFmapPush } from '../codec/generated/fmap.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { FAMFS_FMAP_VERSION, FUSE_FAMFS_FILE_REG } from '../uapi/famfs/constants.ts'
import { dialectOf, type VerdictOptions } from '../validate/options.ts'
import { verdict } from '../validate/verdict.ts'
import { unsupported } from './errors.ts'
import { type FileMap, fmapFields } from './map.ts'
import { rulesOf } from './state.ts'

/**
 * The body of the GET_FMAP reply that gives a kernel of this dialect this map: a regular file, with what the dialect wants besides (its
 * form of the header, and for replies of fixed length zeros up to it).
 *
 * @throws WireError as the encoder, when a number of the map does not fit its field; code unsupported for a dialect without GET_FMAP, or
 * when the reply would be larger than any that the kernel takes
 */
export function fmapReply(map: FileMap, dialect: Dialect | DialectId): Uint8Array {
  const { push, reply, id } = dialectOf(dialect, 'GET_FMAP')
  const value = { file_type: FUSE_FAMFS_FILE_REG, fmap_version: FAMFS_FMAP_VERSION, ...fmapFields(map) }
  const { most, exact } = reply.GET_FMAP
  const bytes = (push ? encodeFmapPush : encodeFmap)(value as Parameters<typeof encodeFmap>[0])
  if (bytes.length > most) throw unsupported('', `the map has ${bytes.length} bytes, a kernel of dialect ${id} takes ${most}`)
  if (exact === undefined) return bytes
  const padded = new Uint8Array(most)
  padded.set(bytes)
  return padded
}

/**
 * The same map, if kernels of the dialect take it and can resolve offsets in it.
 * @throws WireError code unsupported that says what they object to
 */
export function legal<M extends FileMap>(map: M, dialect: Dialect | DialectId, options?: VerdictOptions): M {
  const { groups, id } = rulesOf(dialect)
  if (map.ext_type === 'interleaved' && groups === 'broken')
    throw unsupported('ext_type', `kernels of dialect ${id} take interleaved maps, but find nothing in them`)
  const judged = verdict(fmapReply(map, dialect), dialect, options)
  if ('meta' in judged) return map
  throw unsupported(
    judged.path,
    `a kernel of dialect ${id} refuses this map with errno ${judged.errno}: ${judged.reason} (${judged.check})`,
  )
}
