/** docs/json-form.md and docs/json-form.schema.json: the JSON form of every message, made from the schemas. */

import { decode } from '../src/codec/decode.ts'
import { encode } from '../src/codec/encode.ts'
import { encodeJson, type Json, type JsonMessage, jsonSchemasOf } from '../src/codec/json/index.ts'
import { contextFor } from '../src/codec/message.ts'
import type { Dialect } from '../src/schema/dialect.ts'
import type { Schema } from '../src/schema/index.ts'
import { famfs_log_entry, famfs_log_header } from '../src/uapi/famfs/log.ts'
import { famfs_superblock } from '../src/uapi/famfs/superblock.ts'
import {
  bpfDialects,
  dax_interleave_fmap,
  dax_simple_fmap,
  dialects,
  famfsDialectIds,
  famfsMessages,
  fuse_bpf_interleave_fmap,
  fuse_bpf_simple_fmap,
  fuse_famfs_fmap,
  fuse_famfs_fmap_push,
  fuseMessages,
  fuseNotifications,
  notify,
  reply,
  request,
  structs,
} from '../src/uapi/index.ts'

interface Product {
  readonly path: string
  readonly text: string
}

type Any = Schema<unknown, unknown>
type JsonObject = { readonly [key: string]: Json }

const withOpcode = (schema: Any, opcode: number, dialect: Dialect = dialects.fuse): JsonMessage => ({
  schema,
  context: { ...contextFor({ dialect }), opcode },
})

/** Requests and replies of mainline, notifications, and what each famfs dialect adds. */
function wholeMessages(): Record<string, JsonMessage> {
  const list: [string, JsonMessage][] = []
  const add = (name: string, suffix: string, opcode: number, answered: boolean, dialect?: Dialect): void => {
    list.push([`request.${name}${suffix}`, withOpcode(request as Any, opcode, dialect)])
    if (answered) list.push([`reply.${name}${suffix}`, withOpcode(reply as Any, opcode, dialect)])
  }
  for (const [name, { opcode, reply: body }] of Object.entries(fuseMessages)) add(name, '', opcode, body !== undefined)
  for (const [name, { code }] of Object.entries(fuseNotifications)) list.push([`notify.${name}`, withOpcode(notify as Any, code)])
  for (const d of [...famfsDialectIds.map((id): Dialect => dialects[id]), ...Object.values<Dialect>(bpfDialects)]) {
    for (const [name, { opcode }] of Object.entries(famfsMessages(d))) add(name, `.${d.id}`, opcode, true, d)
    if (d.init?.reply !== undefined) list.push([`reply.INIT.${d.id}`, withOpcode(reply as Any, fuseMessages.INIT.opcode, d)])
  }
  return Object.fromEntries(list)
}

/** Sorted, since the order of a module's exports is not the same everywhere. */
const cStructs = (): Record<string, JsonMessage> => {
  const onMedia = { famfs_superblock, famfs_log_header, famfs_log_entry }
  const blobs = { fuse_bpf_simple_fmap, fuse_bpf_interleave_fmap, dax_simple_fmap, dax_interleave_fmap }
  const all = Object.entries<unknown>({ ...structs, fuse_famfs_fmap, fuse_famfs_fmap_push, ...blobs, ...onMedia })
  const messages = all.map(([name, schema]): [string, JsonMessage] => [name, { schema: schema as Any }])
  return Object.fromEntries(messages.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The messages of docs/json-form.schema.json by their name in `$defs`. */
export const jsonMessages = (): Record<string, JsonMessage> => ({ ...wholeMessages(), ...cStructs() })

const TITLE = 'famfs-wire: the JSON form of messages'

/** One JSON Schema per message, in one document. */
export const jsonFormSchemas = (): JsonObject => jsonSchemasOf(TITLE, jsonMessages()) as JsonObject

const block = (json: Json): string => `\`\`\`json\n${JSON.stringify(json, undefined, 2)}\n\`\`\``

/** What the codec really writes for a value. */
function example(schema: Any, value: unknown, context = {}): string {
  return block(encodeJson(schema, decode(schema, encode(schema, value, context), context), context))
}

const mapExample = {
  file_type: 0,
  fmap_version: 1,
  ext_type: 0,
  file_size: 4_000_000n,
  extents: [{ se_devindex: 0, se_offset: 0x20_0000n, se_len: 0x40_0000n }],
}

function examples(): string {
  const header = { unique: 10n, nodeid: 3n, uid: 0, gid: 0, pid: 57 }
  const open = contextFor({ opcode: 'OPEN' })
  const fmap = contextFor({ dialect: 'fuse-v10', opcode: 'GET_FMAP' })
  return [
    'An OPEN request, with its JSON Schema at `#/$defs/request.OPEN`:',
    example(request as Any, { header: { opcode: 14, ...header }, body: { flags: 0x8000, open_flags: 0 } }, open),
    'The reply to a GET_FMAP request of dialect fuse-v10 (`#/$defs/reply.GET_FMAP.fuse-v10`):',
    example(reply as Any, { header: { error: 0, unique: 10n }, body: mapExample }, fmap),
    'A reply that carries an errno has no body:',
    example(reply as Any, { header: { error: -2, unique: 10n } }, open),
  ].join('\n\n')
}

const RULES = `# The JSON form

Every message has one JSON form: what \`encodeJson\` of \`famfs-wire/json\` writes, what \`decodeJson\` takes, and what \`famfs-wire testee\` and the
commands with \`--json\` speak. [json-form.schema.json](json-form.schema.json) holds a JSON Schema (2020-12) for each message under \`$defs\`: whole messages as
\`request.OPEN\`, \`reply.OPEN\`, \`notify.STORE\` and, with their dialect, \`reply.GET_FMAP.fuse-v10\`; structs under their C names. This page and that
document are generated from the same tables as the codecs.

| what | written | taken too |
|---|---|---|
| 8, 16 and 32-bit integers | number | decimal string, \`"0x…"\` string |
| 64-bit integers | decimal string | \`"0x…"\` string, safe integer (up to 2^53 - 1) |
| enumerations | the C name, or the number where there is none | number |
| flags | number (64 bits: decimal string) | a list of C names and numbers, or one name |
| char arrays and names | string without the zero padding; a byte that is no UTF-8 is the lone surrogate U+DC00 + byte, \`"\\udcff"\` | |
| bytes | lower-case hex | upper case |
| lists | array | |
| structs | object with the C names of the fields, in the order of the bytes | |
| unions | the form of the case that is there | |

- Whole messages are \`{ header, body }\`; requests with extensions also have \`extensions\`. The opcode in the header chooses the body of a request, the code in
  \`error\` that of a notification. What a reply answers is told beside it. A field whose presence depends on the negotiated version or flags is absent where it is not sent.
- Counts, lengths (\`len\`, \`nextents\`, \`namelen\` …) and reserved words may be absent: they are filled in. A length that is given must be right.
- Elements that are left out when empty: \`trailing\`, \`extensions\`. Bytes that no field describes are kept as hex: \`gap\` behind a record, \`<field>_unused\`
  behind the used part of a field of fixed size, \`trailing\` behind the last whole field of a struct that ends early (INIT).
- A union that the length of the message chooses is told by its members (\`{ "size": … }\` is the 4-byte hint of fuse-v2).
- A member that the struct does not have is refused, so that typing errors show. What is refused is told as \`{ code, path, offset }\` with offset 0: \`missing\`,
  \`range\` (wrong kind of value, or one that does not fit), \`tag\` (unknown name, or a union without a case), \`text\`, \`unsupported\` (not a member, or not of this version).

## Examples
`

const anchor = (name: string): string => `#${name.toLowerCase().replace(/[^a-z0-9_-]/g, '')}`

const INTEGER = /^[us](?:8|16|32|64)$/

/** A JSON Schema in a few words. */
function words(schema: JsonObject, structs: ReadonlySet<string>): string {
  const ref = schema.$ref
  if (typeof ref === 'string') {
    const name = ref.replace('#/$defs/', '')
    return structs.has(name) ? `[${name}](${anchor(name)})` : INTEGER.test(name) ? name : `name or number (${name})`
  }
  if (Array.isArray(schema.anyOf)) return [...new Set((schema.anyOf as JsonObject[]).map(s => words(s, structs)))].join(' or ')
  if (schema.type === 'array') return `list of ${words(schema.items as JsonObject, structs)}`
  if (schema.type === 'object') return `{ ${Object.keys(schema.properties as JsonObject).join(', ')} }`.replace('{  }', '{ }')
  if (schema.type === 'string') return typeof schema.pattern === 'string' && schema.pattern.includes('a-f') ? 'hex' : 'string'
  return 'any'
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function memberTable(schema: JsonObject, structs: ReadonlySet<string>): string {
  const required = new Set((schema.required ?? []) as string[])
  const rows = Object.entries(schema.properties as JsonObject).map(([name, value]) => {
    const member = value as JsonObject
    const shown = required.has(name) ? name : `${name}?`
    return `| ${shown} | ${cell(words(member, structs))} | ${cell(String(member.description ?? ''))} |`
  })
  return ['| member | form | |', '|---|---|---|', ...rows].join('\n')
}

function bodyWords(defs: JsonObject, name: string, structs: ReadonlySet<string>): string {
  const message = defs[name] as JsonObject | undefined
  const body = (message?.properties as JsonObject | undefined)?.body
  return body === undefined ? 'none' : cell(words(body as JsonObject, structs))
}

function messageTable(defs: JsonObject, structs: ReadonlySet<string>): string {
  const names = Object.keys(defs).filter(name => name.startsWith('request.'))
  const rows = names.map(name => {
    const plain = name.replace('request.', '')
    return `| ${plain} | ${bodyWords(defs, name, structs)} | ${bodyWords(defs, `reply.${plain}`, structs)} |`
  })
  const notes = Object.keys(defs).filter(name => name.startsWith('notify.'))
  const notifications = notes.map(name => `| ${name.replace('notify.', '')} | ${bodyWords(defs, name, structs)} |`)
  return [
    '## Bodies of requests and replies\n',
    'famfs messages are listed with their dialect. A member marked `?` in the tables below may be absent.\n',
    '| message | body of the request | body of the reply |',
    '|---|---|---|',
    ...rows,
    '\n## Bodies of notifications\n',
    '| code | body |',
    '|---|---|',
    ...notifications,
  ].join('\n')
}

function renderForm(defs: JsonObject): string {
  const described = Object.entries(defs as Record<string, JsonObject>).filter(
    ([name, schema]) => !name.includes('.') && schema.type === 'object',
  )
  const structs = new Set(described.map(([name]) => name))
  const sections = described.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => `### ${name}\n\n${memberTable(schema, structs)}`)
  return `${[`${RULES}\n${examples()}`, messageTable(defs, structs), '## Structs', ...sections].join('\n\n')}\n`
}

/** The files of the JSON form. */
export function generateJsonForm(): Product[] {
  const schemas = jsonFormSchemas()
  return [
    { path: 'docs/json-form.md', text: renderForm(schemas.$defs as JsonObject) },
    { path: 'docs/json-form.schema.json', text: `${JSON.stringify(schemas, undefined, 1)}\n` },
  ]
}
