/** Arithmetic on 64-bit numbers. */

/** As C's int64_t. */
export const s64 = (value: bigint): bigint => BigInt.asIntN(64, value)
/** As C's uint64_t. */
export const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)

// Math.min and Math.max know no bigint
export const least = (a: bigint, b: bigint): bigint => {
  if (a < b) return a
  return b
}
export const greatest = (a: bigint, b: bigint): bigint => {
  if (a > b) return a
  return b
}

/** The next multiple of `unit` from `value` on. */
export const roundUp = (value: bigint, unit: bigint): bigint => ceilDiv(value, unit) * unit
export const ceilDiv = (value: bigint, by: bigint): bigint => (value + by - 1n) / by
