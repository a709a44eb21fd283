/** The layouts, proved three times: by the C compiler, against the system's own header, and against the tables of the fact sheets. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { cAssertions, calledAsInTable, toC } from '../src/codec/c.ts'
import { layoutOf } from '../src/codec/layout.ts'
import {
  array,
  byDialect,
  byLength,
  byRange,
  bytes,
  cstring,
  fixedSize,
  flagSet,
  message,
  nested,
  REST,
  region,
  type Schema,
  s32,
  struct,
  tagged,
  u8,
  u16,
  u32,
  u64,
} from '../src/schema/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push, structs } from '../src/uapi/index.ts'

const scratch = mkdtempSync(join(tmpdir(), 'layout-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** What the compiler says against a file; empty when it takes it. */
function compile(text: string): string {
  const source = join(scratch, 'layout.c')
  writeFileSync(source, text)
  const run = spawnSync('cc', ['-c', '-std=c11', '-Wall', '-o', join(scratch, 'layout.o'), source], { encoding: 'utf8' })
  return run.status === 0 ? '' : `${run.error ?? ''}${run.stderr}`
}

const noCompiler = spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler (cc) on this machine'
if (noCompiler !== undefined) console.warn(`C layout proof skipped: ${noCompiler}`)

const header = readHeader()
if (header === undefined) console.warn('comparison with <linux/fuse.h> skipped: this machine has no such header')

/** Fields by struct of the system's <linux/fuse.h>; undefined where there is none. */
function readHeader(): Map<string, Set<string>> | undefined {
  let text: string
  try {
    text = readFileSync('/usr/include/linux/fuse.h', 'utf8')
  } catch {
    return undefined
  }
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, '')
  return new Map(
    [...plain.matchAll(/^struct (\w+) \{([^}]*)\};/gm)].map(([, name, body]) => [
      String(name),
      new Set([...String(body).matchAll(/(\w+)\s*(\[[^\]]*\])?;/g)].map(field => String(field[1]))),
    ]),
  )
}

/** Every struct once; where a dialect has a second form of one, that form for itself. */
const second = Object.entries(structs).filter(([key, s]) => s.type.kind === 'struct' && s.type.name !== key)
const first = Object.entries(structs).filter(([key, s]) => s.type.kind === 'struct' && s.type.name === key)

describe.skipIf(noCompiler !== undefined)('the C compiler', () => {
  it('finds every struct where the schema says', () => {
    expect(first.length).toBeGreaterThan(80)
    expect(compile(toC(first.map(([, s]) => s)))).toBe('')
  })

  it.each(second)('finds the second form %s where the schema says', (_, schema) => {
    expect(compile(toC(schema))).toBe('')
  })

  it.each([
    ['size', struct('s', { a: u32, b: u32 }), 'uint32_t a; uint32_t b; uint32_t c;'],
    ['offset', struct('s', { a: u32, b: u32 }), 'uint32_t b; uint32_t a;'],
    ['sign', struct('s', { a: u32, b: u32 }), 'uint32_t a; int32_t b;'],
    ['size of a field', struct('s', { a: u64 }), 'uint32_t a; uint32_t b;'],
  ])('sees a wrong %s', (_, schema, members) => {
    expect(compile(`#include <stddef.h>\n#include <stdint.h>\nstruct s { ${members} };\n${cAssertions(schema)}`)).toContain(
      'static assertion failed',
    )
  })

  it('takes unions, tails, capacities and a nested struct with a tail', () => {
    const small = struct('small', { x: u8, y: u8 })
    const schema = struct('big', {
      tag: u32,
      n: u32,
      either: tagged('tag', { 1: small, 2: array(u32, 3) }, { size: 16 }),
      some: array(small, 'n', { capacity: 4 }),
      boxed: region(8, small),
      tail: bytes(REST),
    })
    const outer = struct('outer', { first: u64, inner: nested(schema), more: bytes(REST) })
    expect(compile(toC(outer))).toBe('')
    expect(toC(schema)).toContain('union { struct small as0; uint32_t as1[3]; uint8_t bytes[16]; } either;')
  })
})

/** Words that were unused at 7.38 and have names since, so that the unused rest lies elsewhere. */
const MOVED = ['fuse_init_out.unused']

describe.skipIf(noCompiler !== undefined || header === undefined)("the system's <linux/fuse.h>", () => {
  const fields = header ?? new Map<string, Set<string>>()
  const common = first.filter(([name]) => fields.has(name))

  it('has at least the structs of 7.38', () => {
    expect(common.length).toBeGreaterThanOrEqual(65)
  })

  it('lays every common field as the schema does', () => {
    const compared: string[] = []
    const knows = (name: string, field: string): boolean => {
      const path = `${name}.${field}`
      const known = fields.get(name)?.has(field) === true && !MOVED.includes(path)
      if (known) compared.push(path)
      return known
    }
    const assertions = cAssertions(
      common.map(([, s]) => s),
      knows,
    )
    expect(compile(`#include <stddef.h>\n#include <linux/fuse.h>\n${assertions}`)).toBe('')
    expect(compared.length).toBeGreaterThanOrEqual(258)
  })
})

describe('C of other schemas', () => {
  it('refuses what C has no name for', () => {
    expect(() => toC(u32)).toThrow('a int is not a struct')
    expect(() => cAssertions([u32])).toThrow('a int is not a struct')
  })

  it('refuses two layouts of one struct', () => {
    expect(() => toC([struct('s', { a: u32 }), struct('s', { b: u32 })])).toThrow('two layouts of struct s')
    expect(toC([struct('s', { a: u32 }), struct('s', { a: u32 })]).match(/struct s \{/g)).toHaveLength(1)
  })

  it('calls two layouts of one struct by their names in the table', () => {
    const [early, late] = [struct('s', { a: u32 }), struct('s', { a: u32, b: u32 })]
    const outer = struct('outer', { one: nested(early), two: array(late, 2), either: tagged('one', { 1: early }) })
    const text = toC(calledAsInTable({ s_early: early, s: late, outer }), { assertions: false, includes: false })
    expect(text).toContain('struct s_early {\n  uint32_t a;\n};')
    expect(text).toContain('struct s {\n  uint32_t a;\n  uint32_t b;\n};')
    expect(text).toContain('  struct s_early one;\n  struct s two[2];\n')
    const other = struct('other', { of: nested(struct('inner', { x: u8 })) })
    expect(toC(calledAsInTable({ own: other }), { assertions: false, includes: false })).toBe(
      'struct inner {\n  uint8_t x;\n};\n\nstruct own {\n  struct inner of;\n};\n',
    )
  })

  it.skipIf(noCompiler !== undefined)('compiles all structs of the table as one header', () => {
    const text = toC(calledAsInTable(structs))
    for (const name of Object.keys(structs)) expect(text).toContain(`struct ${name} {`)
    expect(compile(text)).toBe('')
  })

  it('leaves out what is not asked for, and tells what follows', () => {
    const schema = message('head', {
      n: u8,
      odd: u32.loose(),
      list: array(message('item', { name: cstring }), 'n'),
      rest: bytes(REST).elided(),
    })
    const text = toC(schema, { assertions: false, includes: false })
    expect(text).toBe(
      'struct head {\n  uint8_t n;\n  uint32_t odd __attribute__((packed));\n  /* list follows */\n  /* rest follows */\n};\n',
    )
  })

  it('takes a struct without a fixed part and a union that has no size', () => {
    const schema = message('open', { tag: u8, either: tagged('tag', { 1: struct('inner', { a: u32 }) }) })
    expect(toC(schema, { assertions: false, includes: false })).toBe('struct open {\n  uint8_t tag;\n  /* either follows */\n};\n')
    expect(toC(message('text', { name: cstring }), { assertions: false, includes: false })).toBe(
      'struct text {\n  /* name follows */\n};\n',
    )
  })
})

describe('layout tables', () => {
  const inner = message('inner', { s: s32 })
  const schema = message('any', {
    a: u8.doc('first').flags(flagSet('bits', { x: 0 })),
    old: u16.when({ belowMinor: 9, wordSize: 32 }),
    flag: u16.since(12).when({ flag: -29 }),
    is: u16.when({ field: 'a', equals: 3 }),
    bits: u16.when({ field: 'a', mask: 4, flag: 3 }),
    box: region(8, inner),
    grid: array(array(u8, 2), 3),
    byName: byDialect([[['x', 'y'], nested(inner)]], array(inner, REST)),
    late: u8.when({ room: true }),
  })
  const rows = layoutOf(schema).map(({ path, type, offset, size }) => `${path} ${type} ${offset} ${size}`)

  it('tell every part', () => {
    expect(rows).toStrictEqual([
      'a u8 0 1',
      'old u16 1 2',
      'flag u16 3 2',
      'is u16 5 2',
      'bits u16 7 2',
      'box struct inner 9 8',
      'box.s s32 9 4',
      'grid[3] u8 17 6',
      'byName union 23 undefined',
      'byName<x|y> struct inner 23 4',
      'byName<x|y>.s s32 23 4',
      'byName<otherwise>[] struct inner 23 undefined',
      'byName<otherwise>[0].s s32 23 4',
      'late u8 undefined 1',
    ])
  })

  it('tell conditions, names and docs', () => {
    const told = layoutOf(schema)
    expect(told[0]).toMatchObject({ doc: 'first', names: 'bits' })
    expect(told.flatMap(row => row.when ?? [])).toStrictEqual([
      'below minor 9, on 32-bit machines',
      'from minor 12, without INIT flag 29',
      'where a is 3',
      'with INIT flag 3, where a has a bit of 4',
      'where bytes are left',
    ])
  })

  it('name cases by number, range and word', () => {
    const of = (schema: Schema<unknown>): string[] => layoutOf(message('m', { tag: u8, x: schema as never })).map(row => row.path)
    expect(
      of(
        byRange(
          'tag',
          [
            [0, 31, u8],
            [32, 32, u16],
          ],
          bytes(REST),
        ),
      ),
    ).toStrictEqual(['tag', 'x', 'x<0..31>', 'x<32>', 'x<otherwise>[]'])
    expect(of(byLength({ 4: u32 }, cstring))).toStrictEqual(['tag', 'x', 'x<4>', 'x<otherwise>[]'])
    expect(layoutOf(u8)).toStrictEqual([])
  })
})

/** The fact sheet describes the structs of 7.45. */
const SHEET_MINOR = 45

describe('facts/fuse-structs.md', () => {
  const rows = readFileSync(new URL('../docs/facts/fuse-structs.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap(line => {
      const cells = /^\| ((?:fuse|cuse)_\w+) \| (\d+) \| (.*) \|$/.exec(line)
      return cells === null ? [] : [{ name: String(cells[1]), size: Number(cells[2]), fields: String(cells[3]) }]
    })

  it('is read whole', () => {
    expect(rows.length).toBe(76)
  })

  it.each(rows)('$name', ({ name, size, fields }) => {
    const schema = structs[name]
    if (schema === undefined) throw new Error(`${name} is not declared`)
    const layout = layoutOf(schema, SHEET_MINOR).filter(row => row.depth === 0)
    const told = layout.map(row => `${written(row.type, row.path)}@${row.offset}`)
    expect(told).toStrictEqual(fields.split(', ').map(expected))
    const end = layout.reduce((sum, row) => Math.max(sum, (row.offset ?? 0) + (row.size ?? 0)), 0)
    if (!layout.some(row => row.size === undefined)) expect(end).toBe(size)
  })

  /** `name type[count]` as the fact sheet writes it. */
  function written(type: string, path: string): string {
    const [, name, count] = /^(\w+)(\[\d*\])?$/.exec(path) ?? []
    return `${name} ${type.replace('struct ', '')}${count ?? ''}`
  }

  const BYTES: Readonly<Record<string, string>> = {
    'char[FUSE_URING_IN_OUT_HEADER_SZ]': 'u8[128]',
    'char[FUSE_URING_OP_IN_OUT_SZ]': 'u8[128]',
  }
  function expected(field: string): string {
    const [, name, type, offset] = /^(\w+) (\S+)@(\d+)$/.exec(field) ?? []
    return `${name} ${BYTES[String(type)] ?? type}@${offset}`
  }
})

describe('facts/wire.md', () => {
  const wire = readFileSync(new URL('../docs/facts/wire.md', import.meta.url), 'utf8')
  const section = (title: string): string => {
    const from = wire.indexOf(`### ${title} `)
    return wire.slice(from, wire.indexOf('\n### ', from + 4))
  }
  /** Offset, size and names of a table `| offset | size | name |`. */
  const table = (text: string): [number, number, string][] =>
    [...text.matchAll(/^\| (\d+) \| (\d+) \| ([^|]+?) \|/gm)].map(m => [Number(m[1]), Number(m[2]), String(m[3])])
  const placed = (name: string): [number, number | undefined, string][] =>
    layoutOf(structs[name] ?? message('none', {}))
      .filter(row => row.depth === 0)
      .map(row => [row.offset ?? -1, row.size, row.path.replace(/\[.*/, '')])

  it.each([
    ['3.1', 'fuse_famfs_fmap_header', 32, (name: string) => name.replace(' / fmap_size', '')],
    ['3.1', 'fuse_famfs_fmap_header_push', 32, (name: string) => name.replace('reserved0 / ', '')],
    ['3.2', 'fuse_famfs_simple_ext', 24, (name: string) => name.replace(/ \(.*/, '')],
    ['3.3', 'fuse_famfs_iext', 24, (name: string) => name.replace(/ \(.*/, '')],
    ['3.5', 'fuse_daxdev_out', 280, (name: string) => name],
  ])('table %s is %s', (title, name, size, word) => {
    const rows = table(section(title))
    expect(rows.length).toBeGreaterThan(3)
    expect(placed(name)).toStrictEqual(rows.map(([offset, length, text]) => [offset, length, word(text.replace(/ \(.*/, ''))]))
    expect(fixedSize((structs[name] ?? message('none', {})).type)).toBe(size)
  })

  it.each([
    ['fuse_get_daxdev_in', 4],
    ['fuse_get_fmap_in', 8],
    ['fuse_get_fmap_out', 8],
    ['fuse_getxattr_in', 8],
    ['fuse_backing_map', 16],
    ['fuse_backing_map_push', 16],
    ['fuse_get_fmap_hint', 4],
  ])('%s has %i bytes (3.5, 2.2)', (name, size) => {
    expect(fixedSize((structs[name] ?? message('none', {})).type)).toBe(size)
  })

  it('3.4: the extents follow the header', () => {
    for (const schema of [fuse_famfs_fmap, fuse_famfs_fmap_push]) {
      const rows = layoutOf(schema)
      expect(rows.find(row => row.path === 'extents')).toMatchObject({ offset: 32, type: 'union' })
      expect(rows.find(row => row.path === 'extents<0>[0].se_len')).toMatchObject({ offset: 48, size: 8, type: 'u64' })
      expect(rows.find(row => row.path === 'extents<1>[0].ie_strips[]')).toMatchObject({ offset: 56, type: 'struct fuse_famfs_simple_ext' })
      expect(rows.find(row => row.path === 'extents<1>[0].ie_strips[0].se_len')).toMatchObject({ offset: 72 })
    }
  })
})
