/** A map as it travels: the request that asks for it and the reply that carries it. */

import { encode } from '../codec/encode.ts'
import { WireError } from '../codec/errors.ts'
import { checkBytes } from '../codec/input.ts'
import type { Dialect } from '../schema/dialect.ts'
import { fixedSize } from '../schema/index.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { fuse_in_header, fuse_out_header } from '../uapi/fuse/header.ts'
import { fmapRequest } from '../validate/asking.ts'
import { dialectOf } from '../validate/options.ts'

const IN_HEADER = fixedSize(fuse_in_header.type) as number
const OUT_HEADER = fixedSize(fuse_out_header.type) as number

/**
 * The whole reply to a GET_FMAP: fuse_out_header, then the bytes given, whatever they are.
 * @param unique that of the request
 */
export function replyOf(fmap: Uint8Array, unique: bigint): Uint8Array {
  checkBytes(fmap, 'fmap')
  const len = OUT_HEADER + fmap.length
  const bytes = new Uint8Array(len)
  bytes.set(encode(fuse_out_header, { len, error: 0, unique }))
  bytes.set(fmap, OUT_HEADER)
  return bytes
}

/**
 * The GET_FMAP request of a dialect's kernel to which a map of that many bytes is the answer: the first one, or the one with a larger
 * buffer where the dialect can ask so.
 * @param unique number of the request, not 0 and even; `nodeid` of the file (fuse-v1: its inode number)
 * @throws WireError code unsupported for a dialect without GET_FMAP
 */
export function requestOf(dialect: Dialect | DialectName, size: number, unique: bigint, nodeid: bigint): Uint8Array {
  if (!Number.isInteger(size) || size < 0 || size > 0xffffffff)
    throw new WireError({ code: 'range', path: 'size', offset: 0, detail: 'must be a number of bytes, 0 to 2^32-1', actual: size })
  const found = dialectOf(dialect, 'GET_FMAP')
  const header = { opcode: found.opcodes.GET_FMAP ?? 0, unique, nodeid, uid: 0, gid: 0, pid: 0, total_extlen: 0 }
  // all kernels with a size start with one page, and come back with what the map needs. facts: wire 2.2
  const body = fmapRequest(found, Math.max(found.reply.GET_FMAP.buffer, size))
  const len = IN_HEADER + body.length
  const bytes = new Uint8Array(len)
  bytes.set(encode(fuse_in_header, { len, ...header }))
  bytes.set(body, IN_HEADER)
  return bytes
}
