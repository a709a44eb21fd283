/** Characters of numbers, by their codes: for loops over long texts. */

/** Value of each ASCII character as a digit; 255 for any other character. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return value < 0 ? 255 : value
})

const NO_DIGIT = 255

/** The value of a character as a digit, up to 15; 255 where it is none. */
export const digitAt = (text: string, at: number): number => DIGITS[text.charCodeAt(at)] ?? NO_DIGIT

export const isHexAt = (text: string, at: number): boolean => digitAt(text, at) !== NO_DIGIT

/** The end of the run of characters from `at` that are digits of the radix. */
export function digitsEnd(text: string, at: number, radix = 16): number {
  let end = at
  while (end < text.length && digitAt(text, end) < radix) end++
  return end
}

const isBlank = (code: number): boolean => code === 0x20 || (code >= 9 && code <= 13)

/** The first character from `at` that is no blank. */
export function blanksEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && isBlank(text.charCodeAt(end))) end++
  return end
}

/** The first blank from `at`. */
export function wordEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++
  return end
}

/** A word of a line and where it stands. */
export interface Word {
  readonly text: string
  readonly at: number
}

/** The words of a part of a line. */
export function wordsOf(line: string, from = 0, to = line.length): Word[] {
  const words: Word[] = []
  for (let at = blanksEnd(line, from); at < to; ) {
    const end = Math.min(to, wordEnd(line, at))
    words.push({ text: line.slice(at, end), at })
    at = blanksEnd(line, end)
  }
  return words
}
