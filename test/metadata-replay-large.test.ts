/** Logs of a million entries, none of whose shapes may cost more than their length. */
import { describe, expect, it } from 'vitest'
import { createImage, sealSlot } from '../src/metadata/build/index.ts'
import { headerBytes, lastIndexOf } from '../src/metadata/build/slots.ts'
import {
  allocationOf,
  deviceIndex,
  FAMFS_CLIENT,
  lookup,
  openImage,
  openImageNow,
  refusals,
  replay,
  replayNow,
  roleOf,
  shapeOf,
} from '../src/metadata/index.ts'
import type { Area } from '../src/metadata/source.ts'

const COUNT = 1_000_000
const MIB = 1 << 20
const LOG = 1024 * MIB
const base = createImage({ deviceSize: 1n << 44n, logLength: LOG, entries: [{ kind: 'file', path: 'name00000000', size: 4096 }] })
const shape = shapeOf(openImageNow({ superblock: base.superblock, log: base.log }).layout)
const { header, entry } = shape
const template = base.log.subarray(header.size, header.size + entry.size)
const NAME_AT = entry.file.path.at
const EXTENT_AT = (entry.file.simple?.at ?? 0) + (entry.file.simple?.offset ?? 0)

type Change = (slot: Uint8Array, view: DataView, index: number) => void

/** A device whose log is made while it is read. */
function madeUp(change: Change): Area {
  const head = headerBytes(shape, BigInt(LOG), lastIndexOf(shape, BigInt(LOG)), COUNT)
  const slot = new Uint8Array(entry.size)
  const view = new DataView(slot.buffer)
  const make = (index: number): Uint8Array => {
    slot.set(template)
    change(slot, view, index)
    return sealSlot(shape, slot, index)
  }
  const logByte = (bytes: Uint8Array, from: number): void => {
    bytes.set(head.subarray(from, from + bytes.length))
    const first = Math.max(0, Math.floor((from - header.size) / entry.size))
    for (let i = first; header.size + i * entry.size < from + bytes.length && i < COUNT; i++) {
      const at = header.size + i * entry.size - from
      const made = make(i)
      const cut = at < 0 ? made.subarray(-at) : made
      bytes.set(cut.subarray(0, bytes.length - Math.max(0, at)), Math.max(0, at))
    }
  }
  return {
    size: 2 * MIB + LOG,
    still: true,
    read(offset, length) {
      const bytes = new Uint8Array(length)
      if (offset < base.superblock.length) bytes.set(base.superblock.subarray(offset, offset + length))
      if (offset >= 2 * MIB) logByte(bytes, offset - 2 * MIB)
      return bytes
    },
  }
}

const numbered: Change = (slot, _, index) => {
  for (let i = 11, rest = index; i >= 4; i--, rest = Math.floor(rest / 10)) slot[NAME_AT + i] = 0x30 + (rest % 10)
}
const spread: Change = (_, view, index) => view.setBigUint64(EXTENT_AT, (600n + BigInt(index)) << 21n, true)
const BUDGET = 1024 * MIB

describe('a million entries', () => {
  it('of different files are replayed in less than a GiB', async () => {
    const before = process.memoryUsage()
    let peak = 0
    const area = madeUp((...args) => {
      numbered(...args)
      spread(...args)
      if (args[2] % 50_000 === 0) peak = Math.max(peak, process.memoryUsage().rss)
    })
    const done = await replay(await openImage(area))
    const allocation = allocationOf(done)
    peak = Math.max(peak, process.memoryUsage().rss)
    expect(peak - before.rss).toBeLessThan(BUDGET)
    expect(done.tree.count).toBe(COUNT + 1)
    expect(done.errors).toBe(0)
    expect(lookup(done, 'name00999999')?.entry).toBe(999_999)
    expect(allocation.used).toEqual([
      [0, 513],
      [600, COUNT],
    ])
    const index = deviceIndex(done)
    expect([...index.at((600 + 123_456) * 2 * MIB)].map(r => typeof r.owner !== 'string' && r.owner.entry)).toEqual([123_456])
  })

  it('of one path keep the first', () => {
    const done = replayNow(openImageNow(madeUp(spread)))
    expect([done.tree.count, done.errors]).toEqual([2, COUNT - 1])
    expect(refusals(done).next().value).toEqual({ index: 1, fate: 'duplicate' })
  })

  it('on one extent are told apart', () => {
    const done = replayNow(openImageNow(madeUp(numbered)))
    const allocation = allocationOf(done)
    expect(allocation.collisions).toBe(BigInt(COUNT - 1))
    const index = deviceIndex(done)
    let pairs = 0
    for (const _ of index.overlaps()) pairs++
    expect(pairs).toBe(COUNT - 1)
    const place = 1026 * MIB
    expect(index.at(place).next().value).toMatchObject({ start: place, end: place + 2 * MIB })
  })

  it('are built in one go', () => {
    function* files() {
      for (let i = 0; i < 100_000; i++) yield { kind: 'file', path: `d${i % 100}/f${i}`, size: 1, parents: true } as const
    }
    const built = createImage({ deviceSize: 1n << 40n, logLength: 64 * MIB, entries: files() })
    expect(built.entries).toBe(100_100)
    expect(roleOf(built.superblock, undefined)).toBe(FAMFS_CLIENT)
    expect(allocationOf(replayNow(openImageNow({ superblock: built.superblock, log: built.log }))).used).toEqual([[0, 33 + 100_000]])
  })
})
