import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { DialectId } from '../src/uapi/dialects/index.ts'
import { metaJson } from '../src/validate/meta.ts'
import { verdict } from '../src/validate/verdict.ts'
import { part } from './part.ts'
import { bytesOf, type Golden, golden } from './verdict-golden.ts'

const answer = (v: Golden, dialect: DialectId): unknown => {
  const result = verdict(bytesOf(v.hex), dialect)
  return 'meta' in result ? { errno: 0, meta: metaJson(result.meta) } : { errno: result.errno, reason: result.reason }
}
const expected = (v: Golden): unknown => (v.meta === undefined ? { errno: v.errno, reason: v.reason } : { errno: 0, meta: v.meta })

/** What a person needs of each vector that disagrees; short, also when all of them do. */
const disagreements = (vectors: readonly Golden[], dialect: DialectId): unknown[] =>
  part(vectors)
    .map(v => ({ id: v.id, expected: expected(v), actual: answer(v, dialect) }))
    .filter(({ expected, actual }) => !isDeepStrictEqual(actual, expected))
    .slice(0, 5)

describe('verdict on the vectors of the kernels', () => {
  it('has all of them', () => expect(golden).toHaveLength(3014))

  for (const dialect of new Set(golden.map(v => v.dialect))) {
    it(`agrees in errno, reason and meta: ${dialect}`, () => {
      const vectors = golden.filter(v => v.dialect === dialect)
      expect(disagreements(vectors, dialect)).toEqual([])
    })
  }

  it.each(['fuse-v3', 'fuse-v4'] as const)('parses as V2 did: %s', dialect => {
    const vectors = golden.filter(v => v.dialect === 'fuse-v2')
    expect(disagreements(vectors, dialect)).toEqual([])
  })
})
