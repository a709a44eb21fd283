/** `image mkdir`, `add` and `append` on real files: contents, what the reference says, several writers, images that were cut. */
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { copying } from '../src/cli/image/copying.ts'
import { buildCommand } from './cli-build.ts'
import { runCommand } from './command.ts'
import { good, image, imageWith, judged } from './image-command.ts'
import { goldenCases } from './metadata-golden.ts'

const OWNER = '01234567-89ab-cdef-0123-456789abcdef'
const MIB = 2 ** 20

let scratch = ''
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-add-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const at = (name: string): string => join(scratch, name)

async function fresh(name: string, ...more: string[]): Promise<string> {
  await good('mkfs', at(name), '--system-uuid', OWNER, ...more)
  return at(name)
}

describe('adding', () => {
  test('contents lie where the map says, strips and all, and the reference takes every step', async () => {
    const path = await fresh('contents.img', '--size', '8G')
    const content = Buffer.alloc(5 * MIB + 17, 'every byte has its place ')
    writeFileSync(at('content'), content)
    for (const [name, ...how] of [
      ['plain'],
      ['placed', '--extent', '0:1G:4M', '--extent', '0:96M:2M'],
      ['strips', '--extent', '2G:4M', '--extent', '3G:4M', '--chunk', '4k'],
      ['spread', '--interleave', '8:3:2M'],
      ['dir/below', '-p'],
      ['larger', '--size', '9M'],
    ] as [string, ...string[]][]) {
      await good('add', path, name, '--from', at('content'), '--write', ...how)
      expect((await image('cat', path, name)).out.subarray(0, content.length).equals(content)).toBe(true)
      const { good: accepted, findings } = await judged(path, OWNER)
      expect([name, accepted, findings.filter(f => f.severity !== 'note')]).toEqual([name, true, []])
    }
  })

  test('mode and owner are those of the file, unless they are given', async () => {
    const path = await fresh('owners.img')
    writeFileSync(at('mine'), 'x', { mode: 0o640 })
    const { uid, gid } = statSync(at('mine'))
    await good('add', path, 'as-it-is', '--from', at('mine'), '--write')
    await good('add', path, 'given', '--from', at('mine'), '--mode', '0400', '--uid', '5', '--gid', '4294967295', '--write')
    const rows = (await good('ls', path, '--json'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(rows.map(({ mode, uid, gid }) => [mode, uid, gid])).toEqual([
      [0o640, uid, gid],
      [0o400, 5, 4294967295],
    ])
  })

  test('bytes that were there before do not show through a content that is zero', async () => {
    const path = await fresh('stale.img', '--size', '64M')
    const device = readFileSync(path)
    device.fill(0xee, 10 * MIB)
    writeFileSync(path, device)
    writeFileSync(at('zeros'), Buffer.alloc(100_000))
    await good('add', path, 'zeros', '--from', at('zeros'), '--write')
    expect((await image('cat', path, 'zeros')).out.equals(Buffer.alloc(100_000))).toBe(true)
  })

  test('an image file that was cut behind its log gets longer again', async () => {
    const path = await fresh('cut.img', '--size', '4G')
    truncateSync(path, 10 * MIB)
    writeFileSync(at('content'), 'whole')
    await good('add', path, 'file', '--from', at('content'), '--write')
    expect(await good('cat', path, 'file')).toBe('whole')
  })

  test('the log takes as many entries as it has slots, and says what to do then', async () => {
    const path = await fresh('full.img')
    const many = JSON.stringify(Array.from({ length: 15_420 }, (_, i) => ({ kind: 'mkdir', path: `d${i}` })))
    writeFileSync(at('many.json'), many)
    await good('append', path, at('many.json'), '--write')
    expect((await judged(path, OWNER)).good).toBe(true)
    const { code, err } = await image('mkdir', path, 'one-more', '--write')
    expect([code, err]).toEqual([
      1,
      'famfs-wire: one-more: the log is full: all of its 15420 slots are in use\nhint: a file system with a longer log has room for more: image mkfs --log-length\n',
    ])
  })

  test('JSON comes from a file, the command line or standard input; as one value or one a line', async () => {
    const path = await fresh('json.img')
    writeFileSync(at('list.json'), '[\n{"kind":"mkdir","path":"a"},\n{"kind":"mkdir","path":"b"}\n]\n')
    const lines = { input: '{"kind":"mkdir","path":"c"}\n\n{"kind":"mkdir","path":"d"}\n' }
    await good('append', path, at('list.json'), '--write')
    expect((await imageWith(lines, 'append', path, '-', '--write')).code).toBe(0)
    await good('append', path, '{"kind":"mkdir","path":"e"}', '--write')
    expect(await good('ls', path)).toBe('a/\nb/\nc/\nd/\ne/\n')
  })
})

describe('an image of another layout', () => {
  const older = goldenCases('older')

  /** A device with superblock and log of the case. */
  function deviceOf({ superblock, log }: { superblock: Uint8Array; log: Uint8Array }): string {
    writeFileSync(at('older.img'), Buffer.concat([superblock, Buffer.alloc(2 * MIB - superblock.length), log, Buffer.alloc(8 * MIB)]))
    return at('older.img')
  }

  test.each(older.map(c => [c.name, c] as const))('%s: takes a directory as its own tools would, or nothing at all', async (_, c) => {
    const path = deviceOf(c)
    const before = readFileSync(path)
    const entries = (): Promise<string> => image('log', path, '--json').then(({ out }) => out.toString())
    const old = await entries()
    const { code, err } = await image('mkdir', path, 'added-by-famfs-wire', '--write')
    if (code === 0) {
      const now = await entries()
      expect(now.startsWith(old)).toBe(true)
      expect(now.slice(old.length)).toContain('added-by-famfs-wire')
      expect((await image('log', path, '--bad')).out.toString()).toBe('')
    } else {
      expect(err).toMatch(/^famfs-wire: .*(it may be L\d\d or L\d\d|the crc of the superblock is wrong)/)
      expect(readFileSync(path).equals(before)).toBe(true)
    }
  })
})

describe('several writers', () => {
  test('each entry of those who had the image is there, and nobody wrote over another one', async () => {
    const main = await buildCommand('famfs-wire-add')
    const path = await fresh('shared.img')
    const names = Array.from({ length: 8 }, (_, i) => `d${i}`)
    const done = await Promise.all(names.map(name => runCommand(main, ['image', 'mkdir', path, name, '--write'])))
    const made = names.filter((_, i) => done[i]?.code === 0)
    for (const { code, err } of done) if (code !== 0) expect(err).toMatch(/is locked by/)
    expect(made.length).toBeGreaterThan(0)
    expect(await good('ls', path)).toBe(made.map(name => `${name}/\n`).join(''))
    expect((await judged(path, OWNER)).good).toBe(true)
  })
})

describe('progress', () => {
  test('tells how much of all contents is copied, once that takes a second', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const lines: string[] = []
    const file = (path: string) => ({ kind: 'file', path, content: new Uint8Array(3 * MIB) }) as const
    const progress = copying([{ kind: 'mkdir', path: 'd' }, file('a'), file('b')], { progress: text => lines.push(text) })
    for (const path of [Uint8Array.of(0x61), Uint8Array.of(0x62)])
      for (const done of [1, 2, 3]) {
        vi.advanceTimersByTime(400)
        progress({ path, done: BigInt(done * MIB), size: BigInt(3 * MIB) })
      }
    vi.useRealTimers()
    expect(lines).toEqual(['copied 3 MiB of 6 MiB, a', 'copied 4 MiB of 6 MiB, b', 'copied 5 MiB of 6 MiB, b', ''])
  })
})
