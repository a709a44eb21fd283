/**
 * The interpreter, writing side. Counts, lengths and reserved words that are not given are filled; those that are given are checked,
 * unless they are named in `broken`.
 */
import type { Schema } from '../schema/fields.ts'
import { fixedSize } from '../schema/size.ts'
import type { ArrayType, FieldData, NameType, RegionType, StructType, Type, UnionType } from '../schema/types.ts'
import { textBytes, writePrefix, writeText } from './common.ts'
import { attempt, type Result } from './errors.ts'
import { isBytes } from './input.ts'
import { plural, type Values } from './reader.ts'
import { chosen, holds, tagOf } from './scope.ts'
import {
  type EncodeOptions,
  noCase,
  plainWriters,
  pour,
  put,
  refuse,
  reserve,
  settle,
  type Writer,
  type WriterKinds,
  wanted,
  writeBytes,
  writeElements,
  writeField,
  writeType,
  writeWith,
} from './writer.ts'

export type { EncodeOptions } from './writer.ts'

/**
 * Encodes a value.
 * @throws WireError range, missing, count, length, text, tag or unsupported, with the path of the field and the offset it would have had
 */
export function encode<I>(schema: Schema<unknown, I>, value: I, options: EncodeOptions = {}): Uint8Array {
  return write(schema.type, value, options)
}

/** As {@link encode}, but a refusal is returned. */
export function tryEncode<I>(schema: Schema<unknown, I>, value: I, options: EncodeOptions = {}): Result<Uint8Array> {
  return attempt(() => encode(schema, value, options))
}

/**
 * Encodes into `target` from `offset` on; nothing is written when the value is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError as {@link encode}, and `length` when the target is too small
 */
export function encodeInto<I>(schema: Schema<unknown, I>, value: I, target: Uint8Array, offset = 0, options: EncodeOptions = {}): number {
  return put(write(schema.type, value, options), target, offset)
}

/** The untyped form of {@link encode}. */
export function write(type: Type, value: unknown, options?: EncodeOptions): Uint8Array {
  return writeWith(allKinds, type, value, options)
}

function writeName(w: Writer, _type: NameType, value: unknown): void {
  const bytes = textBytes(w, value)
  if (bytes.includes(0)) throw refuse(w, 'text', 'a NUL inside would end the name early', { actual: value })
  writeBytes(w, bytes)
  reserve(w, 1)
}

function writeRegion(w: Writer, type: RegionType, value: unknown): void {
  const start = w.pos
  writeType(w, type.of, value)
  settle(w, type.length, w.pos - start, 'byte')
}

function writeArray(w: Writer, type: ArrayType, value: unknown, unused: unknown): void {
  const { capacity } = type
  if (capacity !== undefined && Array.isArray(value) && value.length > capacity)
    throw refuse(w, 'count', `${value.length} elements, room for ${capacity}`, { expected: capacity, actual: value.length })
  const start = w.pos
  writeElements(w, type, value)
  if (capacity !== undefined) writeUnused(w, start + capacity * (fixedSize(type.of) as number), unused)
}

/** Fills up to `end` with the kept bytes, or zeros. */
function writeUnused(w: Writer, end: number, unused: unknown): void {
  const room = end - w.pos
  if (room < 0) throw refuse(w, 'length', `takes ${plural(-room, 'byte')} more than there is room for`, { expected: room })
  const start = reserve(w, room)
  if (unused === undefined) return
  if (!isBytes(unused) || unused.length !== room)
    throw refuse(w, 'length', `the unused bytes must be a Uint8Array of ${room}`, { expected: room })
  w.out.set(unused, start)
}

function writeUnion(w: Writer, type: UnionType, value: unknown, unused: unknown): void {
  const start = w.pos
  const tag = tagOf(type.on, w.context, 0, w.scopes)
  const found = type.on.by === 'length' ? byShape(type, value) : chosen(type, tag, w.context)
  if (found === undefined) throw noCase(w, type, tag)
  writeType(w, found, value)
  if (type.size !== undefined) writeUnused(w, start + type.size, unused)
}

/** Where the length chooses the case, the fields that are given do: the first case that has all of them and lacks none. */
export function byShape(type: UnionType, value: unknown): Type | undefined {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  return type.cases.find(c => hasShape(c.type, keys))?.type ?? type.otherwise
}

function hasShape(type: Type, keys: readonly string[]): boolean {
  if (type.kind !== 'struct') return false
  const names = new Set(type.fields.map(f => f.name))
  const needed = type.fields.filter(f => f.role === undefined && f.when === undefined && f.elide === undefined)
  return keys.every(k => names.has(k)) && needed.every(f => keys.includes(f.name))
}

function writeStruct(w: Writer, type: StructType, value: unknown): void {
  pour(w, value, given => {
    const start = w.pos
    if (type.prefix === true) writePrefix(w, type, given)
    else for (const field of type.fields) if (isPresent(w, field, given[field.name])) writeField(w, field, given)
    if (type.align !== undefined || (type.total !== undefined && given.gap !== undefined)) writeGap(w, type, start, given)
    if (type.total !== undefined) settle(w, { terms: [{ field: type.total, times: 1 }] }, w.pos - start, 'byte')
  })
}

function isPresent(w: Writer, field: FieldData, value: unknown): boolean {
  if (field.when === undefined) return true
  const expected = holds(field.when, w.context, 1, w.scopes) && (field.when.room !== true || value !== undefined)
  if (expected || value === undefined) return expected
  w.path.push(field.name)
  throw refuse(w, 'unsupported', 'is given, but this version or message does not have it', { actual: value })
}

function writeGap(w: Writer, type: StructType, start: number, given: Values): void {
  if (given.gap !== undefined) {
    if (!isBytes(given.gap)) throw wanted(w, 'a Uint8Array in gap', given.gap)
    return writeBytes(w, given.gap)
  }
  const used = w.pos - start
  const align = type.align as number
  reserve(w, Math.ceil(used / align) * align - used)
}

const allKinds: WriterKinds = {
  ...plainWriters,
  text: writeText,
  name: writeName,
  region: writeRegion,
  array: writeArray,
  union: writeUnion,
  struct: writeStruct,
}
