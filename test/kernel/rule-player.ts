/**
 * Plays the steps of a line of fixtures/wire/rules-7.3.jsonl: the requests that the kernel sent, the answers of the server of that capture, and what
 * the model says of each write, each call and each FORGET.
 */
import { encodeEntryOut } from '../../src/codec/generated/attr.ts'
import { type Conversation, conversation, type Effect, get, step } from '../../src/kernel/conversation/index.ts'
import { fuse_opcode } from '../../src/uapi/fuse/codes.ts'
import { bytesOf, MINORS, type RuleLine, type RuleStep, replyOf } from './rule-lines.ts'

const { FUSE_LOOKUP } = fuse_opcode.values
const opcodes = new Map(Object.entries(fuse_opcode.values).map(([name, opcode]) => [name.replace('FUSE_', ''), opcode]))
const MAKES = ['MKDIR', 'MKNOD', 'SYMLINK', 'LINK', 'CREATE', 'TMPFILE']
/** What the server of the captures calls its files. */
const NAMES: Readonly<Record<string, string>> = { 4: 'dir', 7: 'big.bin' }
const TYPES: Readonly<Record<string, number>> = { 4: 0o40755, 1: 0o40755 }
const SIZES: Readonly<Record<string, bigint>> = { 4: 0n, 7: 300000n }

type Request = Effect & { readonly effect: 'request' }

/** A line being played. */
export interface Played {
  state: Conversation
  /** requests of the model that the line has not shown yet */
  asked: Request[]
  readonly line: RuleLine
  /** what was found out of this step */
  effects: Effect[]
  /** answer of the case: used for the first request of its opcode, in rule a for all look-ups between the second and the third */
  focal: { readonly opcode: number; readonly body: Uint8Array; readonly error: number } | undefined
  unique: bigint
  handle: number | undefined
  /** where the model and the line differ */
  readonly wrong: string[]
}

const header = (opcode: number, node: bigint, unique: bigint, body: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(40 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, opcode, true)
  view.setBigUint64(8, unique, true)
  view.setBigUint64(16, node, true)
  bytes.set(body, 40)
  return bytes
}

export const answer = (unique: bigint, body: Uint8Array, error = 0): Uint8Array => {
  const bytes = new Uint8Array(16 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setInt32(4, error, true)
  view.setBigUint64(8, unique, true)
  bytes.set(body, 16)
  return bytes
}

export function tell(p: Played, event: Parameters<typeof step>[1]): readonly Effect[] {
  const { state, effects } = step(p.state, event)
  p.state = state
  p.effects.push(...effects)
  p.asked.push(...effects.filter((e): e is Request => e.effect === 'request'))
  return effects
}

const written = (effects: readonly Effect[]): number | undefined => effects.find(e => e.effect === 'written')?.errno

export function expectSame(p: Played, what: string, expected: unknown, found: unknown): void {
  if (expected !== found) p.wrong.push(`${what}: kernel ${String(expected)}, model ${String(found)}`)
}

/** Every flag; rule a and the others were measured on connections with several pages a request. */
export function begin(line: RuleLine, kernel: string): Played {
  const minor = MINORS[kernel] ?? 0
  const made = conversation({ dialect: 'fuse', settled: { minor } })
  const up = step(
    { ...made, phase: 'new' },
    { event: 'ask', request: header(26, 0n, 2n, Uint8Array.from([7, 0, 0, 0, minor, 0, 0, 0])) },
  ).state
  const init = new Uint8Array(64)
  init.set([7, 0, 0, 0, minor])
  new DataView(init.buffer).setUint32(12, 1 << 22, true)
  const { state } = step(up, { event: 'write', bytes: answer(2n, init) })
  const request = bytesOf(line.request ?? '')
  const reply = replyOf(line)
  const view = new DataView(reply.buffer)
  const focal = request.length === 0 ? undefined : { opcode: request[4] ?? 0, body: reply.subarray(16), error: view.getInt32(4, true) }
  return { state, asked: [], line, effects: [], focal, unique: 100n, handle: undefined, wrong: [] }
}

function entry(node: string): Uint8Array {
  const times = { atime: 0n, mtime: 0n, ctime: 0n, atimensec: 0, mtimensec: 0, ctimensec: 0 }
  const size = SIZES[node] ?? 12n
  const mode = TYPES[node] ?? 0o100644
  const attr = { ino: BigInt(node), size, blocks: 0n, ...times, mode, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, flags: 0 }
  return encodeEntryOut({
    nodeid: BigInt(node),
    generation: 1n,
    entry_valid: 0n,
    attr_valid: 0n,
    entry_valid_nsec: 0,
    attr_valid_nsec: 0,
    attr,
  })
}

const SHAPES: Readonly<Record<string, number>> = { OPEN: 16, OPENDIR: 16, WRITE: 8, STATX: 288, CREATE: 144, GETXATTR: 8 }

/** Attributes of a node as the model has it: the server of the captures does not change its mind. */
function attributes(p: Played, node: string): Uint8Array {
  const body = new Uint8Array(104)
  const whole = entry(node)
  const known = get(p.state.nodes, BigInt(node))
  if (known !== undefined) new DataView(whole.buffer).setUint32(100, known.type | 0o644, true)
  body.set(whole.subarray(40), 16)
  return body
}

interface Sent {
  readonly op: string
  readonly node: string
  /** the next request that is no FORGET: what a look-up has led to */
  readonly next: { readonly op: string; readonly node: string } | undefined
}

const parsed = (text: string): { readonly op: string; readonly node: string; readonly count: bigint } => {
  const [, op = '', node = '', count = '0'] = /^(\S+) node (\d+)(?: nlookup (\d+))?/.exec(text) ?? []
  return { op, node, count: BigInt(count) }
}

/** Whether an answer is the one that the case is about. */
function takesFocal(p: Played, { op }: Sent, of: RuleStep): boolean {
  const { focal, line } = p
  if (focal === undefined || opcodes.get(op) !== focal.opcode) return false
  if (!line.rule.startsWith('a') || op !== 'LOOKUP') return true
  const at = line.steps.indexOf(of)
  const from = line.steps.findIndex(s => s.do.startsWith('stat (second'))
  const to = line.steps.findIndex(s => s.do.startsWith('stat (third'))
  return at >= from && at < to
}

function body(p: Played, sent: Sent): readonly [Uint8Array, number] {
  const { op, node, next } = sent
  if (op === 'LOOKUP') {
    const found = next === undefined || next.op === 'LOOKUP' || next.node === '1' ? undefined : next.node
    return MAKES.includes(next?.op ?? '') ? [new Uint8Array(), -2] : [entry(found ?? '3'), 0]
  }
  if (op === 'GETATTR' || op === 'SETATTR') return [attributes(p, node), 0]
  return [new Uint8Array(SHAPES[op] ?? 0), 0]
}

/** What a process puts into a request, as far as the model looks at it. */
function requestBody(p: Played, { op, next }: Sent): Uint8Array {
  const { line } = p
  if (p.focal !== undefined && opcodes.get(op) === p.focal.opcode && op !== 'LOOKUP') return bytesOf(line.request ?? '').subarray(40)
  if (op === 'READDIR' || op === 'READDIRPLUS' || op === 'READ') {
    const size = new Uint8Array(40)
    new DataView(size.buffer).setUint32(16, 1 << 20, true)
    return size
  }
  if (op !== 'LOOKUP') return new Uint8Array(64)
  const name = MAKES.includes(next?.op ?? '') ? 'new' : (NAMES[next?.node ?? ''] ?? 'hello.txt')
  return new TextEncoder().encode(`${name}\0`)
}

function forgotten(p: Played, node: string, count: bigint): void {
  const id = BigInt(node)
  const owed = get(get(p.state.owed, id) ?? { root: undefined }, count)
  const known = get(p.state.nodes, id)
  if (owed === undefined && known?.lookups !== count)
    p.wrong.push(`FORGET of ${node}: kernel ${count}, model ${known?.lookups ?? 'nothing'}`)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, count, true)
  tell(p, { event: 'ask', request: header(2, id, p.unique++ * 2n, bytes) })
}

/** One request of the kernel and the answer of the server. */
function exchanged(p: Played, sent: Sent, of: RuleStep): void {
  const opcode = opcodes.get(sent.op) ?? 0
  const own = p.asked.findIndex(e => e.opcode === opcode && e.node === BigInt(sent.node))
  let unique = p.unique++ * 2n
  if (own >= 0) unique = p.asked.splice(own, 1)[0]?.unique ?? 0n
  else tell(p, { event: 'ask', request: header(opcode, BigInt(sent.node), unique, requestBody(p, sent)) })
  if (takesFocal(p, sent, of) && p.focal !== undefined) {
    const { body: given, error } = p.focal
    if (!p.line.rule.startsWith('a') || opcode !== FUSE_LOOKUP) p.focal = undefined
    const errno = written(tell(p, { event: 'write', bytes: answer(unique, given, error) }))
    expectSame(p, `write(2) of the answer to ${sent.op}`, p.line.reply_write_errno, errno)
    return
  }
  const [given, error] = body(p, sent)
  expectSame(p, `write(2) of the answer to ${sent.op}`, 0, written(tell(p, { event: 'write', bytes: answer(unique, given, error) })))
}

/** All requests of a step, in their order. */
export function requestsOf(p: Played, of: RuleStep): void {
  const all = of.requests ?? []
  for (const [i, text] of all.entries()) {
    const { op, node, count } = parsed(text)
    if (op === 'FORGET') forgotten(p, node, count)
    else if (op === 'BATCH_FORGET') for (const [, id = '', n = '0'] of text.matchAll(/\((\d+), (\d+)\)/g)) forgotten(p, id, BigInt(n))
    else {
      const next = all
        .slice(i + 1)
        .map(parsed)
        .find(r => !r.op.includes('FORGET'))
      exchanged(p, { op, node, next }, of)
    }
  }
  for (const left of p.asked.splice(0)) p.wrong.push(`the model asks ${left.opcode} of ${left.node}, the kernel does not`)
}

/** errno of a call on an inode, by a handle where the step uses the open file. */
export function callErrno(p: Played, node: bigint, handle?: number): number | undefined {
  const about = handle === undefined ? {} : { handle }
  return tell(p, { event: 'access', op: 'call', node, offset: 0n, length: 0n, ...about }).find(e => e.effect === 'accessed')?.errno
}

/** Whether the kernel has a node: what NOTIFY_INVAL_INODE returns. */
export function probe(p: Played, node: bigint): number | undefined {
  const bytes = answer(0n, new Uint8Array(24), 2)
  new DataView(bytes.buffer).setBigUint64(16, node, true)
  return written(tell(p, { event: 'write', bytes }))
}
