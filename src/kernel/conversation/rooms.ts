/** How long the answer to a request may be: what write(2) refuses as EINVAL. facts: wire 2.1, 2.3, 10; measured in fixtures/wire */
import { NEWEST_MINOR } from '../../codec/context.ts'
import { fixedSize } from '../../schema/size.ts'
import type { Type } from '../../schema/types.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { type FuseMessage, fuseMessages } from '../../uapi/fuse/opcodes.ts'
import { smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import { dialectOf, machineOf } from '../../validate/options.ts'
import { type Room, roomForMap } from '../../validate/reply.ts'
import { cuseRoom, initRoom } from '../negotiate/rooms.ts'
import type { Conversation } from './types.ts'

/** Bytes that a type has with this minor: fields that came later are not there. */
function sizeWith(type: Type, minor: number): number | undefined {
  if (type.kind !== 'struct' || fixedSize(type) === undefined) return fixedSize(type)
  return type.fields.reduce((sum, f) => sum + ((f.when?.minor ?? 0) > minor ? 0 : (sizeWith(f.type, minor) ?? 0)), 0)
}

const replies: ReadonlyMap<number, FuseMessage['reply']> = new Map(Object.values(fuseMessages).map(m => [m.opcode, m.reply]))
const rooms = new Map<number, { readonly room: Room | undefined }>()

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

/** Whether the length of an answer is one thing with an old minor and another with the newest. */
export function dependsOnMinor(opcode: number): boolean {
  const [oldest, newest] = [roomOfMainline(opcode, 0), roomOfMainline(opcode, NEWEST_MINOR)]
  return oldest?.least !== newest?.least || oldest?.most !== newest?.most
}

/** Where a request says how much its answer may have. */
const SIZES = { read: IN_HEADER_SIZE + 16, xattr: IN_HEADER_SIZE, ioctl: IN_HEADER_SIZE + 28 } as const
/** of fuse_ioctl_in: the number of the ioctl */
const COMMAND_AT = IN_HEADER_SIZE + 12
const XATTR_OUT_SIZE = 8
const IOCTL_OUT_SIZE = 16

type RoomIn = (request: Uint8Array, state: Conversation) => Room

const upTo = (most: number): Room => ({ least: 0, most })

/** As much as was asked for. */
const readRoom: RoomIn = request => upTo(smallAt(request, SIZES.read, 4))

/** Size 0 asks how much there is. */
function xattrRoom(request: Uint8Array): Room {
  const size = smallAt(request, SIZES.xattr, 4)
  return size === 0 ? { least: XATTR_OUT_SIZE, most: XATTR_OUT_SIZE } : upTo(size)
}

/** FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IOC_FSGETXATTR and FS_IOC_FSSETXATTR of a 64-bit kernel: these never come from a program. */
const ATTRIBUTE_IOCTLS: readonly number[] = [0x80086601, 0x40086602, 0x801c581f, 0x401c5820]

/**
 * Answers to IOCTL have a page for descriptors of memory, or as much as was asked for. Those that the kernel makes by itself have exactly what
 * was asked for. Rule c of fixtures/wire/rules-7.3.jsonl
 */
function ioctlRoom(request: Uint8Array, { traits, machine }: Conversation): Room {
  const asked = IOCTL_OUT_SIZE + smallAt(request, SIZES.ioctl, 4)
  const isOwn = traits.ownAttributeIoctls && ATTRIBUTE_IOCTLS.includes(smallAt(request, COMMAND_AT, 4))
  return isOwn
    ? { least: asked, most: asked }
    : { least: IOCTL_OUT_SIZE, most: Math.max(IOCTL_OUT_SIZE + machineOf(machine).pageSize, asked) }
}

const { FUSE_INIT, CUSE_INIT, FUSE_READ, FUSE_READDIR, FUSE_READDIRPLUS } = fuse_opcode.values
const { FUSE_READLINK, FUSE_GETXATTR, FUSE_LISTXATTR, FUSE_IOCTL } = fuse_opcode.values

/** Answers of variable length. READLINK leaves a byte for the NUL. Measured on Linux 6.18. */
const variable: Readonly<Record<number, RoomIn>> = {
  [FUSE_INIT]: (_, { announced }) => initRoom(announced),
  [CUSE_INIT]: () => cuseRoom,
  [FUSE_READ]: readRoom,
  [FUSE_READDIR]: readRoom,
  [FUSE_READDIRPLUS]: readRoom,
  [FUSE_READLINK]: (_, { machine }) => upTo(machineOf(machine).pageSize - 1),
  [FUSE_GETXATTR]: xattrRoom,
  [FUSE_LISTXATTR]: xattrRoom,
  [FUSE_IOCTL]: ioctlRoom,
}

/** Bytes that the body of the answer to a request of that opcode may have; undefined: it gets none. facts: wire 2.1, 2.3, 2.5 */
export function roomOf(state: Conversation, opcode: number, request: Uint8Array): Room | undefined {
  const { dialect, settled } = state
  if (opcode === dialect.opcodes.GET_FMAP) return roomForMap(dialectOf(dialect, 'GET_FMAP'), request)
  const device = dialect.reply.GET_DAXDEV
  if (device !== undefined && opcode === dialect.opcodes.GET_DAXDEV) return { least: device.exact, most: device.exact }
  return variable[opcode]?.(request, state) ?? roomOfMainline(opcode, settled.minor)
}
