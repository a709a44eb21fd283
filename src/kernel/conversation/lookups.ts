/** The answers to LOOKUP: of a name that the kernel knows, and of one that it does not. Rule a of fixtures/wire/rules-7.3.jsonl */
import { ENOENT, ENOMEM } from '../../uapi/errno.ts'
import type { Ending } from '../../validate/reply.ts'
import { resized } from './access.ts'
import { type Entry, entryOf } from './attributes.ts'
import { sendLookup, sendOpen } from './calls.ts'
import { inodeOf, isBad, isStale, kindOfNode, makesSense, owe, ROOT, seenAgain, taken } from './inodes.ts'
import { askForMap } from './maps.ts'
import { nameSet, nodeNamed } from './names.ts'
import { emit, fileOf, keepFile, type Turn } from './turn.ts'
import type { After, Caller, Purpose } from './types.ts'

type Ended = Exclude<Ending, { kind: 'pending' }>
type Looking = Purpose & { readonly kind: 'lookup' }

/** Whether the answer still fits the inode that the name stood for; if not, the kernel drops the name. */
function stillFits(turn: Turn, node: bigint, entry: Entry): boolean {
  if (entry.node === 0n) return false
  if (entry.node !== node) {
    owe(turn, entry.node, 1n)
    return false
  }
  seenAgain(turn, node)
  const known = inodeOf(turn, node)
  return entry.errno === 0 && known !== undefined && !isStale(known, entry)
}

const EINTR = 4
/** errno after which a name stays as it is. */
const KEEPS: readonly number[] = [ENOMEM, EINTR]

/** The answer about a name that the kernel had: good, or the name is dropped and looked up once more. True where that is so. */
function looksAgain(turn: Turn, { parent, name, reopen }: Looking, by: Caller, entry: Entry): boolean {
  const node = nodeNamed(turn, parent, name)
  if (node === undefined || node === 0n || isBad(turn, node) || KEEPS.includes(entry.errno)) return false
  if (stillFits(turn, node, entry)) return false
  nameSet(turn, parent, name, undefined)
  sendLookup(turn, parent, name, by, reopen)
  return true
}

/** The answer to LOOKUP. */
export function lookupEnded(turn: Turn, purpose: Looking, by: Caller, ending: Ended): void {
  const { parent, name, reopen } = purpose
  const entry = entryOf(ending)
  const { errno, node, ino, size } = entry
  const known = nodeNamed(turn, parent, name)
  const after: After = { kind: 'lookup', reopen }
  if (looksAgain(turn, purpose, by, entry)) return
  // an entry that calls something else the root is EIO, and the root is bad from then on. Measured on Linux 6.18.44
  if (node === ROOT && makesSense(entry)) taken(turn, { ...entry, generation: 0n })
  // of a name that is known, the look-up is counted already
  if (errno === 0 && (known !== node || isBad(turn, node))) taken(turn, entry)
  if (errno === 0 || errno === ENOENT) nameSet(turn, parent, name, node)
  if (errno !== 0 || kindOfNode(turn, node) !== 'regular') return lookedUp(turn, node, errno, after)
  const file = fileOf(turn, node) ?? { node, state: { error: false, i_size: size, dax: true } }
  keepFile(turn, resized({ ...file, parent, name }, size))
  const { dialect, settled, habits } = turn.state
  const asks = settled.famfs && dialect.trigger === 'LOOKUP' && (habits.asksAgain || file.map === undefined)
  if (asks) return askForMap(turn, node, ino, by, after)
  lookedUp(turn, node, 0, after)
}

/** The look-up is done; where it was the first half of a second open, that goes on. */
export function lookedUp(turn: Turn, node: bigint, errno: number, after: After): void {
  const reopen = after.kind === 'lookup' ? after.reopen : undefined
  if (reopen === undefined) return emit(turn, { effect: 'looked-up', node, errno })
  if (errno !== 0) return emit(turn, { effect: 'opened', id: reopen.id, node: reopen.node, errno })
  sendOpen(turn, { ...reopen, node })
}
