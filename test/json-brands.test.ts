/** Branded types: values of which more is known than their type says. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type CheckedFmap,
  chunkSize,
  decodeJson,
  devIndex,
  encodeJson,
  fmapJson,
  type PmdAligned,
  pageAligned,
  pmdAligned,
  u32Json,
  u64Json,
  wireErrorOf,
} from '../src/codec/json/index.ts'
import type { Input } from '../src/schema/index.ts'
import { famfsDialectIds, fuse_famfs_fmap, fuse_famfs_fmap_push, fuse_open_out, fuseV10 } from '../src/uapi/index.ts'
import { type Any, simple } from './json-refusal.ts'
import { same } from './same.ts'

describe('branded types', () => {
  test('alignment, chunk size, device index', () => {
    const offset: t.Type<PmdAligned, unknown, unknown> = pmdAligned()
    expect(offset.decode('4194304')).toMatchObject({ _tag: 'Right', right: 4194304n })
    for (const bad of ['4096', 'x', -1, '18446744073709551616']) expect(isLeft(offset.decode(bad))).toBe(true)
    expect(offset.is(4194304n)).toBe(true)
    expect(offset.is(1n)).toBe(false)
    expect(offset.is(4194304)).toBe(false)
    expect(isRight(pmdAligned(4096).decode(4096))).toBe(true)
    expect(isRight(pageAligned().decode('0x1000'))).toBe(true)
    expect(isLeft(pageAligned(16384).decode('4096'))).toBe(true)
    expect(u64Json.encode(5n)).toBe('5')
    expect(u32Json.encode(5)).toBe(5)
    expect(u32Json.is(5n)).toBe(false)
    expect(isRight(chunkSize('fuse-v10').decode(4194304))).toBe(true)
    for (const chunk of [0, 4096]) expect(isLeft(chunkSize('fuse-v10').decode(chunk))).toBe(true)
    expect(isRight(chunkSize('fuse-push-il').decode(4096))).toBe(true)
    expect(isLeft(chunkSize('fuse-push-il').decode(8192))).toBe(true)
    expect(isRight(chunkSize('fuse-push-il', { pageSize: 8192 }).decode(8192))).toBe(true)
    expect(isRight(devIndex('fuse-push-il').decode(63))).toBe(true)
    expect(isLeft(devIndex('fuse-push-il').decode(64))).toBe(true)
    expect(isLeft(devIndex('fuse-v10').decode(1))).toBe(true)
  })

  test('their errors say what they want', () => {
    const result = t.type({ offset: pmdAligned() }).decode({ offset: '1' })
    expect(isLeft(result) && wireErrorOf(result.left).message).toBe(
      'range at offset (byte 0): needs PmdAligned, a multiple of 2097152, got 1',
    )
  })

  const refused: readonly (readonly [string, Record<string, unknown>, string, string, string])[] = [
    [
      'fuse-v10',
      { extents: [{ se_devindex: 0, se_offset: 4096, se_len: 0 }] },
      'range',
      'extents[0].se_offset',
      'needs a multiple of 2097152 (se_offset of fuse-v10), got 4096',
    ],
    ['fuse-v10', { extents: [{ se_devindex: 0, se_offset: 0, se_len: 1 }] }, 'range', 'extents[0].se_len', 'a multiple of 2097152'],
    ['fuse-v10', { extents: [{ se_devindex: 1, se_offset: 0, se_len: 0 }] }, 'range', 'extents[0].se_devindex', 'from 0 to 0'],
    ['fuse-v10', { extents: [] }, 'count', 'extents', 'from 1 to'],
    ['fuse-v1', { extents: [simple.extents[0], simple.extents[0], simple.extents[0]] }, 'count', 'extents', 'from 0 to 2'],
    ['fuse-push', { ext_type: 1, extents: [{ ie_chunk_size: 1, ie_nbytes: 1, ie_strips: [] }] }, 'range', 'ext_type', 'one of 0'],
    [
      'fuse-v10',
      { ext_type: 1, extents: [{ ie_chunk_size: 0, ie_nbytes: 1, ie_strips: simple.extents }] },
      'range',
      'extents[0].ie_chunk_size',
      'not 0',
    ],
    [
      'fuse-v10',
      { ext_type: 1, extents: [{ ie_chunk_size: 2097152, ie_nbytes: 0, ie_strips: simple.extents }] },
      'range',
      'extents[0].ie_nbytes',
      'not 0',
    ],
    [
      'fuse-v10',
      { ext_type: 1, extents: [{ ie_chunk_size: 2097152, ie_nbytes: 1, ie_strips: [] }] },
      'count',
      'extents[0].ie_strips',
      'from 1 to 32',
    ],
    ['fuse-push-il', { file_size: '0x8000000000000000' }, 'range', 'file_size', 'below 2^63'],
  ]
  test.each(refused)('%s %o', (dialect, member, code, path, detail) => {
    const result = fmapJson(dialect as 'fuse-v10').decode({ ...simple, ...member })
    if (!isLeft(result)) throw new Error('accepted')
    const error = wireErrorOf(result.left)
    expect(error).toMatchObject({ code, path })
    expect(error.detail).toContain(detail)
  })

  test('a good map of every dialect', () => {
    for (const dialect of famfsDialectIds) {
      const codec = fmapJson(dialect)
      const result = codec.decode(simple)
      if (isLeft(result)) throw wireErrorOf(result.left)
      expect(codec.is(result.right)).toBe(true)
      expect(codec.is({ ...result.right, extents: [] })).toBe(false)
      same(codec.encode(result.right), encodeJson((dialect.includes('push') ? fuse_famfs_fmap_push : fuse_famfs_fmap) as Any, result.right))
    }
    expect(
      isRight(
        fmapJson('fuse-v10', { pmdSize: 4096 }).decode({ ...simple, extents: [{ se_devindex: 0, se_offset: 4096, se_len: '4096' }] }),
      ),
    ).toBe(true)
    expect(isRight(fmapJson(fuseV10).decode(simple))).toBe(true)
    expect(() => fmapJson('toString' as 'fuse')).toThrow('unsupported at dialect')
    const mainline = fmapJson('fuse').decode(simple)
    expect(isRight(mainline)).toBe(true)
  })

  test('types', () => {
    const useOf = (map: CheckedFmap): bigint => (map.ext_type === 0 ? (map.extents[0]?.se_offset ?? 0n) : 0n)
    expectTypeOf(useOf).returns.toEqualTypeOf<bigint>()
    expectTypeOf<Input<typeof fuse_famfs_fmap>>().not.toExtend<CheckedFmap>()
    expectTypeOf<CheckedFmap>().toExtend<Input<typeof fuse_famfs_fmap> | Input<typeof fuse_famfs_fmap_push>>()
    expectTypeOf(decodeJson(fuse_open_out, { fh: 1, open_flags: 0, backing_id: 0 }).fh).toEqualTypeOf<bigint>()
  })
})
