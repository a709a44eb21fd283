/** How long the answers to INIT and CUSE_INIT may be. facts: wire 10.3; fixtures/wire/rules-7.3.jsonl (g, i) */
import { fixedSize } from '../../schema/index.ts'
import { cuse_init_out } from '../../uapi/fuse/init.ts'
import type { Room } from '../../validate/reply.ts'

/** Bytes of fuse_init_out, the newest first: from which minor a kernel that announces it has room for so many. */
const INIT_SIZES: readonly (readonly [since: number, size: number])[] = [
  [23, 64],
  [5, 24],
  [0, 8],
]

/** Bytes of the body of an INIT reply in a kernel that announces this minor, and in the newest form that a server of this minor may write. */
export const initSize = (minor: number): number => INIT_SIZES.find(([since]) => minor >= since)?.[1] ?? 0

/** Room for the body of an INIT reply: the struct of the kernel's own minor, or the beginning of it. The minor of the reply does not count. */
export const initRoom = (announced: number): Room => ({ least: 0, most: initSize(announced) })

const CUSE_OUT_SIZE = fixedSize(cuse_init_out.type) ?? 0
/** Bytes that may follow the struct: the names of the device. */
const CUSE_INFO_MOST = 4096

/** Room for the body of a CUSE_INIT reply: the whole struct, then up to a page of names. */
export const cuseRoom: Room = { least: CUSE_OUT_SIZE, most: CUSE_OUT_SIZE + CUSE_INFO_MOST }
