/** Cells of hexdump -c and od -c: a character, an escape, or three octal digits in four columns. */
import { digitsEnd } from './chars.ts'
import type { Sink } from './sink.ts'

export const ESCAPES: Readonly<Record<string, number>> = { '0': 0, a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }

const OCTAL_DIGITS = 3

/** Appends what four columns stand for; false where that is nothing. */
export function pushCharacter(into: Sink, columns: string): boolean {
  const text = columns.slice(1)
  if (text.length === OCTAL_DIGITS && digitsEnd(text, 0, 8) === OCTAL_DIGITS) {
    const value = Number.parseInt(text, 8)
    return value <= 0xff && into.push(value)
  }
  const last = text.slice(2)
  const control = text[1] === '\\' ? ESCAPES[last] : undefined
  if (control !== undefined) return into.push(control)
  // an editor may have cut the blanks that end a line, and one of them may be the character
  if (text.slice(0, 2).trim() !== '' || last.length > 1) return false
  const code = last === '' ? 0x20 : last.charCodeAt(0)
  return code < 0x7f && into.push(code)
}
