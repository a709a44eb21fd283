/**
 * Captures of real kernels as they stand in fixtures/wire, and walking them: what each message's layout depends on (negotiated version and
 * flags, the request that a reply answers) comes from the messages before it.
 */
import { dialectIn } from '../codec/dialects.ts'
import type { Answered, Connection } from '../codec/message.ts'
import { settleMessages } from '../kernel/negotiate/index.ts'
import type { Dialect } from '../schema/dialect.ts'
import { dialects } from '../uapi/dialects/index.ts'
import { knownDialects } from '../uapi/dialects/known.ts'
import { fuse_opcode } from '../uapi/fuse/codes.ts'
import { bytesOf } from './hex.ts'
import type { Dialects } from './named.ts'
import { bad, demand, type Json, list, number, object, optional, text } from './record.ts'

/** notify: a message of the server that answers nothing */
export type MessageDirection = 'request' | 'reply' | 'notify'

/** One message as it passed between kernel and server. */
export interface CapturedMessage {
  /** unique in its file; messages of a trace are numbered: `famfs-7.46-trace-00001#3` */
  readonly id: string
  readonly kernel: string
  readonly dialect: Dialect
  readonly direction: MessageDirection
  /** header and body; only the beginning where `fullLength` is given */
  readonly bytes: Uint8Array
  /** length before the capture cut it */
  readonly fullLength?: number
  /** what write(2) on the fuse device returned: 0 or a positive errno; absent on requests */
  readonly writeErrno?: number
  /** opcode that the capture itself names */
  readonly opcode?: number
  readonly name: string
  readonly note: string
}

/** A message with what its layout depends on. Where a reply answers no known request, `connection` has no opcode. */
export interface PlacedMessage extends CapturedMessage {
  readonly connection: Connection | Answered
}

/** What happened at one famfs request: the bytes, and what the fuse device said to the server's write. */
export interface Exchange {
  readonly id: string
  readonly op: 'GET_FMAP' | 'GET_DAXDEV'
  readonly request: Uint8Array
  readonly reply: Uint8Array
  readonly writeErrno: number
  /** what the device said when the server, its reply refused, completed the request with -EIO */
  readonly fallbackErrno?: number
}

/** One open(2) after the first one of a case. */
export interface FollowUp {
  /** open_again, open_file2, open_after_forget, second_mount */
  readonly what: string
  readonly openErrno: number
  /** errno of the first read(2) that failed, 0 when none did; absent where nothing was read */
  readonly readErrno?: number
  /** the famfs requests that it caused */
  readonly exchanges: readonly Exchange[]
}

/** One case of famfs-*.jsonl: an open(2) of a famfs file on a real kernel, its famfs requests, the replies given and what became of it. */
export interface OpenCase {
  /** id of its first line */
  readonly id: string
  readonly kernel: string
  readonly dialect: Dialect
  /** such as `bad/ext_type-0x2`; what stands before the slash is the class */
  readonly name: string
  readonly openErrno: number
  /** as in {@link FollowUp} */
  readonly readErrno?: number
  /** whether the kernel offered famfs in INIT */
  readonly offered: boolean
  /** of the first open(2) */
  readonly exchanges: readonly Exchange[]
  readonly followUps: readonly FollowUp[]
  /** what the kernel logged meanwhile */
  readonly log: readonly string[]
}

/** Every message of one mount in order, with INIT. */
export interface Trace {
  readonly id: string
  readonly kernel: string
  readonly dialect: Dialect
  readonly name: string
  readonly messages: readonly CapturedMessage[]
}

/** What `kernel` says about the dialect where the capture does not name one: the end of the release. */
const DIALECT_OF_KERNEL: readonly (readonly [string, Dialect])[] = [
  ['+famfs-v10', dialects['fuse-v10']],
  ['+famfs-push', dialects['fuse-push']],
]

/** The dialect that a kernel release speaks; mainline FUSE unless it says otherwise. */
export const dialectOfKernel = (kernel: string): Dialect => DIALECT_OF_KERNEL.find(([end]) => kernel.endsWith(end))?.[1] ?? dialects.fuse

function dialectMember(record: Json, known: Dialects): Dialect {
  const id = text(record, 'dialect')
  const found = dialectIn(known, id)
  if (found === undefined) throw bad('tag', 'dialect', `unknown dialect ${id}`, Object.keys(known), id)
  return found
}

/**
 * The member `dialect`, one whose kernel asks for maps.
 * @throws WireError when it is none
 */
export function famfsDialectIn(record: Json, known: Dialects = knownDialects): Dialect {
  const dialect = dialectMember(record, known)
  const { id } = dialect
  if (dialect.opcodes.GET_FMAP === undefined) throw bad('unsupported', 'dialect', `${id} has no famfs`, 'a famfs dialect', id)
  return dialect
}

const DIRECTIONS: readonly string[] = ['request', 'reply', 'notify']

/**
 * A line of fuse-*.jsonl. Undefined for `observed` lines, which hold the result of a system call and no message.
 * @param known dialects that a line may name
 * @throws WireError when it is not such a line: code, and as path the member that is wrong
 */
export function capturedMessage(line: unknown, known: Dialects = knownDialects): CapturedMessage | undefined {
  const record = object(line)
  demand(record, ['direction', ...(record.direction === 'observed' ? [] : ['id', 'kernel', 'hex'])])
  const direction = text(record, 'direction')
  if (direction === 'observed') return undefined
  if (!DIRECTIONS.includes(direction)) throw bad('tag', 'direction', `is ${direction}`, DIRECTIONS, direction)
  const kernel = text(record, 'kernel')
  const bytes = bytesOf(text(record, 'hex'), 'hex')
  return {
    id: text(record, 'id'),
    kernel,
    dialect: 'dialect' in record ? dialectMember(record, known) : dialectOfKernel(kernel),
    direction: direction as MessageDirection,
    bytes,
    name: optional(record, 'name', text) ?? '',
    note: optional(record, 'note', text) ?? '',
    ...member('opcode', optional(record, 'opcode', number)),
    ...(record.truncated === true ? { fullLength: number(record, 'full_length') } : {}),
    ...(direction === 'request' ? {} : { writeErrno: number(record, 'write_errno') }),
  }
}

const member = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }

/**
 * A line of famfs-*-trace.jsonl. What the server wrote with unique 0 is a notification.
 * @throws WireError as {@link capturedMessage}
 */
export function trace(line: unknown, known: Dialects = knownDialects): Trace {
  const record = object(line)
  demand(record, ['id', 'kernel', 'dialect', 'case', 'trace'])
  const head = { id: text(record, 'id'), kernel: text(record, 'kernel'), dialect: dialectMember(record, known), name: text(record, 'case') }
  const messages = list(record, 'trace').map((item, i): CapturedMessage => {
    const message = object(item)
    const bytes = bytesOf(text(message, 'hex'), 'hex')
    const sent = text(message, 'd') === 'request'
    const direction = sent ? 'request' : uniqueOf(bytes) === 0n ? 'notify' : 'reply'
    const name = optional(message, 'op', text) ?? ''
    const { kernel, dialect } = head
    const about = { id: `${head.id}#${i + 1}`, kernel, dialect, direction, bytes, name, note: head.name } as const
    return sent ? about : { ...about, writeErrno: optional(message, 'errno', number) ?? 0 }
  })
  return { ...head, messages }
}

const exchange = (record: Json, id: string): Exchange => ({
  id,
  op: text(record, 'op') as Exchange['op'],
  request: bytesOf(text(record, 'request_hex'), 'request_hex'),
  reply: bytesOf(text(record, 'reply_hex'), 'reply_hex'),
  writeErrno: optional(record, 'reply_write_errno', number) ?? 0,
  ...member('fallbackErrno', optional(record, 'fallback_EIO_write_errno', number)),
})

/** Members that tell of a further open(2); those of a second mount bring their own exchanges. */
const FOLLOW_UPS = ['open_again', 'open_file2', 'open_after_forget', 'second_mount'] as const

/**
 * The lines of famfs-*.jsonl, case by case: the line with `seq` 0 carries what happened, the following ones further exchanges.
 * @throws WireError as {@link capturedMessage}
 */
export function openCases(lines: readonly unknown[], known: Dialects = knownDialects): OpenCase[] {
  const cases: { head: Json; exchanges: Exchange[] }[] = []
  for (const line of lines) {
    const record = object(line)
    if (number(record, 'seq') === 0) cases.push({ head: record, exchanges: [] })
    const last = cases.at(-1)
    if (last === undefined) throw bad('missing', 'seq', 'the first line of a case has seq 0', 0, record.seq)
    if (record.op !== undefined) last.exchanges.push(exchange(record, text(record, 'id')))
  }
  return cases.map(({ head, exchanges }) => openCase(head, exchanges, known))
}

function openCase(head: Json, exchanges: readonly Exchange[], known: Dialects): OpenCase {
  demand(head, ['id', 'kernel', 'dialect', 'case', 'open_errno'])
  const id = text(head, 'id')
  const followUps: FollowUp[] = []
  let end = exchanges.length
  for (const what of [...FOLLOW_UPS].reverse()) {
    if (head[what] === undefined) continue
    const record = object(head[what])
    const own = record.exchanges === undefined ? undefined : list(record, 'exchanges').map(item => exchange(object(item), `${id} ${what}`))
    const start = own === undefined ? end - list(record, 'requests').length : end
    followUps.unshift({
      what,
      openErrno: number(record, 'open_errno'),
      ...member('readErrno', optional(record, 'read_errno', number)),
      exchanges: own ?? exchanges.slice(start, end),
    })
    end = start
  }
  return {
    id,
    kernel: text(head, 'kernel'),
    dialect: famfsDialectIn(head, known),
    name: text(head, 'case'),
    openErrno: number(head, 'open_errno'),
    ...member('readErrno', optional(head, 'read_errno', number)),
    offered: head.offered_dax_fmap === true,
    exchanges: exchanges.slice(0, end),
    followUps,
    log: (head.dmesg === undefined ? [] : list(head, 'dmesg')).map(String),
  }
}

/** The exchanges of a case as a conversation of messages, the first open(2) first. */
export function caseMessages(of: OpenCase): CapturedMessage[] {
  const { kernel, dialect, name } = of
  return [of.exchanges, ...of.followUps.map(f => f.exchanges)].flat().flatMap(({ id, op, request, reply, writeErrno }) => {
    const about = { kernel, dialect, name: op, note: name }
    const sent: CapturedMessage = { ...about, id, direction: 'request', bytes: request }
    return [sent, { ...about, id, direction: 'reply', bytes: reply, writeErrno }]
  })
}

/** u64 at header offset 8, the same in requests and replies; undefined where the bytes end before. facts: wire 10.1, 10.2 */
export function uniqueOf(bytes: Uint8Array): bigint | undefined {
  return bytes.length < 16 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(8, true)
}

const u32At = (bytes: Uint8Array, offset: number): number | undefined =>
  bytes.length < offset + 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(offset, true)

const INIT_OPCODES: readonly number[] = [fuse_opcode.values.FUSE_INIT, fuse_opcode.values.CUSE_INIT]

interface Asked {
  readonly opcode: number
  readonly bytes: Uint8Array
}

/**
 * Puts each message of a conversation into its place. INIT starts a new session; its accepted reply settles version and flags for all that
 * follows. Without an INIT the newest version with all flags is assumed.
 */
export function* walk(messages: Iterable<CapturedMessage>): Generator<PlacedMessage> {
  let negotiated: Connection = {}
  let pending = new Map<bigint | undefined, Asked>()
  for (const message of messages) {
    const { bytes, direction, dialect } = message
    if (direction === 'request') {
      const opcode = u32At(bytes, 4) ?? -1
      if (INIT_OPCODES.includes(opcode)) [negotiated, pending] = [{}, new Map()]
      pending.set(uniqueOf(bytes), { opcode, bytes })
    }
    const asked = direction === 'reply' ? pending.get(uniqueOf(bytes)) : undefined
    const settled: Connection = { dialect, ...negotiated }
    yield { ...message, connection: asked === undefined ? settled : { ...settled, opcode: asked.opcode, request: asked.bytes } }
    if (asked === undefined || message.writeErrno !== 0 || !INIT_OPCODES.includes(asked.opcode)) continue
    negotiated = settleMessages(asked.bytes, bytes)
  }
}
