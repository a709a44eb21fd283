/** What the back ends carry of a schema, kind by kind: they answer as the interpreter does. */
import { describe, expect, test } from 'vitest'
import { tryDecode } from '../src/codec/decode.ts'
import { tryEncode } from '../src/codec/encode.ts'
import {
  array,
  bytes,
  chars,
  field,
  message,
  nested,
  prefix,
  REST,
  s32,
  s64,
  struct,
  tagged,
  u8,
  u16,
  u32,
  u64,
} from '../src/schema/index.ts'
import { structs } from '../src/uapi/index.ts'
import { type AnySchema, ways } from './ways.ts'

describe('what is carried', () => {
  const item = struct('item', { len: u8, text: chars('len') })
  const everything = message('everything', {
    a: u8,
    tag: u8,
    n: u16,
    c: u32,
    d: s32,
    e: s64,
    parent: u64,
    _length: u8,
    name: chars(6),
    raw: bytes(3),
    none: bytes(0),
    nothing: bytes({}),
    items: array(item, 'n'),
    words: array(u16, 2).reserved(),
    list: array(s32, 'a').elided(),
    choice: tagged('tag', { 0: u16, 1: item, 2: chars(3), 3: array(u64, 1), 4: bytes(2) }),
    inner: nested(struct('inner', { parent: u32, flags: u32.when({ flag: 3 }), old: u64.when({ belowMinor: 3 }) })),
    tail: bytes(REST),
  })
  const way = ways(everything)
  const value = {
    a: 1,
    tag: 0,
    n: 2,
    c: 4,
    d: -5,
    e: -6n,
    parent: 7n,
    _length: 8,
    name: 'na\u{e9}',
    raw: Uint8Array.of(1, 2, 3),
    none: new Uint8Array(0),
    nothing: new Uint8Array(0),
    items: [{ text: 'one' }, { len: 0, text: '' }],
    words: [1, 2],
    list: [-1],
    choice: 9,
    inner: { parent: 1, flags: 2 },
    tail: Uint8Array.of(1),
  }
  const cases: readonly (readonly [number, unknown])[] = [
    [0, 513],
    [1, { text: 'x\udc80' }],
    [2, 'abc'],
    [3, [5n]],
    [4, Uint8Array.of(0, 1)],
    [5, 1],
  ]

  test.each(cases)('case %s', (tag, choice) => {
    const given = { ...value, tag, choice }
    way.write(given, tag !== 5)
    const encoded = tryEncode(everything as AnySchema, given)
    if (!encoded.ok) return expect(encoded.error.code).toBe('tag')
    way.check(encoded.value, true)
    for (let end = 0; end < encoded.value.length; end++) way.check(encoded.value.slice(0, end), false)
  })

  test('what may be left out', () => {
    const { words: _w, list: _l, a: _a, ...less } = value
    way.write(less, true)
    way.write({ ...less, a: 0 }, true)
    const { tail: _t, ...missing } = value
    way.write(missing, true)
    const { name: _n, ...nameless } = value
    way.write(nameless, true)
  })

  test('given counts are checked', () => {
    way.write({ ...value, n: 2 }, true)
    way.write({ ...value, n: 3 }, true)
    way.write({ ...value, items: [{ len: 4, text: 'one' }] }, true)
    way.write({ ...value, items: [{ text: 'x'.repeat(256) }] }, true)
    way.write({ ...value, inner: { parent: 1, flags: 2, old: 3n } }, true)
    way.write({ ...value, name: '1234567' }, true)
    way.write({ ...value, name: '\ud800' }, true)
    way.write({ ...value, name: 5 }, true)
    way.write({ ...value, raw: Uint8Array.of(1) }, true)
    way.write([], true)
  })

  test('a count of 64 bits', () => {
    const wide = ways(struct('wide', { n: u64, list: array(u8, 'n'), tail: bytes(REST).elided() }))
    wide.check(Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 1, 2]), true)
    wide.check(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0x80, 1, 2]), false)
    wide.write({ list: [1, 2, 3] }, true)
    wide.write({ n: 3n, list: [1, 2, 3] }, true)
    wide.write({ n: 2n, list: [1, 2, 3] }, true)
  })

  test('room for a fixed number of elements, and unions of fixed size', () => {
    const roomy = struct('roomy', {
      used: u32,
      tag: u32,
      slots: array(struct('slot', { x: u32 }), 'used', { capacity: 3 }),
      choice: tagged('tag', { 1: u32, 2: struct('pair', { x: u32, y: u32 }) }, { size: 8 }),
    })
    const way = ways(roomy)
    const full = (used: number, tag: number, fill: number): Uint8Array => {
      const image = new Uint8Array(28).fill(fill)
      image.set([used, 0, 0, 0, tag, 0, 0, 0])
      return image
    }
    for (const used of [0, 1, 2, 3, 4]) for (const tag of [1, 2, 3]) for (const fill of [0, 7]) way.check(full(used, tag, fill), true)
    const slots = [{ x: 1 }]
    way.write({ tag: 1, slots, choice: 5 }, true)
    way.write({ tag: 1, slots, slots_unused: new Uint8Array(8).fill(1), choice: 5, choice_unused: new Uint8Array(4).fill(2) }, true)
    way.write({ tag: 1, slots, slots_unused: new Uint8Array(7), choice: 5 }, true)
    way.write({ tag: 1, slots: [...slots, ...slots, ...slots, ...slots], choice: 5 }, true)
  })

  test('structs that may end early, in full size', () => {
    const early = prefix('early', { a: u32, b: u16, c: array(u16, 3).reserved() })
    const way = ways(early)
    for (let length = 0; length <= 13; length++) way.check(new Uint8Array(length).fill(length), length === 12)
    way.write({ a: 1, b: 2, c: [1, 2, 3] }, true)
    way.write({ a: 1, b: 2 }, false)
    way.write({ a: 1, c: [1, 2, 3] }, false)
    way.write({ a: 1, trailing: Uint8Array.of(1) }, false)
  })

  test('what is reserved may be left out', () => {
    const words = message('words', { n: u8, a: u8.reserved(), b: chars(2).reserved(), c: array(u64, 2).reserved(), d: bytes(4).reserved() })
    const way = ways(words)
    way.write({ n: 1 }, true)
    way.write({ n: 1, b: 'x', c: [1n, 2n] }, true)
    const inner = nested(struct('s', { x: u8 })).reserved()
    const open = ways(struct('open', { n: u8, b: inner, c: array(u8, 'n', { capacity: 2 }).reserved() }))
    open.write({ n: 1 }, false)
    open.write({ n: 0, b: { x: 1 } }, false)
    open.write({ b: { x: 1 }, c: [1] }, true)
  })

  test('lists of a constant count with elements of open size, unions with a default or the same case twice', () => {
    const one = { kind: 'int', size: 1, signed: false } as const
    const union = field<number | string | { text: string }>({
      kind: 'union',
      on: { by: 'field', field: 'tag' },
      cases: [
        { match: 1, type: one },
        { match: 1, type: u32.type },
        { match: 2, type: item.type },
      ],
      otherwise: chars(2).type,
    })
    const odd = message('odd', {
      tag: u8,
      pair: array(item, 2),
      choice: union,
      mixed: array(message('m', { k: u8, of: tagged('k', { 0: item, 1: u8 }) }), 'tag'),
    })
    const way = ways(odd)
    for (let tag = 0; tag < 4; tag++)
      for (let length = 0; length < 16; length++) {
        const image = new Uint8Array(length)
        image[0] = tag
        way.check(image, true)
        const decoded = tryDecode(odd as AnySchema, image)
        if (decoded.ok) way.write(decoded.value, true)
      }
  })

  test('elided lists inside elements, cases and nested structs', () => {
    const inner = message('inner', { n: u8, list: array(u8, 'n').elided() })
    const outer = message('outer', {
      tag: u8,
      a: nested(inner),
      b: array(inner, 2),
      c: tagged('tag', { 0: inner, 1: u8 }),
      d: array(u8, 'tag').elided(),
    })
    const way = ways(outer)
    for (const tag of [0, 1, 2])
      for (const n of [0, 1])
        way.check(Uint8Array.from([tag, n, ...[1].slice(0, n), 0, n, ...[1].slice(0, n), 0, ...[7].slice(0, tag)]), true)
    const other = field<unknown>({
      kind: 'union',
      on: { by: 'field', field: 'tag' },
      cases: [{ match: 0, type: u8.type }],
      otherwise: inner.type,
    })
    const choice = ways(message('choice', { tag: u8, c: other }))
    for (const bytes of [
      [0, 1],
      [1, 0],
      [1, 1, 5],
      [1, 1],
    ])
      choice.check(Uint8Array.from(bytes), true)
  })

  test('the length of the whole message', () => {
    const nestedFill = struct('outer', {
      head: nested(struct('head', { total: u32.fillWithMessageLength(), spare: u32.reserved() })),
      x: u64,
    })
    ways(nestedFill).write({ head: {}, x: 1n }, true)
    ways(nestedFill).write({ head: { total: 3, spare: 4 }, x: 1n }, true)
    ways(struct('wide', { total: u64.fillWithMessageLength() })).write({}, true)
  })

  test('a derived field that nothing counts must be given', () => {
    const header = structs.fuse_out_header as AnySchema
    ways(header).write({ error: 0, unique: 1n }, true)
    ways(header).write({ len: 16, error: -2, unique: 1n }, true)
  })
})
