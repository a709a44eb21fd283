/** From JSON to a value, along the schema. The encoder still fills and checks what only bytes can tell: counts, lengths, order. */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { FieldData, StructType, Type, UnionType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { byShape } from '../encode.ts'
import { chosen, holds, tagOf } from '../scope.ts'
import { readBytes, readInt, readText } from './leaf.ts'
import { refuse, wants } from './report.ts'

type Values = Record<string, unknown>

/** Codecs that values of certain fields must satisfy besides, by `struct.field`. */
export type Brands = Readonly<Record<string, t.Mixed>>

export interface Walk {
  readonly context: Context
  readonly brands: Brands
  /** values of the open structs, outermost first */
  readonly scopes: Values[]
}

const isObject = (input: unknown): input is Values => typeof input === 'object' && input !== null && !Array.isArray(input)

const labels = new WeakMap<Type, t.Mixed>()

/** Names the type in contexts, where reporters look for it. */
function label(type: Type): t.Mixed {
  const known = labels.get(type)
  if (known !== undefined) return known
  const made = new t.Type<unknown>(type.kind === 'struct' ? type.name : type.kind, t.unknown.is, t.success, t.identity)
  labels.set(type, made)
  return made
}

const into = (at: t.Context, key: string, type: t.Mixed, input: unknown): t.Context => t.appendContext(at, key, type, input)

/** `field`: whose value it is, for names and brands. */
export function readJson(w: Walk, type: Type, field: FieldData | undefined, input: unknown, at: t.Context): t.Validation<unknown> {
  switch (type.kind) {
    case 'int':
      return readInt(type, field?.names, input, at, w.context)
    case 'text':
    case 'name':
      return readText(type, input, at)
    case 'bytes':
      return readBytes(input, at)
    case 'region':
      return readJson(w, type.of, field, input, at)
    case 'array':
      return readList(w, type.of, field, input, at)
    case 'union':
      return readUnion(w, type, input, at)
    case 'struct':
      return readStruct(w, type, input, at)
  }
}

function readList(w: Walk, of: Type, field: FieldData | undefined, input: unknown, at: t.Context): t.Validation<unknown> {
  if (!Array.isArray(input)) return wants(at, 'a list')
  const errors: t.Errors = []
  const named = label(of)
  const elements = input.map((element: unknown, i) => gather(errors, readJson(w, of, field, element, into(at, String(i), named, element))))
  return errors.length > 0 ? t.failures(errors) : t.success(elements)
}

/** The value, or undefined with what is wrong added to the list. */
function gather(errors: t.Errors, result: t.Validation<unknown>): unknown {
  if (!isLeft(result)) return result.right
  for (const error of result.left) errors.push(error)
  return undefined
}

function readUnion(w: Walk, type: UnionType, input: unknown, at: t.Context): t.Validation<unknown> {
  const tag = tagOf(type.on, w.context, 0, w.scopes)
  const found = type.on.by === 'length' ? byShape(type, input) : chosen(type, tag, w.context)
  if (found !== undefined) return readJson(w, found, undefined, input, at)
  return refuse(at, 'tag', `no case for ${String(tag)} (${type.on.by === 'field' ? type.on.field : type.on.by})`)
}

/** What a struct has besides its fields. */
export function extraKeys(type: StructType): string[] {
  const unused = type.fields.filter(f => leavesRoom(f.type)).map(f => `${f.name}_unused`)
  const gap = type.align !== undefined || type.total !== undefined ? ['gap'] : []
  return [...unused, ...gap, ...(type.prefix === true ? ['trailing'] : [])]
}

const leavesRoom = (type: Type): boolean =>
  type.kind === 'union'
    ? type.size !== undefined ||
      [...type.cases.map(c => c.type), ...(type.otherwise === undefined ? [] : [type.otherwise])].some(leavesRoom)
    : type.kind === 'array' && type.capacity !== undefined

function readStruct(w: Walk, type: StructType, input: unknown, at: t.Context): t.Validation<unknown> {
  if (!isObject(input)) return wants(at, 'an object')
  const errors: t.Errors = []
  const value: Values = {}
  const scope: Values = {}
  w.scopes.push(scope)
  for (const field of type.fields) {
    const read = gather(errors, readField(w, type, field, input, at))
    const known = read ?? (field.role === 'reserved' && field.type.kind === 'int' ? 0 : undefined)
    if (known !== undefined) scope[field.name] = known
    if (read !== undefined) value[field.name] = read
  }
  w.scopes.pop()
  const extra = extraKeys(type)
  for (const key of extra) {
    const given = own(input, key)
    if (given !== undefined) value[key] = gather(errors, readBytes(given, into(at, key, t.string, given)))
  }
  const known = new Set([...type.fields.map(f => f.name), ...extra])
  for (const key of Object.keys(input)) if (!known.has(key)) gather(errors, stranger(type, key, into(at, key, t.unknown, input[key])))
  return errors.length > 0 ? t.failures(errors) : t.success(value)
}

const own = (input: Values, key: string): unknown => (Object.hasOwn(input, key) ? input[key] : undefined)

const stranger = (type: StructType, key: string, at: t.Context): t.Validation<never> =>
  refuse(
    at,
    'unsupported',
    `${JSON.stringify(key)} is no field of ${type.name}; it has ${type.fields.map(f => f.name).join(', ') || 'none'}`,
  )

function readField(w: Walk, struct: StructType, field: FieldData, input: Values, at: t.Context): t.Validation<unknown> {
  const given = own(input, field.name)
  const here = into(at, field.name, label(field.type), given)
  const expected = field.when === undefined || holds(field.when, w.context, 1, w.scopes)
  if (given === undefined) return expected && isNeeded(struct, field) ? wants(here, 'a value') : t.success(undefined)
  if (!expected) return refuse(here, 'unsupported', 'is given, but this version or message does not have it')
  const result = readJson(w, field.type, field, given, here)
  const brand = w.brands[`${struct.name}.${field.name}`]
  if (brand === undefined || isLeft(result) || brand.is(result.right)) return result
  return refuse(here, Array.isArray(result.right) ? 'count' : 'range', `needs ${brand.name}, got ${shown(result.right)}`)
}

const shown = (value: unknown): string => (Array.isArray(value) ? String(value.length) : String(value))

export const isNeeded = (struct: StructType, field: FieldData): boolean =>
  struct.prefix !== true && field.role === undefined && field.elide !== true && field.when?.room !== true
