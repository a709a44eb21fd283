/** What an INIT exchange settles for all messages after it. */
import { tryDecode } from '../codec/decode.ts'
import { fixedSize, type Schema } from '../schema/index.ts'
import { fuse_opcode } from '../uapi/fuse/codes.ts'
import { fuse_in_header, fuse_out_header } from '../uapi/fuse/header.ts'
import { cuse_init_in, cuse_init_out, fuse_init_in, fuse_init_out, initFlags } from '../uapi/fuse/init.ts'

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

const isCuse = (request: Uint8Array): boolean => {
  const header = tryDecode(fuse_in_header, request.subarray(0, fixedSize(fuse_in_header.type)))
  return header.ok && header.value.opcode === fuse_opcode.values.CUSE_INIT
}

/** The names of the device stand behind the struct. */
function cuseMinor(request: Uint8Array, reply: Uint8Array): number {
  const head = (fixedSize(fuse_out_header.type) ?? 0) + (fixedSize(cuse_init_out.type) ?? 0)
  const offered = bodyOf(cuse_init_in, fuse_in_header, request)
  const answered = bodyOf(cuse_init_out, fuse_out_header, reply.subarray(0, head))
  return Math.min(offered?.minor ?? 0, answered?.minor ?? 0)
}

/**
 * Version and flags after an INIT request and the reply that the kernel took. Members that the reply is too short for are 0, as in the
 * kernel; flags2 counts only with FUSE_INIT_EXT in the reply. CUSE settles a version, its flags are of another kind. facts: wire 1.2, 10.3
 */
export function negotiate(request: Uint8Array, reply: Uint8Array): Negotiated {
  if (isCuse(request)) return { minor: cuseMinor(request, reply), flags: 0n }
  const offered = bodyOf(fuse_init_in, fuse_in_header, request)
  const answered = bodyOf(fuse_init_out, fuse_out_header, reply)
  const minor = Math.min(offered?.minor ?? 0, answered?.minor ?? 0)
  return { minor, flags: minor < FLAGS_SINCE || answered === undefined ? 0n : initFlags(answered) }
}

/** The 64 flag bits that the kernel offers in an INIT request. */
export function offeredFlags(request: Uint8Array): bigint {
  return initFlags(bodyOf(fuse_init_in, fuse_in_header, request) ?? {})
}
