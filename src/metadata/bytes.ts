/** Numbers, uuids and C strings out of bytes. Media are little-endian whatever the host. facts: metadata, head */

const U32 = 0x1_0000_0000

/** Unsigned 32 bits at `at`; bytes that are not there read as zero, as the tail of a cut image does. */
export function u32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
}

/** Unsigned 64 bits. */
export function u64At(bytes: Uint8Array, at: number): bigint {
  const low = u32At(bytes, at)
  const high = u32At(bytes, at + 4)
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low)
}

/** Unsigned 64 bits as a number; exact below 2^53, which is all that a comparison with a size of a file needs. */
export const u64AsNumber = (bytes: Uint8Array, at: number): number => u32At(bytes, at + 4) * U32 + u32At(bytes, at)

/** An unsigned long: 4 or 8 bytes. */
export const longAt = (bytes: Uint8Array, place: { readonly at: number; readonly size: number }): bigint =>
  place.size === 4 ? BigInt(u32At(bytes, place.at)) : u64At(bytes, place.at)

/** The text of the uuid whose 16 bytes start at `at`. They are in the order of the text. facts: metadata 2 */
export function uuidAt(bytes: Uint8Array, at: number): string {
  let text = ''
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-'
    text += (bytes[at + i] ?? 0).toString(16).padStart(2, '0')
  }
  return text
}

/** One character per byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** The bytes from `at` up to a NUL or `end`. */
export function untilNul(bytes: Uint8Array, at: number, end: number): Uint8Array {
  let stop = at
  while (stop < end && bytes[stop] !== 0) stop++
  return bytes.subarray(at, stop)
}
