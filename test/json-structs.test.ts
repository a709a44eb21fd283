/** Structs in JSON: keys, parts and conditions. */
import { describe, expect, test } from 'vitest'
import { encode } from '../src/codec/encode.ts'
import { decodeJson, encodeJson, jsonCodec, tryEncodeJson } from '../src/codec/json/index.ts'
import {
  array,
  byLength,
  bytes,
  message,
  prefix,
  REST,
  region,
  type Schema,
  struct,
  tagged,
  u8,
  u16,
  u32,
  u64,
} from '../src/schema/index.ts'
import { fuse_famfs_fmap, fuse_open_out, reply } from '../src/uapi/index.ts'
import { type Any, refusal, simple } from './json-refusal.ts'
import { same } from './same.ts'

describe('structs', () => {
  test('keys that there are not, and members that are missing', () => {
    const at = (json: unknown) => refusal(fuse_famfs_fmap as Any, json)
    expect(at({ ...simple, fille_size: 1 })).toMatchObject({ code: 'unsupported', path: 'fille_size' })
    expect(at({ ...simple, extents: [{ ...simple.extents[0], se_lenn: 1 }] })).toMatchObject({
      code: 'unsupported',
      path: 'extents[0].se_lenn',
    })
    expect(at({ ...simple, extents: [{ se_devindex: 0, se_offset: 0 }] })).toMatchObject({ code: 'missing', path: 'extents[0].se_len' })
    expect(at({ ...simple, extents: [simple.extents[0], 5] })).toMatchObject({ code: 'range', path: 'extents[1]' })
    expect(at({ ...simple, extents: {} })).toMatchObject({ code: 'range', path: 'extents' })
    expect(at({ ...simple, ext_type: 2 })).toMatchObject({ code: 'tag', path: 'extents' })
    expect(at({ ...simple, ext_type: 'FUSE_FAMFS_EXT_SIMPEL' })).toMatchObject({ code: 'tag', path: 'ext_type' })
    expect(at(JSON.parse('{"__proto__": {"file_type": 0}}'))).toMatchObject({ code: 'missing', path: 'file_type' })
    for (const json of [undefined, null, 5, 'x', [], true]) expect(at(json).path).toBe('')
    expect(refusal(message('empty', {}) as Any, { x: 1 }).detail).toBe('"x" is no field of empty; it has none')
  })

  test('inherited members do not count', () => {
    const odd = struct('odd', { constructor: u8, toString: u8 })
    expect(refusal(odd as Any, {})).toMatchObject({ code: 'missing', path: 'constructor' })
  })

  test('what is kept beside the fields', () => {
    const roomy = struct('roomy', {
      used: u32,
      slots: array(u32, 'used', { capacity: 2 }),
      tag: u32,
      choice: tagged('tag', { 1: u8, 2: array(u8, 1, { capacity: 4 }) }, { size: 4 }),
    })
    const json = { used: 1, slots: [1], slots_unused: '01020304', tag: 1, choice: 9, choice_unused: '010203' }
    const value = decodeJson(roomy, json)
    same(encodeJson(roomy, value), json)
    expect(encode(roomy, value)).toHaveLength(20)
    expect(refusal(roomy as Any, { ...json, slots_unused: 5 })).toMatchObject({ code: 'range', path: 'slots_unused' })
    expect(refusal(roomy as Any, { ...json, used_unused: '' })).toMatchObject({ code: 'unsupported', path: 'used_unused' })
    expect(tryEncodeJson(roomy as Any, { ...value, slots_unused: 'ff' })).toMatchObject({
      ok: false,
      error: { code: 'range', path: 'slots_unused' },
    })

    const records = message('records', { list: array(message('record', { len: u16, data: bytes('len') }, { align: 4 }), REST) })
    const gap = { list: [{ len: 1, data: 'ff', gap: 'aa' }, { data: '' }] }
    expect(encode(records, decodeJson(records, gap))).toStrictEqual(Uint8Array.from([1, 0, 0xff, 0xaa, 0, 0, 0, 0]))

    const early = prefix('early', { a: u32, b: u32 })
    const cut = { a: 1, trailing: '02' }
    same(encodeJson(early, decodeJson(early, cut)), cut)
    expect(refusal(struct('late', { a: u32 }) as Any, cut)).toMatchObject({ code: 'unsupported', path: 'trailing' })
  })

  test('unions inside unions keep theirs too', () => {
    const inner = byLength({ 4: struct('four', { x: u32 }) }, array(u8, 2, { capacity: 3 }) as unknown as Schema<{ y: number }>)
    const outer = message('outer', { choice: inner })
    const json = { choice: [1, 2], choice_unused: '07' }
    same(encodeJson(outer as Any, decodeJson(outer as Any, json)), json)
    same(decodeJson(outer as Any, { choice: { x: 1 } }), { choice: { x: 1 } })
    const named = message('named', { choice: byLength({ 4: struct('four', { x: u32 }) }, struct('eight', { y: u64 })) })
    same(encodeJson(named, decodeJson(named, { choice: { y: 1 } })), { choice: { y: '1' } })
  })

  test('a union without a case, of values too', () => {
    expect(tryEncodeJson(fuse_famfs_fmap as Any, { ext_type: 3, extents: [] })).toMatchObject({
      ok: false,
      error: { code: 'tag', path: 'extents' },
    })
    expect(tryEncodeJson(reply as Any, { header: { error: 0 }, body: {} })).toMatchObject({
      ok: false,
      error: { code: 'tag', path: 'body' },
    })
    expect(refusal(reply as Any, { header: { error: 0, unique: 1 }, body: {} })).toMatchObject({ code: 'tag', path: 'body' })
  })

  test('of values: wrong kinds', () => {
    for (const value of [null, [], new Uint8Array(1), 5, undefined])
      expect(tryEncodeJson(fuse_open_out as Any, value)).toMatchObject({ ok: false, error: { path: '' } })
    expect(tryEncodeJson(fuse_famfs_fmap as Any, { ext_type: 0, extents: {} })).toMatchObject({
      ok: false,
      error: { code: 'range', path: 'extents' },
    })
    expect(tryEncodeJson(fuse_famfs_fmap as Any, { ext_type: 0, extents: [5] })).toMatchObject({ ok: false, error: { path: 'extents[0]' } })
  })

  test('a condition on a reserved word that is not given', () => {
    const odd = struct('odd', { mask: u32.reserved(), more: u32.when({ field: 'mask', mask: 1 }) })
    expect(decodeJson(odd, {})).toStrictEqual({})
    expect(refusal(odd as Any, { mask: 1 })).toMatchObject({ code: 'missing', path: 'more' })
    expect(refusal(odd as Any, { more: 1 })).toMatchObject({ code: 'unsupported', path: 'more' })
  })

  test('regions and top-level types that are no structs', () => {
    const framed = message('framed', { n: u8, inner: region('n', array(u16, REST)) })
    expect(encode(framed, decodeJson(framed, { inner: [1, 2] }))).toStrictEqual(Uint8Array.from([4, 1, 0, 2, 0]))
    expect(jsonCodec(u32).name).toBe('int')
    expect(decodeJson(u32, '0x10')).toBe(16)
    expect(refusal(u32 as Any, 'x')).toMatchObject({ code: 'range', path: '' })
  })
})
