/** The testee as a process: the golden vectors and messages asked as any other implementation would be asked. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { hex } from '../src/codec/input.ts'
import { type PlacedMessage, walk } from '../src/conformance/capture.ts'
import { buildCommand } from './cli-build.ts'
import { runCommand } from './command.ts'
import { goldenConversations } from './goldens.ts'
import { golden } from './verdict-golden.ts'

let main = ''
beforeAll(async () => {
  main = await buildCommand('famfs-wire-testee')
})

type Answer = Record<string, unknown>

/** Asks all at once; one answer to each, in order. */
async function ask(requests: readonly object[]): Promise<Answer[]> {
  const { code, out, err } = await runCommand(main, ['testee'], requests.map(r => `${JSON.stringify(r)}\n`).join(''))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const answers = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Answer)
  expect(answers.length).toBe(requests.length)
  return answers
}

const question = (m: PlacedMessage, i: number): Record<string, unknown> => {
  const { connection } = m
  const answered = 'opcode' in connection ? { opcode: connection.opcode } : {}
  const request = 'request' in connection && connection.request !== undefined ? { request: hex(connection.request) } : {}
  const minor = connection.minor === undefined ? {} : { minor: connection.minor }
  const flags = connection.flags === undefined ? {} : { flags: String(connection.flags) }
  return { id: i, message: m.direction, dialect: m.dialect.id, ...answered, ...request, ...minor, ...flags, hex: hex(m.bytes) }
}

const whole = goldenConversations()
  .flatMap(([, messages]) => [...walk(messages)])
  .filter(m => m.fullLength === undefined)

describe('the testee', () => {
  test('verdicts: every vector of the kernels, with errno, reason and meta', async () => {
    const answers = await ask(golden.map(({ id, dialect, hex: bytes }) => ({ id, op: 'verdict', dialect, hex: bytes })))
    const expected = golden.map(({ id, errno, reason, meta }) => ({
      id,
      errno,
      ...(reason === undefined ? {} : { reason }),
      ...(meta === undefined ? {} : { meta }),
    }))
    expect(answers.length).toBe(3014)
    expect(answers).toEqual(expected)
  })

  test('round trips of every message: the same bytes, or an error where the kernel refused too', async () => {
    const answers = await ask(whole.map((m, i) => ({ op: 'roundtrip', ...question(m, i) })))
    const counts = { same: 0, refused: 0 }
    for (const [i, answer] of answers.entries()) {
      const m = whole[i] as PlacedMessage
      if ('hex' in answer) {
        expect(answer).toEqual({ id: i, hex: hex(m.bytes) })
        counts.same++
      } else {
        expect(answer).toEqual({
          id: i,
          error: { code: expect.any(String), path: expect.any(String), offset: expect.any(Number), message: expect.any(String) },
        })
        expect(m.direction).not.toBe('request')
        counts.refused++
      }
    }
    expect(counts).toEqual({ same: 5559, refused: 165 })
  })

  test('decoded to JSON and encoded from it: the same bytes', async () => {
    const decoded = await ask(whole.map((m, i) => ({ op: 'decode', ...question(m, i) })))
    const values = decoded.flatMap((answer, i) => ('value' in answer ? [{ i, value: answer.value }] : []))
    expect(values.length).toBe(5559)
    const encoded = await ask(
      values.map(({ i, value }) => {
        const { hex: _, ...about } = question(whole[i] as PlacedMessage, i)
        return { op: 'encode', ...about, value }
      }),
    )
    const wrong = encoded.filter((answer, n) => answer.hex !== hex((whole[values[n]?.i ?? -1] as PlacedMessage).bytes))
    expect(wrong).toEqual([])
  })

  test('replies to GET_DAXDEV have verdicts too', async () => {
    const named = `${'00'.repeat(24)}${Buffer.from('/dev/dax0.0').toString('hex').padEnd(512, '0')}`
    const question = { op: 'verdict', message: 'GET_DAXDEV' }
    expect(
      await ask([
        { id: 1, ...question, dialect: 'fuse-v7', hex: named },
        { id: 2, ...question, dialect: 'fuse-v10', hex: '' },
        { id: 3, ...question, dialect: 'fuse-v10', hex: '00'.repeat(280) },
        { id: 4, ...question, dialect: 'fuse-push', hex: named },
        { id: 5, op: 'verdict', dialect: 'fuse', hex: named },
        { id: 6, op: 'verdict', dialect: 'fuse-v2', message: 'OPEN', hex: named },
      ]),
    ).toEqual([
      { id: 1, errno: 0, meta: { name: '/dev/dax0.0', terminated: true } },
      { id: 2, errno: 5, reason: 'length' },
      { id: 3, errno: 22, reason: 'name_empty' },
      { id: 4, skipped: expect.stringContaining('fuse-push') },
      { id: 5, skipped: expect.stringContaining('fuse') },
      { id: 6, skipped: expect.stringContaining('OPEN') },
    ])
  })

  test('a line that is no JSON, among others, does not end it', async () => {
    const good = '{"id":1,"op":"verdict","dialect":"fuse-v1","hex":""}'
    const { code, out } = await runCommand(main, ['testee'], `${good}\nnonsense\n${'['.repeat(200_000)}\n${good}`)
    const answers = out.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(answers.map(line => (JSON.parse(line) as Answer).id)).toEqual([1, null, null, 1])
  })

  test('a map of 4 MB in one line', async () => {
    const nextents = 174_000
    const bytes = Buffer.alloc(32 + 24 * nextents)
    bytes.writeUInt32LE(nextents, 8)
    bytes.writeUInt32LE(bytes.length, 12)
    bytes.writeUInt16LE(1, 2)
    for (let i = 0; i < nextents; i++) bytes.writeUInt32LE(0x20_0000, 32 + 24 * i + 16)
    const [answer] = await ask([{ id: 'large', op: 'verdict', dialect: 'fuse-push', hex: bytes.toString('hex') }])
    expect(answer).toMatchObject({ id: 'large', errno: 0, meta: { ext_shift: 21 } })
  })
})

/** The examples of the document: lines that begin with `→` are asked, those with `←` are the answers. */
function examples(): { readonly asked: string[]; readonly answered: string[] } {
  const text = readFileSync(new URL('../docs/testee.md', import.meta.url), 'utf8')
  const lines = (mark: string): string[] => text.split('\n').flatMap(line => (line.startsWith(`${mark} `) ? [line.slice(2)] : []))
  return { asked: lines('→'), answered: lines('←') }
}

/** An answer without the sentences for people, which name what a version knows. */
const withoutWords = (line: string): unknown =>
  JSON.parse(line, (key, value: unknown) => ((key === 'message' || key === 'skipped') && typeof value === 'string' ? 'words' : value))

describe('docs/testee.md', () => {
  test('every example is answered as it says', async () => {
    const { asked, answered } = examples()
    expect(asked.length).toBeGreaterThan(9)
    const { out } = await runCommand(main, ['testee'], asked.map(line => `${line}\n`).join(''))
    expect(out.trimEnd().split('\n').map(withoutWords)).toEqual(answered.map(withoutWords))
  })
})
