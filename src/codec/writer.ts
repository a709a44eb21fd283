/**
 * The interpreter, writing side: a growing output, the slots in it that are filled later, and the kinds of type that a plain table is made
 * of. What only some tables need is in encode.ts, as on the reading side.
 */
import { fixedSize } from '../schema/size.ts'
import type { ArrayType, BytesType, Expr, FieldData, IntType, Selector, StructType, Type, UnionType } from '../schema/types.ts'
import type { Context } from './context.ts'
import { pathOf, WireError, type WireErrorCode } from './errors.ts'
import { checkBytes, isBytes } from './input.ts'
import { plural, type Values } from './reader.ts'
import { evaluate, lookup, walk } from './scope.ts'

export interface EncodeOptions extends Context {
  /**
   * Derived fields (counts, lengths) whose given value is written as it is, right or wrong: by name (`nextents`) or by
   * path (`extents[0].ie_nstrips`). This is how a deliberately broken message is made.
   */
  readonly broken?: readonly string[]
}

/** A field that something behind it counts or measures. */
export interface Slot {
  readonly at: number
  readonly path: string
  readonly name: string
  readonly type: IntType
  /** the value given for it; undefined asks for it to be filled */
  readonly given: number | bigint | undefined
  readonly fill: 'message' | undefined
  settled: boolean
}

export interface SlotScope {
  [name: string]: Slot | SlotScope
}

/** How each kind of type is written; `unused` are kept bytes that the value leaves of the room that it has. */
export type WriterKinds = {
  readonly [K in Type['kind']]?: (w: Writer, type: Extract<Type, { kind: K }>, value: unknown, unused: unknown) => void
}

/** State of one encoding walk. */
export interface Writer {
  readonly kinds: WriterKinds
  out: Uint8Array
  view: DataView
  pos: number
  readonly little: boolean
  readonly context: Context
  readonly broken: ReadonlySet<string>
  readonly path: (string | number)[]
  /** values as they were written, one object per open struct */
  readonly scopes: Record<string, unknown>[]
  readonly slotScopes: SlotScope[]
  readonly slots: Slot[]
}

const INITIAL_SIZE = 256

/** Writes a value of the type into bytes of their own. */
export function writeWith(kinds: WriterKinds, type: Type, value: unknown, options: EncodeOptions = {}): Uint8Array {
  const out = new Uint8Array(INITIAL_SIZE)
  const w: Writer = {
    kinds,
    out,
    view: new DataView(out.buffer),
    pos: 0,
    little: options.littleEndian !== false,
    context: options,
    broken: new Set(options.broken),
    path: [],
    scopes: [],
    slotScopes: [],
    slots: [],
  }
  writeType(w, type, value)
  for (const slot of w.slots) finish(w, slot)
  return w.out.slice(0, w.pos)
}

function finish(w: Writer, slot: Slot): void {
  if (slot.settled || slot.given !== undefined) return
  if (slot.fill !== 'message') throw refuse(w, 'missing', `${slot.name} is not given`, { path: slot.path, offset: slot.at })
  putInt(w, slot.type, slot.at, slot.type.size === 8 ? BigInt(w.pos) : w.pos, slot.path)
}

/** Copies finished bytes to their place. */
export function put(bytes: Uint8Array, target: Uint8Array, offset: number): number {
  checkBytes(target, 'target')
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
  // nothing may be put anywhere
  target.subarray(offset).set(bytes)
  return bytes.length
}

export function refuse(
  w: Writer,
  code: WireErrorCode,
  detail: string,
  about: { expected?: unknown; actual?: unknown; path?: string; offset?: number } = {},
): WireError {
  return new WireError({ code, path: pathOf(w.path), offset: w.pos, detail, ...about })
}

/** Makes room for `size` bytes, zeroed, and moves behind them; the result is where they start. */
export function reserve(w: Writer, size: number): number {
  const needed = w.pos + size
  if (needed > w.out.length) {
    const grown = new Uint8Array(Math.max(needed, w.out.length * 2))
    grown.set(w.out.subarray(0, w.pos))
    w.out = grown
    w.view = new DataView(grown.buffer)
  }
  const start = w.pos
  w.pos = needed
  return start
}

export function writeBytes(w: Writer, bytes: Uint8Array): void {
  const start = reserve(w, bytes.length)
  w.out.set(bytes, start)
}

/** Writes an integer at `at`, which must be reserved. */
export function putInt(w: Writer, type: IntType, at: number, value: number | bigint, path: string = pathOf(w.path)): void {
  if (!fitsInt(type, value)) {
    const [low, high] = bounds(type)
    const needs = type.size === 8 ? `a bigint from ${low} to ${high}` : `an integer from ${low} to ${high}`
    throw refuse(w, 'range', `needs ${needs}, got ${describe(value)}`, { path, offset: at, expected: needs, actual: value })
  }
  if (type.size === 8) w.view.setBigUint64(at, BigInt.asUintN(64, value as bigint), w.little)
  else if (type.size === 4) w.view.setUint32(at, value as number, w.little)
  else if (type.size === 2) w.view.setUint16(at, value as number, w.little)
  else w.view.setUint8(at, value as number)
}

function bounds(type: IntType): [bigint, bigint] {
  const bits = BigInt(type.size * 8)
  return type.signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n]
}

function fitsInt(type: IntType, value: unknown): boolean {
  if (type.size === 8 ? typeof value !== 'bigint' : !Number.isInteger(value)) return false
  const [low, high] = bounds(type)
  return (value as number) >= low && (value as number) <= high
}

/** A value as an error message shows it. */
export function describe(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value)
  return typeof value === 'string'
    ? `the string ${JSON.stringify(value)}`
    : Array.isArray(value)
      ? 'an array'
      : `a value of type ${typeof value}`
}

export function writeType(w: Writer, type: Type, value: unknown, unused?: unknown): void {
  const write = w.kinds[type.kind] as (w: Writer, type: Type, value: unknown, unused: unknown) => void
  write(w, type, value, unused)
}

/** The error for a value of the wrong kind, or none. */
export const wanted = (w: Writer, expected: string, actual: unknown): WireError =>
  actual === undefined
    ? refuse(w, 'missing', `needs ${expected}, nothing is given`, { expected })
    : refuse(w, 'range', `needs ${expected}, got ${describe(actual)}`, { expected, actual })

/** What was written decides the fields that count or measure it. */
export function settle(w: Writer, e: Expr, amount: number, unit: 'byte' | 'element'): void {
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

const writeInt = (w: Writer, type: IntType, value: unknown): void => putInt(w, type, reserve(w, type.size), value as number)

function writeRaw(w: Writer, type: BytesType, value: unknown): void {
  if (!isBytes(value)) throw wanted(w, 'a Uint8Array', value)
  writeBytes(w, value)
  settle(w, type.length, value.length, 'byte')
}

export function writeElements(w: Writer, type: ArrayType, value: unknown): void {
  if (!Array.isArray(value)) throw wanted(w, 'an array', value)
  settle(w, type.count, value.length, 'element')
  for (let i = 0, count = value.length; i < count; i++) {
    w.path.push(i)
    writeType(w, type.of, value[i])
    w.path.pop()
  }
}

export const noCase = (w: Writer, type: UnionType, tag: unknown): WireError =>
  refuse(w, 'tag', `no case for ${String(tag)} (${type.on.by === 'field' ? type.on.field : type.on.by})`, { actual: tag })

type ByField = Extract<Selector, { by: 'field' }>

function writeTagged(w: Writer, type: UnionType, value: unknown): void {
  const tag = lookup(w.scopes, (type.on as ByField).field)
  const found = type.cases.find(c => c.match === tag)
  if (found === undefined) throw noCase(w, type, tag)
  writeType(w, found.type, value)
}

/** Writes a struct by what `body` does with the object that is given. */
export function pour(w: Writer, value: unknown, body: (given: Values) => void): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw wanted(w, 'an object', value)
  const slots: SlotScope = {}
  const parent = w.slotScopes.at(-1)
  const step = w.path.at(-1)
  if (parent !== undefined && typeof step === 'string') parent[step] = slots
  w.scopes.push({})
  w.slotScopes.push(slots)
  body(value as Values)
  w.slotScopes.pop()
  const written = w.scopes.pop() as Values
  const outer = w.scopes.at(-1)
  if (outer !== undefined && typeof step === 'string') outer[step] = written
}

const writeFields = (w: Writer, type: StructType, value: unknown): void =>
  pour(w, value, given => {
    for (const field of type.fields) writeField(w, field, given)
  })

export function writeField(w: Writer, field: FieldData, given: Values): void {
  const value = given[field.name]
  w.path.push(field.name)
  if (field.type.kind === 'int') writeNumber(w, field, field.type, value)
  else if (value === undefined && field.role === 'reserved') reserve(w, fixedSize(field.type) as number)
  else writeType(w, field.type, field.elide === true && value === undefined ? emptyOf(field.type) : value, given[`${field.name}_unused`])
  const scope = w.scopes.at(-1) as Values
  scope[field.name] ??= value
  w.path.pop()
}

const emptyOf = (type: Type): unknown => (type.kind === 'region' ? emptyOf(type.of) : type.kind === 'array' ? [] : new Uint8Array(0))

function writeNumber(w: Writer, field: FieldData, type: IntType, value: unknown): void {
  if (value === undefined && field.role === undefined && field.when === undefined)
    throw wanted(w, type.size === 8 ? 'a bigint' : 'an integer', value)
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

/** As the plain kinds of the reading side. */
export const plainWriters: WriterKinds = { int: writeInt, bytes: writeRaw, array: writeElements, union: writeTagged, struct: writeFields }
