/** What people paste, through the commands: what it was taken for is said, guesses are marked, messages with a wrong length are messages. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../cli-inside.ts'

const MAP = '00000100000000000100000000000000000020000000000000000000000000000000000000000000000000000000000000002000'.padEnd(112, '0')
const REPLY = `48000000000000000200000000000000${MAP}`
const WRONG = `50000000000000000200000000000000${MAP}${'00'.repeat(24)}`
const TWO = REPLY.repeat(2)

describe('a reply whose len is wrong', () => {
  it('is a reply for validate, which judges its body beside that', async () => {
    const said = await run(['validate', WRONG, '-d', 'fuse-v10'])
    expect(said.exit).toBe(1)
    expect(said.out).toMatch(/its header says 80 bytes, and 96 are there: write\(2\) of it gives EINVAL/)
    expect(said.out).toMatch(/fuse-v10 accepts it/)
    expect(said.out).not.toMatch(/fmap\/version/)
    const json = JSON.parse((await run(['validate', WRONG, '-d', 'fuse-v10', '--json'])).out)
    expect(json).toMatchObject({ errno: 0, bodyOffset: 16, taken: 'hex', write: { errno: 22, len: 80, length: 96 } })
  })

  it('is a map where somebody says so, and a map is a reply', async () => {
    expect((await run(['validate', WRONG, '-d', 'fuse-v10', '--as', 'map'])).out).toMatch(/a map of 96 bytes/)
    expect((await run(['validate', MAP, '-d', 'fuse-v10', '--as', 'reply'])).out).toMatch(/its header says 65536 bytes/)
    expect((await run(['validate', '00', '-d', 'fuse-v10', '--as', 'reply'])).exit).toBe(1)
    expect((await run(['validate', '00', '-d', 'fuse-v10', '--as', 'request'])).exit).toBe(2)
  })

  it('is a reply for diff and resolve', async () => {
    expect((await run(['diff', REPLY, WRONG, '-d', 'fuse-v10'])).out).toMatch(/B.*GET_FMAP reply.*says 80 bytes, 96 are there/)
    expect((await run(['resolve', WRONG, '-d', 'fuse-v10', '0'])).err).toMatch(/its header says 80 bytes/)
  })
})

describe('guesses', () => {
  it('of two replies are marked, ranked and named', async () => {
    const { out } = await run(['inspect', TWO])
    expect(out).toMatch(/a guess: replies/)
    expect(out).toMatch(/GET_FMAP\?/)
    expect(out).toMatch(/a guess: GET_FMAP of fuse-v10, since its body is a map/)
    expect(out).toMatch(/Names with \? are guesses/)
    const [line] = (await run(['inspect', TWO, '--json'])).out.trim().split('\n')
    expect(JSON.parse(line as string)).toMatchObject({ opcode: 'GET_FMAP', guess: [expect.stringMatching(/^GET_FMAP of fuse-v10/)] })
  })

  it('are not made where the line says it', async () => {
    const { out } = await run(['inspect'], `{"op":"GET_FMAP","hex":"${REPLY}"}\n`)
    expect(out).toMatch(/GET_FMAP {2}.*file of 2 MiB/)
    expect(out).not.toMatch(/guess/)
  })
})

describe('JSON Lines', () => {
  const line = (members: object): string => `${JSON.stringify(members)}\n`

  it('are believed in op and dialect', async () => {
    const good = await run(['validate'], line({ dialect: 'fuse-7.46', op: 'GET_FMAP', hex: REPLY }))
    expect([good.exit, good.out]).toEqual([0, expect.stringMatching(/fuse-v10 +GET_FMAP +accepted/)])
    const bare = await run(['validate'], line({ dialect: 'fuse-v9', op: 'GET_FMAP', hex: MAP }))
    expect([bare.exit, bare.out]).toEqual([0, expect.stringMatching(/fuse-v10 +GET_FMAP +accepted/)])
    const device = await run(
      ['validate'],
      line({ dialect: 'fuse-v10', op: 'GET_DAXDEV', hex: `${'00'.repeat(24)}2f61${'00'.repeat(254)}` }),
    )
    expect(device.out).toMatch(/GET_DAXDEV/)
  })

  it('name a dialect that there is, or are refused', async () => {
    const said = await run(['validate'], line({ dialect: 'fuse-v99', op: 'GET_FMAP', hex: REPLY }))
    expect([said.exit, said.err]).toEqual([1, expect.stringMatching(/line 1: dialect: unknown dialect fuse-v99/)])
  })

  it('may begin with a byte-order mark, and be UTF-16', async () => {
    const text = line({ dialect: 'fuse-v10', op: 'GET_FMAP', hex: REPLY })
    for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')])
      expect((await run(['validate'], bytes)).out).toMatch(/accepted/)
  })

  it('may have 8 MiB of hex in one line', async () => {
    const said = await run(['inspect', '--json'], line({ direction: 'request', hex: '00'.repeat(8 * 1024 * 1024) }))
    expect(said.err).not.toMatch(/internal/)
    expect(said.exit).toBeLessThan(2)
  })
})

describe('text', () => {
  it('that begins with a byte-order mark', async () => {
    const said = await run(
      ['inspect'],
      Buffer.from('efbbbf31302030302030302030302066652066662066662066662030362030302030302030302030302030302030302030300a', 'hex'),
    )
    expect(said.out).toMatch(/^reply ENOENT, 16 bytes, fuse, from hex, UTF-8 with a byte-order mark/)
  })

  it.each([
    ['prose', Buffer.from('This is not hex at all.\n')],
    ['Latin-1', Buffer.from('Größe: 80 Bytes, nichts weiter\n', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffhello, world\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('hello, world\n', 'utf16le')],
    [
      'a log of libfuse',
      Buffer.from('FUSE library version: 3.14.0\nnullpath_ok: 0\nunique: 2, opcode: INIT (26), nodeid: 0, insize: 104, pid: 0\n'),
    ],
  ])('of no known form is refused, and never judged: %s', async (_, bytes) => {
    for (const argv of [['inspect'], ['validate', '-d', 'fuse-v10'], ['diff', '-', MAP], ['resolve', '-d', 'fuse-v10', '-']]) {
      const said = await run(argv, bytes)
      expect([argv, said.exit, said.out]).toEqual([argv, 2, ''])
      expect(said.err).toMatch(/of no form that is known|libfuse/)
    }
  })

  it('that is cut says how much is missing; only inspect goes on', async () => {
    const cut = 'write(3, "\\20\\0\\0\\0\\376\\377\\377\\377\\6\\0\\0\\0\\0\\0\\0\\0"..., 80) = 80\n'
    expect((await run(['inspect'], cut)).out).toMatch(/strace cut it: 64 bytes are missing/)
    const said = await run(['validate', '-d', 'fuse-v10'], cut)
    expect([said.exit, said.err]).toEqual([1, expect.stringMatching(/truncated, 64 of 80 bytes are missing/)])
  })

  it('of several dumps is several messages', async () => {
    const dump = '0000000 0048 0000 0000 0000\n0000010\n'.replace('0000010', '0000008')
    expect((await run(['inspect'], dump + dump)).out).toMatch(/hexdump without options.*: 2 messages/)
  })

  it('goes through every command in the same way', async () => {
    const words = Buffer.from(MAP, 'hex')
    let text = ''
    for (let at = 0; at < words.length; at += 16)
      text += `${at.toString(16).padStart(7, '0')} ${Array.from({ length: Math.min(8, (words.length - at) / 2) }, (_, i) =>
        words
          .readUInt16LE(at + 2 * i)
          .toString(16)
          .padStart(4, '0'),
      ).join(' ')}\n`
    const said = await run(['validate', '-d', 'fuse-v10'], `${text}0000038\n`)
    expect([said.exit, said.out]).toEqual([
      0,
      expect.stringMatching(/hexdump without options, 16-bit words in hex, swapped.*\n\nfuse-v10 accepts it/),
    ])
    expect((await run(['diff', '-', MAP, '-d', 'fuse-v10'], text)).exit).toBe(0)
  })
})

describe('options', () => {
  it('missing --opcode is named', async () => {
    const said = await run(['inspect', REPLY, '--as', 'reply'])
    expect([said.exit, said.err]).toEqual([2, expect.stringMatching(/--opcode NAME is needed/)])
    expect((await run(['inspect', '10000000feffffff0600000000000000', '--as', 'reply'])).exit).toBe(0)
  })

  it('one option is never two', async () => {
    const said = await run(['validate', MAP, '-d', 'fuse-v1', '-d', 'fuse-v2'])
    expect([said.exit, said.err]).toEqual([2, expect.stringMatching(/given twice, as fuse-v1 and as fuse-v2/)])
  })

  it.each([
    ['fuse-v5', 'fuse-v4'],
    ['fuse-v6', 'fuse-v4'],
    ['fuse-v8', 'fuse-v10'],
    ['fuse-v9', 'fuse-v10'],
    ['fuse-v10', 'fuse-v10'],
  ])('%s is %s', async (alias, id) => {
    expect((await run(['validate', MAP, '-d', alias])).out).toContain(`${id} accepts it`)
    if (alias !== id) expect((await run(['dialects'])).out).toMatch(new RegExp(`${alias} +${id}`))
  })
})

describe('several files', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'famfs-wire-many-'))
    await writeFile(join(dir, 'a.bin'), Buffer.from(MAP, 'hex'))
    await writeFile(join(dir, 'b.hex'), WRONG)
    await writeFile(join(dir, 'c.txt'), 'prose, and nothing else')
  })
  afterAll(() => rm(dir, { recursive: true }))

  it('have one line each, a summary, and the worst exit code', async () => {
    const said = await run(['validate', dir, '-d', 'fuse-v10'])
    expect(said.exit).toBe(2)
    expect(said.out.replaceAll(dir, '')).toMatch(
      /^good +\/a.bin: fuse-v10 accepts it\nrefused +\/b.hex: .*EINVAL\nnot read +\/c.txt: .*\n3 files: 1 good, 1 refused, 1 not read\n$/,
    )
    expect((await run(['validate', join(dir, 'a.bin'), join(dir, 'a.bin'), '--all'])).exit).toBe(0)
    expect((await run(['validate', join(dir, 'a.bin'), join(dir, 'b.hex'), '-d', 'fuse-v10'])).exit).toBe(1)
  })

  it('are JSON Lines with --json', async () => {
    const said = await run(['validate', dir, '-d', 'fuse-v10', '--json'])
    const lines = said.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(line => line.exit)).toEqual([0, 1, 2])
    expect(lines[0]).toMatchObject({ taken: 'raw bytes', answers: [{ dialect: 'fuse-v10', errno: 0 }] })
  })
})

it('replay names all members that are missing at once', async () => {
  const said = await run(['replay'], `{"direction":"reply"}\n`)
  expect([said.exit, said.err]).toEqual([1, expect.stringMatching(/id, kernel, hex/)])
})
