/** What a mount permits. facts: wire 9.7 */
import { named, unknownName } from '../../codec/names.ts'
import { EPERM } from '../../uapi/errno.ts'
import { FAMFS_OPT_DEFAULT, famfs_opts } from '../../uapi/famfs/ioctl.ts'

type Bits = (typeof famfs_opts)['bits']
type Operation<B> = B extends `FAMFS_OPT_${infer O}` ? O : never

/** An operation that a mount of KABI 44d can deny. */
export type FamfsOperation = Operation<keyof Bits>

const bits: Readonly<Record<`FAMFS_OPT_${FamfsOperation}`, number>> = famfs_opts.bits

/**
 * What an operation on a mount of KABI 44d comes to, as far as the options decide it.
 * @param options the 64 bits; default what a mount permits from the start
 * @returns 0, or EPERM where the bit is clear
 * @throws WireError unsupported for an operation that no option is about
 */
export function optionErrno(operation: FamfsOperation, options: bigint = FAMFS_OPT_DEFAULT): 0 | typeof EPERM {
  const bit = named(bits, `FAMFS_OPT_${operation}`)
  if (bit === undefined) throw unknownName('operation', 'there is no option for', operation, Object.keys(bits))
  return ((options >> BigInt(bit)) & 1n) === 1n ? 0 : EPERM
}
