/** What an INIT exchange settles for all messages after it. */
import { tryDecode } from '../codec/decode.ts'
import { fixedSize, type Schema } from '../schema/index.ts'
import { fuse_in_header, fuse_out_header } from '../uapi/fuse/header.ts'
import { fuse_init_in, fuse_init_out, initFlags } from '../uapi/fuse/init.ts'

/** The part of a connection that INIT settles. */
export interface Negotiated {
  /** the smaller one of both sides */
  readonly minor: number
  /** the 64 flag bits of the reply as the kernel reads them */
  readonly flags: bigint
}

/** First minor whose INIT reply has flags at all. facts: wire 1.2 */
const FLAGS_SINCE = 6

const bodyOf = <V>(schema: Schema<V, unknown>, header: Schema<unknown, unknown>, message: Uint8Array): V | undefined => {
  const body = tryDecode(schema, message.subarray(fixedSize(header.type)))
  return body.ok ? body.value : undefined
}

/**
 * Version and flags after an INIT request and the reply that the kernel took. Members that the reply is too short for are 0, as in the
 * kernel; flags2 counts only with FUSE_INIT_EXT in the reply. facts: wire 1.2, 10.3
 */
export function negotiate(request: Uint8Array, reply: Uint8Array): Negotiated {
  const offered = bodyOf(fuse_init_in, fuse_in_header, request)
  const answered = bodyOf(fuse_init_out, fuse_out_header, reply)
  const minor = Math.min(offered?.minor ?? 0, answered?.minor ?? 0)
  return { minor, flags: minor < FLAGS_SINCE || answered === undefined ? 0n : initFlags(answered) }
}

/** The 64 flag bits that the kernel offers in an INIT request. */
export function offeredFlags(request: Uint8Array): bigint {
  return initFlags(bodyOf(fuse_init_in, fuse_in_header, request) ?? {})
}
