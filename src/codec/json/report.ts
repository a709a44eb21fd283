/** What io-ts found, as the one error of this library. io-ts' own reporter cannot show a bigint. */
import * as t from 'io-ts'
import { pathOf, WireError, type WireErrorCode } from '../errors.ts'
import { describe } from '../writer.ts'

/** A finding that knows its code; those of codecs from elsewhere do not. */
interface Fault extends t.ValidationError {
  readonly code: WireErrorCode
}

/** Refuses the value at this place. */
export function refuse(at: t.Context, code: WireErrorCode, message: string): t.Validation<never> {
  const fault: Fault = { value: at.at(-1)?.actual, context: at, code, message }
  return t.failures([fault])
}

/** Refuses a value of the wrong kind, or its absence. */
export function wants(at: t.Context, expected: string): t.Validation<never> {
  const actual = at.at(-1)?.actual
  return actual === undefined
    ? refuse(at, 'missing', `needs ${expected}, nothing is given`)
    : refuse(at, 'range', `needs ${expected}, got ${describe(actual)}`)
}

const INDEX = /^\d+$/

/**
 * The first finding of a failed `decode` of any io-ts codec as a {@link WireError}: path like `extents[0].se_len`, offset 0. Findings of codecs
 * that are not made here have code `missing` where the value is absent, `range` otherwise.
 */
export function wireErrorOf(errors: t.Errors): WireError {
  const [first] = errors
  if (first === undefined) return new WireError({ code: 'range', path: '', offset: 0, detail: 'does not fit' })
  const { value, context } = first
  const code = 'code' in first ? (first as Fault).code : value === undefined ? 'missing' : 'range'
  const needed = context.at(-1)?.type.name ?? 'another value'
  const detail = first.message ?? `needs ${needed}, got ${describe(value)}`
  return new WireError({ code, path: pathOf(stepsOf(context)), offset: 0, detail, expected: needed, actual: value })
}

/** The keys of a context that are fields or indices: not the root, and not the number of a member of a union or intersection. */
function stepsOf(context: t.Context): (string | number)[] {
  const steps: (string | number)[] = []
  context.forEach(({ key }, i) => {
    const outer = context[i - 1]
    if (outer !== undefined && !hasMembers(outer.type)) steps.push(INDEX.test(key) ? Number(key) : key)
  })
  return steps
}

function hasMembers(type: unknown): boolean {
  const { _tag: tag, type: inner } = type as { _tag?: string; type?: unknown }
  return tag === 'RefinementType' ? hasMembers(inner) : tag === 'UnionType' || tag === 'IntersectionType'
}
