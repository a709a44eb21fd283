/** String literals of C, Python, Go, Rust, JavaScript and strace: characters and escapes that stand for bytes. */
import { ESCAPES } from './characters.ts'
import { digitAt, digitsEnd } from './chars.ts'
import { quoted, TextMistake } from './reading.ts'
import { full } from './rows.ts'
import type { Sink } from './sink.ts'

/** A literal that was read. */
export interface Literal {
  /** the character behind the closing quote */
  readonly end: number
  /** it had an escape, which ordinary words have not */
  readonly escaped: boolean
}

const SAME: Readonly<Record<string, number>> = { '\\': 0x5c, "'": 0x27, '"': 0x22, '`': 0x60, '?': 0x3f, e: 0x1b }

const OCTAL_DIGITS = 3

/** The value of the escape at a backslash, and where it ends. */
function escapeAt(text: string, at: number, rust: boolean): { readonly value: number | undefined; readonly end: number } {
  const kind = text[at + 1] ?? ''
  if (kind === 'x') {
    const [high, low] = [digitAt(text, at + 2), digitAt(text, at + 3)]
    if (high > 15) throw new TextMistake({ offset: at }, `expected \\x and two hex digits, found ${quoted(text.slice(at, at + 4))}`)
    return low > 15 ? { value: high, end: at + 3 } : { value: high * 16 + low, end: at + 4 }
  }
  const end = Math.min(digitsEnd(text.slice(at + 1, at + 1 + OCTAL_DIGITS), 0, 8)) + at + 1
  if (end > at + 1) {
    // Rust knows only \0: in b"..." a further digit is a character of its own there, in Python it is part of the number
    if (rust && kind === '0' && end > at + 2)
      throw new TextMistake({ offset: at }, `${text.slice(at, end)} is one byte in Python and several in Rust: write \\x..`, {
        unreadable: true,
      })
    const value = Number.parseInt(text.slice(at + 1, end), 8)
    if (value > 0xff) throw new TextMistake({ offset: at }, `expected a byte, found ${text.slice(at, end)}`)
    return { value, end }
  }
  if (kind === '\n' || kind === '\r') return { value: undefined, end: at + (text.startsWith('\r\n', at + 1) ? 3 : 2) }
  const value = ESCAPES[kind] ?? SAME[kind]
  if (value === undefined) throw new TextMistake({ offset: at }, `no escape of a byte: ${quoted(text.slice(at, at + 2))}`)
  return { value, end: at + 2 }
}

/**
 * Reads the literal whose opening quote stands at `at`.
 * @param prefixed a `b` stands before it
 * @throws TextMistake where it does not end, or holds what is no byte
 */
export function readString(text: string, at: number, into: Sink, prefixed = false): Literal {
  const quote = text[at]
  const rust = prefixed && quote === '"'
  let escaped = false
  for (let i = at + 1; i < text.length; ) {
    const code = text.charCodeAt(i)
    if (text[i] === quote) return { end: i + 1, escaped }
    if (text[i] !== '\\') {
      if (code > 0x7e || (code < 0x20 && code !== 9))
        throw new TextMistake({ offset: i }, `no character of a string of bytes: ${quoted(text[i] ?? '')}`)
      if (!into.push(code)) throw full({ offset: i })
      i++
      continue
    }
    escaped = true
    const { value, end } = escapeAt(text, i, rust)
    if (value !== undefined && !into.push(value)) throw full({ offset: i })
    i = end
  }
  throw new TextMistake({ offset: at }, `a string that does not end: ${quoted(text.slice(at, at + 40))}`)
}
