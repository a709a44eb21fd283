/** Schemas that the back ends refuse when they are built, and hosts on which no code may be generated. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Parser } from 'binary-parser'
import { describe, expect, test, vi } from 'vitest'
import { parserFor } from '../src/codec/backends/parser.ts'
import { structFor } from '../src/codec/backends/struct.ts'
import {
  array,
  byBits,
  byLength,
  byRange,
  bytes,
  chars,
  cstring,
  message,
  nested,
  prefix,
  REST,
  region,
  s32,
  struct,
  tagged,
  u8,
  u32,
  u64,
} from '../src/schema/index.ts'
import { fuse_famfs_fmap } from '../src/uapi/famfs/fmap.ts'
import type { AnySchema } from './ways.ts'

describe('what is refused when built', () => {
  const item = struct('item', { x: u32 })
  const shorter = struct('shorter', { x: u32, y: u32.when({ belowMinor: 3 }) })
  const expectRefused = (schema: AnySchema, path: string): void => {
    for (const build of [parserFor, structFor])
      expect(() => build(schema)).toThrow(expect.objectContaining({ name: 'WireError', code: 'unsupported', path }))
  }
  const cases: readonly (readonly [string, AnySchema, string])[] = [
    ['no struct', u32, 'the top'],
    ['text up to a NUL', message('m', { name: cstring }), 'm.name'],
    ['a region', message('m', { n: u8, r: region('n', bytes(REST)) }), 'm.r'],
    ['a length of its own', message('m', { len: u32, x: u32 }, { total: 'len' }), 'm.len'],
    ['padded records', struct('m', { x: u32 }, { align: 8 }), 'm'],
    ['a condition on the bytes', struct('m', { x: u32, y: u32.when({ field: 'x', equals: 1 }) }), 'm.y'],
    ['a condition on the bytes left', struct('m', { x: u32, y: u32.when({ minor: 3, room: true }) }), 'm.y'],
    ['a list up to the end', struct('m', { y: array(item, REST) }), 'm.y'],
    ['a list that may end early', struct('m', { n: u32, y: array(item, 'n', { lenient: true }) }), 'm.y'],
    ['a list of text', struct('m', { y: array(chars(4), 2) }), 'm.y'],
    ['elements that may be empty', struct('m', { n: u32, y: array(struct('s', { a: u32.when({ belowMinor: 2 }) }), 'n') }), 'm.y'],
    ['a length by an expression', struct('m', { n: u8, y: bytes({ terms: [{ field: 'n', times: 8 }] }) }), 'm.y'],
    [
      'a sum of two lengths',
      struct('m', {
        n: u8,
        o: u8,
        y: bytes({
          terms: [
            { field: 'n', times: 1 },
            { field: 'o', times: 1 },
          ],
        }),
      }),
      'm.y',
    ],
    ['a count in an outer struct', message('m', { n: u8, y: nested(message('s', { z: bytes('n') })) }), 's.z'],
    ['a signed count', struct('m', { n: s32, y: bytes('n') }), 'm.n'.replace('n', 'y')],
    ['a count that this version has not', struct('m', { n: u8.when({ belowMinor: 3 }), y: bytes('n') }), 'm.y'],
    ['bytes to the end in the middle', message('m', { s: nested(message('s', { y: bytes(REST) })) }), 's.y'],
    ['bytes to the end, before something', message('m', { y: bytes(REST), z: bytes(0) }), 'm.y'],
    ['a tag of 64 bits', struct('m', { t: u64, y: tagged('t', { 0: u32 }) }), 'm.y'],
    ['an elided text', struct('m', { y: chars(4).elided() }), 'm.y'],
    ['an open field in a struct that may end early', prefix('m', { n: u8, y: bytes('n') }), 'm.y'],
    ['a struct in it that this version makes shorter', prefix('m', { s: nested(shorter) }), 'm.s'],
    ['room for elements that this version makes shorter', struct('m', { n: u32, y: array(shorter, 'n', { capacity: 2 }) }), 'm.y'],
    ['a case of open size', struct('m', { t: u32, n: u32, y: tagged('t', { 0: bytes('n') }, { size: 8 }) }), 'm.y'],
    ['cases by range', struct('m', { t: u8, y: byRange('t', [[0, 1, u8]], u8) }), 'm.y'],
    ['a tag that is masked', struct('m', { t: u32, y: byBits('t', 1, u32, u32) }), 'm.y'],
    ['a union of fixed size inside another', struct('m', { t: u32, y: tagged('t', { 0: tagged('t', { 0: u32 }, { size: 4 }) }) }), 'm.y'],
    ['a list with room inside a union', struct('m', { t: u32, y: tagged('t', { 0: array(u32, 't', { capacity: 2 }) }) }), 'm.y'],
    ['a union by length', message('m', { y: byLength({ 4: item }, item) }), 'm.y'],
    ['a name that is no identifier', struct('m', { 'a b': u32 }), 'm.a b'],
  ]
  test.each(cases)('%s', (_name, schema, path) => expectRefused(schema, path))
})

describe('where code generation is forbidden', () => {
  test('binary-parser is refused when built', () => {
    const compiling = vi.spyOn(Parser.prototype, 'compile').mockImplementation(() => {
      throw new EvalError('not here')
    })
    expect(() => parserFor(fuse_famfs_fmap)).toThrow(expect.objectContaining({ code: 'unsupported', path: 'fuse_famfs_fmap' }))
    compiling.mockRestore()
  })

  const root = join(import.meta.dirname, '..')
  const run = (script: string): string =>
    execFileSync(process.execPath, ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    })

  test('restructure works, binary-parser is refused when built', () => {
    const script = `
      import { parserFor } from './src/codec/backends/parser.ts'
      import { structFor } from './src/codec/backends/struct.ts'
      import { fuse_open_out } from './src/uapi/index.ts'
      console.log(JSON.stringify(structFor(fuse_open_out).decode(new Uint8Array(16)).open_flags))
      try { parserFor(fuse_open_out) } catch (error) { console.log(error.code, error.path) }`
    expect(run(script)).toBe('0\nunsupported fuse_open_out\n')
  })
})
