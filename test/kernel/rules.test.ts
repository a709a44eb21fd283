/** Every step of rules a, b, c, d, e and f of fixtures/wire/rules-7.3.jsonl, for every kernel that a line names. */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/kernel/conversation/index.ts'
import { ofRule, type RuleStep } from './rule-lines.ts'
import { answer, begin, callErrno, expectSame, type Played, probe, requestsOf, tell } from './rule-player.ts'

const NODE = 3n
const ENOENT = 2

/** errno that the effects of a step come to, last one first. */
function errnoOf(effects: readonly Effect[]): number {
  const errnos = effects.flatMap(e =>
    // names of what is made are not there before
    (e.effect === 'looked-up' && e.errno !== ENOENT) || e.effect === 'opened' || e.effect === 'disbelieved' || e.effect === 'listed'
      ? [e.errno]
      : [],
  )
  return errnos.findLast(errno => errno !== 0) ?? 0
}

const isProbe = (of: RuleStep): boolean => of.do.startsWith('NOTIFY_INVAL_INODE node')
const BY_HANDLE = /of the open file|to the open file|^fchmod|^close of the old file|^fstat|^read \d+ bytes at/

/** The errno of a step as the model has it: of its requests, and of the inode that is used. */
function played(p: Played, of: RuleStep): number {
  const byHandle = BY_HANDLE.test(of.do) && p.handle !== undefined
  const before = byHandle ? (callErrno(p, NODE, p.handle) ?? 0) : 0
  p.effects = []
  requestsOf(p, of)
  const opened = p.effects.find(e => e.effect === 'opened')
  if (opened?.effect === 'opened' && p.handle === undefined) p.handle = opened.id
  const after = p.effects.findLast(e => e.effect === 'looked-up')
  const found = after?.effect === 'looked-up' && after.errno === 0 ? (callErrno(p, after.node) ?? 0) : 0
  const refused =
    p.line.reply_write_errno === 22 && errnoOf(p.effects) === 0 && p.effects.some(e => e.effect === 'written' && e.errno === 22)
  return before || errnoOf(p.effects) || found || (refused ? 5 : 0)
}

const EISDIR = 21

function steps(p: Played): void {
  for (const of of p.line.steps) {
    if (isProbe(of)) {
      const [node = '0'] = /\d+/.exec(of.do) ?? []
      expectSame(p, of.do, of.result.write_errno, probe(p, BigInt(node)))
      continue
    }
    const errno = played(p, of)
    const expected = of.result.errno ?? 0
    // O_RDWR of a directory is refused by the VFS
    if (Array.isArray(of.result.rc) && of.do.startsWith('getdents')) compareListing(p, of.result.rc)
    else if (expected !== EISDIR) expectSame(p, of.do, expected, errno)
  }
}

/** Records as getdents64(2) gave them; a long name is told by its length. */
function compareListing(p: Played, rc: readonly unknown[]): void {
  const listed = p.effects.flatMap(e => (e.effect === 'listed' ? e.entries : []))
  const shown = listed.map(({ ino, off, type, name }) => {
    const cut = name.split('\0')[0] ?? ''
    return [Number(ino), Number(BigInt.asIntN(64, off)), type, cut.length >= 256 ? `${cut.length} bytes` : cut]
  })
  const end = p.effects.some(e => e.effect === 'listed' && e.errno !== 0) ? 'EIO' : 'end'
  expectSame(p, 'getdents64', JSON.stringify(rc), JSON.stringify([...shown, end]))
}

describe.each(['a', 'b', 'e', 'f'])('rule %s', rule => {
  it.each(ofRule(rule))('$kernel: $line.case', ({ line, kernel }) => {
    const p = begin(line, kernel)
    steps(p)
    expect(p.wrong).toEqual([])
  })
})

const u64 = (bytes: Uint8Array, at: number, value: bigint): void => new DataView(bytes.buffer).setBigUint64(at, value, true)
const STORE = 4
const RETRIEVE = 5

/** STORE with its data, or RETRIEVE. */
function ofPages(code: number, node: bigint, offset: bigint, size: number, data: number): Uint8Array {
  const bytes = new Uint8Array(16 + (code === STORE ? 24 + data : 32))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setInt32(4, code, true)
  const at = code === STORE ? 16 : 24
  u64(bytes, at, node)
  u64(bytes, at + 8, offset)
  view.setUint32(at + 16, size, true)
  return bytes
}

const TARGETS: Readonly<Record<string, bigint>> = { 'known file': 7n, 'known directory': 4n, 'unknown node': 424242n, 'node 0': 0n }

describe('rule d', () => {
  it.each(ofRule('d').filter(({ line }) => /^NOTIFY_(STORE|RETRIEVE): /.test(line.case)))('$kernel: $line.case', ({ line, kernel }) => {
    const p = begin(line, kernel)
    const [, what = '', target = ''] = /^NOTIFY_(\w+): (.*)$/.exec(line.case) ?? []
    const code = what === 'STORE' ? STORE : RETRIEVE
    for (const of of line.steps) {
      const [, offset, size, whole] = /^offset (\d+), (?:size (?:field )?(\d+)|(\d+) bytes)/.exec(of.do) ?? []
      if (offset === undefined) {
        requestsOf(p, of)
        continue
      }
      const field = Number(size ?? whole)
      const data = of.do.endsWith('no data') ? 0 : field
      const effects = tell(p, { event: 'write', bytes: ofPages(code, TARGETS[target] ?? 0n, BigInt(offset), field, data) })
      expectSame(p, of.do, of.result.write_errno, effects.find(e => e.effect === 'written')?.errno)
      p.asked.splice(0)
    }
    expect(p.wrong).toEqual([])
  })
})

/** Codes and bodies of the notifications that were written before and after the answer to INIT. */
const NOTIFICATIONS: Readonly<Record<string, readonly [code: number, body: number]>> = {
  NOTIFY_INVAL_INODE: [2, 24],
  NOTIFY_INC_EPOCH: [8, 0],
  NOTIFY_PRUNE: [9, 16],
  NOTIFY_POLL: [1, 8],
  NOTIFY_RESEND: [7, 0],
}

describe('rule d, before INIT is answered', () => {
  it.each(ofRule('d').filter(({ line }) => line.case.startsWith('notifications before')))('$kernel', ({ line, kernel }) => {
    const p = begin(line, kernel)
    p.state = { ...p.state, phase: 'new' }
    for (const { do: what, result } of line.steps) {
      const [code, length] = NOTIFICATIONS[what.split(' ')[0] ?? ''] ?? [0, 0]
      if (what.includes('after')) p.state = { ...p.state, phase: 'up' }
      const body = new Uint8Array(length)
      if (code === 2) body[0] = 1
      const effects = tell(p, { event: 'write', bytes: answer(0n, body, code) })
      expectSame(p, what, result.write_errno, effects.find(e => e.effect === 'written')?.errno)
    }
    expect(p.wrong).toEqual([])
  })
})

describe('rule d, the size after STORE', () => {
  it.each(ofRule('d').filter(({ line }) => line.case.startsWith('NOTIFY_STORE of')))('$kernel: $line.case', ({ line, kernel }) => {
    const p = begin(line, kernel)
    for (const of of line.steps) {
      const [, offset] = /^store at (\d+)/.exec(of.do) ?? []
      if (offset === undefined) {
        requestsOf(p, of)
        continue
      }
      const effects = tell(p, { event: 'write', bytes: ofPages(STORE, 3n, BigInt(offset), 1, 1) })
      expectSame(p, of.do, of.result.write_errno, effects.find(e => e.effect === 'written')?.errno)
    }
    expect(p.wrong).toEqual([])
  })
})

describe('rule c', () => {
  it.each(ofRule('c'))('$kernel: $line.case', ({ line, kernel }) => {
    const p = begin(line, kernel)
    for (const of of line.steps) ioctls(p, of)
    expect(p.wrong).toEqual([])
  })
})

const IOCTL = 39

/** The ioctls of a case: their requests, and the lengths of reply that were tried. */
function ioctls(p: Played, { ioctls: all = [] }: RuleStep): void {
  let unique = 0n
  for (const of of all) {
    if (of.cmd !== undefined) {
      unique = p.unique++ * 2n
      const request = new Uint8Array(72)
      const view = new DataView(request.buffer)
      view.setUint32(0, 72, true)
      view.setUint32(4, IOCTL, true)
      view.setBigUint64(8, unique, true)
      view.setUint32(48, of.flags ?? 0, true)
      view.setUint32(52, Number(of.cmd), true)
      view.setUint32(64, of.in_size ?? 0, true)
      view.setUint32(68, of.out_size ?? 0, true)
      tell(p, { event: 'ask', request })
      continue
    }
    const bytes = new Uint8Array(of.reply_length ?? 0)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, true)
    view.setBigUint64(8, unique, true)
    // what comes after a refused answer is -EIO
    if (of.write_errno === ENOENT) view.setInt32(4, -5, true)
    const errno = tell(p, { event: 'write', bytes }).find(e => e.effect === 'written')?.errno
    expectSame(p, `an answer of ${bytes.length} bytes`, of.write_errno, errno)
  }
}
