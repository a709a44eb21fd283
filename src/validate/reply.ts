/**
 * What the FUSE device and open(2) make of a conversation about one file: whether each reply is taken, whether the kernel comes back with a
 * larger buffer, and what the caller of open(2) sees. Pure functions over recorded or planned messages. facts: wire 2.1, 2.2, 2.5, 4.4
 */
import type { Dialect, FmapReply } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { EFBIG, EINVAL, EIO, ENOENT } from '../uapi/errno.ts'
import { numberAt } from './bytes.ts'
import { HEADER_SIZE, headerFields } from './generated/fields.ts'
import { getFmapFields, IN_HEADER_SIZE, inHeaderFields, OUT_HEADER_SIZE, outHeaderFields } from './generated/messages.ts'
import { type Asking, dialectOf, type VerdictOptions } from './options.ts'
import { verdict } from './verdict.ts'

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

export interface Exchanged {
  /** what write(2) on the fuse device returned for each reply: 0 or a positive Linux errno */
  readonly writes: readonly number[]
  readonly ending: Ending
}

/** Bytes that a reply body may have: from `least` to `most`. */
interface Room {
  readonly least: number
  readonly most: number
}

type Range = readonly [offset: number, size: number]

const small = (bytes: Uint8Array, [offset, size]: Range, base = 0): number => Number(numberAt(bytes, base + offset, size))
const unique = (bytes: Uint8Array, [offset, size]: Range): bigint => numberAt(bytes, offset, size)

const PENDING: Ending = { kind: 'pending' }
const failed = (errno: number): Ending => ({ kind: 'errno', errno })

/** The buffer of this very request: its size field where the dialect has one. facts: wire 2.1 */
function roomForMap(d: Asking<'GET_FMAP'>, request: Uint8Array): Room {
  const { buffer, exact } = d.reply.GET_FMAP
  if (exact) return { least: buffer, most: buffer }
  return { least: 0, most: d.request.GET_FMAP === 'none' ? buffer : small(request, getFmapFields.size, IN_HEADER_SIZE) }
}

function roomOf(d: Asking<'GET_FMAP'>, request: Uint8Array): Room {
  const device = d.reply.GET_DAXDEV
  const isDevice = device !== undefined && small(request, inHeaderFields.opcode) === d.opcodes.GET_DAXDEV
  return isDevice ? { least: device.exact, most: device.exact } : roomForMap(d, request)
}

interface Judged {
  readonly write: number
  /** how the request ends by this reply; absent: as it was */
  readonly ending?: Ending
}

/** The rules of the fuse device, in its order. facts: wire 2.5 */
function judge(reply: Uint8Array, request: Uint8Array, waiting: boolean, room: Room): Judged {
  const size = reply.length
  if (size < OUT_HEADER_SIZE || small(reply, outHeaderFields.len) !== size) return { write: EINVAL }
  const id = unique(reply, outHeaderFields.unique)
  const error = small(reply, outHeaderFields.error) | 0
  // a notification: whatever it does, it ends no request
  if (id === 0n) return { write: 0 }
  if (error > 0 || error <= -512) return { write: EINVAL }
  if (!waiting || id !== unique(request, inHeaderFields.unique)) return { write: ENOENT }
  const body = size - OUT_HEADER_SIZE
  if (error !== 0) return body === 0 ? { write: 0, ending: failed(-error) } : { write: EINVAL, ending: failed(EIO) }
  if (body > room.most || body < room.least) return { write: EINVAL, ending: failed(EIO) }
  return { write: 0, ending: { kind: 'body', body: reply.subarray(OUT_HEADER_SIZE) } }
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
  let ending = PENDING
  const writes = replies.map(reply => {
    const judged = judge(reply, request, ending.kind === 'pending', room)
    ending = judged.ending ?? ending
    return judged.write
  })
  return { writes, ending }
}

export interface OpenOptions extends VerdictOptions {
  /** flags of open(2) as Linux on x86-64 numbers them; O_DIRECT (0x4000) is the one that matters */
  readonly openFlags?: number
}

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

/** What a body leads to: it is parsed, or the kernel asks once more, or the map has failed with an errno. */
type Step = 'parse' | 'again' | number

/** Whether a body is a map or asks for a larger buffer; `room` is what was offered. facts: wire 2.2 */
const probes: { readonly [K in Dialect['sizeProbe']]: (body: Uint8Array, room: number, attempt: number, rules: FmapReply) => Step } = {
  none: () => 'parse',
  hint: (body, _, attempt, { least, most }) => {
    if (attempt > 0 || body.length !== 4) return 'parse'
    const wanted = small(body, getFmapFields.size)
    return wanted < least || wanted > most ? EIO : 'again'
  },
  header: (body, room, attempt, { most }) => {
    if (body.length < HEADER_SIZE) return EIO
    const wanted = small(body, headerFields.reserved0)
    if (wanted <= room) return 'parse'
    if (wanted > most) return EFBIG
    return attempt > 0 ? EINVAL : 'again'
  },
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
  const step = probes[d.sizeProbe](ending.body, roomForMap(d, request).most, attempt, d.reply.GET_FMAP)
  return step === 'parse' ? verdict(ending.body, d, machine).errno : step
}

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
  const openErrno = mapped && (openFlags & O_DIRECT) !== 0 ? EINVAL : d.fatal ? map : 0
  return { openErrno, mapErrno: map, requests, writes: done.map(x => x.writes) }
}
