/**
 * Inodes and names that a kernel has in memory, as far as messages tell. It may drop a name, and with it an inode, whenever it likes; of an
 * inode FORGET tells, of a name nothing does.
 */
import { decodeText } from '../../codec/text.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import type { Ending } from '../../validate/reply.ts'
import { drop, get, put } from './files.ts'
import { namesIn } from './requests.ts'
import type { Turn } from './turn.ts'
import type { KnownName, NodeKind, RequestHead } from './types.ts'

export const ROOT = 1n

const S_IFMT = 0xf000
const S_IFDIR = 0x4000
const S_IFREG = 0x8000
/** of fuse_entry_out: where the mode stands, with every minor */
const ENTRY_MODE_AT = 100
const ENTRY_SIZE = 128

/** What a mode says that an inode is. */
export const kindOf = (mode: number): NodeKind =>
  (mode & S_IFMT) === S_IFREG ? 'regular' : (mode & S_IFMT) === S_IFDIR ? 'directory' : 'other'

/** What an inode is; undefined: the kernel has none of that number. */
export const kindOfNode = ({ state }: Turn, node: bigint): NodeKind | undefined =>
  node === ROOT && state.phase !== 'gone' ? 'directory' : get(state.nodes, node)?.kind

/** The kernel got an entry: one look-up more, for which it will send a FORGET. facts: wire 10.7 */
export function nodeSeen({ state }: Turn, node: bigint, kind: NodeKind): void {
  state.nodes = put(state.nodes, node, { kind, lookups: (get(state.nodes, node)?.lookups ?? 0n) + 1n })
}

/** FORGET takes look-ups back; with the last one the inode is gone. */
export function nodeForgotten({ state }: Turn, node: bigint, count: bigint): void {
  const known = get(state.nodes, node)
  if (known === undefined) return
  const lookups = known.lookups - count
  state.nodes = lookups > 0n ? put(state.nodes, node, { ...known, lookups }) : drop(state.nodes, node)
}

const FNV_START = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Names of few directories share a slot of the table, rarely. */
function slotOf(parent: bigint, name: string): bigint {
  let hash = Math.imul(FNV_START ^ Number(BigInt.asUintN(32, parent)), FNV_PRIME)
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME)
  return BigInt(hash >>> 0)
}

const isIt =
  (parent: bigint, name: string) =>
  (known: KnownName): boolean =>
    known.parent === parent && known.name === name

/** What a name stands for: a node, 0 for one that is known not to be there, undefined for one that the kernel does not have. */
export function nodeNamed({ state }: Turn, parent: bigint, name: string): bigint | undefined {
  const node = get(state.dentries, slotOf(parent, name))?.find(isIt(parent, name))?.node
  return node === undefined || node === 0n || get(state.nodes, node) !== undefined ? node : undefined
}

/** From now on the name stands for this; undefined: the kernel has it no more. */
export function nameSet({ state }: Turn, parent: bigint, name: string, node: bigint | undefined): void {
  const slot = slotOf(parent, name)
  const is = isIt(parent, name)
  const others = (get(state.dentries, slot) ?? []).filter(known => !is(known))
  const all = node === undefined ? others : [...others, { parent, name, node }]
  state.dentries = all.length === 0 ? drop(state.dentries, slot) : put(state.dentries, slot, all)
}

/** An entry with its name. */
function entered(turn: Turn, parent: bigint, name: string | undefined, body: Uint8Array, at = 0): void {
  const node = numberAt(body, at, 8)
  if (node === 0n) return
  nodeSeen(turn, node, kindOf(smallAt(body, at + ENTRY_MODE_AT, 4)))
  if (name !== undefined) nameSet(turn, parent, name, node)
}

/** of fuse_dirent: where the length of the name stands, and the name */
const NAMELEN_AT = 16
const NAME_AT = 24

/** Every entry of READDIRPLUS but the two with dots. facts: wire 10.7 */
function listed(turn: Turn, parent: bigint, body: Uint8Array): void {
  for (let at = 0; at + ENTRY_SIZE + NAME_AT <= body.length; ) {
    const start = at + ENTRY_SIZE + NAME_AT
    const end = start + smallAt(body, at + ENTRY_SIZE + NAMELEN_AT, 4)
    if (end > body.length) return
    const name = decodeText(body, start, end)
    if (name !== '.' && name !== '..') entered(turn, parent, name, body, at)
    at += (end - at + 7) & ~7
  }
}

const RENAME_EXCHANGE = 2
const { FUSE_MKNOD, FUSE_MKDIR, FUSE_SYMLINK, FUSE_LINK, FUSE_CREATE, FUSE_TMPFILE } = fuse_opcode.values
const { FUSE_UNLINK, FUSE_RMDIR, FUSE_RENAME, FUSE_RENAME2, FUSE_READDIRPLUS } = fuse_opcode.values

/** Requests besides LOOKUP that make, move, remove or list names. */
export const namingOpcodes: readonly number[] = [
  ...[FUSE_MKNOD, FUSE_MKDIR, FUSE_SYMLINK, FUSE_LINK, FUSE_CREATE, FUSE_TMPFILE],
  ...[FUSE_UNLINK, FUSE_RMDIR, FUSE_RENAME, FUSE_RENAME2, FUSE_READDIRPLUS],
]

/** A name has moved; what it stood for there is gone, or comes back for it. */
function renamed(turn: Turn, { node: parent, opcode }: RequestHead, request: Uint8Array, [from = '', to = '']: readonly string[]): void {
  const directory = numberAt(request, IN_HEADER_SIZE, 8)
  const exchanges = opcode === FUSE_RENAME2 && (smallAt(request, IN_HEADER_SIZE + 8, 4) & RENAME_EXCHANGE) !== 0
  const [moved, replaced] = [nodeNamed(turn, parent, from), nodeNamed(turn, directory, to)]
  nameSet(turn, parent, from, exchanges ? replaced : undefined)
  nameSet(turn, directory, to, moved)
}

/** A request that makes, moves or removes names has succeeded. A name that was removed is known not to be there. */
export function namesChanged(turn: Turn, head: RequestHead, request: Uint8Array, ending: Ending): void {
  if (ending.kind !== 'body') return
  const { opcode, node } = head
  if (opcode === FUSE_READDIRPLUS) return listed(turn, node, ending.body)
  const names = namesIn(request, opcode, turn.state.settled.minor)
  const [name] = names
  if (opcode === FUSE_RENAME || opcode === FUSE_RENAME2) renamed(turn, head, request, names)
  else if (opcode === FUSE_UNLINK || opcode === FUSE_RMDIR) nameSet(turn, node, name ?? '', 0n)
  else entered(turn, node, name, ending.body)
}
