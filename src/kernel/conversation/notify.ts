/**
 * What a kernel makes of a notification. facts: wire 10.6, 10.7; the results are those of fixtures/wire/notify-6.18.jsonl and of the
 * notifications beside it, from five kernels.
 */
import { decode } from '../../codec/decode.ts'
import { decodeText } from '../../codec/text.ts'
import { fixedSize, type Schema } from '../../schema/index.ts'
import { EINVAL, ENAMETOOLONG, ENOENT, ENOTDIR, ENOTEMPTY } from '../../uapi/errno.ts'
import { fuse_notify_code } from '../../uapi/fuse/codes.ts'
import {
  fuse_notify_delete_out,
  fuse_notify_inval_entry_out,
  fuse_notify_inval_inode_out,
  fuse_notify_poll_wakeup_out,
  fuse_notify_prune_out,
  fuse_notify_retrieve_out,
  fuse_notify_store_out,
} from '../../uapi/fuse/notify.ts'
import { smallAt } from '../../validate/bytes.ts'
import { OUT_HEADER_SIZE, outHeaderFields } from '../../validate/generated/messages.ts'
import { kindOfNode, ROOT } from './inodes.ts'
import { isPort, longestName, NAME_MOST } from './kernels.ts'
import { nameSet, nodeNamed } from './names.ts'
import { resend, type Turn } from './turn.ts'

/** errno of the write, and what it is instead where the kernel has dropped what it had in memory: no message tells. */
export interface Noticed {
  readonly errno: number
  readonly or?: readonly number[]
}

const TAKEN: Noticed = { errno: 0 }
const refused = (errno: number): Noticed => ({ errno })

/** The struct at the start of a body and what follows it; undefined where the body is shorter. */
function split<V, I>(schema: Schema<V, I>, body: Uint8Array): { readonly head: V; readonly rest: Uint8Array } | undefined {
  const size = fixedSize(schema.type) ?? 0
  return body.length < size ? undefined : { head: decode(schema, body.subarray(0, size)), rest: body.subarray(size) }
}

/** What comes of a body that must be the struct and nothing else. */
const exactly =
  <V, I>(schema: Schema<V, I>, take: (turn: Turn, head: V) => Noticed) =>
  (turn: Turn, body: Uint8Array): Noticed => {
    const parts = split(schema, body)
    return parts?.rest.length === 0 ? take(turn, parts.head) : refused(EINVAL)
  }

const MAY_BE_GONE = [ENOENT]

/** An inode that the kernel got may be gone, and its FORGET not read yet. The root stays. */
const ofNode = (turn: Turn, node: bigint): Noticed =>
  kindOfNode(turn, node) === undefined ? refused(ENOENT) : node === ROOT ? TAKEN : { errno: 0, or: MAY_BE_GONE }

interface Pages {
  readonly nodeid: bigint
  readonly offset: bigint
}

/** The page cache of a regular file; of anything else it is refused. */
function ofPages(turn: Turn, { nodeid, offset }: Pages): Noticed {
  if (offset >= turn.state.traits.pagesEnd) return refused(EINVAL)
  const kind = kindOfNode(turn, nodeid)
  return kind === undefined || kind === 'regular' ? ofNode(turn, nodeid) : { errno: EINVAL, or: [ENOENT] }
}

/** Names are as long as the kernel takes them. How many pages were settled is not known, so that a long name may be too long. */
function lengthOf({ state }: Turn, namelen: number, rest: Uint8Array): Noticed {
  if (namelen > longestName(state)) return refused(ENAMETOOLONG)
  const errno = rest.length === namelen + 1 ? 0 : EINVAL
  return namelen > NAME_MOST ? { errno, or: [ENAMETOOLONG] } : { errno }
}

interface Naming {
  readonly parent: bigint
  readonly namelen: number
}

/** A name in the memory of the kernel: which node it stands for, or why there is none. */
function ofName(turn: Turn, { parent, namelen }: Naming, rest: Uint8Array): { readonly name: string; readonly node: bigint } | Noticed {
  const length = lengthOf(turn, namelen, rest)
  if (length.errno !== 0) return length
  const also = length.or ?? []
  const kind = kindOfNode(turn, parent)
  if (kind === undefined) return { errno: ENOENT, or: also }
  if (kind !== 'directory') return { errno: ENOTDIR, or: [...also, ENOENT] }
  const name = decodeText(rest, 0, namelen)
  const node = nodeNamed(turn, parent, name)
  return node === undefined ? { errno: ENOENT, or: also } : { name, node }
}

const EXPIRE_ONLY = 1

function invalEntry(turn: Turn, body: Uint8Array): Noticed {
  const parts = split(fuse_notify_inval_entry_out, body)
  if (parts === undefined) return refused(EINVAL)
  const { parent, flags } = parts.head
  const found = ofName(turn, parts.head, parts.rest)
  if ('errno' in found) return found
  // a kernel that does not know the flag drops the name
  if ((flags & EXPIRE_ONLY) === 0 || !turn.state.traits.keepsExpired) nameSet(turn, parent, found.name, undefined)
  return { errno: 0, or: MAY_BE_GONE }
}

/** The name is dropped before its node is compared. */
function deleted(turn: Turn, body: Uint8Array): Noticed {
  const parts = split(fuse_notify_delete_out, body)
  if (parts === undefined) return refused(EINVAL)
  const { parent, child } = parts.head
  const found = ofName(turn, parts.head, parts.rest)
  if ('errno' in found) return found
  nameSet(turn, parent, found.name, undefined)
  if (child !== 0n && found.node !== 0n && found.node !== child) return refused(ENOENT)
  const directory = child !== 0n && kindOfNode(turn, found.node) === 'directory'
  return { errno: 0, or: directory ? [ENOENT, ENOTEMPTY] : MAY_BE_GONE }
}

function stored(turn: Turn, body: Uint8Array): Noticed {
  const parts = split(fuse_notify_store_out, body)
  return parts?.rest.length !== parts?.head.size || parts === undefined ? refused(EINVAL) : ofPages(turn, parts.head)
}

const NODE_SIZE = 8

function pruned(_: Turn, body: Uint8Array): Noticed {
  const parts = split(fuse_notify_prune_out, body)
  return parts !== undefined && parts.rest.length === parts.head.count * NODE_SIZE ? TAKEN : refused(EINVAL)
}

function resent(turn: Turn): Noticed {
  resend(turn)
  return TAKEN
}

const { FUSE_NOTIFY_POLL, FUSE_NOTIFY_INVAL_INODE, FUSE_NOTIFY_INVAL_ENTRY, FUSE_NOTIFY_STORE, FUSE_NOTIFY_RETRIEVE } =
  fuse_notify_code.values
const { FUSE_NOTIFY_DELETE, FUSE_NOTIFY_RESEND, FUSE_NOTIFY_INC_EPOCH, FUSE_NOTIFY_PRUNE } = fuse_notify_code.values

interface Code {
  /** minor of the kernels that know it first */
  readonly since: number
  readonly take: (turn: Turn, body: Uint8Array) => Noticed
}

const codes: Readonly<Record<number, Code>> = {
  [FUSE_NOTIFY_POLL]: { since: 11, take: exactly(fuse_notify_poll_wakeup_out, () => TAKEN) },
  [FUSE_NOTIFY_INVAL_INODE]: { since: 12, take: exactly(fuse_notify_inval_inode_out, (turn, { ino }) => ofNode(turn, ino)) },
  [FUSE_NOTIFY_INVAL_ENTRY]: { since: 12, take: invalEntry },
  [FUSE_NOTIFY_STORE]: { since: 15, take: stored },
  [FUSE_NOTIFY_RETRIEVE]: { since: 15, take: exactly(fuse_notify_retrieve_out, ofPages) },
  [FUSE_NOTIFY_DELETE]: { since: 18, take: deleted },
  [FUSE_NOTIFY_RESEND]: { since: 40, take: resent },
  [FUSE_NOTIFY_INC_EPOCH]: { since: 44, take: () => TAKEN },
  [FUSE_NOTIFY_PRUNE]: { since: 45, take: pruned },
}

/** What a kernel says to a code: it may be older than the code. */
function isKnown({ announced, newestNotify }: Turn['state'], code: number): boolean {
  const known = codes[code]
  return known !== undefined && (newestNotify === undefined ? known.since <= announced : code <= newestNotify)
}

/**
 * A notification: bytes with a header whose length is right and whose unique is 0. A code that the kernel does not know is EINVAL, as is a
 * length that is not that of the code. A kernel that announces more than its series did is a port: which codes it has, what it is a port to
 * decides. facts: wire 1.1
 */
export function notified(turn: Turn, bytes: Uint8Array): Noticed {
  const { state } = turn
  const [at, size] = outHeaderFields.error
  const code = smallAt(bytes, at, size)
  if ((state.phase === 'new' && state.traits.deafBeforeInit) || !isKnown(state, code)) return refused(EINVAL)
  const noticed = codes[code]?.take(turn, bytes.subarray(OUT_HEADER_SIZE)) ?? refused(EINVAL)
  const isSure = state.newestNotify !== undefined || !isPort(state) || code <= FUSE_NOTIFY_DELETE
  return isSure ? noticed : { ...noticed, or: [...(noticed.or ?? []), EINVAL] }
}
