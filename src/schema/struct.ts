/** Structs: ordered fields, checked when they are defined. */
import { type AnyField, type Fields, field, type Schema } from './fields.ts'
import type { StructInput, StructValue } from './infer.ts'
import { alignmentOf, fixedSize } from './size.ts'
import type { EnumTable, Expr, FieldData, FlagTable, Numbers, Since, StructType, Type } from './types.ts'

/** What a struct is besides its fields. */
export interface StructOptions {
  readonly doc?: string
  /** the bytes may end before any field */
  readonly prefix?: true
  /** the field that holds this struct's own byte length */
  readonly total?: string
  /** records start at multiples of this */
  readonly align?: number
  /** the first FUSE minor whose header has it */
  readonly since?: number
}

/** A struct schema; spread `fields` into another struct to inline it. */
export interface Struct<F extends Fields> extends Schema<StructValue<F>, StructInput<F>> {
  readonly type: StructType
  readonly fields: F
}

/**
 * A C struct. Its definition is checked: every integer lies at a multiple of its size, the end too, and every field that a count, length,
 * tag or condition names stands before it. Padding must be written out.
 * @throws Error when the definition breaks one of these rules, naming struct and field
 */
export function struct<const F extends Fields>(name: string, fields: F, options: StructOptions = {}): Struct<F> {
  return define(name, fields, options, true)
}

/** Arguments that are sent one after the other, without C alignment between them. */
export function message<const F extends Fields>(name: string, fields: F, options: StructOptions = {}): Struct<F> {
  return define(name, fields, options, false)
}

/** A struct whose bytes may end before any of its fields (INIT). Every field is optional in TypeScript. */
export function prefix<const F extends Fields>(
  name: string,
  fields: F,
  options: StructOptions = {},
): Schema<Partial<StructValue<F>>, Partial<StructInput<F>>> & { readonly type: StructType; readonly fields: F } {
  return define(name, fields, { ...options, prefix: true }, true)
}

function define<F extends Fields>(name: string, fields: F, options: StructOptions, aligned: boolean): Struct<F> {
  const list = deriveCounts(
    Object.entries(fields).map(([key, value]) => ({ name: key, type: value.type, ...value.data })),
    options.total,
  )
  const type: StructType = { kind: 'struct', name, fields: list, ...options }
  checkNames(type)
  if (aligned) checkAlignment(type)
  return { type, fields }
}

/** A field that a later one counts or measures is filled from it, and so is the length of the struct itself. */
function deriveCounts(fields: readonly FieldData[], total: string | undefined): FieldData[] {
  const counting = new Set([total, ...fields.flatMap(f => countedBy(f.type))])
  return fields.map(f => (counting.has(f.name) && f.role === undefined && f.type.kind === 'int' ? { ...f, role: 'derived' } : f))
}

function countedBy(type: Type): string[] {
  const exprs = lengthsOf(type)
  return exprs.flatMap(e => (e.rest ? [] : (e.terms ?? []).length === 1 ? (e.terms ?? []).map(t => t.field) : []))
}

function lengthsOf(type: Type): Expr[] {
  if (type.kind === 'array') return [type.count]
  if (type.kind === 'text' || type.kind === 'bytes') return [type.length]
  if (type.kind === 'region') return [type.length]
  if (type.kind === 'union') return type.cases.flatMap(c => lengthsOf(c.type))
  return []
}

function referencesOf(type: Type): string[] {
  const own = lengthsOf(type).flatMap(e => (e.terms ?? []).map(t => t.field))
  const tag = type.kind === 'union' && type.on.by === 'field' ? [type.on.field] : []
  return [...own, ...tag]
}

const INTEGER_KEY = /^\d+$/
const RESERVED_SUFFIX = /_unused$/

function checkNames(type: StructType): void {
  const seen = new Set<string>()
  const names = new Set(type.fields.map(f => f.name))
  for (const f of type.fields) {
    if (INTEGER_KEY.test(f.name)) throw new Error(`${type.name}.${f.name}: a field name must not be a number, objects would reorder it`)
    if (f.name === '__proto__') throw new Error(`${type.name}: __proto__ cannot be a field name`)
    const refs = [...referencesOf(f.type), ...(f.when?.field === undefined ? [] : [f.when.field])]
    for (const ref of refs) {
      const head = ref.split('.')[0] ?? ref
      if (names.has(head) && !seen.has(head))
        throw new Error(`${type.name}.${f.name}: names the field ${head}, which does not stand before it`)
    }
    if (RESERVED_SUFFIX.test(f.name) && names.has(f.name.replace(RESERVED_SUFFIX, '')))
      throw new Error(`${type.name}.${f.name}: this name is taken for the unused bytes of ${f.name.replace(RESERVED_SUFFIX, '')}`)
    checkElement(type.name, f)
    seen.add(f.name)
  }
  if (type.total !== undefined && typeAt(type, type.total.split('.'))?.kind !== 'int')
    throw new Error(`${type.name}: total names ${type.total}, which is not an integer field of it`)
}

/** The type of a field, by its path through nested structs. */
const typeAt = (type: Type | undefined, steps: readonly string[]): Type | undefined =>
  steps.reduce<Type | undefined>((at, step) => (at?.kind === 'struct' ? at.fields.find(f => f.name === step)?.type : undefined), type)

function checkElement(owner: string, f: FieldData): void {
  if (f.role === 'reserved' && fixedSize(f.type) === undefined) throw new Error(`${owner}.${f.name}: only a fixed size can be reserved`)
  if (f.type.kind !== 'array') return
  const { of, capacity } = f.type
  if (fixedSize(of) === 0) throw new Error(`${owner}.${f.name}: elements of no size cannot be counted against the bytes left`)
  if (capacity !== undefined && fixedSize(of) === undefined)
    throw new Error(`${owner}.${f.name}: a fixed capacity needs elements of a fixed size`)
}

function checkAlignment(type: StructType): void {
  let offset: number | undefined = 0
  for (const f of type.fields) {
    if (offset === undefined) return
    const align = f.loose === true ? 1 : alignmentOf(f.type)
    if (offset % align !== 0)
      throw new Error(
        `${type.name}.${f.name}: lies at ${offset}, needs a multiple of ${align}; write the ${align - (offset % align)} bytes of padding out`,
      )
    const size = f.when === undefined ? fixedSize(f.type) : undefined
    offset = size === undefined ? undefined : offset + size
  }
  const align = alignmentOf(type)
  if (offset !== undefined && offset % align !== 0)
    throw new Error(
      `${type.name}: ends at ${offset}, needs a multiple of ${align}; write the ${align - (offset % align)} bytes of padding out`,
    )
}

/** Union of whole messages by the opcode in their header; the dialect names opcode and body. */
export const byOpcode = <D extends 'request' | 'reply' | 'notify'>(direction: D): AnyField =>
  field<unknown>({ kind: 'union', on: { by: 'opcode', direction }, cases: [] })

/** What a table of names is besides its names. */
export interface NamesOptions {
  /** the first FUSE minor that has a name */
  readonly since?: Since
}

/** Names of the values of an integer. */
export const enumeration = <const V extends Numbers>(name: string, values: V, options: NamesOptions = {}): EnumTable<V> => ({
  kind: 'enum',
  name,
  values,
  ...options,
})

/** Names of the bits of an integer, by bit number. Of two names of one bit the first is the one that is shown. */
export const flagSet = <const B extends Numbers>(name: string, bits: B, options: NamesOptions = {}): FlagTable<B> => ({
  kind: 'flags',
  name,
  bits,
  ...options,
})
