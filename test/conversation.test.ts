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

describe('fuse-7.46', () => {
  const opened = answer(play(start('fuse-7.46'), { event: 'open', node: 3n }), OPENED)

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
