/** The bytes of the requests that a kernel sends by itself, and how long their answers may be. facts: wire 2.1, 2.3, 10 */
import { decodeText, encodeText } from '../../codec/text.ts'
import { fixedSize } from '../../schema/size.ts'
import type { Type } from '../../schema/types.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { type FuseMessage, fuseMessages } from '../../uapi/fuse/opcodes.ts'
import { numberAt } from '../../validate/bytes.ts'
import { GET_FMAP_SIZE, getFmapFields, IN_HEADER_SIZE, inHeaderFields } from '../../validate/generated/messages.ts'
import { dialectOf } from '../../validate/options.ts'
import { type Room, roomForMap } from '../../validate/reply.ts'
import type { Caller, Conversation } from './types.ts'

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
  const bytes = new Uint8Array(IN_HEADER_SIZE + body.length)
  const view = new DataView(bytes.buffer)
  const at = inHeaderFields
  view.setUint32(at.len[0], bytes.length, true)
  view.setUint32(at.opcode[0], opcode, true)
  view.setBigUint64(at.unique[0], unique, true)
  view.setBigUint64(at.nodeid[0], node, true)
  view.setUint32(at.uid[0], by.uid, true)
  view.setUint32(at.gid[0], by.gid, true)
  view.setUint32(at.pid[0], by.pid, true)
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

/** Of a request that a kernel sent: it has its header. */
const viewOf = (request: Uint8Array): DataView =>
  request.length < IN_HEADER_SIZE
    ? new DataView(new ArrayBuffer(IN_HEADER_SIZE))
    : new DataView(request.buffer, request.byteOffset, request.length)

/** Opcode of a request; 0 where the bytes are shorter than a header. */
export const opcodeIn = (request: Uint8Array): number => viewOf(request).getUint32(inHeaderFields.opcode[0], true)

/** Opcode, unique, node and caller of a request; all 0 where the bytes are shorter than a header. */
export function headOf(request: Uint8Array): { opcode: number; unique: bigint; node: bigint; by: Caller } {
  const view = viewOf(request)
  const at = inHeaderFields
  const u32 = ([offset]: readonly [number, number]): number => view.getUint32(offset, true)
  const u64 = ([offset]: readonly [number, number]): bigint => view.getBigUint64(offset, true)
  return {
    opcode: u32(at.opcode),
    unique: u64(at.unique),
    node: u64(at.nodeid),
    by: { uid: u32(at.uid), gid: u32(at.gid), pid: u32(at.pid) },
  }
}

/** Bytes that a type has with this minor: fields that came later are not there. */
function sizeWith(type: Type, minor: number): number | undefined {
  if (type.kind !== 'struct' || fixedSize(type) === undefined) return fixedSize(type)
  return type.fields.reduce((sum, f) => sum + ((f.when?.minor ?? 0) > minor ? 0 : (sizeWith(f.type, minor) ?? 0)), 0)
}

const replies: ReadonlyMap<number, FuseMessage['reply']> = new Map(Object.values(fuseMessages).map(m => [m.opcode, m.reply]))
const rooms = new Map<number, Room | undefined>()

const INIT_ROOM: Room = { least: 0, most: 64 }
const ANY: Room = { least: 0, most: Number.POSITIVE_INFINITY }

/** What the reply to an opcode of mainline may have; undefined: no reply is waited for. */
function roomOfMainline(opcode: number, minor: number): Room | undefined {
  const key = opcode * 256 + Math.min(minor, 255)
  if (rooms.has(key)) return rooms.get(key)
  const reply = replies.get(opcode)
  const size = reply === undefined ? undefined : sizeWith(reply.type, minor)
  const room = replies.has(opcode) && reply === undefined ? undefined : size === undefined ? ANY : { least: size, most: size }
  rooms.set(key, room)
  return room
}

const READ_SIZE_AT = IN_HEADER_SIZE + 16

/** Bytes that the body of the answer to this request may have; undefined: it gets none. facts: wire 2.1, 2.3, 2.5 */
export function roomOf({ dialect, settled }: Conversation, request: Uint8Array): Room | undefined {
  const opcode = opcodeIn(request)
  if (opcode === dialect.opcodes.GET_FMAP) return roomForMap(dialectOf(dialect, 'GET_FMAP'), request)
  const device = dialect.reply.GET_DAXDEV
  if (device !== undefined && opcode === dialect.opcodes.GET_DAXDEV) return { least: device.exact, most: device.exact }
  if (opcode === fuse_opcode.values.FUSE_INIT) return INIT_ROOM
  if (opcode === fuse_opcode.values.FUSE_READ) return { least: 0, most: Number(numberAt(request, READ_SIZE_AT, 4)) }
  return roomOfMainline(opcode, settled.minor)
}
