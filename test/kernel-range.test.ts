/** Look-up after look-up through a range: each step is a look-up of its own, and steps follow each other without a gap. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeviceState, found, ranges, resolveIn, resolveRange, type State } from '../src/kernel/index.ts'
import { mapA, mapB } from './kernel-examples.ts'
import { legalMap, MAPS, oddMap, oddNumber, sound } from './kernel-maps.ts'

const MOST = 50

const state = (map: { readonly file_size: bigint }, device: DeviceState): State => ({
  devices: { 0: device },
  file: { error: false, i_size: map.file_size, dax: true },
})

/** The first steps; a range of tiny chunks has too many to see them all. */
function first<T>(steps: Iterable<T>): T[] {
  const seen: T[] = []
  for (const step of steps) if (seen.push(step) >= MOST) break
  return seen
}

describe('resolveRange', () => {
  it('asks for what is left, and ends with the range', () => {
    const seen = [...resolveRange(mapB, 0n, 0x500000n, 'fuse-v10')]
    expect(seen.map(({ offset, asked, result }) => [offset, asked, result])).toEqual([
      [0n, 0x500000n, { rc: 0, dev: 0, addr: 0x40000000n, length: 0x200000n }],
      [0x200000n, 0x300000n, { rc: 0, dev: 0, addr: 0x80000000n, length: 0x200000n }],
      [0x400000n, 0x100000n, { rc: 0, dev: 0, addr: 0x40200000n, length: 0x100000n }],
    ])
  })

  it('ends where nothing is found, whatever the kernel calls that', () => {
    for (const [dialect, rc] of [
      ['fuse-v1', 0],
      ['fuse-v10', -5],
    ] as const) {
      const seen = [...resolveRange(mapA, 0x3ff000n, 0x2000n, dialect)]
      expect(seen.map(({ result }) => ('rc' in result ? result.rc : result.oops))).toEqual([0, rc])
      expect(seen.map(found)).toEqual([0x1000n, 0n])
    }
  })

  it('hands the state on', () => {
    const [one] = [...resolveRange(mapA, 0n, 1n, 'fuse-v10', state(mapA, 'error'))]
    expect(one?.result).toEqual({ rc: -133 })
    expect(one?.state.file.error).toBe(true)
  })

  it('looks a range of 0 bytes up once', () => {
    expect([...resolveRange(mapA, 5n, 0n, 'fuse-v2')].map(({ result }) => result)).toEqual([
      { rc: 0, dev: 0, addr: 0x40000005n, length: 0n },
    ])
  })

  it('is a chain of look-ups on any map, in any state', () => {
    const devices = fc.constantFrom<DeviceState>('ready', 'missing', 'busy', 'error')
    fc.assert(
      fc.property(oddMap, oddNumber, oddNumber, fc.constantFrom(...sound), devices, (map, offset, length, dialect, device) => {
        fc.pre(map.ext_type === 'simple' || dialect.resolver?.groups !== undefined)
        let [at, left, now] = [offset, length, state(map, device)]
        const seen = first(resolveRange(map, offset, length, dialect, now))
        for (const [i, step] of seen.entries()) {
          expect(step).toEqual({ offset: at, asked: left, ...resolveIn(map, at, left, dialect, now) })
          const bytes = found(step)
          if (i < seen.length - 1) expect(bytes > 0n && bytes < left).toBe(true)
          else if (seen.length < MOST) expect(bytes === 0n || bytes === left).toBe(true)
          at += bytes
          left -= bytes
          now = step.state
        }
      }),
      { numRuns: MAPS },
    )
  })

  it('finds every byte of a legal map where ranges says that it is', () => {
    const parts = fc.tuple(fc.bigInt(0n, 1n << 40n), fc.bigInt(1n, 1n << 26n))
    const asked = fc.constantFrom(...sound.filter(d => d.id !== 'fuse-v4')).chain(d => fc.tuple(fc.constant(d), legalMap(d), parts))
    fc.assert(
      fc.property(asked, ([dialect, map, [from, bytes]]) => {
        fc.pre(map.file_size > 0n)
        const offset = from % map.file_size
        const length = map.file_size - offset < bytes ? map.file_size - offset : bytes
        const seen = first(resolveRange(map, offset, length, dialect))
        for (const { offset: at, result } of seen) {
          const [byte] = ranges(map, at, 1n)
          expect(result).toMatchObject({ rc: 0, dev: byte?.dev, addr: byte?.addr })
        }
        // in a group that ends inside a chunk a kernel goes on behind the end
        if (map.ext_type === 'interleaved' && map.extents.length > 1) return
        const plain = first(ranges(map, offset, length)).map(range => ({ rc: 0, ...range }))
        expect(seen.map(({ result }) => result)).toEqual(plain)
      }),
      { numRuns: MAPS },
    )
  })
})
