/** The messages that famfs adds to FUSE, in the shape that each dialect gives them. facts: wire 2 */
import type { Dialect, RequestShape } from '../../schema/dialect.ts'
import { byLength, nested, type Schema, type StructType, type Value } from '../../schema/index.ts'
import type { MapFormat } from '../../schema/layout.ts'
import { empty } from '../fuse/opcodes.ts'
import { fuse_getxattr_in } from '../fuse/xattr.ts'
import { fuse_daxdev_out, fuse_get_fmap_hint, fuse_get_fmap_in } from './daxdev.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_header_push, fuse_famfs_fmap_push } from './fmap.ts'

type RequestValue = Value<typeof empty> | Value<typeof fuse_get_fmap_in> | Value<typeof fuse_getxattr_in>

const requests = { none: empty, fuse_get_fmap_in, fuse_getxattr_in } as const

/** The body of a request by its shape. */
export const requestBody = (shape: RequestShape): Schema<unknown, unknown> => (typeof shape === 'string' ? requests[shape] : shape)

/**
 * The GET_FMAP reply bodies, by how a dialect tells that the map needs a larger buffer: not at all, by a body of 4 bytes
 * (facts: wire 2.2, V2), or by a header alone whose fmap_size is larger than the buffer (facts: wire 2.2, P1 and P2).
 */
const fmapReplies = {
  none: nested(fuse_famfs_fmap),
  hint: byLength({ 4: fuse_get_fmap_hint }, fuse_famfs_fmap),
  header: byLength({ 32: fuse_famfs_fmap_header_push }, fuse_famfs_fmap_push),
} as const

type FmapReplies = (typeof fmapReplies)[keyof typeof fmapReplies]

/** Header and nothing behind it. */
function headerOf({ body, layout }: MapFormat): Schema<unknown> {
  const type = body.type as StructType
  const list = type.fields.findIndex(f => f.name === layout.list)
  return { type: { ...type, fields: type.fields.slice(0, list) } }
}

/** The same for a form of the map that the dialect brings along. */
const ownReplies: { readonly [K in Dialect['sizeProbe']]: (map: MapFormat) => Schema<unknown, unknown> } = {
  none: ({ body }) => body,
  hint: ({ body }) => byLength({ 4: fuse_get_fmap_hint }, body),
  header: map => byLength({ [map.layout.header.size]: headerOf(map) }, map.body),
}

/** The map itself in the form of a dialect: the body of a GET_FMAP reply that is no size probe. */
export const fmapBody = ({ map, push }: Dialect): Schema<unknown, unknown> => map?.body ?? (push ? fuse_famfs_fmap_push : fuse_famfs_fmap)

/** The body of a reply about a device. */
export const daxdevBody = ({ reply }: Dialect): Schema<unknown, unknown> => reply.GET_DAXDEV?.body ?? fuse_daxdev_out

/** Bodies of the famfs opcodes in the built-in dialects, for the static types of whole messages. */
export interface FamfsBodies {
  readonly GET_FMAP: { readonly request: Schema<RequestValue>; readonly reply: Schema<Value<FmapReplies>> }
  readonly GET_DAXDEV: { readonly request: Schema<Value<typeof empty>>; readonly reply: typeof fuse_daxdev_out }
}

type ShapeBody<S> = S extends keyof typeof requests ? (typeof requests)[S] : S
type MapBody<D> = D extends { readonly map: MapFormat<infer V, infer I> } ? Schema<V, I> : FamfsBodies['GET_FMAP']['reply']
type DeviceBody<D> = D extends { readonly reply: { readonly GET_DAXDEV: { readonly body: infer S } } } ? S : typeof fuse_daxdev_out

/** The same for a dialect that is known to the compiler: what {@link defineDialect} returned. Of any other, those of the built-in ones. */
export type BodiesOf<D> = D extends { readonly request: { readonly GET_FMAP: infer F; readonly GET_DAXDEV: infer X } }
  ? Dialect extends D
    ? FamfsBodies
    : {
        readonly GET_FMAP: { readonly request: ShapeBody<F>; readonly reply: MapBody<D> }
        readonly GET_DAXDEV: { readonly request: ShapeBody<X>; readonly reply: DeviceBody<D> }
      }
  : FamfsBodies

/** One opcode of a dialect. */
export interface FamfsMessage {
  readonly opcode: number
  readonly request: Schema<unknown, unknown>
  readonly reply: Schema<unknown, unknown>
}

/** GET_FMAP and GET_DAXDEV of a dialect; empty where it has no famfs. */
export function famfsMessages(dialect: Dialect): Partial<Record<'GET_FMAP' | 'GET_DAXDEV', FamfsMessage>> {
  const { request, map, sizeProbe } = dialect
  const { GET_FMAP, GET_DAXDEV } = dialect.opcodes
  const reply = map === undefined ? fmapReplies[sizeProbe] : ownReplies[sizeProbe](map)
  return {
    ...(GET_FMAP !== undefined && { GET_FMAP: { opcode: GET_FMAP, request: requestBody(request.GET_FMAP), reply } }),
    ...(GET_DAXDEV !== undefined && {
      GET_DAXDEV: { opcode: GET_DAXDEV, request: requestBody(request.GET_DAXDEV), reply: daxdevBody(dialect) },
    }),
  }
}
