/** The answers to IOCTL: what the caller gets where the answer does not say it by its errno. Rule c of fixtures/wire/rules-7.3.jsonl */
import { EIO, ENOSYS, ENOTTY } from '../../uapi/errno.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import type { Ending } from '../../validate/reply.ts'
import { emit, type Turn } from './turn.ts'
import type { RequestHead } from './types.ts'

/** of fuse_ioctl_in */
const IN = { flags: IN_HEADER_SIZE + 8, outSize: IN_HEADER_SIZE + 28 } as const
/** of fuse_ioctl_out */
const OUT = { result: 0, flags: 4, size: 16 } as const
const UNRESTRICTED = 1
const RETRY = 4

/** errno for the caller of an answer that the device took. */
function errnoOf(request: Uint8Array, body: Uint8Array): number {
  const result = Number(BigInt.asIntN(32, numberAt(body, OUT.result, 4)))
  const retries = (smallAt(body, OUT.flags, 4) & RETRY) !== 0
  const unrestricted = (smallAt(request, IN.flags, 4) & UNRESTRICTED) !== 0
  if (retries) return unrestricted ? 0 : EIO
  if (body.length - OUT.size > smallAt(request, IN.outSize, 4)) return EIO
  return result < 0 ? -result : 0
}

/** ENOSYS becomes ENOTTY; more data than was asked for, and RETRY of an ioctl that is restricted, are EIO. */
export function ioctlEnded(
  turn: Turn,
  { opcode, node }: RequestHead,
  request: Uint8Array,
  ending: Exclude<Ending, { kind: 'pending' }>,
): void {
  const errno = ending.kind === 'body' ? errnoOf(request, ending.body) : ending.errno === ENOSYS ? ENOTTY : 0
  if (errno !== 0) emit(turn, { effect: 'disbelieved', opcode, node, errno })
}
