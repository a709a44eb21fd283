/** Captures: JSON Lines that hold messages, one or several to a line, with what is known about them. */
import { jsonValue } from '../codec/json-text.ts'
import { type CapturedMessage, dialectOfKernel } from '../conformance/capture.ts'
import type { Dialect } from '../schema/dialect.ts'
import { Failure, REFUSED } from './command.ts'
import type { Dialects } from './dialects.ts'
import type { Input } from './input.ts'

/** One message of a capture, or the body of a GET_FMAP reply alone. */
export interface Item extends Omit<CapturedMessage, 'direction'> {
  readonly direction: CapturedMessage['direction'] | 'map'
  /** number of its line, from 1 */
  readonly line: number
}

type Line = Readonly<Record<string, unknown>>

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value)

const HEX = /^([0-9a-fA-F]{2})*$/

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

function* messagesOf(line: Line, number: number, name: string, among: Dialects, dialect: Dialect | undefined): Generator<Item> {
  const common = aboutLine(line, number, among, dialect)
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
  const direction = 'direction' in line ? directionOf(line.direction) : 'map'
  yield* item(direction, line.hex, 'hex', { writeErrno: asNumber(line.write_errno) ?? 0, ...cut })
}

/** A server writes notifications where it writes replies: unique is 0, and the error word a code. facts: wire 10.2 */
function isNotification(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length >= 16 && view.getBigUint64(8, true) === 0n && view.getInt32(4, true) > 0
}

function aboutLine(line: Line, number: number, among: Dialects, given: Dialect | undefined): Omit<Item, 'direction' | 'bytes'> {
  const kernel = asString(line.kernel) ?? ''
  const named = asString(line.dialect)
  const known = named !== undefined && Object.hasOwn(among, named) ? among[named] : undefined
  const opcode = asNumber(line.opcode)
  return {
    line: number,
    id: asString(line.id) ?? `line ${number}`,
    kernel,
    dialect: given ?? known ?? dialectOfKernel(kernel),
    name: asString(line.name) ?? asString(line.op) ?? '',
    note: asString(line.note) ?? asString(line.case) ?? '',
    ...(opcode === undefined ? {} : { opcode }),
  }
}

const directionOf = (direction: unknown): Direction | undefined =>
  direction === 'request' || direction === 'reply' || direction === 'notify' ? direction : undefined

function hexAt(value: unknown, field: string, line: number, name: string): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || !HEX.test(value))
    throw new Failure(`${name}: line ${line}: ${field}: expected hex, found ${JSON.stringify(value)?.slice(0, 40)}`, { exit: REFUSED })
  return Uint8Array.from(Buffer.from(value, 'hex'))
}
