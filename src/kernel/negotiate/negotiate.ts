/** INIT from both sides: what the kernel offers, what the server takes, what comes of it. facts: wire 1, 10.3, 10.4 */

import { NEWEST_MINOR } from '../../codec/context.ts'
import { decode } from '../../codec/decode.ts'
import { dialectOf } from '../../codec/dialects.ts'
import { encode } from '../../codec/encode.ts'
import { encodeOutHeader } from '../../codec/generated/header.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { fuse_init_out, initFlags, splitInitFlags } from '../../uapi/fuse/init.ts'
import { FUSE_KERNEL_VERSION } from '../../uapi/fuse/version.ts'
import { numberAt } from '../../validate/bytes.ts'
import { inHeaderFields } from '../../validate/generated/messages.ts'
import { judgeReply } from '../../validate/reply.ts'
import { type BitReport, bitReports, hasBit } from './bits.ts'
import { type Collision, collisionsOf, type LibfuseWants, poolWarnings, wantsFamfs } from './collisions.ts'
import { type ConnectionLimits, limitsOf } from './limits.ts'
import { EPROTO, majorWhy } from './majors.ts'
import { buildInitRequest, type KernelSide } from './request.ts'
import { initRoom, initSize } from './rooms.ts'
import { famfsOn, type InitEnd, type InitOut, initIn, initOut, namedIn, offerCounts, repliedFlags, settleInit } from './settle.ts'
import { wholeInitRequest } from './whole.ts'

/** What a server answers: a whole message, or what it wants. */
export interface ServerSide {
  /** the reply as it is written to the device, header included; everything else is then taken from it */
  readonly reply?: Uint8Array
  /** negotiated minor that it answers; default that of the request, at most the newest of mainline */
  readonly minor?: number
  /** flag bits that it takes; default all that are offered. It answers no bit that was not offered */
  readonly flags?: bigint
  /** it wants famfs; default true, or what `libfuse` says */
  readonly famfs?: boolean
  /** capability bits of a server built with libfuse */
  readonly libfuse?: LibfuseWants
  readonly max_write?: number
  /** what it writes where the dialect wants a name (the BPF variant: of the program); default the right one */
  readonly named?: string
}

/** What INIT settled, with the reason for every bit. */
export interface Negotiation {
  readonly dialect: string
  /** whole messages */
  readonly request: Uint8Array
  readonly reply: Uint8Array
  /** what write(2) of the reply returns */
  readonly write: number
  /** `waiting`: the reply was refused and INIT still waits, or the server waits for a second INIT. `dead`: every call on the mount is ECONNREFUSED */
  readonly outcome: 'connected' | 'dead' | 'waiting'
  readonly why: string
  readonly offered: bigint
  /** the flag bits of the reply as the kernel reads them */
  readonly replied: bigint
  readonly bits: readonly BitReport[]
  /** undefined without a connection */
  readonly limits: ConnectionLimits | undefined
  readonly famfs: { readonly on: boolean; readonly reason: string }
  /** numbers of this exchange to which others give another meaning */
  readonly collisions: readonly Collision[]
  /** where the meaning of a number may have been mistaken */
  readonly warnings: readonly string[]
  /** parts of the reply that the kernel does not look at, though they are not zero */
  readonly ignored: readonly string[]
}

const WHOLE_BODY = 64
const OUT_HEADER = 16
const NOTHING = new Uint8Array()

/** FUSE_DO_READDIRPLUS and FUSE_READDIRPLUS_AUTO: the libfuse of V1 does not tell its server that famfs kernels offer them. facts: wire 1.4 */
const hidden = ({ initBit }: Dialect, offered: bigint, libfuse: LibfuseWants | undefined): bigint =>
  libfuse?.generation === 'v1' && initBit !== undefined && hasBit(offered, initBit) ? (1n << 13n) | (1n << 14n) : 0n

/** The body of a reply in the form of the dialect; what the values do not name is 0. */
function initBody({ init }: Dialect, value: Readonly<Record<string, number>>, name: string | undefined): Uint8Array {
  const { reply = fuse_init_out, named } = init ?? {}
  const zeros = decode(reply, new Uint8Array(WHOLE_BODY)) as Readonly<Record<string, unknown>>
  const given: Readonly<Record<string, unknown>> = named === undefined ? value : { ...value, [named.field]: name ?? named.value }
  return encode(reply, Object.fromEntries(Object.entries(zeros).map(([field, zero]) => [field, given[field] ?? zero])))
}

/**
 * The reply that such a server writes: 8 bytes below minor 5, 24 below 23, 64 from there on. Never a bit that was not offered; FUSE_INIT_EXT
 * always with a high word. A major below 7 is answered with EPROTO, as libfuse does. facts: wire 10.3
 */
export function buildInitReply(request: Uint8Array, dialect: Dialect, server: ServerSide): Uint8Array {
  const offer = initIn(request)
  const offered = initFlags(offer)
  const famfs = server.famfs ?? (server.libfuse === undefined ? true : wantsFamfs(server.libfuse))
  const bit = dialect.initBit === undefined ? 0n : 1n << BigInt(dialect.initBit)
  const wanted = ((server.flags ?? offered & ~hidden(dialect, offered, server.libfuse)) & ~bit) | (famfs ? bit : 0n)
  const minor = server.minor ?? Math.min(offer.minor ?? 0, NEWEST_MINOR)
  const value = {
    major: FUSE_KERNEL_VERSION,
    minor,
    max_readahead: offer.max_readahead ?? 0,
    ...splitInitFlags(wanted & offered),
    max_background: 0,
    congestion_threshold: 0,
    max_write: server.max_write ?? 131072,
    time_gran: 1,
    max_pages: 32,
    map_alignment: 0,
    max_stack_depth: 0,
    request_timeout: 0,
  }
  const refusal = (offer.major ?? FUSE_KERNEL_VERSION) < FUSE_KERNEL_VERSION
  const body = refusal ? NOTHING : initBody(dialect, value, server.named).subarray(0, initSize(minor))
  const bytes = new Uint8Array(OUT_HEADER + body.length)
  const error = refusal ? -EPROTO : 0
  bytes.set(encodeOutHeader({ len: bytes.length, error, unique: numberAt(request, ...inHeaderFields.unique) }))
  bytes.set(body, OUT_HEADER)
  return bytes
}

function famfsReason(d: Dialect, offered: bigint, read: bigint, raw: bigint, minor: number, out: InitOut): string {
  if (d.initBit === undefined) return 'this kernel has no famfs'
  const name = `bit ${d.initBit}`
  if (!hasBit(raw, d.initBit)) return hasBit(offered, d.initBit) ? `the server did not answer ${name}` : `${name} was not offered`
  if (!hasBit(read, d.initBit)) return minor < 6 ? 'below minor 6 a reply has no flags' : `${name} stands in flags2 without FUSE_INIT_EXT`
  if (offerCounts(d) && !hasBit(offered, d.initBit)) return `${name} was answered but not offered`
  const taken = `${name} was ${hasBit(offered, d.initBit) ? 'offered and answered' : 'answered, which is all that this series asks for'}`
  const { named } = d.init ?? {}
  if (named === undefined) return taken
  const found = namedIn(d, out)
  return found === named.value
    ? `${taken}, and ${named.field} is ${JSON.stringify(found)}`
    : `${taken}, but ${named.field} is ${JSON.stringify(found)}, not ${JSON.stringify(named.value)}: the mount goes on without famfs`
}

const why = (end: InitEnd | undefined, write: number): string => {
  if (end === undefined) return `the device refused the reply with errno ${write}; INIT still waits for another`
  if (end.up) return 'the kernel took the reply'
  if (end.why === 'major') return 'the major is not 7'
  if (end.why === 'idmap') return 'FUSE_ALLOW_IDMAP was taken, but neither the mount option default_permissions nor FUSE_POSIX_ACL was'
  return write === 0 ? 'the server answered an error' : `the device refused the reply with errno ${write} and ended INIT with EIO`
}

/** Members that are not zero and not read. */
function ignoredParts(out: ReturnType<typeof initOut>, minor: number, read: bigint): string[] {
  const parts: (string | false)[] = [
    (out.unused ?? []).some(word => word !== 0) && 'unused words',
    (out.flags2 ?? 0) !== 0 && read >> 32n === 0n && 'flags2: FUSE_INIT_EXT is not set in flags',
    minor < 6 && (out.flags ?? 0) !== 0 && 'flags: below minor 6',
    (out.time_gran ?? 0) > 1_000_000_000 && 'time_gran above a second',
  ]
  return parts.filter(part => part !== false)
}

/**
 * Plays INIT between a kernel and a server.
 *
 * @param sides `kernel`: its dialect and the circumstances, or the request that it sent (whole). `server`: the reply that it wrote (whole),
 * or what it wants
 * @returns every bit with the reason for what became of it, the limits of the connection, whether maps will be asked for
 * @throws WireError code unsupported for an unknown dialect, code range for numbers that do not fit, and for a request that is no INIT: code
 * truncated, length or tag, as {@link wholeInitRequest}; never for the bytes of the reply
 */
export function negotiate(sides: {
  readonly kernel: KernelSide & { readonly request?: Uint8Array }
  readonly server?: ServerSide
}): Negotiation {
  const { kernel, server = {} } = sides
  const d = dialectOf(kernel.dialect)
  const request = kernel.request === undefined ? buildInitRequest(kernel) : wholeInitRequest(kernel.request)
  const offer = initIn(request)
  const reply = server.reply ?? buildInitReply(request, d, server)
  const own = numberAt(request, ...inHeaderFields.unique)
  const { write, ending } = judgeReply(reply, unique => (unique === own ? initRoom(offer.minor ?? 0) : undefined))
  const end = ending === undefined || ending.kind === 'pending' ? undefined : settleInit(d, request, ending, kernel)
  const out = initOut(reply, d)
  const offered = initFlags(offer)
  const raw = (BigInt(out.flags2 ?? 0) << 32n) | BigInt(out.flags ?? 0)
  const up = end?.up === true
  const announced = offer.minor ?? 0
  const major = majorWhy(offer.major ?? FUSE_KERNEL_VERSION, out.major ?? 0)
  const waits = end === undefined || ((offer.major ?? 0) > FUSE_KERNEL_VERSION && out.major === FUSE_KERNEL_VERSION)
  const minor = up ? end.settled.minor : 0
  const read = up ? repliedFlags(minor, out) : 0n
  return {
    dialect: d.id,
    request,
    reply,
    write,
    outcome: up ? 'connected' : waits ? 'waiting' : 'dead',
    why: major ?? why(end, write),
    offered,
    replied: read,
    bits: up ? bitReports({ dialect: d, offered, raw, read, minor, announced, out }) : [],
    limits: up ? limitsOf(offer, out, minor, read) : undefined,
    famfs: up
      ? { on: famfsOn(d, offered, read, out), reason: famfsReason(d, offered, read, raw, minor, out) }
      : { on: false, reason: 'no connection' },
    collisions: collisionsOf(d, offered, raw, [announced], server.libfuse),
    warnings: poolWarnings(offered, raw, announced),
    ignored: up ? ignoredParts(out, minor, read) : [],
  }
}
