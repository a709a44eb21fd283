/**
 * What the library back ends can carry of a schema: a struct of fixed fields, char arrays, lists with a constant count or one in an earlier
 * field, unions by an earlier field, nested structs, and raw bytes up to the end. Conditions on version and flags are settled here, for the
 * newest minor with all flags. Everything else is refused, with the name of struct and field. facts: design 8
 */
import { fixedSize } from '../../schema/size.ts'
import type { ArrayType, Condition, Expr, FieldData, StructType, Type, UnionType } from '../../schema/types.ts'
import { WireError } from '../errors.ts'
import { holds } from '../scope.ts'

/** A constant, or the name of an unsigned integer field that stands before it in the same struct. */
export type Count = number | string

export interface IntPlan {
  readonly kind: 'int'
  readonly size: 1 | 2 | 4 | 8
  readonly signed: boolean
}
export interface TextPlan {
  readonly kind: 'text'
  readonly count: Count
}
export interface BytesPlan {
  readonly kind: 'bytes'
  readonly count: Count | 'rest'
}
export interface ListPlan {
  readonly kind: 'list'
  readonly of: IntPlan | StructPlan
  readonly count: Count
  readonly capacity: number | undefined
}
export interface ChoicePlan {
  readonly kind: 'choice'
  readonly tag: string
  readonly cases: ReadonlyMap<number, Plan>
  readonly otherwise: Plan | undefined
  readonly size: number | undefined
}
export interface StructPlan {
  readonly kind: 'struct'
  readonly name: string
  /** the bytes may end before any field; the libraries take them in full size only */
  readonly prefix: boolean
  readonly fields: readonly FieldPlan[]
}
export interface FieldPlan {
  readonly name: string
  readonly plan: Plan
  readonly data: FieldData
}
export type Plan = IntPlan | TextPlan | BytesPlan | ListPlan | ChoicePlan | StructPlan

/** Where the walk stands: the field, its struct, and the fields before it. */
interface Place {
  readonly struct: StructType
  readonly outermost: boolean
  readonly earlier: readonly FieldPlan[]
  readonly field: FieldData
  readonly last: boolean
}

/**
 * The plan for a schema.
 * @throws WireError `unsupported`, with `struct.field` as path
 */
export function planOf(type: Type): StructPlan {
  if (type.kind !== 'struct') throw refusal('the top', `a ${type.kind} is no struct`)
  return planStruct(type, true)
}

const refusal = (path: string, detail: string): WireError =>
  new WireError({ code: 'unsupported', path, offset: 0, detail: `${detail}; only the interpreter can carry it` })

const refuse = (at: Place, detail: string): WireError => refusal(`${at.struct.name}.${at.field.name}`, detail)

/** Conditions that are settled when the back end is built. */
const SETTLED: readonly (keyof Condition)[] = ['minor', 'belowMinor', 'flag', 'wordSize']

const isSettled = (c: Condition): boolean => Object.keys(c).every(key => SETTLED.includes(key as keyof Condition))

/** binary-parser generates code from names. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

function planStruct(type: StructType, outermost: boolean): StructPlan {
  if (type.total !== undefined) throw refusal(`${type.name}.${type.total}`, 'a length of the struct itself bounds it')
  if (type.align !== undefined) throw refusal(type.name, 'its records are padded')
  const fields: FieldPlan[] = []
  type.fields.forEach((field, i) => {
    const at: Place = { struct: type, outermost, earlier: fields, field, last: i === type.fields.length - 1 }
    if (!NAME.test(field.name) || field.name === '__proto__') throw refuse(at, 'its name is no plain identifier')
    if (field.when !== undefined && !isSettled(field.when)) throw refuse(at, 'whether it is there depends on the bytes')
    if (field.when !== undefined && !holds(field.when, {}, 0, [])) return
    if (field.elide === true && field.type.kind !== 'bytes' && field.type.kind !== 'array')
      throw refuse(at, 'only bytes and lists are elided')
    const plan = planType(at, field.type, true)
    if (type.prefix === true && !isAsDeclared(plan, field.type)) throw refuse(at, 'a struct that may end early holds a field of open size')
    fields.push({ name: field.name, plan, data: field })
  })
  return { kind: 'struct', name: type.name, prefix: type.prefix === true, fields }
}

/** Of one size, the one that the interpreter reckons with before it looks at conditions. */
const isAsDeclared = (plan: Plan, type: Type): boolean => {
  const size = exactSize(plan)
  return size !== undefined && size === fixedSize(type)
}

/** `direct`: the type is the field's own, and what it leaves unused can be kept beside the field. */
function planType(at: Place, type: Type, direct: boolean): Plan {
  switch (type.kind) {
    case 'int':
      return { kind: 'int', size: type.size, signed: type.signed }
    case 'text':
      return { kind: 'text', count: countOf(at, type.length) }
    case 'bytes':
      return { kind: 'bytes', count: type.length.rest === true ? restAt(at, type.length, direct) : countOf(at, type.length) }
    case 'array':
      return planList(at, type, direct)
    case 'union':
      return planChoice(at, type, direct)
    case 'struct':
      return planStruct(type, false)
    case 'name':
      throw refuse(at, 'text that ends at a NUL')
    case 'region':
      throw refuse(at, 'a region of bytes with its own end')
  }
}

function restAt(at: Place, length: Expr, direct: boolean): 'rest' {
  const plain = (length.terms ?? []).length === 0 && (length.plus ?? 0) === 0
  if (!plain || !direct || !at.outermost || !at.last) throw refuse(at, 'bytes up to the end stand only last in the outermost struct')
  return 'rest'
}

function countOf(at: Place, e: Expr): Count {
  const [term, ...more] = e.terms ?? []
  if (e.rest === true || more.length > 0) throw refuse(at, 'its length is an expression')
  if (term === undefined) return e.plus ?? 0
  if (term.times !== 1 || (e.plus ?? 0) !== 0) throw refuse(at, 'its length is an expression')
  const counter = at.earlier.find(f => f.name === term.field)?.plan
  if (counter?.kind !== 'int' || counter.signed) throw refuse(at, `${term.field} is no unsigned integer before it in the same struct`)
  return term.field
}

function planList(at: Place, type: ArrayType, direct: boolean): ListPlan {
  if (type.lenient === true) throw refuse(at, 'a list that may end inside an element')
  if (type.of.kind !== 'int' && type.of.kind !== 'struct') throw refuse(at, `a list of ${type.of.kind}`)
  if (type.capacity !== undefined && !direct) throw refuse(at, 'room for elements inside a union')
  const of = type.of.kind === 'int' ? { ...type.of } : planStruct(type.of, false)
  if (leastSize(of) === 0) throw refuse(at, 'elements that may take no bytes cannot be counted against the bytes left')
  if (type.capacity !== undefined && !isAsDeclared(of, type.of)) throw refuse(at, 'room for elements of open size')
  return { kind: 'list', of, count: countOf(at, type.count), capacity: type.capacity }
}

function planChoice(at: Place, type: UnionType, direct: boolean): ChoicePlan {
  const { on, size } = type
  if (on.by !== 'field') throw refuse(at, `a union by ${on.by}`)
  const tag = at.earlier.find(f => f.name === on.field)?.plan
  if (on.mask !== undefined || tag?.kind !== 'int' || tag.size === 8)
    throw refuse(at, `${on.field} is no whole integer of up to 32 bits before it in the same struct`)
  if (size !== undefined && !direct) throw refuse(at, 'a union of fixed size inside another')
  const planCase = (of: Type): Plan => {
    const plan = planType(at, of, false)
    if (size !== undefined && (exactSize(plan) ?? size + 1) > size) throw refuse(at, 'a case of open size, or larger than its union')
    return plan
  }
  const cases = new Map<number, Plan>()
  for (const { match, type: of } of type.cases) {
    if (typeof match !== 'number') throw refuse(at, 'a case that is no single number')
    if (!cases.has(match)) cases.set(match, planCase(of))
  }
  return { kind: 'choice', tag: on.field, cases, otherwise: type.otherwise === undefined ? undefined : planCase(type.otherwise), size }
}

/** Bytes that every value of this plan takes; undefined where that depends on the bytes. */
export function exactSize(plan: Plan): number | undefined {
  switch (plan.kind) {
    case 'int':
      return plan.size
    case 'text':
    case 'bytes':
      return typeof plan.count === 'number' ? plan.count : undefined
    case 'list': {
      const count = plan.capacity ?? plan.count
      const size = exactSize(plan.of)
      return typeof count === 'number' && size !== undefined ? count * size : undefined
    }
    case 'choice':
      return plan.size
    case 'struct':
      return plan.fields.reduce<number | undefined>((sum, f) => {
        const size = f.data.elide === true ? undefined : exactSize(f.plan)
        return sum === undefined || size === undefined ? undefined : sum + size
      }, 0)
  }
}

/** Least number of bytes that a value of this plan takes. */
export function leastSize(plan: Plan): number {
  switch (plan.kind) {
    case 'list':
      return exactSize(plan) ?? (typeof plan.count === 'number' ? plan.count * leastSize(plan.of) : 0)
    case 'choice':
      return plan.size ?? Math.min(...[...plan.cases.values(), ...(plan.otherwise === undefined ? [] : [plan.otherwise])].map(leastSize))
    case 'struct':
      return plan.fields.reduce((sum, f) => sum + leastSize(f.plan), 0)
    default:
      return exactSize(plan) ?? 0
  }
}

/** Where the bytes behind the used elements or the chosen case are kept. */
export const unusedName = (name: string): string => `${name}_unused`

/** Whether bytes are left unused behind this field's value, which are kept beside it. */
export const leavesUnused = (plan: Plan): boolean =>
  (plan.kind === 'list' && plan.capacity !== undefined) || (plan.kind === 'choice' && plan.size !== undefined)

/** The name of the field that takes the bytes up to the end. */
export const restField = (plan: StructPlan): string | undefined => {
  const last = plan.fields.at(-1)
  return last?.plan.kind === 'bytes' && last.plan.count === 'rest' ? last.name : undefined
}
