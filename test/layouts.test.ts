/** Every published layout, laid beside the tables that the compiler printed from the real headers. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { toC } from '../src/codec/c.ts'
import { decode, encode, tryDecode } from '../src/codec/index.ts'
import { layoutOf } from '../src/codec/layout.ts'
import { fixedSize, type Schema } from '../src/schema/index.ts'
import { layoutById, type MediaLayout, mediaLayouts } from '../src/uapi/famfs/layouts/index.ts'
import { famfs_log_entry } from '../src/uapi/famfs/log.ts'

const tables = readFileSync(new URL('../docs/facts/metadata-layouts.md', import.meta.url), 'utf8')

interface Row {
  readonly offset: number
  readonly size: number
  readonly name: string
}

const PARTS = { Superblock: 'superblock', 'Log header': 'header', 'Log entry': 'entry' } as const
type Part = (typeof PARTS)[keyof typeof PARTS]

/** The rows of `### L05 Log entry`, or those of the layout that the page sends on to. */
function tableOf(id: string, part: Part): Row[] {
  const title = Object.entries(PARTS).find(([, p]) => p === part)?.[0] as string
  const [, section] = tables.split(new RegExp(`^## ${id}: .*$`, 'm'))
  const own = (section ?? '').split(/^## /m)[0] ?? ''
  const same = own.match(new RegExp(`^${title}: same offsets and sizes as (L\\d\\d)`, 'm'))?.[1]
  if (same !== undefined) return tableOf(same, part)
  const [, text] = own.split(`### ${id} ${title}`)
  const lines = (text ?? '').split(/^### /m)[0]?.matchAll(/^\| (\d+) \| (\d+) \| [^|]* \| (\S+) \|$/gm) ?? []
  return [...lines].map(([, offset, size, name]) => ({ offset: Number(offset), size: Number(size), name: String(name) }))
}

/** The same rows from the schema. Unions without a name disappear, as they do in C; nested structs have no line of their own. */
function rowsOf(schema: Schema<unknown>): Row[] {
  return layoutOf(schema)
    .filter(row => !/(^|\.)padding\d?$/.test(row.path) && !/(^|\.)(body|map)(<\w+>)?(\[\d+\])?$/.test(row.path))
    .filter(row => !row.type.startsWith('struct ') || row.path.endsWith(']'))
    .map(row => ({
      offset: row.offset as number,
      size: row.size as number,
      name: row.path.replace(/(body|map)<\w+>\./g, '').replace(/\[\d+\]$/, ''),
    }))
}

const unique = (rows: readonly Row[]): string[] => [...new Set(rows.map(r => `${r.offset} ${r.size} ${r.name}`))].sort()

/** L00 declares a list of no length behind the entry; L14 names the count of L13 twice. */
const aside = (row: Row, size: number): boolean => row.offset >= size || row.name.endsWith('fmap_nstripes')

describe.each(mediaLayouts.filter(l => l.wordSize === 64))('layout $id', layout => {
  it.each(['superblock', 'header', 'entry'] as const)('%s has the fields that the compiler found', part => {
    const schema = layout[part]
    const size = fixedSize(schema.type) as number
    const expected = tableOf(layout.id, part)
    expect(expected.length).toBeGreaterThan(4)
    expect(unique(rowsOf(schema))).toEqual(unique(expected.filter(row => !aside(row, size))))
  })

  it('has the sizes and the version that its headline says', () => {
    const [, version, superblock, header, entry] = tables.match(
      new RegExp(`^## ${layout.id}: version (\\d+)[^—]* — superblock (\\d+), log header (\\d+), entry (\\d+)$`, 'm'),
    ) as RegExpMatchArray
    expect(layout.version).toBe(BigInt(version as string))
    expect(sizes(layout)).toEqual([superblock, header, entry].map(Number))
  })
})

const sizes = (l: MediaLayout) => [l.superblock, l.header, l.entry].map(s => fixedSize(s.type))

describe('the layout of a 32-bit host', () => {
  const i386 = layoutById('L24-i386') as MediaLayout
  const at = (schema: Schema<unknown>, name: string) => rowsOf(schema).find(r => r.name === name)?.offset

  it('has the sizes and offsets of the facts', () => {
    expect(sizes(i386)).toEqual([192, 44, 528])
    expect(at(i386.superblock, 'ts_daxdev.dd_size')).toBe(108)
    expect(at(i386.entry, 'famfs_fm.fm_size')).toBe(12)
    expect(at(i386.entry, 'famfs_log_entry_crc')).toBe(524)
  })
})

const scratch = mkdtempSync(join(tmpdir(), 'layouts-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const noCompiler = spawnSync('cc', ['--version']).status !== 0
if (noCompiler) console.warn('layouts on media are not compiled: there is no C compiler (cc) on this machine')

describe.skipIf(noCompiler)('the C compiler', () => {
  it.each(mediaLayouts.filter(l => l.wordSize === 64))('agrees with $id', layout => {
    const source = join(scratch, `${layout.id}.c`)
    writeFileSync(source, toC([layout.superblock, layout.header, layout.entry]))
    const run = spawnSync('cc', ['-c', '-std=c11', '-Wall', '-o', join(scratch, 'layout.o'), source], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
  })
})

describe('any bytes', () => {
  const part = fc.constantFrom(...mediaLayouts).chain(layout => fc.constantFrom(layout.superblock, layout.header, layout.entry))
  /** Bytes with many zeros, so that types and counts are often small enough to be taken. */
  const sparse = (size: number) =>
    fc
      .tuple(fc.uint8Array({ minLength: size, maxLength: size }), fc.uint8Array({ minLength: size, maxLength: size }))
      .map(([bytes, mask]) => bytes.map((b, i) => (((mask[i] as number) & 7) === 0 ? b & 3 : 0)))

  it('come back from encode when decode takes them, and only a count is refused', () => {
    let taken = 0
    const property = fc.property(
      part.chain(schema =>
        fc.tuple(
          fc.constant(() => schema),
          sparse(fixedSize(schema.type) as number),
        ),
      ),
      ([schemaOf, bytes]) => {
        const schema = schemaOf()
        const result = tryDecode(schema, bytes)
        if (result.ok) taken++
        if (result.ok) expect(encode(schema, result.value)).toEqual(bytes)
        else expect(result.error.code).toBe('count')
      },
    )
    fc.assert(property, { numRuns: 2000 })
    expect(taken).toBeGreaterThan(500)
  })
})

describe('an entry of today', () => {
  const entry = {
    famfs_log_entry_seqnum: 7n,
    famfs_log_entry_type: 0,
    body: {
      famfs_fm: {
        fm_size: 5n,
        fm_flags: 2,
        fm_uid: 0,
        fm_gid: 0,
        fm_mode: 0o644,
        fm_relpath: 'a/b',
        fm_fmap: { fmap_ext_type: 0, map: { se: [{ se_devindex: 0n, se_offset: 0xa00000n, se_len: 0x200000n }] } },
      },
    },
    famfs_log_entry_crc: 0n,
  }

  it('is written with its count, padding and unused slots', () => {
    const bytes = encode(famfs_log_entry, entry)
    expect(bytes).toHaveLength(544)
    expect(new DataView(bytes.buffer).getUint32(128, true)).toBe(1)
    expect(new DataView(bytes.buffer).getBigUint64(144, true)).toBe(0xa00000n)
  })

  it('keeps stale bytes behind what it uses', () => {
    const bytes = encode(famfs_log_entry, entry)
    bytes[500] = 9
    bytes[530] = 7
    const value = decode(famfs_log_entry, bytes)
    expect(encode(famfs_log_entry, value)).toEqual(bytes)
  })
})
