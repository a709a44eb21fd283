/** The JSON form of any schema as an io-ts codec, and the same as plain functions. docs/json-form.md */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Schema } from '../../schema/fields.ts'
import type { Context } from '../context.ts'
import { tryEncode } from '../encode.ts'
import { attempt, type Result } from '../errors.ts'
import type { Json } from './leaf.ts'
import { type Brands, readJson } from './read.ts'
import { wireErrorOf } from './report.ts'
import { toJson } from './write.ts'

export interface JsonOptions extends Context {
  /**
   * What values of certain fields must satisfy besides their type, by `struct.field`: `{ 'fuse_famfs_simple_ext.se_offset': pmdAligned() }`.
   * Only the codec's `is` is asked.
   */
  readonly brands?: Brands
}

/**
 * An io-ts codec between a value and its JSON form. `I` is what encoding to bytes takes: counts, lengths and reserved words may be absent.
 *
 * `decode` takes what JSON.parse gives; 64-bit integers as decimal or 0x strings or safe integers, enumerations by name or number, flags as
 * a number or a list of names, bytes as hex. Keys that the schema does not have are refused. {@link wireErrorOf} makes its errors readable.
 * `encode` gives what JSON.stringify takes; it throws a WireError for a value that is none of the schema.
 */
export function jsonCodec<I>(schema: Schema<unknown, I>, options: JsonOptions = {}): t.Type<I, Json, unknown> {
  const { type } = schema
  const { brands = {}, ...context } = options
  const name = type.kind === 'struct' ? type.name : type.kind
  const validate = (input: unknown, at: t.Context): t.Validation<I> =>
    readJson({ context, brands, scopes: [] }, type, undefined, input, at) as t.Validation<I>
  const is = (value: unknown): value is I =>
    tryEncode(schema as Schema<unknown, unknown>, value, context).ok && isRight(validate(toJson(type, value, context), []))
  return new t.Type<I, Json, unknown>(name, is, validate, value => toJson(type, value, context))
}

/**
 * The value of JSON in the form of the schema, ready to be encoded.
 * @throws WireError missing, range, tag, text, count or unsupported, with the path of the member and offset 0
 */
export function decodeJson<I>(schema: Schema<unknown, I>, json: unknown, options: JsonOptions = {}): I {
  const result = jsonCodec(schema, options).decode(json)
  if (isLeft(result)) throw wireErrorOf(result.left)
  return result.right
}

/** As {@link decodeJson}, but a refusal is returned. */
export const tryDecodeJson = <I>(schema: Schema<unknown, I>, json: unknown, options: JsonOptions = {}): Result<I> =>
  attempt(() => decodeJson(schema, json, options))

/**
 * The JSON form of a value, whole or decoded in part: 64-bit integers as decimal strings, enumerations by name where the value has one,
 * bytes as lower-case hex.
 * @throws WireError range, tag or unsupported where the value is none of the schema
 */
export const encodeJson = <I>(schema: Schema<unknown, I>, value: I, context: Context = {}): Json => toJson(schema.type, value, context)

/** As {@link encodeJson}, but a refusal is returned. */
export const tryEncodeJson = <I>(schema: Schema<unknown, I>, value: I, context: Context = {}): Result<Json> =>
  attempt(() => encodeJson(schema, value, context))
