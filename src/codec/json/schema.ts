/** The JSON form as JSON Schema (2020-12), for those who read or write it in another language. */
import type { Schema } from '../../schema/fields.ts'
import { fixedSize } from '../../schema/size.ts'
import type { ArrayType, EnumTable, Expr, FieldData, FlagTable, IntType, StructType, Type, UnionType } from '../../schema/types.ts'
import { fuseIomap } from '../../uapi/dialects/fuse-iomap.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import type { Context } from '../context.ts'
import { conditionText, matchText } from '../layout.ts'
import type { Json } from './leaf.ts'
import { extraKeys, isNeeded } from './read.ts'

/** A schema, and what its unions by opcode depend on: `body`, and `opcode`, which chooses the body of a request or notification too. */
export interface JsonMessage {
  readonly schema: Schema<unknown, unknown>
  readonly context?: Context
}

type JsonObject = { readonly [key: string]: Json }

/** What has been described so far. Structs with a C name are described once and referred to. */
interface Build {
  readonly defs: Map<string, Json>
  readonly named: Map<Type, string>
  context: Context
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** The JSON Schema of one schema's JSON form, complete in itself. Describes what is taken, which is more than what is written. */
export function jsonSchemaOf(schema: Schema<unknown, unknown>, context: Context = {}): Json {
  const b: Build = { defs: new Map(), named: new Map(), context }
  return { $schema: DRAFT, ...describeTop(b, schema.type), $defs: Object.fromEntries(b.defs) }
}

/** One document with the JSON Schema of every message under `$defs`, by the name given here. */
export function jsonSchemasOf(title: string, messages: Readonly<Record<string, JsonMessage>>): Json {
  const b: Build = { defs: new Map(), named: new Map(), context: {} }
  const entries = Object.entries(messages)
  for (const [name, { schema, context }] of entries) if (context === undefined) b.named.set(schema.type, name)
  const own = entries.map(([name, { schema, context = {} }]): [string, Json] => {
    b.context = context
    return [name, describeTop(b, schema.type)]
  })
  return { $schema: DRAFT, title, $defs: { ...Object.fromEntries(own), ...Object.fromEntries(b.defs) } }
}

const describeTop = (b: Build, type: Type): JsonObject => (type.kind === 'struct' ? describeStruct(b, type) : describe(b, type, undefined))

const refTo = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` })

/** Describes something once, under a name. */
function shared(b: Build, name: string, make: () => JsonObject): JsonObject {
  if (!b.defs.has(name)) b.defs.set(name, make())
  return refTo(name)
}

function describe(b: Build, type: Type, field: FieldData | undefined): JsonObject {
  switch (type.kind) {
    case 'int':
      return describeInt(b, type, field?.names)
    case 'text': {
      const size = fixedSize(type)
      return size === undefined ? { type: 'string' } : { type: 'string', maxLength: size }
    }
    case 'name':
      return { type: 'string', pattern: '^[^\\u0000]*$' }
    case 'bytes':
      return describeBytes(type.length)
    case 'region':
      return describe(b, type.of, field)
    case 'array':
      return describeList(b, type, field)
    case 'union':
      return describeUnion(b, type)
    case 'struct':
      return referStruct(b, type)
  }
}

function describeInt(b: Build, type: IntType, names: EnumTable | FlagTable | undefined): JsonObject {
  const plain = shared(b, `${type.signed ? 's' : 'u'}${type.size * 8}`, () => plainInt(type))
  if (names === undefined) return plain
  return shared(b, names.name, () => {
    const known = { enum: names.kind === 'flags' ? Object.keys(names.bits) : valueNames(names) }
    if (names.kind === 'enum') return { anyOf: [known, plain] }
    return { anyOf: [plain, known, { type: 'array', items: { anyOf: [known, plain] } }] }
  })
}

/** The opcodes of famfs and its neighbours are in the table of no header: their numbers depend on the dialect. */
const valueNames = (names: EnumTable): string[] => [
  ...Object.keys(names.values),
  ...(names.name === fuse_opcode.name
    ? ['GET_FMAP', 'GET_DAXDEV', ...Object.keys(fuseIomap.messages)].map(opcode => `FUSE_${opcode}`)
    : []),
]

function plainInt({ size, signed }: IntType): JsonObject {
  const safe = Number.MAX_SAFE_INTEGER
  const top = 2 ** (size * 8 - (signed ? 1 : 0)) - 1
  const digits = String(size === 8 ? 2n ** 64n : top).length
  const number = { type: 'integer', minimum: signed ? Math.max(-safe, -top - 1) : 0, maximum: Math.min(safe, top) }
  const text = { type: 'string', pattern: `^(${signed ? '-?' : ''}[0-9]{1,${digits}}|0x[0-9a-fA-F]{1,${size * 2}})$` }
  return { description: size === 8 ? 'written as a decimal string' : 'written as a number', anyOf: [text, number] }
}

const describeBytes = (length: Expr): JsonObject => {
  const size = fixedSize({ kind: 'bytes', length })
  return { type: 'string', pattern: `^([0-9a-fA-F]{2})${size === undefined ? '*' : `{${size}}`}$` }
}

function describeList(b: Build, type: ArrayType, field: FieldData | undefined): JsonObject {
  const items = describe(b, type.of, field)
  const { plus, rest, terms = [] } = type.count
  if (rest === true || terms.length > 0)
    return { type: 'array', items, ...(type.capacity === undefined ? {} : { maxItems: type.capacity }) }
  const count = plus ?? 0
  return { type: 'array', items, minItems: count, maxItems: count }
}

function describeUnion(b: Build, type: UnionType): JsonObject {
  const { on } = type
  if (on.by === 'opcode') {
    const body = b.context.body?.(on.direction, b.context.opcode ?? -1)
    return body === undefined ? { description: 'chosen by the opcode' } : describe(b, body, undefined)
  }
  const cases = type.cases.map(c => ({
    title: `${on.by === 'field' ? on.field : on.by} ${matchText(c.match)}`,
    ...describe(b, c.type, undefined),
  }))
  const otherwise = type.otherwise === undefined ? [] : [{ title: 'otherwise', ...describe(b, type.otherwise, undefined) }]
  return {
    description: `chosen by ${on.by === 'field' || on.by === 'request' ? `${on.field}${on.by === 'request' ? ' of the request' : ''}` : on.by}`,
    anyOf: [...cases, ...otherwise],
  }
}

/** Structs that a header declares; what is only put together here is written where it stands. */
const C_NAME = /^(?:fuse|cuse|famfs)_/

function referStruct(b: Build, type: StructType): JsonObject {
  const known = b.named.get(type)
  if (known !== undefined) return refTo(known)
  if (!C_NAME.test(type.name)) return describeStruct(b, type)
  const taken = new Set(b.named.values())
  let name = type.name
  for (let i = 2; taken.has(name); i++) name = `${type.name}_${i}`
  b.named.set(type, name)
  return shared(b, name, () => describeStruct(b, type))
}

function describeStruct(b: Build, type: StructType): JsonObject {
  const properties = type.fields.map((field): [string, Json] => [field.name, describeField(b, field)])
  const extra = extraKeys(type).map((key): [string, Json] => [key, { ...describeBytes({ rest: true }), description: EXTRA[key] ?? UNUSED }])
  const required = type.fields.filter(f => isNeeded(type, f) && f.when === undefined).map(f => f.name)
  return {
    ...(type.doc === undefined ? {} : { description: type.doc }),
    type: 'object',
    properties: Object.fromEntries([...properties, ...extra]),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}

const EXTRA: Readonly<Record<string, string>> = {
  gap: 'bytes between this record and the next, where they are not zero',
  trailing: 'bytes behind the last field that is there whole',
}
const UNUSED = 'bytes that were not used, where they are not zero'

const ROLES = { reserved: 'reserved: 0 when absent', derived: 'filled in when absent' } as const

function describeField(b: Build, field: FieldData): JsonObject {
  const own = describe(b, field.type, field)
  const notes = [
    field.doc,
    field.role === undefined ? undefined : ROLES[field.role],
    field.when === undefined ? undefined : `only ${conditionText(field.when)}`,
    field.elide === true ? 'absent when empty' : undefined,
    own.description as string | undefined,
  ].filter(note => note !== undefined)
  return notes.length === 0 ? own : { ...own, description: notes.join('; ') }
}
