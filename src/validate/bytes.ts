/** Numbers out of bytes that may be missing. */

/** Little-endian; missing bytes count as 0. */
export function numberAt(bytes: Uint8Array, offset: number, size: number): bigint {
  let low = 0
  let high = 0
  for (let i = Math.min(size, 4) - 1; i >= 0; i--) low = low * 256 + (bytes[offset + i] ?? 0)
  for (let i = size - 1; i >= 4; i--) high = high * 256 + (bytes[offset + i] ?? 0)
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low)
}
