/** Every look-up that the kernels' own resolvers answered. */
import { describe, expect, it } from 'vitest'
import { type ResolutionJson, resolveAnswer } from '../src/kernel/resolve-answer.ts'
import type { DeviceState } from '../src/kernel/state.ts'
import type { DialectId } from '../src/uapi/dialects/index.ts'
import { goldenLines } from './goldens.ts'
import { bytesOf } from './verdict-golden.ts'

interface Vector {
  readonly id: string
  readonly dialect: DialectId
  readonly hex: string
  readonly errno: number
  readonly dev_state?: DeviceState
  readonly queries: readonly ({ readonly offset: string; readonly len: string } & ResolutionJson)[]
}

const vectors = goldenLines('kernel/resolver.jsonl') as readonly Vector[]

const answer = ({ dialect, hex, queries, dev_state }: Vector, as: DialectId = dialect): unknown =>
  resolveAnswer({
    dialect: as,
    bytes: bytesOf(hex),
    queries: queries.map(q => ({ offset: BigInt(q.offset), len: BigInt(q.len) })),
    ...(dev_state === undefined ? {} : { dev_state }),
  })

const expected = ({ errno, queries }: Vector): unknown => ({ errno, results: queries.map(({ offset: _, len: __, ...result }) => result) })

describe('resolve on the look-ups of the kernels', () => {
  it('has all of them', () => {
    expect(vectors).toHaveLength(448)
    expect(vectors.flatMap(v => v.queries)).toHaveLength(7843)
  })

  for (const dialect of new Set(vectors.map(v => v.dialect))) {
    it(`agrees: ${dialect}`, () => {
      const own = vectors.filter(v => v.dialect === dialect)
      expect(own.map(v => [v.id, answer(v)])).toEqual(own.map(v => [v.id, expected(v)]))
    })
  }

  it('V3 resolves as V2 did while the devices work', () => {
    const own = vectors.filter(v => v.dialect === 'fuse-v2' && v.dev_state === undefined)
    expect(own.map(v => [v.id, answer(v, 'fuse-v3')])).toEqual(own.map(v => [v.id, expected(v)]))
  })
})
