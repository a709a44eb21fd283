/** The bytes of a shadow file as the reference's daemon and libyaml take them. facts: metadata 5, shadow YAML */

/** Bytes that the daemon reads of a shadow file; what lies behind them it never sees. */
const MOST_READ = 16384

/** Bytes that are not read as they should be. */
export interface Bad {
  readonly offset: number
  readonly length: number
  readonly why: string
}

/** What there is to read. */
export interface Text {
  readonly text: string
  /** bytes that the text is made of */
  readonly bytes: Uint8Array
  /** bytes of a byte order mark in front of it */
  readonly mark: number
  /** the first character that libyaml refuses: it looks at all of them before it says anything else */
  readonly bad: Bad | undefined
  /** why there are bytes behind the text that nobody reads */
  readonly cut: Bad | undefined
}

function cutOf(bytes: Uint8Array): Bad | undefined {
  if (bytes.length <= MOST_READ) return undefined
  return { offset: MOST_READ, length: bytes.length - MOST_READ, why: `no more than ${MOST_READ} bytes are read` }
}

const MARK = [0xef, 0xbb, 0xbf] as const

/** Bytes of the character that starts with this byte; 0 for none. */
const widthOf = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0)
const LEAST = [0, 0, 0x80, 0x800, 0x10000] as const

function pointAt(bytes: Uint8Array, at: number, width: number): number | undefined {
  let point = (bytes[at] as number) & (width === 1 ? 0x7f : 0xff >> (width + 1))
  for (let i = 1; i < width; i++) {
    const byte = bytes[at + i] as number
    if ((byte & 0xc0) !== 0x80) return undefined
    point = (point << 6) | (byte & 0x3f)
  }
  return point
}

/** Whether libyaml takes a character unescaped. */
const isTaken = (c: number): boolean =>
  c === 9 ||
  c === 0x0a ||
  c === 0x0d ||
  (c >= 0x20 && c <= 0x7e) ||
  c === 0x85 ||
  (c >= 0xa0 && c <= 0xd7ff) ||
  (c >= 0xe000 && c <= 0xfffd) ||
  (c >= 0x10000 && c <= 0x10ffff)

/** What is wrong with the character at `at`; its width when nothing is. */
function judgeAt(bytes: Uint8Array, at: number): number | string {
  const width = widthOf(bytes[at] as number)
  if (width === 0) return 'no character of UTF-8 starts so'
  if (at + width > bytes.length) return 'a character of UTF-8 that is not whole'
  const point = pointAt(bytes, at, width)
  if (point === undefined) return 'a character of UTF-8 that is broken'
  if (point < (LEAST[width] as number)) return 'a character of UTF-8 that is longer than it need be'
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) return 'no character of Unicode'
  return isTaken(point) ? width : 'a control character'
}

function badIn(bytes: Uint8Array, from: number): Bad | undefined {
  for (let at = from; at < bytes.length; ) {
    const judged = judgeAt(bytes, at)
    if (typeof judged === 'string') return { offset: at, length: 1, why: judged }
    at += judged
  }
  return undefined
}

/** The text in the bytes of a shadow file. */
export function textOf(given: Uint8Array): Text {
  const cut = cutOf(given)
  const bytes = given.subarray(0, cut?.offset ?? given.length)
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const mark = MARK.every((byte, i) => bytes[i] === byte) ? MARK.length : 0
  const bad = utf16 ? { offset: 0, length: 2, why: 'UTF-16, in which ASCII has NULs' } : badIn(bytes, mark)
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(mark)), bytes, mark, bad, cut }
}

const encoder = /* @__PURE__ */ new TextEncoder()

/** The byte at which a character of the text starts. */
export const byteAt = ({ text, mark }: Text, index: number): number => mark + encoder.encode(text.slice(0, index)).length

/** Line and column of a character, from 1; columns count characters. */
export function placeAt({ text }: Text, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index)
  const line = before.split('\n').length
  return { line, column: [...before.slice(before.lastIndexOf('\n') + 1)].length + 1 }
}
