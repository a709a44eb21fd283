/**
 * The interpreter, reading side: walks a schema over bytes. It is the specification and the slow path; it knows path and byte offset of
 * everything and trusts no count. Everything faster says only yes or no and leaves the error to this file.
 */
import type { Schema } from '../schema/fields.ts'
import { fixedSize, minSize } from '../schema/size.ts'
import type { ArrayType, FieldData, IntType, StructType, Type, UnionType } from '../schema/types.ts'
import type { Context } from './context.ts'
import { attempt, pathOf, type Result, WireError, type WireErrorCode } from './errors.ts'
import { chosen, evaluate, holds, tagOf } from './scope.ts'
import { decodeText, textEnd } from './text.ts'

type Values = Record<string, unknown>

/** Hears of every type that is read, in order; what {@link inspect} builds its tree from. */
export interface Tracer {
  enter(type: Type, offset: number, path: readonly (string | number)[], field: FieldData | undefined): void
  leave(value: unknown, end: number): void
}

/** State of one walk. `pos` to `end` is the region that may be read now. */
interface Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly little: boolean
  readonly context: Context
  readonly path: (string | number)[]
  readonly scopes: Values[]
  readonly trace: Tracer | undefined
  /** structs and arrays that are being filled, outermost first, with the length of `path` at which they hang */
  readonly filling: { readonly value: Values | unknown[]; readonly depth: number }[]
  pos: number
  end: number
  /** bytes that the last array or union had room for and did not use */
  unused: Uint8Array | undefined
}

/**
 * Decodes bytes that hold exactly one value.
 * Works on a snapshot, so that what was checked is what was decoded even if the bytes are shared memory.
 * @throws WireError truncated, trailing, length, count, tag or text, with path, byte offset and the part decoded before the fault
 */
export function decode<V>(schema: Schema<V, unknown>, bytes: Uint8Array, context: Context = {}): V {
  return read(schema.type, bytes, context) as V
}

/** As {@link decode}, but a refusal is returned. */
export function tryDecode<V>(schema: Schema<V, unknown>, bytes: Uint8Array, context: Context = {}): Result<V> {
  return attempt(() => decode(schema, bytes, context))
}

/** The untyped form of {@link decode}, for tables without static types. */
export function read(type: Type, bytes: Uint8Array, context: Context, trace?: Tracer): unknown {
  const r = open(bytes, context, trace)
  const value = readType(r, type, undefined)
  if (r.pos < r.end) {
    const left = r.end - r.pos
    throw fault(r, 'trailing', `${plural(left, 'byte')} left over`, { length: left, expected: r.pos, actual: r.end })
  }
  return value
}

function open(bytes: Uint8Array, context: Context, trace: Tracer | undefined): Reader {
  const snapshot = Uint8Array.prototype.slice.call(bytes)
  const view = new DataView(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength)
  const little = context.littleEndian !== false
  return {
    bytes: snapshot,
    view,
    little,
    context,
    path: [],
    scopes: [],
    filling: [],
    trace,
    pos: 0,
    end: snapshot.length,
    unused: undefined,
  }
}

const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

interface Where {
  readonly path?: string
  readonly offset?: number
  readonly length?: number
  readonly expected?: unknown
  readonly actual?: unknown
}

function fault(r: Reader, code: WireErrorCode, detail: string, where: Where = {}): WireError {
  return new WireError({ code, path: pathOf(r.path), offset: r.pos, detail, partial: partialOf(r), ...where })
}

/** What has been read so far: the structs and arrays that are still being filled, hung into each other. */
function partialOf(r: Reader): unknown {
  r.filling.forEach(({ value, depth }, i) => {
    const parent = r.filling[i - 1]?.value as Values | undefined
    const step = r.path[depth - 1]
    if (parent !== undefined && step !== undefined) parent[step] = value
  })
  return r.filling[0]?.value
}

function take(r: Reader, size: number): number {
  const left = r.end - r.pos
  if (size < 0) throw fault(r, 'length', `its length comes out as ${size}`, { actual: size })
  if (left < size)
    throw fault(r, 'truncated', `needs ${plural(size, 'byte')}, ${left} left`, { length: left, expected: size, actual: left })
  const start = r.pos
  r.pos += size
  return start
}

function readType(r: Reader, type: Type, field: FieldData | undefined): unknown {
  r.trace?.enter(type, r.pos, r.path, field)
  const value = readKind(r, type)
  r.trace?.leave(value, r.pos)
  return value
}

function readKind(r: Reader, type: Type): unknown {
  switch (type.kind) {
    case 'int':
      return readInt(r, type)
    case 'text': {
      const start = take(r, evaluate(type.length, r.end - r.pos, r.scopes))
      const fixed = fixedSize(type) !== undefined
      return decodeText(r.bytes, start, fixed ? textEnd(r.bytes, start, r.pos) : r.pos)
    }
    case 'name': {
      const nul = r.bytes.indexOf(0, r.pos)
      if (nul === -1 || nul >= r.end)
        throw fault(r, 'text', `no terminating NUL in ${plural(r.end - r.pos, 'byte')}`, { length: r.end - r.pos })
      const start = take(r, nul + 1 - r.pos)
      return decodeText(r.bytes, start, nul)
    }
    case 'bytes': {
      const start = take(r, evaluate(type.length, r.end - r.pos, r.scopes))
      return r.bytes.subarray(start, r.pos)
    }
    case 'region':
      return within(r, evaluate(type.length, r.end - r.pos, r.scopes), () => readType(r, type.of, undefined))
    case 'array':
      return readArray(r, type)
    case 'union':
      return readUnion(r, type)
    case 'struct':
      return readStruct(r, type)
  }
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

/** Reads inside the next `size` bytes and demands that they are used up. */
function within<T>(r: Reader, size: number, body: () => T): T {
  const end = r.end
  const start = take(r, size)
  r.pos = start
  r.end = start + size
  const value = body()
  if (r.pos < r.end)
    throw fault(r, 'trailing', `${plural(r.end - r.pos, 'byte')} left over in a region of ${size}`, { length: r.end - r.pos })
  r.end = end
  return value
}

/** Elements of a list that is known not to fit are kept up to this many, for the partial value. */
const KEPT_OF_DOOMED = 64

function readArray(r: Reader, type: ArrayType): unknown[] {
  const start = r.pos
  const count = type.count.rest === true ? Number.POSITIVE_INFINITY : evaluate(type.count, 0, r.scopes)
  if (type.capacity !== undefined && count > type.capacity)
    throw fault(r, 'count', `${count} elements, room for ${type.capacity}`, { expected: type.capacity, actual: count })
  const elements: unknown[] = []
  r.filling.push({ value: elements, depth: r.path.length })
  const doomed = count * minSize(type.of) > r.end - r.pos && type.count.rest !== true
  const size = fixedSize(type.of)
  for (let i = 0; i < count && !(type.count.rest === true && r.pos >= r.end); i++) {
    if (doomed && size !== undefined && i === KEPT_OF_DOOMED) {
      i = Math.max(i, Math.floor((r.end - start) / size))
      r.pos = start + i * size
    }
    if (type.lenient === true && !fits(r, type.of)) break
    const at = r.pos
    r.path.push(i)
    const element = readType(r, type.of, undefined)
    if (r.pos === at) throw fault(r, 'length', 'an element that takes no bytes cannot be counted')
    r.path.pop()
    if (!doomed || i < KEPT_OF_DOOMED) elements.push(element)
  }
  r.filling.pop()
  if (type.capacity !== undefined) r.unused = rest(r, start + type.capacity * (size as number))
  return elements
}

/** Whether a whole record can be read here: a failed trial reads as the end of the list. */
function fits(r: Reader, type: Type): boolean {
  const trial: Reader = { ...r, path: [...r.path], scopes: [...r.scopes], filling: [], trace: undefined }
  return attempt(() => readType(trial, type, undefined)).ok
}

/** The bytes from here to `to`, which must exist; undefined when all are zero. */
function rest(r: Reader, to: number): Uint8Array | undefined {
  const bytes = r.bytes.subarray(take(r, to - r.pos), to)
  return bytes.some(b => b !== 0) ? bytes : undefined
}

function readUnion(r: Reader, type: UnionType): unknown {
  const start = r.pos
  const tag = tagOf(type.on, r.context, r.end - r.pos, r.scopes)
  const found = chosen(type, tag, r.context)
  if (found === undefined)
    throw fault(r, 'tag', `no case for ${String(tag)} (${type.on.by === 'field' ? type.on.field : type.on.by})`, { actual: tag })
  if (type.size === undefined) return readType(r, found, undefined)
  const end = r.end
  take(r, type.size)
  r.pos = start
  r.end = start + type.size
  const value = readType(r, found, undefined)
  r.unused = rest(r, r.end)
  r.end = end
  return value
}

function readStruct(r: Reader, type: StructType): Values {
  const start = r.pos
  const end = r.end
  const value: Values = {}
  r.scopes.push(value)
  r.filling.push({ value, depth: r.path.length })
  for (const field of type.fields) {
    if (field.when !== undefined && !holds(field.when, r.context, r.end - r.pos, r.scopes)) continue
    if (type.prefix === true && !holdsWhole(r, field.type)) {
      if (r.pos < r.end) value.trailing = r.bytes.subarray(take(r, r.end - r.pos), r.end)
      break
    }
    readField(r, field, value)
    if (type.total?.split('.')[0] === field.name) bound(r, type, start)
  }
  r.scopes.pop()
  r.filling.pop()
  if (type.align !== undefined || (type.total !== undefined && r.scopes.length > 0)) readGap(r, type, start, value)
  if (type.total !== undefined && r.scopes.length > 0) r.end = end
  return value
}

const holdsWhole = (r: Reader, type: Type): boolean => r.end - r.pos >= (fixedSize(type) ?? 1)

function readField(r: Reader, field: FieldData, value: Values): void {
  r.path.push(field.name)
  if (field.type.kind === 'struct' || field.type.kind === 'array' || field.type.kind === 'union') r.unused = undefined
  const read = readType(r, field.type, field)
  if (!(field.elide === true && (read as { length: number }).length === 0)) value[field.name] = read
  if (r.unused !== undefined) value[`${field.name}_unused`] = r.unused
  r.unused = undefined
  r.path.pop()
}

/** Ends the struct's region where its own length field says. */
function bound(r: Reader, type: StructType, start: number): void {
  const path = type.total as string
  const total = evaluate({ terms: [{ field: path, times: 1 }] }, 0, r.scopes)
  const offset = start + offsetOf(type, path.split('.'))
  const where = { path: pathOf([...r.path, path]), offset, length: 4, expected: r.end - start, actual: total }
  if (total < r.pos - start) throw fault(r, 'length', `says ${plural(total, 'byte')}, ${r.pos - start} are behind it already`, where)
  if (total > r.end - start) throw fault(r, 'length', `says ${plural(total, 'byte')}, ${r.end - start} are there`, where)
  if (r.scopes.length === 1 && total < r.end - start)
    throw fault(r, 'length', `says ${plural(total, 'byte')}, ${r.end - start} are there`, where)
  r.end = start + total
}

function offsetOf(type: StructType, steps: readonly string[]): number {
  let offset = 0
  for (const field of type.fields) {
    if (field.name === steps[0])
      return steps.length === 1 || field.type.kind !== 'struct' ? offset : offset + offsetOf(field.type, steps.slice(1))
    offset += minSize(field.type)
  }
  return offset
}

/** The gap up to the next record; kept unless it is what an encoder writes anyway. */
function readGap(r: Reader, type: StructType, start: number, value: Values): void {
  const used = r.pos - start
  const gap = type.align === undefined ? 0 : Math.ceil(used / type.align) * type.align - used
  const left = r.end - r.pos
  const size = type.total === undefined ? Math.min(gap, left) : left
  if (size === 0 && gap === 0) return
  const bytes = r.bytes.subarray(take(r, size), r.pos)
  if (size !== gap || bytes.some(b => b !== 0)) value.gap = bytes
}
