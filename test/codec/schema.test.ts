import { describe, expect, test } from 'vitest'
import {
  array,
  bytes,
  cstring,
  fixedSize,
  message,
  minSize,
  nested,
  prefix,
  REST,
  region,
  struct,
  tagged,
  u8,
  u16,
  u32,
  u64,
} from '../../src/schema/index.ts'

describe('a definition is refused when', () => {
  test.each([
    [
      'an integer is not aligned',
      () => struct('s', { a: u8, b: u32 }),
      's.b: lies at 1, needs a multiple of 4; write the 3 bytes of padding out',
    ],
    [
      'the end is not aligned',
      () => struct('s', { a: u64, b: u32 }),
      's: ends at 12, needs a multiple of 8; write the 4 bytes of padding out',
    ],
    [
      'a nested struct is not aligned',
      () => struct('s', { a: u32, b: nested(struct('t', { c: u64 })) }),
      's.b: lies at 4, needs a multiple of 8',
    ],
    [
      'a count stands behind',
      () => struct('s', { list: array(u8, 'n'), n: u8 }),
      's.list: names the field n, which does not stand before it',
    ],
    [
      'a tag stands behind',
      () => struct('s', { u: tagged('t', { 0: u32 }), t: u32 }),
      's.u: names the field t, which does not stand before it',
    ],
    ['a condition asks what stands behind', () => struct('s', { a: u8.when({ field: 'b', equals: 1 }), b: u8 }), 's.a: names the field b'],
    [
      'elements have no size',
      () => struct('s', { n: u8, list: array(message('e', {}), 'n') }),
      's.list: elements of no size cannot be counted',
    ],
    [
      'a capacity has elements of any size',
      () => message('s', { n: u8, list: array(cstring, 'n', { capacity: 2 }) }),
      's.list: a fixed capacity needs elements of a fixed size',
    ],
    ['a name is a number', () => struct('s', { 1: u8 }), 's.1: a field name must not be a number'],
    ['a name is __proto__', () => struct('s', { ['__proto__']: u8 }), 's: __proto__ cannot be a field name'],
    ['a name is taken', () => struct('s', { a: u8, a_unused: u8 }), 's.a_unused: this name is taken for the unused bytes of a'],
    ['something of any size is reserved', () => message('s', { a: cstring.reserved() }), 's.a: only a fixed size can be reserved'],
    ['total is no integer', () => message('s', { a: cstring }, { total: 'a' }), 's: total names a, which is not an integer field of it'],
  ])('%s', (_, define, text) => {
    expect(define).toThrow(text)
  })

  test('alignment is a matter of C structs only', () => {
    expect(fixedSize(message('s', { a: u8, b: u32 }).type)).toBe(5)
    expect(fixedSize(struct('s', { a: u8, b: u32.loose() }).type)).toBe(5)
  })
})

describe('sizes', () => {
  const variable = struct('v', { n: u32, list: array(u32, 'n') })

  test.each([
    [u16.type, 2, 2],
    [cstring.type, undefined, 1],
    [bytes(7).type, 7, 7],
    [bytes(REST).type, undefined, 0],
    [array(u32, 3).type, 12, 12],
    [array(u32, 'n', { capacity: 4 }).type, 16, 16],
    [variable.type, undefined, 4],
    [region(9, bytes(REST)).type, 9, 9],
    [tagged('t', { 0: u32 }, { size: 8 }).type, 8, 8],
    [tagged('t', { 0: u32 }).type, undefined, 0],
    [struct('a', { a: u8, b: u8 }, { align: 8 }).type, 8, 2],
    [prefix('p', { a: u32 }).type, undefined, 0],
    [struct('e', { a: u32, rest: bytes(REST).elided() }).type, 4, 4],
    [struct('w', { a: u32, b: u32.since(9) }).type, 8, 4],
    [message('t', { len: u32 }, { total: 'len' }).type, undefined, 4],
  ])('of %o: fixed %s, at least %s', (type, fixed, least) => {
    expect(fixedSize(type)).toBe(fixed)
    expect(minSize(type)).toBe(least)
  })
})
