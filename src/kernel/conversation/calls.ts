/** The requests that open(2) and the look-up of a name cause. facts: wire 4.4 */
import { encodeOpenIn } from '../../codec/generated/file.ts'
import { EIO } from '../../uapi/errno.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { isBad } from './inodes.ts'
import { nameBody } from './requests.ts'
import { emit, send, type Turn } from './turn.ts'
import type { Caller, Conversation, Opening } from './types.ts'

const { FUSE_LOOKUP, FUSE_OPEN } = fuse_opcode.values

/** The only errno after which the VFS looks the file up again and opens it once more. facts: captures, `fmap-error/ESTALE` */
export const ESTALE = 116
/** Flags of open(2) on x86-64 that the kernel keeps for itself: O_CREAT, O_EXCL, O_NOCTTY. */
const NOT_SENT = 0o700
const O_TRUNC = 0o1000
/** Every open(2) of a 64-bit program has it. */
const O_LARGEFILE = 0o100000
const ATOMIC_O_TRUNC = 3n

/** An open(2) with a number of its own. */
export function openingOf(turn: Turn, node: bigint, flags: number, by: Caller): Opening {
  const id = turn.state.opens++
  return { id, node, flags, by, again: false }
}

/** Whether the server truncates by itself. */
export const truncates = ({ settled }: Conversation, flags: number): boolean =>
  (flags & O_TRUNC) !== 0 && ((settled.flags >> ATOMIC_O_TRUNC) & 1n) === 1n

/** O_TRUNC goes along only where the server said that it truncates by itself. Of a bad inode nothing is asked. */
export function sendOpen(turn: Turn, given: Opening): void {
  const { id, node } = given
  if (isBad(turn, node)) return emit(turn, { effect: 'opened', id, node, errno: EIO })
  const sent = (given.flags | O_LARGEFILE) & ~NOT_SENT
  const opening = { ...given, flags: truncates(turn.state, sent) ? sent : sent & ~O_TRUNC }
  const body = encodeOpenIn({ flags: opening.flags, open_flags: 0 })
  send(turn, { opcode: FUSE_OPEN, node: opening.node, by: opening.by, body }, { kind: 'open', opening })
}

/** A name is looked up; `reopen`: so that a second open(2) can follow. */
export function sendLookup(turn: Turn, parent: bigint, name: string, by: Caller, reopen: Opening | undefined): void {
  send(turn, { opcode: FUSE_LOOKUP, node: parent, by, body: nameBody(name) }, { kind: 'lookup', parent, name, reopen })
}
