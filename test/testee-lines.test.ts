/** The testee's lines: whatever comes in, one answer for each, in order, and the process goes on. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineBatches, TOO_LONG } from '../src/conformance/lines.ts'
import { answer, answerLine, serveLines } from '../src/conformance/testee.ts'

async function* pieces(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield part
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** `text` in pieces of the lengths given, the last one repeated. */
function cut(text: string, lengths: readonly number[]): Uint8Array[] {
  const all = bytes(text)
  const parts: Uint8Array[] = []
  for (let at = 0, i = 0; at < all.length; i++) {
    const size = Math.max(1, lengths[Math.min(i, lengths.length - 1)] ?? 1)
    parts.push(all.subarray(at, at + size))
    at += size
  }
  return parts
}

async function linesOf(parts: Uint8Array[], most?: number): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of lineBatches(pieces(...parts), most))
    for (const line of batch) lines.push(line === TOO_LONG ? 'TOO LONG' : new TextDecoder().decode(line))
  return lines
}

async function serve(...parts: Uint8Array[]): Promise<unknown[]> {
  let out = ''
  await serveLines(pieces(...parts), async text => {
    out += text
  })
  expect(out === '' || out.endsWith('\n')).toBe(true)
  return out
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

describe('lines from pieces', () => {
  test('the same lines, however the stream is cut', async () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '{', ' ', '\r') }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (lines, lengths) => {
        expect(await linesOf(cut(`${lines.join('\n')}\n`, lengths))).toEqual(lines)
      }),
    )
  })

  test('the last line needs no end, an empty rest is no line', async () => {
    expect(await linesOf([bytes('a\nb')])).toEqual(['a', 'b'])
    expect(await linesOf([bytes('a\n\nb\n')])).toEqual(['a', '', 'b'])
    expect(await linesOf([])).toEqual([])
  })

  test('a line that is too long is dropped, the next one is not', async () => {
    expect(await linesOf(cut('aaaa\nbbbbb\ncc\n', [3]), 4)).toEqual(['aaaa', 'TOO LONG', 'cc'])
    expect(await linesOf([bytes('bbbbb')], 4)).toEqual(['TOO LONG'])
  })
})

describe('answers to lines', () => {
  const good = '{"id":7,"op":"verdict","dialect":"fuse-v10","hex":""}'
  const goodAnswer = { id: 7, errno: 22, reason: 'underflow' }

  test('in order, also across pieces, with line ends of either kind', async () => {
    const text = `${good}\r\nnot json\n\n  \n${good.replace('7,', '"x",')}`
    for (const lengths of [[1], [5], [1000]]) {
      const answers = await serve(...cut(text, lengths))
      expect(answers).toEqual([
        goodAnswer,
        { id: null, error: { code: 'text', path: '', offset: 0, message: expect.stringContaining('no JSON') } },
        { ...goodAnswer, id: 'x' },
      ])
    }
  })

  test('a byte order mark is no part of the first line', () => {
    expect(JSON.parse(answerLine(bytes(`\ufeff${good}`)) ?? '')).toEqual(goodAnswer)
  })

  test('answers are handed over before more is read', async () => {
    const events: string[] = []
    async function* input(): AsyncGenerator<Uint8Array> {
      for (const i of [1, 2, 3]) {
        events.push(`read ${i}`)
        yield bytes(`${good}\n${good}\n`)
      }
    }
    await serveLines(input(), async text => {
      await new Promise(done => setTimeout(done, 1))
      events.push(`wrote ${text.split('\n').length - 1}`)
    })
    expect(events).toEqual(['read 1', 'wrote 2', 'read 2', 'wrote 2', 'read 3', 'wrote 2'])
  })

  test('ids come back as they were; what cannot be one is null', () => {
    for (const id of [0, -1.5, 'a\u0000b', true, '']) expect(answer({ id, op: 'none' })).toEqual({ id, skipped: expect.any(String) })
    for (const id of [null, undefined, [1], { a: 1 }]) expect(answer({ id, op: 'none' })).toEqual({ id: null, skipped: expect.any(String) })
  })

  test('unknown operations, dialects and messages are skipped with the reason', () => {
    const why = (request: object): unknown => (answer({ id: 1, ...request }) as { skipped?: unknown }).skipped
    expect(why({ op: 'dance' })).toContain('unknown op dance')
    expect(why({ op: 'toString' })).toContain('unknown op toString')
    expect(why({ op: 'verdict', dialect: 'fuse-v99', hex: '' })).toContain('unknown dialect fuse-v99')
    expect(why({ op: 'verdict', dialect: 'constructor', hex: '' })).toContain('unknown dialect constructor')
    expect(why({ op: 'roundtrip', message: 'fuse_nonsense', hex: '' })).toContain('unknown message fuse_nonsense')
    expect(why({ op: 'roundtrip', message: '__proto__', hex: '' })).toContain('unknown message __proto__')
    expect(why({ op: 'resolve', dialect: 'fuse', hex: '', queries: [] })).toContain('asks for GET_FMAP')
    expect(why({ op: 'image' })).toBeTypeOf('string')
  })

  test('what is not as it should be is an error that names the member', () => {
    const at = (request: unknown): unknown => {
      const { error } = answer(request) as { error?: { code: string; path: string } }
      return error === undefined ? answer(request) : `${error.code} ${error.path}`
    }
    expect(at(5)).toBe('tag ')
    expect(at(null)).toBe('tag ')
    expect(at([])).toBe('tag ')
    expect(at({})).toBe('missing op')
    expect(at({ op: 3 })).toBe('tag op')
    expect(at({ op: 'verdict', dialect: 'fuse-v2' })).toBe('missing hex')
    expect(at({ op: 'verdict', dialect: 'fuse-v2', hex: 'abc' })).toBe('text hex')
    expect(at({ op: 'verdict', dialect: 'fuse-v2', hex: 'zz' })).toBe('text hex')
    expect(at({ op: 'verdict', dialect: 'fuse-v2', hex: 'éé' })).toBe('text hex')
    expect(at({ op: 'verdict', dialect: 'fuse-v2', hex: [1] })).toBe('tag hex')
    expect(at({ op: 'verdict', dialect: 7, hex: '' })).toBe('tag dialect')
    expect(at({ op: 'roundtrip', hex: '' })).toBe('missing message')
    expect(at({ op: 'roundtrip', message: 'request', minor: 'x', hex: '' })).toBe('tag minor')
    expect(at({ op: 'roundtrip', message: 'request', flags: '-1', hex: '' })).toBe('tag flags')
    expect(at({ op: 'roundtrip', message: 'request', flags: '18446744073709551616', hex: '' })).toBe('range flags')
    expect(at({ op: 'roundtrip', message: 'reply', opcode: [], hex: '' })).toBe('tag opcode')
    expect(at({ op: 'roundtrip', message: 'reply', opcode: 'NONE', hex: '' })).toBe('unsupported opcode')
    expect(at({ op: 'roundtrip', message: 'reply', request: 'x', hex: '' })).toBe('text request')
    expect(at({ op: 'roundtrip', message: 'fuse_open_out', hex: '00' })).toBe('truncated fh')
  })

  test('hostile lines: an answer to each, and none ends the process', async () => {
    const deep = '['.repeat(100_000)
    const lines = [
      deep,
      deep + ']'.repeat(100_000),
      `{"id":${deep}${']'.repeat(100_000)},"op":"verdict"}`,
      `{"id":1,"op":"encode","message":"fuse_open_out","value":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      '{"id":1,"op":"decode","message":"request","hex":"',
      '"\\ud800"',
      '{"__proto__":{"op":"verdict"},"id":3}',
      '\u0000',
    ]
    const answers = await serve(bytes(`${lines.join('\n')}\n`), Uint8Array.of(0xff, 0xfe, 0x0a), bytes(`${good}\n`))
    expect(answers).toHaveLength(lines.length + 2)
    for (const reply of answers.slice(0, -1)) expect(reply).toHaveProperty('error')
    expect(answers.at(-1)).toEqual(goodAnswer)
  })

  test('any JSON and any text gets one answer', () => {
    const request = fc.record(
      {
        id: fc.jsonValue(),
        op: fc.constantFrom('verdict', 'roundtrip', 'decode', 'encode', 'resolve', 'x'),
        dialect: fc.oneof(fc.constantFrom('fuse', 'fuse-v2', 'fuse-push-il'), fc.jsonValue()),
        message: fc.oneof(fc.constantFrom('request', 'reply', 'notify', 'fuse_famfs_fmap', 'fuse_init_out'), fc.jsonValue()),
        hex: fc.oneof(
          fc.base64String(),
          fc.uint8Array().map(b => Buffer.from(b).toString('hex')),
        ),
        opcode: fc.oneof(fc.nat(60), fc.jsonValue()),
        value: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          request.map(r => JSON.stringify(r)),
          fc.jsonValue().map(v => JSON.stringify(v)),
          fc.string(),
        ),
        line => {
          const text = answerLine(line)
          if (text === undefined) expect(line.trim()).toBe('')
          else expect(text).not.toContain('internal error')
        },
      ),
      { numRuns: 500 },
    )
  })
})
