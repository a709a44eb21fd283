/** The `resolve` question, over the line protocol, on everything that the kernels answered. */
import { describe, expect, test } from 'vitest'
import { answerLine } from '../src/conformance/testee.ts'
import { goldenLines } from './goldens.ts'

interface Vector {
  readonly id: string
  readonly errno: number
  readonly queries: readonly { readonly offset: string; readonly len: string }[]
}

const vectors = goldenLines('kernel/resolver.jsonl') as readonly Vector[]
const refused = goldenLines('kernel/fmap-verdicts.jsonl').filter(v => (v as Vector).errno !== 0) as readonly (Vector & { reason: string })[]
const ask = (request: object): unknown => JSON.parse(answerLine(JSON.stringify({ op: 'resolve', ...request })) ?? '')

describe('testee resolve', () => {
  test('agrees with every look-up of the kernels', () => {
    const answers = vectors.map(({ queries, errno: _, ...asked }) =>
      ask({ ...asked, queries: queries.map(({ offset, len }) => ({ offset, len })) }),
    )
    expect(answers).toEqual(
      vectors.map(({ id, errno, queries }) => ({ id, errno, results: queries.map(({ offset: _, len: __, ...result }) => result) })),
    )
  })

  test('a map that the kernel refuses has its errno and no results', () => {
    const few = refused.filter((_, i) => i % 50 === 0)
    expect(few.length).toBeGreaterThan(20)
    for (const { id, errno, reason, ...asked } of few)
      expect(ask({ id, ...asked, queries: [{ offset: '0', len: '1' }] })).toEqual({ id, errno, reason, results: [] })
  })

  test('what is not as it should be is an error that names the member', () => {
    const map = { dialect: 'fuse-v10', hex: '' }
    const at = (request: object): unknown => {
      const { error } = ask(request) as { error?: { code: string; path: string } }
      return error && `${error.code} ${error.path}`
    }
    expect(at({ hex: '' })).toBe('missing dialect')
    expect(at(map)).toBe('missing queries')
    expect(at({ ...map, queries: [3] })).toBe('tag ')
    expect(
      at({
        ...map,
        queries: [
          { offset: '0', len: '0' },
          { offset: 'x', len: '0' },
        ],
      }),
    ).toBe('tag queries[1].offset')
    expect(at({ ...map, queries: [{ offset: '-9223372036854775809', len: '0' }] })).toBe('range queries[0].offset')
    expect(at({ ...map, queries: [{ offset: '0', len: '18446744073709551616' }] })).toBe('range queries[0].len')
    expect(at({ ...map, queries: [], dev_state: 'gone' })).toBe('tag dev_state')
  })
})
