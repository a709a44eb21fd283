/** The numbers and structs of the ioctl ABI: against the tables of the fact sheet, and against what a C compiler makes of the structs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toC } from '../src/codec/c.ts'
import { layoutOf } from '../src/codec/layout.ts'
import { schemaNamed } from '../src/conformance/named.ts'
import { fixedSize } from '../src/schema/index.ts'
import { type IoctlHeader, ioctlDialect } from '../src/schema/ioctl.ts'
import { FAMFSIOC_MAGIC, IOC_NONE, IOC_READ, IOC_WRITE, iocParts, ioctlDialects, structs } from '../src/uapi/index.ts'

const wire = readFileSync(new URL('../docs/facts/wire.md', import.meta.url), 'utf8')
const section = wire.slice(wire.indexOf('### 9.1'), wire.indexOf('### 9.2'))

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())

/** The rows of the table whose first line names these columns. */
function table(columns: string): string[][] {
  const from = section.indexOf(columns)
  expect(from).toBeGreaterThan(-1)
  const lines = section.slice(from).split('\n')
  return lines.slice(2, lines.indexOf('')).map(cells)
}

const header = (dialect: keyof typeof ioctlDialects, id: string): IoctlHeader => {
  const found = (ioctlDialects[dialect].headers as readonly IoctlHeader[]).find(h => h.id === id)
  if (found === undefined) throw new Error(`${dialect} has no header ${id}`)
  return found
}

const numbers = ({ commands }: IoctlHeader): Record<string, number> => Object.fromEntries(commands.map(c => [c.name, c.number]))

describe('the numbers of facts wire 9.1', () => {
  const old = table('| Command | RFC v1')
  const column = (rows: string[][], i: number): Record<string, number> =>
    Object.fromEntries(rows.filter(row => /^0x[0-9a-f]{8}$/.test(row[i] ?? '')).map(row => [String(row[0]), Number(row[i])]))

  it('RFC, March 2024 and KABI 42', () => {
    expect(Object.keys(column(old, 1))).toHaveLength(4)
    expect(numbers(header('ioctl-rfc', '2024-02'))).toEqual(column(old, 1))
    expect(numbers(header('ioctl-42', '2024-04'))).toEqual(column(old, 2))
    expect(numbers(header('ioctl-42', '2024-03'))).toEqual(column(old, 2))
  })

  it('KABI 43 with the three sizes of MAP_GET_V2, and the header that has none', () => {
    const sizes = [...String(old.find(row => row[0] === 'MAP_GET_V2')?.[3]).matchAll(/(0x\w{8}) \((\d+)/g)]
    expect(sizes.map(([, , bytes]) => bytes)).toEqual(['104', '440', '448'])
    const headers = ['2024-08-27', '2024-10', '2025-04']
    for (const [i, [, number]] of sizes.entries())
      expect(numbers(header('ioctl-43', String(headers[i])))).toEqual({ ...column(old, 3), MAP_GET_V2: Number(number) })
    expect(numbers(header('ioctl-43', '2024-08-24'))).toEqual(column(old, 3))
    expect(Object.keys(column(old, 3))).toHaveLength(5)
  })

  it('the four variants of KABI 44', () => {
    const rows = table('| Command | 44a').flatMap(row => {
      const names = String(row[0]).split(' / ')
      return names.map((name, i) => [
        name,
        ...row.slice(1).map(cell => (cell.includes(' / ') ? cell.split(' / ')[i] : cell)?.split(' ')[0]),
      ])
    }) as string[][]
    expect(rows).toHaveLength(7)
    expect(numbers(header('ioctl-44a', '44a'))).toEqual(column(rows, 1))
    expect(numbers(header('ioctl-44b', '44b'))).toEqual(column(rows, 2))
    expect(numbers(header('ioctl-44c', '44c'))).toEqual(column(rows, 2))
    expect(numbers(header('ioctl-44d', '44d'))).toEqual(column(rows, 3))
  })

  it('come from direction, letter, number and size', () => {
    for (const dialect of Object.values(ioctlDialects))
      for (const { commands } of dialect.headers as readonly IoctlHeader[])
        for (const c of commands) {
          expect(iocParts(c.number)).toEqual({ direction: c.direction, type: FAMFSIOC_MAGIC, number: c.nr, size: c.size })
          expect(c.size).toBe(c.argument === undefined ? 0 : fixedSize(c.argument.schema.type))
        }
  })
})

const scratch = mkdtempSync(join(tmpdir(), 'ioctl-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const noCompiler = spawnSync('cc', ['--version']).status !== 0
if (noCompiler) console.warn('the numbers are not computed by C: there is no C compiler (cc) on this machine')

const MACROS: Readonly<Record<number, string>> = {
  [IOC_NONE]: '_IO',
  [IOC_READ]: '_IOR',
  [IOC_WRITE]: '_IOW',
  [IOC_READ | IOC_WRITE]: '_IOWR',
}

describe.skipIf(noCompiler)("the C compiler and the system's <sys/ioctl.h>", () => {
  const all = Object.values(ioctlDialects).flatMap(d => (d.headers as readonly IoctlHeader[]).map(h => [d.id, h.id, h] as const))

  it.each(all)('make the same numbers of %s, header %s', (_, id, { commands }) => {
    const asserted = commands.map(({ name, direction, nr, number, argument }) => {
      const type = argument?.schema.type
      const struct = type?.kind === 'struct' ? `, struct ${type.name}` : ''
      return `_Static_assert(${MACROS[direction]}('u', ${nr}${struct}) == ${number}u, "${name}");`
    })
    const definitions = toC(commands.flatMap(({ argument }) => (argument === undefined ? [] : [argument.schema])))
    const source = join(scratch, `${id}.c`)
    writeFileSync(source, `#include <sys/ioctl.h>\n${definitions}\n${asserted.join('\n')}\n`)
    const run = spawnSync('cc', ['-c', '-std=c11', '-Wall', '-o', join(scratch, 'out.o'), source], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.status).toBe(0)
  })
})

/** Offset, size and path of the rows of a struct that stand in it directly, or in these nested parts. */
const placed = (name: string): string[] =>
  layoutOf(structs[name] as (typeof structs)[string])
    .filter(row => row.depth === 0)
    .map(row => `${row.path.replace(/\[.*/, '')} ${row.type} @${row.offset}`)

describe('the layouts of facts wire 9.2, 9.3 and 9.7', () => {
  it.each([
    [
      'famfs_ioc_map',
      56,
      ['extent_type u32 @0', 'file_type u32 @4', 'file_size u64 @8', 'ext_list_count u64 @16', 'ext_list struct famfs_extent @24'],
    ],
    ['famfs_extent', 16, ['offset u64 @0', 'len u64 @8']],
    [
      'famfs_ioc_fmap',
      32,
      [
        'fioc_file_size u64 @0',
        'fioc_file_type u32 @8',
        'fioc_ext_type u32 @12',
        'fioc_nextents u32 @16',
        'padding u32 @20',
        'kse u64 @24',
      ],
    ],
    ['famfs_ioc_simple_extent', 24, ['devindex u64 @0', 'offset u64 @8', 'len u64 @16']],
    ['famfs_ioc_interleaved_ext_early', 24, ['ie_nstrips u64 @0', 'ie_chunk_size u64 @8', 'ie_strips u64 @16']],
    ['famfs_ioc_interleaved_ext', 32, ['ie_nstrips u64 @0', 'ie_chunk_size u64 @8', 'ie_nbytes u64 @16', 'ie_strips u64 @24']],
    ['famfs_ioc_daxdev_fd', 16, ['fd s32 @0', 'flags u32 @4', 'daxdev_index u64 @8']],
    ['famfs_ioc_daxdev', 24, ['daxdev_index u64 @0', 'daxdev_path u64 @8', 'daxdev_path_len u32 @16', 'flags u32 @20']],
    ['famfs_ioc_opts', 8, ['opts u64 @0']],
  ])('%s', (name, size, rows) => {
    expect(fixedSize((structs[name] as (typeof structs)[string]).type)).toBe(size)
    expect(placed(name)).toEqual(rows)
  })

  it.each([
    ['famfs_ioc_get_fmap', 448, 32, 64, 16],
    ['famfs_ioc_get_fmap_440', 440, 24, 56, 16],
    ['famfs_ioc_get_fmap_104', 104, 24, 56, 2],
  ])('%s: the head at 0, extents and group at 32, strips behind the group', (name, size, group, strips, count) => {
    const schema = structs[name] as (typeof structs)[string]
    const at = (path: string) => layoutOf(schema).find(row => row.path === path)
    expect(fixedSize(schema.type)).toBe(size)
    expect(at('iocmap')).toMatchObject({ offset: 0, size: 32 })
    expect(at('map<0>.ikse[0].devindex')).toMatchObject({ offset: 32 })
    expect(at('map<1>.ikie')).toMatchObject({ offset: 32, size: group })
    expect(at('map<1>.kie_strips[0].devindex')).toMatchObject({ offset: strips })
    expect(strips + 24 * count).toBe(size)
  })

  it.each([
    ['famfs_ioc_fmap_header', 'fuse_famfs_fmap_header_push'],
    ['famfs_ioc_simple_ext', 'fuse_famfs_simple_ext'],
    ['famfs_ioc_iext', 'fuse_famfs_iext'],
  ])('%s has the bytes of %s', (name, fuse) => {
    expect(placed(name)).toEqual(placed(fuse))
  })

  it('the options that a mount permits from the start are 0x5b03', () => {
    const { options } = ioctlDialects['ioctl-44d']
    const names = ['CREATE', 'MKDIR', 'CHMOD', 'CHOWN', 'UTIMES', 'WRITE', 'MAP_CREATE']
    const bits = Object.fromEntries(Object.entries(options?.bits.bits ?? {}).map(([name, bit]) => [name.replace('FAMFS_OPT_', ''), bit]))
    expect(names.reduce((mask, name) => mask | (1n << BigInt(bits[name] as number)), 0n)).toBe(options?.initial)
  })
})

describe('a dialect', () => {
  it('gives a struct its own form by the plain name', () => {
    expect(schemaNamed('famfs_ioc_map', 'ioctl-rfc')).toBe(structs.famfs_ioc_map_rfc)
    expect(schemaNamed('famfs_ioc_daxdev', 'ioctl-44a')).toBe(structs.famfs_ioc_daxdev_fd)
    expect(schemaNamed('famfs_ioc_get_fmap', 'ioctl-43')).toBe(structs.famfs_ioc_get_fmap)
    expect(schemaNamed('fuse_famfs_fmap_header', 'ioctl-44b')).toBe(structs.fuse_famfs_fmap_header_push)
    expect(schemaNamed('famfs_ioc_map')).toBe(structs.famfs_ioc_map)
  })

  it('has a handler for each command, and no other', () => {
    const { 'ioctl-rfc': rfc } = ioctlDialects
    const { NOP: _NOP, ...handlers } = rfc.handlers
    expect(() => ioctlDialect({ ...rfc, handlers })).toThrow('ioctl-rfc: NOP has no handler')
    expect(() => ioctlDialect({ ...rfc, handlers: { ...rfc.handlers, GET: { effect: 'nothing' } } })).toThrow(
      'the handler GET belongs to no',
    )
  })
})
