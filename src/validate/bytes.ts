/** Numbers out of bytes that may be missing. */

/** At most four bytes, little-endian; missing bytes count as 0. */
export function smallAt(bytes: Uint8Array, offset: number, size: number): number {
  let number = 0
  for (let i = size - 1; i >= 0; i--) number = number * 256 + (bytes[offset + i] ?? 0)
  return number
}

/** At most eight bytes, little-endian; missing bytes count as 0. */
export function numberAt(bytes: Uint8Array, offset: number, size: number): bigint {
  const low = smallAt(bytes, offset, Math.min(size, 4))
  const high = smallAt(bytes, offset + 4, size - 4)
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low)
}
