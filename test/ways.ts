/** The ways through the bytes of one schema, held against each other: the interpreter, both library back ends, and the libraries alone. */
import { expect } from 'vitest'
import { compile } from '../src/codec/backends/compiled.ts'
import { parserFor } from '../src/codec/backends/parser.ts'
import { planOf } from '../src/codec/backends/plan.ts'
import { structFor } from '../src/codec/backends/struct.ts'
import { reader, writer } from '../src/codec/backends/structure.ts'
import { tryDecode } from '../src/codec/decode.ts'
import { tryEncode } from '../src/codec/encode.ts'
import type { Result } from '../src/codec/errors.ts'
import type { Schema } from '../src/schema/index.ts'
import { same } from './same.ts'

export type AnySchema = Schema<unknown, unknown>

/** What a caller sees of a refusal. */
export const seen = (result: Result<unknown>): unknown =>
  result.ok ? result : { ok: false, error: { ...result.error, message: result.error.message } }

/** The three ways over one schema, and the libraries alone. */
export function ways(schema: AnySchema) {
  const plan = planOf(schema.type)
  const parser = parserFor(schema)
  const structured = structFor(schema)
  const libraries = [compile(plan), reader(plan)]
  const write = writer(plan)
  return {
    /** All agree on these bytes; `carried`: the libraries answered themselves. */
    check(input: Uint8Array, carried: boolean): void {
      const expected = tryDecode(schema, input)
      same(seen(parser.tryDecode(input)), seen(expected))
      same(seen(structured.tryDecode(input)), seen(expected))
      const alone = libraries.map(library => library(input))
      if (!expected.ok) same(alone, [undefined, undefined])
      else if (carried) same(alone, [expected.value, expected.value])
      else for (const value of alone) same(value ?? expected.value, expected.value)
    },
    /** Both encoders agree on this value; `carried`: the library answered itself. */
    write(value: unknown, carried: boolean): void {
      const expected = tryEncode(schema, value)
      same(seen(structured.tryEncode(value)), seen(expected))
      const alone = write(value)
      if (!expected.ok || !carried) expect(alone).toBeUndefined()
      else same(alone, expected.value)
    },
  }
}
