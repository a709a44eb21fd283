/** One command after the other: what it gives, and what the kernel knows afterwards. facts: fixtures/wire/uring-7.3.jsonl */
import { fuse_uring_cmd } from '../../uapi/fuse/io_uring.ts'
import type { Ring, RingCommand, RingQueue } from './ring.ts'
import { type RingRule, ringRefusal, ZERO_COPY } from './rules.ts'

const { FUSE_IO_URING_CMD_REGISTER: REGISTER, FUSE_IO_URING_CMD_COMMIT_AND_FETCH: COMMIT } = fuse_uring_cmd.values
const { FUSE_IO_URING_CMD_ADD_QUEUE: ADD_QUEUE, FUSE_IO_URING_CMD_ADD_BUFPOOL: ADD_BUFPOOL } = fuse_uring_cmd.values

/** What became of a command. REGISTER and COMMIT_AND_FETCH that are taken complete with the next request, the others at once. */
export type Submitted =
  | { readonly ok: true; readonly completes: 'now' | 'with-request'; readonly ring: Ring }
  | { readonly ok: false; readonly errno: number; readonly rule: RingRule; readonly ring: Ring }

const emptyQueue: RingQueue = { zeroCopy: false, ownPayloads: false, waiting: [] }

const withQueue = (ring: Ring, qid: number, change: Partial<RingQueue>): Ring => ({
  ...ring,
  queues: { ...ring.queues, [qid]: { ...emptyQueue, ...ring.queues[qid], ...change } },
})

function taken(ring: Ring, command: RingCommand): Ring {
  const { qid, flags, commit_id } = command.area
  const queue = ring.queues[qid] ?? emptyQueue
  switch (command.command) {
    case REGISTER:
      return withQueue(ring, qid, { ownPayloads: queue.pool === undefined })
    case COMMIT:
      return withQueue(ring, qid, { waiting: queue.waiting.filter(id => id !== commit_id) })
    case ADD_QUEUE:
      return withQueue(ring, qid, { zeroCopy: (flags & ZERO_COPY) !== 0n })
    case ADD_BUFPOOL:
      return withQueue(ring, qid, { pool: command.fixed ? { registeredAs: command.bufIndex } : {} })
    default:
      return ring
  }
}

/** Submits a command. A REGISTER that is refused switches io_uring off for the connection. */
export function submitToRing(ring: Ring, command: RingCommand): Submitted {
  const rule = ringRefusal(command, ring)
  if (rule !== undefined) {
    const after =
      command.command === REGISTER && ring.enabled && ring.phase === 'up' && ring.wideEntries ? { ...ring, enabled: false } : ring
    return { ok: false, errno: rule.errno, rule, ring: after }
  }
  const completes = command.command === REGISTER || command.command === COMMIT ? 'with-request' : 'now'
  return { ok: true, completes, ring: taken(ring, command) }
}

/** The kernel gives a request to an entry of a queue: it waits for the COMMIT_AND_FETCH with its commit_id. */
export const ringDelivers = (ring: Ring, qid: number, commitId: bigint): Ring =>
  withQueue(ring, qid, { waiting: [...(ring.queues[qid]?.waiting ?? []), commitId] })
