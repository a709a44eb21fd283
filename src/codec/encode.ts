/**
 * The interpreter, writing side. Counts, lengths and reserved words that are not given are filled; those that are given are checked,
 * unless they are named in `broken`.
 */
import type { Schema } from '../schema/fields.ts'
import { fixedSize } from '../schema/size.ts'
import type { ArrayType, Expr, FieldData, IntType, StructType, Type, UnionType } from '../schema/types.ts'
import type { Context } from './context.ts'
import { attempt, pathOf, type Result, WireError } from './errors.ts'
import { plural } from './reader.ts'
import { chosen, evaluate, holds, tagOf, walk } from './scope.ts'
import { encodeText } from './text.ts'
import { describe, openWriter, putInt, refuse, reserve, type Slot, type SlotScope, type Writer, writeBytes } from './writer.ts'

type Values = Record<string, unknown>

export interface EncodeOptions extends Context {
  /**
   * Derived fields (counts, lengths) whose given value is written as it is, right or wrong: by name (`nextents`) or by
   * path (`extents[0].ie_nstrips`). This is how a deliberately broken message is made.
   */
  readonly broken?: readonly string[]
}

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

/** Copies finished bytes to their place. */
export function put(bytes: Uint8Array, target: Uint8Array, offset: number): number {
  const room = Number.isInteger(offset) && offset >= 0 ? Math.max(0, target.length - offset) : 0
  if (room < bytes.length)
    throw new WireError({
      code: 'length',
      path: '',
      offset,
      detail: `the target has ${room} bytes left from ${offset} on, ${bytes.length} are needed`,
      expected: bytes.length,
      actual: room,
    })
  target.set(bytes, offset)
  return bytes.length
}

/** The untyped form of {@link encode}. */
export function write(type: Type, value: unknown, options: EncodeOptions = {}): Uint8Array {
  const w = openWriter(options, options.broken ?? [])
  writeType(w, type, value)
  for (const slot of w.slots) finish(w, slot)
  return w.out.slice(0, w.pos)
}

function finish(w: Writer, slot: Slot): void {
  if (slot.settled || slot.given !== undefined) return
  if (slot.fill !== 'message') throw refuse(w, 'missing', `${slot.name} is not given`, { path: slot.path, offset: slot.at })
  putInt(w, slot.type, slot.at, slot.type.size === 8 ? BigInt(w.pos) : w.pos, slot.path)
}

function writeType(w: Writer, type: Type, value: unknown, unused?: unknown): void {
  switch (type.kind) {
    case 'int':
      return putInt(w, type, reserve(w, type.size), value as number)
    case 'text':
      return writeText(w, type, value)
    case 'name': {
      const bytes = textBytes(w, value)
      if (bytes.includes(0)) throw refuse(w, 'text', 'a NUL inside would end the name early', { actual: value })
      writeBytes(w, bytes)
      reserve(w, 1)
      return
    }
    case 'bytes': {
      if (!(value instanceof Uint8Array)) throw wanted(w, 'a Uint8Array', value)
      writeBytes(w, value)
      return settle(w, type.length, value.length, 'byte')
    }
    case 'region': {
      const start = w.pos
      writeType(w, type.of, value)
      return settle(w, type.length, w.pos - start, 'byte')
    }
    case 'array':
      return writeArray(w, type, value, unused)
    case 'union':
      return writeUnion(w, type, value, unused)
    case 'struct':
      return writeStruct(w, type, value)
  }
}

const wanted = (w: Writer, expected: string, actual: unknown): WireError =>
  actual === undefined
    ? refuse(w, 'missing', `needs ${expected}, nothing is given`, { expected })
    : refuse(w, 'range', `needs ${expected}, got ${describe(actual)}`, { expected, actual })

function textBytes(w: Writer, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw wanted(w, 'a string', value)
  const bytes = encodeText(value)
  if (bytes === undefined) throw refuse(w, 'text', 'has a lone surrogate that stands for no byte', { actual: value })
  return bytes
}

function writeText(w: Writer, type: Type & { kind: 'text' }, value: unknown): void {
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

/** What was written decides the fields that count or measure it. */
function settle(w: Writer, e: Expr, amount: number, unit: 'byte' | 'element'): void {
  if (e.rest === true) return
  const [term, ...more] = e.terms ?? []
  const code = unit === 'byte' ? 'length' : 'count'
  if (term === undefined || more.length > 0) {
    const expected = evaluate(e, 0, w.scopes)
    if (expected !== amount) throw refuse(w, code, `needs ${plural(expected, unit)}, got ${amount}`, { expected, actual: amount })
    return
  }
  const value = (amount - (e.plus ?? 0)) / term.times
  const slot = findSlot(w, term.field)
  if (slot === undefined) return
  if (!Number.isInteger(value))
    throw refuse(w, code, `${plural(amount, unit)} cannot be written in ${term.field}, which counts in steps of ${term.times}`)
  settleSlot(w, slot, value, code)
}

function findSlot(w: Writer, path: string): Slot | undefined {
  const steps = path.split('.')
  for (let i = w.slotScopes.length - 1; i >= 0; i--) {
    const found = walk(w.slotScopes[i], steps)
    if (found !== undefined) return found as Slot
  }
  return undefined
}

function settleSlot(w: Writer, slot: Slot, value: number, code: 'length' | 'count'): void {
  slot.settled = true
  if (slot.given === undefined) return putInt(w, slot.type, slot.at, slot.type.size === 8 ? BigInt(value) : value, slot.path)
  if (Number(slot.given) === value || w.broken.has(slot.name) || w.broken.has(slot.path)) return
  throw refuse(w, code, `${slot.given} is given, what follows makes it ${value}; leave it out, or name it in broken`, {
    path: slot.path,
    offset: slot.at,
    expected: value,
    actual: slot.given,
  })
}

function writeArray(w: Writer, type: ArrayType, value: unknown, unused: unknown): void {
  if (!Array.isArray(value)) throw wanted(w, 'an array', value)
  const { capacity } = type
  if (capacity !== undefined && value.length > capacity)
    throw refuse(w, 'count', `${value.length} elements, room for ${capacity}`, { expected: capacity, actual: value.length })
  settle(w, type.count, value.length, 'element')
  const start = w.pos
  for (let i = 0, count = value.length; i < count; i++) {
    w.path.push(i)
    writeType(w, type.of, value[i])
    w.path.pop()
  }
  if (capacity !== undefined) writeUnused(w, start + capacity * (fixedSize(type.of) as number), unused)
}

/** Fills up to `end` with the kept bytes, or zeros. */
function writeUnused(w: Writer, end: number, unused: unknown): void {
  const room = end - w.pos
  if (room < 0) throw refuse(w, 'length', `takes ${plural(-room, 'byte')} more than there is room for`, { expected: room })
  const start = reserve(w, room)
  if (unused === undefined) return
  if (!(unused instanceof Uint8Array) || unused.length !== room)
    throw refuse(w, 'length', `the unused bytes must be a Uint8Array of ${room}`, { expected: room })
  w.out.set(unused, start)
}

function writeUnion(w: Writer, type: UnionType, value: unknown, unused: unknown): void {
  const start = w.pos
  const found = type.on.by === 'length' ? byShape(type, value) : chosen(type, tagOf(type.on, w.context, 0, w.scopes), w.context)
  if (found === undefined) {
    const tag = tagOf(type.on, w.context, 0, w.scopes)
    throw refuse(w, 'tag', `no case for ${String(tag)} (${type.on.by === 'field' ? type.on.field : type.on.by})`, { actual: tag })
  }
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
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw wanted(w, 'an object', value)
  const given = value as Values
  const start = w.pos
  const slots: SlotScope = {}
  const parent = w.slotScopes.at(-1)
  const step = w.path.at(-1)
  if (parent !== undefined && typeof step === 'string') parent[step] = slots
  w.scopes.push({})
  w.slotScopes.push(slots)
  if (type.prefix === true) writePrefix(w, type, given)
  else for (const field of type.fields) writeField(w, field, given)
  if (type.align !== undefined || given.gap !== undefined) writeGap(w, type, start, given)
  if (type.total !== undefined) settle(w, { terms: [{ field: type.total, times: 1 }] }, w.pos - start, 'byte')
  w.slotScopes.pop()
  const written = w.scopes.pop() as Values
  const outer = w.scopes.at(-1)
  if (outer !== undefined && typeof step === 'string') outer[step] = written
}

function writePrefix(w: Writer, type: StructType, given: Values): void {
  const end = type.fields.findIndex(f => given[f.name] === undefined)
  const count = end === -1 ? type.fields.length : end
  const late = type.fields.slice(count).find(f => given[f.name] !== undefined)
  if (late !== undefined) {
    w.path.push(type.fields[count]?.name as string)
    throw refuse(w, 'missing', `is not given, but ${late.name} behind it is`)
  }
  for (const field of type.fields.slice(0, count)) writeField(w, field, given)
  if (given.trailing !== undefined) {
    if (!(given.trailing instanceof Uint8Array)) throw wanted(w, 'a Uint8Array in trailing', given.trailing)
    writeBytes(w, given.trailing)
  }
}

function writeGap(w: Writer, type: StructType, start: number, given: Values): void {
  if (given.gap !== undefined) {
    if (!(given.gap instanceof Uint8Array)) throw wanted(w, 'a Uint8Array in gap', given.gap)
    return writeBytes(w, given.gap)
  }
  const used = w.pos - start
  const align = type.align as number
  reserve(w, Math.ceil(used / align) * align - used)
}

function writeField(w: Writer, field: FieldData, given: Values): void {
  const value = given[field.name]
  w.path.push(field.name)
  if (present(w, field, value)) {
    if (field.type.kind === 'int') writeNumber(w, field, field.type, value)
    else if (value === undefined && field.role === 'reserved') reserve(w, fixedSize(field.type) as number)
    else writeType(w, field.type, field.elide === true ? (value ?? emptyOf(field.type)) : value, given[`${field.name}_unused`])
    const scope = w.scopes.at(-1) as Values
    scope[field.name] ??= value
  }
  w.path.pop()
}

const emptyOf = (type: Type): unknown => (type.kind === 'region' ? emptyOf(type.of) : type.kind === 'array' ? [] : new Uint8Array(0))

function present(w: Writer, field: FieldData, value: unknown): boolean {
  if (field.when === undefined) return true
  const expected = holds(field.when, w.context, 1, w.scopes) && (field.when.room !== true || value !== undefined)
  if (!expected && value !== undefined)
    throw refuse(w, 'unsupported', 'is given, but this version or message does not have it', { actual: value })
  return expected
}

function writeNumber(w: Writer, field: FieldData, type: IntType, value: unknown): void {
  if (value === undefined && field.role === undefined) throw wanted(w, type.size === 8 ? 'a bigint' : 'an integer', value)
  const at = reserve(w, type.size)
  if (field.role === 'derived') {
    openSlot(w, field, type, at, value as number | bigint | undefined)
    if (value === undefined) return
  }
  const number = value === undefined ? (type.size === 8 ? 0n : 0) : (value as number)
  ;(w.scopes.at(-1) as Values)[field.name] = number
  putInt(w, type, at, number)
}

function openSlot(w: Writer, field: FieldData, type: IntType, at: number, given: number | bigint | undefined): void {
  const slot: Slot = { at, path: pathOf(w.path), name: field.name, type, given, fill: field.fill, settled: false }
  ;(w.slotScopes.at(-1) as SlotScope)[field.name] = slot
  w.slots.push(slot)
}
