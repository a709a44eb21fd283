/** Inodes that go bad, are replaced, and come back by FORGET. */
import { describe, expect, it } from 'vitest'
import { encodeEntryOut } from '../../src/codec/generated/attr.ts'
import { encodeFmap } from '../../src/codec/generated/fmap.ts'
import { type Conversation, conversation, type Effect, type Event, step } from '../../src/kernel/conversation/index.ts'
import { bytesOf } from './rule-lines.ts'

const REGULAR = 0o100644

/** A kernel, what it did last, and a server. */
function kernel(dialect: 'fuse-v10' | 'fuse' = 'fuse-v10') {
  let state: Conversation = conversation({ dialect, settled: {}, names: { '/dev/dax0.0': { kind: 'character', device: 'dax0.0' } } })
  let effects: readonly Effect[] = []
  const tell = (event: Event): readonly Effect[] => {
    const stepped = step(state, event)
    state = stepped.state
    effects = stepped.effects
    return effects
  }
  const write = (unique: bigint, body: Uint8Array, error = 0): readonly Effect[] => {
    const bytes = new Uint8Array(16 + body.length)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, true)
    view.setInt32(4, error, true)
    view.setBigUint64(8, unique, true)
    bytes.set(body, 16)
    return tell({ event: 'write', bytes })
  }
  const answer = (body: Uint8Array): readonly Effect[] => write(effects.find(e => e.effect === 'request')?.unique ?? 0n, body)
  const ask = (opcode: number, node: bigint, body = new Uint8Array(), unique = 1000n): readonly Effect[] => {
    const request = new Uint8Array(40 + body.length)
    const view = new DataView(request.buffer)
    view.setUint32(0, request.length, true)
    view.setUint32(4, opcode, true)
    view.setBigUint64(8, unique, true)
    view.setBigUint64(16, node, true)
    request.set(body, 40)
    return tell({ event: 'ask', request })
  }
  const probe = (node: bigint): number | undefined => {
    const body = new Uint8Array(24)
    new DataView(body.buffer).setBigUint64(0, node, true)
    const bytes = new Uint8Array(40)
    new DataView(bytes.buffer).setUint32(0, 40, true)
    new DataView(bytes.buffer).setInt32(4, 2, true)
    bytes.set(body, 16)
    const written = tell({ event: 'write', bytes }).find(e => e.effect === 'written')
    return written?.errno
  }
  const access = (node: bigint, handle?: number): number | undefined => {
    const about = handle === undefined ? {} : { handle }
    const done = tell({ event: 'access', op: 'call', node, offset: 0n, length: 0n, ...about }).find(e => e.effect === 'accessed')
    return done?.errno
  }
  return { tell, write, answer, ask, probe, access, effects: () => effects }
}

const entry = (nodeid: bigint, generation = 1n, mode = REGULAR, size = 0x200000n): Uint8Array => {
  const times = { atime: 0n, mtime: 0n, ctime: 0n, atimensec: 0, mtimensec: 0, ctimensec: 0 }
  const attr = { ino: nodeid, size, blocks: 0n, ...times, mode, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, flags: 0 }
  return encodeEntryOut({ nodeid, generation, entry_valid: 0n, attr_valid: 0n, entry_valid_nsec: 0, attr_valid_nsec: 0, attr })
}

const attributes = (mode: number, size: bigint): Uint8Array => {
  const body = new Uint8Array(104)
  body.set(entry(3n, 1n, mode, size).subarray(40), 16)
  return body
}

const opcodes = (effects: readonly Effect[]): number[] => effects.flatMap(e => (e.effect === 'request' ? [e.opcode] : []))
const LOOKUP = 1
const GETATTR = 3
const GET_FMAP = 54

const map = encodeFmap({
  file_type: 0,
  reserved: 0,
  fmap_version: 1,
  ext_type: 0,
  reserved0: 0,
  file_size: 0x200000n,
  reserved1: 0n,
  extents: [{ se_devindex: 0, se_offset: 0n, se_len: 0x200000n }],
} as unknown as Parameters<typeof encodeFmap>[0])

/** Node 5 is found, opened and mapped. */
function opened() {
  const k = kernel()
  k.tell({ event: 'lookup', parent: 1n, name: 'file' })
  k.answer(entry(5n))
  k.tell({ event: 'open', node: 5n })
  expect(opcodes(k.answer(new Uint8Array(16)))).toEqual([GET_FMAP])
  k.answer(map)
  const device = new Uint8Array(280)
  device.set(new TextEncoder().encode('/dev/dax0.0'), 24)
  expect(k.answer(device).at(-1)).toMatchObject({ effect: 'opened', errno: 0, id: 0 })
  return k
}

describe('a known node with another generation', () => {
  it('the old inode is bad, the new one has no map, and the look-ups of the old one come back', () => {
    const k = opened()
    k.tell({ event: 'lookup', parent: 1n, name: 'file' })
    expect(opcodes(k.answer(entry(5n, 2n)))).toEqual([LOOKUP])
    expect(k.answer(entry(5n, 2n))).toContainEqual({ effect: 'owes', node: 5n, count: 2n })
    expect([k.access(5n, 0), k.access(5n)]).toEqual([5, 0])
    k.tell({ event: 'open', node: 5n })
    expect(opcodes(k.answer(new Uint8Array(16)))).toEqual([GET_FMAP])
    const count = new Uint8Array(8)
    count[0] = 2
    k.ask(2, 5n, count)
    expect(k.probe(5n)).toBe(0)
    count[0] = 1
    k.ask(2, 5n, count)
    expect(k.probe(5n)).toBe(2)
  })

  it('only the low 32 bits count', () => {
    const k = opened()
    k.tell({ event: 'lookup', parent: 1n, name: 'file' })
    expect(opcodes(k.answer(entry(5n, (7n << 32n) | 1n)))).toEqual([])
    expect(k.access(5n, 0)).toBe(0)
  })

  it('another type is the same', () => {
    const k = opened()
    k.tell({ event: 'lookup', parent: 1n, name: 'file' })
    k.answer(entry(5n, 1n, 0o40755))
    k.answer(entry(5n, 1n, 0o40755))
    expect([k.access(5n, 0), k.access(5n)]).toEqual([5, 0])
  })
})

describe('attributes that cannot be', () => {
  it.each([
    ['size 2^64-1', REGULAR, (1n << 64n) - 1n],
    ['size 2^63', REGULAR, 1n << 63n],
    ['mode 0', 0, 1n],
    ['another type', 0o40755, 1n],
  ])('%s: EIO, and the inode is bad from then on', (_, mode, size) => {
    const k = opened()
    k.ask(GETATTR, 5n, new Uint8Array(16))
    expect(k.write(1000n, attributes(mode, size))).toContainEqual({ effect: 'disbelieved', opcode: GETATTR, node: 5n, errno: 5 })
    expect([k.access(5n, 0), k.access(5n)]).toEqual([5, 5])
    expect(k.tell({ event: 'open', node: 5n })).toEqual([{ effect: 'opened', id: 1, node: 5n, errno: 5 }])
  })

  it('a size of 2^63-1 is good', () => {
    const k = opened()
    k.ask(GETATTR, 5n, new Uint8Array(16))
    expect(k.write(1000n, attributes(REGULAR, (1n << 63n) - 1n))).toEqual([{ effect: 'written', errno: 0 }])
  })
})

describe('measured on Linux 6.18.44', () => {
  it('an entry that calls a file the root makes the root bad', () => {
    const k = kernel('fuse')
    k.tell({ event: 'lookup', parent: 1n, name: 'file' })
    expect(k.answer(entry(1n, 0n))).toContainEqual({ effect: 'looked-up', node: 1n, errno: 5 })
    expect(k.access(1n)).toBe(5)
    const good = kernel('fuse')
    good.tell({ event: 'lookup', parent: 1n, name: 'file' })
    good.answer(entry(1n, 7n, 0o40755))
    expect(good.access(1n)).toBe(0)
  })

  it('a known name that is gone is looked up twice', () => {
    const k = kernel('fuse')
    k.tell({ event: 'lookup', parent: 1n, name: 'file' })
    k.answer(entry(3n))
    const again = k.tell({ event: 'lookup', parent: 1n, name: 'file' }).find(e => e.effect === 'request')
    expect(opcodes(k.write(again?.unique ?? 0n, new Uint8Array(), -2))).toEqual([LOOKUP])
    const second = k.effects().find(e => e.effect === 'request')
    expect(k.write(second?.unique ?? 0n, new Uint8Array(), -2)).toContainEqual({ effect: 'looked-up', node: 0n, errno: 2 })
  })

  it('RESEND before INIT is answered sends INIT again, under another unique', () => {
    const mounted = step(conversation({ dialect: 'fuse' }), {
      event: 'mount',
      request: bytesOf(`680000001a000000020000000000000${'0'.repeat(49)}070000002d000000${'0'.repeat(112)}`),
    })
    const resend = Uint8Array.from([16, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    const { effects } = step(mounted.state, { event: 'write', bytes: resend })
    expect(effects).toMatchObject([
      { effect: 'written', errno: 0 },
      { effect: 'request', opcode: 26, unique: (1n << 63n) | 2n },
    ])
  })
})

it('READDIRPLUS: a last record without padding is dropped', () => {
  const record = (node: bigint, name: string, padded: boolean): Uint8Array => {
    const bytes = new Uint8Array(152 + (padded ? Math.ceil(name.length / 8) * 8 : name.length))
    bytes.set(entry(node))
    new DataView(bytes.buffer).setUint32(144, name.length, true)
    bytes.set(new TextEncoder().encode(name), 152)
    return bytes
  }
  const size = new Uint8Array(40)
  new DataView(size.buffer).setUint32(16, 4096, true)
  const k = kernel('fuse')
  k.ask(44, 1n, size)
  k.write(1000n, Uint8Array.from([...record(101n, 'one', true), ...record(102n, 'two', false)]))
  expect([k.probe(101n), k.probe(102n)]).toEqual([0, 2])
})

it('FS_IOC_GETFLAGS takes exactly 20 bytes of body', () => {
  const request = bytesOf(
    '480000002700000084000000000000000100000000000000000000000000000001000000000000000900000000000000100000000166088000000000000000000000000004000000',
  )
  const write = (length: number): number | undefined => {
    const k = kernel('fuse')
    k.tell({ event: 'ask', request })
    return k.write(0x84n, new Uint8Array(length)).find(e => e.effect === 'written')?.errno
  }
  expect([16, 19, 20, 21, 24].map(write)).toEqual([22, 22, 0, 22, 22])
})
