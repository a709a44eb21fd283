/** What answers say about inodes: sizes and types. An answer that cannot be is EIO, and the inode is bad from then on. Rule b of fixtures/wire/rules-7.3.jsonl */
import { EIO, ENOENT } from '../../uapi/errno.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import type { Ending } from '../../validate/reply.ts'
import { resized } from './access.ts'
import { type Attributes, inodeOf, isSize, isType, makeBad, makesSense, type Named, ROOT, S_IFMT } from './inodes.ts'
import { entryAt } from './listing.ts'
import { emit, fileOf, keepFile, type Turn } from './turn.ts'
import type { RequestHead } from './types.ts'

type Ended = Exclude<Ending, { kind: 'pending' }>

/** of fuse_attr_out */
const ATTR = { size: 24, mode: 76 } as const
/** of fuse_statx_out */
const STATX = { mask: 32, mode: 60, size: 72 } as const
const STATX_TYPE = 1
const STATX_SIZE = 0x200
const STATX_BASIC_STATS = 0x7ff

/** A type that the inode does not have. */
function isOther(turn: Turn, node: bigint, mode: number): boolean {
  const known = inodeOf(turn, node)
  return known !== undefined && known.type !== (mode & S_IFMT)
}

function disbelieve(turn: Turn, { opcode, node }: RequestHead): void {
  makeBad(turn, node)
  emit(turn, { effect: 'disbelieved', opcode, node, errno: EIO })
}

function keepSize(turn: Turn, node: bigint, size: bigint): void {
  const file = fileOf(turn, node)
  if (file !== undefined) keepFile(turn, resized(file, size))
}

/** The answer to GETATTR or SETATTR. */
export function attributesEnded(turn: Turn, head: RequestHead, ending: Ended): void {
  if (ending.kind !== 'body') return
  const said: Attributes = { size: numberAt(ending.body, ATTR.size, 8), mode: smallAt(ending.body, ATTR.mode, 4) }
  if (!makesSense(said) || isOther(turn, head.node, said.mode)) return disbelieve(turn, head)
  keepSize(turn, head.node, said.size)
}

/** The answer to STATX: only what its mask names is checked; one that has all that stat(2) wants is kept. */
export function statxEnded(turn: Turn, head: RequestHead, ending: Ended): void {
  if (ending.kind !== 'body') return
  const mask = smallAt(ending.body, STATX.mask, 4)
  const mode = smallAt(ending.body, STATX.mode, 2)
  const size = numberAt(ending.body, STATX.size, 8)
  const wrongSize = (mask & STATX_SIZE) !== 0 && !isSize(size)
  const wrongType = (mask & STATX_TYPE) !== 0 && (!isType(mode) || isOther(turn, head.node, mode))
  if (wrongSize || wrongType) return disbelieve(turn, head)
  if ((mask & STATX_BASIC_STATS) === STATX_BASIC_STATS) keepSize(turn, head.node, size)
}

/** What LOOKUP found. */
export interface Entry extends Named {
  readonly errno: number
  readonly ino: bigint
}

const NOTHING: Omit<Entry, 'errno'> = { node: 0n, generation: 0n, ino: 0n, size: 0n, mode: 0 }
/** of fuse_entry_out */
const INO_AT = 40

/** errno of a look-up, and the entry where there is one. An entry that makes no sense is EIO. facts: captures, `malformed reply` */
export function entryOf(ending: Ended): Entry {
  if (ending.kind === 'errno') return { ...NOTHING, errno: ending.errno }
  const entry = entryAt(ending.body, 0)
  if (entry.node === 0n) return { ...NOTHING, errno: ENOENT }
  return { ...entry, ino: numberAt(ending.body, INO_AT, 8), errno: entry.node !== ROOT && makesSense(entry) ? 0 : EIO }
}
