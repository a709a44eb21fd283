/** What answers say about inodes: a look-up's entry, and sizes. facts: wire 10.7 */
import { decodeEntryOut } from '../../codec/generated/attr.ts'
import { EIO, ENOENT } from '../../uapi/errno.ts'
import { numberAt } from '../../validate/bytes.ts'
import type { Ending } from '../../validate/reply.ts'
import { resized } from './access.ts'
import { kindOf } from './tree.ts'
import { fileOf, keepFile, type Turn } from './turn.ts'
import type { NodeKind } from './types.ts'

type Ended = Exclude<Ending, { kind: 'pending' }>

const S_IFMT = 0xf000
const LLONG_MAX = (1n << 63n) - 1n
/** of fuse_attr_out: where the size stands */
const ATTR_SIZE_AT = 24
/** of fuse_statx_out: the mask and the size in the struct statx at its byte 32 */
const STATX_MASK_AT = 32
const STATX_SIZE_AT = 72
const STATX_BASIC_STATS = 0x7ff

/** The answer to GETATTR or SETATTR. */
export function attributesEnded(turn: Turn, node: bigint, ending: Ended): void {
  const file = fileOf(turn, node)
  if (file !== undefined && ending.kind === 'body') keepFile(turn, resized(file, numberAt(ending.body, ATTR_SIZE_AT, 8)))
}

/** An answer that has all that stat(2) wants is taken like that to GETATTR. */
export function statxEnded(turn: Turn, node: bigint, ending: Ended): void {
  const file = fileOf(turn, node)
  if (file === undefined || ending.kind !== 'body') return
  const mask = Number(numberAt(ending.body, STATX_MASK_AT, 4))
  if ((mask & STATX_BASIC_STATS) === STATX_BASIC_STATS) keepFile(turn, resized(file, numberAt(ending.body, STATX_SIZE_AT, 8)))
}

/** errno of a look-up, and the entry where there is one. An entry that makes no sense is EIO. facts: captures, `malformed reply` */
export function entryOf(
  turn: Turn,
  ending: Ended,
): { readonly errno: number; readonly node: bigint; readonly ino: bigint; readonly size: bigint; readonly kind: NodeKind } {
  const none = { node: 0n, ino: 0n, size: 0n, kind: 'other' } as const
  if (ending.kind === 'errno') return { errno: ending.errno, ...none }
  const { nodeid: node, attr } = decodeEntryOut(ending.body, { minor: turn.state.settled.minor })
  if (node === 0n) return { errno: ENOENT, ...none }
  const kind = attr.mode & S_IFMT
  const sane = node !== 1n && attr.size <= LLONG_MAX && [0x1000, 0x2000, 0x4000, 0x6000, 0x8000, 0xa000, 0xc000].includes(kind)
  return { errno: sane ? 0 : EIO, node, ino: attr.ino, size: attr.size, kind: kindOf(attr.mode) }
}
