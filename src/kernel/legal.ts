/** Whether kernels of a dialect take a map, said so that a person can act on it. */
import { encode } from '../codec/encode.ts'
import { encodeFmap, encodeFmapPush } from '../codec/generated/fmap.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { type Asking, dialectOf, type VerdictOptions, X86_64 } from '../validate/options.ts'
import { verdictPages } from '../validate/pages.ts'
import { unsupported } from './errors.ts'
import { bodyFields } from './form.ts'
import type { FileMap } from './map.ts'
import { rulesOf } from './state.ts'

function bodyOf(map: FileMap, dialect: Dialect, next?: bigint, fileType?: number): Uint8Array {
  const value = bodyFields(map, dialect, next, fileType)
  if (dialect.map !== undefined) return encode(dialect.map.body, value)
  return (dialect.push ? encodeFmapPush : encodeFmap)(value as unknown as Parameters<typeof encodeFmap>[0])
}

/** One reply, whatever its length; of the one length that the dialect has, where it has one. */
function replyOf(map: FileMap, dialect: Asking<'GET_FMAP'>, next?: bigint, fileType?: number): Uint8Array {
  const bytes = bodyOf(map, dialect, next, fileType)
  const { most, exact } = dialect.reply.GET_FMAP
  if (bytes.length > most) throw unsupported('', `the map has ${bytes.length} bytes, a kernel of dialect ${dialect.id} takes ${most}`)
  if (exact === undefined) return bytes
  const padded = new Uint8Array(most)
  padded.set(bytes)
  return padded
}

/**
 * The body of the GET_FMAP reply that gives a kernel of this dialect this map, with what the dialect wants besides (its form of the map, and
 * for replies of fixed length zeros up to it).
 *
 * @param fileType 0 regular (the default), 1 superblock, 2 log, up to 255; left out where the form has no field for it
 * @throws WireError as the encoder, when a number of the map does not fit its field; code unsupported for a dialect without GET_FMAP, for a
 * kind of map that it has no form for, or when the reply would be larger than any that the kernel takes
 */
export const fmapReply = (map: FileMap, dialect: Dialect | DialectName, fileType?: number): Uint8Array =>
  replyOf(map, dialectOf(dialect, 'GET_FMAP'), undefined, fileType)

/** Bytes of the file that an extent or group holds. */
const bytesIn = (element: FileMap['extents'][number]): bigint => ('len' in element ? element.len : element.nbytes)

/**
 * The bodies of the GET_FMAP replies that give a kernel of this dialect this map, in order. Only a dialect whose maps come in pages
 * (`reply.GET_FMAP.more`) has more than one; each page is as long as the first buffer allows, and the next one starts where its extents end.
 *
 * @throws WireError as {@link fmapReply}; code unsupported also when one element alone is larger than the buffer
 */
export function fmapPages(map: FileMap, dialect: Dialect | DialectName): readonly Uint8Array[] {
  const d = dialectOf(dialect, 'GET_FMAP')
  const { more, buffer } = d.reply.GET_FMAP
  if (more === undefined) return [replyOf(map, d)]
  const part = (from: number, to: number): FileMap => ({ ...map, extents: map.extents.slice(from, to) }) as FileMap
  const pages: Uint8Array[] = []
  let next = 0n
  for (let from = 0; from < map.extents.length || pages.length === 0; ) {
    let to = from
    let size = bodyOf(part(from, from), d, more.last).length
    while (to < map.extents.length) {
      const step = bodyOf(part(to, to + 1), d, more.last).length - bodyOf(part(to, to), d, more.last).length
      if (size + step > buffer) break
      size += step
      next += bytesIn(map.extents[to++] as FileMap['extents'][number])
    }
    if (to === from && to < map.extents.length)
      throw unsupported(`extents[${to}]`, `does not fit into the ${buffer} bytes that a kernel of dialect ${d.id} offers`)
    pages.push(replyOf(part(from, to), d, to < map.extents.length ? next : more.last))
    from = to
  }
  return pages
}

/**
 * The same map, if kernels of the dialect take it and can resolve offsets in it.
 * @throws WireError code unsupported that says what they object to
 */
export function legal<M extends FileMap>(map: M, dialect: Dialect | DialectName, options: VerdictOptions = X86_64): M {
  const { groups, id } = rulesOf(dialect)
  if (map.ext_type === 'interleaved' && groups === 'broken')
    throw unsupported('ext_type', `kernels of dialect ${id} take interleaved maps, but find nothing in them`)
  const judged = verdictPages(fmapPages(map, dialect), dialect, options)
  if (judged.ok) return map
  throw unsupported(
    judged.path,
    `a kernel of dialect ${id} refuses this map with errno ${judged.errno}: ${judged.reason} (${judged.check})`,
  )
}
