/** Every ring command that a kernel of 7.3.4 answered, against the rules; the requests and commits between them move the state on. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/conformance/hex.ts'
import {
  newRing,
  type Ring,
  type RingEntry,
  ringCommand,
  ringDelivers,
  ringPayload,
  ringRules,
  submitToRing,
} from '../../src/kernel/uring/index.ts'

interface Line {
  readonly case: string
  readonly kind: 'command' | 'request_header' | 'commit' | 'observed' | 'write' | 'entry_end'
  readonly label: string
  readonly cmd_op?: number
  readonly cmd_area?: string
  readonly sqe_len?: number
  readonly uring_cmd_flags?: number
  readonly buf_index?: number
  readonly cqe_res?: number | 'pending'
  readonly header_iov_len?: number
  readonly payload_iov_len?: number
  readonly payload_iov_base?: 'set' | 'null'
  readonly qid?: number
  readonly commit_id?: string | number
}

const lines = readFileSync(new URL('../../fixtures/wire/uring-7.3.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Line)
const cases = new Map(lines.map(line => [line.case, lines.filter(other => other.case === line.case)]))

const CPUS = 2
const MAX_WRITE = 65536

/** What the names of the cases say about the connection; elsewhere max_write is 65536 and max_pages 16. */
const connections: readonly (readonly [RegExp, Partial<Ring>])[] = [
  [/^commands (without the connection flag|with bit 43 but not bit 41)/, { enabled: false }],
  [/^module parameter off, INIT/, { enabled: false }],
  [/^commands before the mount/, { phase: 'closed' }],
  [/^command without 128-byte entries/, { wideEntries: false }],
  [/^smallest payload: max_pages 32 and max_write 65536/, { payload: ringPayload(MAX_WRITE, 32) }],
  [/^smallest payload: max_write 4096 without FUSE_MAX_PAGES/, { payload: ringPayload(4096, undefined) }],
  [/^smallest payload: max_pages 1 and max_write 4096/, { payload: ringPayload(4096, 1) }],
]

/** What the labels of single commands say has happened just before them. */
const events: readonly (readonly [RegExp, Partial<Ring>])[] = [
  [/^mounted, INIT not answered$/, { phase: 'asked' }],
  [/^(after the umount|REGISTER after the abort)$/, { phase: 'gone' }],
  [/capability dropped$/, { capable: false }],
]

const applied = (ring: Ring, text: string, changes: readonly (readonly [RegExp, Partial<Ring>])[]): Ring =>
  Object.assign({ ...ring }, ...changes.filter(([name]) => name.test(text)).map(([, change]) => change)) as Ring

const entryOf = (line: Line): RingEntry => ({
  len: line.sqe_len ?? 0,
  fixed: line.uring_cmd_flags === 1,
  bufIndex: line.buf_index ?? 0,
  headerLength: line.header_iov_len ?? 0,
  payloadLength: line.payload_iov_len ?? 0,
  payloadSet: line.payload_iov_base === 'set',
})

/** `0`, `pending` or the negative errno, as the completion told it. */
const toldBy = (result: ReturnType<typeof submitToRing>): number | string =>
  result.ok ? (result.completes === 'now' ? 0 : 'pending') : -result.errno

const COMMIT_AND_FETCH = 2

function step(ring: Ring, line: Line): { ring: Ring; told?: number | string; expected?: number | string } {
  if (line.kind === 'request_header') return { ring: ringDelivers(ring, line.qid ?? 0, BigInt(line.commit_id ?? 0)) }
  if (line.kind !== 'command' && line.kind !== 'commit') return { ring }
  const before = applied(ring, line.label, events)
  const command = ringCommand(line.cmd_op ?? COMMIT_AND_FETCH, bytesOf(line.cmd_area ?? '', 'cmd_area'), entryOf(line))
  const result = submitToRing(before, command)
  const expected = line.kind === 'commit' ? 'pending' : line.cqe_res
  return { ring: result.ring, told: toldBy(result), ...(expected === undefined ? {} : { expected }) }
}

describe('ring commands of Linux 7.3.4', () => {
  it.each([...cases])('%s', (name, steps) => {
    let ring = applied(newRing({ cpus: CPUS, payload: ringPayload(MAX_WRITE, 16) }), name, connections)
    for (const line of steps) {
      const done = step(ring, line)
      expect([line.label, done.told]).toStrictEqual([line.label, done.expected])
      ring = done.ring
    }
  })

  it('all commands and commits were held against the rules', () => {
    expect(lines.filter(line => line.kind === 'command')).toHaveLength(218)
    expect(lines.filter(line => line.kind === 'commit')).toHaveLength(246)
  })
})

describe('the rules', () => {
  it('have ids of their own, and each decides some command that was measured', () => {
    expect(new Set(ringRules.map(rule => rule.id)).size).toBe(ringRules.length)
    const used = new Set<string>()
    for (const [name, steps] of cases) {
      let ring = applied(newRing({ cpus: CPUS, payload: ringPayload(MAX_WRITE, 16) }), name, connections)
      for (const line of steps) {
        if (line.kind === 'command') {
          const before = applied(ring, line.label, events)
          const result = submitToRing(before, ringCommand(line.cmd_op ?? 0, bytesOf(line.cmd_area ?? '', 'cmd_area'), entryOf(line)))
          if (!result.ok) used.add(result.rule.id)
        }
        ring = step(ring, line).ring
      }
    }
    expect(ringRules.map(rule => rule.id).filter(id => !used.has(id))).toStrictEqual([])
  })
})
