/**
 * The interpreter, reading side: its state, its faults, and the kinds of type that a plain table is made of. What only some tables need
 * (text, regions, conditions, records ...) is in decode.ts, so that a bundle that reads one plain message does not carry it.
 */
import { fixedSize, minSize } from '../schema/size.ts'
import type { ArrayType, BytesType, FieldData, IntType, Selector, StructType, Type, UnionType } from '../schema/types.ts'
import type { Context } from './context.ts'
import { pathOf, WireError, type WireErrorCode } from './errors.ts'
import { snapshotOf } from './input.ts'
import { evaluate, lookup } from './scope.ts'

export type Values = Record<string, unknown>

/** Hears of every type that is read, in order; what {@link inspect} builds its tree from. */
export interface Tracer {
  enter(type: Type, offset: number, path: readonly (string | number)[], field: FieldData | undefined): void
  leave(value: unknown, end: number): void
  /** Of a list whose elements are not told one by one: reads those from `from` up to `to` again, for another tracer. */
  list?(length: number, reread: Reread): void
}

export type Reread = (from: number, to: number, trace: Tracer) => void

/** How each kind of type is read. A table may only hold kinds that its reader has. */
export type Kinds = { readonly [K in Type['kind']]?: (r: Reader, type: Extract<Type, { kind: K }>) => unknown }

/** State of one walk. `pos` to `end` is the region that may be read now. */
export interface Reader {
  readonly kinds: Kinds
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly little: boolean
  readonly context: Context
  readonly path: (string | number)[]
  readonly scopes: Values[]
  trace: Tracer | undefined
  /** structs and arrays that are being filled, outermost first, with the length of `path` at which they hang */
  readonly filling: { readonly value: Values | unknown[]; readonly depth: number }[]
  pos: number
  end: number
  /** bytes that the last array or union had room for and did not use */
  unused: Uint8Array | undefined
}

/**
 * Reads bytes that hold exactly one value of the type.
 * Works on a snapshot, so that what was checked is what was decoded even if the bytes are shared memory.
 */
export function readWith(kinds: Kinds, type: Type, bytes: Uint8Array, context: Context = {}, trace?: Tracer): unknown {
  return readAll(kinds, type, snapshotOf(bytes), context, trace)
}

/** As {@link readWith}, of bytes that do not change while they or the value are used. */
export function readAll(kinds: Kinds, type: Type, bytes: Uint8Array, context: Context = {}, trace?: Tracer): unknown {
  const r: Reader = {
    kinds,
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    little: context.littleEndian !== false,
    context,
    path: [],
    scopes: [],
    filling: [],
    trace,
    pos: 0,
    end: bytes.length,
    unused: undefined,
  }
  const value = readType(r, type, undefined)
  if (r.pos < r.end) {
    const left = r.end - r.pos
    throw fault(r, 'trailing', `${plural(left, 'byte')} left over`, { length: left, expected: r.pos, actual: r.end })
  }
  return value
}

export const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

interface Where {
  readonly path?: string
  readonly offset?: number
  readonly length?: number
  readonly expected?: unknown
  readonly actual?: unknown
}

/** The error for what is wrong here, with everything that was read before. */
export function fault(r: Reader, code: WireErrorCode, detail: string, where: Where = {}): WireError {
  return new WireError({ code, path: pathOf(r.path), offset: r.pos, detail, partial: partialOf(r), ...where })
}

/** What has been read so far: the structs and arrays that are still being filled, hung into each other. */
function partialOf(r: Reader): unknown {
  r.filling.forEach(({ value, depth }, i) => {
    const parent = r.filling[i - 1]?.value as Values | undefined
    const step = r.path[depth - 1]
    if (parent === undefined || step === undefined) return
    // In a list of which only the first elements are kept, a later one has no place.
    if (!Array.isArray(parent) || parent.length === step) parent[step] = value
  })
  return r.filling[0]?.value
}

/** Moves behind the next `size` bytes, which must be there; the result is where they start. */
export function take(r: Reader, size: number): number {
  const left = r.end - r.pos
  if (size < 0) throw fault(r, 'length', `its length comes out as ${size}`, { actual: size })
  if (left < size)
    throw fault(r, 'truncated', `needs ${plural(size, 'byte')}, ${left} left`, { length: left, expected: size, actual: left })
  const start = r.pos
  r.pos += size
  return start
}

export function readType(r: Reader, type: Type, field: FieldData | undefined): unknown {
  r.trace?.enter(type, r.pos, r.path, field)
  const read = r.kinds[type.kind] as (r: Reader, type: Type) => unknown
  const value = read(r, type)
  r.trace?.leave(value, r.pos)
  return value
}

function readInt(r: Reader, type: IntType): number | bigint {
  const at = take(r, type.size)
  switch (type.size) {
    case 1:
      return r.view.getUint8(at)
    case 2:
      return r.view.getUint16(at, r.little)
    case 4:
      return type.signed ? r.view.getInt32(at, r.little) : r.view.getUint32(at, r.little)
    case 8:
      return type.signed ? r.view.getBigInt64(at, r.little) : r.view.getBigUint64(at, r.little)
  }
}

function readBytes(r: Reader, type: BytesType): Uint8Array {
  const start = take(r, evaluate(type.length, r.end - r.pos, r.scopes))
  return r.bytes.subarray(start, r.pos)
}

/** Elements of a list that is known not to fit are kept up to this many, for the partial value. */
const KEPT_OF_DOOMED = 64

/** Reads `count` elements, or as long as `more` says so. */
export function readElements(r: Reader, of: Type, count: number, more?: () => boolean): unknown[] {
  const start = r.pos
  const elements: unknown[] = []
  r.filling.push({ value: elements, depth: r.path.length })
  const doomed = count !== Number.POSITIVE_INFINITY && count * minSize(of) > r.end - r.pos
  const size = fixedSize(of)
  for (let i = 0; i < count && more?.() !== false; i++) {
    if (doomed && size !== undefined && i === KEPT_OF_DOOMED) {
      i = Math.max(i, Math.floor((r.end - start) / size))
      r.pos = start + i * size
    }
    const at = r.pos
    r.path.push(i)
    const element = readType(r, of, undefined)
    if (r.pos === at) throw fault(r, 'length', 'an element that takes no bytes cannot be counted')
    r.path.pop()
    if (!doomed || i < KEPT_OF_DOOMED) elements.push(element)
  }
  r.filling.pop()
  return elements
}

export const noCase = (r: Reader, type: UnionType, tag: unknown): WireError =>
  fault(r, 'tag', `no case for ${String(tag)} (${type.on.by === 'field' ? type.on.field : type.on.by})`, { actual: tag })

type ByField = Extract<Selector, { by: 'field' }>

function readTagged(r: Reader, type: UnionType): unknown {
  const tag = lookup(r.scopes, (type.on as ByField).field)
  const found = type.cases.find(c => c.match === tag)
  if (found === undefined) throw noCase(r, type, tag)
  return readType(r, found.type, undefined)
}

/** Reads a struct by what `body` does with the object that is filled. */
export function fill(r: Reader, body: (value: Values) => void): Values {
  const value: Values = {}
  r.scopes.push(value)
  r.filling.push({ value, depth: r.path.length })
  body(value)
  r.scopes.pop()
  r.filling.pop()
  return value
}

export function readField(r: Reader, field: FieldData, value: Values): void {
  r.path.push(field.name)
  r.unused = undefined
  const read = readType(r, field.type, field)
  if (!(field.elide === true && (read as { length: number }).length === 0)) value[field.name] = read
  if (r.unused !== undefined) value[`${field.name}_unused`] = r.unused
  r.unused = undefined
  r.path.pop()
}

const readFields = (r: Reader, type: StructType): Values =>
  fill(r, value => {
    for (const field of type.fields) readField(r, field, value)
  })

const readCounted = (r: Reader, type: ArrayType): unknown[] => readElements(r, type.of, evaluate(type.count, 0, r.scopes))

/** Integers, bytes, counted arrays, unions by the value of a field, and structs whose fields are always there. */
export const plainKinds: Kinds = { int: readInt, bytes: readBytes, array: readCounted, union: readTagged, struct: readFields }
