/** The report on golden data: it agrees with the kernels, and it notices when something does not. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GoldenError, readGolden, report } from '../src/conformance/index.ts'
import { buildCommand } from './cli-build.ts'
import { type Finished, runCommand } from './command.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures')
const textOf = (name: string): string => readFileSync(join(fixtures, name), 'utf8')
const linesOf = (name: string): Record<string, unknown>[] =>
  textOf(name)
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
const toText = (lines: readonly unknown[]): string => lines.map(line => `${JSON.stringify(line)}\n`).join('')

/** The report on the lines of one file, after `change`. */
function reportOn(name: string, change: (lines: Record<string, unknown>[]) => void): ReturnType<typeof report> {
  const lines = linesOf(name)
  change(lines)
  return report(readGolden([{ name, text: toText(lines) }]))
}

const lineOf = (lines: Record<string, unknown>[], wanted: (line: Record<string, unknown>) => boolean): Record<string, unknown> => {
  const line = lines.find(wanted)
  if (line === undefined) throw new Error('no such line')
  return line
}

const zeroed = (hex: unknown, byte: number, value: string): string =>
  `${String(hex).slice(0, 2 * byte)}${value}${String(hex).slice(2 * byte + 2)}`

describe('what the report compares', () => {
  test('nothing disagrees in any file', () => {
    const names = ['fuse-6.1', 'fuse-6.18', 'fuse-famfs', 'famfs-7.46', 'famfs-7.46-trace', 'famfs-push', 'famfs-push-trace']
    const files = [...names.map(n => `wire/${n}.jsonl`), 'kernel/fmap-verdicts.jsonl'].map(name => ({ name, text: textOf(name) }))
    const result = report(readGolden(files))
    expect(result.disagreements).toEqual([])
    expect(result.ignored).toEqual([])
    const total = (counts: readonly { readonly cases: number }[]): number => counts.reduce((n, c) => n + c.cases, 0)
    expect({ opens: total(result.opens), vectors: total(result.vectors), messages: total(result.messages) }).toEqual({
      opens: 262 + 41 + 42 + 7,
      vectors: 3014,
      messages: 5752,
    })
    expect(result.points).toBe(262 + 41 + 42 + 7 + 3014 + 5752)
    expect(new Set(result.opens.map(o => o.group))).toEqual(
      new Set('simple interleave bad edge trailing toolong fmap-error daxdev state header init push mutated negotiation'.split(' ')),
    )
  })

  test('nothing disagrees with the drivers of the ioctl ABI and the BPF programs', () => {
    const names = ['ioctl/ioctl-43', 'ioctl/ioctl-43-late', 'ioctl/ioctl-44d', 'ioctl/ioctl-44d-kernel', 'ioctl/ioctl-44e']
    const programs = ['bpf/fuse-bpf-simple', 'bpf/fuse-bpf-interleave']
    const result = report(readGolden([...names, ...programs].map(name => ({ name, text: textOf(`${name}.jsonl`) }))))
    expect(result.disagreements).toEqual([])
    expect(result.ignored).toEqual([])
    // 44 of a running kernel are told in words
    expect(result.points).toBe(7522 - 44 + 3600)
    expect(new Set(result.drivers.map(d => d.kind))).toEqual(new Set(['call', 'lookups', 'operation', 'install', 'reads', 'permitted']))
  })

  test('another answer of a driver', () => {
    const on = (file: string, change: Parameters<typeof reportOn>[1]): unknown[] =>
      reportOn(`ioctl/${file}.jsonl`, change).disagreements.map(d => `${d.name}: ${d.expected} | ${d.found}`)
    expect(
      on('ioctl-44e', lines => {
        lineOf(lines, l => l.operation === 'create').expect = { errno: 5 }
      }),
    ).toEqual(['operation create: {"errno":5} | {"errno":0}'])
    expect(
      on('ioctl-43-late', lines => {
        const [first] = lineOf(lines, l => l.category === 'lookup-nodax').queries as Record<string, unknown>[]
        if (first !== undefined) first.rc = -6
      }),
    ).toHaveLength(1)
    expect(
      on('ioctl-44d-kernel', lines => {
        const [first] = lineOf(lines, l => l.kind === 'reads').reads as Record<string, unknown>[]
        if (first !== undefined) first.at = '0x0'
      }),
    ).toHaveLength(1)
  })

  test('vectors that were made by hand are not counted', () => {
    expect(report(readGolden([{ name: 'vectors', text: textOf('ioctl/vectors.jsonl') }])).ignored).toEqual(['vectors'])
  })

  test('another errno of open(2)', () => {
    const { disagreements } = reportOn('wire/famfs-7.46.jsonl', lines => {
      lineOf(lines, l => l.case === 'bad/ext_type-0x2').open_errno = 34
    })
    expect(disagreements).toEqual([
      {
        id: expect.stringMatching(/^famfs-7\.46-/),
        name: 'bad/ext_type-0x2',
        agree: false,
        expected: 'open 34, GET_FMAP 1, writes 0',
        found: 'open 22, GET_FMAP 1, writes 0',
      },
    ])
  })

  test('another answer of the device, a map asked for once too often, a device that can be read after all', () => {
    const on = (change: Parameters<typeof reportOn>[1]): unknown[] =>
      reportOn('wire/famfs-7.46.jsonl', change).disagreements.map(d => `${d.name}: ${d.expected} | ${d.found}`)
    expect(
      on(lines => {
        lineOf(lines, l => l.case === 'toolong/4097').reply_write_errno = 0
      }),
    ).toContain('toolong/4097: open 5, GET_FMAP 1, writes 0 2 | open 5, GET_FMAP 1, writes 22 2')
    expect(
      on(lines => {
        const first = lineOf(lines, l => l.case === 'bad/ext_type-0x2')
        lines.splice(lines.indexOf(first) + 1, 0, { ...first, seq: 1 })
      }),
    ).toEqual(['bad/ext_type-0x2: open 22, GET_FMAP 2, writes 0 0 | open 22, GET_FMAP 1, writes 0 0'])
    expect(
      on(lines => {
        lineOf(lines, l => l.case === 'daxdev/reply-279').read_errno = 0
      }),
    ).toEqual([expect.stringMatching(/^daxdev\/reply-279: .*writes 0 22 2 \| .*writes 0 22 2, reads fail$/)])
  })

  test('a vector with another errno, reason or meta', () => {
    const { disagreements, vectors } = reportOn('kernel/fmap-verdicts.jsonl', lines => {
      lineOf(lines, l => l.errno === 34).errno = 22
      lineOf(lines, l => l.reason === 'ext_type').reason = 'underflow'
      const { meta } = lineOf(lines, l => l.errno === 0)
      ;(meta as Record<string, unknown>).file_size = '1'
    })
    expect(disagreements.map(d => d.expected.split(',', 2).join())).toEqual(
      expect.arrayContaining(['errno 22, nextents_zero', 'errno 22, underflow', expect.stringMatching(/^errno 0, \{/)]),
    )
    expect(disagreements.length).toBe(3)
    expect(vectors.reduce((n, c) => n + c.disagree, 0)).toBe(3)
  })

  test('a message that cannot be what the kernel took', () => {
    const { disagreements } = reportOn('wire/fuse-6.18.jsonl', lines => {
      const request = lineOf(lines, l => l.name === 'LOOKUP' && l.direction === 'request')
      request.hex = zeroed(request.hex, String(request.hex).length / 2 - 1, '41')
      const reply = lineOf(lines, l => l.direction === 'reply' && l.name === 'LOOKUP' && l.accepted === false)
      reply.write_errno = 0
      const cut = lineOf(lines, l => l.truncated === true)
      cut.full_length = 7
    })
    expect(disagreements.map(d => `${d.expected}: ${d.found.split(':')[0]}`)).toEqual([
      'sent: text at body.name (byte 40)',
      'accepted: a header that says another length',
      'accepted: trailing at body (byte 136)',
    ])
  })

  test('a kernel that asks for maps without having settled famfs', () => {
    const { disagreements } = reportOn('wire/famfs-7.46-trace.jsonl', lines => {
      const { trace } = lineOf(lines, l => l.case === 'simple/one-extent') as unknown as { trace: { hex: string }[] }
      const init = trace[1]
      if (init !== undefined) init.hex = zeroed(init.hex, 16 + 15, '33')
    })
    expect(disagreements).toMatchObject([{ name: 'simple/one-extent', expected: 'asks for the map', found: 'does not ask for a map' }])
  })
})

describe('golden data', () => {
  const read = (...lines: unknown[]): unknown => readGolden([{ name: 'x.jsonl', text: toText(lines) }])

  test('files of another kind are named and left alone', () => {
    const golden = readGolden([
      { name: 'text', text: 'no JSON\n' },
      { name: 'empty', text: '' },
      { name: 'numbers', text: '1\n2\n' },
      { name: 'other', text: '{"a":1}\n' },
    ])
    expect(golden.ignored).toEqual(['text', 'empty', 'numbers', 'other'])
  })

  test('a line that lacks something is named with file, line and member', () => {
    const message = { id: 'a', kernel: 'k', direction: 'request', hex: '00' }
    const vector = { id: 'v', dialect: 'fuse-v1', category: 'c', hex: '', errno: 22 }
    const open = {
      id: 'o',
      kernel: 'k',
      dialect: 'fuse-v7',
      case: 'a/b',
      seq: 0,
      op: 'GET_FMAP',
      open_errno: 0,
      request_hex: '',
      reply_hex: '',
    }
    expect(() => read(message, { ...message, hex: '0' })).toThrow(/^x\.jsonl: line 2: text at hex/)
    expect(() => read(message, { ...message, direction: 'sideways' })).toThrow(/^x\.jsonl: line 2: tag at direction/)
    expect(() => read(message, { ...message, direction: 'reply' })).toThrow(/^x\.jsonl: line 2: missing at write_errno/)
    expect(() => read(message, 7)).toThrow(/^x\.jsonl: line 2: tag at the top/)
    expect(() => read({ ...message, truncated: true })).toThrow(/^x\.jsonl: line 1: missing at full_length/)
    expect(() => read({ ...message, dialect: 'none' })).toThrow(/^x\.jsonl: line 1: tag at dialect/)
    expect(() => read({ ...vector, dialect: 'fuse' })).toThrow(/^x\.jsonl: line 1: unsupported at dialect/)
    expect(() => read({ ...vector, errno: '22' })).toThrow(/^x\.jsonl: line 1: tag at errno/)
    expect(() => read({ ...open, seq: 1 })).toThrow(/^x\.jsonl: missing at seq/)
    expect(() => read({ ...open, dialect: 'fuse' })).toThrow(/^x\.jsonl: unsupported at dialect/)
    expect(() => read({ ...open, open_again: 5 })).toThrow(GoldenError)
    expect(() => read({ id: 't', kernel: 'k', dialect: 'fuse', case: 'c', trace: [{ d: 'request' }] })).toThrow(
      /^x\.jsonl: line 1: missing at hex/,
    )
  })

  test('conversations of hostile bytes are reported on, and do not end it', () => {
    const open = { id: 'o', kernel: 'k', dialect: 'fuse-push', case: 'a/b', seq: 0, op: 'GET_FMAP', open_errno: 0 }
    for (const hex of ['', '00', 'ff'.repeat(16), 'ff'.repeat(40), '00'.repeat(200)])
      for (const other of ['', 'ff'.repeat(15), 'ff'.repeat(16), '00'.repeat(17)])
        expect(
          report(readGolden([{ name: 'x', text: toText([{ ...open, request_hex: hex, reply_hex: other, fallback_EIO_write_errno: 0 }]) }]))
            .points,
        ).toBe(3)
  })
})

describe('famfs-wire report', () => {
  let main = ''
  let work = ''
  beforeAll(async () => {
    main = await buildCommand('famfs-wire-report')
    work = mkdtempSync(join(tmpdir(), 'famfs-wire-report-'))
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  const run = (...args: string[]): Promise<Finished> => runCommand(main, ['report', ...args])
  const directory = (name: string, files: Readonly<Record<string, string>>): string => {
    const path = join(work, name)
    mkdirSync(path)
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
    return path
  }

  test('all agrees: counts, conversations byte by byte, exit 0', async () => {
    const { code, out, err } = await run(fixtures, '--color', 'never')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const part of [
      'on Linux 6.12.117+famfs-v10, dialect fuse-v10',
      'on Linux 6.12.117+famfs-push, dialect fuse-push',
      /^all +5501 +5501 +0$/m,
      /^fmap-error +16 +16 +0 /m,
      /^6\.1\.192-debian-cloud +641 +631 +32 +1271 +23 +10 +0$/m,
      '00 00 40 00 00 00 00 00        se_len       4194304 (4 MiB)',
      'refuses the map with EINVAL (22), ext_errors: offsetAligned fails at',
      /170 extents/,
      /^✓ \d+ comparisons with real kernels and drivers, all agree$/m,
    ])
      expect(out).toMatch(part)
    expect(out).not.toContain('\u001b')
  })

  test('colours on demand, all elements on demand', async () => {
    const path = directory('few', { 'push.jsonl': toText(linesOf('wire/famfs-push.jsonl').filter(l => String(l.case).includes('170'))) })
    const { out } = await run(path, '--color', 'always', '--all')
    expect(out).toContain('\u001b[32m')
    expect(out).toContain('extents[100]')
  })

  test('a disagreement: named, shown first, exit 1', async () => {
    const path = directory('wrong', {})
    cpSync(join(fixtures, 'wire'), path, { recursive: true })
    const lines = linesOf('wire/famfs-7.46.jsonl')
    lineOf(lines, l => l.case === 'bad/simple-len-misaligned-4k').open_errno = 0
    writeFileSync(join(path, 'famfs-7.46.jsonl'), toText(lines))
    const people = await run(path, '--color', 'never')
    expect(people.code).toBe(1)
    expect(people.out).toMatch(/✗ famfs-7\.46-\d+ {2}bad\/simple-len-misaligned-4k\n {4}kernel: +open 0.*\n {4}famfs-wire: open 22/)
    expect(people.out).toContain('bad/simple-len-misaligned-4k, Linux 6.12.117+famfs-v10')
    expect(people.out).toMatch(/✗ \d+ comparisons with real kernels and drivers: \d+ agree, 1 do not/)
    const program = await run(path, '--json')
    expect(program.code).toBe(1)
    expect(JSON.parse(program.out)).toMatchObject({ ok: false, disagreements: [{ name: 'bad/simple-len-misaligned-4k' }] })
  })

  test('what cannot be read is said in a line or two', async () => {
    const broken = toText([{ id: 'v', dialect: 'fuse-v1', category: 'c', hex: 'x', errno: 22 }])
    for (const [args, code, message] of [
      [[join(work, 'nowhere')], 2, /nowhere: there is no such directory\nhint: /],
      [[directory('void', { 'notes.txt': 'x' })], 1, /void: holds no golden data\nhint: /],
      [[directory('broken', { 'a.jsonl': broken })], 1, /a\.jsonl: line 1: text at hex/],
      [['a', 'b'], 2, /unexpected operand b/],
    ] as const) {
      const done = await run(...args)
      expect(done.code).toBe(code)
      expect(done.out).toBe('')
      expect(done.err).toMatch(message)
    }
  })
})
