/** What the device says to notifications: every captured one, and those that were measured one by one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CapturedMessage } from '../src/conformance/capture.ts'
import { playTrace } from '../src/conformance/conversation/traces.ts'
import { type Conversation, conversation, type Effect, step } from '../src/kernel/conversation/index.ts'
import { buildInitRequest } from '../src/kernel/index.ts'
import { goldenMessages, goldenTraces } from './goldens.ts'

/** Every write of the server, and what the model says to it. */
function written(messages: readonly CapturedMessage[], newestNotify?: number) {
  const [first] = messages
  if (first === undefined) throw new Error('no messages')
  const story = playTrace(messages, { dialect: first.dialect, newestNotify })
  const effects = story.entries.flatMap(({ effect }) => (effect?.effect === 'written' ? [effect] : []))
  const writes = messages.filter(m => m.direction !== 'request')
  // those that were cut are played with zeros for the rest
  expect(effects.length).toBe(writes.length)
  return { story, all: writes.map((message, i) => ({ message, effect: effects[i] as (typeof effects)[number] })) }
}

const LONG_NAMES = [1025, 4095].flatMap(n => [`INVAL_ENTRY namelen ${n}`, `DELETE namelen ${n}`])

/** The captured famfs kernel is a port to 6.12, which has no code behind RESEND. fixtures/wire/PROVENANCE.md */
const captures = [
  ['fuse-6.1', undefined, 32, []],
  ['fuse-6.18', undefined, 32, []],
  ['fuse-famfs', 7, 32, []],
  // who holds what is below a directory, and how many pages were settled, the model does not know
  ['notify-6.18', undefined, 162, ['DELETE of a directory with an open file', ...LONG_NAMES]],
] as const

describe.each(captures)('%s', (file, newestNotify, count, unsure) => {
  const { story, all } = written(goldenMessages(file), newestNotify)

  const notifications = all.filter(({ message }) => message.direction === 'notify')

  it('every notification gets the errno that the kernel gave', () => {
    expect(notifications.length).toBe(count)
    const others = notifications.filter(({ message, effect }) => effect.errno !== (message.writeErrno ?? 0))
    expect(others.map(({ message }) => message.name)).toEqual(unsure)
    for (const { message, effect } of others) expect(effect.or, message.name).toContain(message.writeErrno)
  })

  it('and all else agrees, too', () => {
    expect(story.entries.filter(e => !e.agree).map(({ text, expected, found }) => ({ text, expected, found }))).toEqual([])
  })
})

describe('traces of famfs', () => {
  it('have a notification, which is taken', () => {
    const all = goldenTraces('famfs-7.46').flatMap(t => written(t.messages).all)
    const notifications = all.filter(({ message: { bytes } }) => bytes.length >= 16 && bytes.subarray(8, 16).every(b => b === 0))
    expect(notifications).toHaveLength(1)
    expect(notifications.map(({ effect }) => effect.errno)).toEqual(notifications.map(({ message }) => message.writeErrno ?? 0))
  })
})

describe('a conversation', () => {
  const message = (code: number, body: readonly (bigint | string)[], unique = 0n): Uint8Array => {
    const parts = body.map(part => (typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from(BigUint64Array.of(part).buffer)))
    const head = Buffer.alloc(16)
    head.writeInt32LE(code, 4)
    head.writeBigUInt64LE(unique, 8)
    const bytes = Buffer.concat([head, ...parts])
    bytes.writeUInt32LE(bytes.length)
    return bytes
  }
  const told = (state: Conversation, code: number, ...body: readonly (bigint | string)[]): Effect | undefined =>
    step(state, { event: 'write', bytes: message(code, body) }).effects[0]
  const of = (name: string): bigint => BigInt(name.length)
  const start = conversation({ dialect: 'fuse-v10', settled: {} })

  it('knows nobody but the root before the first look-up, and not even that behind an unmount', () => {
    expect(told(start, 2, 1n, 0n, 0n)).toEqual({ effect: 'written', errno: 0 })
    expect(told(start, 2, 2n, 0n, 0n)).toEqual({ effect: 'written', errno: 2 })
    const gone = step(start, { event: 'unmount' }).state
    expect(told(gone, 2, 1n, 0n, 0n)).toEqual({ effect: 'written', errno: 2 })
    expect(told(gone, 99)).toEqual({ effect: 'written', errno: 22 })
  })

  it('may have forgotten what it knew', () => {
    const asked = step(start, { event: 'lookup', parent: 1n, name: 'f' })
    const body = [5n, 0n, 60n, 60n, 0n, 5n, 0n, 0n, 0n, 0n, 0n, 0n, 0x81a4_0000_0000n, 1n, 0n, 0n]
    const mode = (0o100644n << 32n) as bigint
    const known = step(asked.state, { event: 'write', bytes: message(0, body.with(12, mode), 2n) }).state
    expect(told(known, 2, 5n, 0n, 0n)).toEqual({ effect: 'written', errno: 0, or: [2] })
    expect(told(known, 3, 1n, of('f'), 'f')).toEqual({ effect: 'written', errno: 0, or: [2] })
    expect(told(known, 3, 5n, of('f'), 'f')).toEqual({ effect: 'written', errno: 20, or: [2] })
    const forgotten = step(known, { event: 'forget', node: 5n }).state
    expect(told(forgotten, 2, 5n, 0n, 0n)).toEqual({ effect: 'written', errno: 2 })
    expect(told(forgotten, 3, 1n, of('f'), 'f')).toEqual({ effect: 'written', errno: 2, or: [] })
  })

  it('asks once more after RESEND, with another unique', () => {
    const asked = step(start, { event: 'lookup', parent: 1n, name: 'f' })
    const { state, effects } = step(asked.state, { event: 'write', bytes: message(7, []) })
    const [first] = asked.effects.flatMap(e => (e.effect === 'request' ? [e] : []))
    expect(effects).toMatchObject([
      { effect: 'written', errno: 0 },
      { effect: 'request', unique: (1n << 63n) | (first?.unique ?? 0n) },
    ])
    expect(step(state, { event: 'write', bytes: message(-2, [], first?.unique) }).effects).toMatchObject([{ errno: 2 }])
    expect(step(state, { event: 'write', bytes: message(-2, [], (1n << 63n) | (first?.unique ?? 0n)) }).effects).toMatchObject([
      { errno: 0 },
      { effect: 'looked-up', errno: 2 },
    ])
  })

  it('does not know every code: the newest is that of the minor that it announces, or what one says', () => {
    const old = conversation({ dialect: 'fuse', settled: {}, newestNotify: 6 })
    expect(told(old, 7)).toEqual({ effect: 'written', errno: 22 })
    expect(told(start, 8)).toEqual({ effect: 'written', errno: 0 })
    const port = step(conversation({ dialect: 'fuse-v10' }), { event: 'mount', request: initOf(46) }).state
    expect(told(port, 8)).toEqual({ effect: 'written', errno: 0, or: [22] })
    const older = step(conversation({ dialect: 'fuse' }), { event: 'mount', request: initOf(39) }).state
    expect(told(older, 7)).toEqual({ effect: 'written', errno: 22 })
  })
})

it('any bytes get an answer, and leave a state that goes on', () => {
  const word = fc.oneof(fc.constantFrom(0n, 1n, 2n, 3n, 5n), fc.bigInt(0n, (1n << 64n) - 1n))
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(word, { maxLength: 8 }).map(words => new Uint8Array(BigUint64Array.from(words).buffer)),
  )
  const errnos = new Set<number>()
  fc.assert(
    fc.property(fc.integer({ min: -2, max: 12 }), body, (code, rest) => {
      const bytes = Buffer.concat([Buffer.alloc(16), rest])
      bytes.writeUInt32LE(bytes.length)
      bytes.writeInt32LE(code, 4)
      const { state, effects } = step(conversation({ dialect: 'fuse-v10', settled: {} }), { event: 'write', bytes })
      expect(effects).toHaveLength(1)
      for (const effect of effects) if (effect.effect === 'written') errnos.add(effect.errno)
      expect(step(state, { event: 'lookup', parent: 1n, name: 'f' }).effects).toMatchObject([{ effect: 'request' }])
    }),
    { numRuns: 2000 },
  )
  expect([...errnos].sort((a, b) => a - b)).toEqual([0, 2, 22, 36])
})

/** An INIT request of a kernel with that minor. */
function initOf(minor: number): Uint8Array {
  const bytes = buildInitRequest({ dialect: 'fuse-v10', unique: 2n })
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(44, minor, true)
  return bytes
}
