/** The C name of a field, from its place in the bytes. */
import { type LayoutRow, layoutOf } from '../../codec/layout.ts'
import type { Schema } from '../../schema/index.ts'

/** Which case of a union is the one that the bytes mean; undefined: none of the named ones. */
export type Choice = (union: string) => number

const CASE = /(\w+)<(\w+)>/g

/** Whether all unions on the way have the case that was chosen. */
export const chosen = (path: string, choice: Choice): boolean =>
  [...path.matchAll(CASE)].every(([, union = '', match]) => String(choice(union)) === match)

const covers = ({ offset = 0, size = 0 }: LayoutRow, at: number): boolean => at >= offset && at < offset + size

/**
 * The innermost field at a byte.
 * @param element index in the innermost array; `at` is the byte in its first element
 */
export function fieldAt(schema: Schema<unknown>, at: number, choice: Choice = () => 0, element = 0): string {
  let best: LayoutRow | undefined
  for (const row of layoutOf(schema))
    if (covers(row, at) && chosen(row.path, choice) && (best?.size ?? Infinity) >= (row.size ?? 0)) best = row
  const path = (best?.path ?? '')
    .replace(/\w+<\w+>\.?/g, '')
    .replace(/\[\d+\]$/, '')
    .replace(/\.$/, '')
  const list = path.lastIndexOf('[0]')
  return element === 0 || list < 0 ? path : `${path.slice(0, list)}[${element}]${path.slice(list + 3)}`
}
