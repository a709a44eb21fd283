/** Where maps come from: bytes in any form, JSON, or a capture. */
import { encode } from '../../codec/encode.ts'
import { attempt, type Result } from '../../codec/errors.ts'
import { decodeJson } from '../../codec/json/index.ts'
import { jsonValue } from '../../codec/json-text.ts'
import { tryDecodeLarge } from '../../codec/large.ts'
import { schemaNamed } from '../../conformance/named.ts'
import { fmapReply } from '../../kernel/legal.ts'
import { type FileMap, mapOf } from '../../kernel/map.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Schema } from '../../schema/index.ts'
import { FAMFS_FMAP_VERSION, FUSE_FAMFS_FILE_REG } from '../../uapi/famfs/constants.ts'
import { bodiesIn } from '../capture-bodies.ts'
import { Failure, type Io, REFUSED } from '../command.ts'
import type { Dialects } from '../dialects.ts'
import { type Input, type InputArgs, readInput } from '../input.ts'
import { type Body, bodyIn, errorOf, isReply, lengthText, wrongLength } from '../judged.ts'
import { errnoName } from '../values.ts'

/** A map, with what messages call it. */
export interface NamedMap {
  readonly name: string
  /** of the dialect in whose form the bytes are */
  readonly form: Dialect
  readonly body: Body
  /** the map as it stands, or why the bytes are none; read when it is asked for */
  readonly map: Result<FileMap>
}

/** How bytes are read that do not say it themselves. */
export interface Reading {
  /** dialects that a capture may name */
  readonly among: Dialects
  readonly form: Dialect
}

type Object = Readonly<Record<string, unknown>>

const famfsSchema = (push: boolean): Schema<unknown> => schemaNamed('fuse_famfs_fmap', push ? 'fuse-push' : 'fuse') as Schema<unknown>

export function namedMap(name: string, body: Body, form: Dialect): NamedMap {
  let map: Result<FileMap> | undefined
  return {
    name,
    form,
    body,
    get map() {
      map ??= mapIn(body.bytes, form)
      return map
    },
  }
}

function mapIn(bytes: Uint8Array, form: Dialect): Result<FileMap> {
  const decoded = tryDecodeLarge(form.map?.body ?? famfsSchema(false), bytes)
  return decoded.ok ? { ok: true, value: mapOf(decoded.value as object, form) } : decoded
}

const whole = (bytes: Uint8Array): Body => ({ message: 'GET_FMAP', bytes, base: 0 })

function bodyOf(bytes: Uint8Array, name: string, form: Dialect): Body {
  const len = wrongLength(bytes, form)
  if (len !== undefined) throw new Failure(`${name}: a reply; ${lengthText(len, bytes)}, and no map arrives`, { exit: REFUSED })
  if (!isReply(bytes)) return whole(bytes)
  const error = errorOf(bytes)
  if (error === 0) return bodyIn('GET_FMAP', bytes)
  throw new Failure(`${name}: a reply that carries ${errnoName(-error)}: there is no map in it`, { exit: REFUSED })
}

const isObject = (value: unknown): value is Object => typeof value === 'object' && value !== null

function parsed(text: string): unknown {
  try {
    return jsonValue(text)
  } catch {
    return undefined
  }
}

/** A map in JSON, alone or as inspect --json prints it around; undefined where the text is something else. */
function jsonMap(text: string, form: Dialect): Object | undefined {
  const json = parsed(text)
  if (!isObject(json)) return undefined
  const value = isObject(json.value) ? json.value : json
  const map = isObject(value.body) ? value.body : value
  return (form.map === undefined ? 'ext_type' : form.map.layout.list) in map ? map : undefined
}

const DEFAULTS = { file_type: FUSE_FAMFS_FILE_REG, fmap_version: FAMFS_FMAP_VERSION }

/** The bytes of a map in JSON. What a form of its own says besides the map (the room that a kernel keeps it in) may be left out. */
function bytesOf(json: Object, form: Dialect): Uint8Array {
  if (form.map === undefined) {
    const schema = famfsSchema('fmap_size' in json)
    return encode(schema, decodeJson(schema, { ...DEFAULTS, ...json }))
  }
  const { body, layout } = form.map
  const room = layout.header.fields.meta_size?.[2] ?? 'meta_size'
  const value = decodeJson(body as Schema<unknown>, { ...(layout.envelope === undefined ? {} : { [room]: 0 }), ...json })
  return room in json || layout.envelope === undefined ? encode(body, value) : fmapReply(mapOf(value as object, form), form)
}

function encoded(json: Object, name: string, form: Dialect): Uint8Array {
  const bytes = attempt(() => bytesOf(json, form))
  if (bytes.ok) return bytes.value
  const { code, path, detail } = bytes.error
  throw new Failure(`${name}: taken as a map in JSON: ${code} at ${path === '' ? 'the top' : path}: ${detail}`, {
    exit: REFUSED,
    hint: `famfs-wire layout ${structOf(form)} shows the fields`,
  })
}

const structOf = ({ map }: Dialect): string => (map?.body.type.kind === 'struct' ? map.body.type.name : 'fuse_famfs_fmap')

/** Every map of a capture: of a line with several `line 3#2` is the second. */
function inCapture(input: Input, { among, form }: Reading): NamedMap[] {
  const maps = [...bodiesIn(input, among, undefined)].filter(({ body }) => body.message === 'GET_FMAP')
  const seen = new Map<number, number>()
  const lines = maps.map(({ item }) => item.line)
  return maps.map(({ item: { line, dialect }, body }) => {
    const number = (seen.get(line) ?? 0) + 1
    seen.set(line, number)
    const alone = lines.indexOf(line) === lines.lastIndexOf(line)
    return namedMap(`${input.name}:${line}${alone ? '' : `#${number}`}`, body, dialect.reply.GET_FMAP === undefined ? form : dialect)
  })
}

const SHOWN = 4

function chosen(maps: readonly NamedMap[], input: Input, line: string): NamedMap[] {
  const wanted = `${input.name}:${line}`
  const found = maps.filter(({ name }) => name === wanted || name.startsWith(`${wanted}#`))
  const names = maps.map(({ name }) => name.slice(input.name.length + 1))
  const some = `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', ...' : ''}`
  if (found.length === 0) throw new Failure(`${input.name}: line ${line} holds no map`, { exit: REFUSED, hint: `maps: ${some}` })
  return found
}

/**
 * The maps of one operand: of a capture all, or those of one line.
 * @throws Failure when it cannot be read, or holds no map
 */
export async function readMaps(
  operand: string | undefined,
  args: InputArgs & { readonly line?: string | undefined },
  reading: Reading,
  io: Io,
): Promise<NamedMap[]> {
  const { form } = reading
  if (operand?.trimStart().startsWith('{') === true) {
    const json = jsonMap(operand, form)
    if (json !== undefined) return [namedMap('the argument', whole(encoded(json, 'the argument', form)), form)]
    throw new Failure('the argument: taken as JSON: it is no map', { hint: `famfs-wire layout ${structOf(form)} shows the fields` })
  }
  const input = await readInput(operand, args, io)
  if (input.format !== 'jsonl') return [namedMap(input.name, bodyOf(input.bytes, input.name, form), form)]
  const json = jsonMap(new TextDecoder().decode(input.bytes), form)
  if (json !== undefined) return [namedMap(input.name, whole(encoded(json, input.name, form)), form)]
  const maps = inCapture(input, reading)
  if (maps.length === 0) throw new Failure(`${input.name}: taken as JSON Lines: holds no map`, { exit: REFUSED })
  return args.line === undefined ? maps : chosen(maps, input, args.line)
}

/**
 * The one map of an operand.
 * @throws Failure as {@link readMaps}, and when there are several
 */
export async function readMap(
  operand: string | undefined,
  args: InputArgs & { readonly line?: string | undefined },
  reading: Reading,
  io: Io,
): Promise<NamedMap> {
  const maps = await readMaps(operand, args, reading, io)
  const [only] = maps
  if (only !== undefined && maps.length === 1) return only
  const names = maps.slice(0, SHOWN).map(({ name }) => name.slice(name.lastIndexOf(':') + 1))
  throw new Failure(`${operand === undefined || operand === '-' ? 'standard input' : operand}: holds ${maps.length} maps`, {
    hint: `--line N chooses one: ${names.join(', ')}${maps.length > SHOWN ? ', ...' : ''}`,
  })
}
