/** Where the bytes come from, and what they were taken for. */
import { open } from 'node:fs/promises'
import { oneOf } from './args.ts'
import { Failure, type Io, REFUSED, USAGE } from './command.ts'
import { fileFailure, STDIN, shorten } from './file-failure.ts'
import { decodeText } from './input/encoding.ts'
import { formIds, readText as readForm } from './input/forms.ts'
import { placeText, type Reading, TextMistake } from './input/reading.ts'
import { captureOf } from './input/several.ts'

export type Format = 'raw' | 'hex' | 'jsonl'

/** What was read. */
export interface Input {
  /** what messages call it: the path, `standard input` or `the argument` */
  readonly name: string
  readonly format: Format
  /** how it was understood, for people: `hexdump -C, bytes in hex`, `raw bytes` */
  readonly taken: string
  /** the bytes; of a capture, its text */
  readonly bytes: Uint8Array
  /** bytes of the message that its text leaves out; `unknown` where it does not say how many */
  readonly missing?: number | 'unknown'
}

export const inputOptions = {
  hex: { type: 'string', value: 'HEX', help: 'take the bytes from the command line; spaces and 0x are allowed' },
  format: {
    type: 'string',
    value: 'F',
    help: 'raw, jsonl, hex (any text), or a form of text as in docs/input.md, such as base64; without it the content decides',
  },
} as const

export interface InputArgs {
  readonly hex?: string | undefined
  readonly format?: string | undefined
}

/** More than any capture that fits a text. */
const MOST_INPUT = 256 * 1024 * 1024

const FORMATS = ['raw', 'hex', 'jsonl', ...formIds]

/** What a caller does with a message that is not whole. */
export type Cut = 'refused' | 'taken'

/**
 * Reads one operand: a file, `-` or nothing for standard input, or hex as it stands.
 * @param cut `taken`: a text may leave bytes of its message out, and `missing` says so
 * @throws Failure when it cannot be read or is not in the format asked for
 */
export async function readInput(operand: string | undefined, args: InputArgs, io: Io, cut: Cut = 'refused'): Promise<Input> {
  const format = args.format === undefined ? undefined : oneOf('format', args.format, FORMATS)
  const whole = (input: Input): Input => (cut === 'taken' ? input : demandWhole(input))
  if (args.hex !== undefined) {
    if (operand !== undefined) throw new Failure(`--hex gives the bytes already; what is ${operand} for?`)
    return whole(fromArgument(args.hex, '--hex', format))
  }
  const bytes = await readSource(operand, io)
  if (bytes === undefined) return whole(fromArgument(operand ?? '', 'the argument', format ?? 'plain-hex'))
  return whole(understand(nameOf(operand), bytes, format))
}

function demandWhole(input: Input): Input {
  const { name, taken, bytes, missing } = input
  if (missing === undefined) return input
  const count =
    missing === 'unknown' ? 'it does not say how many bytes are missing' : `${missing} of ${bytes.length + missing} bytes are missing`
  throw new Failure(`${name}: taken as ${taken}: the message is truncated, ${count}`, {
    exit: REFUSED,
    hint: taken.startsWith('strace') ? 'strace -s 65536 shows whole strings, -e read=N -e write=N dumps them' : undefined,
  })
}

export const nameOf = (operand: string | undefined): string => (operand === undefined || operand === '-' ? STDIN : operand)

/**
 * The text of one operand, for JSON: a file, `-` or nothing for standard input, or the JSON itself.
 * @throws Failure when it cannot be read or is not UTF-8
 */
export async function readText(operand: string | undefined, io: Io): Promise<{ readonly name: string; readonly text: string }> {
  if (operand !== undefined && /^\s*[{[]/.test(operand)) return { name: 'the argument', text: operand }
  const bytes = await readSource(operand, io)
  if (bytes === undefined) throw fileFailure(operand ?? '', 'ENOENT')
  try {
    return { name: nameOf(operand), text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    const decoded = decodeText(bytes)
    if (decoded?.encoding.endsWith('UTF-16') === true) return { name: nameOf(operand), text: decoded.text }
    throw new Failure(`${nameOf(operand)}: is not text`, { exit: REFUSED })
  }
}

/** Up to this many digits of an operand are tried as hex. */
const PLAIN_HEX = /^(0x)?[0-9a-fA-F\s]{2,}$/

/** The bytes behind an operand; undefined when it is no file, but hex. */
async function readSource(operand: string | undefined, io: Io): Promise<Uint8Array | undefined> {
  if (operand === undefined || operand === '-') {
    if (io.inputIsTerminal) io.warn('reading standard input: end with Ctrl-D\n')
    return await collect(io.input, STDIN)
  }
  try {
    const file = await open(operand)
    try {
      return await collect(file.createReadStream({ autoClose: false }), operand)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if ((code === 'ENOENT' || code === 'ENAMETOOLONG') && PLAIN_HEX.test(operand)) return undefined
    if (code === 'ENAMETOOLONG') throw new Failure(`${shorten(operand)}: is neither a file name (too long) nor hex`)
    throw fileFailure(operand, code)
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MOST_INPUT) throw new Failure(`${name}: more than ${MOST_INPUT / 1024 / 1024} MiB`, { hint: 'split it' })
  }
  return Uint8Array.from(Buffer.concat(chunks))
}

/**
 * The bytes that a text on the command line stands for.
 * @throws Failure when it is of no form that is known, or holds several messages
 */
export function bytesOfArgument(text: string, name: string): Uint8Array {
  const input = demandWhole(fromArgument(text, name, undefined))
  if (input.format !== 'jsonl') return input.bytes
  throw new Failure(`${name}: taken as ${input.taken}: one is needed`)
}

function fromArgument(text: string, name: string, format: string | undefined): Input {
  return inputOf(name, readingOf(text, name, '', formOf(format), USAGE), '')
}

/** The form of text that `--format` asks for; undefined: whatever it is. */
const formOf = (format: string | undefined): string | undefined => (format === 'hex' ? undefined : format)

function readingOf(text: string, name: string, encoding: string, form: string | undefined, exit: number): Reading {
  try {
    return readForm(text, form)
  } catch (error) {
    if (!(error instanceof TextMistake)) throw error
    const taken = [...(error.form === undefined ? [] : [`taken as ${error.form}`]), ...(encoding === '' ? [] : [encoding])].join(', ')
    const where = error.form === undefined && 'offset' in error.place && error.place.offset === 0 ? '' : placeText(error.place, text)
    throw new Failure(`${name}: ${[taken, where, error.message].filter(part => part !== '').join(': ')}`, {
      exit: error.unreadable ? USAGE : exit,
      hint: '--format says what it is, docs/input.md lists the forms; --format raw takes the bytes as they are',
    })
  }
}

function inputOf(name: string, { taken, pieces }: Reading, encoding: string): Input {
  const words = [taken, ...(encoding === '' ? [] : [encoding])].join(', ')
  const [first] = pieces
  if (pieces.length > 1) return { name, format: 'jsonl', taken: `${words}: ${pieces.length} messages`, bytes: captureOf(pieces) }
  const { bytes, missing } = first ?? { bytes: new Uint8Array() }
  return { name, format: 'hex', taken: words, bytes, ...(missing === undefined ? {} : { missing }) }
}

/** An object, and not a C array. */
const JSON_START = /^\s*\{\s*["}]/
/** A Buffer of Node.js in JSON, which is no capture. */
const JSON_BUFFER = /^\s*\{\s*"type"\s*:\s*"Buffer"\s*,/

function understand(name: string, bytes: Uint8Array, format: string | undefined): Input {
  const raw: Input = { name, format: 'raw', taken: 'raw bytes', bytes }
  if (format === 'raw') return raw
  const decoded = decodeText(bytes)
  const head = decoded?.text.slice(0, 4096) ?? Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  const json = JSON_START.test(head) && !JSON_BUFFER.test(head)
  if (format === 'jsonl' || (format === undefined && json)) {
    const text = decoded === undefined || decoded.encoding === '' ? bytes : Buffer.from(decoded.text)
    return { name, format: 'jsonl', taken: ['JSON Lines', decoded?.encoding ?? ''].filter(word => word !== '').join(', '), bytes: text }
  }
  if (decoded === undefined) {
    if (format === undefined || bytes.length === 0) return raw
    throw new Failure(`${name}: not text, so not ${format}`, { exit: REFUSED })
  }
  return inputOf(name, readingOf(decoded.text, name, decoded.encoding, formOf(format), REFUSED), decoded.encoding)
}
