/** Recordings that begin in the middle of a connection, counts by kind, and lines that are none. */
import { describe, expect, it } from 'vitest'
import { summaryOf } from '../../src/cli/replaysummary.ts'
import { attempt } from '../../src/codec/errors.ts'
import { type Replayed, replayRecording } from '../../src/conformance/conversation/index.ts'
import { goldenLines } from '../goldens.ts'

type Line = { readonly [key: string]: unknown }
const session = (file: string) => goldenLines(`wire/${file}.jsonl`) as readonly Line[]
const replayed = (lines: readonly unknown[]): Replayed => {
  const [one] = [...replayRecording(lines)]
  if (one === undefined) throw new Error('no conversation')
  return one
}

describe('a capture that begins in the middle', () => {
  const lines = session('fuse-7.3')
  const inits = lines.flatMap((line, i) => (line.name === 'INIT' && line.direction === 'request' ? [i] : []))

  it.each([1, 2, 7, 40])('cut at line %d of a session: nothing is blamed on kernel or model', at => {
    const start = lines.findIndex(l => String(l.note).startsWith('A: ')) + at
    const { agree, unknown, story } = replayed(lines.slice(start, start + 400))
    expect([agree, story.beganInside]).toEqual([true, true])
    expect(unknown).toBeLessThan(400)
  })

  it('famfs: maps that the kernel had already are not asked for', () => {
    const [trace] = goldenLines('wire/famfs-7.46-trace.jsonl') as readonly Line[]
    const messages = trace?.trace as readonly unknown[]
    for (let at = 1; at < messages.length; at++) expect([at, replayed([{ ...trace, trace: messages.slice(at) }]).agree]).toEqual([at, true])
  })

  it('a whole one has nothing unknown', () => {
    const from = inits[0] ?? 0
    const { unknown, story } = replayed(lines.slice(from, from + 300))
    expect([unknown, story.beganInside]).toEqual([0, false])
  })

  it('what contradicts the device itself still is a disagreement', () => {
    const start = lines.findIndex((l, i) => l.name === 'READ' && l.direction === 'request' && lines[i + 1]?.direction === 'reply')
    const two = lines.slice(start, start + 2).map(l => (l.direction === 'reply' ? { ...l, write_errno: 5 } : l))
    const { agree, counts } = replayed(two)
    expect([agree, counts]).toEqual([false, { reply: 1 }])
  })
})

it('disagreements are counted by kind', () => {
  const lines = session('fuse-7.3').map(l =>
    l.direction === 'notify' && l.write_errno === 2
      ? { ...l, write_errno: 77 }
      : l.name === 'STATFS' && l.direction === 'reply'
        ? { ...l, write_errno: 1 }
        : l,
  )
  const one = replayed(lines)
  const { disagreements, conversations, disagreeing } = summaryOf([one])
  expect([conversations, disagreeing]).toEqual([1, 1])
  expect(disagreements.notification).toBeGreaterThan(100)
  expect(disagreements.reply).toBeGreaterThan(3)
  expect(disagreements.open).toBe(0)
})

describe('lines that are none', () => {
  const cases = session('famfs-push')
  const error = (lines: readonly unknown[]): string | undefined => {
    const result = attempt(() => [...replayRecording(lines)])
    return result.ok ? undefined : result.error.path
  }

  it.each(['', '0000', '00'.repeat(15)])('push[0].arg_hex %j', arg_hex => {
    const at = cases.findIndex(l => l.push !== undefined)
    const [first] = (cases[at]?.push ?? []) as readonly Line[]
    const push = [{ ...first, arg_hex }]
    expect(error(cases.map((l, i) => (i === at ? { ...l, push } : l)))).toBe(`[${at}].push[0].arg_hex`)
  })

  it('a reply that is no hex', () => {
    const at = cases.findIndex((l, i) => i > 3 && l.op !== undefined)
    expect(error(cases.map((l, i) => (i === at ? { ...l, reply_hex: 'xy' } : l)))).toBe(`[${at}].reply_hex`)
  })

  it('a message without its result', () => {
    expect(error([{ ...session('fuse-7.3')[1], write_errno: undefined }])).toBe('[0].write_errno')
  })
})
