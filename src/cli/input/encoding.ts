/** Whether bytes are a text, and in which encoding. */

/** A text, and what it was written in where that is not plain UTF-8. */
export interface Decoded {
  readonly text: string
  /** `UTF-8 with a byte-order mark`; empty for plain UTF-8 */
  readonly encoding: string
}

const TAB = 9
const ESCAPE = 0x1b

/** Controls that no text has, as against tab, line ends, form feed and the escape of terminals. */
const isControl = (code: number): boolean => code < 0x20 && !((code >= TAB && code <= 13) || code === ESCAPE)

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isControl(code) || code === 0x7f) return true
  }
  return false
}

const MARKS: readonly { readonly mark: readonly number[]; readonly label: string; readonly encoding: string }[] = [
  { mark: [0xef, 0xbb, 0xbf], label: 'utf-8', encoding: 'UTF-8 with a byte-order mark' },
  { mark: [0xff, 0xfe], label: 'utf-16le', encoding: 'UTF-16' },
  { mark: [0xfe, 0xff], label: 'utf-16be', encoding: 'big-endian UTF-16' },
]

function decoded(bytes: Uint8Array, label: string): string | undefined {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes)
    return hasControls(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** UTF-16 of ASCII without a mark: every other byte is zero, and there are no others. */
function withoutMark(bytes: Uint8Array): Decoded | undefined {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return undefined
  for (const high of [1, 0]) {
    let fits = true
    for (let i = 0; fits && i < bytes.length; i += 2) fits = bytes[i + high] === 0 && bytes[i + 1 - high] !== 0
    const text = fits ? decoded(bytes, high === 1 ? 'utf-16le' : 'utf-16be') : undefined
    if (text !== undefined) return { text, encoding: high === 1 ? 'UTF-16' : 'big-endian UTF-16' }
  }
  return undefined
}

/** More than half of the bytes are ASCII, and none is a control. */
function latin1(bytes: Uint8Array): Decoded | undefined {
  let ascii = 0
  for (const byte of bytes) {
    if (isControl(byte) || byte === 0x7f) return undefined
    if (byte < 0x7f) ascii++
  }
  return ascii * 2 > bytes.length
    ? { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), encoding: 'Latin-1' }
    : undefined
}

/** The text that the bytes are; undefined when they are none, as every message is that has a header: its bytes hold zeros. */
export function decodeText(bytes: Uint8Array): Decoded | undefined {
  if (bytes.length === 0) return undefined
  for (const { mark, label, encoding } of MARKS) {
    const text = mark.every((byte, i) => bytes[i] === byte) ? decoded(bytes.subarray(mark.length), label) : undefined
    if (text !== undefined) return { text, encoding }
  }
  const text = decoded(bytes, 'utf-8')
  return text === undefined ? (withoutMark(bytes) ?? latin1(bytes)) : { text, encoding: '' }
}
