/** The vectors that the BPF programs' own code answered (fixtures/bpf/fuse-bpf-*.jsonl), through the testee protocol. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answer } from '../../src/conformance/testee.ts'

interface Vector {
  readonly id: string
  readonly dialect: string
  readonly hex: string
  readonly errno: number
  readonly check?: string
  readonly meta?: object
  readonly asked?: readonly number[]
  readonly machine?: object
  readonly devices?: object
  readonly queries?: readonly ({ readonly offset: string; readonly len: string } & Readonly<Record<string, unknown>>)[]
}

const linesOf = (file: string): Vector[] =>
  readFileSync(new URL(`../../fixtures/bpf/${file}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Vector)

/** Those for which `differs` says what is wrong. */
const wrong = <T>(vectors: readonly Vector[], found: (v: Vector) => T, wanted: (v: Vector) => T): unknown[] =>
  vectors.flatMap(v => {
    try {
      expect(found(v)).toEqual(wanted(v))
      return []
    } catch {
      return [{ id: v.id, found: found(v), wanted: wanted(v) }]
    }
  })

describe.each([
  ['fuse-bpf-simple', 6617],
  ['fuse-bpf-interleave', 7090],
])('%s', (file, lookUps) => {
  const vectors = linesOf(file)

  it('has 1,800 vectors', () => {
    expect(vectors).toHaveLength(1800)
    expect(vectors.flatMap(v => v.queries ?? [])).toHaveLength(lookUps)
  })

  it('errno, check, what is kept, and the devices that are asked for', () => {
    const request = ({ id, dialect, hex, machine }: Vector) => ({
      id,
      op: 'verdict',
      dialect,
      hex,
      ...(machine === undefined ? {} : { machine }),
    })
    const expected = ({ id, errno, check, meta, asked }: Vector) => ({
      id,
      errno,
      ...(check === undefined ? {} : { reason: check }),
      ...(meta === undefined ? {} : { meta }),
      ...(asked === undefined ? {} : { asked }),
    })
    expect(wrong(vectors, v => answer(request(v)) as object, expected).slice(0, 5)).toEqual([])
  })

  it('look-ups', () => {
    const asking = vectors.filter(v => v.queries !== undefined)
    const results = ({ id, dialect, hex, devices, queries = [] }: Vector) => {
      const asked = queries.map(({ offset, len }) => ({ offset, len }))
      return (
        answer({ id, op: 'resolve', dialect, hex, queries: asked, ...(devices === undefined ? {} : { devices }) }) as { results: unknown }
      ).results
    }
    const expected = ({ queries = [] }: Vector): unknown => queries.map(({ offset: _offset, len: _len, ...result }) => result)
    expect(wrong(asking, results, expected).slice(0, 5)).toEqual([])
  })
})
