/** The C name of a field, from its place in the bytes. */
import { type LayoutRow, layoutOf } from '../../codec/layout.ts'
import type { Schema } from '../../schema/index.ts'

/** Which case of each union is the one that the bytes mean, by the union's name. */
export type Choice = Readonly<Record<string, number>>

const CASE = /(\w+)<(\w+)>/g

/** Whether all unions on the way have the case that was chosen. */
export const chosen = (path: string, choice: Choice): boolean =>
  [...path.matchAll(CASE)].every(([, union, match]) => String(choice[union as string]) === match)

const known = /* @__PURE__ */ new WeakMap<Schema<unknown>, readonly LayoutRow[]>()

/** The rows of a schema, made once: a log full of faults asks for them again and again. */
function rowsOf(schema: Schema<unknown>): readonly LayoutRow[] {
  const rows = known.get(schema) ?? layoutOf(schema)
  known.set(schema, rows)
  return rows
}

/**
 * The innermost field at a byte; empty where there is none.
 * @param element index in the innermost array; `at` is the byte in its first element
 */
export function fieldAt(schema: Schema<unknown>, at: number, choice: Choice = {}, element = 0): string {
  let smallest = Number.POSITIVE_INFINITY
  let found = ''
  for (const row of rowsOf(schema)) {
    const [offset, size] = [row.offset as number, row.size as number]
    if (at < offset || at >= offset + size || size > smallest || !chosen(row.path, choice)) continue
    smallest = size
    found = row.path
  }
  const path = found
    .replace(/\w+<\w+>\.?/g, '')
    .replace(/\[\d+\]$/, '')
    .replace(/\.$/, '')
  const list = path.lastIndexOf('[0]')
  return element === 0 ? path : `${path.slice(0, list)}[${element}]${path.slice(list + 3)}`
}
