/**
 * `famfs-wire/parser`: a decoder made by binary-parser from a schema at run time. It says yes or nothing; every refusal, and every doubt,
 * is the interpreter's.
 */

import type { Schema } from '../../schema/fields.ts'
import { read } from '../decode.ts'
import { attempt, type Result } from '../errors.ts'
import { snapshotOf } from '../input.ts'
import { compile } from './compiled.ts'
import { planOf } from './plan.ts'

/** Decodes what one schema describes; refuses as the interpreter does. */
export interface ParserBackend<V> {
  /**
   * Decodes bytes that hold exactly one value, on a snapshot.
   * @throws WireError as the interpreter's `decode`: same code, path, offset and partial value
   */
  decode(bytes: Uint8Array): V
  /** As `decode`, but a refusal is returned. */
  tryDecode(bytes: Uint8Array): Result<V>
}

/**
 * A decoder for the schema, little-endian, in the newest minor with all flags. Takes structs of fixed fields, char arrays, lists with a
 * constant count or one in an earlier field, unions by an earlier field, nested structs, and bytes up to the end; structs that may end early
 * go through the library in full size.
 *
 * binary-parser generates code from the names in the schema: never build one from a schema that comes from somebody you do not trust. It
 * cannot work where code generation is forbidden (Content Security Policy); the interpreter and `famfs-wire/struct` can.
 * @throws WireError `unsupported` when the schema holds anything else (path: `struct.field`), or when code generation is forbidden
 */
export function parserFor<V>(schema: Schema<V, unknown>): ParserBackend<V> {
  const parse = compile(planOf(schema.type))
  const decode = (bytes: Uint8Array): V => {
    const snapshot = snapshotOf(bytes)
    return (parse(snapshot) ?? read(schema.type, snapshot, {})) as V
  }
  return { decode, tryDecode: bytes => attempt(() => decode(bytes)) }
}
