/** Captures: JSON Lines that hold messages, one or several to a line, with what is known about them. */
import { Failure, REFUSED } from './command.ts'
import type { Input } from './input.ts'

/** What a message is: a whole FUSE message, or the body of a GET_FMAP reply alone. */
export type Kind = 'request' | 'reply' | 'notify' | 'fmap'

/** One message of a capture. */
export interface Captured {
  /** number of its line, from 1 */
  readonly line: number
  readonly id: string | undefined
  readonly kind: Kind
  readonly bytes: Uint8Array
  /** of the request that a reply answers, by number or name */
  readonly opcode: number | string | undefined
  /** request on the same line */
  readonly request: Uint8Array | undefined
  readonly dialect: string | undefined
  /** only the first part of the message was kept */
  readonly truncated: boolean
  /** errno with which the device refused it; undefined when it is not known */
  readonly writeErrno: number | undefined
}

type Line = Readonly<Record<string, unknown>>

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const asOpcode = (value: unknown): number | string | undefined => asNumber(value) ?? asString(value)
const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value)

const HEX = /^([0-9a-fA-F]{2})*$/

/**
 * The messages of a capture, in order. A line may be one message (`hex` with `direction`), a map (`hex` alone), a request with its reply
 * (`request_hex`, `reply_hex`) or a conversation (`trace`). Lines of other content, as results of system calls, hold no message.
 * @throws Failure naming line and field when a line is not JSON or its hex is not hex
 */
export function* readCapture(input: Input): Generator<Captured> {
  const text = new TextDecoder().decode(input.bytes)
  let number = 0
  for (const line of lines(text)) {
    number++
    if (line.trim() !== '') yield* messagesOf(parseLine(line, number, input.name), number, input.name)
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
    value = JSON.parse(line)
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

function* messagesOf(line: Line, number: number, name: string): Generator<Captured> {
  const common = {
    line: number,
    id: asString(line.id),
    dialect: asString(line.dialect),
    truncated: line.truncated === true,
    request: undefined,
  }
  const bytesAt = (value: unknown, field: string): Uint8Array | undefined => hexAt(value, field, number, name)
  const opcode = asOpcode(line.opcode) ?? asOpcode(line.op)
  if (Array.isArray(line.trace)) {
    for (const [i, step] of line.trace.entries()) {
      if (!isLine(step)) continue
      const bytes = bytesAt(step.hex, `trace[${i}].hex`)
      const kind = kindOf(step.d ?? step.direction)
      if (bytes !== undefined && kind !== undefined)
        yield { ...common, kind, bytes, opcode: asOpcode(step.opcode) ?? asOpcode(step.op), writeErrno: asNumber(step.write_errno) }
    }
    return
  }
  const request = bytesAt(line.request_hex, 'request_hex')
  if (request !== undefined) yield { ...common, kind: 'request', bytes: request, opcode, writeErrno: undefined }
  const reply = bytesAt(line.reply_hex, 'reply_hex')
  if (reply !== undefined) yield { ...common, kind: 'reply', bytes: reply, opcode, request, writeErrno: asNumber(line.reply_write_errno) }
  const bytes = bytesAt(line.hex, 'hex')
  const kind = 'direction' in line ? kindOf(line.direction) : 'fmap'
  if (bytes !== undefined && kind !== undefined) yield { ...common, kind, bytes, opcode, writeErrno: asNumber(line.write_errno) }
}

const kindOf = (direction: unknown): Kind | undefined =>
  direction === 'request' || direction === 'reply' || direction === 'notify' ? direction : undefined

function hexAt(value: unknown, field: string, line: number, name: string): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || !HEX.test(value))
    throw new Failure(`${name}: line ${line}: ${field}: expected hex, found ${JSON.stringify(value)?.slice(0, 40)}`, { exit: REFUSED })
  return Uint8Array.from(Buffer.from(value, 'hex'))
}
