/** Fields: a type, and what is known about it at its place in a struct. Built by chaining from the primitives. */
import type { ArrayType, Condition, EnumTable, Expr, FieldData, FlagTable, IntType, Role, StructType, Type, UnionType } from './types.ts'

/** A type with the value that it decodes to and the value that it can be encoded from; both exist for the compiler only. */
export interface Schema<V, I = V> {
  readonly type: Type
  readonly $value?: V
  readonly $input?: I
}

/** required: always there. optional: only with some versions or lengths. defaulted: always decoded, may be left out when encoding. */
export type Presence = 'required' | 'optional' | 'defaulted'

/** `C` are the names of the fields that this one's count or length fills. */
export interface Field<V, P extends string = Presence, C extends string = never, I = V> extends Schema<V, I> {
  readonly data: Omit<FieldData, 'name' | 'type'>
  readonly $presence?: P
  readonly $counts?: C
  /** what a reader should know, shown beside the field */
  doc(text: string): Field<V, P, C, I>
  /** names for the values; the wire stays open */
  named(names: EnumTable, doc?: string): Field<V, P, C, I>
  /** names for the bits; the wire stays open */
  flags(names: FlagTable, doc?: string): Field<V, P, C, I>
  /** not used by anybody: 0 unless given, kept when decoded */
  reserved(doc?: string): Field<V, 'defaulted', C, I>
  /** filled on encode from what it counts or measures, checked when given */
  derived(doc?: string): Field<V, 'defaulted', C, I>
  /** filled with the length of the whole message when absent; never checked */
  fillWithMessageLength(doc?: string): Field<V, 'defaulted', C, I>
  /** there only when the condition holds */
  when(condition: Condition): Field<V, 'optional', C, I>
  /** there only from this FUSE minor on */
  since(minor: number): Field<V, 'optional', C, I>
  /** before this FUSE minor the header had the same bytes as reserved words, under this name; they decode alike */
  was(name: string, before: number): Field<V, P, C, I>
  /** left out of the value when empty, empty when left out */
  elided(): Field<V, 'optional', C, I>
  /** placed without C alignment */
  loose(): Field<V, P, C, I>
}

/** A union chosen by the value of an earlier field: narrows in TypeScript. */
export interface Tagged<Tag extends string, Cases extends object> extends Field<unknown, 'required', never, unknown> {
  /** the field that chooses */
  readonly tag: Tag
  readonly $cases?: Cases
}

/** A field of any type. */
export type AnyField = Field<unknown, string, string, unknown>
/** The fields of a struct by name, in the order of the bytes. */
export type Fields = Readonly<Record<string, AnyField>>

type Data = Omit<FieldData, 'name' | 'type'>

/** A field of a type; the primitives and constructors of this file are made with it. */
export function field<V, P extends string = 'required', C extends string = never, I = V>(type: Type, data: Data = {}): Field<V, P, C, I> {
  const withData = <Q extends string>(more: Data): Field<V, Q, C, I> => field<V, Q, C, I>(type, { ...data, ...more })
  const documented = (more: Data, doc: string | undefined): Data => (doc === undefined ? more : { ...more, doc })
  const role = (name: Role, doc: string | undefined): Field<V, 'defaulted', C, I> => withData(documented({ role: name }, doc))
  return {
    type,
    data,
    doc: text => withData({ doc: text }),
    named: (names, doc) => withData(documented({ names }, doc)),
    flags: (names, doc) => withData(documented({ names }, doc)),
    reserved: doc => role('reserved', doc),
    derived: doc => role('derived', doc),
    fillWithMessageLength: doc => withData(documented({ role: 'derived', fill: 'message' }, doc)),
    when: condition => withData({ when: { ...data.when, ...condition } }),
    since: minor => withData({ when: { ...data.when, minor } }),
    was: (name, before) => withData({ was: { name, before } }),
    elided: () => withData({ elide: true }),
    loose: () => withData({ loose: true }),
  }
}

const int = (size: IntType['size'], signed: boolean): IntType => ({ kind: 'int', size, signed })

/** Unsigned 8 bits, a number. */
export const u8: Field<number, 'required'> = /* @__PURE__ */ field(int(1, false))
/** Unsigned 16 bits, a number. */
export const u16: Field<number, 'required'> = /* @__PURE__ */ field(int(2, false))
/** Unsigned 32 bits, a number. */
export const u32: Field<number, 'required'> = /* @__PURE__ */ field(int(4, false))
/** Unsigned 64 bits, a bigint. */
export const u64: Field<bigint, 'required'> = /* @__PURE__ */ field(int(8, false))
/** Signed 32 bits, a number. */
export const s32: Field<number, 'required'> = /* @__PURE__ */ field(int(4, true))
/** Signed 64 bits, a bigint. */
export const s64: Field<bigint, 'required'> = /* @__PURE__ */ field(int(8, true))

/** A count or length as it is written in a schema: a number, the name of an earlier field, `rest`, or a full expression. */
export type Count = number | string | Expr

/** What is left of the region. */
export const REST: Expr = { rest: true }

/** A count as the full expression that it stands for. */
export const expr = (count: Count): Expr =>
  typeof count === 'number' ? { plus: count } : typeof count === 'string' ? { terms: [{ field: count, times: 1 }] } : count

type CountName<C> = C extends string ? C : never

/** char[count] holding text: zero padded, decoded up to its last non-zero byte. facts: DESIGN 4 in docs/design.md */
export const chars = <const C extends Count>(count: C): Field<string, 'required', CountName<C>> =>
  field({ kind: 'text', length: expr(count) })
/** Text up to a terminating NUL. */
export const cstring: Field<string, 'required'> = /* @__PURE__ */ field({ kind: 'name' })
/** Uninterpreted bytes. */
export const bytes = <const C extends Count>(count: C): Field<Uint8Array, 'required', CountName<C>> =>
  field({ kind: 'bytes', length: expr(count) })

/** How an array is more than elements one after the other. */
export interface ArrayOptions {
  /** room for this many elements is always there */
  readonly capacity?: number
  /** a record that does not fit ends the list instead of being an error */
  readonly lenient?: true
}

/** `count` elements: a constant, an earlier field, an expression, or as many as the region holds ({@link REST}). */
export const array = <V, I, const C extends Count>(
  of: Schema<V, I>,
  count: C,
  options: ArrayOptions = {},
): Field<V[], 'required', CountName<C>, readonly I[]> => {
  const type: ArrayType = { kind: 'array', of: of.type, count: expr(count), ...options }
  return field(type)
}

/** A struct or field type at this place. */
export const nested = <V, I>(of: Schema<V, I>): Field<V, 'required', never, I> => field(of.type)

/** Bytes of exactly this length, filled by the type. */
export const region = <V, I, const C extends Count>(length: C, of: Schema<V, I>): Field<V, 'required', CountName<C>, I> =>
  field({ kind: 'region', length: expr(length), of: of.type })

/** How a union is more than one of its cases. */
export interface UnionOptions {
  /** bytes that the union always takes, whatever the case */
  readonly size?: number
}

type CaseMap = Readonly<Record<number, Schema<unknown, unknown>>>

/** Union by the value of an earlier field. Decoding an unknown tag is an error (`tag`) unless `otherwise` is given. */
export const tagged = <const Tag extends string, const Cases extends CaseMap>(
  tag: Tag,
  cases: Cases,
  options: UnionOptions = {},
): Tagged<Tag, Cases> => {
  const list = Object.entries(cases).map(([match, schema]) => ({ match: Number(match), type: schema.type }))
  const type: UnionType = { kind: 'union', on: { by: 'field', field: tag }, cases: list, ...options }
  return { ...field<unknown, 'required', never, unknown>(type), tag }
}

type ValueIn<S> = S extends { readonly $value?: infer V } ? V : never
type InputIn<S> = S extends { readonly $input?: infer I } ? I : never
type Choice<S extends Schema<unknown, unknown>> = Field<ValueIn<S>, 'required', never, InputIn<S>>

type Ranges = readonly (readonly [number, number, Schema<unknown, unknown>])[]

/** Union by ranges of an earlier field, bounds inclusive. */
export const byRange = <const R extends Ranges, O extends Schema<unknown, unknown>>(
  tag: string,
  ranges: R,
  otherwise: O,
): Choice<R[number][2] | O> => {
  const cases = ranges.map(([from, to, schema]) => ({ match: [from, to] as const, type: schema.type }))
  return field({ kind: 'union', on: { by: 'field', field: tag }, cases, otherwise: otherwise.type })
}

/** Union by whether any bit of `mask` is set in an earlier field. */
export const byBits = <S extends Schema<unknown, unknown>, O extends Schema<unknown, unknown>>(
  flags: string,
  mask: number,
  whenSet: S,
  otherwise: O,
): Choice<S | O> =>
  field({ kind: 'union', on: { by: 'field', field: flags, mask }, cases: [{ match: mask, type: whenSet.type }], otherwise: otherwise.type })

/** Union by the number of bytes in the region. */
export const byLength = <S extends Schema<unknown, unknown>, O extends Schema<unknown, unknown>>(
  cases: Readonly<Record<number, S>>,
  otherwise: O,
): Choice<S | O> => {
  const list = Object.entries(cases).map(([length, schema]) => ({ match: Number(length), type: schema.type }))
  return field({ kind: 'union', on: { by: 'length' }, cases: list, otherwise: otherwise.type })
}

/**
 * Union by ranges (bounds inclusive) of a number field of the request that is being answered, named by its path in the whole message
 * (`body.size`). `otherwise` where no range holds it, and where the request is not known.
 */
export const byRequest = <const R extends Ranges, O extends Schema<unknown, unknown>>(
  fieldPath: string,
  ranges: R,
  otherwise: O,
): Choice<R[number][2] | O> => {
  const cases = ranges.map(([from, to, schema]) => ({ match: [from, to] as const, type: schema.type }))
  return field({ kind: 'union', on: { by: 'request', field: fieldPath }, cases, otherwise: otherwise.type })
}

/** C union of `size` bytes by the io_uring command that the bytes belong to; raw bytes where that is not known or uses none of the cases. */
export const byCommand = <const Cases extends CaseMap>(
  size: number,
  cases: Cases,
): Field<ValueIn<Cases[keyof Cases & number]> | Uint8Array, 'required', never, InputIn<Cases[keyof Cases & number]> | Uint8Array> => {
  const list = Object.entries(cases).map(([match, schema]) => ({ match: Number(match), type: schema.type }))
  return field({ kind: 'union', on: { by: 'command' }, cases: list, otherwise: bytes(size).type, size })
}

/** Union by the id of the dialect. */
export const byDialect = <S extends Schema<unknown, unknown>, O extends Schema<unknown, unknown>>(
  cases: readonly (readonly [readonly string[], S])[],
  otherwise: O,
): Choice<S | O> => {
  const list = cases.map(([dialects, schema]) => ({ match: dialects, type: schema.type }))
  return field({ kind: 'union', on: { by: 'dialect' }, cases: list, otherwise: otherwise.type })
}

export type { EnumTable, FlagTable, StructType }
