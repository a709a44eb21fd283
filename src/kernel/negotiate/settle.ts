/** What an INIT exchange settles for all messages after it. facts: wire 1, 10.3 */

import { tryDecode } from '../../codec/decode.ts'
import { checkBytes } from '../../codec/input.ts'
import { text } from '../../codec/text.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { fixedSize, type Schema, type Value } from '../../schema/index.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { fuse_in_header, fuse_out_header } from '../../uapi/fuse/header.ts'
import { cuse_init_in, cuse_init_out, fuse_init_in, fuse_init_out, initFlags } from '../../uapi/fuse/init.ts'
import { FUSE_KERNEL_VERSION } from '../../uapi/fuse/version.ts'
import type { Ending } from '../../validate/reply.ts'

/** Linux errno of every call on a mount whose INIT failed. facts: captures, "init reply variant" */
export const ECONNREFUSED = 111

/** First minor whose INIT reply has flags at all. facts: wire 1.2 */
export const FLAGS_SINCE = 6

/** The part of a connection that INIT settles. */
export interface Negotiated {
  /** the smaller one of both sides */
  readonly minor: number
  /** the 64 flag bits of the reply as the kernel reads them */
  readonly flags: bigint
}

export type InitIn = Value<typeof fuse_init_in>
export type InitOut = Value<typeof fuse_init_out>

const bodyOf = <V>(schema: Schema<V, unknown>, header: Schema<unknown, unknown>, message: Uint8Array): V | undefined => {
  const body = tryDecode(schema, message.subarray(fixedSize(header.type)))
  return body.ok ? body.value : undefined
}

/** The body of an INIT request; what it is too short for is absent. */
export function initIn(request: Uint8Array): InitIn {
  checkBytes(request, 'request')
  return bodyOf(fuse_init_in, fuse_in_header, request) ?? {}
}

/** The form of an INIT reply in a dialect. */
const replyOf = ({ init }: Dialect): Schema<InitOut, unknown> => (init?.reply as Schema<InitOut, unknown> | undefined) ?? fuse_init_out

const INIT_OUT_SIZE = 64

/** The body of an INIT reply as the kernel reads it: zeros stand for the bytes that are not there, also inside a member. facts: wire 10.3 */
function initOutOf(body: Uint8Array, dialect?: Dialect): InitOut {
  const whole = new Uint8Array(INIT_OUT_SIZE)
  whole.set(body.subarray(0, INIT_OUT_SIZE))
  const decoded = tryDecode(dialect === undefined ? fuse_init_out : replyOf(dialect), whole)
  return decoded.ok ? decoded.value : {}
}

/** The same of a whole reply. */
export function initOut(reply: Uint8Array, dialect?: Dialect): InitOut {
  checkBytes(reply, 'reply')
  return initOutOf(reply.subarray(fixedSize(fuse_out_header.type)), dialect)
}

/** What an INIT reply names, where the dialect wants a name: up to its NUL. facts: wire 7.1 */
export function namedIn({ init }: Dialect, out: InitOut): string | undefined {
  if (init?.named === undefined) return undefined
  const value = (out as Readonly<Record<string, unknown>>)[init.named.field]
  return typeof value === 'string' ? text(value) : ''
}

/** The 64 flag bits that the kernel offers in an INIT request. facts: wire 1.2 */
export const offeredFlags = (request: Uint8Array): bigint => initFlags(initIn(request))

/** The flag bits of a reply as the kernel reads them: none below minor 6, no high word without FUSE_INIT_EXT. facts: wire 1.2 */
export const repliedFlags = (minor: number, out: InitOut): bigint => (minor < FLAGS_SINCE ? 0n : initFlags(out))

const isCuse = (request: Uint8Array): boolean => {
  checkBytes(request, 'request')
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
 *
 * @param request whole message; its reply is the next one
 * @throws never: bytes that are no INIT settle minor 0 without flags
 */
export function settleMessages(request: Uint8Array, reply: Uint8Array): Negotiated {
  if (isCuse(request)) return { minor: cuseMinor(request, reply), flags: 0n }
  const out = initOut(reply)
  const minor = Math.min(initIn(request).minor ?? 0, out.minor ?? 0)
  return { minor, flags: repliedFlags(minor, out) }
}

/** Whether the bit that a dialect negotiates famfs with is set. */
const has = (flags: bigint, { initBit }: Dialect): boolean => initBit !== undefined && ((flags >> BigInt(initBit)) & 1n) === 1n

/**
 * Whether the kernel asks for maps. The first two series go by the reply alone, the others also by what they had offered, and the BPF variant
 * by the program that the reply names. facts: wire 1.3, 7.1
 */
export const famfsOn = (dialect: Dialect, offered: bigint, replied: bigint, out: InitOut): boolean =>
  has(replied, dialect) && (!offerCounts(dialect) || has(offered, dialect)) && namedIn(dialect, out) === dialect.init?.named?.value

/** Some kernels take the bit without a look at their offer. facts: wire 1.3 */
export const offerCounts = ({ init }: Dialect): boolean => init?.replyAlone !== true

/** How an INIT request ended: a connection, or none. */
export type InitEnd =
  | { readonly up: true; readonly settled: Negotiated & { readonly famfs: boolean } }
  | { readonly up: false; readonly errno: number; readonly why: 'error' | 'major' | 'idmap' }

/** What the mount itself settles besides the two messages. */
export interface MountSide {
  /** mounted with the option default_permissions; default false */
  readonly defaultPermissions?: boolean
}

const POSIX_ACL = 20n
const ALLOW_IDMAP = 40n

/**
 * A kernel that knows FUSE_ALLOW_IDMAP refuses it where it does not check permissions itself: by the mount option, or since FUSE_POSIX_ACL
 * was taken. Measured on Linux 6.18.
 */
const idmapRefused = (offered: bigint, flags: bigint, { defaultPermissions = false }: MountSide): boolean =>
  !defaultPermissions && (((offered & flags) >> ALLOW_IDMAP) & 1n) === 1n && ((flags >> POSIX_ACL) & 1n) === 0n

/**
 * What a kernel makes of the end of its INIT request: an error, a major that is not its own, or FUSE_ALLOW_IDMAP where it cannot be, and the
 * mount is dead (ECONNREFUSED). A body that ends early has zeros behind it. facts: wire 10.3 and captures
 */
export function settleInit(
  dialect: Dialect,
  request: Uint8Array,
  ending: Exclude<Ending, { kind: 'pending' }>,
  mount: MountSide = {},
): InitEnd {
  const dead = (why: 'error' | 'major' | 'idmap'): InitEnd => ({ up: false, errno: ECONNREFUSED, why })
  if (ending.kind === 'errno') return dead('error')
  const out = initOutOf(ending.body, dialect)
  const offer = initIn(request)
  if ((out.major ?? 0) !== (offer.major ?? FUSE_KERNEL_VERSION)) return dead('major')
  const minor = Math.min(offer.minor ?? 0, out.minor ?? 0)
  const flags = repliedFlags(minor, out)
  if (idmapRefused(initFlags(offer), flags, mount)) return dead('idmap')
  return { up: true, settled: { minor, flags, famfs: famfsOn(dialect, initFlags(offer), flags, out) } }
}
