/** What the interpreter reads, and what it says where it cannot. */
import { describe, expect, test } from 'vitest'
import { NEWEST_MINOR } from '../../src/codec/context.ts'
import { decode, tryDecode } from '../../src/codec/index.ts'
import {
  array,
  byBits,
  byDialect,
  byLength,
  byRange,
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
import { bytes } from '../bytes.ts'
import { refusal, refused } from './errors.ts'

const ints = struct('ints', { a: u8, b: u8, c: u16, d: u32, e: u64, f: s32, g: s32, h: s64 })
const INTS = bytes('01 ff 0203 04050607 08090a0b0c0d0e0f fffffffe 7fffffff ffffffffffffffff')

describe('integers', () => {
  test('little-endian by default', () => {
    expect(decode(ints, INTS)).toEqual({ a: 1, b: 255, c: 0x302, d: 0x7060504, e: 0xf0e0d0c0b0a0908n, f: -16777217, g: -129, h: -1n })
  })

  test('big-endian when told so', () => {
    expect(decode(ints, INTS, { littleEndian: false })).toEqual({
      a: 1,
      b: 255,
      c: 0x203,
      d: 0x4050607,
      e: 0x8090a0b0c0d0e0fn,
      f: -2,
      g: 0x7fffffff,
      h: -1n,
    })
  })

  test('a value decoded from shared memory does not move with it', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8))
    const value = decode(message('m', { data: raw(REST) }), shared)
    shared.fill(7)
    expect(value.data).toEqual(new Uint8Array(8))
  })
})

describe('text and bytes', () => {
  test.each<[string, Schema<unknown>, string, unknown]>([
    ['char[4], padded', message('m', { a: chars(4) }), '61620000', { a: 'ab' }],
    ['char[4], full', message('m', { a: chars(4) }), '61626364', { a: 'abcd' }],
    ['char[4], NUL inside', message('m', { a: chars(4) }), '61006200', { a: 'a\0b' }],
    ['char[n] is not trimmed', message('m', { n: u8, a: chars('n') }), '03 610000', { n: 3, a: 'a\0\0' }],
    ['name', message('m', { a: cstring, b: cstring }), '6100 00', { a: 'a', b: '' }],
    ['bytes', message('m', { n: u8, a: raw('n'), b: raw(REST) }), '01 02 0304', { n: 1, a: bytes('02'), b: bytes('0304') }],
    ['empty elided bytes are left out', message('m', { a: raw(REST).elided() }), '', {}],
  ])('%s', (_, schema, hex, expected) => {
    expect(decode(schema, bytes(hex))).toEqual(expected)
  })
})

describe('lists', () => {
  const pair = struct('pair', { x: u8, y: u8 })
  const record = message('record', { n: u8, name: chars('n') }, { align: 4 })
  const fixed = struct('fixed', { n: u32, list: array(u16, 'n', { capacity: 2 }) })

  test.each<[string, Schema<unknown>, string, unknown]>([
    [
      'by a constant',
      message('m', { list: array(pair, 2) }),
      '01020304',
      {
        list: [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
      },
    ],
    ['by a field', message('m', { n: u8, list: array(u8, 'n') }), '02 0506', { n: 2, list: [5, 6] }],
    ['to the end', message('m', { list: array(u8, REST) }), '0506', { list: [5, 6] }],
    ['of names', message('m', { list: array(cstring, REST) }), '6100 6200', { list: ['a', 'b'] }],
    [
      'of aligned records',
      message('m', { list: array(record, REST) }),
      '01610000 00000000',
      {
        list: [
          { n: 1, name: 'a' },
          { n: 0, name: '' },
        ],
      },
    ],
    [
      'the gap is kept when it is not zero',
      message('m', { list: array(record, REST) }),
      '016100ff',
      { list: [{ n: 1, name: 'a', gap: bytes('00ff') }] },
    ],
    [
      'the gap is kept when it is cut',
      message('m', { list: array(record, REST) }),
      '016100',
      { list: [{ n: 1, name: 'a', gap: bytes('00') }] },
    ],
    ['with room for more', fixed, '01000000 0500 0000', { n: 1, list: [5] }],
    ['unused room is kept when it is not zero', fixed, '01000000 0500 0700', { n: 1, list: [5], list_unused: bytes('0700') }],
    [
      'a record that does not fit ends a lenient list',
      message('m', { list: array(pair, REST, { lenient: true }), trailing: raw(REST) }),
      '010203',
      { list: [{ x: 1, y: 2 }], trailing: bytes('03') },
    ],
    ['a count in a u64', message('m', { n: u64, list: array(u8, 'n') }), '0100000000000000 05', { n: 1n, list: [5] }],
    [
      'a linear count',
      message('m', { n: u8, list: array(u8, { terms: [{ field: 'n', times: 2 }], plus: -1 }) }),
      '01 05',
      { n: 1, list: [5] },
    ],
  ])('%s', (_, schema, hex, expected) => {
    expect(decode(schema, bytes(hex))).toEqual(expected)
  })

  test('more than there is room for', () => {
    expect(refused(() => decode(fixed, bytes('03000000 00000000')))).toBe('count at list (byte 4): 3 elements, room for 2')
  })

  test('elements that turn out to take no bytes', () => {
    const odd = message('odd', { a: u8.since(NEWEST_MINOR + 1) })
    expect(refused(() => decode(message('m', { list: array(odd, 3) }), bytes('')))).toBe(
      'length at list[0] (byte 0): an element that takes no bytes cannot be counted',
    )
  })

  test.each(['ffffffff', '00000080'])('a count of 0x%s is not believed', count => {
    const list = message('m', { n: u32, list: array(pair, 'n') })
    const error = refusal(() => decode(list, bytes(`${count} ${'0102'.repeat(1000)} 03`)))
    expect(error.message).toBe('truncated at list[1000].y (byte 2005): needs 1 byte, 0 left')
    expect((error.partial as { list: unknown[] }).list).toHaveLength(64)
  })

  test('a doomed list of records of any length is walked, but not kept', () => {
    const list = message('m', { n: u32, list: array(cstring, 'n') })
    const error = refusal(() => decode(list, bytes(`ffffffff ${'6100'.repeat(100)}`)))
    expect(error.path).toBe('list[100]')
    expect((error.partial as { list: unknown[] }).list).toHaveLength(64)
  })
})

describe('regions and lengths', () => {
  const sized = message('sized', { size: u8, body: raw(REST) }, { total: 'size' })
  const whole = message('whole', { head: nested(struct('head', { pad: u8, len: u8 })), body: raw(REST) }, { total: 'head.len' })
  const list = message('m', { list: array(sized, REST) })

  test('a struct that holds its own length', () => {
    expect(decode(list, bytes('0201 03 0203'))).toEqual({
      list: [
        { size: 2, body: bytes('01') },
        { size: 3, body: bytes('0203') },
      ],
    })
  })

  test('what its fields leave is its gap', () => {
    const padded = message('padded', { size: u8, a: u8 }, { total: 'size', align: 4 })
    const m = message('m', { list: array(padded, REST) })
    expect(decode(m, bytes('04010000'))).toEqual({ list: [{ size: 4, a: 1 }] })
    expect(decode(m, bytes('0201'))).toEqual({ list: [{ size: 2, a: 1, gap: bytes('') }] })
    expect(decode(m, bytes('0501000000'))).toEqual({ list: [{ size: 5, a: 1, gap: bytes('000000') }] })
  })

  test.each<[string, Schema<unknown>, string, string]>([
    ['a length that ends inside the head', list, '00', 'length at list[0].size (byte 0): says 0 bytes, 1 are behind it already'],
    ['a length beyond the bytes', list, '05 01', 'length at list[0].size (byte 0): says 5 bytes, 2 are there'],
    ['the length of a whole message, too short', whole, '00 03 01 02', 'length at head.len (byte 1): says 3 bytes, 4 are there'],
    ['the length of a whole message, too long', whole, '00 05 01 02', 'length at head.len (byte 1): says 5 bytes, 4 are there'],
    [
      'a region that is not used up',
      message('m', { n: u8, r: region('n', message('b', { a: u8 })) }),
      '02 0102',
      'trailing at r (byte 2): 1 byte left over in a region of 2',
    ],
    [
      'a region beyond the bytes',
      message('m', { n: u8, r: region('n', raw(REST)) }),
      '02 01',
      'truncated at r (byte 1): needs 2 bytes, 1 left',
    ],
    [
      'a length below zero',
      message('m', { n: u8, a: raw({ terms: [{ field: 'n', times: 1 }], plus: -2 }) }),
      '01',
      'length at a (byte 1): its length comes out as -1',
    ],
    [
      'a count that nobody has is none',
      message('m', { l: array(u8, 'elsewhere') }),
      '01',
      'trailing at the top (byte 0): 1 byte left over',
    ],
    ['bytes left over', message('m', { a: u8 }), '01 02', 'trailing at the top (byte 1): 1 byte left over'],
    ['a name without its NUL', message('m', { a: cstring }), '6162', 'text at a (byte 0): no terminating NUL in 2 bytes'],
    [
      'a name whose NUL lies beyond the region',
      message('m', { r: region(2, cstring), z: u8 }),
      '616200',
      'text at r (byte 0): no terminating NUL in 2 bytes',
    ],
    ['too few bytes', ints, '01ff', 'truncated at c (byte 2): needs 2 bytes, 0 left'],
  ])('%s', (_, schema, hex, text) => {
    expect(refused(() => decode(schema, bytes(hex)))).toBe(text)
  })

  test('the offset of a length field inside a nested head is found', () => {
    const deep = message('m', { a: nested(struct('a', { x: u32, y: nested(struct('y', { z: u16, len: u16 })) })) }, { total: 'a.y.len' })
    expect(refusal(() => decode(deep, bytes('00000000 0000 0900')))).toMatchObject({ path: 'a.y.len', offset: 6 })
  })
})

describe('unions', () => {
  const a = message('a', { a: u8 })
  const b = message('b', { b: u8 })
  const rest = message('rest', { rest: raw(REST) })

  test.each<[string, Schema<unknown>, string, unknown]>([
    ['by tag', message('m', { t: u8, u: tagged('t', { 0: a, 1: b }) }), '01 07', { t: 1, u: { b: 7 } }],
    ['by tag in a u64', message('m', { t: u64, u: tagged('t', { 1: b }) }), '0100000000000000 07', { t: 1n, u: { b: 7 } }],
    [
      'by range',
      message('m', {
        t: u8,
        u: byRange(
          't',
          [
            [0, 3, a],
            [4, 9, b],
          ],
          rest,
        ),
      }),
      '05 07',
      { t: 5, u: { b: 7 } },
    ],
    ['by range, otherwise', message('m', { t: u8, u: byRange('t', [[0, 3, a]], rest) }), '05 07', { t: 5, u: { rest: bytes('07') } }],
    ['by bits, set', message('m', { t: u8, u: byBits('t', 4, a, b) }), '06 07', { t: 6, u: { a: 7 } }],
    ['by bits, clear', message('m', { t: u8, u: byBits('t', 4, a, b) }), '03 07', { t: 3, u: { b: 7 } }],
    ['by length', byLength({ 1: a }, rest), '07', { a: 7 }],
    ['by length, otherwise', byLength({ 1: a }, rest), '0708', { rest: bytes('0708') }],
    ['of a fixed size', message('m', { t: u8, u: tagged('t', { 0: a }, { size: 3 }) }), '00 07 0000', { t: 0, u: { a: 7 } }],
    [
      'of a fixed size, the rest kept',
      message('m', { t: u8, u: tagged('t', { 0: a }, { size: 3 }) }),
      '00 07 0100',
      { t: 0, u: { a: 7 }, u_unused: bytes('0100') },
    ],
  ])('%s', (_, schema, hex, expected) => {
    expect(decode(schema, bytes(hex))).toEqual(expected)
  })

  test('by dialect', () => {
    const union = byDialect([[['x', 'y'], a]], b)
    expect(decode(union, bytes('07'), { dialect: 'y' })).toEqual({ a: 7 })
    expect(decode(union, bytes('07'), { dialect: 'z' })).toEqual({ b: 7 })
  })

  test('by what the request asked', () => {
    const union = byRequest('body.size', [[0, 0, a]], b)
    expect(decode(union, bytes('07'), { request: { body: { size: 0 } } })).toEqual({ a: 7 })
    expect(decode(union, bytes('07'), { request: { body: { size: 9 } } })).toEqual({ b: 7 })
    expect(decode(union, bytes('07'))).toEqual({ b: 7 })
  })

  test('no case for a tag', () => {
    expect(refusal(() => decode(message('m', { t: u8, u: tagged('t', { 0: a }) }), bytes('05 07')))).toMatchObject({
      code: 'tag',
      path: 'u',
      offset: 1,
      actual: 5,
      message: 'tag at u (byte 1): no case for 5 (t)',
      partial: { t: 5 },
    })
  })

  test('a case that runs out of its fixed size', () => {
    const m = message('m', { t: u8, u: tagged('t', { 0: ints }, { size: 2 }), more: raw(REST) })
    expect(refused(() => decode(m, bytes(`00 ${'00'.repeat(40)}`)))).toBe('truncated at u.c (byte 3): needs 2 bytes, 0 left')
  })
})

describe('what exists only sometimes', () => {
  const m = message('m', {
    a: u8,
    b: u8.since(9),
    c: u8.when({ belowMinor: 9 }),
    d: u8.when({ flag: 33 }),
    e: u8.when({ flag: -33 }),
    f: u8.when({ wordSize: 32 }),
    g: u8.when({ field: 'a', equals: 1 }),
    h: u8.when({ field: 'a', mask: 6 }),
    i: u8.when({ room: true }),
  })

  test.each([
    ['the newest, all flags', {}, '01 02 03 04', { a: 1, b: 2, d: 3, g: 4 }],
    ['room', {}, '01 02 03 04 05', { a: 1, b: 2, d: 3, g: 4, i: 5 }],
    ['an old minor', { minor: 8 }, '01 02 03 04', { a: 1, c: 2, d: 3, g: 4 }],
    ['without the flag', { flags: 0n }, '00 02 03', { a: 0, b: 2, e: 3 }],
    ['32 bits', { wordSize: 32 }, '02 02 03 04 05', { a: 2, b: 2, d: 3, f: 4, h: 5 }],
  ] as const)('%s', (_, context, hex, expected) => {
    expect(decode(m, bytes(hex), context)).toEqual(expected)
  })
})

describe('a struct that may end early', () => {
  const p = prefix('p', { a: u32, b: u16, c: u16, list: array(u16, 2) })

  test.each([
    ['', {}],
    ['01000000', { a: 1 }],
    ['010000000200', { a: 1, b: 2 }],
    ['01000000020003', { a: 1, b: 2, trailing: bytes('03') }],
    ['0100000002000300 0400', { a: 1, b: 2, c: 3, trailing: bytes('0400') }],
    ['0100000002000300 0400 0500', { a: 1, b: 2, c: 3, list: [4, 5] }],
  ])('%s', (hex, expected) => {
    expect(decode(p, bytes(hex))).toEqual(expected)
  })

  test('but not run on', () => {
    expect(refusal(() => decode(p, new Uint8Array(13)))).toMatchObject({ code: 'trailing', offset: 12, length: 1 })
  })
})

describe('a refusal', () => {
  const m = message('m', {
    head: nested(struct('h', { a: u8, b: u8 })),
    n: u8,
    list: array(nested(struct('e', { x: u8, y: u16.loose() })), 'n'),
  })

  test('carries what was decoded before it', () => {
    const error = refusal(() => decode(m, bytes('01 02 02 03 0400 05 06')))
    expect(error.partial).toEqual({ head: { a: 1, b: 2 }, n: 2, list: [{ x: 3, y: 4 }, { x: 5 }] })
    expect(error).toMatchObject({ name: 'WireError', code: 'truncated', path: 'list[1].y', offset: 7, length: 1, expected: 2, actual: 1 })
  })

  test('is plain JSON', () => {
    const error = refusal(() => decode(message('m', { a: u64, b: raw(2), c: u8 }), bytes('0100000000000000 0102')))
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'truncated',
      path: 'c',
      offset: 10,
      length: 0,
      message: 'truncated at c (byte 10): needs 1 byte, 0 left',
      detail: 'needs 1 byte, 0 left',
      expected: 1,
      actual: 0,
      partial: { a: '1', b: '0102' },
    })
  })

  test('is returned by the twin', () => {
    expect(tryDecode(ints, INTS)).toMatchObject({ ok: true, value: { a: 1 } })
    expect(tryDecode(ints, bytes(''))).toMatchObject({ ok: false, error: { code: 'truncated', path: 'a' } })
  })

  test('of no struct has no partial value', () => {
    expect(refusal(() => decode(byLength({}, u32), bytes('01'))).partial).toBeUndefined()
  })
})
