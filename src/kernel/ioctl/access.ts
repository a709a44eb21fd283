/** How much of a read or write is left when a kernel has compared it with the size of the file. facts: wire 5.1, 9.4 */
import { type ResolvingDialect, rulesOf } from '../state.ts'
import { greatest, least, u64 } from '../wide.ts'

/**
 * Bytes of a read or write for which the map is asked. The RFC, KABI 42 and KABI 43 subtract without a sign: behind the end of the file they
 * cut nothing, and the map is asked for bytes that the file does not have.
 *
 * @param position first byte, 0 to 2^63-1
 * @param count bytes asked for
 * @param i_size size of the inode in bytes
 * @throws WireError code unsupported for a dialect without maps
 */
export function cutToFile(position: bigint, count: bigint, i_size: bigint, dialect: ResolvingDialect): bigint {
  const rest = i_size - position
  return least(count, rulesOf(dialect).unsignedCut === true ? u64(rest) : greatest(0n, rest))
}
