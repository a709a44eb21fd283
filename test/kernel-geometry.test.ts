/** Everything that knows where a byte lies says the same: the kernels' resolvers, ranges, owners, and both forms of the map. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type FileMap,
  fmapReply,
  lookUp,
  ownersOf,
  pageSize,
  prepare,
  ranges,
  resolve,
  reverse,
  toInterleave,
  unroll,
} from '../src/kernel/index.ts'
import { least, roundUp } from '../src/kernel/wide.ts'
import type { Dialect } from '../src/uapi/dialects/index.ts'
import { findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { legalMap, MAPS, sound } from './kernel-maps.ts'

const runs = Math.ceil(MAPS / sound.length)
const LARGEST = 0x40000000n

/** Bytes of the file that are worth a look: its ends, and some between. */
const offsetsIn = (map: FileMap, points: readonly bigint[]): bigint[] => [
  0n,
  map.file_size - 1n,
  ...points.map(point => point % map.file_size),
]

const filled = (map: FileMap, offset: bigint, length: bigint, dialect: Dialect) => {
  const result = resolve(map, offset, length, dialect)
  if (!('addr' in result) || result.dev === null) throw new Error(`nothing at ${offset}`)
  return result as typeof result & { dev: number }
}

/** Bytes from there to the end of the group. A kernel does not stop there when the group ends inside a chunk: it reads on behind it. */
function leftInGroup(map: FileMap, offset: bigint): bigint {
  if (map.ext_type === 'simple') return map.file_size - offset
  let end = 0n
  for (const { nbytes } of map.extents) {
    end += nbytes
    if (offset < end) return end - offset
  }
  return 0n
}

function agrees(map: FileMap, dialect: Dialect, points: readonly bigint[]): void {
  const index = reverse([['it', map]])
  const rolled = [unroll(map), toInterleave(map)] as const
  const fast = prepare(map, dialect)
  for (const offset of offsetsIn(map, points)) {
    const { dev, addr, length } = filled(map, offset, LARGEST, dialect)
    const [first] = ranges(map, offset, LARGEST)
    expect(first).toEqual({ dev, addr, length: least(least(length, leftInGroup(map, offset)), map.file_size - offset) })
    expect(ownersOf(index, dev, addr).map(owner => [owner.file, owner.offset])).toEqual([['it', offset]])
    for (const other of rolled) expect([...ranges(other, offset, 1n)]).toEqual([{ dev, addr, length: 1n }])
    if (fast === undefined) throw new Error('too large for numbers')
    expect([lookUp(fast, Number(offset), Number(LARGEST)), fast.dev, BigInt(fast.addr), BigInt(fast.length)]).toEqual([
      0,
      dev,
      addr,
      length,
    ])
  }
}

function covers(map: FileMap): void {
  let done = 0n
  for (const { length } of ranges(map)) done += length
  expect(done).toBe(map.file_size)
}

function pagesHold(map: FileMap, dialect: Dialect, points: readonly bigint[]): void {
  for (const offset of offsetsIn(map, points)) {
    const { size, larger } = pageSize(map, offset)
    const fits = (bytes: bigint): boolean => {
      const start = offset - (offset % bytes)
      const { addr, length } = filled(map, start, bytes, dialect)
      const rest = least(length, leftInGroup(map, start))
      const whole = rest === bytes || start + rest >= map.file_size
      return whole && addr % bytes === 0n && start + bytes <= roundUp(map.file_size, 4096n)
    }
    if (size > 0) expect(fits(BigInt(size))).toBe(true)
    for (const each of larger) expect(fits(BigInt(each.size))).toBe(false)
  }
}

const points = fc.array(fc.bigInt(0n, 1n << 62n), { minLength: 1, maxLength: 4 })

describe.each(sound.map(dialect => [dialect.id, dialect] as const))('legal maps of %s', (_, dialect) => {
  it('are legal', () => {
    fc.assert(
      fc.property(legalMap(dialect), map => {
        const bytes = fmapReply(map, dialect)
        expect(verdict(bytes, dialect)).toMatchObject({ errno: 0 })
        const errors = findings(bytes, dialect).filter(({ severity }) => severity === 'error')
        expect(errors.map(({ rule }) => rule)).toEqual([])
      }),
      { numRuns: Math.min(runs, 300) },
    )
  })

  it('resolve, ranges, reverse, unroll and the fast form agree', () => {
    fc.assert(
      fc.property(legalMap(dialect), points, (map, at) => {
        agrees(map, dialect, at)
        if (map.extents.length < 50) pagesHold(map, dialect, at)
      }),
      { numRuns: runs },
    )
  })

  it('ranges cover the file', () => {
    const small = legalMap(dialect).filter(map => map.ext_type === 'simple' || map.extents.every(group => group.chunk_size >= 3000))
    fc.assert(fc.property(small, covers), { numRuns: Math.min(runs, 100) })
  })
})
