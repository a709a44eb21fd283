/** The generated codecs with the schemas that they were made from, and random values for any schema of theirs. */
import fc from 'fast-check'
import type { EncodeOptions } from '../src/codec/encode.ts'
import type { Result, WireError } from '../src/codec/errors.ts'
import type { FieldData, StructType, Type, UnionType } from '../src/schema/types.ts'
import { families } from '../tools/generate/messages.ts'
import { present } from '../tools/generate/model.ts'

export type Value = Record<string, unknown>

export interface Codec {
  readonly name: string
  /** the constant in src/uapi that declares it */
  readonly struct: string
  readonly type: StructType
  readonly decode: (bytes: Uint8Array) => Value
  readonly tryDecode: (bytes: Uint8Array) => Result<Value>
  readonly encode: (value: unknown, options?: EncodeOptions) => Uint8Array
  readonly encodeInto: (value: unknown, target: Uint8Array, offset?: number) => number
  readonly sizeOf: (value: unknown) => number
}

/** Imports them, anew after modules were reset. */
export async function loadCodecs(): Promise<Codec[]> {
  const codecs: Codec[] = []
  for (const family of families) {
    const module: Record<string, unknown> = await import(`../src/codec/generated/${family.file}.ts`)
    for (const { name, type, from } of family.messages)
      codecs.push({
        name,
        struct: from[1],
        type,
        decode: module[`decode${name}`] as Codec['decode'],
        tryDecode: module[`tryDecode${name}`] as Codec['tryDecode'],
        encode: module[`encode${name}`] as Codec['encode'],
        encodeInto: module[`encode${name}Into`] as Codec['encodeInto'],
        sizeOf: module[`sizeOf${name}`] as Codec['sizeOf'],
      })
  }
  return codecs
}

export const codecs: readonly Codec[] = await loadCodecs()

export const codec = (name: string): Codec => {
  const found = codecs.find(c => c.name === name)
  if (found === undefined) throw new Error(`no generated codec ${name}`)
  return found
}

/** A complete value, as decoding gives it. */
export function anyValue(type: Type): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'int':
      return type.size === 8 ? long(type.signed) : short(8 * type.size, type.signed)
    case 'text':
      return fc.string({ unit: 'grapheme', maxLength: (type.length.plus ?? 8) >> 2 }).map(text => text.replace(/\0+$/, ''))
    case 'bytes':
      return type.length.rest === true
        ? fc.uint8Array({ minLength: 1, maxLength: 20 })
        : fc.uint8Array({ minLength: type.length.plus ?? 0, maxLength: type.length.plus ?? 0 })
    case 'array':
      return fc.array(anyValue(type.of), { minLength: type.count.plus ?? 0, maxLength: type.count.plus ?? 6 })
    case 'struct':
      return structOf(type)
    default:
      throw new Error(`no values of kind ${type.kind}`)
  }
}

const short = (bits: number, signed: boolean): fc.Arbitrary<number> => {
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0, 1, 2 ** (bits - 1) - 1, signed ? -1 : 2 ** (bits - 1)))
}

const long = (signed: boolean): fc.Arbitrary<bigint> => {
  const [min, max] = signed ? [-(1n << 63n), (1n << 63n) - 1n] : [0n, (1n << 64n) - 1n]
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 32n))
}

function structOf(type: StructType): fc.Arbitrary<unknown> {
  const union = type.fields.find(f => f.type.kind === 'union')
  if (union === undefined) return fieldsOf(type.fields.filter(present), {})
  const { on, cases } = union.type as UnionType
  if (on.by !== 'field') throw new Error('only unions by a field')
  return fc.oneof(
    ...cases.map(c =>
      fieldsOf(
        type.fields.map(f => (f === union ? { ...f, type: c.type } : f)),
        { [on.field]: c.match },
      ),
    ),
  )
}

/** Counts are right, what may be left out sometimes is. */
function fieldsOf(fields: readonly FieldData[], fixed: Value): fc.Arbitrary<unknown> {
  const optional = fields.filter(f => f.elide === true).map(f => f.name)
  const record = fc.record(Object.fromEntries(fields.map(f => [f.name, anyValue(f.type)])), {
    requiredKeys: fields.map(f => f.name).filter(name => !optional.includes(name)),
    noNullPrototype: true,
  })
  return record.map(value => {
    const full: Value = { ...(value as Value), ...fixed }
    for (const f of fields) {
      const count = f.type.kind === 'array' ? f.type.count.terms?.[0]?.field : undefined
      if (count !== undefined) full[count] = (full[f.name] as unknown[]).length
    }
    return full
  })
}

/** Everything that an error tells, for comparison. */
export const told = ({ code, path, offset, length, message, expected, actual, partial }: WireError): unknown => ({
  code,
  path,
  offset,
  length,
  message,
  expected,
  actual,
  partial,
})
