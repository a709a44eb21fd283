/** `image mkfs`: a real directory into an image and out of it again, what the reference says to it, and what is never left behind. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createImage, openFileDevice, writeImage } from '../src/metadata/build/index.ts'
import { buildCommand } from './cli-build.ts'
import { differences, good, image, judged } from './image-command.ts'

const MIB = 2 ** 20
const OWNER = '01234567-89ab-cdef-0123-456789abcdef'
const isRoot = process.geteuid?.() === 0

let scratch = ''
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-mkfs-'))
  fill(join(scratch, 'dir'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const at = (name: string): string => join(scratch, name)

/** Bytes without a period that could hide a piece in the wrong place. */
function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0, x = seed; i < length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0
    bytes[i] = x >>> 24
  }
  return bytes
}

const SIZES = { one: 1, page: 4096, 'two MiB': 2 * MIB, 'two MiB and a byte': 2 * MIB + 1, 'one less': 2 * MIB - 1, odd: 5_000_003 }

/** A directory with everything that a famfs can hold. */
function fill(dir: string): void {
  mkdirSync(dir)
  for (const [i, [name, size]] of Object.entries(SIZES).entries()) writeFileSync(join(dir, name), pattern(size, i + 1))
  for (const name of [
    'with space',
    ' leading',
    'trailing ',
    'ünïcödé-€-😀',
    'tab\there',
    'new\nline',
    'back\\slash',
    '-dash',
    'null',
    'x'.repeat(79),
  ])
    writeFileSync(join(dir, name), `content of ${name}`)
  const deep = join(dir, ...'abcdefghijklmnopqrst')
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, 'bottom'), 'deep')
  mkdirSync(join(dir, 'nothing in it'))
  sparse(join(dir, 'sparse'), 64 * MIB)
  truncateSync(join(dir, 'sparse'), 64 * MIB + 12345)
  writeFileSync(join(dir, 'only zeros'), '')
  truncateSync(join(dir, 'only zeros'), 3 * MIB)
  for (const [i, mode] of [0o400, 0o600, 0o755, 0o777].entries()) {
    writeFileSync(join(dir, `mode ${mode}`), `${i}`)
    chmodSync(join(dir, `mode ${mode}`), mode)
  }
  chmodSync(join(dir, 'nothing in it'), 0o500)
  if (isRoot) chownSync(join(dir, 'one'), 1234, 4321)
  if (isRoot) chownSync(join(dir, 'nothing in it'), 7, 8)
}

/** A file of holes with two pages in it. */
function sparse(path: string, size: number): void {
  const fd = openSync(path, 'w')
  writeSync(fd, 'start', 4096 * 3)
  writeSync(fd, 'end', size - 100)
}

/** Permissions, owner and size of everything below a directory. */
function attributes(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const { mode, uid, gid, size } = lstatSync(join(dir, name))
      const isFile = lstatSync(join(dir, name)).isFile()
      return `${name} ${mode.toString(8)}${isRoot ? ` ${uid}:${gid}` : ''}${isFile ? ` ${size}` : ''}`
    })
}

describe('a directory into an image and out of it', () => {
  test.each([
    ['L24', []],
    ['L24', ['--alloc-unit', '4k']],
    ['L24', ['--interleave', '4:3:2M']],
    ['L24', ['--log-length', '16M', '--size', '5G']],
    ['L23', []],
    ['L20', ['--interleave', '4:4:4M']],
    ['L17', []],
    ['L15', ['--interleave', '2:2:2M']],
    ['L12', []],
    ['L10', []],
  ])(
    'layout %s %j: names, contents, holes, modes and owners are the same, and the reference has nothing against it',
    async (layout, more) => {
      const path = at(`${layout}-${more.join('')}.img`)
      const out = at(`${layout}-${more.join('')}.out`)
      await good('mkfs', path, '--copy-from', at('dir'), '--layout', layout, '--system-uuid', OWNER, ...more)
      expect(statSync(path).blocks * 512).toBeLessThan(24 * MIB)
      await good('extract', path, out)
      expect(differences(at('dir'), out)).toBe('')
      expect(attributes(out)).toEqual(attributes(at('dir')))
      expect(statSync(join(out, 'sparse')).blocks * 512).toBeLessThan(MIB)
      const { good: accepted, findings } = await judged(path, OWNER)
      // The tools of today take the version of today only.
      if (layout === 'L24') expect(accepted).toBe(true)
      expect(findings.filter(f => f.severity === 'error')).toEqual([])
    },
  )

  test('the image is as large as its files need, and its log has a slot for each', async () => {
    const dir = at('many')
    mkdirSync(dir)
    for (let i = 0; i < 15_500; i++) mkdirSync(join(dir, `d${i}`))
    const file = join(dir, 'large')
    writeFileSync(file, 'x')
    truncateSync(file, 5 * 2 ** 30)
    const { superblock, log } = JSON.parse(await good('mkfs', at('many.img'), '--copy-from', dir, '--system-uuid', OWNER, '--json'))
    expect([superblock.ts_log_len, superblock['ts_daxdev.dd_size'], log.entries]).toEqual([
      `${16 * MIB}`,
      `${5 * 2 ** 30 + 18 * MIB}`,
      '15501',
    ])
    expect((await judged(at('many.img'), OWNER)).good).toBe(true)
  })

  test('names that are not UTF-8 go unchecked only, and come back', async () => {
    const dir = at('latin')
    mkdirSync(dir)
    const name = Buffer.concat([Buffer.from(`${dir}/`), Buffer.of(0xe9, 0x2e, 0xff)])
    writeFileSync(name, 'latin')
    const refused = await image('mkfs', at('latin.img'), '--copy-from', dir)
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('latin/\\xe9.\\xff: path that is not UTF-8\n')])
    await good('mkfs', at('latin.img'), '--copy-from', dir, '--unchecked')
    await good('extract', at('latin.img'), at('latin.out'))
    expect(readdirSync(at('latin.out'), 'buffer' as 'utf8')).toEqual(readdirSync(dir, 'buffer' as 'utf8'))
    expect(differences(dir, at('latin.out'))).toBe('')
  })

  test('what has no place in a famfs is named, all of it, and nothing is made unless it is to be left out', async () => {
    const dir = at('odd')
    mkdirSync(join(dir, 'sub', '.meta'), { recursive: true })
    mkdirSync(join(dir, '.meta'))
    writeFileSync(join(dir, '.meta', 'hidden'), 'x')
    writeFileSync(join(dir, 'kept'), 'x')
    writeFileSync(join(dir, 'empty'), '')
    symlinkSync('kept', join(dir, 'link'))
    symlinkSync('sub', join(dir, 'link to a directory'))
    linkSync(join(dir, 'kept'), join(dir, 'sub', 'twin'))
    execFileSync('mkfifo', [join(dir, 'pipe')])
    writeFileSync(join(dir, 'sub', 'y'.repeat(76)), 'x')
    const whys = [
      '.meta: name of famfs itself',
      'empty: empty file',
      'link: symbolic link',
      'link to a directory: symbolic link',
      'pipe: special file',
      `sub/${'y'.repeat(76)}: path of more than 79 bytes`,
    ]
    const refused = await image('mkfs', at('odd.img'), '--copy-from', dir)
    expect(refused.code).toBe(1)
    expect(refused.err.split('\n').slice(0, 6)).toEqual(whys.map(why => `${dir}/${why}`))
    expect(() => statSync(at('odd.img'))).toThrow(/ENOENT/)
    const skipped = await image('mkfs', at('odd.img'), '--copy-from', dir, '--skip-unsupported')
    expect(skipped.code).toBe(0)
    expect(skipped.err.split('\n').slice(0, 6)).toEqual(whys.map(why => `${dir}/${why.replace(': ', ': left out: ')}`))
    expect(skipped.err).toContain('1 name in')
    expect((await good('ls', at('odd.img'), '-R')).split('\n').sort().filter(Boolean)).toEqual(['kept', 'sub/', 'sub/.meta/', 'sub/twin'])
  })
})

describe('nothing is lost and nothing is left behind', () => {
  const leftovers = (): string[] => readdirSync(scratch).filter(name => name.startsWith('.famfs-wire-'))
  const isThere = (name: string): boolean => statSync(at(name), { throwIfNoEntry: false }) !== undefined
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise(resolve => setTimeout(resolve, 20))
  }
  let main = ''
  beforeAll(async () => {
    main = await buildCommand('famfs-wire-mkfs')
  })

  /** Starts a copy of a file of 1 TiB of holes, and comes back when it is at work. */
  async function longCopy(image: string, ...more: string[]) {
    mkdirSync(at('huge'), { recursive: true })
    writeFileSync(at('huge/file'), '')
    truncateSync(at('huge/file'), 2 ** 40)
    const child = spawn(process.execPath, [main, 'image', 'mkfs', at(image), '--copy-from', at('huge'), ...more])
    let err = ''
    child.stderr.on('data', text => {
      err += text
    })
    await until(() => leftovers().length > 0)
    return { child, finished: once(child, 'close').then(([code, signal]) => ({ code, signal, err })) }
  }

  test('a file that becomes shorter ends it, and the image that was there stays', async () => {
    await good('mkfs', at('stays.img'), '--size', '64M')
    const before = readFileSync(at('stays.img'))
    const { finished } = await longCopy('stays.img', '--force', '--size', '2T')
    truncateSync(at('huge/file'), 0)
    expect(await finished).toEqual({ code: 2, signal: null, err: `famfs-wire: ${at('huge/file')}: became shorter while it was read\n` })
    expect(readFileSync(at('stays.img')).equals(before)).toBe(true)
    expect(leftovers()).toEqual([])
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a copy that gets %s leaves nothing, and ends by that signal', async signal => {
    const { child, finished } = await longCopy('never.img')
    child.kill(signal)
    expect(await finished).toEqual({ code: null, signal, err: '' })
    expect(leftovers()).toEqual([])
    expect(isThere('never.img')).toBe(false)
  })

  test('an image that somebody else makes meanwhile stays as it is', async () => {
    const { finished } = await longCopy('rival.img')
    writeFileSync(at('rival.img'), 'rival')
    truncateSync(at('huge/file'), 0)
    expect((await finished).code).toBe(2)
    expect(readFileSync(at('rival.img'), 'utf8')).toBe('rival')
  })

  test('an extraction that is interrupted leaves no part of a file', async () => {
    const device = await openFileDevice(at('two.img'), { create: 2 ** 41 })
    const first = { kind: 'file', path: 'first', content: pattern(100, 1) } as const
    await writeImage(device, createImage({ deviceSize: 2 ** 41, entries: [first, { kind: 'file', path: 'second', size: 2 ** 40 }] }))
    device.close()
    const child = spawn(process.execPath, [main, 'image', 'extract', at('two.img'), at('two.out')])
    await until(() => isThere('two.out/second'))
    child.kill('SIGTERM')
    expect((await once(child, 'close'))[1]).toBe('SIGTERM')
    expect(readdirSync(at('two.out'))).toEqual(['first'])
  })
})
