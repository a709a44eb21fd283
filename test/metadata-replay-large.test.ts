/** Logs of a million entries, none of whose shapes may cost more than their length. */
import { describe, expect, it } from 'vitest'
import { createImage } from '../src/metadata/build/index.ts'
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
} from '../src/metadata/index.ts'
import { madeUp, numbered, spread } from './metadata-large.ts'

const COUNT = 1_000_000
const MIB = 1 << 20
const BUDGET = 1024 * MIB

describe('a million entries', () => {
  it('of different files are replayed in less than a GiB', async () => {
    const before = process.memoryUsage()
    let peak = 0
    const area = madeUp(COUNT, (...args) => {
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
    const done = replayNow(openImageNow(madeUp(COUNT, spread)))
    expect([done.tree.count, done.errors]).toEqual([2, COUNT - 1])
    expect(refusals(done).next().value).toEqual({ index: 1, fate: 'duplicate' })
  })

  it('on one extent are told apart', () => {
    const done = replayNow(openImageNow(madeUp(COUNT, numbered)))
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
