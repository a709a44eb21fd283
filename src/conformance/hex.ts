/** Bytes from hex text, as it stands in captures and in requests of the testee protocol. */
import { bad } from './record.ts'

/** Value of each ASCII character as a hex digit; 255 for any other. */
const DIGITS = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return value < 0 ? 255 : value
})

const digit = (text: string, at: number): number => DIGITS[text.charCodeAt(at)] ?? 255

/**
 * The bytes of hex text without separators, upper or lower case.
 * @param path name of the member that holds it, for the error
 * @throws WireError code text: an odd number of digits, or (offset: byte that it would be) a character that is none
 */
export function bytesOf(text: string, path: string): Uint8Array {
  if (text.length % 2 !== 0) throw bad('text', path, `hex of ${text.length} digits, an even number is needed`, 'even', text.length)
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(text, 2 * i)
    const low = digit(text, 2 * i + 1)
    if (high > 15 || low > 15) throw bad('text', path, `no hex digits at character ${2 * i}`, 'hex', text.slice(2 * i, 2 * i + 2))
    bytes[i] = high * 16 + low
  }
  return bytes
}

const PAIRS: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hex of bytes, for long messages too. */
export function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += PAIRS[byte]
  return text
}
