/** The answers to READDIR and READDIRPLUS: records that a kernel takes, passes over or refuses. Rule e of fixtures/wire/rules-7.3.jsonl */
import { decodeText } from '../../codec/text.ts'
import { EIO } from '../../uapi/errno.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { inodeOf, isBad, isStale, makeBad, makesSense, type Named, owe, ROOT, seenAgain } from './inodes.ts'
import { longestName } from './kernels.ts'
import { entered, nameSet, nodeNamed } from './names.ts'
import { emit, type Turn } from './turn.ts'
import type { ListedEntry, RequestHead } from './types.ts'

/** of fuse_entry_out: its members, with every minor */
const AT = { generation: 8, size: 48, mode: 100 } as const
/** of fuse_dirent */
const DIRENT = { ino: 0, off: 8, namelen: 16, type: 20, name: 24 } as const
const ENTRY_SIZE = 128
const SLASH = 0x2f

/** What an entry says of an inode. */
export const entryAt = (body: Uint8Array, at: number): Named => ({
  node: numberAt(body, at, 8),
  generation: numberAt(body, at + AT.generation, 8),
  size: numberAt(body, at + AT.size, 8),
  mode: smallAt(body, at + AT.mode, 4),
})

/** A record of the answer; `entry`: of READDIRPLUS. */
interface Found extends ListedEntry {
  readonly entry: Named | undefined
}

/** Where the records of an answer end: all read, or at one that is refused. */
interface Records {
  readonly all: readonly Found[]
  readonly refused: boolean
}

/** Records are as long as their name says, rounded up to eight bytes; one that does not fit whole ends the answer. */
function recordsIn(turn: Turn, body: Uint8Array, head: number): Records {
  const all: Found[] = []
  const most = longestName(turn.state)
  for (let at = 0; at + head + DIRENT.name <= body.length; ) {
    const record = at + head
    const namelen = smallAt(body, record + DIRENT.namelen, 4)
    if (namelen === 0 || namelen > most) return { all, refused: true }
    const end = at + head + DIRENT.name + Math.ceil(namelen / 8) * 8
    if (end > body.length) break
    const name = body.subarray(record + DIRENT.name, record + DIRENT.name + namelen)
    if (name.includes(SLASH)) return { all, refused: true }
    all.push({
      ino: numberAt(body, record + DIRENT.ino, 8),
      off: numberAt(body, record + DIRENT.off, 8),
      type: smallAt(body, record + DIRENT.type, 4),
      name: decodeText(name, 0, name.length),
      entry: head === 0 ? undefined : entryAt(body, at),
    })
    at = end
  }
  return { all, refused: false }
}

/** A name that stands for a node with another generation or type: that inode goes bad, and the name is looked for anew. */
function linked(turn: Turn, parent: bigint, name: string, entry: Named): boolean {
  const known = nodeNamed(turn, parent, name) === entry.node ? inodeOf(turn, entry.node) : undefined
  if (known === undefined) {
    entered(turn, parent, name, entry)
    return true
  }
  if (isStale(known, entry)) {
    makeBad(turn, entry.node)
    entered(turn, parent, name, entry)
    return true
  }
  if (isBad(turn, entry.node)) return false
  seenAgain(turn, entry.node)
  nameSet(turn, parent, name, entry.node)
  return true
}

/** A record with an entry becomes an inode and a name; one that cannot comes back by FORGET at once. */
function link(turn: Turn, parent: bigint, name: string, entry: Named): void {
  if (entry.node === 0n || name === '.' || name === '..') return
  const takes = entry.node !== ROOT && makesSense(entry) && linked(turn, parent, name, entry)
  if (!takes) owe(turn, entry.node, 1n)
}

/** The answer to READDIR or READDIRPLUS. */
export function listed(turn: Turn, { node, opcode }: RequestHead, body: Uint8Array): void {
  const { all, refused } = recordsIn(turn, body, opcode === fuse_opcode.values.FUSE_READDIRPLUS ? ENTRY_SIZE : 0)
  for (const { name, entry } of all) if (entry !== undefined) link(turn, node, name, entry)
  const entries = all.map(({ ino, off, type, name }) => ({ ino, off, type, name }))
  emit(turn, { effect: 'listed', node, entries, errno: refused && all.length === 0 ? EIO : 0 })
}
