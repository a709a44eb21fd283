/** The dialects that nobody captured, as the fact sheet has them. */
import { describe, expect, it } from 'vitest'
import { encodeEntryOut } from '../src/codec/generated/attr.ts'
import { encodeDaxdevOut } from '../src/codec/generated/daxdev.ts'
import { encodeFmap } from '../src/codec/generated/fmap.ts'
import {
  type Conversation,
  type ConversationOptions,
  conversation,
  type Effect,
  type Event,
  get,
  step,
} from '../src/kernel/conversation/index.ts'

const names = {
  '/dev/dax0.0': { kind: 'character', device: 'dax0.0' },
  '/dev/busy': { kind: 'character', device: 'dax1.0', acquire: 16 },
} as const

interface Run {
  state: Conversation
  effects: readonly Effect[]
}

const start = (dialect: ConversationOptions['dialect']): Run => ({ state: conversation({ dialect, settled: {}, names }), effects: [] })
const play = ({ state }: Run, event: Event): Run => step(state, event)

/** The answer to the request that came last. */
function answer(run: Run, body: Uint8Array, error = 0): Run {
  const asked = run.effects.findLast(e => e.effect === 'request')
  if (asked === undefined) throw new Error('nothing was asked')
  const bytes = new Uint8Array(16 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setInt32(4, error, true)
  view.setBigUint64(8, asked.unique, true)
  bytes.set(body, 16)
  return play(run, { event: 'write', bytes })
}

const NONE = new Uint8Array()

/** A reply of the server. */
function message(unique: bigint, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setBigUint64(8, unique, true)
  bytes.set(body, 16)
  return bytes
}

/** A request of a process. */
function request(opcode: number, node: bigint, body: Uint8Array, unique = 100n): Uint8Array {
  const bytes = new Uint8Array(40 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, opcode, true)
  view.setBigUint64(8, unique, true)
  view.setBigUint64(16, node, true)
  bytes.set(body, 40)
  return bytes
}

const u32s = (...words: number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer)
const OPENED = new Uint8Array(16)
const what = ({ effects }: Run): string[] =>
  effects.map(e =>
    e.effect === 'request'
      ? `ask ${e.opcode} n${e.node} ${e.bytes.length}`
      : e.effect === 'log'
        ? e.what
        : 'errno' in e
          ? `${e.effect} ${e.errno}`
          : e.effect,
  )

const extents = [{ se_devindex: 0, se_offset: 0x200000n, se_len: 0x200000n }]
const MAP = encodeFmap({ file_type: 0, fmap_version: 1, ext_type: 0, file_size: 0x200000n, extents })
const device = (name: string): Uint8Array => encodeDaxdevOut({ index: 0, name })
const attr = {
  ino: 77n,
  size: 5n,
  blocks: 0n,
  atime: 0n,
  mtime: 0n,
  ctime: 0n,
  atimensec: 0,
  mtimensec: 0,
  ctimensec: 0,
  mode: 0o100644,
  nlink: 1,
  uid: 0,
  gid: 0,
  rdev: 0,
  blksize: 4096,
  flags: 0,
}
const ENTRY = encodeEntryOut({ nodeid: 3n, generation: 1n, entry_valid: 1n, attr_valid: 1n, entry_valid_nsec: 0, attr_valid_nsec: 0, attr })

const read = (run: Run): string => {
  const done = play(run, { event: 'access', op: 'read', node: 3n, offset: 0n, length: 10n }).effects.findLast(e => e.effect === 'accessed')
  if (done?.effect !== 'accessed') throw new Error('no result')
  return done.errno === 0 ? done.pieces.map(p => `${p.device}+${p.offset}`).join(' ') : `errno ${done.errno}`
}

describe('fuse-v1', () => {
  it('asks when the file is looked up, by its inode number, and takes exactly 4096 bytes', () => {
    const looked = answer(play(start('fuse-v1'), { event: 'lookup', parent: 1n, name: 'f' }), ENTRY)
    expect(what(looked)).toEqual(['written 0', 'ask 53 n77 40'])
    expect(what(answer(looked, MAP))).toEqual(['written 22', 'map-request', 'looked-up 0'])
    const page = new Uint8Array(4096)
    page.set(MAP)
    const mapped = answer(looked, page)
    expect(what(mapped)).toEqual(['written 0', 'ask 54 n0 40'])
    const done = answer(mapped, device('/dev/dax0.0'))
    expect(what(done)).toEqual(['written 0', 'mapped 0', 'looked-up 0'])
    expect(read(done)).toBe('dax0.0+2097152')
    expect(what(answer(play(done, { event: 'open', node: 3n }), OPENED))).toEqual(['written 0', 'opened 0'])
  })
})

describe('fuse-v2', () => {
  it('asks at every open: a second map is EEXIST, one that lost a race EALREADY, and nobody sees either', () => {
    const first = answer(play(start('fuse-v2'), { event: 'open', node: 3n }), OPENED)
    const second = answer(play(first, { event: 'open', node: 3n }), OPENED)
    const [one, two] = [...second.state.waiting.keys()]
    const to = (run: Run, unique: bigint | undefined, body: Uint8Array): Run =>
      play(run, { event: 'write', bytes: message(unique ?? 0n, body) })
    // both maps are there, and both opens ask for the device
    const asked = to(to(second, one, MAP), two, MAP)
    const [deviceOne, deviceTwo] = [...asked.state.waiting.keys()]
    const won = to(asked, deviceOne, device('/dev/dax0.0'))
    expect(what(won)).toEqual(['written 0', 'mapped 0', 'opened 0'])
    const lost = to(won, deviceTwo, device('/dev/dax0.0'))
    expect(what(lost)).toEqual(['written 0', 'device-dropped', 'mapped 114', 'opened 0'])
    const again = answer(answer(play(lost, { event: 'open', node: 3n }), OPENED), MAP)
    expect(what(again)).toEqual(['written 0', 'mapped 17', 'opened 0'])
  })

  const opened = answer(play(start('fuse-v2'), { event: 'open', node: 3n }), OPENED)

  it('retries once with the size that 4 bytes ask for; a failure does not fail open(2)', () => {
    expect(what(opened)).toEqual(['written 0', 'ask 53 n3 48'])
    const again = answer(opened, Uint8Array.of(0, 0x20, 0, 0))
    expect(what(again)).toEqual(['written 0', 'ask 53 n3 48'])
    const asked = again.effects.findLast(e => e.effect === 'request')
    expect(asked?.effect === 'request' && new DataView(asked.bytes.buffer).getUint32(40, true)).toBe(0x2000)
    expect(what(answer(again, Uint8Array.of(0, 0x20, 0, 0)))).toEqual(['written 0', 'map-refused', 'opened 0'])
    expect(what(answer(opened, Uint8Array.of(55, 0, 0, 0)))).toEqual(['written 0', 'map-too-large', 'opened 0'])
  })

  it('a device that cannot be acquired leaves its slot free', () => {
    const done = answer(answer(opened, MAP), device('/dev/busy'))
    expect(what(done)).toEqual(['written 0', 'device-acquire', 'device-dropped', 'mapped 0', 'opened 0'])
    expect(done.state.slots).toEqual({})
  })
})

describe('fuse-v10', () => {
  const opened = answer(play(start('fuse-v10'), { event: 'open', node: 3n }), OPENED)

  it('a device that cannot be acquired is never asked for again', () => {
    const done = answer(answer(opened, MAP), device('/dev/busy'))
    expect(done.state.slots[0]).toMatchObject({ valid: true, failed: true })
    expect(read(done)).toBe('errno 5')
    const other = answer(play(done, { event: 'open', node: 4n }), OPENED)
    expect(what(answer(other, MAP))).toEqual(['written 0', 'mapped 0', 'opened 0'])
  })

  it('two opens at a time: the map that comes second is dropped', () => {
    const second = answer(play(opened, { event: 'open', node: 3n }), OPENED)
    const both = answer(answer(second, MAP), device('/dev/dax0.0'))
    const first = play(both, { event: 'write', bytes: Uint8Array.from([72, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, ...MAP]) })
    expect(first.effects).toContainEqual(expect.objectContaining({ effect: 'mapped', discarded: true, errno: 0 }))
    expect(what(first).at(-1)).toBe('opened 0')
  })

  it('a failed map gives the handle back; a memory failure is EHWPOISON once', () => {
    expect(what(answer(opened, NONE, -13))).toEqual(['written 0', 'map-request', 'ask 18 n3 64', 'opened 13'])
    const done = answer(answer(opened, MAP), device('/dev/dax0.0'))
    const sick = play(done, { event: 'poison', device: 'dax0.0' })
    expect(read(sick)).toBe('errno 133')
    const after = play(sick, { event: 'access', op: 'read', node: 3n, offset: 0n, length: 1n })
    expect(read(after)).toBe('errno 5')
  })

  it('does not change the state that it is given', () => {
    const before = structuredClone([...opened.state.waiting.keys()])
    answer(answer(opened, MAP), device('/dev/dax0.0'))
    expect([...opened.state.waiting.keys()]).toEqual(before)
    expect(get(opened.state.files, 3n)).toBeUndefined()
  })
})

describe('requests of other opcodes', () => {
  const fresh = start('fuse-v10')
  const writes = (asked: Uint8Array, ...sizes: number[]): number[] =>
    sizes.map(size => {
      const { effects } = play(play(fresh, { event: 'ask', request: asked }), {
        event: 'write',
        bytes: message(100n, new Uint8Array(size)),
      })
      const [written] = effects.filter(e => e.effect === 'written')
      return written?.errno ?? -1
    })

  it('answers of variable length, as Linux 6.18 took them', () => {
    const [READLINK, GETXATTR, LISTXATTR, READDIR, IOCTL, READDIRPLUS] = [5, 22, 23, 28, 39, 44]
    expect(writes(request(READLINK, 3n, NONE), 0, 1, 4095, 4096, 5000)).toEqual([0, 0, 0, 22, 22])
    for (const opcode of [GETXATTR, LISTXATTR]) {
      expect(writes(request(opcode, 3n, u32s(0, 0)), 0, 7, 8, 9, 16)).toEqual([22, 22, 0, 22, 22])
      expect(writes(request(opcode, 3n, u32s(10, 0)), 0, 9, 10, 11)).toEqual([0, 0, 0, 22])
    }
    for (const opcode of [READDIR, READDIRPLUS])
      expect(writes(request(opcode, 3n, u32s(0, 0, 0, 0, 8192, 0, 0, 0, 0, 0)), 0, 1, 8192, 8193)).toEqual([0, 0, 0, 22])
    const ioctl = (out: number): Uint8Array => request(IOCTL, 3n, u32s(0, 0, 0, 0, 0, 0, 8, out))
    expect(writes(ioctl(8), 0, 15, 16, 24, 25, 16 + 4096, 16 + 4097)).toEqual([22, 22, 0, 0, 0, 0, 22])
    expect(writes(ioctl(8192), 16 + 8192, 16 + 8193)).toEqual([0, 22])
  })

  it('INTERRUPT may be asked for again once it was sent', () => {
    const [SETLKW, INTERRUPT] = [33, 36]
    const waits = play(fresh, { event: 'ask', request: request(SETLKW, 3n, NONE) })
    const again = (run: Run): string[] =>
      what(play(run, { event: 'write', bytes: Uint8Array.of(16, 0, 0, 0, 0xf5, 0xff, 0xff, 0xff, 101, 0, 0, 0, 0, 0, 0, 0) }))
    expect(again(waits)).toEqual(['written 22'])
    const sent = play(waits, { event: 'ask', request: request(INTERRUPT, 3n, u32s(100, 0), 101n) })
    expect(again(sent)).toEqual(['written 0'])
    expect(what(play(sent, { event: 'write', bytes: message(100n, NONE) }))).toEqual(['written 0'])
    expect(again(play(fresh, { event: 'ask', request: request(INTERRUPT, 3n, u32s(100, 0), 101n) }))).toEqual(['written 2'])
  })

  const mapped = answer(answer(answer(play(fresh, { event: 'open', node: 3n }), OPENED), MAP), device('/dev/dax0.0'))

  it('BATCH_FORGET drops every inode that it names, whatever its count says', () => {
    const forget = (count: number): Uint8Array => request(42, 0n, u32s(count, 0, 9, 0, 1, 0, 3, 0, 1, 0))
    for (const count of [2, 0xffffffff]) expect(get(play(mapped, { event: 'ask', request: forget(count) }).state.files, 3n)).toBeUndefined()
    expect(get(play(mapped, { event: 'ask', request: forget(1) }).state.files, 3n)).toBeDefined()
    expect(get(play(mapped, { event: 'ask', request: forget(2).subarray(0, 50) }).state.files, 3n)).toBeDefined()
  })

  it('a size that STATX tells is a size change, where it tells all of stat(2)', () => {
    const statx = (mask: number): Run => {
      const body = new Uint8Array(288)
      new DataView(body.buffer).setUint32(32, mask, true)
      new DataView(body.buffer).setUint16(60, 0o100644, true)
      new DataView(body.buffer).setUint32(72, 5, true)
      const asked = play(mapped, { event: 'ask', request: request(52, 3n, new Uint8Array(24)) })
      return play(asked, { event: 'write', bytes: message(100n, body) })
    }
    expect(read(statx(0x7ff))).toBe('errno 6')
    expect(read(statx(0x3ff))).toBe('dax0.0+2097152')
  })
})

describe('mount', () => {
  it('FUSE_ALLOW_IDMAP without permission checks in the kernel is the end', () => {
    const mounted = (mount: ConversationOptions['mount']): string[] => {
      const asked = play(
        { state: conversation({ dialect: 'fuse-v10', ...(mount === undefined ? {} : { mount }) }), effects: [] },
        { event: 'mount' },
      )
      return what(answer(asked, u32s(7, 45, 0, 1 << 30, 0, 4096, 1, 0, 1 << 8, 0, 0, 0, 0, 0, 0, 0)))
    }
    expect(mounted(undefined)).toEqual(['written 0', 'refused 111'])
    expect(mounted({ defaultPermissions: true })).toEqual(['written 0', 'connected'])
  })
})
