/** One step under way: the state so far and what it has caused. Only {@link step} makes one; nothing of it is seen outside. */
import { get, put } from './files.ts'
import { buildRequest, type RequestParts, roomOf } from './requests.ts'
import type { Conversation, Effect, KnownFile, Purpose } from './types.ts'

export interface Turn {
  readonly state: Conversation
  readonly effects: Effect[]
}

/** The state of a turn is its own copy until the step ends. */
export const change = (turn: Turn, changes: Partial<Conversation>): void => {
  Object.assign(turn.state, changes)
}

export const emit = (turn: Turn, effect: Effect): void => {
  turn.effects.push(effect)
}

/** Uniques go up by two: odd ones belong to INTERRUPT. facts: wire 10.1 */
const NEXT = 2n

/** The kernel sends a request of its own making and waits. */
export function send(turn: Turn, parts: RequestParts, purpose: Purpose): void {
  const { unique } = turn.state
  const bytes = buildRequest(parts, unique)
  wait(turn, unique, bytes, purpose)
  emit(turn, { effect: 'request', opcode: parts.opcode, unique, node: parts.node, bytes })
}

/** A request is on its way; the next one has the next unique. */
export function wait(turn: Turn, unique: bigint, bytes: Uint8Array, purpose: Purpose): void {
  const room = roomOf(turn.state, bytes)
  const next = BigInt.asUintN(64, unique + NEXT)
  if (room === undefined) return change(turn, { unique: next })
  change(turn, { waiting: new Map(turn.state.waiting).set(unique, { bytes, room, purpose }), unique: next })
}

/** The request with this unique has ended. */
export function settle(turn: Turn, unique: bigint): void {
  const all = new Map(turn.state.waiting)
  all.delete(unique)
  change(turn, { waiting: all })
}

export const fileOf = (turn: Turn, node: bigint): KnownFile | undefined => get(turn.state.files, node)

export const keepFile = (turn: Turn, file: KnownFile): void => change(turn, { files: put(turn.state.files, file.node, file) })
