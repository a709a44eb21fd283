/** What the interpreter writes, and what it says where it cannot. */
import { describe, expect, test } from 'vitest'
import { encode, encodeInto, tryEncode } from '../../src/codec/index.ts'
import {
  array,
  byDialect,
  byLength,
  byRequest,
  chars,
  cstring,
  message,
  nested,
  prefix,
  REST,
  bytes as raw,
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
} from '../../src/schema/index.ts'
import { bytes, hexOf } from '../bytes.ts'
import { refusal, refused } from './errors.ts'

type Loose = Schema<unknown, unknown>
const hexEncoded = (schema: Loose, value: unknown, options = {}): string => hexOf(encode(schema, value, options))

const ints = struct('ints', { a: u8, b: u8, c: u16, d: u32, e: u64, f: s32, g: s32, h: s64 })
const INTS = { a: 1, b: 255, c: 0x203, d: 0x4050607, e: 0x8090a0b0c0d0e0fn, f: -2, g: 0x7fffffff, h: -1n }
const pair = struct('pair', { x: u8, y: u8 })

describe('integers', () => {
  test('in both byte orders', () => {
    expect(hexEncoded(ints, INTS)).toBe('01ff0302070605040f0e0d0c0b0a0908feffffffffffff7fffffffffffffffff')
    expect(hexEncoded(ints, INTS, { littleEndian: false })).toBe('01ff02030405060708090a0b0c0d0e0ffffffffe7fffffffffffffffffffffff')
  })

  test.each<[string, Loose, unknown, string]>([
    ['too large', u8, 256, 'range at a (byte 0): needs an integer from 0 to 255, got 256'],
    ['below zero', u16, -1, 'range at a (byte 0): needs an integer from 0 to 65535, got -1'],
    ['no integer', u32, 1.5, 'range at a (byte 0): needs an integer from 0 to 4294967295, got 1.5'],
    ['not a number', u32, Number.NaN, 'range at a (byte 0): needs an integer from 0 to 4294967295, got NaN'],
    ['signed, too large', s32, 2147483648, 'range at a (byte 0): needs an integer from -2147483648 to 2147483647, got 2147483648'],
    ['a number for a u64', u64, 1, 'range at a (byte 0): needs a bigint from 0 to 18446744073709551615, got 1'],
    ['a u64 too large', u64, 1n << 64n, 'range at a (byte 0): needs a bigint from 0 to 18446744073709551615, got 18446744073709551616n'],
    ['a u64 below zero', u64, -1n, 'range at a (byte 0): needs a bigint from 0 to 18446744073709551615, got -1n'],
    [
      'a s64 too large',
      s64,
      1n << 63n,
      'range at a (byte 0): needs a bigint from -9223372036854775808 to 9223372036854775807, got 9223372036854775808n',
    ],
    ['a bigint for a u32', u32, 1n, 'range at a (byte 0): needs an integer from 0 to 4294967295, got 1n'],
    ['a string', u32, '1', 'range at a (byte 0): needs an integer from 0 to 4294967295, got the string "1"'],
    ['an array', u32, [1], 'range at a (byte 0): needs an integer from 0 to 4294967295, got an array'],
    ['an object', u32, {}, 'range at a (byte 0): needs an integer from 0 to 4294967295, got a value of type object'],
    ['null', u32, null, 'range at a (byte 0): needs an integer from 0 to 4294967295, got null'],
    ['true', u8, true, 'range at a (byte 0): needs an integer from 0 to 255, got true'],
    ['nothing', u32, undefined, 'missing at a (byte 0): needs an integer, nothing is given'],
    ['no bigint', u64, undefined, 'missing at a (byte 0): needs a bigint, nothing is given'],
  ])('%s', (_, field, value, text) => {
    const m = { type: { kind: 'struct', name: 'm', fields: [{ name: 'a', type: field.type }] } } as const
    expect(refused(() => encode(m, { a: value }))).toBe(text)
  })
})

describe('text, bytes, objects', () => {
  test.each<[string, Loose, unknown, string]>([
    ['char[4]', message('m', { a: chars(4) }), { a: 'ab' }, '61620000'],
    ['char[n]', message('m', { n: u8, a: chars('n') }), { a: 'é' }, '02c3a9'],
    ['name', message('m', { a: cstring }), { a: 'ab' }, '616200'],
    ['bytes', message('m', { n: u8, a: raw('n') }), { a: bytes('0102') }, '020102'],
    ['elided', message('m', { a: raw(REST).elided(), l: array(u8, REST).elided(), r: region(REST, array(u8, REST)).elided() }), {}, ''],
    ['reserved', message('m', { a: u8.reserved(), b: u64.reserved(), c: u8 }), { c: 1 }, '00000000000000000001'],
    ['many bytes', message('m', { a: raw(REST) }), { a: new Uint8Array(1000) }, '00'.repeat(1000)],
  ])('%s', (_, schema, value, hex) => {
    expect(hexEncoded(schema, value)).toBe(hex)
  })

  test.each<[string, Loose, unknown, string]>([
    ['text that is too long', message('m', { a: chars(2) }), { a: 'aé' }, 'text at a (byte 0): 3 bytes do not fit in char[2]'],
    ['text that is no text', message('m', { a: chars(2) }), { a: 1 }, 'range at a (byte 0): needs a string, got 1'],
    ['text that is not given', message('m', { a: cstring }), {}, 'missing at a (byte 0): needs a string, nothing is given'],
    ['a lone surrogate', message('m', { a: cstring }), { a: '\ud800' }, 'text at a (byte 0): has a lone surrogate that stands for no byte'],
    [
      'a NUL in a name',
      message('m', { b: u8, a: cstring }),
      { b: 1, a: 'a\0b' },
      'text at a (byte 1): a NUL inside would end the name early',
    ],
    ['bytes that are none', message('m', { a: raw(REST) }), { a: [1] }, 'range at a (byte 0): needs a Uint8Array, got an array'],
    ['a list that is none', message('m', { a: array(u8, REST) }), { a: 'x' }, 'range at a (byte 0): needs an array, got the string "x"'],
    ['no object', pair, 7, 'range at the top (byte 0): needs an object, got 7'],
    ['nothing at all', pair, undefined, 'missing at the top (byte 0): needs an object, nothing is given'],
    ['null', pair, null, 'range at the top (byte 0): needs an object, got null'],
    ['an array for an object', pair, [], 'range at the top (byte 0): needs an object, got an array'],
    ['bytes for an object', pair, bytes('01'), 'range at the top (byte 0): needs an object, got a value of type object'],
  ])('%s', (_, schema, value, text) => {
    expect(refused(() => encode(schema, value))).toBe(text)
  })
})

describe('counts and lengths', () => {
  const list = message('m', { n: u8, list: array(pair, 'n') })
  const whole = message(
    'w',
    {
      head: nested(struct('h', { len: u16.derived(), ext: u16.derived() })),
      body: region({ rest: true, terms: [{ field: 'head.ext', times: -8 }] }, raw(REST)),
      tail: region({ terms: [{ field: 'head.ext', times: 8 }] }, raw(REST)).elided(),
    },
    { total: 'head.len' },
  )

  test.each<[string, Loose, unknown, string]>([
    ['filled', list, { list: [{ x: 1, y: 2 }] }, '010102'],
    ['given and right', list, { n: 1, list: [{ x: 1, y: 2 }] }, '010102'],
    ['in a u64', message('m', { n: u64, l: array(u8, 'n') }), { l: [7] }, '010000000000000007'],
    ['of a whole message', whole, { head: {}, body: bytes('aabb') }, '06000000aabb'],
    ['of its tail, in units', whole, { head: {}, body: bytes('aa'), tail: new Uint8Array(8) }, '0d000100aa0000000000000000'],
    [
      'of a sum, checked',
      message('m', {
        a: u8,
        b: u8,
        l: array(u8, {
          terms: [
            { field: 'a', times: 1 },
            { field: 'b', times: 1 },
          ],
        }),
      }),
      { a: 1, b: 1, l: [8, 9] },
      '01010809',
    ],
    ['of a constant', message('m', { l: array(u8, 2) }), { l: [8, 9] }, '0809'],
    [
      'a record that holds its own length',
      message('m', { l: array(message('e', { size: u8, a: raw(REST) }, { total: 'size', align: 4 }), REST) }),
      { l: [{ a: bytes('01') }, { a: bytes('02'), gap: bytes('ff') }] },
      '0401000003 02ff'.replace(' ', ''),
    ],
    [
      'the length of the message, when absent',
      message('m', { len: u8.fillWithMessageLength(), a: raw(REST) }),
      { a: bytes('0102') },
      '030102',
    ],
    [
      'the length of the message, as given',
      message('m', { len: u8.fillWithMessageLength(), a: raw(REST) }),
      { len: 99, a: bytes('0102') },
      '630102',
    ],
    ['the length of the message in a u64', message('m', { len: u64.fillWithMessageLength() }), {}, '0800000000000000'],
    ['a count that nothing in the message counts', message('m', { l: array(u8, 'elsewhere') }), { l: [5] }, '05'],
  ])('%s', (_, schema, value, hex) => {
    expect(hexEncoded(schema, value)).toBe(hex)
  })

  test.each<[string, Loose, unknown, string]>([
    [
      'given and wrong',
      list,
      { n: 2, list: [{ x: 1, y: 2 }] },
      'count at n (byte 0): 2 is given, what follows makes it 1; leave it out, or name it in broken',
    ],
    [
      'too many for the field',
      list,
      { list: Array(256).fill({ x: 1, y: 2 }) },
      'range at n (byte 0): needs an integer from 0 to 255, got 256',
    ],
    [
      'a length given and wrong',
      whole,
      { head: { len: 9 }, body: bytes('') },
      'length at head.len (byte 0): 9 is given, what follows makes it 4; leave it out, or name it in broken',
    ],
    [
      'a length in units that do not divide it',
      whole,
      { head: {}, body: bytes(''), tail: bytes('01') },
      'length at tail (byte 5): 1 byte cannot be written in head.ext, which counts in steps of 8',
    ],
    [
      'a sum that is wrong',
      message('m', {
        a: u8,
        b: u8,
        l: array(u8, {
          terms: [
            { field: 'a', times: 1 },
            { field: 'b', times: 1 },
          ],
        }),
      }),
      { a: 1, b: 1, l: [8] },
      'count at l (byte 2): needs 2 elements, got 1',
    ],
    ['a constant that is wrong', message('m', { l: array(u8, 2) }), { l: [8] }, 'count at l (byte 0): needs 2 elements, got 1'],
    ['bytes of a constant length', message('m', { a: raw(2) }), { a: bytes('01') }, 'length at a (byte 1): needs 2 bytes, got 1'],
    [
      'a gap that is no bytes',
      message('m', { size: u8 }, { total: 'size' }),
      { gap: 3 },
      'range at the top (byte 1): needs a Uint8Array in gap, got 3',
    ],
    ['a length that nobody fills', struct('h', { len: u32.derived() }), {}, 'missing at len (byte 0): len is not given'],
  ])('%s', (_, schema, value, text) => {
    expect(refused(() => encode(schema, value))).toBe(text)
  })

  test('broken by name or by path', () => {
    expect(hexEncoded(list, { n: 9, list: [] }, { broken: ['n'] })).toBe('09')
    const nest = message('m', { g: array(list, REST) })
    const value = {
      g: [
        { n: 9, list: [] },
        { n: 0, list: [] },
      ],
    }
    expect(hexEncoded(nest, value, { broken: ['g[0].n'] })).toBe('0900')
    expect(refusal(() => encode(nest, value, { broken: ['g[1].n'] }))).toMatchObject({
      code: 'count',
      path: 'g[0].n',
      offset: 0,
      expected: 0,
      actual: 9,
    })
  })
})

describe('room that is not used', () => {
  const fixed = struct('fixed', { n: u16, list: array(u16, 'n', { capacity: 2 }) })
  const union = message('m', { t: u8, u: tagged('t', { 0: pair }, { size: 3 }) })

  test.each<[string, Loose, unknown, string]>([
    ['zeros', fixed, { list: [5] }, '010005000000'],
    ['what was there', fixed, { list: [5], list_unused: bytes('0700') }, '010005000700'],
    ['of a union, zeros', union, { t: 0, u: { x: 1, y: 2 } }, '00010200'],
    ['of a union, what was there', union, { t: 0, u: { x: 1, y: 2 }, u_unused: bytes('ff') }, '000102ff'],
  ])('%s', (_, schema, value, hex) => {
    expect(hexEncoded(schema, value)).toBe(hex)
  })

  test.each<[string, Loose, unknown, string]>([
    ['too many elements', fixed, { list: [1, 2, 3] }, 'count at list (byte 2): 3 elements, room for 2'],
    [
      'unused bytes of the wrong length',
      fixed,
      { list: [1], list_unused: bytes('00') },
      'length at list (byte 6): the unused bytes must be a Uint8Array of 2',
    ],
    [
      'unused bytes that are none',
      fixed,
      { list: [1], list_unused: 'x' },
      'length at list (byte 6): the unused bytes must be a Uint8Array of 2',
    ],
    [
      'a case larger than its union',
      message('m', { t: u8, u: tagged('t', { 0: pair }, { size: 1 }) }),
      { t: 0, u: { x: 1, y: 2 } },
      'length at u (byte 3): takes 1 byte more than there is room for',
    ],
  ])('%s', (_, schema, value, text) => {
    expect(refused(() => encode(schema, value))).toBe(text)
  })
})

describe('unions', () => {
  const a = message('a', { a: u8 })
  const b = message('b', { b: u8, c: u8.reserved() })

  test.each<[string, Loose, unknown, object, string]>([
    ['by tag', message('m', { t: u8, u: tagged('t', { 0: a, 1: b }) }), { t: 1, u: { b: 7 } }, {}, '010700'],
    ['by dialect', byDialect([[['x'], a]], b), { a: 7 }, { dialect: 'x' }, '07'],
    ['by request', byRequest('size', [[0, 0, a]], b), { a: 7 }, { request: { size: 0 } }, '07'],
    ['by length: the case whose fields are given', byLength({ 1: a }, b), { a: 7 }, {}, '07'],
    ['by length: otherwise', byLength({ 1: a }, b), { b: 7 }, {}, '0700'],
    ['by length: a case that is no struct is never meant', byLength({ 1: u8 }, b), { b: 7 }, {}, '0700'],
  ])('%s', (_, schema, value, options, hex) => {
    expect(hexEncoded(schema, value, options)).toBe(hex)
  })

  test.each<[string, Loose, unknown, string]>([
    ['no case for the tag', message('m', { t: u8, u: tagged('t', { 0: a }) }), { t: 5, u: {} }, 'tag at u (byte 1): no case for 5 (t)'],
    [
      'no case for the length',
      { type: { kind: 'union', on: { by: 'length' }, cases: [] } },
      7,
      'tag at the top (byte 0): no case for 0 (length)',
    ],
  ])('%s', (_, schema, value, text) => {
    expect(refused(() => encode(schema, value))).toBe(text)
  })
})

describe('what exists only sometimes', () => {
  const m = message('m', { a: u8, b: u8.since(9), c: u8.when({ field: 'a', equals: 1 }), d: u8.when({ room: true }) })

  test.each<[string, unknown, object, string]>([
    ['the newest', { a: 0, b: 2 }, {}, '0002'],
    ['an old minor', { a: 0 }, { minor: 8 }, '00'],
    ['by a field', { a: 1, b: 2, c: 3 }, {}, '010203'],
    ['when there is something to write', { a: 1, b: 2, c: 3, d: 4 }, {}, '01020304'],
  ])('%s', (_, value, options, hex) => {
    expect(hexEncoded(m, value, options)).toBe(hex)
  })

  test.each<[string, unknown, object, string]>([
    [
      'given where it does not exist',
      { a: 0, b: 2 },
      { minor: 8 },
      'unsupported at b (byte 1): is given, but this version or message does not have it',
    ],
  ])('%s', (_, value, options, text) => {
    expect(refused(() => encode(m, value as { a: number }, options))).toBe(text)
  })
})

describe('a struct that may end early', () => {
  const p = prefix('p', { a: u32, b: u16, c: u16.reserved() })

  test.each<[string, object, string]>([
    ['nothing', {}, ''],
    ['one field', { a: 1 }, '01000000'],
    ['a field and a piece of the next', { a: 1, trailing: bytes('ff') }, '01000000ff'],
    ['everything', { a: 1, b: 2, c: 3 }, '0100000002000300'],
  ])('%s', (_, value, hex) => {
    expect(hexEncoded(p, value)).toBe(hex)
  })

  test.each<[string, object, string]>([
    ['a field in the middle is missing', { a: 1, c: 3 }, 'missing at b (byte 0): is not given, but c behind it is'],
    ['the piece is no bytes', { a: 1, trailing: 7 }, 'range at the top (byte 4): needs a Uint8Array in trailing, got 7'],
  ])('%s', (_, value, text) => {
    expect(refused(() => encode(p, value))).toBe(text)
  })
})

describe('into a target', () => {
  test('at an offset', () => {
    const target = new Uint8Array(5)
    expect(encodeInto(pair, { x: 1, y: 2 }, target, 2)).toBe(2)
    expect(hexOf(target)).toBe('0000010200')
    expect(encodeInto(pair, { x: 3, y: 4 }, target)).toBe(2)
    expect(hexOf(target)).toBe('0304010200')
  })

  test.each([4, 9])('one that is too small (offset %i) is left alone', offset => {
    const target = new Uint8Array(5)
    expect(refusal(() => encodeInto(pair, { x: 1, y: 2 }, target, offset))).toMatchObject({
      code: 'length',
      offset,
      expected: 2,
      actual: Math.max(0, 5 - offset),
    })
    expect(hexOf(target)).toBe('0000000000')
  })

  test('the twin returns the refusal', () => {
    expect(tryEncode(pair, { x: 1, y: 2 })).toEqual({ ok: true, value: bytes('0102') })
    expect(tryEncode(pair, { x: 1, y: 256 })).toMatchObject({ ok: false, error: { code: 'range', path: 'y', offset: 1 } })
  })
})
