/**
 * The interpreter, reading side: walks a schema over bytes. It is the specification and the slow path; it knows path and byte offset of
 * everything and trusts no count. Everything faster says only yes or no and leaves the error to it. The plain kinds are in reader.ts.
 */
import type { Schema } from '../schema/fields.ts'
import { fixedSize, minSize } from '../schema/size.ts'
import type { ArrayType, FieldData, NameType, RegionType, StructType, Type, UnionType } from '../schema/types.ts'
import { endsBefore, readText } from './common.ts'
import type { Context } from './context.ts'
import { attempt, pathOf, type Result } from './errors.ts'
import {
  fault,
  fill,
  type Kinds,
  noCase,
  plainKinds,
  plural,
  type Reader,
  readElements,
  readField,
  readType,
  readWith,
  type Tracer,
  take,
  type Values,
} from './reader.ts'
import { chosen, evaluate, holds, tagOf } from './scope.ts'
import { decodeText } from './text.ts'

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
export function read(type: Type, bytes: Uint8Array, context?: Context, trace?: Tracer): unknown {
  return readWith(allKinds, type, bytes, context, trace)
}

function readName(r: Reader, _type: NameType): string {
  const nul = r.bytes.indexOf(0, r.pos)
  if (nul === -1 || nul >= r.end)
    throw fault(r, 'text', `no terminating NUL in ${plural(r.end - r.pos, 'byte')}`, { length: r.end - r.pos })
  const start = take(r, nul + 1 - r.pos)
  return decodeText(r.bytes, start, nul)
}

/** Reads inside the next bytes and demands that they are used up. */
function readRegion(r: Reader, type: RegionType): unknown {
  const size = evaluate(type.length, r.end - r.pos, r.scopes)
  const end = r.end
  const start = take(r, size)
  r.pos = start
  r.end = start + size
  const value = readType(r, type.of, undefined)
  if (r.pos < r.end)
    throw fault(r, 'trailing', `${plural(r.end - r.pos, 'byte')} left over in a region of ${size}`, { length: r.end - r.pos })
  r.end = end
  return value
}

/** How the elements of a list are read. */
export type ReadElements = (r: Reader, of: Type, count: number, more: () => boolean) => unknown

/** Reads lists, with their elements in this way. */
export const arrayReader =
  (elementsOf: ReadElements) =>
  (r: Reader, type: ArrayType): unknown => {
    const start = r.pos
    const { capacity, lenient } = type
    const toEnd = type.count.rest === true
    const count = toEnd ? Number.POSITIVE_INFINITY : evaluate(type.count, 0, r.scopes)
    if (capacity !== undefined && count > capacity)
      throw fault(r, 'count', `${count} elements, room for ${capacity}`, { expected: capacity, actual: count })
    const more = (): boolean => (!toEnd || r.pos < r.end) && (lenient !== true || fits(r, type.of))
    const elements = elementsOf(r, type.of, count, more)
    if (capacity !== undefined) r.unused = rest(r, start + capacity * (fixedSize(type.of) as number))
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
  if (found === undefined) throw noCase(r, type, tag)
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
  const value = fill(r, value => readFields(r, type, start, value))
  if (type.align !== undefined || (type.total !== undefined && r.scopes.length > 0)) readGap(r, type, start, value)
  if (type.total !== undefined && r.scopes.length > 0) r.end = end
  return value
}

function readFields(r: Reader, type: StructType, start: number, value: Values): void {
  for (const field of type.fields) {
    if (field.when !== undefined && !holds(field.when, r.context, r.end - r.pos, r.scopes)) continue
    if (endsBefore(r, type, field, value)) return
    readField(r, field, value)
    if (type.total?.split('.')[0] === field.name) bound(r, type, start)
  }
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

function offsetOf(type: StructType, [step, ...more]: readonly string[]): number {
  const at = type.fields.findIndex(f => f.name === step)
  const own = (type.fields[at] as FieldData).type
  const before = type.fields.slice(0, at).reduce((sum, f) => sum + minSize(f.type), 0)
  return own.kind === 'struct' ? before + offsetOf(own, more) : before
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

export const allKinds: Kinds = {
  ...plainKinds,
  text: readText,
  name: readName,
  region: readRegion,
  array: arrayReader(readElements),
  union: readUnion,
  struct: readStruct,
}
