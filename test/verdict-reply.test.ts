import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeReply, encodeRequest } from '../src/codec/message.ts'
import type { DialectId } from '../src/uapi/dialects/index.ts'
import { fuseBpfSimple } from '../src/uapi/dialects/known.ts'
import { dialectOf } from '../src/validate/options.ts'
import { type Exchange, exchange, judgeReply, mapStep, predictOpen } from '../src/validate/reply.ts'
import { bytesOf } from './verdict-golden.ts'

interface Line {
  readonly dialect: DialectId
  readonly case: string
  readonly seq: number
  readonly op?: string
  readonly request_hex: string
  readonly reply_hex: string
  readonly reply_write_errno: number
  readonly fallback_EIO_write_errno?: number
  readonly open_errno: number
}

const linesOf = (name: string): Line[] =>
  readFileSync(new URL(`../fixtures/wire/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line)

/** An answer to `request`: len, error, unique and body. */
function reply(
  request: Uint8Array,
  error: number,
  body: Uint8Array = new Uint8Array(),
  change: { len?: number; unique?: bigint } = {},
): Uint8Array {
  const bytes = new Uint8Array(16 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, change.len ?? bytes.length, true)
  view.setInt32(4, error, true)
  view.setBigUint64(8, change.unique ?? new DataView(request.buffer).getBigUint64(8, true), true)
  bytes.set(body, 16)
  return bytes
}

/** After a refused write the server of the captures answered with EIO: fixtures/wire/PROVENANCE.md */
function exchangeOf(line: Line): Exchange {
  const request = bytesOf(line.request_hex)
  const fallback = line.fallback_EIO_write_errno === undefined ? [] : [reply(request, -5)]
  return { request, replies: [bytesOf(line.reply_hex), ...fallback] }
}
const O_DIRECT = 0x4000

describe.each(['famfs-7.46', 'famfs-push'])('what the kernel of %s did', name => {
  const lines = linesOf(name)
  const cases = [...new Set(lines.map(l => l.case))].map(title => lines.filter(l => l.case === title))

  it.each(cases.map(c => [c[0]?.case, c] as const))('%s', (title, lines) => {
    const first = lines[0]
    if (first === undefined) throw new Error('a case without lines')
    const asked = lines.filter(l => l.op !== undefined)
    const prediction = predictOpen(first.dialect, asked.map(exchangeOf), { openFlags: title === 'state/open-O_DIRECT' ? O_DIRECT : 0 })
    expect(prediction.openErrno).toBe(first.open_errno)
    expect(prediction.writes).toEqual(
      asked.map(l =>
        l.fallback_EIO_write_errno === undefined ? [l.reply_write_errno] : [l.reply_write_errno, l.fallback_EIO_write_errno],
      ),
    )
  })
})

function request(opcode: number, size?: number): Uint8Array {
  const bytes = new Uint8Array(size === undefined ? 40 : 48)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, opcode, true)
  view.setBigUint64(8, 10n, true)
  if (size !== undefined) view.setUint32(40, size, true)
  return bytes
}

/** A good map of one extent, cut or filled to this size. */
function map(size: number, fmapSize = 0): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, 56))
  const view = new DataView(bytes.buffer)
  view.setUint32(8, 1, true)
  view.setUint32(12, fmapSize, true)
  view.setBigUint64(16, 0x200000n, true)
  view.setBigUint64(48, 0x200000n, true)
  return bytes.subarray(0, size)
}
const hint = (size: number): Uint8Array => new Uint8Array(new Uint32Array([size]).buffer)

describe('the rules of the fuse device', () => {
  const asked = request(54)
  const write = (...replies: Uint8Array[]): unknown => exchange('fuse-v10', { request: asked, replies })
  const pending = { kind: 'pending' }

  it('takes a body or an error', () => {
    const body = map(56)
    expect(write(reply(asked, 0, body))).toEqual({ writes: [0], ending: { kind: 'body', body } })
    expect(write(reply(asked, -511))).toEqual({ writes: [0], ending: { kind: 'errno', errno: 511 } })
    expect(write()).toEqual({ writes: [], ending: pending })
  })

  it('refuses what is no reply, and goes on waiting', () => {
    const bad = [new Uint8Array(15), reply(asked, 0, map(56), { len: 73 }), reply(asked, 1), reply(asked, -512), reply(asked, 0x7fffffff)]
    expect(write(...bad)).toEqual({ writes: [22, 22, 22, 22, 22], ending: pending })
    expect(write(Uint8Array.of(4, 0, 0, 0), Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0))).toEqual({ writes: [22, 22], ending: pending })
    expect(write(reply(asked, 0, map(56), { unique: 12n }), reply(asked, 0, map(56), { unique: 10n | (1n << 32n) }))).toEqual({
      writes: [2, 2],
      ending: pending,
    })
    expect(write(reply(asked, 3, map(56), { unique: 0n }))).toEqual({ writes: [0], ending: pending })
  })

  it('takes the answer to INTERRUPT, which has bit 0 and ends nothing: as Linux 6.18 did', () => {
    const interrupt = (error: number, body?: Uint8Array): Uint8Array => reply(asked, error, body, { unique: 11n })
    expect(write(interrupt(-38), interrupt(-11), interrupt(0), interrupt(0, map(2)), interrupt(3))).toEqual({
      writes: [0, 22, 0, 22, 22],
      ending: pending,
    })
    expect(write(reply(asked, 0, map(56)), interrupt(-38))).toMatchObject({ writes: [0, 2] })
    const room = { least: 0, most: 10, interrupted: true } as const
    expect(judgeReply(interrupt(-11), unique => (unique === 10n ? room : undefined))).toEqual({ write: 0 })
  })

  it('ends the request with EIO when the body cannot be', () => {
    const eio = { kind: 'errno', errno: 5 }
    expect(write(reply(asked, -2, map(1)))).toEqual({ writes: [22], ending: eio })
    expect(write(reply(asked, 0, map(4097)), reply(asked, 0, map(56)))).toEqual({ writes: [22, 2], ending: eio })
    expect(write(reply(asked, 0, map(4096)))).toMatchObject({ writes: [0], ending: { kind: 'body' } })
  })

  it('knows the length that a dialect wants', () => {
    const lengths = (id: DialectId, ask: Uint8Array, ...sizes: number[]): unknown =>
      sizes.map(size => exchange(id, { request: ask, replies: [reply(ask, 0, new Uint8Array(size))] }).writes[0])
    expect(lengths('fuse-v1', request(53), 0, 4095, 4096, 4097)).toEqual([22, 22, 0, 22])
    expect(lengths('fuse-v2', request(53, 8192), 0, 8192, 8193)).toEqual([0, 0, 22])
    expect(lengths('fuse-v2', request(54), 279, 280, 281)).toEqual([22, 0, 22])
    expect(lengths('fuse-push', request(54, 5000), 0, 5000, 5001)).toEqual([0, 0, 22])
    expect(lengths('fuse-v3', request(55), 279, 280, 281)).toEqual([22, 0, 22])
  })

  it('has no rules for a kernel without famfs', () => {
    expect(() => exchange('fuse', { request: asked, replies: [] })).toThrow(expect.objectContaining({ code: 'unsupported' }))
    expect(() => predictOpen('fuse', [])).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })
})

describe('one step of the conversation', () => {
  const step = (id: DialectId, size: number, body: Uint8Array, attempt = 0): unknown =>
    mapStep(dialectOf(id, 'GET_FMAP'), request(54, size), body, attempt)

  it('is a verdict, another request, or the end with what was asked for', () => {
    expect(step('fuse-push', 4096, map(56))).toMatchObject({ step: 'parsed', verdict: { errno: 0 } })
    expect(step('fuse-push', 4096, map(56, 4097))).toEqual({ step: 'again', size: 4097 })
    expect(step('fuse-push', 4096, map(56, 16777217))).toEqual({ step: 'failed', errno: 27, size: 16777217 })
    expect(step('fuse-push', 4097, map(56, 4098), 1)).toEqual({ step: 'failed', errno: 22, size: 4098 })
    expect(step('fuse-push', 4096, map(31))).toEqual({ step: 'failed', errno: 5 })
    expect(step('fuse-v2', 4096, hint(55))).toEqual({ step: 'failed', errno: 5, size: 55 })
    expect(step('fuse-v3', 4096, hint(55))).toMatchObject({ step: 'parsed', verdict: { errno: 22, reason: 'underflow' } })
  })
})

describe('open(2)', () => {
  const talk = (id: DialectId, exchanges: readonly (readonly [Uint8Array, Uint8Array])[], openFlags = 0): unknown =>
    predictOpen(
      id,
      exchanges.map(([ask, body]) => ({ request: ask, replies: [reply(ask, 0, body)] })),
      { openFlags },
    )

  it('succeeds when the kernel does not ask', () => {
    expect(predictOpen('fuse-v10', [])).toEqual({ openErrno: 0, mapErrno: 0, requests: 0, writes: [] })
    expect(predictOpen('fuse-v10', [], { openFlags: O_DIRECT })).toMatchObject({ openErrno: 0 })
    expect(talk('fuse-v10', [[request(55), new Uint8Array(280)]])).toEqual({ openErrno: 0, mapErrno: 0, requests: 0, writes: [[0]] })
  })

  it('waits for an answer', () => {
    const waiting = { openErrno: undefined, mapErrno: undefined }
    expect(predictOpen('fuse-v10', [{ request: request(54), replies: [] }])).toEqual({ ...waiting, requests: 1, writes: [[]] })
    expect(talk('fuse-push', [[request(54, 4096), map(32, 5000)]])).toEqual({ ...waiting, requests: 1, writes: [[0]] })
  })

  it('is refused O_DIRECT once the file has a map', () => {
    expect(talk('fuse-v10', [[request(54), map(56)]], O_DIRECT)).toMatchObject({ openErrno: 22, mapErrno: 0 })
    expect(talk('fuse-v10', [[request(54), map(31)]], O_DIRECT)).toMatchObject({ openErrno: 22, mapErrno: 22 })
    expect(talk('fuse-v2', [[request(53, 4096), map(31)]], O_DIRECT)).toMatchObject({ openErrno: 0, mapErrno: 22 })
    expect(talk('fuse-v10', [[request(54), map(56)]], 0x2000)).toMatchObject({ openErrno: 0 })
  })

  it('does not show a bad map in V1 and V2', () => {
    expect(talk('fuse-v1', [[request(53), new Uint8Array(4096)]])).toMatchObject({ openErrno: 0, mapErrno: 22, requests: 1 })
    expect(talk('fuse-v2', [[request(53, 4096), map(55)]])).toMatchObject({ openErrno: 0, mapErrno: 22, requests: 1 })
    expect(talk('fuse-v3', [[request(54), map(55)]])).toMatchObject({ openErrno: 22, mapErrno: 22, requests: 1 })
  })

  it('follows a hint of V2 once, from 56 to 32768 bytes', () => {
    const first = (size: number): unknown =>
      talk('fuse-v2', [
        [request(53, 4096), hint(size)],
        [request(53, size), map(56)],
      ])
    for (const size of [55, 32769]) expect(first(size)).toMatchObject({ mapErrno: 5, requests: 1 })
    for (const size of [56, 32768]) expect(first(size)).toMatchObject({ mapErrno: 0, requests: 2 })
    expect(
      talk('fuse-v2', [
        [request(53, 4096), hint(60)],
        [request(53, 60), hint(60)],
      ]),
    ).toMatchObject({ mapErrno: 22, requests: 2 })
    expect(talk('fuse-v3', [[request(54), hint(60)]])).toMatchObject({ mapErrno: 22, requests: 1 })
  })

  it('follows fmap_size of the push dialects once, up to 16 MiB', () => {
    const first = (size: number): unknown =>
      talk('fuse-push', [
        [request(54, 4096), map(56, size)],
        [request(54, size), map(56, size)],
      ])
    for (const size of [0, 57, 4096]) expect(first(size)).toMatchObject({ openErrno: 0, requests: 1 })
    for (const size of [4097, 16777216]) expect(first(size)).toMatchObject({ openErrno: 0, requests: 2 })
    for (const size of [16777217, 0xffffffff]) expect(first(size)).toMatchObject({ openErrno: 27, requests: 1 })
    expect(
      talk('fuse-push', [
        [request(54, 4096), map(32, 5000)],
        [request(54, 5000), map(32, 5001)],
      ]),
    ).toMatchObject({ openErrno: 22, requests: 2 })
    expect(talk('fuse-push', [[request(54, 4096), map(31)]])).toMatchObject({ openErrno: 5 })
  })

  it('stops at the first decision', () => {
    expect(
      talk('fuse-v10', [
        [request(54), map(55)],
        [request(54), map(56)],
      ]),
    ).toMatchObject({ openErrno: 22, requests: 1, writes: [[0], [0]] })
  })

  it('has the machine from its options', () => {
    const asked = request(54, 4096)
    const exchanges = [{ request: asked, replies: [reply(asked, 0, map(56))] }]
    expect(predictOpen('fuse-push', exchanges, { kmallocMax: 23 })).toMatchObject({ openErrno: 12 })
    expect(predictOpen('fuse-push', exchanges, { kmallocMax: 24 })).toMatchObject({ openErrno: 0 })
  })
})

describe('where devices are fatal', () => {
  const header = { nodeid: 3n, uid: 0, gid: 0, pid: 0 }
  const dialect = fuseBpfSimple
  const PMD = 0x20_0000n
  const map = { meta_size: 32, file_size: PMD, extents: [{ dev_index: 0, offset: PMD, len: PMD }] }
  const mapAsked = encodeRequest({ opcode: 'GET_FMAP', header: { ...header, unique: 4n }, body: {} }, { dialect })
  const mapAnswered = encodeReply({ opcode: 'GET_FMAP', header: { unique: 4n }, body: map }, { dialect })
  const asked = (unique: bigint, daxdev_index: number) =>
    encodeRequest({ opcode: 'GET_DAXDEV', header: { ...header, unique }, body: { daxdev_index } }, { dialect })
  const named = (unique: bigint, name: string) => encodeReply({ opcode: 'GET_DAXDEV', header: { unique }, body: { name } }, { dialect })
  const open = (...devices: readonly (readonly Uint8Array[])[]) => {
    const exchanges = devices.map((replies, i) => ({ request: asked(BigInt(6 + 2 * i), i), replies }))
    const { openErrno, mapErrno } = predictOpen(dialect, [{ request: mapAsked, replies: [mapAnswered] }, ...exchanges])
    return [openErrno, mapErrno]
  }

  it('open succeeds with all of them', () => {
    expect(open()).toEqual([0, 0])
    expect(open([named(6n, '/dev/dax0.0')], [named(8n, '/dev/dax1.0')])).toEqual([0, 0])
  })

  it('open waits for each, until one has failed', () => {
    expect(open([])).toEqual([undefined, undefined])
    expect(open([named(6n, '/dev/dax0.0')], [])).toEqual([undefined, undefined])
    expect(open([named(6n, '')], [])).toEqual([22, 22])
  })

  it('the first that fails is the errno: of the server, or of an empty name', () => {
    const failed = (unique: bigint, errno: number) => reply(asked(unique, 0), -errno)
    expect(open([failed(6n, 2)], [failed(8n, 5)])).toEqual([2, 2])
    expect(open([named(6n, '/dev/dax0.0')], [failed(8n, 5)])).toEqual([5, 5])
    expect(open([named(6n, '/dev/dax0.0')], [named(8n, '')])).toEqual([22, 22])
  })

  it('a map that is refused is not followed by devices', () => {
    const bad = encodeReply({ opcode: 'GET_FMAP', header: { unique: 4n }, body: { ...map, meta_size: 0 } }, { dialect })
    const device = { request: asked(6n, 0), replies: [named(6n, '/dev/dax0.0')] }
    expect(predictOpen(dialect, [{ request: mapAsked, replies: [bad] }, device])).toMatchObject({ openErrno: 22, mapErrno: 22 })
    expect(predictOpen(dialect, [{ request: mapAsked, replies: [] }, device])).toMatchObject({ openErrno: undefined })
  })
})
