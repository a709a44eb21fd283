/** The messages that famfs adds to FUSE, in the shape that each dialect gives them. facts: wire 2 */
import type { Dialect, RequestShape } from '../../schema/dialect.ts'
import { byLength, nested, type Schema, type Value } from '../../schema/index.ts'
import { empty } from '../fuse/opcodes.ts'
import { fuse_getxattr_in } from '../fuse/xattr.ts'
import { fuse_daxdev_out, fuse_get_fmap_hint, fuse_get_fmap_in } from './daxdev.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_header_push, fuse_famfs_fmap_push } from './fmap.ts'

type RequestValue = Value<typeof empty> | Value<typeof fuse_get_fmap_in> | Value<typeof fuse_getxattr_in>

const requests: Readonly<Record<RequestShape, Schema<RequestValue>>> = { none: empty, fuse_get_fmap_in, fuse_getxattr_in }

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

/** Bodies of the famfs opcodes in any dialect, for the static types of whole messages. */
export interface FamfsBodies {
  readonly GET_FMAP: { readonly request: Schema<RequestValue>; readonly reply: Schema<Value<FmapReplies>> }
  readonly GET_DAXDEV: { readonly request: Schema<Value<typeof empty>>; readonly reply: typeof fuse_daxdev_out }
}

/** One opcode of a dialect. */
export interface FamfsMessage {
  readonly opcode: number
  readonly request: Schema<unknown, unknown>
  readonly reply: Schema<unknown, unknown>
}

/** GET_FMAP and GET_DAXDEV of a dialect; empty where it has no famfs. */
export function famfsMessages(dialect: Dialect): Partial<Record<'GET_FMAP' | 'GET_DAXDEV', FamfsMessage>> {
  const { GET_FMAP, GET_DAXDEV } = dialect.opcodes
  return {
    ...(GET_FMAP === undefined
      ? {}
      : { GET_FMAP: { opcode: GET_FMAP, request: requests[dialect.request.GET_FMAP], reply: fmapReplies[dialect.sizeProbe] } }),
    ...(GET_DAXDEV === undefined
      ? {}
      : { GET_DAXDEV: { opcode: GET_DAXDEV, request: requests[dialect.request.GET_DAXDEV], reply: fuse_daxdev_out } }),
  }
}
