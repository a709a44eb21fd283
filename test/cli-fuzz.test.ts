/** Whatever the bytes: the command answers or refuses, and never fails by itself. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { isAnswer, run } from './cli-inside.ts'

const golden: Uint8Array[] = []

beforeAll(() => {
  for (const name of ['famfs-7.46', 'famfs-push', 'fuse-6.18'])
    for (const [i, line] of readFileSync(`fixtures/wire/${name}.jsonl`, 'utf8').split('\n').entries()) {
      if (line === '' || i % 12 !== 0) continue
      const { hex, request_hex, reply_hex } = JSON.parse(line) as Record<string, string>
      for (const text of [hex, request_hex, reply_hex]) if (text !== undefined) golden.push(Buffer.from(text.slice(0, 2000), 'hex'))
    }
})

/** Golden messages with bytes changed, cut and repeated, and noise. */
const hostile = fc
  .record({
    at: fc.nat(),
    flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    keep: fc.option(fc.nat(400), { nil: undefined }),
    noise: fc.uint8Array({ maxLength: 64 }),
    alone: fc.boolean(),
  })
  .map(({ at, flips, keep, noise, alone }) => {
    const base = Buffer.from(alone && at % 5 === 0 ? noise : (golden[at % golden.length] ?? noise))
    for (const [where, value] of flips) if (base.length > 0) base[where % base.length] = value
    return Buffer.concat([base.subarray(0, keep ?? base.length), at % 7 === 0 ? noise : Buffer.alloc(0)])
  })

const dialect = fc.constantFrom(...Object.keys(dialects))
const famfs = fc.constantFrom(...famfsDialectIds)
const as = fc.constantFrom(
  'request',
  'reply',
  'notify',
  'fuse_famfs_fmap',
  'fuse_daxdev_out',
  'fuse_init_out',
  'fuse_direntplus',
  'fuse_ext_header',
)

describe('hostile bytes', () => {
  it('inspect guesses or refuses', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async bytes => isAnswer(await run(['inspect', '--format', 'raw', '-'], bytes))),
      { numRuns: 300 },
    )
  })

  it('inspect shows what it is told to', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, as, dialect, fc.nat(60), fc.boolean(), async (bytes, name, d, opcode, json) => {
        const outcome = await run(
          ['inspect', '--format', 'raw', '--as', name, '-d', d, '--opcode', `${opcode}`, ...(json ? ['--json'] : [])],
          bytes,
        )
        isAnswer(outcome)
        if (json && outcome.out !== '') expect(() => JSON.parse(outcome.out)).not.toThrow()
        if (!json) for (const line of outcome.out.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
      }),
      { numRuns: 300 },
    )
  })

  it('inspect --json and encode are inverse where the bytes are accepted', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), async at => {
        const bytes = golden[at % golden.length] ?? new Uint8Array()
        const shown = await run(['inspect', '--format', 'raw', '--json'], bytes)
        isAnswer(shown)
        if (shown.exit !== 0 || !shown.out.startsWith('{\n')) return
        const back = await run(['encode', '--unchecked', '--hex'], shown.out)
        isAnswer(back)
        expect(back.out.replace(/\s/g, '')).toBe(Buffer.from(bytes).toString('hex'))
        accepted++
      }),
      { numRuns: 200 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  it('validate has a verdict for everything', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, famfs, async (bytes, d) => {
        isAnswer(await run(['validate', '--format', 'raw', '-d', d], bytes))
        isAnswer(await run(['validate', '--format', 'raw', '--all', '--json'], bytes))
      }),
      { numRuns: 150 },
    )
  })

  it('resolve has an answer for everything', async () => {
    const number = fc.oneof(fc.nat(0x800000), fc.maxSafeNat()).map(n => `0x${n.toString(16)}`)
    const ranges = fc.array(
      fc.tuple(number, number, fc.constantFrom('+', '..')).map(([a, b, sign]) => `${a}${sign}${b}`),
      { maxLength: 3 },
    )
    const device = fc.constantFrom('ready', 'missing', 'busy', 'error')
    await fc.assert(
      fc.asyncProperty(hostile, ranges, device, fc.constantFrom('--json', '--picture'), async (bytes, asked, state, form) => {
        isAnswer(await run(['resolve', '--format', 'raw', '-', ...asked, '--dev-state', state, form, '--most', '20'], bytes))
        isAnswer(await run(['resolve', '--format', 'raw', '-', '--svg'], bytes))
        isAnswer(await run(['resolve', '--format', 'raw', '--reverse', '0:0x200000'], bytes))
      }),
      { numRuns: 150 },
    )
  })

  it('diff compares any two', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, as, async (a, b, name) => {
        fc.pre(a.length > 0 && b.length > 0)
        const outcome = await run(['diff', a.toString('hex'), b.toString('hex'), '--as', name])
        isAnswer(outcome)
        expect(outcome.exit === 0).toBe(a.equals(b))
      }),
      { numRuns: 150 },
    )
  })

  it('encode takes any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), as, dialect, async (json, name, d) => {
        isAnswer(await run(['encode', '--as', name, '-d', d, '--unchecked', '--hex'], json))
      }),
      { numRuns: 150 },
    )
  })

  it('no text makes the input reader fail', async () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abcdefx: |*\n\r\\{}[],;#"gz\u0000\u001b\u00ff') })
    await fc.assert(
      fc.asyncProperty(text, async t => isAnswer(await run(['inspect'], t))),
      { numRuns: 300 },
    )
  })

  it('no command line does', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'inspect',
        'validate',
        'diff',
        'layout',
        'resolve',
        '--reverse',
        'dialects',
        'rules',
        '--json',
        '--all',
        '--as',
        '-d',
        '--',
        '-',
        '--hex',
        '--=',
        '-x',
        '',
      ),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async argv => {
        fc.pre(!argv.includes('testee') && !argv.includes('report') && !argv.includes('corpus'))
        isAnswer(await run(argv))
      }),
      { numRuns: 300 },
    )
  })
})
