/** Captures: JSON Lines that hold messages, one or several to a line, with what is known about them. */

import { dialectIn } from '../codec/dialects.ts'
import { jsonValue } from '../codec/json-text.ts'
import { opcodesOf } from '../codec/message.ts'
import { type CapturedMessage, dialectOfKernel } from '../conformance/capture.ts'
import { isIoctl } from '../conformance/named.ts'
import type { Dialect } from '../schema/dialect.ts'
import { fuse } from '../uapi/dialects/fuse.ts'
import { fuseV10 } from '../uapi/dialects/index.ts'
import { Failure, REFUSED } from './command.ts'
import type { Dialects } from './dialects.ts'
import type { Input } from './input.ts'
import { isReply } from './judged.ts'
import { suggestion } from './near.ts'

/** One message of a capture, or the body of a GET_FMAP reply alone. */
export interface Item extends Omit<CapturedMessage, 'direction'> {
  readonly direction: CapturedMessage['direction'] | 'map'
  /** number of its line, from 1 */
  readonly line: number
  /** nothing says of which dialect it is: mainline is assumed */
  readonly assumed?: true
}

type Line = Readonly<Record<string, unknown>>

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value)

const NOT_HEX = /[^0-9a-fA-F]/

/**
 * The messages of a capture, in order. A line may be one message (`hex` with `direction`), a map (`hex` alone), a request with its reply
 * (`request_hex`, `reply_hex`) or a conversation (`trace`). Lines of other content, as results of system calls, hold no message.
 * @param among dialects that a line may name
 * @param dialect of all of it, whatever the lines say
 * @throws Failure naming line and field when a line is not JSON or its hex is not hex
 */
export function* readCapture(input: Input, among: Dialects, dialect?: Dialect): Generator<Item> {
  const text = new TextDecoder().decode(input.bytes)
  let number = 0
  for (const line of lines(text)) {
    number++
    if (line.trim() !== '') yield* messagesOf(parseLine(line, number, input.name), number, input.name, among, dialect)
  }
}

function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    yield end === -1 ? text.slice(start) : text.slice(start, end)
    start = end === -1 ? text.length : end + 1
  }
}

function parseLine(line: string, number: number, name: string): Line {
  let value: unknown
  try {
    value = jsonValue(line)
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : String(error)
    throw new Failure(`${name}: taken as JSON Lines: line ${number}: not JSON: ${why}`, {
      exit: REFUSED,
      hint: '--format hex or raw says otherwise',
    })
  }
  if (!isLine(value))
    throw new Failure(`${name}: taken as JSON Lines: line ${number}: expected an object, found ${JSON.stringify(value)?.slice(0, 40)}`, {
      exit: REFUSED,
    })
  return value
}

type Direction = Item['direction']

const IN_HEADER = 40

function* messagesOf(line: Line, number: number, name: string, among: Dialects, dialect: Dialect | undefined): Generator<Item> {
  const common = aboutLine(line, number, name, among, dialect)
  const item = (direction: Direction | undefined, hex: unknown, field: string, more: Partial<Item> = {}): Item[] => {
    const bytes = hexAt(hex, field, number, name)
    if (bytes === undefined || direction === undefined) return []
    return [
      {
        ...common,
        direction: direction === 'reply' && isNotification(bytes) ? 'notify' : direction,
        bytes,
        ...(direction === 'request' ? {} : { writeErrno: 0 }),
        ...more,
      },
    ]
  }
  if (Array.isArray(line.trace)) {
    for (const [i, step] of line.trace.entries()) {
      if (!isLine(step)) continue
      const direction = directionOf(step.d ?? step.direction)
      yield* item(direction, step.hex, `trace[${i}].hex`, { name: asString(step.op) ?? '', writeErrno: asNumber(step.errno) ?? 0 })
    }
    return
  }
  yield* item('request', line.request_hex || undefined, 'request_hex')
  yield* item('reply', line.reply_hex || undefined, 'reply_hex', { writeErrno: asNumber(line.reply_write_errno) ?? 0 })
  const cut = line.truncated === true ? { fullLength: asNumber(line.full_length) ?? 0 } : {}
  const bytes = hexAt(line.hex, 'hex', number, name)
  const direction = 'direction' in line ? directionOf(line.direction) : bytes === undefined ? 'map' : kindOf(bytes, common)
  yield* item(direction, line.hex, 'hex', { writeErrno: asNumber(line.write_errno) ?? 0, ...cut })
}

/** What bytes are whose line does not say it: a whole message by its header, or a body. */
function kindOf(bytes: Uint8Array, { opcode }: Pick<Item, 'opcode'>): Direction | 'map' {
  if (isReply(bytes)) return 'reply'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length >= IN_HEADER && view.getUint32(0, true) === bytes.length && view.getUint32(4, true) === opcode ? 'request' : 'map'
}

/** A server writes notifications where it writes replies: unique is 0, and the error word a code. facts: wire 10.2 */
function isNotification(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length >= 16 && view.getBigUint64(8, true) === 0n && view.getInt32(4, true) > 0
}

function aboutLine(
  line: Line,
  number: number,
  name: string,
  among: Dialects,
  given: Dialect | undefined,
): Omit<Item, 'direction' | 'bytes'> {
  const kernel = asString(line.kernel) ?? ''
  const said = given ?? dialectSaid(line, number, name, among)
  const op = asString(line.op)
  const dialect = said ?? (kernel === '' && op !== undefined ? dialectWith(op, among) : undefined)
  const own = dialect ?? dialectOfKernel(kernel)
  const opcode = asNumber(line.opcode) ?? (op === undefined ? undefined : opcodeIn(op, own))
  return {
    line: number,
    id: asString(line.id) ?? `line ${number}`,
    kernel,
    dialect: own,
    ...(said === undefined && kernel === '' ? { assumed: true } : {}),
    name: asString(line.name) ?? op ?? '',
    note: asString(line.note) ?? asString(line.case) ?? '',
    ...(opcode === undefined ? {} : { opcode }),
  }
}

/** The dialect that a line names. @throws Failure when there is none of that name */
function dialectSaid(line: Line, number: number, name: string, among: Dialects): Dialect | undefined {
  const id = asString(line.dialect)
  if (id === undefined || isIoctl(id)) return undefined
  const found = dialectIn(among, id)
  if (found !== undefined) return found
  throw new Failure(`${name}: line ${number}: dialect: unknown dialect ${id}`, {
    exit: REFUSED,
    hint: suggestion(id, Object.keys(among), 'famfs-wire dialects lists them'),
  })
}

const OPCODE_PREFIX = /^(FUSE_|FUSE_DAX_)/

const opcodeIn = (op: string, dialect: Dialect): number | undefined => {
  const name = op.toUpperCase().replace(OPCODE_PREFIX, '')
  return opcodesOf(dialect).find(([known]) => known === name)?.[1]
}

/** The newest dialect whose kernels send a request of this name, where mainline has none. */
const dialectWith = (op: string, among: Dialects): Dialect | undefined =>
  opcodeIn(op, fuse) !== undefined ? undefined : [fuseV10, ...Object.values(among)].find(dialect => opcodeIn(op, dialect) !== undefined)

const directionOf = (direction: unknown): Direction | undefined =>
  direction === 'request' || direction === 'reply' || direction === 'notify' ? direction : undefined

function hexAt(value: unknown, field: string, line: number, name: string): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value.length % 2 !== 0 || NOT_HEX.test(value))
    throw new Failure(`${name}: line ${line}: ${field}: expected hex, found ${JSON.stringify(value)?.slice(0, 40)}`, { exit: REFUSED })
  return new Uint8Array(Buffer.from(value, 'hex'))
}
