/** Cases of open(2) on real kernels, beside what the verdict engine and the reply rules say of them. */
import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import { famfsOn, initOut, offeredFlags, settleMessages } from '../kernel/negotiate/index.ts'
import type { Dialect } from '../schema/dialect.ts'
import { EIO } from '../uapi/errno.ts'
import { fuse_opcode } from '../uapi/fuse/codes.ts'
import { fuse_out_header } from '../uapi/fuse/header.ts'
import { verdictDaxdev } from '../validate/daxdev.ts'
import { type Exchange as Conversation, exchange, predictOpen } from '../validate/reply.ts'
import { type Exchange, type OpenCase, type PlacedMessage, type Trace, uniqueOf, walk } from './capture.ts'
import type { Point } from './tally.ts'

export interface OpenPoint extends Point {
  readonly kernel: string
  readonly dialect: string
  /** what stands before the slash in the name of the case */
  readonly group: string
}

const OUT_HEADER = 16

/** Linux errno 116: the only one that makes the VFS look the file up again and open it once more. */
const ESTALE = 116
const O_DIRECT = 0x4000
/** The captures tell the flags of open(2) by the name of the case only. */
const openFlagsOf = (name: string): number => (name.includes('O_DIRECT') ? O_DIRECT : 0)

/** Where a reply was refused, the server of the captures completed the request with -EIO. */
function conversation({ request, reply, fallbackErrno }: Exchange): Conversation {
  if (fallbackErrno === undefined) return { request, replies: [reply] }
  const fallback = encode(fuse_out_header, { len: OUT_HEADER, error: -EIO, unique: uniqueOf(request) ?? 0n })
  return { request, replies: [reply, fallback] }
}

interface Outcome {
  readonly openErrno: number | undefined
  /** GET_FMAP requests */
  readonly requests: number
  readonly writes: readonly number[]
  /** reading fails for want of the device */
  readonly deviceFails: boolean
}

/** What one open(2) comes to. The VFS tries once more when it was told ESTALE. */
function predicted(dialect: Dialect, opened: Opened): Outcome {
  const { exchanges, openFlags } = opened
  const all = exchanges.map(conversation)
  const first = predictOpen(dialect, all, { openFlags })
  const about = { writes: first.writes.flat(), deviceFails: deviceFails(dialect, opened) }
  const maps = all.filter((_, i) => exchanges[i]?.op === 'GET_FMAP')
  if (first.openErrno !== ESTALE || maps.length === first.requests) return { ...first, ...about }
  const again = predictOpen(dialect, maps.slice(first.requests), { openFlags })
  return { openErrno: again.openErrno, requests: first.requests + again.requests, ...about }
}

/** A device whose reply is refused cannot be read. One whose reply is good may be missing all the same: then the kernel has the word. */
function deviceFails(dialect: Dialect, { exchanges, readErrno }: Opened): boolean {
  const refused = exchanges.some(e => e.op === 'GET_DAXDEV' && deviceRefused(dialect, e))
  return refused || readsFail(readErrno)
}

function deviceRefused(dialect: Dialect, e: Exchange): boolean {
  const { ending } = exchange(dialect, conversation(e))
  return ending.kind === 'errno' || (ending.kind === 'body' && verdictDaxdev(ending.body, dialect).errno !== 0)
}

const readsFail = (readErrno: number | undefined): boolean => readErrno !== undefined && readErrno !== 0

interface Opened {
  readonly openErrno: number
  readonly readErrno?: number
  readonly openFlags: number
  readonly exchanges: readonly Exchange[]
}

const observed = ({ openErrno, readErrno, exchanges }: Opened): Outcome => ({
  openErrno,
  requests: exchanges.filter(e => e.op === 'GET_FMAP').length,
  writes: exchanges.flatMap(e => [e.writeErrno, ...(e.fallbackErrno === undefined ? [] : [e.fallbackErrno])]),
  deviceFails: readsFail(readErrno),
})

const words = ({ openErrno, requests, writes, deviceFails: fails }: Outcome): string =>
  [
    `open ${openErrno ?? 'waits'}`,
    `GET_FMAP ${requests}`,
    ...(writes.length === 0 ? [] : [`writes ${writes.join(' ')}`]),
    ...(fails ? ['reads fail'] : []),
  ].join(', ')

/**
 * A case: errno of every open(2) in it, how often the kernel asked for the map, what the fuse device said to every write, and that nothing
 * can be read where the reply about the device was refused. Without a GET_FMAP the prediction is that of a file which has its map already,
 * or of a mount without famfs: open(2) succeeds.
 */
export function openPoint(of: OpenCase): OpenPoint {
  const { id, name, kernel, dialect } = of
  const opens: Opened[] = [{ ...of, openFlags: openFlagsOf(name) }, ...of.followUps.map(f => ({ ...f, openFlags: 0 }))]
  const expected = opens.map(o => words(observed(o))).join('; ')
  const found = opens.map(o => words(predicted(dialect, o))).join('; ')
  return { id, name, kernel, dialect: dialect.id, group: groupOf(name), agree: expected === found, expected, found }
}

const groupOf = (name: string): string => name.split('/')[0] ?? name

/** Whether the reply to GET_FMAP was taken by the device and then refused by the kernel's parser or by its rules for sizes. */
export function parserRefuses({ dialect, direction, bytes, connection }: PlacedMessage): boolean {
  const { opcodes } = dialect
  if (direction !== 'reply' || !('opcode' in connection) || connection.opcode !== opcodes.GET_FMAP) return false
  if (connection.request === undefined || bytes.length < OUT_HEADER) return false
  if (decode(fuse_out_header, bytes.subarray(0, OUT_HEADER)).error !== 0) return false
  const { mapErrno } = predictOpen(dialect, [{ request: connection.request, replies: [bytes] }])
  return mapErrno !== 0 && mapErrno !== undefined
}

const { FUSE_INIT } = fuse_opcode.values
const FAMFS_ASKS: readonly string[] = ['GET_FMAP', 'GET_DAXDEV']

/** The kernel goes by a bit that it had sent and that came back. */
function famfsNegotiated({ bytes, connection }: PlacedMessage, dialect: Dialect): boolean {
  const request = 'request' in connection ? connection.request : undefined
  return request !== undefined && famfsOn(dialect, offeredFlags(request), settleMessages(request, bytes).flags, initOut(bytes, dialect))
}

/**
 * A whole conversation: the kernel asks for maps when INIT negotiated famfs, and only then. A bit that the kernel had not offered, or that
 * stands in flags2 without FUSE_INIT_EXT, negotiates nothing. facts: wire 1.2, 1.3
 */
export function negotiationPoint({ id, name, kernel, dialect, messages }: Trace): OpenPoint {
  const asked = messages.some(m => m.direction === 'request' && FAMFS_ASKS.includes(m.name))
  const init = [...walk(messages)].find(m => 'opcode' in m.connection && m.connection.opcode === FUSE_INIT)
  const negotiated = init !== undefined && famfsNegotiated(init, dialect)
  const say = (yes: boolean): string => (yes ? 'asks for the map' : 'does not ask for a map')
  const about = { id, name, kernel, dialect: dialect.id, group: 'negotiation' }
  return { ...about, agree: asked === negotiated, expected: say(asked), found: say(negotiated) }
}
