/**
 * What the kernel refuses of a ring command, in its order, as data. Measured on 7.3.4 (fixtures/wire/uring-7.3.jsonl). What the measurements
 * cannot tell: the order among rules of one command with the same errno, whether `phase` comes before `entry`, and that of the rules of
 * ADD_QUEUE, of which no command broke two.
 */
import { EAGAIN, EEXIST, EINVAL, ENOENT, ENOTCONN, EOPNOTSUPP, EPERM } from '../../uapi/errno.ts'
import { fuse_uring_cmd, fuse_uring_queue_flags } from '../../uapi/fuse/io_uring.ts'
import type { Ring, RingCommand, RingQueue } from './ring.ts'

const { FUSE_IO_URING_CMD_REGISTER: REGISTER, FUSE_IO_URING_CMD_COMMIT_AND_FETCH: COMMIT } = fuse_uring_cmd.values
const { FUSE_IO_URING_CMD_ADD_QUEUE: ADD_QUEUE, FUSE_IO_URING_CMD_ADD_BUFPOOL: ADD_BUFPOOL } = fuse_uring_cmd.values
const COMMANDS: readonly number[] = [REGISTER, COMMIT, ADD_QUEUE, ADD_BUFPOOL]
/** Bytes of fuse_uring_req_header. */
const HEADER = 288
/** iovecs of a REGISTER: header and payload. */
const IOVECS = 2

/** One reason for which the kernel refuses a command. */
export interface RingRule {
  readonly id: string
  /** the commands that it is about; absent: all */
  readonly commands?: readonly number[]
  readonly errno: number
  /** what is wrong, for people */
  readonly why: string
  /** whether a command breaks the rule on this ring */
  readonly breaks: (command: RingCommand, ring: Ring) => boolean
}

/** Bit of FUSE_URING_ZERO_COPY in `flags` of ADD_QUEUE. */
export const ZERO_COPY: bigint = 1n << BigInt(fuse_uring_queue_flags.bits.FUSE_URING_ZERO_COPY)

const queueOf = ({ area }: RingCommand, { queues }: Ring): RingQueue | undefined => queues[area.qid]

/** Registered buffer that a REGISTER names for zero copy; 0 names none. */
function zeroCopyIndex({ area: { arg } }: RingCommand): number {
  return arg !== undefined && 'ent_zero_copy_buf_index' in arg ? arg.ent_zero_copy_buf_index : 0
}

function bufpoolOf({ area: { arg } }: RingCommand): { readonly len: number; readonly reserved: number } {
  return arg !== undefined && 'bufpool' in arg ? arg.bufpool : { len: 0, reserved: 0 }
}

/** The pool of a queue lies in the registered buffer that the command names, or both are plain memory. */
const namesPool = ({ fixed, bufIndex }: RingCommand, { pool }: RingQueue): boolean => pool?.registeredAs === (fixed ? bufIndex : undefined)

const general: readonly RingRule[] = [
  { id: 'uring/entry', errno: EINVAL, why: 'needs submission entries of 128 bytes', breaks: (_, ring) => !ring.wideEntries },
  { id: 'uring/closed', errno: EPERM, why: 'nothing is mounted on this device', breaks: (_, ring) => ring.phase === 'closed' },
  { id: 'uring/gone', errno: ENOTCONN, why: 'the mount is gone', breaks: (_, ring) => ring.phase === 'gone' },
  { id: 'uring/asked', errno: EAGAIN, why: 'INIT is not answered yet', breaks: (_, ring) => ring.phase === 'asked' },
  { id: 'uring/disabled', errno: EOPNOTSUPP, why: 'io_uring was not settled, or a REGISTER failed', breaks: (_, ring) => !ring.enabled },
  { id: 'uring/command', errno: EINVAL, why: 'no such command', breaks: ({ command }) => !COMMANDS.includes(command) },
  { id: 'uring/qid', errno: EINVAL, why: 'there is no CPU for that queue', breaks: ({ area }, ring) => area.qid >= ring.cpus },
]

const register: readonly RingRule[] = [
  { id: 'uring/iovecs', errno: EINVAL, why: 'needs two iovecs, header and payload', breaks: ({ len }) => len !== IOVECS },
  {
    id: 'uring/header-length',
    errno: EINVAL,
    why: 'the header needs 288 bytes',
    breaks: ({ headerLength }) => headerLength < HEADER,
  },
  {
    id: 'uring/payload-length',
    errno: EINVAL,
    why: 'the payload buffer is smaller than the largest message',
    breaks: (c, ring) => queueOf(c, ring)?.pool === undefined && c.payloadLength < ring.payload,
  },
  {
    id: 'uring/payload-and-pool',
    errno: EINVAL,
    why: 'the queue has a buffer pool: no payload buffer, neither address nor length',
    breaks: (c, ring) => queueOf(c, ring)?.pool !== undefined && (c.payloadSet || c.payloadLength > 0),
  },
  {
    id: 'uring/pool-index',
    errno: EINVAL,
    why: 'must name the registered buffer of the pool, as ADD_BUFPOOL did',
    breaks: (c, ring) => {
      const queue = queueOf(c, ring)
      return queue?.pool !== undefined && !namesPool(c, queue)
    },
  },
  {
    id: 'uring/zero-copy-pool',
    errno: EINVAL,
    why: 'a queue of zero copy needs a buffer pool first',
    breaks: (c, ring) => queueOf(c, ring)?.zeroCopy === true && queueOf(c, ring)?.pool === undefined,
  },
  {
    id: 'uring/zero-copy-index',
    errno: EINVAL,
    why: 'the queue is not one of zero copy',
    breaks: (c, ring) => zeroCopyIndex(c) !== 0 && queueOf(c, ring)?.zeroCopy !== true,
  },
]

const commit: readonly RingRule[] = [
  { id: 'uring/no-queue', errno: ENOTCONN, why: 'the queue has no entry', breaks: (c, ring) => queueOf(c, ring) === undefined },
  {
    id: 'uring/commit-id',
    errno: ENOENT,
    why: 'no request of the queue waits under this commit_id',
    breaks: (c, ring) => queueOf(c, ring)?.waiting.includes(c.area.commit_id) !== true,
  },
]

const addQueue: readonly RingRule[] = [
  { id: 'uring/queue-flags', errno: EINVAL, why: 'unknown flags', breaks: ({ area }) => (area.flags & ~ZERO_COPY) !== 0n },
  {
    id: 'uring/queue-capability',
    errno: EPERM,
    why: 'zero copy needs CAP_SYS_ADMIN',
    breaks: ({ area }, ring) => (area.flags & ZERO_COPY) !== 0n && !ring.capable,
  },
  { id: 'uring/queue-exists', errno: EEXIST, why: 'the queue is there', breaks: (c, ring) => queueOf(c, ring) !== undefined },
]

const addBufpool: readonly RingRule[] = [
  { id: 'uring/pool-queue', errno: EINVAL, why: 'the queue is not there', breaks: (c, ring) => queueOf(c, ring) === undefined },
  { id: 'uring/pool-flags', errno: EINVAL, why: 'flags must be 0', breaks: ({ area }) => area.flags !== 0n },
  { id: 'uring/pool-reserved', errno: EINVAL, why: 'reserved must be 0', breaks: c => bufpoolOf(c).reserved !== 0 },
  {
    id: 'uring/pool-length',
    errno: EINVAL,
    why: 'the pool holds no buffer for the largest message',
    breaks: (c, ring) => bufpoolOf(c).len < ring.payload,
  },
  {
    id: 'uring/pool-late',
    errno: EINVAL,
    why: 'the queue has a pool, or entries with payload buffers of their own',
    breaks: (c, ring) => queueOf(c, ring)?.pool !== undefined || queueOf(c, ring)?.ownPayloads === true,
  },
]

const only = (command: number, rules: readonly RingRule[]): RingRule[] => rules.map(rule => ({ ...rule, commands: [command] }))

/** All rules in the order in which they are tried; the first that a command breaks decides. */
export const ringRules: readonly RingRule[] = [
  ...general,
  ...only(REGISTER, register),
  ...only(COMMIT, commit),
  ...only(ADD_QUEUE, addQueue),
  ...only(ADD_BUFPOOL, addBufpool),
]

/** The rule that a command breaks in this state of the ring; undefined: the kernel takes it. */
export const ringRefusal = (command: RingCommand, ring: Ring): RingRule | undefined =>
  ringRules.find(({ commands, breaks }) => commands?.includes(command.command) !== false && breaks(command, ring))
