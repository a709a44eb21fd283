/**
 * Inodes in the memory of a kernel: when an answer fits the one that it has, when that goes bad, and what comes back by FORGET. Measured on Linux
 * 7.3.4, 6.18.44, 6.12.117 and 6.1.192: rules a, b, e, f of fixtures/wire/rules-7.3.jsonl.
 */
import { drop, emptyTable, get, put } from './files.ts'
import { emit, type Turn } from './turn.ts'
import type { KnownNode, NodeKind } from './types.ts'

export const ROOT = 1n

export const S_IFMT = 0xf000
export const S_IFREG = 0x8000
export const S_IFDIR = 0x4000
export const S_IFLNK = 0xa000
/** FIFO, character device, directory, block device, regular file, symlink, socket. */
const TYPES: readonly number[] = [0x1000, 0x2000, S_IFDIR, 0x6000, S_IFREG, S_IFLNK, 0xc000]
const LLONG_MAX = (1n << 63n) - 1n

/** What an answer says of an inode, as far as the kernel checks it. */
export interface Attributes {
  readonly mode: number
  readonly size: bigint
}

/** What an entry says of an inode besides. */
export interface Named extends Attributes {
  readonly node: bigint
  readonly generation: bigint
}

export const isType = (mode: number): boolean => TYPES.includes(mode & S_IFMT)
export const isSize = (size: bigint): boolean => size <= LLONG_MAX
/** Attributes that no inode can have are refused before anything is compared. */
export const makesSense = ({ mode, size }: Attributes): boolean => isType(mode) && isSize(size)

const kindOf = (type: number): NodeKind => (type === S_IFREG ? 'regular' : type === S_IFDIR ? 'directory' : 'other')

/** The inode of a node id; the root is there as long as the mount is. */
export function inodeOf({ state }: Turn, node: bigint): KnownNode | undefined {
  const known = get(state.nodes, node)
  return known ?? (node === ROOT && state.phase !== 'gone' ? { type: S_IFDIR, generation: 0, lookups: 1n, serial: 0, since: 0 } : undefined)
}

/** What an inode is; undefined: the kernel has none of that number. */
export function kindOfNode(turn: Turn, node: bigint): NodeKind | undefined {
  const known = inodeOf(turn, node)
  return known === undefined ? undefined : kindOf(known.type)
}

export const isBad = (turn: Turn, node: bigint): boolean => inodeOf(turn, node)?.bad === true

/** A file that was in use before the first message that this model saw. */
const UNSEEN: KnownNode = { type: S_IFREG, generation: 0, lookups: 0n, serial: 0, since: 0 }

/** From now on every call on the inode gives EIO. */
export function makeBad(turn: Turn, node: bigint): void {
  turn.state.nodes = put(turn.state.nodes, node, { ...(inodeOf(turn, node) ?? UNSEEN), bad: true })
}

/** Another generation (its low 32 bits) or another file type: the node id has been given to something else. */
export const isStale = ({ generation, type }: KnownNode, entry: Pick<Named, 'generation' | 'mode'>): boolean =>
  generation !== Number(BigInt.asUintN(32, entry.generation)) || type !== (entry.mode & S_IFMT)

/** Look-ups that come back by themselves, for which no inode is in reach. */
export function owe(turn: Turn, node: bigint, count: bigint): void {
  const counts = get(turn.state.owed, node) ?? emptyTable
  turn.state.owed = put(turn.state.owed, node, put(counts, count, (get(counts, count) ?? 0) + 1))
  emit(turn, { effect: 'owes', node, count })
}

/** Whether this FORGET pays such a debt; then it says nothing about the inode in reach. */
function pays({ state }: Turn, node: bigint, count: bigint): boolean {
  const counts = get(state.owed, node)
  const times = counts === undefined ? undefined : get(counts, count)
  if (counts === undefined || times === undefined) return false
  const rest = times === 1 ? drop(counts, count) : put(counts, count, times - 1)
  state.owed = rest.root === undefined ? drop(state.owed, node) : put(state.owed, node, rest)
  return true
}

/** One look-up more of an inode in reach, for which a FORGET will come. facts: wire 10.7 */
export function seenAgain(turn: Turn, node: bigint): void {
  const known = inodeOf(turn, node)
  if (known !== undefined) turn.state.nodes = put(turn.state.nodes, node, { ...known, lookups: known.lookups + 1n })
}

/**
 * The kernel takes an entry: one look-up more of the inode that it has, or a new one. One that is stale goes bad and out of reach, with its map;
 * its look-ups come back by a FORGET of their own.
 */
export function taken(turn: Turn, entry: Named): void {
  const { state } = turn
  const { node } = entry
  const known = inodeOf(turn, node)
  if (known !== undefined && (node === ROOT || !isStale(known, entry))) {
    if (isStale(known, entry)) makeBad(turn, node)
    return seenAgain(turn, node)
  }
  if (known !== undefined) {
    state.files = drop(state.files, node)
    owe(turn, node, known.lookups)
  }
  const generation = Number(BigInt.asUintN(32, entry.generation))
  state.nodes = put(state.nodes, node, { type: entry.mode & S_IFMT, generation, lookups: 1n, serial: state.serials++, since: state.opens })
}

/** FORGET takes look-ups back; with the last one the inode is gone. True where it was that of the inode in reach. */
export function nodeForgotten(turn: Turn, node: bigint, count: bigint): boolean {
  if (pays(turn, node, count)) return false
  const known = get(turn.state.nodes, node)
  if (known === undefined) return true
  const lookups = known.lookups - count
  turn.state.nodes = lookups > 0n ? put(turn.state.nodes, node, { ...known, lookups }) : drop(turn.state.nodes, node)
  return true
}
