/** Where the bytes come from, and what they were taken for. */
import { open } from 'node:fs/promises'
import { oneOf } from './args.ts'
import { Failure, type Io, REFUSED } from './command.ts'
import { fileFailure, STDIN, shorten } from './file-failure.ts'
import { type HexText, isHex, type NotHex, parseHex } from './hextext.ts'

export type Format = 'raw' | 'hex' | 'jsonl'

/** What was read. */
export interface Input {
  /** what messages call it: the path, `standard input` or `the argument` */
  readonly name: string
  readonly format: Format
  /** how it was understood, for people: `hex dump`, `raw bytes` */
  readonly taken: string
  /** the bytes; of a capture, its text */
  readonly bytes: Uint8Array
}

export const inputOptions = {
  hex: { type: 'string', value: 'HEX', help: 'take the bytes from the command line; spaces and 0x are allowed' },
  format: { type: 'string', value: 'F', help: 'raw, hex or jsonl; without it the content decides' },
} as const

export interface InputArgs {
  readonly hex?: string | undefined
  readonly format?: string | undefined
}

/** More than any capture that fits a text. */
const MOST_INPUT = 256 * 1024 * 1024

/**
 * Reads one operand: a file, `-` or nothing for standard input, or hex as it stands.
 * @throws Failure when it cannot be read or is not in the format asked for
 */
export async function readInput(operand: string | undefined, args: InputArgs, io: Io): Promise<Input> {
  const format = args.format === undefined ? undefined : oneOf('format', args.format, ['raw', 'hex', 'jsonl'])
  if (args.hex !== undefined) {
    if (operand !== undefined) throw new Failure(`--hex gives the bytes already; what is ${operand} for?`)
    return fromHexArgument(args.hex, '--hex')
  }
  const bytes = await readSource(operand, io)
  if (bytes === undefined) return fromHexArgument(operand ?? '', 'the argument')
  return understand(nameOf(operand), bytes, format)
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

function fromHexArgument(text: string, name: string): Input {
  const parsed = parseHex(text)
  if (!isHex(parsed)) throw new Failure(`${name}: taken as hex: column ${parsed.column}: expected hex digits, found ${parsed.found}`)
  return { name, format: 'hex', taken: parsed.kind, bytes: parsed.bytes }
}

const notHex = (name: string, at: NotHex): Failure =>
  new Failure(`${name}: taken as hex: line ${at.line}, column ${at.column}: expected hex digits, found ${at.found}`, {
    exit: REFUSED,
    hint: '--format raw takes the bytes as they are',
  })

function understand(name: string, bytes: Uint8Array, format: Format | undefined): Input {
  const text = format === 'raw' ? undefined : textOf(bytes, format)
  if (text === undefined) {
    if (format === 'hex' || format === 'jsonl') throw new Failure(`${name}: not text, so not ${format}`, { exit: REFUSED })
    return { name, format: 'raw', taken: 'raw bytes', bytes }
  }
  if (format === 'jsonl' || (format === undefined && JSON_START.test(text))) return { name, format: 'jsonl', taken: 'JSON Lines', bytes }
  const parsed = parseHex(text)
  if (isHex(parsed)) return { name, format: 'hex', taken: parsed.kind, bytes: parsed.bytes }
  if (format === 'hex' || mostlyHex(text)) throw notHex(name, parsed)
  return { name, format: 'raw', taken: 'raw bytes', bytes }
}

const TEXT_BYTES = new Set([9, 10, 13, ...Array.from({ length: 95 }, (_, i) => 32 + i)])
const SAMPLE = 4096
/** An object, and not a C array. */
const JSON_START = /^\s*\{\s*["}]/

/** The text, when the bytes are one. Captures may hold UTF-8, hex is ASCII. */
function textOf(bytes: Uint8Array, format: Format | undefined): string | undefined {
  const head = bytes.subarray(0, SAMPLE)
  if (bytes.length === 0 && format === undefined) return undefined
  const brace = JSON_START.test(Buffer.from(head).toString('latin1'))
  if (!(format === 'jsonl' || brace) && !bytes.every(b => TEXT_BYTES.has(b))) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Text that was surely meant as hex, so that one wrong digit is a mistake to report. */
function mostlyHex(text: string): boolean {
  const solid = text.slice(0, SAMPLE).replace(/\s/g, '')
  const digits = solid.replace(/[^0-9a-fA-F]/g, '').length
  return /^\s*0{4,16}:?\s/.test(text) || (digits >= 4 && digits * 10 >= solid.length * 8)
}

export type { HexText }
