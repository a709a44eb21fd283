/** JSON that others wrote, read without recursion: every place that parses JSON of strangers goes through here. */
import { WireError } from './errors.ts'

/** Lists and objects within each other; no message and no capture comes near it. */
export const MOST_NESTING = 256

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSE: ReadonlySet<number> = new Set([0x5d, 0x7d])

/** Index of the quote that ends the string which starts at `at`; the end of the text where none does. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return i
    if (code === BACKSLASH) i++
  }
  return text.length
}

const refusal = (offset: number, detail: string, code: 'text' | 'range' = 'text'): WireError =>
  new WireError({ code, path: '', offset, detail })

function checkNesting(text: string): void {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = endOfString(text, i)
    else if (CLOSE.has(code)) depth--
    else if (OPEN.has(code) && ++depth > MOST_NESTING) throw refusal(i, `no JSON that is read here: nested more than ${MOST_NESTING} deep`)
  }
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const DIGIT_OR_MINUS = /[-\d]/

const isExact = (token: string): boolean => (/^-?\d+$/.test(token) ? Number.isSafeInteger(Number(token)) : Number.isFinite(Number(token)))

/**
 * Whether every number is the one that is written: integers beyond 2^53 and numbers beyond all bounds are not.
 * @throws WireError code range, naming the number as it is written
 */
export function checkNumbers(text: string): void {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === QUOTE) i = endOfString(text, i)
    else if (DIGIT_OR_MINUS.test(text.charAt(i))) {
      NUMBER.lastIndex = i
      const [token = text.charAt(i)] = NUMBER.exec(text) ?? []
      if (!isExact(token) && token !== '-')
        throw refusal(i, `${token.slice(0, 40)} is no number that JSON carries exactly: above 2^53 a string is needed`, 'range')
      i += token.length - 1
    }
  }
}

/**
 * The value of a JSON text, as JSON.parse has it.
 * @throws SyntaxError for what is no JSON, WireError code text for what is nested more than {@link MOST_NESTING} deep
 */
export function jsonValue(text: string): unknown {
  checkNesting(text)
  return JSON.parse(text)
}

/**
 * The same where every refusal is a WireError.
 * @throws WireError code text; the offset of nesting is a character
 */
export function parseJson(text: string): unknown {
  try {
    return jsonValue(text)
  } catch (error) {
    throw error instanceof WireError ? error : refusal(0, `no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
