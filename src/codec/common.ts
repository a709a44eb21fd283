/**
 * What the messages of the main entry need of the interpreter beyond the plain kinds, in both directions: char arrays, and structs that
 * may end early.
 */
import { fixedSize } from '../schema/size.ts'
import type { FieldData, StructType, TextType } from '../schema/types.ts'
import { isBytes } from './input.ts'
import { fill, type Kinds, plainKinds, type Reader, readField, take, type Values } from './reader.ts'
import { evaluate } from './scope.ts'
import { decodeText, encodeText, textEnd } from './text.ts'
import { plainWriters, pour, refuse, reserve, settle, type Writer, type WriterKinds, wanted, writeBytes, writeField } from './writer.ts'

export function readText(r: Reader, type: TextType): string {
  const start = take(r, evaluate(type.length, r.end - r.pos, r.scopes))
  const fixed = fixedSize(type) !== undefined
  return decodeText(r.bytes, start, fixed ? textEnd(r.bytes, start, r.pos) : r.pos)
}

/** Whether a struct that may end early does so before this field; a part of the field that is there is kept as `trailing`. */
export function endsBefore(r: Reader, type: StructType, field: FieldData, value: Values): boolean {
  if (type.prefix !== true || r.end - r.pos >= (fixedSize(field.type) ?? 1)) return false
  if (r.pos < r.end) value.trailing = r.bytes.subarray(take(r, r.end - r.pos), r.end)
  return true
}

const readStruct = (r: Reader, type: StructType): Values =>
  fill(r, value => {
    for (const field of type.fields) {
      if (endsBefore(r, type, field, value)) return
      readField(r, field, value)
    }
  })

export function textBytes(w: Writer, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw wanted(w, 'a string', value)
  const bytes = encodeText(value)
  if (bytes === undefined) throw refuse(w, 'text', 'has a lone surrogate that stands for no byte', { actual: value })
  return bytes
}

export function writeText(w: Writer, type: TextType, value: unknown): void {
  const bytes = textBytes(w, value)
  const size = fixedSize(type)
  if (size === undefined) {
    writeBytes(w, bytes)
    return settle(w, type.length, bytes.length, 'byte')
  }
  if (bytes.length > size)
    throw refuse(w, 'text', `${bytes.length} bytes do not fit in char[${size}]`, { expected: size, actual: bytes.length })
  const start = reserve(w, size)
  w.out.set(bytes, start)
}

/** A struct that may end early, as far as its fields are given. */
export function writePrefix(w: Writer, type: StructType, given: Values): void {
  const end = type.fields.findIndex(f => given[f.name] === undefined)
  const count = end === -1 ? type.fields.length : end
  const late = type.fields.slice(count).find(f => given[f.name] !== undefined)
  if (late !== undefined) {
    w.path.push(type.fields[count]?.name as string)
    throw refuse(w, 'missing', `is not given, but ${late.name} behind it is`)
  }
  for (const field of type.fields.slice(0, count)) writeField(w, field, given)
  if (given.trailing !== undefined) {
    if (!isBytes(given.trailing)) throw wanted(w, 'a Uint8Array in trailing', given.trailing)
    writeBytes(w, given.trailing)
  }
}

const writeStruct = (w: Writer, type: StructType, value: unknown): void =>
  pour(w, value, given => {
    if (type.prefix === true) writePrefix(w, type, given)
    else for (const field of type.fields) writeField(w, field, given)
  })

export const commonKinds: Kinds = { ...plainKinds, text: readText, struct: readStruct }
export const commonWriters: WriterKinds = { ...plainWriters, text: writeText, struct: writeStruct }
