/**
 * `famfs-wire/struct`: a decoder and encoder made with restructure from a schema at run time. It says yes or nothing; every refusal, and
 * every doubt, is the interpreter's.
 */

import type { Schema } from '../../schema/fields.ts'
import { read } from '../decode.ts'
import { write } from '../encode.ts'
import { attempt, type Result } from '../errors.ts'
import { snapshotOf } from '../input.ts'
import { planOf } from './plan.ts'
import { reader, writer } from './structure.ts'

/** Decodes and encodes what one schema describes; refuses as the interpreter does. */
export interface StructBackend<V, I> {
  /**
   * Decodes bytes that hold exactly one value, on a snapshot.
   * @throws WireError as the interpreter's `decode`: same code, path, offset and partial value
   */
  decode(bytes: Uint8Array): V
  /** As `decode`, but a refusal is returned. */
  tryDecode(bytes: Uint8Array): Result<V>
  /**
   * Encodes a value; counts and reserved words may be left out.
   * @throws WireError as the interpreter's `encode`: same code, path and offset
   */
  encode(value: I): Uint8Array
  /** As `encode`, but a refusal is returned. */
  tryEncode(value: I): Result<Uint8Array>
}

/**
 * A codec for the schema, little-endian, in the newest minor with all flags. Takes structs of fixed fields, char arrays, lists with a
 * constant count or one in an earlier field, unions by an earlier field, nested structs, and bytes up to the end; structs that may end early
 * go through the library in full size. Generates no code, so that it works under a strict Content Security Policy.
 * @throws WireError `unsupported` when the schema holds anything else; path: `struct.field`
 */
export function structFor<V, I>(schema: Schema<V, I>): StructBackend<V, I> {
  const plan = planOf(schema.type)
  const readWhole = reader(plan)
  const writeWhole = writer(plan)
  const decode = (bytes: Uint8Array): V => {
    const snapshot = snapshotOf(bytes)
    return (readWhole(snapshot) ?? read(schema.type, snapshot, {})) as V
  }
  const encode = (value: I): Uint8Array => writeWhole(value) ?? write(schema.type, value)
  return { decode, tryDecode: bytes => attempt(() => decode(bytes)), encode, tryEncode: value => attempt(() => encode(value)) }
}
