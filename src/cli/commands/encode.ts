/** `famfs-wire encode`: JSON in, bytes out. */

import { type EncodeOptions, encode as encodeValue } from '../../codec/encode.ts'
import { attempt, type WireError } from '../../codec/errors.ts'
import { hex } from '../../codec/input.ts'
import { decodeJson } from '../../codec/json/index.ts'
import { jsonValue } from '../../codec/json-text.ts'
import { command, Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { type Dialects, dialectsOf } from '../dialects.ts'
import { readText } from '../input.ts'
import { findingsOf, judgedPart } from '../judged.ts'
import { forceOption, type Output, printRaw, writeWhole } from '../output.ts'
import { connectionOptions, demandNamed, type Known, known, type Subject, subjectOf } from '../subject.ts'
import { spacedHex } from '../values.ts'

export const encode = command({
  usage: ['[FILE | JSON | -] --as NAME --dialect D [-o FILE | --hex]', '[FILE | JSON | -] --as NAME --unchecked [--broken FIELD]...'],
  about: [
    'Reads a value in JSON (64-bit numbers as strings, bytes as hex, enumerations by name or number) and writes its bytes. Counts, lengths and reserved words may be left out; given ones are checked. What inspect --json prints is understood as it is.',
    'Maps are judged for the dialect and refused when its kernel would refuse them or misbehave; --unchecked turns that off. --broken NAME writes a count or length just as it is given: the way to a message that is wrong on purpose.',
  ],
  options: {
    as: { type: 'string', value: 'NAME', help: 'request, reply, notify, or the C name of a struct' },
    ...connectionOptions,
    out: { type: 'string', short: 'o', value: 'FILE', help: 'where to; without it standard output' },
    ...forceOption,
    hex: { type: 'boolean', help: 'hex instead of raw bytes' },
    unchecked: { type: 'boolean', help: 'also maps that no kernel takes' },
    broken: {
      type: 'string',
      multiple: true,
      value: 'FIELD',
      help: 'count or length to write as given, by name or path; implies --unchecked',
    },
  },
  operands: 1,
  examples: [
    ['famfs-wire encode map.json --as fuse_famfs_fmap --dialect fuse-v10 -o map.bin', 'a map that this kernel takes'],
    ['famfs-wire inspect map.bin --json | famfs-wire encode --hex', 'there and back'],
    ['famfs-wire encode map.json --as fuse_famfs_fmap --broken nextents --hex', 'a count that lies'],
  ],
  async run({ values, positionals }, io) {
    const among = await dialectsOf(values)
    const about = known(values, among)
    if (values.out === '') throw new Failure('--out FILE: the name is empty', { usage: true })
    if (values.as !== undefined) demandNamed(values.as, among)
    const { name, text } = await readText(positionals[0], io)
    const { subject, value } = understood(parse(text, name), values.as, about, among, name)
    const broken = values.broken ?? []
    const bytes = bytesOf(value, subject, broken, name)
    if (values.unchecked !== true && broken.length === 0) check(bytes, subject, name)
    await deliver(bytes, { ...values, reads: [positionals[0], ...(values['dialect-file'] ?? [])] }, io)
    return GOOD
  },
})

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string, name: string): unknown {
  try {
    return jsonValue(text)
  } catch (error) {
    throw new Failure(`${name}: not JSON: ${error instanceof Error ? error.message : String(error)}`, { exit: REFUSED })
  }
}

/** The value and what it is a value of: from the options, or from the output of inspect --json around it. */
function understood(
  json: unknown,
  as: string | undefined,
  about: Known,
  among: Dialects,
  name: string,
): { subject: Subject; value: unknown } {
  const wrapped = isObject(json) && typeof json.as === 'string' && 'value' in json ? json : undefined
  if (wrapped?.error !== undefined)
    throw new Failure(`${name}: is what inspect --json says of bytes that were refused: there is no whole value in it`, { exit: REFUSED })
  const dialect = about.dialect ?? (wrapped === undefined ? undefined : known({ dialect: text(wrapped.dialect) }, among).dialect)
  const opcode =
    about.opcode ?? known({ dialect: dialect?.id, opcode: wrapped === undefined ? undefined : text(wrapped.opcode) }, among).opcode
  const what = as ?? text(wrapped?.as)
  if (what === undefined)
    throw new Failure(`${name}: what is it a value of? --as NAME is needed`, { hint: 'famfs-wire layout lists the names' })
  const subject = subjectOf(what, { ...about, dialect, opcode })
  return { subject, value: completed(wrapped === undefined ? json : wrapped.value, what, opcode) }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The opcode of a request may be told by the option, and a reply without error is a good one. */
function completed(value: unknown, as: string, opcode: number | undefined): unknown {
  if (!isObject(value)) return value
  const header = isObject(value.header) ? value.header : {}
  if (as === 'request' && opcode !== undefined) return { ...value, header: { opcode, ...header } }
  return as === 'reply' ? { ...value, header: { error: 0, ...header } } : value
}

function bytesOf(value: unknown, subject: Subject, broken: readonly string[], name: string): Uint8Array {
  const { schema, context } = subject
  const options: EncodeOptions = { ...context, broken }
  const decoded = attempt(() => decodeJson(schema, value, context))
  if (!decoded.ok) throw new Failure(`${name}: ${inJson(decoded.error)}`, { exit: REFUSED, hint: hintFor(decoded.error, subject) })
  demandGiven(decoded.value, broken, name)
  const encoded = attempt(() => encodeValue(schema, decoded.value, options))
  if (!encoded.ok)
    throw new Failure(`${name}: ${encoded.error.message}`, {
      exit: REFUSED,
      hint: encoded.error.code === 'count' || encoded.error.code === 'length' ? '--broken FIELD writes it as given' : undefined,
    })
  return encoded.value
}

/** Names and paths of all fields in a value. */
function* fieldsIn(value: unknown, path: string): Generator<string> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  for (const [key, inner] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    if (!Array.isArray(value)) yield key
    yield at
    yield* fieldsIn(inner, at)
  }
}

/** A field can only be written as it is given when it is given. */
function demandGiven(value: unknown, broken: readonly string[], name: string): void {
  const given = new Set(broken.length === 0 ? [] : fieldsIn(value, ''))
  const missing = broken.find(field => !given.has(field))
  if (missing !== undefined)
    throw new Failure(`--broken ${missing}: ${name} gives no value to a field of that name`, {
      hint: 'a count or length is written as it is given; without a value it is filled',
    })
}

/** JSON has no byte offsets. */
const inJson = ({ code, path, detail }: WireError): string => `${code} at ${path === '' ? 'the top' : path}: ${detail}`

const hintFor = (error: WireError, { as }: Subject): string | undefined =>
  error.code === 'missing' || error.code === 'unsupported' ? `famfs-wire layout ${as} shows the fields` : undefined

/** Refuses a map that the kernel of the dialect would refuse, or that it would misbehave on. */
function check(bytes: Uint8Array, subject: Subject, name: string): void {
  const body = judgedPart(subject, bytes)
  if (body === undefined) return
  if (subject.dialect.reply[body.message] === undefined)
    throw new Failure(`${name}: no kernel of dialect ${subject.dialect.id} asks for ${body.message}: for which one is it?`, {
      hint: 'say --dialect D (famfs-wire dialects lists them), or --unchecked',
    })
  const error = findingsOf(body, subject.dialect, {}).find(f => f.severity === 'error')
  if (error === undefined) return
  const at = `${error.path === '' ? 'the top' : error.path} (byte ${body.base + error.offset})`
  throw new Failure(`${name}: ${error.rule} at ${at}: ${error.message}`, {
    exit: REFUSED,
    hint: `nothing was written; --unchecked encodes it all the same`,
  })
}

interface Delivery extends Output {
  readonly out?: string | undefined
  readonly hex?: boolean | undefined
}

const ROW = 16

async function deliver(bytes: Uint8Array, { out, hex: asHex, ...output }: Delivery, io: Io): Promise<void> {
  const data = asHex === true ? Buffer.from(`${hexRows(bytes).join('\n')}\n`) : bytes
  if (out === undefined || out === '-') {
    if (asHex === true) await io.print(data)
    else await printRaw(bytes, io)
    return
  }
  await writeWhole(out, data, output)
  await io.print(`${out}: ${bytes.length} bytes${asHex === true ? ' as hex' : ''}\n`)
}

/** Short messages in one line to be copied, longer ones in rows. */
const hexRows = (bytes: Uint8Array): string[] =>
  bytes.length <= 4 * ROW
    ? [hex(bytes)]
    : Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, i) => spacedHex(bytes.subarray(i * ROW, (i + 1) * ROW)))
