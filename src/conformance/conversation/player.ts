/** The parts of playing a case: answers, one open(2), one look-up. */
import { encodeEntryOut } from '../../codec/generated/attr.ts'
import { decodeInHeader, encodeOutHeader } from '../../codec/generated/header.ts'
import { type Effect, get, type KnownFile } from '../../kernel/conversation/index.ts'
import { EIO } from '../../uapi/errno.ts'
import { bytesOf } from '../hex.ts'
import { type Json, number, optional, text } from '../record.ts'
import type { CaseInputs } from './inputs.ts'
import type { Memory } from './memory.ts'
import { compare, compareRequest, play, type Story } from './story.ts'

export interface Play {
  readonly story: Story
  readonly memory: Memory
  readonly about: CaseInputs
  /** recorded exchanges that the model has not asked for yet */
  readonly left: Json[]
  /** flags of the open(2) whose file descriptor is used */
  flags: number
  handles: bigint
}

/** What the captured kernels announce. fixtures/wire/PROVENANCE.md */
export const ANNOUNCED = 46
export const O_RDWR = 2
const ROOT = 1n
const FUSE_LOOKUP = 1
const FUSE_OPEN = 14
const S_IFREG_0666 = 0x81b6
/** The server of the captures counted its file handles from here. */
export const FIRST_HANDLE = 0x1001n

function replyTo(request: Uint8Array, error: number, body: Uint8Array = new Uint8Array()): Uint8Array {
  const { unique } = decodeInHeader(request.subarray(0, 40))
  const bytes = new Uint8Array(16 + body.length)
  bytes.set(encodeOutHeader({ len: bytes.length, error, unique }))
  bytes.set(body, 16)
  return bytes
}

function entryBody(node: bigint, size: bigint): Uint8Array {
  const attr = {
    ino: node,
    size,
    blocks: 0n,
    atime: 0n,
    mtime: 0n,
    ctime: 0n,
    atimensec: 0,
    mtimensec: 0,
    ctimensec: 0,
    mode: S_IFREG_0666,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    blksize: 4096,
    flags: 0,
  }
  return encodeEntryOut({
    nodeid: node,
    generation: 1n,
    entry_valid: 3600n,
    attr_valid: 3600n,
    entry_valid_nsec: 0,
    attr_valid_nsec: 0,
    attr,
  })
}

function openBody(handle: bigint): Uint8Array {
  const body = new Uint8Array(16)
  new DataView(body.buffer).setBigUint64(0, handle, true)
  return body
}

const requestOf = (line: Json): Uint8Array => bytesOf(text(line, 'request_hex'), 'request_hex')
export const headerOf = (line: Json): ReturnType<typeof decodeInHeader> => decodeInHeader(requestOf(line).subarray(0, 40))

/** The requests that the case list leaves out are answered as the server of the captures answered them (the traces show it). */
function answerQuietly(p: Play, node: bigint, request: Effect & { readonly effect: 'request' }): boolean {
  if (request.opcode === FUSE_LOOKUP) {
    play(p.story, { event: 'write', bytes: replyTo(request.bytes, 0, entryBody(node, p.about.attrSize ?? 0x1000n)) }, 'server')
    return true
  }
  if (request.opcode === FUSE_OPEN) {
    play(p.story, { event: 'write', bytes: replyTo(request.bytes, 0, openBody(p.handles++)) }, 'server')
    return true
  }
  return request.opcode === 18
}

const written = (effects: readonly Effect[]): number => effects.find(e => e.effect === 'written')?.errno ?? -1

/** A request of famfs: the recorded one beside it, and the recorded reply for an answer. */
function answerRecorded(p: Play): void {
  const line = p.left.shift()
  if (line === undefined) return
  const request = requestOf(line)
  compareRequest(p.story, request)
  const effects = play(p.story, { event: 'write', bytes: bytesOf(text(line, 'reply_hex'), 'reply_hex') }, 'server')
  compare(p.story, 'write(2) of the server', errnoText(optional(line, 'reply_write_errno', number) ?? 0), errnoText(written(effects)))
  const fallback = optional(line, 'fallback_EIO_write_errno', number)
  if (fallback === undefined) return
  const again = play(p.story, { event: 'write', bytes: replyTo(request, -EIO) }, 'server')
  compare(p.story, 'write(2) of -EIO after it', errnoText(fallback), errnoText(written(again)))
}

export const errnoText = (errno: number | undefined): string => (errno === undefined ? 'waits' : `errno ${errno}`)

/** Answers until the kernel asks nothing more. */
function serve(p: Play, node: bigint): void {
  while (p.story.asked.length > 0) {
    const next = p.story.asked[0]
    if (next === undefined) return
    if (answerQuietly(p, node, next)) {
      p.story.asked.splice(p.story.asked.indexOf(next), 1)
    } else if (p.left.length === 0) return
    else answerRecorded(p)
  }
}

/** One open(2): compared with the errno that the kernel gave. */
export function open(p: Play, node: bigint, errno: number, what: string, flags: number): void {
  const next = p.left[0]
  const by = next === undefined ? { uid: 0, gid: 0, pid: 0 } : headerOf(next)
  // requests between, which the case list leaves out, have taken their numbers
  if (next !== undefined && headerOf(next).nodeid === node && fileIn(p, node)?.map === undefined)
    play(p.story, { event: 'skip', unique: headerOf(next).unique - 2n })
  const start = p.story.entries.length
  play(p.story, { event: 'open', node, flags, by: { uid: by.uid, gid: by.gid, pid: by.pid } })
  serve(p, node)
  const opened = p.story.entries.slice(start).findLast(e => e.effect?.effect === 'opened')?.effect
  compare(p.story, what, errnoText(errno), errnoText(opened?.effect === 'opened' ? opened.errno : undefined))
  p.flags = flags
}

export function lookup(p: Play, node: bigint, name: string): void {
  play(p.story, { event: 'lookup', parent: ROOT, name })
  serve(p, node)
}

export const fileIn = (p: Play, node: bigint): KnownFile | undefined => get(p.story.state.files, node)
