/**
 * A value as the library may write it: counts and reserved words filled, everything checked. The library itself wraps numbers that do not
 * fit, writes 0 for what is missing and counts that contradict their lists; whatever looks like that is left to the interpreter.
 */
import { isBytes } from '../input.ts'
import { encodeText } from '../text.ts'
import { DOUBT } from './doubt.ts'
import { type ChoicePlan, exactSize, type FieldPlan, type IntPlan, leavesUnused, type Plan, type StructPlan, unusedName } from './plan.ts'
import { marked, unusedSize, type Values } from './raw.ts'

type Fill = (size: number) => void

interface Prepared {
  readonly raw: Values
  /** what the length of the whole message fills */
  readonly fills: readonly Fill[]
}

/** Throws a doubt for every value that the interpreter might refuse. */
export function prepare(plan: StructPlan, value: unknown): Prepared {
  const fills: Fill[] = []
  return { raw: structOf(plan, value, fills), fills }
}

const demand = (condition: boolean): void => {
  if (!condition) throw DOUBT
}

function structOf(plan: StructPlan, value: unknown, fills: Fill[]): Values {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array))
  const given = { ...(value as Values) }
  const names = new Set(plan.fields.flatMap(f => (leavesUnused(f.plan) ? [f.name, unusedName(f.name)] : [f.name])))
  demand(Object.keys(given).every(key => names.has(key)))
  demand(!plan.prefix || plan.fields.every(f => given[f.name] !== undefined))
  const raw: Values = {}
  for (const field of plan.fields) {
    const own = given[field.name]
    raw[marked(field.name)] = own === undefined ? absent(field, raw, fills) : rawOf(field.plan, own, raw, fills)
    settle(plan, field, raw)
    if (leavesUnused(field.plan)) raw[marked(unusedName(field.name))] = unusedOf(field.plan, given[unusedName(field.name)], raw)
  }
  demand(plan.fields.every(f => raw[marked(f.name)] !== undefined || f.data.fill === 'message'))
  return raw
}

/** What stands for a field that is not given; undefined where something behind it decides. */
function absent({ name, plan, data }: FieldPlan, raw: Values, fills: Fill[]): unknown {
  if (data.fill === 'message') {
    const int = plan as IntPlan
    fills.push(size => {
      raw[marked(name)] = intOf(int, int.size === 8 ? BigInt(size) : size)
    })
    return undefined
  }
  if (data.role === 'derived') return undefined
  if (data.elide === true) return plan.kind === 'list' ? [] : new Uint8Array(0)
  demand(data.role === 'reserved')
  return zeroOf(plan)
}

/** What is reserved has a fixed size: the schema says so. */
function zeroOf(plan: Plan): unknown {
  if (plan.kind === 'int') return plan.size === 8 ? 0n : 0
  if (plan.kind === 'list' && typeof plan.count === 'number') return Array.from({ length: plan.count }, () => zeroOf(plan.of))
  if (plan.kind === 'bytes' || plan.kind === 'text') return new Uint8Array(exactSize(plan) as number)
  throw DOUBT
}

function rawOf(plan: Plan, value: unknown, raw: Values, fills: Fill[]): unknown {
  switch (plan.kind) {
    case 'int':
      return intOf(plan, value)
    case 'text':
      return textBytes(value, exactSize(plan))
    case 'bytes':
      demand(isBytes(value) && (typeof plan.count !== 'number' || value.length === plan.count))
      return value
    case 'list':
      demand(Array.isArray(value) && (typeof plan.count !== 'number' || value.length === plan.count))
      demand((value as unknown[]).length <= (plan.capacity ?? Number.POSITIVE_INFINITY))
      return Array.from(value as unknown[], element => rawOf(plan.of, element, raw, fills))
    case 'choice':
      return rawOf(caseOf(plan, raw), value, raw, fills)
    case 'struct':
      return structOf(plan, value, fills)
  }
}

function intOf({ size, signed }: IntPlan, value: unknown): unknown {
  if (size === 8) {
    demand(typeof value === 'bigint' && (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) === value)
    return value
  }
  const top = 2 ** (size * 8)
  const low = signed ? -top / 2 : 0
  demand(Number.isInteger(value) && (value as number) >= low && (value as number) < low + top)
  return value
}

function textBytes(value: unknown, size: number | undefined): Uint8Array {
  const bytes = typeof value === 'string' ? encodeText(value) : undefined
  if (bytes === undefined || bytes.length > (size ?? bytes.length)) throw DOUBT
  const padded = new Uint8Array(size ?? bytes.length)
  padded.set(bytes)
  return padded
}

function caseOf(plan: ChoicePlan, raw: Values): Plan {
  const found = plan.cases.get(raw[marked(plan.tag)] as number) ?? plan.otherwise
  if (found === undefined) throw DOUBT
  return found
}

/** The field that counts this one must be the kind that is filled, and agree where it is given. */
function settle(struct: StructPlan, field: FieldPlan, raw: Values): void {
  let { plan } = field
  while (plan.kind === 'choice') plan = caseOf(plan, raw)
  const count = plan.kind === 'list' || plan.kind === 'text' || plan.kind === 'bytes' ? plan.count : 0
  if (typeof count === 'number' || count === 'rest') return
  const counter = struct.fields.find(f => f.name === count) as FieldPlan
  demand(counter.data.role === 'derived' && counter.data.fill === undefined)
  const int = counter.plan as IntPlan
  const { length } = raw[marked(field.name)] as { length: number }
  const known = raw[marked(count)]
  demand(known === undefined || Number(known) === length)
  raw[marked(count)] = intOf(int, int.size === 8 ? BigInt(length) : length)
}

function unusedOf(plan: Plan, given: unknown, raw: Values): Uint8Array {
  const size = unusedSize(plan, raw)
  if (given === undefined) return new Uint8Array(size)
  if (!isBytes(given) || given.length !== size) throw DOUBT
  return given
}
