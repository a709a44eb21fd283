/** The bytes of the requests that a kernel sends by itself, and what stands in those of others. facts: wire 2.1, 2.3, 10 */
import { decodeInHeader, encodeInHeaderInto } from '../../codec/generated/header.ts'
import { decodeText, encodeText } from '../../codec/text.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import type { Caller, RequestHead } from './types.ts'

export interface RequestParts {
  readonly opcode: number
  readonly node: bigint
  readonly by: Caller
  readonly body?: Uint8Array
}

/** A request of the kernel itself, not of a process. */
export const NOBODY: Caller = { uid: 0, gid: 0, pid: 0 }

const NONE = new Uint8Array()

/** Header and body. */
export function buildRequest({ opcode, node, by, body = NONE }: RequestParts, unique: bigint): Uint8Array {
  const { uid, gid, pid } = by
  const bytes = new Uint8Array(IN_HEADER_SIZE + body.length)
  encodeInHeaderInto({ len: bytes.length, opcode, unique, nodeid: node, uid, gid, pid, total_extlen: 0 }, bytes)
  bytes.set(body, IN_HEADER_SIZE)
  return bytes
}

/** The body of LOOKUP: the name with its NUL. */
export function nameBody(name: string): Uint8Array {
  const text = encodeText(name) ?? NONE
  const bytes = new Uint8Array(text.length + 1)
  bytes.set(text)
  return bytes
}

/** A name in a request, up to its NUL. */
function textAt(request: Uint8Array, at: number): { readonly text: string; readonly end: number } {
  const nul = request.indexOf(0, at)
  const end = nul < 0 ? request.length : nul
  return { text: decodeText(request, Math.min(at, end), end), end }
}

/** The name in a LOOKUP request. */
export const nameIn = (request: Uint8Array): string => textAt(request, IN_HEADER_SIZE).text

const { FUSE_MKNOD, FUSE_MKDIR, FUSE_LINK, FUSE_CREATE, FUSE_RENAME, FUSE_RENAME2, FUSE_SYMLINK, FUSE_UNLINK, FUSE_RMDIR } =
  fuse_opcode.values

/** Bytes in front of the names of a request, and how many names it has; before 7.12 MKNOD and CREATE had 8 bytes. */
const NAMES: Readonly<Record<number, readonly [before: number, names: 1 | 2, before12?: number]>> = {
  [FUSE_MKNOD]: [16, 1, 8],
  [FUSE_MKDIR]: [8, 1],
  [FUSE_SYMLINK]: [0, 1],
  [FUSE_UNLINK]: [0, 1],
  [FUSE_RMDIR]: [0, 1],
  [FUSE_LINK]: [8, 1],
  [FUSE_CREATE]: [16, 1, 8],
  [FUSE_RENAME]: [8, 2],
  [FUSE_RENAME2]: [16, 2],
}

/** The names in a request that makes, moves or removes some. */
export function namesIn(request: Uint8Array, opcode: number, minor: number): readonly string[] {
  const [now, count, then = now] = NAMES[opcode] ?? [0, 0]
  const first = textAt(request, IN_HEADER_SIZE + (minor < 12 ? then : now))
  return count === 0 ? [] : count === 1 ? [first.text] : [first.text, textAt(request, first.end + 1).text]
}

/** Opcode, unique, node and caller of a request; all 0 where the bytes are shorter than a header. */
export function headOf(request: Uint8Array): RequestHead {
  if (request.length < IN_HEADER_SIZE) return { opcode: 0, unique: 0n, node: 0n, by: NOBODY }
  const { opcode, unique, nodeid, uid, gid, pid } = decodeInHeader(request.subarray(0, IN_HEADER_SIZE))
  return { opcode, unique, node: nodeid, by: { uid, gid, pid } }
}

/** Nodes that a BATCH_FORGET names, and how many look-ups it gives back; as many as are really there. */
export function* forgottenIn(request: Uint8Array): Generator<readonly [node: bigint, count: bigint]> {
  const [first, each] = [IN_HEADER_SIZE + 8, 16]
  const count = Math.min(smallAt(request, IN_HEADER_SIZE, 4), Math.floor((request.length - first) / each))
  for (let i = 0; i < count; i++) yield [numberAt(request, first + i * each, 8), numberAt(request, first + i * each + 8, 8)]
}
