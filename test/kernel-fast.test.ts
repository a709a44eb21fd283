/** The fast form against the exact one, and that it makes nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIVIDE_ERROR, type FileMap, lookUp, mapOf, type Prepared, prepare, resolve } from '../src/kernel/index.ts'
import { type DialectId, dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { goldenLines } from './goldens.ts'
import { legalMap, oddMap } from './kernel-maps.ts'
import { bytesOf } from './verdict-golden.ts'

/** A map whose resolver says no more than numbers can hold. */
const small = oddMap.filter(map => prepare(map, 'fuse-push-il') !== undefined)

const exactly = (map: FileMap, offset: number, length: number, dialect: DialectId): unknown => {
  const result = resolve(map, BigInt(offset), BigInt(length), dialect)
  return 'addr' in result
    ? [result.rc, result.dev ?? -1, result.addr, result.length]
    : 'oops' in result
      ? [DIVIDE_ERROR, -1, 0n, 0n]
      : result
}

const fast = (map: Prepared, offset: number, length: number): unknown => {
  const rc = lookUp(map, offset, length)
  return [rc, map.dev, BigInt(map.addr), BigInt(map.length)]
}

const number = fc.oneof(
  fc.nat(0x1000000),
  fc.maxSafeNat(),
  fc.nat(200).map(units => units * 0x200000),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
)

const dialectId = fc.constantFrom(...famfsDialectIds)

describe('lookUp', () => {
  it('answers as resolve, on odd maps', () => {
    let tried = 0
    fc.assert(
      fc.property(small, dialectId, fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 }), (map, dialect, questions) => {
        const prepared = prepare(map, dialect)
        if (prepared === undefined) return
        tried++
        for (const [offset, length] of questions) expect(fast(prepared, offset, length)).toEqual(exactly(map, offset, length, dialect))
      }),
      { numRuns: 3000 },
    )
    expect(tried).toBeGreaterThan(1000)
  })

  it('answers as resolve at every border of legal maps', () => {
    for (const id of famfsDialectIds)
      fc.assert(
        fc.property(legalMap(dialects[id]), map => {
          const prepared = prepare(map, id) as Prepared
          const borders = [...prepared.ends, Number(map.file_size), ...prepared.chunks].flatMap(end => [end - 1, end, end + 1])
          for (const offset of borders) expect(fast(prepared, offset, 4096)).toEqual(exactly(map, offset, 4096, id))
        }),
        { numRuns: 100 },
      )
  })

  it.each([
    [400, 1],
    [40_000, 997],
  ])('answers as resolve in %i extents of very different lengths', (count, step) => {
    const extents = Array.from({ length: count }, (_, i) => ({ dev_index: i % 64, offset: BigInt(i), len: 4096n << BigInt((i * i) % 24) }))
    const map: FileMap = { ext_type: 'simple', file_size: 1n, extents }
    const prepared = prepare(map, 'fuse-push-il') as Prepared
    const ends = [0, ...prepared.ends].filter((_, i) => i % step === 0)
    for (const offset of ends.flatMap(end => [Math.max(end - 1, 0), end, end + 1]))
      expect(fast(prepared, offset, 2 ** 40)).toEqual(exactly(map, offset, 2 ** 40, 'fuse-push-il'))
  })

  it('answers as the kernels, wherever numbers can hold the answers', () => {
    interface Vector {
      readonly dialect: DialectId
      readonly hex: string
      readonly dev_state?: string
      readonly queries: readonly { offset: string; len: string; rc?: number; dev?: number | null; addr?: string; length?: string }[]
    }
    let tried = 0
    for (const { dialect, hex, dev_state, queries } of goldenLines('kernel/resolver.jsonl') as Vector[]) {
      const judged = verdict(bytesOf(hex), dialect)
      const prepared = 'meta' in judged && dev_state === undefined ? prepare(judged.meta, dialect) : undefined
      if (prepared === undefined) continue
      for (const { offset, len, rc = DIVIDE_ERROR, dev = null, addr = '0', length = '0' } of queries) {
        if (Math.max(Number(offset), Number(len)) > Number.MAX_SAFE_INTEGER) continue
        expect(fast(prepared, Number(offset), Number(len))).toEqual([rc, dev ?? -1, BigInt(addr), BigInt(length)])
        tried++
      }
    }
    expect(tried).toBeGreaterThan(5000)
  })

  it('takes whole numbers from 0 to 2^53 - 1 only', () => {
    const map = prepare(
      mapOf({ ext_type: 0, file_size: 1n, extents: [{ se_devindex: 0, se_offset: 0n, se_len: 4096n }] }),
      'fuse-v10',
    ) as Prepared
    expect(lookUp(map, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toBe(-5)
    for (const [offset, length] of [
      [-1, 0],
      [0, -1],
      [2 ** 53, 0],
      [0, 2 ** 53],
      [Number.NaN, 0],
    ] as const)
      expect(() => lookUp(map, offset, length)).toThrow(expect.objectContaining({ name: 'WireError', code: 'range', path: 'offset' }))
  })

  it('makes nothing', () => {
    const [map] = fc.sample(
      legalMap(dialects['fuse-push-il']).filter(each => each.ext_type === 'interleaved'),
      { seed: 1, numRuns: 1 },
    )
    const prepared = prepare(map as FileMap, 'fuse-push-il') as Prepared
    const offsets = Float64Array.from({ length: 1024 }, (_, i) => (i * 0x12345 + 2 ** 31) % Number(map?.file_size))
    const many = (): number => {
      let sum = 0
      for (let i = 0; i < 20_000; i++) {
        lookUp(prepared, offsets[i & 1023] as number, 4096)
        sum += prepared.addr
      }
      return sum
    }
    for (let i = 0; i < 50; i++) many()
    const made = Array.from({ length: 30 }, () => {
      const before = process.memoryUsage().heapUsed
      many()
      return process.memoryUsage().heapUsed - before
    })
    // one number of 12 bytes a look-up would be 240,000; reading the figure itself makes a few thousand
    expect(Math.min(...made.filter(bytes => bytes >= 0))).toBeLessThan(60_000)
    expect(many()).toBeGreaterThan(0)
  })
})

describe('prepare', () => {
  const extent = (offset: bigint, len: bigint) => ({ dev_index: 0, offset, len })
  const simple = (...extents: ReturnType<typeof extent>[]): FileMap => ({ ext_type: 'simple', file_size: 4096n, extents })
  const group = (chunk_size: number, nbytes: bigint, strips = [extent(0n, 0x400000n)]): FileMap => ({
    ext_type: 'interleaved',
    file_size: 0x400000n,
    extents: [{ nstrips: strips.length, chunk_size, nbytes, strips }],
  })
  const able = (map: FileMap, dialect: DialectId): boolean => prepare(map, dialect) !== undefined

  it('leaves to resolve what numbers cannot hold', () => {
    expect(able(simple(extent(0n, 2n ** 52n), extent(0n, 2n ** 52n)), 'fuse-v10')).toBe(false)
    expect(able(simple(extent(0n, 2n ** 52n), extent(0n, 2n ** 52n - 1n)), 'fuse-v10')).toBe(true)
    expect(able(simple(extent(2n ** 53n - 4096n, 4096n)), 'fuse-v10')).toBe(false)
    expect(able(simple(extent(2n ** 53n - 8192n, 4096n)), 'fuse-v10')).toBe(true)
    expect(able(group(0x200000, 2n ** 53n), 'fuse-v10')).toBe(true)
    expect(able({ ...group(0x200000, 2n ** 53n), file_size: 2n ** 53n }, 'fuse-v10')).toBe(false)
  })

  it('leaves to resolve what is no look-up', () => {
    expect(able(group(4096, 1n), 'fuse-v10')).toBe(false)
    expect(able(group(4096, 1n), 'fuse-push-il')).toBe(true)
    expect(able(group(0x200000, 0n), 'fuse-v10')).toBe(false)
    expect(able(group(0x200000, 1n, []), 'fuse-v10')).toBe(false)
    expect(able(group(0x200000, 1n), 'fuse-push')).toBe(false)
  })

  it('a page as the unit of chunks, a bound by the strip', () => {
    const { resolver, ...rest } = dialects['fuse-v10']
    if (resolver === undefined) throw new Error('no resolver')
    expect(prepare(group(4096, 1n), { ...rest, resolver: { ...resolver, chunkUnit: 'page' } })).toBeDefined()
    expect(prepare(group(3000, 1n), { ...rest, resolver: { ...resolver, chunkUnit: 'page' } })).toBeUndefined()
    expect(prepare(group(0x200000, 1n), { ...rest, resolver: { ...resolver, stripBound: true } })).toBeUndefined()
  })

  it('a device beyond the table holds nothing', () => {
    const map = prepare(simple({ dev_index: 24, offset: 0n, len: 4096n }), 'fuse-v10') as Prepared
    expect([lookUp(map, 0, 1), map.dev, map.addr, map.length]).toEqual([-5, -1, 0, 0])
  })
})
