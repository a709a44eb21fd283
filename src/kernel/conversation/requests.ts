/** The bytes of the requests that a kernel sends by itself, and how long their answers may be. facts: wire 2.1, 2.3, 10 */
import { decodeInHeader, encodeInHeaderInto } from '../../codec/generated/header.ts'
import { decodeText, encodeText } from '../../codec/text.ts'
import { fixedSize } from '../../schema/size.ts'
import type { Type } from '../../schema/types.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { type FuseMessage, fuseMessages } from '../../uapi/fuse/opcodes.ts'
import { smallAt } from '../../validate/bytes.ts'
import { GET_FMAP_SIZE, getFmapFields, IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import { dialectOf } from '../../validate/options.ts'
import { type Room, roomForMap } from '../../validate/reply.ts'
import type { Caller, Conversation, RequestHead } from './types.ts'

export interface RequestParts {
  readonly opcode: number
  readonly node: bigint
  readonly by: Caller
  readonly body?: Uint8Array
}

/** A request of the kernel itself, not of a process. */
export const NOBODY: Caller = { uid: 0, gid: 0, pid: 0 }

const NONE = new Uint8Array()

/** Header and body. */
export function buildRequest({ opcode, node, by, body = NONE }: RequestParts, unique: bigint): Uint8Array {
  const { uid, gid, pid } = by
  const bytes = new Uint8Array(IN_HEADER_SIZE + body.length)
  encodeInHeaderInto({ len: bytes.length, opcode, unique, nodeid: node, uid, gid, pid, total_extlen: 0 }, bytes)
  bytes.set(body, IN_HEADER_SIZE)
  return bytes
}

/** fuse_get_fmap_in and fuse_getxattr_in alike: how much the kernel offers. */
export function sizeBody(size: number): Uint8Array {
  const bytes = new Uint8Array(GET_FMAP_SIZE)
  new DataView(bytes.buffer).setUint32(getFmapFields.size[0], size, true)
  return bytes
}

/** The body of LOOKUP: the name with its NUL. */
export function nameBody(name: string): Uint8Array {
  const text = encodeText(name) ?? NONE
  const bytes = new Uint8Array(text.length + 1)
  bytes.set(text)
  return bytes
}

/** The name in a LOOKUP request, up to its NUL. */
export function nameIn(request: Uint8Array): string {
  const end = request.indexOf(0, IN_HEADER_SIZE)
  return decodeText(request, IN_HEADER_SIZE, end < 0 ? request.length : end)
}

/** Opcode, unique, node and caller of a request; all 0 where the bytes are shorter than a header. */
export function headOf(request: Uint8Array): RequestHead {
  if (request.length < IN_HEADER_SIZE) return { opcode: 0, unique: 0n, node: 0n, by: NOBODY }
  const { opcode, unique, nodeid, uid, gid, pid } = decodeInHeader(request.subarray(0, IN_HEADER_SIZE))
  return { opcode, unique, node: nodeid, by: { uid, gid, pid } }
}

/** Bytes that a type has with this minor: fields that came later are not there. */
function sizeWith(type: Type, minor: number): number | undefined {
  if (type.kind !== 'struct' || fixedSize(type) === undefined) return fixedSize(type)
  return type.fields.reduce((sum, f) => sum + ((f.when?.minor ?? 0) > minor ? 0 : (sizeWith(f.type, minor) ?? 0)), 0)
}

const replies: ReadonlyMap<number, FuseMessage['reply']> = new Map(Object.values(fuseMessages).map(m => [m.opcode, m.reply]))
const rooms = new Map<number, { readonly room: Room | undefined }>()

const INIT_ROOM: Room = { least: 0, most: 64 }
const ANY: Room = { least: 0, most: Number.POSITIVE_INFINITY }

/** What the reply to an opcode of mainline may have; undefined: no reply is waited for. */
function roomOfMainline(opcode: number, minor: number): Room | undefined {
  const key = opcode * 256 + Math.min(minor, 255)
  const known = rooms.get(key)
  if (known !== undefined) return known.room
  const reply = replies.get(opcode)
  const size = reply === undefined ? undefined : sizeWith(reply.type, minor)
  const room = replies.has(opcode) && reply === undefined ? undefined : size === undefined ? ANY : { least: size, most: size }
  rooms.set(key, { room })
  return room
}

const READ_SIZE_AT = IN_HEADER_SIZE + 16

/** Bytes that the body of the answer to a request of that opcode may have; undefined: it gets none. facts: wire 2.1, 2.3, 2.5 */
export function roomOf({ dialect, settled }: Conversation, opcode: number, request: Uint8Array): Room | undefined {
  if (opcode === dialect.opcodes.GET_FMAP) return roomForMap(dialectOf(dialect, 'GET_FMAP'), request)
  const device = dialect.reply.GET_DAXDEV
  if (device !== undefined && opcode === dialect.opcodes.GET_DAXDEV) return { least: device.exact, most: device.exact }
  if (opcode === fuse_opcode.values.FUSE_INIT) return INIT_ROOM
  if (opcode === fuse_opcode.values.FUSE_READ) return { least: 0, most: smallAt(request, READ_SIZE_AT, 4) }
  return roomOfMainline(opcode, settled.minor)
}
