/** Every captured open(2) and every trace, played through the model of the kernel. */
import { describe, expect, it } from 'vitest'
import inputsJson from '../fixtures/wire/inputs.json' with { type: 'json' }
import { playCase, rawCases } from '../src/conformance/conversation/cases.ts'
import { readInputs } from '../src/conformance/conversation/inputs.ts'
import type { Memory } from '../src/conformance/conversation/memory.ts'
import { allAgree, type Story } from '../src/conformance/conversation/story.ts'
import { playTrace } from '../src/conformance/conversation/traces.ts'
import { caseFiles, goldenLines, goldenMessages, goldenTraces, messageFiles } from './goldens.ts'

const inputs = readInputs(inputsJson)

const disagreements = (story: Story): unknown[] =>
  story.entries.filter(e => !e.agree).map(({ text, expected, found }) => ({ text, expected, found }))

const compared = (story: Story): number => story.entries.filter(e => e.expected !== undefined).length

describe.each(caseFiles)('%s', file => {
  const memory: Memory = new Map()
  const cases = rawCases(goldenLines(`wire/${file}.jsonl`))

  it('every case agrees: requests, writes, errnos, reads, mappings, follow-ups, log', () => {
    const stories = cases.map(c => [c.name, playCase(c, inputs, memory)] as const)
    expect(stories.map(([name, story]) => [name, disagreements(story)]).filter(([, d]) => d?.length !== 0)).toEqual([])
    expect(stories.length).toBe(file === 'famfs-7.46' ? 262 : 41)
    expect(stories.every(([, story]) => compared(story) >= 3)).toBe(true)
  })

  it('every trace agrees, with all its requests and their unique numbers', () => {
    const stories = goldenTraces(file).map(t => {
      const unmounted = inputs.unmounted.includes(t.id)
      return [t.name, playTrace(t.messages, { dialect: t.dialect, inputs, unmounted })] as const
    })
    expect(stories.map(([name, story]) => [name, disagreements(story)]).filter(([, d]) => d?.length !== 0)).toEqual([])
    expect(stories.length).toBe(file === 'famfs-7.46' ? 42 : 7)
  })

  it('a result that the kernel did not give is noticed', () => {
    const [first] = cases.filter(c => Object.hasOwn(c.head, 'reads') && c.lines.length > 0)
    if (first === undefined) throw new Error('no case with reads')
    const wrong = (changes: Record<string, unknown>): boolean =>
      allAgree(playCase({ ...first, head: { ...first.head, ...changes } }, inputs))
    expect(wrong({})).toBe(true)
    expect(wrong({ open_errno: 22 })).toBe(false)
    expect(wrong({ reads: [{ off: 0, n: 24, text: 'dax1.0@0x00400000' }] })).toBe(false)
    expect(wrong({ mmap_read: { signal: 7 } })).toBe(false)
    expect(wrong({ dmesg: ['famfs_fuse_meta_alloc: invalid ext_type 7'] })).toBe(false)
    const lines = first.lines.map(line => ({ ...line, reply_write_errno: 22 }))
    expect(allAgree(playCase({ ...first, lines }, inputs))).toBe(false)
  })
})

describe('plain FUSE', () => {
  it.each(messageFiles)('%s: what the device said to every reply', file => {
    const messages = goldenMessages(file)
    const dialect = messages[0]?.dialect
    if (dialect === undefined) throw new Error('no messages')
    const story = playTrace(messages, { dialect })
    expect(disagreements(story)).toEqual([])
    expect(compared(story)).toBeGreaterThan(600)
  })
})
