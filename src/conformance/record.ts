/** Typed reading of JSON that others wrote: a missing or wrong member is a {@link WireError} that names it. */
import { attempt, WireError, type WireErrorCode } from '../codec/errors.ts'

export type Json = Readonly<Record<string, unknown>>

/** A refusal of a JSON member. Offsets mean nothing in JSON and are 0. */
export const bad = (code: WireErrorCode, path: string, detail: string, expected: unknown, actual: unknown): WireError =>
  new WireError({ code, path, offset: 0, detail, expected, actual })

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value)

function wrong(record: Json, key: string, expected: string): WireError {
  const actual = record[key]
  return actual === undefined
    ? bad('missing', key, `must be ${expected}`, expected, undefined)
    : bad('tag', key, `must be ${expected}, is ${kindOf(actual)}`, expected, kindOf(actual))
}

/** What `read` makes of a line; its refusal names the line too: the path is `[index].member`. */
export function inLine<T>(index: number, read: () => T): T {
  const result = attempt(read)
  if (result.ok) return result.value
  const { code, path, detail, expected, actual } = result.error
  throw bad(code, path.startsWith('[') || path === '' ? `[${index}]${path}` : `[${index}].${path}`, detail, expected, actual)
}

/** What `read` makes of each line; those that are undefined are left out, but counted. */
export const eachLine = <T>(lines: readonly unknown[], read: (line: unknown, index: number) => T): T[] =>
  lines.flatMap((line, i) => (line === undefined ? [] : [inLine(i, () => read(line, i))]))

/** @throws WireError when `value` is no object */
export function object(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw bad('tag', '', `must be an object, is ${kindOf(value)}`, 'object', kindOf(value))
}

/** @throws WireError when the member is no string */
export function text(record: Json, key: string): string {
  const value = record[key]
  if (typeof value === 'string') return value
  throw wrong(record, key, 'a string')
}

/** @throws WireError when the member is no safe integer */
export function number(record: Json, key: string): number {
  const value = record[key]
  if (Number.isSafeInteger(value)) return value as number
  throw wrong(record, key, 'an integer')
}

/** @throws WireError when the member is no list */
export function list(record: Json, key: string): readonly unknown[] {
  const value = record[key]
  if (Array.isArray(value)) return value
  throw wrong(record, key, 'a list')
}

/**
 * All members that must be there.
 * @throws WireError that names every missing one
 */
export function demand(record: Json, keys: readonly string[]): void {
  const missing = keys.filter(key => record[key] === undefined)
  if (missing.length > 1) throw bad('missing', missing.join(', '), 'must be there', keys, undefined)
}

/** @throws WireError when the member is none of the words */
export function oneOf<const W extends string>(record: Json, key: string, words: readonly W[]): W {
  const found = words.find(word => word === record[key])
  if (found !== undefined) return found
  throw bad(record[key] === undefined ? 'missing' : 'tag', key, `must be ${words.join(', ')}`, words, record[key])
}

/** The member by `read`; undefined where it is absent or null. */
export const optional = <T>(record: Json, key: string, read: (record: Json, key: string) => T): T | undefined =>
  record[key] === undefined || record[key] === null ? undefined : read(record, key)
