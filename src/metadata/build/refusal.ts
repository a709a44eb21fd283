/** Refusals of what a builder is asked for. */
import { WireError, type WireErrorCode } from '../../codec/errors.ts'
import { isBytes } from '../../codec/input.ts'
import { encodeText } from '../../codec/text.ts'

/** A refusal; there are no bytes yet that an offset could point at. */
export const refusal = (code: WireErrorCode, path: string, detail: string, actual?: unknown): WireError =>
  new WireError({ code, path, offset: 0, detail, ...(actual === undefined ? {} : { actual }) })

/**
 * A number of the caller's as an unsigned one of so many bits.
 * @throws WireError range
 */
export function unsigned(value: bigint | number, bits: 32 | 64, path: string): bigint {
  if (value === undefined) throw refusal('missing', path, 'needs a number')
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw refusal('range', path, `needs a number, not a value of type ${typeof value}`)
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw refusal('range', path, `not a whole number: ${value}`, value)
  const wide = BigInt(value)
  if (wide < 0n || wide >= 1n << BigInt(bits)) throw refusal('range', path, `must fit into ${bits} unsigned bits, is ${wide}`, wide)
  return wide
}

/**
 * The bytes that text stands for: UTF-8, and a lone surrogate U+DC80 to U+DCFF for a byte that is none, as everywhere in this library.
 * @throws WireError missing, range or text
 */
export function bytesOfText(text: string | Uint8Array, path: string): Uint8Array {
  if (isBytes(text)) return text
  if (text === undefined) throw refusal('missing', path, 'needs text')
  if (typeof text !== 'string') throw refusal('range', path, `needs text or bytes, not a value of type ${typeof text}`)
  const bytes = encodeText(text)
  if (bytes === undefined) throw refusal('text', path, 'has a lone surrogate that stands for no byte', text)
  return bytes
}

/** An object, of the kind that a request or a part of one is. @throws WireError missing, range */
export function checkObject(value: unknown, path: string): void {
  if (value === undefined) throw refusal('missing', path, 'needs an object')
  if (typeof value !== 'object' || value === null) throw refusal('range', path, 'needs an object')
}

/** A list. @throws WireError missing, range */
export function checkList(value: unknown, path: string): void {
  if (value === undefined) throw refusal('missing', path, 'needs a list')
  if (!Array.isArray(value)) throw refusal('range', path, 'needs a list')
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The 16 bytes of a uuid, in the order of its text. @throws WireError text. facts: metadata 2 */
export function uuidBytes(text: string, path: string): Uint8Array {
  if (typeof text !== 'string' || !UUID.test(text))
    throw refusal('text', path, `not a uuid: ${typeof text === 'string' ? text : typeof text}`)
  const digits = text.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}
