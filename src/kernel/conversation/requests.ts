/** The bytes of the requests that a kernel sends by itself, and how long their answers may be. facts: wire 2.1, 2.3, 10 */
import { decodeInHeader, encodeInHeaderInto } from '../../codec/generated/header.ts'
import { decodeText, encodeText } from '../../codec/text.ts'
import { fixedSize } from '../../schema/size.ts'
import type { Type } from '../../schema/types.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { type FuseMessage, fuseMessages } from '../../uapi/fuse/opcodes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import { dialectOf, machineOf, type VerdictOptions } from '../../validate/options.ts'
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

/** The body of LOOKUP: the name with its NUL. */
export function nameBody(name: string): Uint8Array {
  const text = encodeText(name) ?? NONE
  const bytes = new Uint8Array(text.length + 1)
  bytes.set(text)
  return bytes
}

/** A name in a request, up to its NUL. */
function textAt(request: Uint8Array, at: number): { readonly text: string; readonly end: number } {
  const nul = request.indexOf(0, at)
  const end = nul < 0 ? request.length : nul
  return { text: decodeText(request, Math.min(at, end), end), end }
}

/** The name in a LOOKUP request. */
export const nameIn = (request: Uint8Array): string => textAt(request, IN_HEADER_SIZE).text

const { FUSE_MKNOD, FUSE_MKDIR, FUSE_LINK, FUSE_CREATE, FUSE_RENAME, FUSE_RENAME2, FUSE_SYMLINK, FUSE_UNLINK, FUSE_RMDIR } =
  fuse_opcode.values

/** Bytes in front of the names of a request, and how many names it has; before 7.12 MKNOD and CREATE had 8 bytes. */
const NAMES: Readonly<Record<number, readonly [before: number, names: 1 | 2, before12?: number]>> = {
  [FUSE_MKNOD]: [16, 1, 8],
  [FUSE_MKDIR]: [8, 1],
  [FUSE_SYMLINK]: [0, 1],
  [FUSE_UNLINK]: [0, 1],
  [FUSE_RMDIR]: [0, 1],
  [FUSE_LINK]: [8, 1],
  [FUSE_CREATE]: [16, 1, 8],
  [FUSE_RENAME]: [8, 2],
  [FUSE_RENAME2]: [16, 2],
}

/** The names in a request that makes, moves or removes some. */
export function namesIn(request: Uint8Array, opcode: number, minor: number): readonly string[] {
  const [now, count, then = now] = NAMES[opcode] ?? [0, 0]
  const first = textAt(request, IN_HEADER_SIZE + (minor < 12 ? then : now))
  return count === 0 ? [] : count === 1 ? [first.text] : [first.text, textAt(request, first.end + 1).text]
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

/** Where a request says how much its answer may have. */
const SIZES = { read: IN_HEADER_SIZE + 16, xattr: IN_HEADER_SIZE, ioctl: IN_HEADER_SIZE + 28 } as const
const XATTR_OUT_SIZE = 8
const IOCTL_OUT_SIZE = 16

type RoomIn = (request: Uint8Array, machine: VerdictOptions) => Room

const upTo = (most: number): Room => ({ least: 0, most })

/** As much as was asked for. */
const readRoom: RoomIn = request => upTo(smallAt(request, SIZES.read, 4))

/** Size 0 asks how much there is. */
function xattrRoom(request: Uint8Array): Room {
  const size = smallAt(request, SIZES.xattr, 4)
  return size === 0 ? { least: XATTR_OUT_SIZE, most: XATTR_OUT_SIZE } : upTo(size)
}

const { FUSE_INIT, FUSE_READ, FUSE_READDIR, FUSE_READDIRPLUS, FUSE_READLINK, FUSE_GETXATTR, FUSE_LISTXATTR, FUSE_IOCTL } =
  fuse_opcode.values

/** Answers of variable length. READLINK leaves a byte for the NUL, IOCTL has a page for descriptors of memory. Measured on Linux 6.18. */
const variable: Readonly<Record<number, RoomIn>> = {
  [FUSE_INIT]: () => INIT_ROOM,
  [FUSE_READ]: readRoom,
  [FUSE_READDIR]: readRoom,
  [FUSE_READDIRPLUS]: readRoom,
  [FUSE_READLINK]: (_, machine) => upTo(machineOf(machine).pageSize - 1),
  [FUSE_GETXATTR]: xattrRoom,
  [FUSE_LISTXATTR]: xattrRoom,
  [FUSE_IOCTL]: (request, machine) => ({
    least: IOCTL_OUT_SIZE,
    most: IOCTL_OUT_SIZE + Math.max(machineOf(machine).pageSize, smallAt(request, SIZES.ioctl, 4)),
  }),
}

/** Bytes that the body of the answer to a request of that opcode may have; undefined: it gets none. facts: wire 2.1, 2.3, 2.5 */
export function roomOf({ dialect, settled, machine }: Conversation, opcode: number, request: Uint8Array): Room | undefined {
  if (opcode === dialect.opcodes.GET_FMAP) return roomForMap(dialectOf(dialect, 'GET_FMAP'), request)
  const device = dialect.reply.GET_DAXDEV
  if (device !== undefined && opcode === dialect.opcodes.GET_DAXDEV) return { least: device.exact, most: device.exact }
  return variable[opcode]?.(request, machine) ?? roomOfMainline(opcode, settled.minor)
}

/** Nodes that a BATCH_FORGET names, and how many look-ups it gives back; as many as are really there. */
export function* forgottenIn(request: Uint8Array): Generator<readonly [node: bigint, count: bigint]> {
  const [first, each] = [IN_HEADER_SIZE + 8, 16]
  const count = Math.min(smallAt(request, IN_HEADER_SIZE, 4), Math.floor((request.length - first) / each))
  for (let i = 0; i < count; i++) yield [numberAt(request, first + i * each, 8), numberAt(request, first + i * each + 8, 8)]
}
