/** Numbers as the reference's reader takes them: strtoull with base 0, whose end nobody looks at. facts: metadata 5, reader */

const U64 = 1n << 64n
const BLANKS = '[ \\t\\n\\v\\f\\r]*'
const NUMBER = new RegExp(`^${BLANKS}([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))`)

/** What strtoull made of a text. */
export interface Parsed {
  /** 0 to 2^64-1 */
  readonly value: bigint
  /** what is odd about the text, if anything */
  readonly odd: 'no number' | 'something behind the number' | 'too large' | 'negative' | undefined
}

function magnitude(hex: string | undefined, octal: string | undefined, decimal: string | undefined): bigint {
  if (hex !== undefined) return BigInt(`0x${hex}`)
  if (octal !== undefined) return octal === '0' ? 0n : BigInt(`0o${octal.slice(1)}`)
  return BigInt(decimal ?? '0')
}

/** The number that starts a text. */
export function strtoull(text: string): Parsed {
  const match = NUMBER.exec(text)
  if (match === null) return { value: 0n, odd: 'no number' }
  const [all, sign, hex, octal, decimal] = match
  const absolute = magnitude(hex, octal, decimal)
  if (absolute >= U64) return { value: U64 - 1n, odd: 'too large' }
  const behind = all.length < text.length
  if (sign === '-') return { value: BigInt.asUintN(64, -absolute), odd: behind ? 'something behind the number' : 'negative' }
  return { value: absolute, odd: behind ? 'something behind the number' : undefined }
}
