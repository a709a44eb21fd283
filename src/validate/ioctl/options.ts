/** What a mount permits. facts: wire 9.7 */
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
 */
export const optionErrno = (operation: FamfsOperation, options: bigint = FAMFS_OPT_DEFAULT): 0 | typeof EPERM =>
  ((options >> BigInt(bits[`FAMFS_OPT_${operation}`])) & 1n) === 1n ? 0 : EPERM
