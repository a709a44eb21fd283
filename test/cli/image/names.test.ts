/** Names that a terminal could act on, or that show nothing, go out of every command by one escape, and come in by it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendEntries, openFileDevice } from '../../../src/metadata/build/index.ts'
import { good, image, imageWith } from '../../image-command.ts'

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map(part => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))))

/** Bytes of a name, and how it is printed. */
const NAMES: readonly (readonly [Uint8Array, string])[] = [
  [bytes('ünï.txt'), 'ünï.txt'],
  [bytes('a\u001b]0;x\u0007'), 'a\\x1b]0;x\\x07'],
  [bytes('c1\u009b31m'), 'c1\\u{9b}31m'],
  [bytes('raw', 0xff, 0x9b), 'raw\\xff\\x9b'],
  [bytes('soft\u00adhyphen'), 'soft\\u{ad}hyphen'],
  [bytes('arabic\u061cmark'), 'arabic\\u{61c}mark'],
  [bytes('word\u2060joiner'), 'word\\u{2060}joiner'],
  [bytes('mongolian\u180e'), 'mongolian\\u{180e}'],
  [bytes('tag\u{e0041}\u{e007f}'), 'tag\\u{e0041}\\u{e007f}'],
  [bytes('bidi\u202egpj'), 'bidi\\u{202e}gpj'],
  [bytes('filler\u3164'), 'filler\\u{3164}'],
  [bytes('two\nlines'), 'two\\nlines'],
  [bytes('back\\slash'), 'back\\\\slash'],
]

const UNSAFE = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?!\n)\p{Cc}/u

let work: string
let file: string
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'famfs-wire-names-'))
  file = join(work, 'names.img')
  await good('mkfs', file, '--size', '64M')
  const device = await openFileDevice(file)
  const entries = NAMES.flatMap(([path]) => [
    { kind: 'file' as const, path, size: 1n },
    { kind: 'mkdir' as const, path: Buffer.concat([Buffer.from('d-'), path]) },
  ])
  await appendEntries(device, entries, { unchecked: true })
  device.close()
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const printed = NAMES.map(([, text]) => text)
const lines = (text: string): { path?: string; owner?: string }[] =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

describe('names of an image', () => {
  it.each([
    [['info']],
    [['info', '--json']],
    [['log']],
    [['log', '--json']],
    [['log', '--hex']],
    [['ls', '-R', '-l']],
    [['ls', '-R', '--json']],
    [['tree']],
    [['map']],
    [['map', '--json']],
    [['map', '--svg']],
    [['fsck']],
    [['fsck', '--json']],
    [['yaml']],
  ])('%s prints nothing that a terminal could act on', async ([sub = '', ...options]) => {
    const { code, out, err } = await image(sub, file, ...options)
    expect(code).toBeLessThan(3)
    expect(out.toString()).not.toMatch(UNSAFE)
    expect(err).not.toMatch(UNSAFE)
  })

  it.each(['log', 'ls', 'tree'])('%s --json has them as they are printed', async sub => {
    const paths = lines(await good(sub, file, '--json')).map(({ path }) => path)
    for (const text of printed) expect(paths).toContain(text)
  })

  it('map --json has owners as plain strings', async () => {
    const owners = lines((await image('map', file, '--json')).out.toString()).map(({ owner }) => owner)
    for (const text of printed) expect(owners).toContain(text)
  })

  it.each(NAMES)('%j is found by what is printed', async (_, text) => {
    expect((await image('map', file, text)).code).toBe(0)
    expect((await image('fmap', file, text)).code).toBe(0)
  })

  it('are escaped where one of them cannot be made or is not there', async () => {
    const out = join(work, 'out')
    const made = await image('extract', file, out)
    expect(made.err + made.out).not.toMatch(UNSAFE)
    for (const sub of ['cat', 'fmap', 'ls', 'yaml']) {
      const { code, err } = await image(sub, file, 'no\u001b[2Jsuch\u202e')
      expect(code).toBe(1)
      expect(err).not.toMatch(UNSAFE)
    }
  })

  it('go from the log of one image into another, bytes and all', async () => {
    const copy = join(work, 'copy.img')
    await good('mkfs', copy, '--size', '64M')
    const log = lines(await good('log', file, '--json')) as Record<string, unknown>[]
    const bare = log.map(({ path_hex, extents, ...rest }) => rest)
    const { code, err } = await imageWith({ input: JSON.stringify(bare) }, 'append', copy, '-', '--write', '--unchecked')
    expect([code, err]).toEqual([0, ''])
    const hex = async (path: string) => lines(await good('log', path, '--json')).map(entry => (entry as { path_hex: string }).path_hex)
    expect(await hex(copy)).toEqual(await hex(file))
  })

  it.each(['a\ud800b', 'a\udcffb'])('%j is refused: no bytes stand for it', async path => {
    const { code, err } = await image('append', file, JSON.stringify([{ kind: 'mkdir', path }]), '--write')
    expect(code).toBe(1)
    expect(err).toContain('a lone surrogate, which stands for no byte')
    expect((await image('mkdir', file, path, '--write')).code).toBe(2)
  })
})
