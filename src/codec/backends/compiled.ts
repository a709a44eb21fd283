/// <reference path="./binary-parser.d.ts" />
/**
 * A binary-parser for a plan. Its own strings are not used: they lose bytes that are no UTF-8. It cannot see trailing bytes, takes cut
 * buffers for whole ones and believes every count, so that the end is saved and lists are counted against the bytes left.
 * facts: binary-parser 2.3.0
 */
import { Parser } from 'binary-parser'
import { WireError } from '../errors.ts'
import { decodeText, textEnd } from '../text.ts'
import { DOUBT } from './doubt.ts'
import {
  type ChoicePlan,
  type Count,
  exactSize,
  type FieldPlan,
  type ListPlan,
  leastSize,
  leavesUnused,
  type Plan,
  restField,
  type StructPlan,
  unusedName,
} from './plan.ts'
import { tidier } from './tidy.ts'

type Values = Record<string, unknown>

/** Bytes that lists may still claim. One parse at a time: no code of others runs during it. */
interface Budget {
  left: number
}

/** The library's part alone: undefined where it does not know, or must not be believed. */
export function compile(plan: StructPlan): (snapshot: Uint8Array) => unknown {
  const budget: Budget = { left: 0 }
  const parser = new Parser().nest('value', { type: structParser(plan, budget) }).saveOffset('end')
  try {
    parser.compile()
  } catch (error) {
    throw new WireError({ code: 'unsupported', path: plan.name, offset: 0, detail: `binary-parser cannot be built: ${String(error)}` })
  }
  const tidy = tidier(plan)
  const rest = restField(plan)
  const least = leastSize(plan)
  return snapshot => {
    if (snapshot.length < least) return undefined
    budget.left = snapshot.length - least
    try {
      const { value, end } = parser.parse(snapshot) as { value: Values; end: number }
      const tail = rest === undefined ? 0 : (value[rest] as Uint8Array).length
      if (end + tail !== snapshot.length) return undefined
      tidy?.(value)
      return value
    } catch {
      return undefined
    }
  }
}

function structParser(plan: StructPlan, budget: Budget): Parser {
  const parser = new Parser()
  for (const field of plan.fields) {
    add(parser, field.name, field.plan, budget)
    if (leavesUnused(field.plan)) addUnused(parser, field)
  }
  return parser
}

function add(parser: Parser, name: string, plan: Plan, budget: Budget): Parser {
  switch (plan.kind) {
    case 'int':
      return parser[primitive(plan.size, plan.signed)](name)
    case 'text': {
      const trims = typeof plan.count === 'number'
      return parser.buffer(name, { length: amount(plan.count), formatter: bytes => textOf(bytes, trims) })
    }
    case 'bytes':
      return plan.count === 'rest' ? parser.buffer(name, { readUntil: 'eof' }) : parser.buffer(name, { length: amount(plan.count) })
    case 'list':
      return parser.array(name, { type: elementParser(plan, budget), length: guarded(plan, budget) })
    case 'choice':
      return addChoice(parser, name, plan, budget)
    case 'struct':
      return parser.nest(name, { type: structParser(plan, budget) })
  }
}

function primitive(size: 1 | 2 | 4 | 8, signed: boolean): 'uint8' | 'uint16le' | 'uint32le' | 'uint64le' | 'int32le' | 'int64le' {
  if (size === 1) return 'uint8'
  if (size === 2) return 'uint16le'
  if (size === 4) return signed ? 'int32le' : 'uint32le'
  return signed ? 'int64le' : 'uint64le'
}

const elementParser = ({ of }: ListPlan, budget: Budget): Parser | ReturnType<typeof primitive> =>
  of.kind === 'int' ? primitive(of.size, of.signed) : structParser(of, budget)

const textOf = (bytes: Uint8Array, trims: boolean): string => decodeText(bytes, 0, trims ? textEnd(bytes, 0, bytes.length) : bytes.length)

/** A function everywhere: the library takes the number 0 for an option that is missing, and cannot add bigints. */
const amount = (count: Count) =>
  function (this: Values): number {
    return typeof count === 'number' ? count : Number(this[count])
  }

/** The count of a list, once it is known that its elements fit in the bytes that nothing else has claimed. */
function guarded({ count, of, capacity }: ListPlan, budget: Budget): (this: Values) => number {
  const size = leastSize(of)
  if (typeof count === 'number') return () => count
  return function (this: Values): number {
    const n = Number(this[count])
    if (n > (capacity ?? n)) throw DOUBT
    if (capacity === undefined) budget.left -= n * size
    if (budget.left < 0) throw DOUBT
    return n
  }
}

function addChoice(parser: Parser, name: string, plan: ChoicePlan, budget: Budget): Parser {
  const caseOf = (of: Plan): Parser => {
    const chosen = add(new Parser(), name, of, budget)
    if (plan.size === undefined) return chosen
    return chosen.buffer(unusedName(name), { length: amount(plan.size - (exactSize(of) as number)), formatter: unlessZero })
  }
  const choices = Object.fromEntries([...plan.cases].map(([match, of]) => [match, caseOf(of)]))
  const { otherwise } = plan
  return parser.choice({ tag: plan.tag, choices, ...(otherwise === undefined ? {} : { defaultChoice: caseOf(otherwise) }) })
}

const unlessZero = (bytes: Uint8Array): Uint8Array | undefined => (bytes.some(b => b !== 0) ? bytes : undefined)

/** Room that a list did not use; a union's lies inside its cases. */
function addUnused(parser: Parser, { name, plan }: FieldPlan): void {
  if (plan.kind !== 'list' || plan.capacity === undefined) return
  const { capacity, count } = plan
  const size = exactSize(plan.of) as number
  const used = amount(count)
  const length = function (this: Values): number {
    return (capacity - used.call(this)) * size
  }
  parser.buffer(unusedName(name), { length, formatter: unlessZero })
}
