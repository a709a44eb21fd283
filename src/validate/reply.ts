/**
 * What the FUSE device and open(2) make of a conversation about one file: whether each reply is taken, whether the kernel comes back with a
 * larger buffer, and what the caller of open(2) sees. Pure functions over recorded or planned messages. facts: wire 2.1, 2.2, 2.5, 4.4
 */
import type { Dialect, FmapReply } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { EAGAIN, EFBIG, EINVAL, EIO, ENOENT } from '../uapi/errno.ts'
import { numberAt, smallAt } from './bytes.ts'
import { HEADER_SIZE, headerFields } from './generated/fields.ts'
import { getFmapFields, IN_HEADER_SIZE, inHeaderFields, OUT_HEADER_SIZE, outHeaderFields } from './generated/messages.ts'
import { type Asking, dialectOf, type VerdictOptions } from './options.ts'
import { type Verdict, verdict } from './verdict.ts'

/** A request of the kernel, header included, and every reply that the server wrote to it, in order. */
export interface Exchange {
  readonly request: Uint8Array
  readonly replies: readonly Uint8Array[]
}

/** How the waiting request ended. `pending`: it still waits. `errno`: with a positive Linux errno. `body`: with these bytes. */
export type Ending =
  | { readonly kind: 'pending' }
  | { readonly kind: 'errno'; readonly errno: number }
  | { readonly kind: 'body'; readonly body: Uint8Array }

/** What became of one exchange. */
export interface Exchanged {
  /** what write(2) on the fuse device returned for each reply: 0 or a positive Linux errno */
  readonly writes: readonly number[]
  readonly ending: Ending
}

/** Bytes that a reply body may have: from `least` to `most`. */
export interface Room {
  readonly least: number
  readonly most: number
  /** the kernel has sent INTERRUPT for this request */
  readonly interrupted?: true
}

type Range = readonly [offset: number, size: number]

const small = (bytes: Uint8Array, [offset, size]: Range, base = 0): number => smallAt(bytes, base + offset, size)
const unique = (bytes: Uint8Array, [offset, size]: Range): bigint => numberAt(bytes, offset, size)

const PENDING: Ending = { kind: 'pending' }
const failed = (errno: number): Ending => ({ kind: 'errno', errno })

/** Room for the body of a GET_FMAP reply: the buffer of this very request, its size field where the dialect has one. facts: wire 2.1 */
export function roomForMap(d: Asking<'GET_FMAP'>, request: Uint8Array): Room {
  const { buffer, exact } = d.reply.GET_FMAP
  if (exact) return { least: buffer, most: buffer }
  return { least: 0, most: d.request.GET_FMAP === 'none' ? buffer : small(request, getFmapFields.size, IN_HEADER_SIZE) }
}

function roomOf(d: Asking<'GET_FMAP'>, request: Uint8Array): Room {
  const device = d.reply.GET_DAXDEV
  const isDevice = device !== undefined && small(request, inHeaderFields.opcode) === d.opcodes.GET_DAXDEV
  return isDevice ? { least: device.exact, most: device.exact } : roomForMap(d, request)
}

/** What the fuse device makes of one write of the server. */
export interface Judged {
  /** what write(2) returns: 0 or a positive Linux errno */
  readonly write: number
  /** of the request that it answers; absent: it answers none */
  readonly unique?: bigint
  /** how that request ends by this reply; absent: as it was */
  readonly ending?: Ending
}

/** Bit 0 of a unique: this answers INTERRUPT for the request without it. facts: wire 10.1 */
const INTERRUPT_BIT = 1n

/** Nothing else waits for this answer; it ends nothing. EAGAIN wants INTERRUPT once more, and there must have been one. Measured on Linux 6.18. */
function judgeInterrupt(size: number, error: number, room: Room | undefined): Judged {
  if (room === undefined) return { write: ENOENT }
  if (size !== OUT_HEADER_SIZE) return { write: EINVAL }
  return { write: error === -EAGAIN && room.interrupted !== true ? EINVAL : 0 }
}

/**
 * The rules of the fuse device, in its order. facts: wire 2.5
 *
 * @param reply the bytes of one write(2)
 * @param waiting the room of the request with that unique; undefined where none waits for an answer
 */
export function judgeReply(reply: Uint8Array, waiting: (unique: bigint) => Room | undefined): Judged {
  const size = reply.length
  if (size < OUT_HEADER_SIZE || small(reply, outHeaderFields.len) !== size) return { write: EINVAL }
  const id = unique(reply, outHeaderFields.unique)
  const error = small(reply, outHeaderFields.error) | 0
  // a notification: whatever it does, it ends no request
  if (id === 0n) return { write: 0 }
  if (error > 0 || error <= -512) return { write: EINVAL }
  const room = waiting(id)
  if (room === undefined) return judgeInterrupt(size, error, (id & INTERRUPT_BIT) === 0n ? undefined : waiting(id ^ INTERRUPT_BIT))
  const body = size - OUT_HEADER_SIZE
  if (error !== 0) return body === 0 ? { write: 0, unique: id, ending: failed(-error) } : { write: EINVAL, unique: id, ending: failed(EIO) }
  if (body > room.most || body < room.least) return { write: EINVAL, unique: id, ending: failed(EIO) }
  return { write: 0, unique: id, ending: { kind: 'body', body: reply.subarray(OUT_HEADER_SIZE) } }
}

/**
 * What the FUSE device does with the replies to one GET_FMAP or GET_DAXDEV request: the result of each write(2), and how the request ends.
 * A reply that is refused may leave the request waiting (the server can still answer) or end it with EIO.
 *
 * @throws WireError code unsupported for a dialect without famfs; never for the bytes
 */
export function exchange(dialect: Dialect | DialectId, { request, replies }: Exchange): Exchanged {
  const d = dialectOf(dialect, 'GET_FMAP')
  const room = roomOf(d, request)
  const own = unique(request, inHeaderFields.unique)
  let ending = PENDING
  const writes = replies.map(reply => {
    const judged = judgeReply(reply, id => (ending.kind === 'pending' && id === own ? room : undefined))
    ending = judged.ending ?? ending
    return judged.write
  })
  return { writes, ending }
}

/** What open(2) was asked besides the file. */
export interface OpenOptions extends VerdictOptions {
  /** flags of open(2) as Linux on x86-64 numbers them; O_DIRECT (0x4000) is the one that matters */
  readonly openFlags?: number
}

/** What open(2) and the writes before it return. */
export interface OpenPrediction {
  /** errno of open(2), 0 when it succeeds; undefined while the kernel still waits for a reply */
  readonly openErrno: number | undefined
  /** errno of the request for the map, also where open(2) does not show it (fuse-v1, fuse-v2); undefined while the kernel waits */
  readonly mapErrno: number | undefined
  /** GET_FMAP requests that this open takes: 0, 1, or 2 with a size probe */
  readonly requests: number
  /** what write(2) returned for each reply, by exchange */
  readonly writes: readonly (readonly number[])[]
}

const O_DIRECT = 0x4000

/** Whether a body is a map, asks for a larger buffer, or fails. facts: wire 2.2 */
type Probe =
  | { readonly step: 'parse' }
  | { readonly step: 'again' /** bytes that the next request offers */; readonly size: number }
  | { readonly step: 'failed'; readonly errno: number /** what the body asked for, where that is the fault */; readonly size?: number }

const PARSE: Probe = { step: 'parse' }
const fails = (errno: number, size?: number): Probe => ({ step: 'failed', errno, ...(size === undefined ? {} : { size }) })

/** Whether a body is a map or asks for a larger buffer; `room` is what was offered. facts: wire 2.2 */
const probes: { readonly [K in Dialect['sizeProbe']]: (body: Uint8Array, room: number, attempt: number, rules: FmapReply) => Probe } = {
  none: () => PARSE,
  hint: (body, _, attempt, { least, most }) => {
    if (attempt > 0 || body.length !== 4) return PARSE
    const size = small(body, getFmapFields.size)
    return size < least || size > most ? fails(EIO, size) : { step: 'again', size }
  },
  header: (body, room, attempt, { most }) => {
    if (body.length < HEADER_SIZE) return fails(EIO)
    const size = small(body, headerFields.reserved0)
    if (size <= room) return PARSE
    if (size > most) return fails(EFBIG, size)
    return attempt > 0 ? fails(EINVAL, size) : { step: 'again', size }
  },
}

/**
 * What a kernel does next with the body of a GET_FMAP reply: `again` with a larger buffer, `failed` before its parser saw it, or `parsed`
 * with the verdict.
 */
export type MapStep = Exclude<Probe, { readonly step: 'parse' }> | { readonly step: 'parsed'; readonly verdict: Verdict }

/**
 * One step of the GET_FMAP conversation: the body of the reply to this request. facts: wire 2.2
 *
 * @param attempt 0 for the first request of an open, 1 for the one with a larger buffer
 * @throws WireError code range for options out of range; never for the bytes
 */
export function mapStep(d: Asking<'GET_FMAP'>, request: Uint8Array, body: Uint8Array, attempt: number, machine?: VerdictOptions): MapStep {
  const probe = probes[d.sizeProbe](body, roomForMap(d, request).most, attempt, d.reply.GET_FMAP)
  return probe.step === 'parse' ? { step: 'parsed', verdict: verdict(body, d, machine) } : probe
}

/** errno of the map after this request of the kernel, 0 when it has one now. */
function afterRequest(
  d: Asking<'GET_FMAP'>,
  request: Uint8Array,
  ending: Ending,
  attempt: number,
  machine: VerdictOptions,
): number | 'again' {
  if (ending.kind === 'pending') return 'again'
  if (ending.kind === 'errno') return ending.errno
  const next = mapStep(d, request, ending.body, attempt, machine)
  return next.step === 'again' ? 'again' : next.step === 'failed' ? next.errno : next.verdict.errno
}

/** errno of open(2) once the request for the map has ended with `map`. facts: wire 2.1, 6.3 */
export const openErrnoOf = (d: Dialect, map: number, mapped: boolean, openFlags: number): number =>
  mapped && (openFlags & O_DIRECT) !== 0 ? EINVAL : d.fatal ? map : 0

/**
 * What open(2) of a regular file returns after this conversation, and what each write of the server did. The first exchanges for GET_FMAP
 * are those of this open; later ones, and those for GET_DAXDEV, do not change its result. Without any, the kernel did not ask (the
 * connection is not in famfs mode, or the file has its map already), and open succeeds.
 *
 * @param dialect a dialect or its id
 * @param exchanges whole messages with their headers, in order; a server that answers again after a refused write has two replies
 * @throws WireError code unsupported for a dialect without famfs, code range for options out of range; never for the bytes
 */
export function predictOpen(dialect: Dialect | DialectId, exchanges: readonly Exchange[], options: OpenOptions = {}): OpenPrediction {
  const d = dialectOf(dialect, 'GET_FMAP')
  const { openFlags = 0, ...machine } = options
  const done = exchanges.map(e => ({ request: e.request, ...exchange(d, e) }))
  const asked = done.filter(e => small(e.request, inHeaderFields.opcode) === d.opcodes.GET_FMAP)
  let map: number | 'again' = asked.length === 0 ? 0 : 'again'
  let requests = 0
  while (map === 'again') {
    const e = asked[requests]
    if (e === undefined) return { openErrno: undefined, mapErrno: undefined, requests, writes: done.map(x => x.writes) }
    map = afterRequest(d, e.request, e.ending, requests++, machine)
  }
  const mapped = asked.length > 0 && map === 0
  return { openErrno: openErrnoOf(d, map, mapped, openFlags), mapErrno: map, requests, writes: done.map(x => x.writes) }
}
