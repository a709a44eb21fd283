/** Refusals of what a builder is asked for. */
import { WireError, type WireErrorCode } from '../../codec/errors.ts'

/** A refusal; there are no bytes yet that an offset could point at. */
export const refusal = (code: WireErrorCode, path: string, detail: string, actual?: unknown): WireError =>
  new WireError({ code, path, offset: 0, detail, ...(actual === undefined ? {} : { actual }) })

/**
 * A number of the caller's as an unsigned one of so many bits.
 * @throws WireError range
 */
export function unsigned(value: bigint | number, bits: 32 | 64, path: string): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw refusal('range', path, `not a whole number: ${value}`, value)
  const wide = BigInt(value)
  if (wide < 0n || wide >= 1n << BigInt(bits)) throw refusal('range', path, `must fit into ${bits} unsigned bits, is ${wide}`, wide)
  return wide
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The 16 bytes of a uuid, in the order of its text. @throws WireError text. facts: metadata 2 */
export function uuidBytes(text: string, path: string): Uint8Array {
  if (!UUID.test(text)) throw refusal('text', path, `not a uuid: ${text}`, text)
  const digits = text.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}
