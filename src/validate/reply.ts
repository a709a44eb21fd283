/**
 * What the FUSE device and open(2) make of a conversation about one file: whether each reply is taken, whether the kernel comes back with a
 * larger buffer, and what the caller of open(2) sees. Pure functions over recorded or planned messages. facts: wire 2.1, 2.2, 2.5, 4.4
 */
import { checkBytes } from '../codec/input.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { EAGAIN, EFBIG, EINVAL, EIO, ENOENT } from '../uapi/errno.ts'
import { offeredIn } from './asking.ts'
import { numberAt, smallAt } from './bytes.ts'
import { verdictDaxdev } from './daxdev.ts'
import { headerFields } from './generated/fields.ts'
import { getFmapFields, inHeaderFields, OUT_HEADER_SIZE, outHeaderFields } from './generated/messages.ts'
import { type Asking, dialectOf, type VerdictOptions, X86_64 } from './options.ts'
import { behind, outcomeOf } from './pages.ts'
import { famfsLayout } from './parse.ts'
import { verdict } from './verdict.ts'
import { type Verdict, type Walk, walkPage } from './walk.ts'

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

type Range = readonly [offset: number, size: number, name?: string]

const small = (bytes: Uint8Array, [offset, size]: Range): number => smallAt(bytes, offset, size)
const unique = (bytes: Uint8Array, [offset, size]: Range): bigint => numberAt(bytes, offset, size)

const PENDING: Ending = { kind: 'pending' }
const failed = (errno: number): Ending => ({ kind: 'errno', errno })

/** Room for the body of a GET_FMAP reply: the buffer of this very request, its size field where the dialect has one. facts: wire 2.1 */
export function roomForMap(d: Asking<'GET_FMAP'>, request: Uint8Array): Room {
  const { buffer, exact } = d.reply.GET_FMAP
  return exact ? { least: buffer, most: buffer } : { least: 0, most: offeredIn(d, request) }
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
  /** it is a notification: it ends no request, and what the write returns depends on what the kernel has in memory */
  readonly notification?: true
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
  checkBytes(reply, 'reply')
  const size = reply.length
  if (size < OUT_HEADER_SIZE || small(reply, outHeaderFields.len) !== size) return { write: EINVAL }
  const id = unique(reply, outHeaderFields.unique)
  const error = small(reply, outHeaderFields.error) | 0
  if (id === 0n) return { write: 0, notification: true }
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
export function exchange(dialect: Dialect | DialectName, { request, replies }: Exchange): Exchanged {
  const d = dialectOf(dialect, 'GET_FMAP')
  checkBytes(request, 'request')
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
const probes: { readonly [K in Dialect['sizeProbe']]: (body: Uint8Array, room: number, attempt: number, d: Asking<'GET_FMAP'>) => Probe } =
  {
    none: () => PARSE,
    hint: (body, _, attempt, { reply }) => {
      const { least, most } = reply.GET_FMAP
      if (attempt > 0 || body.length !== 4) return PARSE
      const size = small(body, getFmapFields.size)
      return size < least || size > most ? fails(EIO, size) : { step: 'again', size }
    },
    header: (body, room, attempt, { reply, map }) => {
      const { most } = reply.GET_FMAP
      const { header } = map?.layout ?? famfsLayout
      if (body.length < header.size) return fails(EIO)
      const size = small(body, header.fields.fmap_size ?? headerFields.reserved0)
      if (size <= room) return PARSE
      if (size > most) return fails(EFBIG, size)
      return attempt > 0 ? fails(EINVAL, size) : { step: 'again', size }
    },
  }

/**
 * What a kernel does next with the body of a GET_FMAP reply: `again` with a larger buffer, `failed` before its parser saw it, `more` with the
 * page that starts at `next`, or `parsed` with the verdict of the parser.
 */
export type MapStep =
  | Exclude<Probe, { readonly step: 'parse' }>
  | { readonly step: 'more'; readonly next: bigint; readonly before: Walk }
  | { readonly step: 'parsed'; readonly verdict: Verdict }

/** Maps in the form of famfs, which come whole and whose devices the parser does not look at: the fast form of the verdict says it all. */
const isOnePage = ({ map, reply, checks }: Asking<'GET_FMAP'>): boolean =>
  map === undefined && reply.GET_FMAP.more === undefined && !checks.some(({ kind }) => kind === 'devices')

/**
 * One step of the GET_FMAP conversation: the body of the reply to this request. facts: wire 2.2
 *
 * @param attempt 0 for the first request of an open, 1 for the one with a larger buffer
 * @param before of a map in pages: those before this one
 * @throws WireError code range for options out of range; never for the bytes
 */
export function mapStep(
  d: Asking<'GET_FMAP'>,
  request: Uint8Array,
  body: Uint8Array,
  attempt: number,
  machine: VerdictOptions = X86_64,
  before?: Walk,
): MapStep {
  const probe = probes[d.sizeProbe](body, roomForMap(d, request).most, attempt, d)
  if (probe.step !== 'parse') return probe
  if (isOnePage(d)) return { step: 'parsed', verdict: verdict(body, d, machine) }
  const walk = walkPage(body, d, machine, { ...behind(before), parserOnly: true })
  const outcome = outcomeOf(walk)
  return outcome.ok && outcome.next !== undefined
    ? { step: 'more', next: outcome.next, before: walk }
    : { step: 'parsed', verdict: outcome }
}

/** An exchange that is done as far as it goes. */
type Done = Exchanged & Pick<Exchange, 'request'>

/** How far the requests for the map have come: its errno once it is settled, and how many they were. */
interface Asked {
  readonly map: number | undefined
  readonly requests: number
}

/** The requests for the map of one open, one after the other. */
function settleMap(d: Asking<'GET_FMAP'>, asked: readonly Done[], machine: VerdictOptions): Asked {
  let attempt = 0
  let before: Walk | undefined
  for (const [i, { request, ending }] of asked.entries()) {
    const requests = i + 1
    if (ending.kind === 'errno') return { map: ending.errno, requests }
    const next = ending.kind === 'pending' ? undefined : mapStep(d, request, ending.body, attempt, machine, before)
    attempt++
    if (ending.kind === 'pending' || next === undefined || next.step === 'again') continue
    if (next.step === 'failed') return { map: next.errno, requests }
    // what comes after the parser concerns the whole map
    if (next.step === 'parsed') return { map: outcomeOf(walkPage(ending.body, d, machine, behind(before))).errno, requests }
    before = next.before
    attempt = 0
  }
  return { map: undefined, requests: asked.length }
}

/** Where devices are fatal: errno of the first that fails, undefined while one is waited for. What a name leads to is not the bytes' to say. */
function settleDevices(d: Dialect, asked: readonly Done[]): number | undefined {
  for (const { ending } of asked) {
    if (ending.kind === 'pending') return undefined
    const errno = ending.kind === 'errno' ? ending.errno : verdictDaxdev(ending.body, d).errno
    if (errno !== 0) return errno
  }
  return 0
}

/** errno of open(2) once the request for the map has ended with `map`. facts: wire 2.1, 6.3 */
export const openErrnoOf = (d: Dialect, map: number, mapped: boolean, openFlags: number): number =>
  mapped && (openFlags & O_DIRECT) !== 0 ? EINVAL : d.fatal ? map : 0

/**
 * What open(2) of a regular file returns after this conversation, and what each write of the server did. The first exchanges for GET_FMAP
 * are those of this open; later ones do not change its result, nor do those for GET_DAXDEV unless the dialect says that a failed device is
 * fatal (names are taken to lead to good devices). Without any, the kernel did not ask (the connection is not in famfs mode, or the file has
 * its map already), and open succeeds.
 *
 * @param dialect a dialect or its id
 * @param exchanges whole messages with their headers, in order; a server that answers again after a refused write has two replies
 * @throws WireError code unsupported for a dialect without famfs, code range for options out of range; never for the bytes
 */
export function predictOpen(dialect: Dialect | DialectName, exchanges: readonly Exchange[], options: OpenOptions = {}): OpenPrediction {
  const d = dialectOf(dialect, 'GET_FMAP')
  const { openFlags = 0, ...machine } = options
  const done = exchanges.map(e => ({ request: e.request, ...exchange(d, e) }))
  const askedFor = (opcode: number | undefined): Done[] => done.filter(e => small(e.request, inHeaderFields.opcode) === opcode)
  const maps = askedFor(d.opcodes.GET_FMAP)
  const writes = done.map(x => x.writes)
  if (maps.length === 0) return { openErrno: 0, mapErrno: 0, requests: 0, writes }
  const { map, requests } = settleMap(d, maps, machine)
  const fatal = map !== undefined && d.reply.GET_DAXDEV?.fatal === true
  const devices = fatal ? settleDevices(d, askedFor(d.opcodes.GET_DAXDEV)) : 0
  const errno = map === undefined || devices === undefined ? undefined : devices === 0 ? map : devices
  if (errno === undefined) return { openErrno: undefined, mapErrno: undefined, requests, writes }
  return { openErrno: openErrnoOf(d, errno, errno === 0, openFlags), mapErrno: errno, requests, writes }
}
