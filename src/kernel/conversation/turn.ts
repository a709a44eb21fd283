/** One step under way: the state so far and what it has caused. Only {@link step} makes one; nothing of it is seen outside. */
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { FUSE_UNIQUE_RESEND } from '../../uapi/fuse/header.ts'
import { get, put } from './files.ts'
import { buildRequest, type RequestParts } from './requests.ts'
import { roomOf } from './rooms.ts'
import type { Conversation, Effect, KnownFile, Purpose, RequestHead, Waiting } from './types.ts'

/** A state that is not handed out yet: its fields are replaced, what they hold is not. */
type Draft = { -readonly [K in keyof Conversation]: Conversation[K] }

export interface Turn {
  /** the turn's own copy until the step ends */
  readonly state: Draft
  readonly effects: Effect[]
}

export const emit = (turn: Turn, effect: Effect): void => {
  turn.effects.push(effect)
}

const { FUSE_NOTIFY_REPLY } = fuse_opcode.values

/** Uniques go up by two: odd ones belong to INTERRUPT. facts: wire 10.1 */
const NEXT = 2n

/** The kernel sends a request of its own making and waits. */
export function send(turn: Turn, parts: RequestParts, purpose: Purpose): void {
  const { unique } = turn.state
  const { opcode, node, by } = parts
  const bytes = buildRequest(parts, unique)
  wait(turn, { opcode, unique, node, by }, bytes, purpose)
  emit(turn, { effect: 'request', opcode, unique, node, bytes })
}

/** A request is on its way; the next one has the next unique. The one of NOTIFY_REPLY is the server's. facts: wire 10.7 */
export function wait({ state }: Turn, head: RequestHead, bytes: Uint8Array, purpose: Purpose): void {
  const room = roomOf(state, head.opcode, bytes)
  if (head.opcode !== FUSE_NOTIFY_REPLY) state.unique = BigInt.asUintN(64, head.unique + NEXT)
  if (room !== undefined) state.waiting = new Map(state.waiting).set(head.unique, { head, bytes, room, purpose })
}

/** INTERRUPT is on its way for the request with this unique: from now on the server may ask for another one. */
export function interrupted({ state }: Turn, unique: bigint): void {
  const request = state.waiting.get(unique)
  if (request === undefined) return
  state.waiting = new Map(state.waiting).set(unique, { ...request, room: { ...request.room, interrupted: true } })
}

const UNIQUE_AT = 8

/** Every request that waits is sent once more, with another unique; the old one answers nothing any more. Measured on Linux 6.18. */
export function resend(turn: Turn): void {
  const all = new Map<bigint, Waiting>()
  for (const [unique, waiting] of turn.state.waiting) {
    const bytes = waiting.bytes.slice()
    const head = { ...waiting.head, unique: unique | FUSE_UNIQUE_RESEND }
    new DataView(bytes.buffer).setBigUint64(UNIQUE_AT, head.unique, true)
    all.set(head.unique, { ...waiting, head, bytes })
    emit(turn, { effect: 'request', opcode: head.opcode, unique: head.unique, node: head.node, bytes })
  }
  turn.state.waiting = all
}

/** The request with this unique has ended. */
export function settle({ state }: Turn, unique: bigint): void {
  const all = new Map(state.waiting)
  all.delete(unique)
  state.waiting = all
}

export const fileOf = (turn: Turn, node: bigint): KnownFile | undefined => get(turn.state.files, node)

export const keepFile = ({ state }: Turn, file: KnownFile): void => {
  state.files = put(state.files, file.node, file)
}
