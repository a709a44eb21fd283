/** Cells of a dump: how many bytes one stands for, and in what digits. */
import { digitAt } from './chars.ts'
import { pushWord, type Sink } from './sink.ts'

/** How the cells of a dump are written. */
export interface Cell {
  readonly radix: 2 | 8 | 10 | 16
  /** bytes of one */
  readonly size: 1 | 2 | 4 | 8
  /** the word stands there as a number, so that a little-endian machine has its bytes the other way round */
  readonly swapped: boolean
}

const RADIX_WORDS = { 2: 'binary', 8: 'octal', 10: 'decimal', 16: 'hex' } as const

/** `bytes in hex`, `words of 4 bytes in hex, swapped`. */
export const cellText = ({ radix, size, swapped }: Cell): string =>
  size === 1
    ? `bytes in ${RADIX_WORDS[radix]}`
    : `${size * 8}-bit words in ${RADIX_WORDS[radix]}${swapped ? ', swapped to little-endian bytes' : ''}`

const PREFIXES = { 2: '', 8: '0o', 10: '', 16: '0x' } as const

const isDigits = (text: string, from: number, radix: number): boolean => {
  if (from === text.length) return false
  for (let i = from; i < text.length; i++) if (digitAt(text, i) >= radix) return false
  return true
}

/** Digits of 8 bytes in each radix, and no more: `BigInt` takes time that grows faster than they do. */
const MOST_DIGITS = { 2: 64, 8: 22, 10: 20, 16: 16 } as const

/** The number of a cell, from -2^63; undefined where it is none, or has more bits than the cell. */
export function cellValue(text: string, { radix, size }: Pick<Cell, 'radix' | 'size'>): bigint | undefined {
  const negative = radix === 10 && text.startsWith('-')
  const from = negative ? 1 : 0
  if (text.length - from > MOST_DIGITS[radix] || !isDigits(text, from, radix)) return undefined
  const digits = text.slice(from)
  const value = radix === 2 ? BigInt(`0b${digits}`) : BigInt(`${PREFIXES[radix]}${digits}`)
  const most = 1n << BigInt(8 * size)
  if (negative) return value <= most / 2n ? most - value : undefined
  return value < most ? value : undefined
}

/** Appends what a cell stands for. @returns what is wrong with it */
export function pushCell(into: Sink, text: string, cell: Cell): 'digits' | 'room' | undefined {
  if (cell.radix === 16 && (!cell.swapped || cell.size === 1)) return pushHex(into, text)
  const value = cellValue(text, cell)
  if (value === undefined) return 'digits'
  return pushWord(into, value, cell.size) ? undefined : 'room'
}

/** Pairs of hex digits, in their order. */
export function pushHex(into: Sink, text: string): 'digits' | 'room' | undefined {
  if (text.length % 2 !== 0) return 'digits'
  for (let i = 0; i < text.length; i += 2) {
    const [high, low] = [digitAt(text, i), digitAt(text, i + 1)]
    if (high > 15 || low > 15) return 'digits'
    if (!into.push(high * 16 + low)) return 'room'
  }
  return undefined
}

/** The same pairs, the last one first. */
export function pushSwapped(into: Sink, text: string): 'digits' | 'room' | undefined {
  if (text.length % 2 !== 0) return 'digits'
  for (let i = text.length - 2; i >= 0; i -= 2) {
    const [high, low] = [digitAt(text, i), digitAt(text, i + 1)]
    if (high > 15 || low > 15) return 'digits'
    if (!into.push(high * 16 + low)) return 'room'
  }
  return undefined
}
