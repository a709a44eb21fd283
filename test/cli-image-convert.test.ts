/** `image convert` and `image diff` on whole devices: contents in every layout, and what is different in them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openNamed, pathsOf } from '../src/cli/image/open.ts'
import { entries } from '../src/metadata/index.ts'
import { differences, good, image, judged } from './image-command.ts'

const OWNER = '01234567-89ab-cdef-0123-456789abcdef'
const MIB = 2 ** 20

let scratch = ''
const at = (name: string): string => join(scratch, name)

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-convert-'))
  mkdirSync(at('dir/sub'), { recursive: true })
  writeFileSync(at('dir/one'), 'one')
  writeFileSync(at('dir/sub/large'), Buffer.alloc(3 * MIB + 5, 'large '))
  writeFileSync(at('dir/sparse'), '')
  truncateSync(at('dir/sparse'), 9 * MIB)
  await good('mkfs', at('new.img'), '--copy-from', at('dir'), '--system-uuid', OWNER)
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const tree = ['--content', '--ignore', 'superblock', '--ignore', 'log', '--ignore', 'entries']

describe('convert', () => {
  test.each(['L10', 'L11', 'L12', 'L13', 'L15', 'L16', 'L17', 'L19', 'L20', 'L21', 'L22', 'L23', 'L24'])(
    'into %s and back: the same files, contents and holes',
    async layout => {
      const [there, back] = [at(`${layout}.img`), at(`${layout}-back.img`)]
      await good('convert', at('new.img'), there, '--layout', layout)
      await good('convert', there, back, '--layout', 'L24', '--force')
      expect(statSync(there).blocks * 512).toBeLessThan(5 * MIB)
      for (const path of [there, back]) expect(await good('diff', at('new.img'), path, ...tree)).toContain('no differences')
      await good('extract', there, at(`${layout}.out`))
      expect(differences(at('dir'), at(`${layout}.out`))).toBe('')
      expect((await judged(back, OWNER)).good).toBe(true)
    },
  )

  test('never onto itself: what is read is not replaced, --force or not', async () => {
    writeFileSync(at('self.img'), '')
    await good('convert', at('new.img'), at('self.img'), '--layout', 'L10')
    for (const force of [[], ['--force']]) {
      const { code, err } = await image('convert', at('self.img'), at('self.img'), '--layout', 'L24', ...force)
      expect([code, err]).toEqual([2, expect.stringContaining('is what is read, and that is never replaced')])
    }
    expect(await good('diff', at('new.img'), at('self.img'), ...tree)).toContain('no differences')
  })

  test('of an image that was cut makes nothing', async () => {
    await good('convert', at('new.img'), at('cut.img'), '--layout', 'L24')
    truncateSync(at('cut.img'), 13 * MIB)
    const before = readdirSync(scratch)
    const { code, err } = await image('convert', at('cut.img'), at('none.img'), '--layout', 'L10')
    expect([code, err]).toEqual([
      1,
      `note: layout L10 has no ts_dev_uuid\nfamfs-wire: ${at('cut.img')}: ends at byte ${13 * MIB}, and has files up to byte ${26 * MIB}\nhint: the file was cut; --no-content converts superblock and log alone\n`,
    ])
    expect(readdirSync(scratch)).toEqual(before)
  })

  test('without contents leaves superblock and log as they are, and all else zero', async () => {
    await good('convert', at('new.img'), at('shape.img'), '--layout', 'L24', '--no-content')
    expect(await good('diff', at('new.img'), at('shape.img'))).toContain('no differences')
    expect(statSync(at('shape.img')).blocks * 512).toBeLessThan(MIB)
    expect((await image('cat', at('shape.img'), 'one')).out).toEqual(Buffer.alloc(3))
  })
})

describe('diff', () => {
  async function pair(name: string, ...more: string[][]): Promise<[string, string]> {
    const paths = ['a', 'b'].map(side => at(`${name}-${side}.img`)) as [string, string]
    for (const path of paths) {
      await good('mkfs', path, '--size', '8G', '--uuid', OWNER, '--dev-uuid', OWNER, '--system-uuid', OWNER)
      for (const args of more) await good('add', path, ...args, '--write')
    }
    return paths
  }

  const found = async (...args: string[]): Promise<unknown[]> => {
    const { code, out, err } = await image('diff', ...args, '--json')
    expect(err).toBe('')
    const lines = out.toString().split('\n').filter(Boolean)
    expect(code).toBe(lines.length === 0 ? 0 : 1)
    return lines.map(line => JSON.parse(line))
  }

  test('contents that lie elsewhere are the same; one byte that is not is named', async () => {
    const [a, b] = await pair('places')
    writeFileSync(at('content'), Buffer.alloc(5 * MIB + 3, 'content '))
    await good('add', a, 'file', '--from', at('content'), '--write')
    await good('add', b, 'file', '--from', at('content'), '--extent', '2G:4M', '--extent', '3G:4M', '--chunk', '4k', '--write')
    expect(await found(a, b, '--content', '--ignore', 'map')).toEqual([])
    const device = at('other-content')
    const bytes = readFileSync(at('content'))
    bytes[3 * MIB + 7] = 0
    bytes[3 * MIB + 9] = 0
    writeFileSync(device, bytes)
    await good('add', a, 'second', '--from', at('content'), '--write')
    await good('add', b, 'second', '--from', device, '--write')
    expect(await found(a, b, '--content', '--ignore', 'map')).toEqual([
      { part: 'content', name: 'second', note: `2 of ${5 * MIB + 3} bytes differ, the first is byte ${3 * MIB + 7}` },
    ])
  })

  test('a content that cannot be read is a difference, and says why', async () => {
    const [a, b] = await pair('cut', ['file', '--size', '4M'])
    truncateSync(b, 11 * MIB)
    expect(await found(a, b, '--content')).toEqual([
      { part: 'content', name: 'file', note: expect.stringMatching(/^not compared: .*cut or is too small/) },
    ])
  })

  test('sizes, and a file where the other has a directory', async () => {
    const [a, b] = await pair('kinds')
    await good('add', a, 'x', '--size', '1M', '--write')
    await good('mkdir', b, 'x', '--write')
    await good('add', a, 'y', '--size', '1', '--write')
    await good('add', b, 'y', '--size', '2', '--mode', '600', '--extent', '14M:2M', '--write')
    expect(await found(a, b, '--ignore', 'log', '--ignore', 'entries')).toEqual([
      { part: 'tree', name: 'x', a: 'a file, 1 MiB', b: 'a directory' },
      { part: 'tree', name: 'y: size', a: '1', b: '2' },
      { part: 'tree', name: 'y: mode', a: '0644', b: '0600' },
      { part: 'tree', name: 'y: map', a: '1 simple: 0@0xc00000+0x200000', b: '1 simple: 0@0xe00000+0x200000' },
    ])
  })

  test('many differences are counted, and all of them are in the JSON', async () => {
    const [a, b] = await pair('many')
    const dirs = (prefix: string): string =>
      JSON.stringify(Array.from({ length: 300 }, (_, i) => ({ kind: 'mkdir', path: `${prefix}${i}` })))
    await good('append', a, dirs('a'), '--write')
    await good('append', b, dirs('b'), '--write')
    const { code, out } = await image('diff', a, b)
    expect(code).toBe(1)
    expect(out.toString()).toContain('  … 100 more; --json shows all\n')
    expect(out.toString()).toContain('  … 400 more; --json shows all\n')
    expect(out.toString()).toMatch(/\n900 differences\n$/)
    expect(await found(a, b)).toHaveLength(900)
  })
})

describe('progress of reading', () => {
  test('tells the entry that is being read', async () => {
    const many = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ kind: 'mkdir', path: `d${i}` })))
    writeFileSync(at('many.json'), many)
    await good('mkfs', at('log.img'))
    await good('append', at('log.img'), at('many.json'), '--write')
    const lines: string[] = []
    const pulse = { show: (text: () => string) => lines.push(text()), beat: () => undefined, end: () => {} }
    const opened = await openNamed(pathsOf(at('log.img')), {}, pulse)
    let count = 0
    for await (const { faults } of entries(opened)) count += faults.length === 0 ? 1 : 0
    opened.close()
    expect(count).toBe(5000)
    expect(lines).toEqual(Array.from({ length: 20 }, (_, i) => `${at('log.img')}: entry ${i * 256} of 5000`))
  })
})
