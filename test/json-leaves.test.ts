/** Integers, text and bytes in JSON: what is taken, and how it is refused. */
import { describe, expect, test } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { encode } from '../src/codec/encode.ts'
import { decodeJson, encodeJson, tryEncodeJson } from '../src/codec/json/index.ts'
import {
  array,
  bytes,
  chars,
  cstring,
  enumeration,
  flagSet,
  message,
  REST,
  s32,
  s64,
  struct,
  u8,
  u16,
  u32,
  u64,
} from '../src/schema/index.ts'
import { type Any, refusal } from './json-refusal.ts'

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
