/** Lists of numbers between brackets, as C, Python, Go, Rust, Java and JavaScript write them. */
import { betweenEnd } from './blanks.ts'
import { digitAt, digitsEnd } from './chars.ts'
import { type Piece, quoted, TextMistake } from './reading.ts'
import { full } from './rows.ts'
import { pushWord, type Sink, sink } from './sink.ts'
import { readString } from './strings.ts'

/** The text is no list of numbers after all; another form may know it. */
export class NotThis extends Error {}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' }

/** Lists in lists: no deeper than anybody writes them. */
const DEEPEST = 8

/** Digits of hex numbers that are written in full. */
const WORDS: Readonly<Record<number, number>> = { 4: 2, 8: 4, 16: 8 }

interface Found {
  readonly end: number
  readonly pieces: Piece[]
  /** bytes of the words of the list */
  readonly size: number
}

interface State {
  readonly text: string
  readonly into: Sink
  /** bytes of an element: what the declaration says, or the first number; undefined before that */
  size: number | undefined
  /** all elements have two decimal digits, and no comma stands between them: they may be hex */
  pairs: boolean
}

const SUFFIX = /^_?(?:[ui](?:8|16|32|64|size)|[uU]?[lL]{0,2}|n)(?![\w.])/

interface Numeral {
  readonly value: bigint
  readonly digits: number
  readonly hex: boolean
  readonly end: number
}

/** More digits than any number of 64 bits has. */
const MOST_DIGITS = 20

/**
 * The number at `at`.
 * @throws NotThis for digits that are hex without saying so
 */
function numberAt(text: string, at: number): Numeral | undefined {
  const negative = text[at] === '-'
  const from = negative ? at + 1 : at
  if (digitAt(text, from) > 15) return undefined
  const hex = text[from] === '0' && (text[from + 1] === 'x' || text[from + 1] === 'X')
  const start = hex ? from + 2 : from
  const end = digitsEnd(text, start, hex ? 16 : 10)
  const digits = end - start
  if (digits === 0 || digits > MOST_DIGITS)
    throw hex ? new TextMistake({ offset: at }, `expected a number, found ${quoted(text.slice(at, at + 24))}`) : new NotThis()
  if (!hex && ((digits > 1 && text[start] === '0') || digitAt(text, end) < 16)) throw new NotThis()
  const value = BigInt(text.slice(from, end))
  const suffix = SUFFIX.exec(text.slice(end, end + 8))?.[0].length ?? 0
  return { value: negative ? -value : value, digits: hex ? digits : 0, hex, end: end + suffix }
}

/** Appends a number as the elements of the list are written. */
function pushNumber(state: State, numeral: Numeral, at: number): void {
  const { into, text } = state
  const own = numeral.hex ? WORDS[numeral.digits] : undefined
  state.size ??= own ?? 1
  const most = 1n << BigInt(8 * state.size)
  const { value } = numeral
  if (value >= most || value < -(most / 2n))
    throw new TextMistake(
      { offset: at },
      `expected a number of ${8 * state.size} bits, found ${text.slice(at, numeral.end)}${state.size === 1 ? ': words need their type in front, as uint32_t' : ''}`,
    )
  if (!pushWord(into, value < 0n ? value + most : value, state.size)) throw full({ offset: at })
}

/** The fast way for what nearly all elements are: bytes without a sign or a suffix. @returns the end, or -1 */
function pushPlainByte(state: State, at: number): number {
  const { text, into, size } = state
  if (size !== 1) return -1
  const hex = text[at] === '0' && text[at + 1] === 'x'
  const start = hex ? at + 2 : at
  let [value, end] = [0, start]
  for (const radix = hex ? 16 : 10; end - start < 3; end++) {
    const digit = digitAt(text, end)
    if (digit >= radix) break
    value = value * radix + digit
  }
  const after = text[end]
  if (end === start || value > 0xff || (after !== ',' && after !== ' ' && after !== ']' && after !== '}')) return -1
  if (!hex && end - start > 1 && text[start] === '0') return -1
  if (hex || end - start !== 2) state.pairs = false
  return into.push(value) ? end : -1
}

const REPEATS = /^\s?<repeats (\d{1,9}) times>/
const MORE = /^\.\.\.(?: (\d{1,12}) more (?:items?|bytes?))?/

/** Repeats the element that `start` begins, as gdb writes runs. @returns the end of the words that say so */
function repeated({ text, into }: State, at: number, start: number): number {
  const found = text[at] === ' ' || text[at] === '<' ? REPEATS.exec(text.slice(at, at + 40)) : null
  if (found === null) return at
  if (!into.repeat(start, into.length - start, Math.max(0, Number(found[1]) - 1))) throw full({ offset: at })
  return at + found[0].length
}

/**
 * Reads the list whose bracket opens at `at`.
 * @param declared bytes of an element where its type says it
 * @throws NotThis when there are no numbers in it; TextMistake for a wrong one
 */
export function readList(text: string, at: number, declared: number | undefined, depth = 0): Found {
  if (depth > DEEPEST) throw new TextMistake({ offset: at }, `lists in lists, deeper than ${DEEPEST}`)
  const closing = CLOSING[text[at] as string] as string
  const state: State = { text, into: sink(), size: declared, pairs: declared === undefined }
  const pieces: Piece[] = []
  let missing: number | 'unknown' | undefined
  for (let i = betweenEnd(text, at + 1); ; ) {
    if (i >= text.length) throw new TextMistake({ offset: at }, `a list that does not end: ${closing} is missing`)
    if (text[i] === closing) {
      if (state.pairs && state.into.length > 1) throw new NotThis()
      const bytes = state.into.take()
      if (bytes.length > 0 || pieces.length === 0) pieces.push({ bytes, ...(missing === undefined ? {} : { missing }) })
      return { end: i + 1, pieces, size: state.size ?? 1 }
    }
    const more = text[i] === '.' ? MORE.exec(text.slice(i, i + 40)) : null
    if (more !== null) missing = more[1] === undefined ? 'unknown' : Number(more[1])
    i = more !== null ? i + more[0].length : readElement(state, i, pieces, depth)
    i = betweenEnd(text, i)
    if (text[i] === ',') {
      state.pairs = false
      i = betweenEnd(text, i + 1)
    }
  }
}

function readElement(state: State, at: number, pieces: Piece[], depth: number): number {
  const { text, into } = state
  const start = into.length
  const plain = pushPlainByte(state, at)
  if (plain !== -1) return repeated(state, plain, start)
  const char = text[at] as string
  if (char in CLOSING && char !== '(') {
    const inner = readList(text, at, state.size, depth + 1)
    pieces.push(...inner.pieces)
    return inner.end
  }
  const prefixed = char === 'b' && (text[at + 1] === "'" || text[at + 1] === '"')
  if (char === "'" || char === '"' || prefixed) {
    state.pairs = false
    const { end, escaped } = readString(text, prefixed ? at + 1 : at, into, prefixed)
    if (!escaped && !prefixed && char === '"') throw new NotThis()
    return repeated(state, end, start)
  }
  const numeral = numberAt(text, at)
  if (numeral === undefined) {
    if (into.length === 0) throw new NotThis()
    throw new TextMistake({ offset: at }, `expected a number, found ${quoted(text[at] as string)}`)
  }
  if (numeral.hex || numeral.end - at !== 2) state.pairs = false
  pushNumber(state, numeral, at)
  return repeated(state, numeral.end, start)
}
