/** `famfs-wire image` on whole devices: contents, extraction, and what it must never do. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { image, imageWith } from './image-command.ts'
import { type Case, goldenCases, listOf, type ShadowFileGolden } from './metadata-golden.ts'

const today = goldenCases('v48')
const caseNamed = (name: string): Case => today.find(c => c.name === `v48/${name}`) as Case

let scratch = ''
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-image-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A sparse device of 4 GiB that holds the case's superblock and log, and bytes at some places. */
function deviceOf(name: string, contents: readonly (readonly [offset: number, bytes: Uint8Array])[] = [], size = 2 ** 32): string {
  const { superblock, log } = caseNamed(name)
  const path = join(scratch, `${name}-${size}-${contents.length}.img`)
  const fd = openSync(path, 'w')
  ftruncateSync(fd, size)
  for (const [offset, bytes] of [[0, superblock], [2 ** 21, log], ...contents] as const) writeSync(fd, bytes, 0, bytes.length, offset)
  closeSync(fd)
  return path
}

const pattern = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + seed) & 0xff)
const first = pattern(3_000_000, 1)
const second = pattern(1_048_576, 2)
const basic = (): string =>
  deviceOf('good-basic', [
    [10485760, first],
    [14680064, second],
  ])

describe('a whole device', () => {
  test('cat gives the bytes of a file, and nothing behind them', async () => {
    const device = basic()
    const { code, out, err } = await image('cat', device, 'dir0/file0')
    expect({ code, err, same: out.equals(first) }).toEqual({ code: 0, err: '', same: true })
  })

  test('extract makes every directory and file, with their permissions', async () => {
    const target = join(scratch, 'out')
    const { code, out, err } = await image('extract', basic(), target)
    expect({ code, err, out: out.toString() }).toEqual({ code: 0, err: '', out: `${target}: 1 directory, 2 files\n` })
    expect(readFileSync(join(target, 'dir0/file0')).equals(first)).toBe(true)
    expect(readFileSync(join(target, 'file1')).equals(second)).toBe(true)
    expect(statSync(join(target, 'file1')).mode & 0o777).toBe(0o600)
    expect(statSync(join(target, 'dir0')).mode & 0o777).toBe(0o755)
  })

  test('log --follow ends, and says so, when the log is made anew', async () => {
    const device = deviceOf('good-basic', [], 2 ** 23)
    const emptied = (): void => {
      const fd = openSync(device, 'r+')
      writeSync(fd, new Uint8Array(8), 0, 8, 2 ** 21 + 40)
      closeSync(fd)
    }
    const { code, out, err } = await imageWith({ printed: emptied }, 'log', device, '--follow')
    expect([code, out.toString().split('\n').length]).toEqual([1, 4])
    expect(err).toContain('has fewer entries than before')
  })

  test('extract makes the directories above, and ends where none can be made', async () => {
    const target = join(scratch, 'a', 'b', 'out')
    expect((await image('extract', basic(), target)).code).toBe(0)
    expect(readdirSync(target)).toEqual(['dir0', 'file1'])
    for (const place of ['/proc/none/at/all', join(target, 'file1', 'below'), '/dev/null']) {
      const { code, err } = await image('extract', basic(), place)
      expect([code, err]).toEqual([2, expect.stringContaining(`famfs-wire: ${place}: `)])
    }
  })

  test('extract takes no directory that has something in it', async () => {
    const target = join(scratch, 'full')
    mkdirSync(target)
    writeFileSync(join(target, 'mine'), 'mine')
    const { code, err } = await image('extract', basic(), target)
    expect(code).toBe(1)
    expect(err).toContain('is not empty')
    expect(readdirSync(target)).toEqual(['mine'])
  })

  test('a device that was cut: what is whole is extracted, the rest is named, and no part of it is left', async () => {
    const target = join(scratch, 'cut')
    const { code, err } = await image('extract', deviceOf('good-basic', [], 12_000_000), target)
    expect(code).toBe(1)
    expect(err).toMatch(/^dir0\/file0: left out: .*cut or is too small.*\nfile1: left out: /)
    expect(readdirSync(target)).toEqual(['dir0'])
    expect(readdirSync(join(target, 'dir0'))).toEqual([])
  })

  test('fsck of the whole device is good', async () => {
    const { code, out } = await image('fsck', basic(), '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out.toString())).toMatchObject({ good: true, layout: 'L24', findings: [] })
  })

  test('map names every byte of the device once, where nothing overlaps', async () => {
    const { out } = await image('map', basic(), '--json')
    const rows = out
      .toString()
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { start: number; end: number; owner: string })
    expect(rows.map(r => r.owner)).toEqual(['superblock', 'log', 'dir0/file0', 'file1', 'free'])
    expect(rows.map(r => r.start)).toEqual([0, ...rows.slice(0, -1).map(r => r.end)])
    expect(rows.at(-1)?.end).toBe(2 ** 32)
  })

  test('without the device there are no contents', async () => {
    const { folder } = caseNamed('good-basic')
    for (const args of [
      ['cat', folder, 'file1'],
      ['extract', folder, join(scratch, 'never')],
    ]) {
      const { code, err } = await image(...args)
      expect(code).toBe(1)
      expect(err).toContain('only superblock and log were given')
    }
    expect(readdirSync(scratch)).not.toContain('never')
  })
})

describe('reading', () => {
  const path = (): string => deviceOf('good-basic', [[14680064, second]])
  const commands = [
    ['info'],
    ['ls', '-lR'],
    ['tree'],
    ['cat', 'file1'],
    ['extract', 'OUT'],
    ['log', '--json'],
    ['fsck'],
    ['map'],
    ['map', 'file1'],
    ['fmap', 'file1'],
    ['yaml', 'file1'],
    ['convert', 'OUT', '--layout', 'L10'],
  ]

  test.each(commands)('%s leaves the image as it is', async (name, ...rest) => {
    const device = path()
    const state = (): unknown => {
      const { size, blocks, mtimeMs, ctimeMs, mode } = statSync(device)
      return {
        size,
        blocks,
        mtimeMs,
        ctimeMs,
        mode,
        start: readFileSync(device)
          .subarray(0, 16 << 20)
          .toString('base64'),
      }
    }
    truncateSync(device, 16 << 20)
    const before = state()
    const { code } = await image(name, device, ...rest.map(arg => (arg === 'OUT' ? join(scratch, `reading-${name}`) : arg)))
    expect(code).toBe(0)
    expect(state()).toEqual(before)
  })

  test('diff leaves both as they are', async () => {
    const device = path()
    const before = statSync(device)
    expect((await image('diff', device, device, '--content')).code).toBe(0)
    expect(statSync(device).mtimeMs).toBe(before.mtimeMs)
  })
})

describe('paths that lead out of the image', () => {
  const hostile = today.filter(c => /\/path-/.test(c.name))
  test.each(['strict', 'reference'].flatMap(policy => hostile.map(c => [c.name.slice(4), policy] as const)))(
    '%s, %s',
    async (name, policy) => {
      const box = join(scratch, `box-${name}-${policy}`)
      mkdirSync(box)
      const target = join(box, 'a', 'b', 'c')
      const { code, err } = await image('extract', deviceOf(name), target, '--policy', policy)
      expect(code, err).toBe(err.includes('left out') ? 1 : 0)
      const outside = [box, join(box, 'a'), join(box, 'a', 'b')].map(directory => readdirSync(directory))
      expect(outside).toEqual([['a'], ['b'], ['c']])
      rmSync(box, { recursive: true, force: true })
    },
  )
})

describe('every golden image', () => {
  const small = today.filter(c => c.manifest.log_file.file === 'log.bin')

  test.each(small.filter(c => /\/good-/.test(c.name)))('$name: fsck finds nothing', async ({ folder, manifest }) => {
    const { code, err } = await image('fsck', folder, '--zeros', '--host-uuid', manifest.host_system_uuid as string)
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  test.each(small)('$name: every reading command answers or refuses, and none fails', async ({ folder }) => {
    for (const name of ['info', 'ls', 'tree', 'log', 'fsck', 'map']) {
      const said = await image(name, folder, '--zeros')
      expect([name, said.code === 0 || said.code === 1, said.err.includes('internal error')]).toEqual([name, true, false])
    }
  })

  test.each(small.filter(c => /\/(good-(basic|interleaved|multi|add|attrs|paths)|il-good)/.test(c.name)))(
    '$name: YAML and replies of the reference, byte for byte',
    async ({ folder, manifest }) => {
      const files = listOf<ShadowFileGolden>(folder, manifest.shadow_files ?? []).filter(f => f.shadow_to_stat_rc === 0)
      expect(files.length).toBeGreaterThan(0)
      for (const { shadow_path, yaml, msg_hex } of files) {
        const path = Buffer.from(shadow_path, 'latin1').toString('utf8')
        expect((await image('yaml', folder, '--', path)).out.toString()).toBe(yaml)
        expect((await image('fmap', folder, '--as', 'famfs_fused', '--', path)).out.toString()).toBe(`${msg_hex}\n`)
      }
    },
  )

  test.each(['owner', 'client'])('the meta files as the %s sees them', async who => {
    const { folder, manifest } = caseNamed('good-basic')
    const files = manifest.shadow_meta_files_by_role?.[who === 'owner' ? 'master' : 'client']?.files ?? []
    expect(files.length).toBe(2)
    for (const { shadow_path, yaml } of files) {
      const args = who === 'owner' ? ['--owner'] : []
      expect((await image('yaml', folder, shadow_path, ...args)).out.toString()).toBe(yaml)
    }
  })
})
