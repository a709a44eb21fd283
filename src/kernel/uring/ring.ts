/** The io_uring side of a FUSE connection: what a kernel knows of its queues, and what a server submits. facts: today 1, fixtures/wire/uring-7.3.jsonl */
import { decode } from '../../codec/decode.ts'
import type { Value } from '../../schema/index.ts'
import { fuse_uring_cmd_area } from '../../uapi/fuse/io_uring.ts'

/** One queue; the kernel has at most one for each CPU. */
export interface RingQueue {
  readonly zeroCopy: boolean
  /** the pool of buffers, once added: registered with io_uring under an index, or plain memory */
  readonly pool?: { readonly registeredAs?: number }
  /** an entry brought a payload buffer of its own */
  readonly ownPayloads: boolean
  /** commit_id of the requests that were given out and not answered yet */
  readonly waiting: readonly bigint[]
}

/** What the kernel knows when a command arrives. */
export interface Ring {
  /** `closed`: the device was opened, nothing is mounted on it. `asked`: mounted, INIT not answered. `gone`: unmounted or aborted */
  readonly phase: 'closed' | 'asked' | 'up' | 'gone'
  /** FUSE_OVER_IO_URING was settled, and the module parameter allowed it then; a REGISTER that fails switches it off */
  readonly enabled: boolean
  /** the io_uring instance has submission entries of 128 bytes, which hold the command area */
  readonly wideEntries: boolean
  /** the server has CAP_SYS_ADMIN */
  readonly capable: boolean
  /** possible CPUs: queues 0 to cpus - 1 */
  readonly cpus: number
  /** least bytes of a payload buffer ({@link ringPayload}) */
  readonly payload: number
  readonly queues: Readonly<Record<number, RingQueue>>
}

/** A command, as the kernel finds it in the submission entry. */
export interface RingCommand {
  /** `cmd_op` */
  readonly command: number
  readonly area: Value<typeof fuse_uring_cmd_area>
  /** `len` of the entry: number of iovecs of a REGISTER */
  readonly len: number
  /** IORING_URING_CMD_FIXED: `buf_index` names a registered buffer */
  readonly fixed: boolean
  readonly bufIndex: number
  /** the two iovecs of a REGISTER */
  readonly headerLength: number
  readonly payloadLength: number
  readonly payloadSet: boolean
}

const PAGE = 4096
const LEAST = 8192
/** Pages of a request where INIT did not settle FUSE_MAX_PAGES. */
const DEFAULT_PAGES = 32

/**
 * Least bytes of a payload buffer: what the largest message needs. Measured: 131,072 for a max_write of 4,096 without FUSE_MAX_PAGES.
 * @param maxPages that of the INIT reply with FUSE_MAX_PAGES; undefined without the flag
 */
export const ringPayload = (maxWrite: number, maxPages: number | undefined): number =>
  Math.max(LEAST, maxWrite, (maxPages ?? DEFAULT_PAGES) * PAGE)

/** A connection whose INIT settled io_uring, before the first command. */
export const newRing = (given: Pick<Ring, 'cpus' | 'payload'> & Partial<Ring>): Ring => ({
  phase: 'up',
  enabled: true,
  wideEntries: true,
  capable: true,
  queues: {},
  ...given,
})

/** What of a submission entry is not in its command area; absent numbers are 0. */
export type RingEntry = Partial<Omit<RingCommand, 'command' | 'area'>>

/**
 * A command from its number and the 80 bytes of its command area.
 * @throws WireError truncated where the area has fewer bytes than fuse_uring_cmd_req
 */
export function ringCommand(command: number, area: Uint8Array, entry: RingEntry = {}): RingCommand {
  return {
    command,
    area: decode(fuse_uring_cmd_area, area, { command }),
    len: 0,
    fixed: false,
    bufIndex: 0,
    headerLength: 0,
    payloadLength: 0,
    payloadSet: false,
    ...entry,
  }
}
