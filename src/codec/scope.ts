/** How a schema's expressions and conditions are answered from what has been read or given so far. */
import type { Condition, Expr, Match, Selector, UnionType } from '../schema/types.ts'
import { ALL_FLAGS, type Context, NEWEST_MINOR } from './context.ts'

type Values = Readonly<Record<string, unknown>>

/** The value at `path`, searched from the innermost struct outward; undefined where there is none. */
export function lookup(scopes: readonly Values[], path: string): unknown {
  const steps = path.split('.')
  for (let i = scopes.length - 1; i >= 0; i--) {
    const found = walk(scopes[i], steps)
    if (found !== undefined) return found
  }
  return undefined
}

/** The value at `steps` below `value`, own properties only. */
export function walk(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Values)[step] : undefined),
    value,
  )
}

/** A count or length; u64 fields are taken as numbers, since every answer above the bytes left is refused alike. */
export function evaluate(e: Expr, rest: number, scopes: readonly Values[]): number {
  let sum = (e.rest === true ? rest : 0) + (e.plus ?? 0)
  for (const term of e.terms ?? []) sum += Number(lookup(scopes, term.field) ?? 0) * term.times
  return sum
}

const bit = (context: Context, n: number): boolean => (((context.flags ?? ALL_FLAGS) >> BigInt(n)) & 1n) === 1n

/** Whether a conditional field is there. */
export function holds(c: Condition, context: Context, rest: number, scopes: readonly Values[]): boolean {
  const minor = context.minor ?? NEWEST_MINOR
  if (c.minor !== undefined && minor < c.minor) return false
  if (c.belowMinor !== undefined && minor >= c.belowMinor) return false
  if (c.flag !== undefined && bit(context, Math.abs(c.flag)) !== c.flag >= 0) return false
  if (c.wordSize !== undefined && (context.wordSize ?? 64) !== c.wordSize) return false
  if (c.room === true && rest === 0) return false
  return c.field === undefined || fieldHolds(c, Number(lookup(scopes, c.field)))
}

function fieldHolds(c: Condition, value: number): boolean {
  return c.mask !== undefined ? (value & c.mask) !== 0 : value === c.equals
}

/** What the selector of a union sees: the tag, or undefined where it is not known. */
export function tagOf(on: Selector, context: Context, rest: number, scopes: readonly Values[]): unknown {
  switch (on.by) {
    case 'field': {
      const value = lookup(scopes, on.field)
      return on.mask === undefined ? value : (Number(value) & on.mask) === 0 ? 0 : on.mask
    }
    case 'length':
      return rest
    case 'request':
      return walk(typeof context.request === 'function' ? context.request() : context.request, on.field.split('.'))
    case 'dialect':
      return context.dialect
    case 'command':
      return context.command
    case 'opcode':
      return on.direction === 'request'
        ? lookup(scopes, 'header.opcode')
        : on.direction === 'reply'
          ? context.opcode
          : lookup(scopes, 'header.error')
  }
}

/** The case of a union for a tag. */
export function chosen(type: UnionType, tag: unknown, context: Context): UnionType['otherwise'] {
  if (type.on.by === 'opcode') return context.body?.(type.on.direction, Number(tag)) ?? type.otherwise
  return type.cases.find(c => matches(c.match, tag))?.type ?? type.otherwise
}

function matches(match: Match, tag: unknown): boolean {
  if (typeof match === 'number' || typeof match === 'string') return match === tag || (typeof tag === 'bigint' && BigInt(match) === tag)
  const [first, second] = match
  if (typeof first === 'number' && typeof second === 'number') return typeof tag === 'number' && tag >= first && tag <= second
  return (match as readonly unknown[]).includes(tag)
}
