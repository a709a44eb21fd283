/** From a value to JSON, along the schema. What is absent stays absent, so that the part decoded before a fault can be shown too. */
import type { ArrayType, FieldData, StructType, Type, UnionType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { byShape } from '../encode.ts'
import { pathOf, WireError, type WireErrorCode } from '../errors.ts'
import { isLongList, type List } from '../long.ts'
import { chosen, tagOf } from '../scope.ts'
import { describe } from '../writer.ts'
import { type Json, writeBytes, writeInt } from './leaf.ts'
import { extraKeys } from './read.ts'

type Values = Record<string, unknown>

interface Writing {
  readonly context: Context
  readonly scopes: Values[]
  readonly path: (string | number)[]
}

/** @throws WireError `range`, `tag` or `unsupported` where the value is none of this schema */
export const toJson = (type: Type, value: unknown, context: Context): Json =>
  writeJson({ context, scopes: [], path: [] }, type, undefined, value)

const refusal = (w: Writing, code: WireErrorCode, detail: string, actual: unknown): WireError =>
  new WireError({ code, path: pathOf(w.path), offset: 0, detail, actual })

const wanted = (w: Writing, expected: string, actual: unknown): WireError =>
  actual === undefined
    ? refusal(w, 'missing', `needs ${expected}, nothing is given`, actual)
    : refusal(w, 'range', `needs ${expected}, got ${describe(actual)}`, actual)

function writeJson(w: Writing, type: Type, field: FieldData | undefined, value: unknown): Json {
  switch (type.kind) {
    case 'int':
      if (type.size === 8 ? typeof value !== 'bigint' : !Number.isInteger(value))
        throw wanted(w, type.size === 8 ? 'a bigint' : 'an integer', value)
      return writeInt(type, field?.names, value as number | bigint, w.context)
    case 'text':
    case 'name':
      if (typeof value !== 'string') throw wanted(w, 'a string', value)
      return value
    case 'bytes':
      return bytesJson(w, value)
    case 'region':
      return writeJson(w, type.of, field, value)
    case 'array':
      if (isLongList(value)) return longJson(w, type, value)
      if (!Array.isArray(value)) throw wanted(w, 'an array', value)
      return value.map((element: unknown, i) => inside(w, i, () => writeJson(w, type.of, field, element)))
    case 'union':
      return writeJson(w, caseOf(w, type, value), undefined, value)
    case 'struct':
      return structJson(w, type, value)
  }
}

/** The elements when they are asked for, as part of what is around them now. */
function longJson({ context, scopes, path }: Writing, { of }: ArrayType, list: List<unknown>): Json {
  const around: Writing = { context, scopes: [...scopes], path: [...path] }
  // JSON.stringify does not take it: only those who decode so get it, and they go through it
  return list.map((element, i) => inside(around, i, () => writeJson(around, of, undefined, element))) as unknown as Json
}

function inside<T>(w: Writing, step: string | number, body: () => T): T {
  w.path.push(step)
  const result = body()
  w.path.pop()
  return result
}

function bytesJson(w: Writing, value: unknown): Json {
  if (!(value instanceof Uint8Array)) throw wanted(w, 'a Uint8Array', value)
  return writeBytes(value)
}

function caseOf(w: Writing, type: UnionType, value: unknown): Type {
  const tag = tagOf(type.on, w.context, 0, w.scopes)
  const found = type.on.by === 'length' ? byShape(type, value) : chosen(type, tag, w.context)
  if (found === undefined)
    throw refusal(w, 'tag', `no case for ${String(tag)} (${type.on.by === 'field' ? type.on.field : type.on.by})`, tag)
  return found
}

function structJson(w: Writing, type: StructType, value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw wanted(w, 'an object', value)
  const given = value as Values
  const json: Record<string, Json> = {}
  const extra = extraKeys(type)
  w.scopes.push(given)
  for (const field of type.fields) {
    const { name } = field
    if (given[name] !== undefined) json[name] = inside(w, name, () => writeJson(w, field.type, field, given[name]))
    const unused = `${name}_unused`
    if (extra.includes(unused) && given[unused] !== undefined) json[unused] = inside(w, unused, () => bytesJson(w, given[unused]))
  }
  w.scopes.pop()
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(json, key) || given[key] === undefined) continue
    json[key] = inside(w, key, () => {
      if (extra.includes(key)) return bytesJson(w, given[key])
      throw refusal(w, 'unsupported', `is no field of ${type.name}`, given[key])
    })
  }
  return json
}
