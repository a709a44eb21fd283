/** Requests that make, move, remove or list names: what the kernel believes of their answers. */
import { EIO } from '../../uapi/errno.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import type { Ending } from '../../validate/reply.ts'
import { inodeOf, makesSense, ROOT, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from './inodes.ts'
import { entryAt, listed } from './listing.ts'
import { entered, nameSet, nodeNamed } from './names.ts'
import { namesIn } from './requests.ts'
import { emit, type Turn } from './turn.ts'
import type { RequestHead } from './types.ts'

const RENAME_EXCHANGE = 2
const { FUSE_MKNOD, FUSE_MKDIR, FUSE_SYMLINK, FUSE_LINK, FUSE_CREATE, FUSE_TMPFILE } = fuse_opcode.values
const { FUSE_UNLINK, FUSE_RMDIR, FUSE_RENAME, FUSE_RENAME2, FUSE_READDIR, FUSE_READDIRPLUS } = fuse_opcode.values

/** Requests besides LOOKUP that make, move, remove or list names. */
export const namingOpcodes: readonly number[] = [
  ...[FUSE_MKNOD, FUSE_MKDIR, FUSE_SYMLINK, FUSE_LINK, FUSE_CREATE, FUSE_TMPFILE],
  ...[FUSE_UNLINK, FUSE_RMDIR, FUSE_RENAME, FUSE_RENAME2, FUSE_READDIR, FUSE_READDIRPLUS],
]

/** A name has moved; what it stood for there is gone, or comes back for it. */
function renamed(turn: Turn, { node: parent, opcode }: RequestHead, request: Uint8Array, [from = '', to = '']: readonly string[]): void {
  const directory = numberAt(request, IN_HEADER_SIZE, 8)
  const exchanges = opcode === FUSE_RENAME2 && (smallAt(request, IN_HEADER_SIZE + 8, 4) & RENAME_EXCHANGE) !== 0
  const [moved, replaced] = [nodeNamed(turn, parent, from), nodeNamed(turn, directory, to)]
  nameSet(turn, parent, from, exchanges ? replaced : undefined)
  nameSet(turn, directory, to, moved)
}

/** S_IFMT bits that the answer to a request that makes something must have. facts: rule f of fixtures/wire/rules-7.3.jsonl */
function typeMade(turn: Turn, { opcode }: RequestHead, request: Uint8Array): number | undefined {
  if (opcode === FUSE_MKDIR) return S_IFDIR
  if (opcode === FUSE_SYMLINK) return S_IFLNK
  if (opcode === FUSE_LINK) return inodeOf(turn, numberAt(request, IN_HEADER_SIZE, 8))?.type
  if (opcode === FUSE_MKNOD) return smallAt(request, IN_HEADER_SIZE, 4) & S_IFMT || S_IFREG
  return S_IFREG
}

/** An entry that cannot be what was asked for is EIO, and nothing is remembered. */
function made(turn: Turn, head: RequestHead, request: Uint8Array, name: string | undefined, body: Uint8Array): void {
  const entry = entryAt(body, 0)
  const type = typeMade(turn, head, request)
  const fits = entry.node !== 0n && entry.node !== ROOT && makesSense(entry) && (type === undefined || (entry.mode & S_IFMT) === type)
  if (fits) entered(turn, head.node, name, entry)
  else emit(turn, { effect: 'disbelieved', opcode: head.opcode, node: head.node, errno: EIO })
}

/** A request that makes, moves or removes names has ended. A name that was removed is known not to be there. */
export function namesChanged(turn: Turn, head: RequestHead, request: Uint8Array, ending: Ending): void {
  if (ending.kind !== 'body') return
  const { opcode, node } = head
  if (opcode === FUSE_READDIR || opcode === FUSE_READDIRPLUS) return listed(turn, head, ending.body)
  const names = namesIn(request, opcode, turn.state.settled.minor)
  const [name] = names
  if (opcode === FUSE_RENAME || opcode === FUSE_RENAME2) renamed(turn, head, request, names)
  else if (opcode === FUSE_UNLINK || opcode === FUSE_RMDIR) nameSet(turn, node, name ?? '', 0n)
  else made(turn, head, request, name, ending.body)
}
