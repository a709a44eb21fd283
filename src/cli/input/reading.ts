/** What a form of text gives: messages, or the place of a mistake. */

/** One message of a text. */
export interface Piece {
  readonly bytes: Uint8Array
  /** who sent it, where the text tells: a server reads requests and writes replies */
  readonly direction?: 'request' | 'reply'
  /** errno of the write(2) that passed it on, where the text tells */
  readonly writeErrno?: number
  /** bytes that the text leaves out; `unknown` where it does not say how many */
  readonly missing?: number | 'unknown'
}

/** A text that was read. */
export interface Reading {
  /** the form, in words for people: `xxd -e, words of 4 bytes swapped` */
  readonly taken: string
  readonly pieces: readonly Piece[]
}

/** One form of text. */
export interface Form {
  /** names for `--format`: the form, and ways to read it that only a person can tell apart */
  readonly ids: readonly [string, ...string[]]
  /** what writes it, for people and for the table in docs/input.md */
  readonly title: string
  /** how the bytes are found in it, in half a sentence */
  readonly how: string
  /**
   * The messages; undefined when the structure of the text is another one.
   * @throws TextMistake where the structure is this one and something in it is wrong
   */
  read(text: Text): Reading | undefined
}

/** A text and its lines. */
export interface Text {
  readonly text: string
  /** without their ends, which are LF, CR LF or CR */
  readonly lines: readonly string[]
  /** what `--format` says it is */
  readonly asked?: string
}

const LINE_END = /\r\n|\n|\r/

export const textOf = (text: string, asked?: string): Text => ({
  text,
  lines: text.split(LINE_END),
  ...(asked === undefined ? {} : { asked }),
})

/** A place in a text: a line from 0 and a column from 0, or characters from its start. */
export type Place = { readonly line: number; readonly column: number } | { readonly offset: number }

/** Something in a text that its form does not have. Every reader of text throws this, and nothing else. */
export class TextMistake extends Error {
  readonly place: Place
  /** the form has no place for this text at all, or two forms read it differently: it was not read */
  readonly unreadable: boolean
  /** name of the form that the text was taken for; absent where it has none */
  form?: string

  constructor(place: Place, problem: string, options: { readonly unreadable?: true } = {}) {
    super(problem)
    this.name = 'TextMistake'
    this.place = place
    this.unreadable = options.unreadable === true
  }
}

const SHOWN = 24

/** A word of the text as a message shows it. */
export const quoted = (found: string): string => JSON.stringify(found.length > SHOWN ? `${found.slice(0, SHOWN)}…` : found)

/** `line 2, column 11, offset 27`: lines and columns from 1, the offset in characters from 0. */
export function placeText(place: Place, text: string): string {
  let [line, start] = [0, 0]
  const goesOn = (next: number): boolean => ('line' in place ? line < place.line : next <= place.offset)
  const ends = /\r\n|\n|\r/g
  for (let end = ends.exec(text); end !== null && goesOn(ends.lastIndex); end = ends.exec(text)) {
    line++
    start = ends.lastIndex
  }
  const offset = 'line' in place ? start + place.column : place.offset
  return `line ${line + 1}, column ${offset - start + 1}, offset ${offset}`
}
