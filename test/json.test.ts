/** The JSON form: what it looks like, what is taken, and how it refuses. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { encode } from '../src/codec/encode.ts'
import { WireError } from '../src/codec/errors.ts'
import {
  type CheckedFmap,
  chunkSize,
  decodeJson,
  devIndex,
  encodeJson,
  fmapJson,
  type JsonOptions,
  jsonCodec,
  type PmdAligned,
  pageAligned,
  pmdAligned,
  tryDecodeJson,
  tryEncodeJson,
  u32Json,
  u64Json,
  wireErrorOf,
} from '../src/codec/json/index.ts'
import { contextFor } from '../src/codec/message.ts'
import {
  array,
  byLength,
  bytes,
  chars,
  cstring,
  enumeration,
  flagSet,
  type Input,
  message,
  prefix,
  REST,
  region,
  type Schema,
  s32,
  s64,
  struct,
  tagged,
  u8,
  u16,
  u32,
  u64,
} from '../src/schema/index.ts'
import { famfsDialectIds, fuse_famfs_fmap, fuse_famfs_fmap_push, fuse_open_out, fuse746, reply, request } from '../src/uapi/index.ts'
import { same } from './same.ts'

type Any = Schema<unknown, unknown>

const simple = {
  file_type: 'FUSE_FAMFS_FILE_REG',
  fmap_version: 1,
  ext_type: 'FUSE_FAMFS_EXT_SIMPLE',
  file_size: '2097152',
  extents: [{ se_devindex: 0, se_offset: '0', se_len: '2097152' }],
}

const refusal = (schema: Any, json: unknown, options: JsonOptions = {}) => {
  const result = tryDecodeJson(schema, json, options)
  if (result.ok) throw new Error('accepted')
  const { code, path, offset, detail } = result.error
  expect(offset).toBe(0)
  JSON.stringify(result.error)
  return { code, path, detail }
}

describe('what it looks like', () => {
  test('a map', () => {
    const value = decodeJson(fuse_famfs_fmap, simple)
    const image = encode(fuse_famfs_fmap, value)
    expect(encodeJson(fuse_famfs_fmap, decode(fuse_famfs_fmap, image))).toStrictEqual({
      file_type: 'FUSE_FAMFS_FILE_REG',
      reserved: 0,
      fmap_version: 1,
      ext_type: 'FUSE_FAMFS_EXT_SIMPLE',
      nextents: 1,
      reserved0: 0,
      file_size: '2097152',
      reserved1: '0',
      extents: [{ se_devindex: 0, reserved: 0, se_offset: '0', se_len: '2097152' }],
    })
  })

  test('values without a name stay numbers, bytes are hex', () => {
    const value = { ...decodeJson(fuse_famfs_fmap, simple), file_type: 77, trailing: Uint8Array.of(0xab, 0) }
    expect(encodeJson(fuse_famfs_fmap, value)).toMatchObject({ file_type: 77, trailing: 'ab00' })
  })

  test('a part decoded before a fault', () => {
    const partial = { file_type: 0, extents: [{ se_devindex: 1 }], ext_type: 0 } as unknown as Input<typeof fuse_famfs_fmap>
    expect(encodeJson(fuse_famfs_fmap, partial)).toStrictEqual({
      file_type: 'FUSE_FAMFS_FILE_REG',
      ext_type: 'FUSE_FAMFS_EXT_SIMPLE',
      extents: [{ se_devindex: 1 }],
    })
  })

  test('opcodes have the names of their dialect', () => {
    const opcode = { uid: 0, gid: 0, pid: 1, unique: '2', nodeid: '3' }
    const names = famfsDialectIds.map(dialect => {
      const context = contextFor({ dialect })
      const number = dialect === 'fuse-v1' || dialect === 'fuse-v2' ? 53 : 54
      const body = dialect === 'fuse-v2' || dialect.startsWith('fuse-push') ? { size: 4096 } : {}
      const value = decodeJson(request, { header: { ...opcode, opcode: 'FUSE_GET_FMAP' }, body }, context)
      expect(value.header.opcode).toBe(number)
      return (encodeJson(request, value, context) as { header: { opcode: unknown } }).header.opcode
    })
    expect(new Set(names)).toEqual(new Set(['FUSE_GET_FMAP']))
    const mainline = contextFor({})
    expect(refusal(request as Any, { header: { ...opcode, opcode: 'FUSE_GET_FMAP' }, body: {} }, mainline)).toMatchObject({
      code: 'tag',
      path: 'header.opcode',
    })
    expect(
      decodeJson(request, { header: { ...opcode, opcode: 'FUSE_DESTROY' }, body: {} }, { ...mainline, dialect: 'no such' }).header.opcode,
    ).toBe(38)
  })

  test('a reply with an errno has no body', () => {
    const context = contextFor({ opcode: 'OPEN' })
    const header = { error: -2, unique: '1' }
    expect(decodeJson(reply, { header }, context)).toStrictEqual({ header: { error: -2, unique: 1n } })
    expect(refusal(reply as Any, { header, body: {} }, context)).toMatchObject({ code: 'unsupported', path: 'body' })
    expect(refusal(reply as Any, { header: { ...header, error: 0 } }, context)).toMatchObject({ code: 'missing', path: 'body' })
  })
})

describe('integers', () => {
  const names = enumeration('colour', { RED: 1, ROT: 1, BLUE: 2 })
  const bits = flagSet('bits', { LOW: 0, HIGH: 31 })
  const wide = flagSet('wide', { TOP: 63 })
  const numbers = struct('numbers', {
    a: u64,
    b: s64,
    c: u32.named(names),
    d: u32.flags(bits),
    e: u64.flags(wide),
    f: s32,
    g: u16,
    h: u8,
    i: u8,
  })
  const good = { a: 1, b: -1, c: 'RED', d: 0, e: 0, f: -1, g: 1, h: 1, i: 1 }
  const read = (member: Record<string, unknown>) => decodeJson(numbers, { ...good, ...member })

  test('64 bits: decimal and 0x strings, safe integers, bigints', () => {
    expect(read({ a: '18446744073709551615' }).a).toBe(2n ** 64n - 1n)
    expect(read({ a: '0xFFFFffffFFFFffff' }).a).toBe(2n ** 64n - 1n)
    expect(read({ a: Number.MAX_SAFE_INTEGER }).a).toBe(2n ** 53n - 1n)
    expect(read({ a: 5n }).a).toBe(5n)
    expect(read({ b: '-9223372036854775808' }).b).toBe(-(2n ** 63n))
  })

  test('names and flags', () => {
    expect(read({ c: 'ROT' }).c).toBe(1)
    expect(read({ c: 7 }).c).toBe(7)
    expect(read({ c: '7' }).c).toBe(7)
    expect(read({ d: ['LOW', 'HIGH', 4] }).d).toBe(0x8000_0005)
    expect(read({ d: 'HIGH' }).d).toBe(0x8000_0000)
    expect(read({ d: [] }).d).toBe(0)
    expect(read({ e: ['TOP'] }).e).toBe(2n ** 63n)
    expect(encodeJson(numbers, read({ c: 2, d: ['HIGH'], e: ['TOP'] }))).toMatchObject({
      c: 'BLUE',
      d: 0x8000_0000,
      e: '9223372036854775808',
    })
    expect(encodeJson(numbers, read({ c: 1 }))).toMatchObject({ c: 'RED', a: '1', b: '-1', f: -1 })
  })

  const refused: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ a: 2 ** 53 }, 'range', 'a'],
    [{ a: '18446744073709551616' }, 'range', 'a'],
    [{ a: -1 }, 'range', 'a'],
    [{ a: '1e3' }, 'range', 'a'],
    [{ a: '' }, 'range', 'a'],
    [{ a: '9'.repeat(1000) }, 'range', 'a'],
    [{ a: 1.5 }, 'range', 'a'],
    [{ a: null }, 'range', 'a'],
    [{ a: [1] }, 'range', 'a'],
    [{ a: undefined }, 'missing', 'a'],
    [{ c: 'GREEN' }, 'tag', 'c'],
    [{ c: 'toString' }, 'tag', 'c'],
    [{ c: ['RED'] }, 'range', 'c'],
    [{ d: ['LOW', 'MIDDLE', 'OTHER'] }, 'tag', 'd'],
    [{ d: 'constructor' }, 'tag', 'd'],
    [{ d: [null, 'LOW'] }, 'range', 'd'],
    [{ d: {} }, 'range', 'd'],
    [{ d: ['0x100000000'] }, 'range', 'd'],
    [{ f: 2147483648 }, 'range', 'f'],
    [{ g: 65536 }, 'range', 'g'],
    [{ h: 256 }, 'range', 'h'],
    [{ h: true }, 'range', 'h'],
  ]
  test.each(refused)('%o is refused', (member, code, path) => {
    expect(refusal(numbers as Any, { ...good, ...member })).toMatchObject({ code, path })
  })

  test('of values too', () => {
    const value = read({})
    for (const [key, wrong] of [
      ['a', 1],
      ['c', 1n],
      ['c', Number.NaN],
      ['f', 'x'],
    ] as const)
      expect(tryEncodeJson(numbers as Any, { ...value, [key]: wrong })).toMatchObject({ ok: false, error: { code: 'range', path: key } })
    expect(tryEncodeJson(numbers as Any, { ...value, typo: 1 })).toMatchObject({
      ok: false,
      error: { code: 'unsupported', path: 'typo' },
    })
    expect(tryEncodeJson(numbers, value).ok).toBe(true)
  })
})

describe('text and bytes', () => {
  const texts = message('texts', { name: chars(4), n: u8, free: chars('n'), raw: bytes(REST) })
  const good = { name: 'ab', free: 'free', raw: '00FF' }

  test('bytes that are no UTF-8 survive JSON', () => {
    const image = Uint8Array.from([0xff, 0x80, 0, 0xe9, 1, 0xc3, 0xde, 0xad])
    const value = decode(texts, image)
    const through = JSON.parse(JSON.stringify(encodeJson(texts, value))) as unknown
    expect(through).toStrictEqual({ name: '\udcff\udc80\0\udce9', n: 1, free: '\udcc3', raw: 'dead' })
    expect(encode(texts, decodeJson(texts, through))).toStrictEqual(image)
  })

  const refused: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ name: 'abcde' }, 'text', 'name'],
    [{ name: '\ud800' }, 'text', 'name'],
    [{ name: 5 }, 'range', 'name'],
    [{ raw: 'abc' }, 'range', 'raw'],
    [{ raw: 'zz' }, 'range', 'raw'],
    [{ raw: [] }, 'range', 'raw'],
    [{ raw: undefined }, 'missing', 'raw'],
  ]
  test.each(refused)('%o is refused', (member, code, path) => {
    expect(refusal(texts as Any, { ...good, ...member })).toMatchObject({ code, path })
  })

  test('a name that ends at a NUL holds none', () => {
    const named = message('named', { names: array(cstring, REST) })
    expect(decodeJson(named, { names: ['a', ''] })).toStrictEqual({ names: ['a', ''] })
    expect(refusal(named as Any, { names: ['a', 'b\0c'] })).toMatchObject({ code: 'text', path: 'names[1]' })
  })

  test('of values too', () => {
    expect(tryEncodeJson(texts as Any, { name: 5 })).toMatchObject({ ok: false, error: { code: 'range', path: 'name' } })
    expect(tryEncodeJson(texts as Any, { raw: 'ff' })).toMatchObject({ ok: false, error: { code: 'range', path: 'raw' } })
  })
})

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

describe('as io-ts codecs', () => {
  const codec = jsonCodec(fuse_famfs_fmap)

  test('decode, encode, is', () => {
    const result = codec.decode(simple)
    expect(isRight(result)).toBe(true)
    if (isLeft(result)) return
    expect(codec.is(result.right)).toBe(true)
    expect(codec.is({ ...result.right, file_size: 1 })).toBe(false)
    expect(codec.encode(result.right)).toMatchObject({ file_size: '2097152' })
    expect(codec.name).toBe('fuse_famfs_fmap')
  })

  test('inside codecs of others; members of unions and intersections are no path', () => {
    const envelope = t.type({ id: t.number, maps: t.array(codec) })
    const bad = { ...simple, extents: [{ ...simple.extents[0], se_len: 'x' }] }
    const seen = (type: t.Mixed, input: unknown) => {
      const result = type.decode(input)
      return isLeft(result) ? wireErrorOf(result.left) : undefined
    }
    expect(seen(envelope, { id: 1, maps: [simple, bad] })).toMatchObject({ code: 'range', path: 'maps[1].extents[0].se_len' })
    expect(seen(envelope, { maps: [] })).toMatchObject({ code: 'missing', path: 'id' })
    expect(seen(envelope, { id: 10n, maps: 5 })).toMatchObject({ code: 'range', path: 'id', detail: 'needs number, got 10n' })
    const either = t.type({ map: t.union([codec, t.type({ none: t.literal(true) })]) })
    expect(seen(either, { map: bad })).toMatchObject({ path: 'map.extents[0].se_len' })
    const both = t.type({ map: t.refinement(t.intersection([t.type({ a: t.string }), codec]), () => true) })
    expect(seen(both, { map: { ...bad } })).toMatchObject({ path: 'map.a', code: 'missing' })
    expect(wireErrorOf([])).toBeInstanceOf(WireError)
    expect(wireErrorOf([{ value: 1, context: [] }])).toMatchObject({ path: '', detail: 'needs another value, got 1' })
  })

  test('the first of many errors is told', () => {
    const result = codec.decode({ ...simple, fmap_version: 'x', file_size: [] })
    expect(isLeft(result) && result.left).toHaveLength(2)
    expect(isLeft(result) && wireErrorOf(result.left)).toMatchObject({ path: 'fmap_version' })
  })
})

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
    expect(isRight(chunkSize('fuse-7.46').decode(4194304))).toBe(true)
    for (const chunk of [0, 4096]) expect(isLeft(chunkSize('fuse-7.46').decode(chunk))).toBe(true)
    expect(isRight(chunkSize('fuse-push-il').decode(4096))).toBe(true)
    expect(isLeft(chunkSize('fuse-push-il').decode(8192))).toBe(true)
    expect(isRight(chunkSize('fuse-push-il', { pageSize: 8192 }).decode(8192))).toBe(true)
    expect(isRight(devIndex('fuse-push-il').decode(63))).toBe(true)
    expect(isLeft(devIndex('fuse-push-il').decode(64))).toBe(true)
    expect(isLeft(devIndex('fuse-7.46').decode(1))).toBe(true)
  })

  test('their errors say what they want', () => {
    const result = t.type({ offset: pmdAligned() }).decode({ offset: '1' })
    expect(isLeft(result) && wireErrorOf(result.left).message).toBe(
      'range at offset (byte 0): needs PmdAligned, a multiple of 2097152, got 1',
    )
  })

  const refused: readonly (readonly [string, Record<string, unknown>, string, string, string])[] = [
    [
      'fuse-7.46',
      { extents: [{ se_devindex: 0, se_offset: 4096, se_len: 0 }] },
      'range',
      'extents[0].se_offset',
      'needs a multiple of 2097152 (se_offset of fuse-7.46), got 4096',
    ],
    ['fuse-7.46', { extents: [{ se_devindex: 0, se_offset: 0, se_len: 1 }] }, 'range', 'extents[0].se_len', 'a multiple of 2097152'],
    ['fuse-7.46', { extents: [{ se_devindex: 1, se_offset: 0, se_len: 0 }] }, 'range', 'extents[0].se_devindex', 'from 0 to 0'],
    ['fuse-7.46', { extents: [] }, 'count', 'extents', 'from 1 to'],
    ['fuse-v1', { extents: [simple.extents[0], simple.extents[0], simple.extents[0]] }, 'count', 'extents', 'from 0 to 2'],
    ['fuse-push', { ext_type: 1, extents: [{ ie_chunk_size: 1, ie_nbytes: 1, ie_strips: [] }] }, 'range', 'ext_type', 'one of 0'],
    [
      'fuse-7.46',
      { ext_type: 1, extents: [{ ie_chunk_size: 0, ie_nbytes: 1, ie_strips: simple.extents }] },
      'range',
      'extents[0].ie_chunk_size',
      'not 0',
    ],
    [
      'fuse-7.46',
      { ext_type: 1, extents: [{ ie_chunk_size: 2097152, ie_nbytes: 0, ie_strips: simple.extents }] },
      'range',
      'extents[0].ie_nbytes',
      'not 0',
    ],
    [
      'fuse-7.46',
      { ext_type: 1, extents: [{ ie_chunk_size: 2097152, ie_nbytes: 1, ie_strips: [] }] },
      'count',
      'extents[0].ie_strips',
      'from 1 to 32',
    ],
    ['fuse-push-il', { file_size: '0x8000000000000000' }, 'range', 'file_size', 'below 2^63'],
  ]
  test.each(refused)('%s %o', (dialect, member, code, path, detail) => {
    const result = fmapJson(dialect as 'fuse-7.46').decode({ ...simple, ...member })
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
        fmapJson('fuse-7.46', { pmdSize: 4096 }).decode({ ...simple, extents: [{ se_devindex: 0, se_offset: 4096, se_len: '4096' }] }),
      ),
    ).toBe(true)
    expect(isRight(fmapJson(fuse746).decode(simple))).toBe(true)
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

describe('hostile JSON', () => {
  test('only WireError, whatever comes', () => {
    const anything = fc.anything({ withBigInt: true, maxDepth: 4, withNullPrototype: true })
    fc.assert(
      fc.property(fc.constantFrom('header', 'extents', 'ext_type', 'file_size', 'trailing', 'nextents'), anything, (key, value) => {
        for (const json of [value, { ...simple, [key]: value }]) {
          const result = tryDecodeJson(fuse_famfs_fmap, json)
          if (!result.ok) expect(result.error).toBeInstanceOf(WireError)
          tryDecodeJson(request, json, contextFor({}))
        }
        tryEncodeJson(fuse_famfs_fmap as Any, value)
      }),
      { numRuns: 500 },
    )
  })

  test('a million elements that are wrong end with one error', () => {
    const extents = Array.from({ length: 100_000 }, () => 5)
    expect(refusal(fuse_famfs_fmap as Any, { ...simple, extents })).toMatchObject({ path: 'extents[0]' })
  })
})

test('works where code generation is forbidden', () => {
  const script = `
    import { decodeJson, encodeJson, fmapJson } from './src/codec/json/index.ts'
    import { fuse_open_out } from './src/uapi/index.ts'
    console.log(JSON.stringify(encodeJson(fuse_open_out, decodeJson(fuse_open_out, { fh: '0x10', open_flags: ['FOPEN_DIRECT_IO'], backing_id: -1 }))))
    console.log(fmapJson('fuse-7.46').decode({})._tag)`
  const output = execFileSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    },
  )
  expect(output).toBe('{"fh":"16","open_flags":1,"backing_id":-1}\nLeft\n')
})
