/** Numbers of requests about drivers: 64 bits as a string, decimal or in hex with `0x`; smaller ones are numbers. */
import { bad, type Json } from '../record.ts'

const FORM = /^(?:\d{1,20}|0x[0-9a-fA-F]{1,16})$/
const END = 1n << 64n

/** A bigint for a string of 64 bits or a number that is exact. */
function wideOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined
  if (typeof value !== 'string' || !FORM.test(value)) return undefined
  const number = BigInt(value)
  return number < END ? number : undefined
}

/** @throws WireError code missing or tag naming `path` when the value is no number of 64 bits */
export function wide(value: unknown, path: string): bigint {
  const number = wideOf(value)
  if (number !== undefined) return number
  const expected = '64 bits as a decimal string, or in hex with 0x'
  throw bad(value === undefined ? 'missing' : 'tag', path, `must be ${expected}`, expected, value)
}

/** The member as a number of 64 bits. */
export const wideIn = (record: Json, key: string): bigint => wide(record[key], key)

/** The number of a command, or its name. */
export function commandOf(value: unknown, path: string): string | number {
  const number = wideOf(value)
  if (number !== undefined && number < 1n << 32n) return Number(number)
  if (typeof value === 'string' && number === undefined) return value
  throw bad(value === undefined ? 'missing' : 'tag', path, 'must be the name of a command or its number of 32 bits', 'a command', value)
}

/** The same value with hex strings for bigints, at any depth. */
export function hexNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return `0x${value.toString(16)}`
  if (Array.isArray(value)) return value.map(hexNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hexNumbers(member)]))
}
