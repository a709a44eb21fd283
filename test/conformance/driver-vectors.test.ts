/**
 * The vectors that the drivers' own code answered (fixtures/ioctl/ioctl-*.jsonl): every one is sent through the testee protocol as it stands, and
 * must be answered with just its expectation.
 */
import { describe, expect, it } from 'vitest'
import { answer } from '../../src/conformance/testee.ts'
import { type AnsweredVector, answeredIn } from '../ioctl-vectors.ts'

type Json = Readonly<Record<string, unknown>>

const KINDS = ['call', 'lookups', 'operation', 'install']
const COUNTS = { 'ioctl-43': 2500, 'ioctl-43-late': 80, 'ioctl-44d': 2510, 'ioctl-44e': 2250 } as const

/** What the answer to a vector must be besides its id. */
function wanted({ kind, expect: expected, queries = [] }: AnsweredVector): unknown {
  if (kind !== 'lookups') return expected
  const results = queries.filter(q => q.event === undefined).map(({ offset: _offset, len: _len, ...result }) => result)
  return { errno: 0, results }
}

/** The request as another program would send it: its answers are left out. */
function requestOf({ kind, expect: _, queries, ...rest }: AnsweredVector): Json {
  const asked = queries?.map(({ event, offset, len }) => (event === undefined ? { offset, len } : { event }))
  return { ...rest, op: kind, ...(asked === undefined ? {} : { queries: asked }) }
}

/** As it goes over the line. */
const said = (request: Json): Json => JSON.parse(JSON.stringify(answer(request))) as Json

describe.each(Object.entries(COUNTS) as [keyof typeof COUNTS, number][])('%s', (file, count) => {
  const vectors = answeredIn(file)

  it(`has ${count} vectors of known kinds`, () => {
    expect(vectors).toHaveLength(count)
    expect(vectors.filter(v => !KINDS.includes(v.kind))).toEqual([])
  })

  it.each(KINDS)('every %s is answered as the driver did', kind => {
    const wrong = vectors
      .filter(v => v.kind === kind)
      .flatMap(v => {
        const found = said(requestOf(v))
        try {
          expect(found).toEqual({ id: v.id, ...(wanted(v) as Json) })
          return []
        } catch {
          return [{ id: v.id, found, wanted: wanted(v) }]
        }
      })
    expect(wrong.slice(0, 5)).toEqual([])
  })

  it('a vector with its answers in it is a request, too', () => {
    for (const v of vectors.filter((_, i) => i % 50 === 0)) expect(said({ ...v, op: v.kind })).toEqual({ id: v.id, ...(wanted(v) as Json) })
  })
})
