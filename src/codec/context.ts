/** What a layout can depend on besides the bytes. */
import type { Direction, Type } from '../schema/types.ts'
import { FUSE_KERNEL_MINOR_VERSION } from '../uapi/fuse/version.ts'

/** Newest minor of mainline FUSE: the default wherever a minor may be given. facts: today 1 */
export const NEWEST_MINOR: number = FUSE_KERNEL_MINOR_VERSION
/** Every INIT flag negotiated. */
export const ALL_FLAGS: bigint = 0xffff_ffff_ffff_ffffn

/** Everything is optional: the default is the newest minor with all flags, on a 64-bit little-endian machine. */
export interface Context {
  /** id of the dialect */
  readonly dialect?: string
  /** opcodes of that dialect that mainline does not have, by name: names of opcodes depend on it */
  readonly opcodes?: Readonly<Record<string, number | undefined>>
  /** negotiated minor version */
  readonly minor?: number
  /** the 64 flag bits of the INIT reply */
  readonly flags?: bigint
  /** bits in a C long of the machine that wrote the bytes */
  readonly wordSize?: 32 | 64
  readonly littleEndian?: boolean
  /** opcode of the request that is being answered */
  readonly opcode?: number
  /** io_uring command (`cmd_op`) that a command area belongs to */
  readonly command?: number
  /** the decoded request that is being answered, or what decodes it: called when the bytes cannot be told without it */
  readonly request?: unknown
  /** body of a message by its opcode (notifications: their code); undefined where the dialect has none */
  readonly body?: (direction: Direction, code: number) => Type | undefined
}
