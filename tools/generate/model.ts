/** What the fast path can carry, and questions about it that the emitters share. Anything else is refused here, when it is generated. */
import { fixedSize } from '../../src/schema/size.ts'
import type { ArrayType, Condition, Expr, FieldData, IntType, StructType, Type, UnionType } from '../../src/schema/types.ts'

/** One message of a generated module. */
export interface Message {
  /** what follows decode, encode ... in the names of the functions */
  readonly name: string
  /** name of the interface of its values */
  readonly value: string
  readonly type: StructType
  /** where its schema is, for the type test and the head of the module: file below src/uapi, name of the constant */
  readonly from: readonly [file: string, constant: string]
  /** what the cases of its tagged field are called */
  readonly cases?: Readonly<Record<number, string>>
}

export interface Family {
  /** module name */
  readonly file: string
  readonly title: string
  readonly messages: readonly Message[]
  /** byte offsets that code by hand needs: name of the constant, struct, field */
  readonly offsets?: readonly (readonly [name: string, type: StructType, field: string])[]
}

export class Unsupported extends Error {}

export const refuse = (what: string): never => {
  throw new Unsupported(`the fast path cannot carry ${what}`)
}

/** Where a field lies: bytes behind a variable that holds a byte position, or behind the start of the message. */
export interface Place {
  readonly base?: string
  readonly offset: number
  /** largest power of two that divides the position of the base */
  readonly align: number
}

export const TOP: Place = { offset: 0, align: 8 }

export const move = (place: Place, by: number): Place => ({ ...place, offset: place.offset + by })

const powerOfTwo = (n: number): number => (n === 0 ? 8 : Math.min(8, n & -n))

/** A variable that will hold this place's position, whatever multiple of `step` is added to it. */
export const based = (place: Place, base: string, step: number): Place => ({
  base,
  offset: 0,
  align: Math.min(place.align, powerOfTwo(place.offset), powerOfTwo(step)),
})

/** A byte position as an expression. */
export const position = (place: Place): string =>
  place.base === undefined ? String(place.offset) : place.offset === 0 ? place.base : `${place.base} + ${place.offset}`

/** Bytes of a type that has the same size in every message of the default context. */
export function sizeOf(type: Type): number | undefined {
  if (type.kind !== 'struct') return fixedSize(type)
  if (type.align !== undefined || type.total !== undefined) return undefined
  return sumOf(type.fields.map(f => (present(f) ? fieldSize(f) : 0)))
}

const fieldSize = (field: FieldData): number | undefined => (field.elide === true ? undefined : sizeOf(field.type))

const sumOf = (sizes: readonly (number | undefined)[]): number | undefined =>
  sizes.reduce<number | undefined>((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0)

export const isFixed = (field: FieldData): boolean => fieldSize(field) !== undefined

/** Least bytes of a type. */
export function leastSize(type: Type): number {
  if (type.kind === 'struct') return type.fields.reduce((sum, f) => sum + (present(f) && f.elide !== true ? leastSize(f.type) : 0), 0)
  return sizeOf(type) ?? 0
}

/** What the size of every value of this type is a multiple of. */
export function stepOf(type: Type): number {
  if (type.kind === 'array') return sizeOf(type.of) ?? stepOf(type.of)
  if (type.kind !== 'struct') return sizeOf(type) ?? 1
  const steps = type.fields.filter(present).map(f => stepOf(f.type))
  const whole = sizeOf({ ...type, fields: type.fields.filter(isFixed) }) ?? 1
  return Math.min(whole & -whole, ...type.fields.flatMap((f, i) => (isFixed(f) ? [] : [(steps[i] as number) & -(steps[i] as number)])))
}

/** Whether a conditional field is there in the default context: newest minor, all flags, 64 bits. */
export const present = (field: FieldData): boolean => field.when === undefined || staticallyHolds(field.name, field.when)

function staticallyHolds(name: string, when: Condition): boolean {
  if (when.room !== undefined || when.field !== undefined) return refuse(`${name}, which depends on the bytes`)
  return when.belowMinor === undefined && (when.flag ?? 0) >= 0 && (when.wordSize ?? 64) === 64
}

/** The name of the field that counts, or the constant. */
export function countOf(e: Expr): string | number {
  const [term, ...more] = e.terms ?? []
  if (e.rest === true) return refuse('a count that depends on the bytes left')
  if (term === undefined) return e.plus ?? 0
  if (more.length > 0 || term.times !== 1 || (e.plus ?? 0) !== 0 || term.field.includes('.')) return refuse('a count that is computed')
  return term.field
}

export const isRest = (field: FieldData): boolean => field.type.kind === 'bytes' && field.type.length.rest === true

export function checkArray(type: ArrayType): void {
  if (type.capacity !== undefined || type.lenient !== undefined)
    refuse('an array with capacity, or one that ends where a record does not fit')
}

/** The field that chooses, and cases by number. */
export function casesOf(type: UnionType): {
  readonly tag: string
  readonly cases: readonly { readonly match: number; readonly type: Type }[]
} {
  const { on } = type
  if (on.by !== 'field' || on.mask !== undefined || type.otherwise !== undefined || type.size !== undefined)
    return refuse('a union that is not chosen by the value of a field alone')
  const cases = type.cases.map(c => ({ match: typeof c.match === 'number' ? c.match : refuse('a case by range'), type: c.type }))
  return { tag: on.field, cases }
}

/** Names of the fields that a count or a tag of this struct refers to. */
export function referred(fields: readonly FieldData[]): ReadonlySet<string> {
  return new Set(fields.flatMap(f => names(f.type)))
}

function names(type: Type): string[] {
  if (type.kind === 'array') return [countOf(type.count)].filter(c => typeof c === 'string')
  if (type.kind === 'union') return [casesOf(type).tag, ...type.cases.flatMap(c => names(c.type))]
  return []
}

/** Every field name below a type. */
export function namesBelow(type: Type): string[] {
  if (type.kind === 'struct') return type.fields.flatMap(f => [f.name, ...namesBelow(f.type)])
  if (type.kind === 'array' || type.kind === 'region') return namesBelow(type.of)
  if (type.kind === 'union') return type.cases.flatMap(c => namesBelow(c.type))
  return []
}

/** `u32`, `s64`: the name of an integer type in tables and helpers. */
export const intName = (type: IntType): string => `${type.signed ? 's' : 'u'}${type.size * 8}`

/** Which kinds of the interpreter replay a message, from the fewest to all: those of reader.ts, of common.ts, of decode.ts. */
export type Reach = 'plain' | 'common' | 'all'

export function reachOf(type: Type): Reach {
  switch (type.kind) {
    case 'int':
    case 'bytes':
      return 'plain'
    case 'text':
      return 'common'
    case 'array':
      return type.count.rest === undefined && type.capacity === undefined && type.lenient === undefined ? reachOf(type.of) : 'all'
    case 'union':
      return type.on.by === 'field' && type.on.mask === undefined && type.size === undefined ? farthest(type.cases.map(c => c.type)) : 'all'
    case 'struct': {
      if (type.total !== undefined || type.align !== undefined || type.fields.some(f => f.when !== undefined)) return 'all'
      const fields = farthest(type.fields.map(f => f.type))
      return type.prefix === true && fields === 'plain' ? 'common' : fields
    }
    default:
      return 'all'
  }
}

function farthest(types: readonly Type[]): Reach {
  const reaches = types.map(reachOf)
  return reaches.includes('all') ? 'all' : reaches.includes('common') ? 'common' : 'plain'
}

/** Byte offset of a field behind others of known size. */
export function offsetOf(type: StructType, field: string): number {
  const before = type.fields.slice(
    0,
    type.fields.findIndex(f => f.name === field),
  )
  return before.reduce((sum, f) => sum + (sizeOf(f.type) ?? refuse(`an offset behind ${f.name}`)), 0)
}
