/** Source code: arrays and strings of C, Python, Go, Rust, Java and JavaScript, and what their debuggers print. */
import { betweenEnd } from './blanks.ts'
import { pushHex } from './cells.ts'
import { NotThis, readList } from './lists.ts'
import { type Form, type Piece, quoted, type Reading, type Text, TextMistake } from './reading.ts'
import { sink } from './sink.ts'
import { readString } from './strings.ts'

/** Longest start of a statement that is looked at. */
const HEAD = 300

/** `static const uint8_t map[96] =`, `x :=`, `let a: [u8; 2] =`, `$1 =`, `return` */
const DECLARATION = /^(?:[A-Za-z_$][\w$\s*&:<>[\];.]{0,200}?(?::=|=(?!=))|return\b)\s*/
/** What makes bytes of a list or a string: a word, and perhaps a parenthesis. */
const MAKER =
  /^(?:new\s+)?(?:(?:bytes|bytearray)(?:\.fromhex)?|(?:Uint8Array|Int8Array|Buffer|Uint8ClampedArray)(?:\.from|\.of)?(?:\(\d{1,12}\)\s*(?=\[))?|vec!|hex!|hex\.DecodeString|&(?:mut\s+)?|\[\d{0,12}\]\s*(?:byte|u?int(?:8|16|32|64)|u(?:8|16|32|64))|byte\[\]|\(\s*(?:unsigned char|u?int8_t|char|byte)\s*(?:\*|\[\d{0,12}\])\s*\)|\$(?=['"]))\s*/
const JSON_BUFFER = /^\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*/

/** `unsigned int m_bin_len = 96;`, which `xxd -i` adds. */
const LENGTH = /^[A-Za-z_][\w\s*]{0,100}=\s*\d{1,12}\s*(?:;|$)/

/** Types of elements with their sizes, as they stand in a declaration. */
const TYPES: readonly (readonly [RegExp, number])[] = [
  [/\b(?:u?int64(?:_t)?|(?:__)?[us]64|__[bl]e64|i64)\b/, 8],
  [/\b(?:u?int32(?:_t)?|(?:__)?[us]32|__[bl]e32|i32)\b/, 4],
  [/\b(?:u?int16(?:_t)?|(?:__)?[us]16|__[bl]e16|i16)\b/, 2],
  [/\b(?:u?int8(?:_t)?|(?:__)?[us]8|i8|char|byte)\b/, 1],
]

const sizeIn = (head: string): number | undefined => TYPES.find(([type]) => type.test(head))?.[1]

interface Value {
  readonly end: number
  readonly pieces: readonly Piece[]
  readonly words: number
}

interface Cursor {
  readonly text: string
  at: number
  /** open parentheses */
  depth: number
}

const skip = (cursor: Cursor): void => {
  cursor.at = betweenEnd(cursor.text, cursor.at)
}

/** Takes what matches at the cursor. */
function taken(cursor: Cursor, pattern: RegExp): string {
  const found = pattern.exec(cursor.text.slice(cursor.at, cursor.at + HEAD))?.[0] ?? ''
  cursor.at += found.length
  return found
}

const isQuote = (char: string | undefined): boolean => char === '"' || char === "'" || char === '`'
const isPrefix = (text: string, at: number): boolean =>
  (text[at] === 'b' || text[at] === 'B') && (text[at + 1] === '"' || text[at + 1] === "'")

const ONLY_HEX = /^[0-9a-fA-F\s:,-]*$/
const TIMES = /^\s?<repeats (\d{1,9}) times>/

/** Strings one after the other are one, as compilers join them. */
function strings(cursor: Cursor, fromHex: boolean, gdb: boolean): Value {
  const { text } = cursor
  const into = sink()
  // gdb leaves the zeros out that end a string: print/x shows them
  let [known, missing] = [fromHex, gdb]
  for (;;) {
    const prefixed = isPrefix(text, cursor.at)
    const start = into.length
    const open = cursor.at + (prefixed ? 1 : 0)
    const { end, escaped } = readString(text, open, into, prefixed)
    known ||= prefixed || escaped || gdb
    cursor.at = end
    const times = taken(cursor, TIMES)
    if (times !== '' && !into.repeat(start, into.length - start, Number(/\d+/.exec(times)?.[0]) - 1))
      throw new TextMistake({ offset: end }, 'too many bytes')
    const cut = taken(cursor, /^\.\.\./) !== ''
    missing ||= cut
    const before = cursor.at
    skip(cursor)
    if (text[cursor.at] === '+' || text[cursor.at] === '\\' || (gdb && text[cursor.at] === ',')) {
      cursor.at++
      skip(cursor)
    }
    const next = isPrefix(text, cursor.at)
    const lineBetween = /[\n\r]/.test(text.slice(before, cursor.at))
    // two lines of Python are two values unless parentheses hold them together
    if (!(isQuote(text[cursor.at]) || next) || (next && lineBetween && cursor.depth === 0)) break
  }
  if (!known) throw new NotThis()
  const bytes = fromHex ? hexOf(into.take(), cursor) : into.take()
  return { end: cursor.at, pieces: [missing ? { bytes, missing: 'unknown' } : { bytes }], words: 1 }
}

function hexOf(digits: Uint8Array, { at }: Cursor): Uint8Array {
  const text = Buffer.from(digits).toString('latin1')
  const into = sink()
  if (!ONLY_HEX.test(text) || pushHex(into, text.replace(/[\s:,-]/g, '')) !== undefined)
    throw new TextMistake({ offset: at }, 'expected pairs of hex digits in the string before')
  return into.take()
}

/** What follows the start of a statement: a value, in parentheses or not. */
function value(cursor: Cursor, head: string): Value {
  let words = head
  let open = 0
  for (;;) {
    skip(cursor)
    const maker = taken(cursor, MAKER)
    words += maker
    skip(cursor)
    if (cursor.text[cursor.at] === '(') {
      open++
      cursor.at++
      cursor.depth++
    } else if (maker === '') break
  }
  const { text, at } = cursor
  const json = text[at] === '{' ? taken(cursor, JSON_BUFFER) : ''
  const fromHex =
    /fromhex|hex!|hex\.Decode/.test(words) ||
    (isQuote(text[at]) && /Buffer\.from/.test(words) && /^[^)]{0,8},\s*['"]hex/.test(afterString(text, at)))
  const char = text[cursor.at]
  let found: Value
  if (char === '[' || char === '{') {
    const list = readList(text, cursor.at, sizeIn(words))
    found = { end: list.end, pieces: list.pieces, words: list.size }
  } else if (isQuote(char) || isPrefix(text, cursor.at)) found = strings(cursor, fromHex, /^\$\d+ =/.test(head))
  else throw new NotThis()
  cursor.at = found.end
  closing(cursor, open, json !== '')
  return found
}

/** What follows the string that opens at `at`. */
const afterString = (text: string, at: number): string => {
  const end = text.indexOf(text[at] as string, at + 1)
  return end === -1 ? '' : text.slice(end + 1, end + 20)
}

function closing(cursor: Cursor, open: number, json: boolean): void {
  if (json) {
    skip(cursor)
    taken(cursor, /^\}/)
  }
  for (let i = 0; i < open; i++) {
    skip(cursor)
    taken(cursor, /^,\s*(?:['"](?:hex|latin1|binary|ascii)['"])?\s*/)
    if (cursor.text[cursor.at] !== ')')
      throw new TextMistake({ offset: cursor.at }, `expected ), found ${quoted(cursor.text[cursor.at] ?? 'the end')}`)
    cursor.at++
    cursor.depth--
  }
}

function read({ text }: Text): Reading | undefined {
  const cursor: Cursor = { text, at: 0, depth: 0 }
  const pieces: Piece[] = []
  let words = 1
  try {
    for (skip(cursor); cursor.at < text.length; skip(cursor)) {
      if (text[cursor.at] === ';' || (text[cursor.at] === ',' && pieces.length > 0)) cursor.at++
      else if (pieces.length > 0 && taken(cursor, LENGTH) !== '') continue
      else {
        const found = value(cursor, taken(cursor, DECLARATION))
        pieces.push(...found.pieces)
        words = Math.max(words, found.words)
      }
    }
  } catch (error) {
    if (!(error instanceof NotThis)) throw error
    if (pieces.length === 0) return undefined
    throw new TextMistake(
      { offset: cursor.at },
      `expected another list or string of bytes, found ${quoted(text.slice(cursor.at, cursor.at + 40))}`,
    )
  }
  if (pieces.length === 0) return undefined
  const swapped = words === 1 ? '' : `, ${words * 8}-bit words, swapped to little-endian bytes`
  return { taken: `source code${swapped}`, pieces }
}

export const literals: Form = {
  ids: ['code'],
  title:
    'source code: arrays and strings of C (xxd -i), Python b\'..\', bytes, bytearray, Go []byte, Rust b"..", vec!, [u8], Java and JavaScript lists, Uint8Array, Buffer.from; print of gdb',
  how: 'numbers between brackets, also negative ones (signed bytes); strings with their escapes; hex numbers written in full with 4, 8 or 16 digits, and elements of a declared type, are words, which are swapped',
  read,
}
