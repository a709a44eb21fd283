/** binary-parser and restructure against the interpreter: same values, same acceptance, same errors. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Parser } from 'binary-parser'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { compile } from '../src/codec/backends/compiled.ts'
import { parserFor } from '../src/codec/backends/parser.ts'
import { planOf } from '../src/codec/backends/plan.ts'
import { structFor } from '../src/codec/backends/struct.ts'
import { reader, writer } from '../src/codec/backends/structure.ts'
import { tryDecode } from '../src/codec/decode.ts'
import { tryEncode } from '../src/codec/encode.ts'
import type { Result } from '../src/codec/errors.ts'
import {
  array,
  byBits,
  byLength,
  byRange,
  bytes,
  chars,
  cstring,
  field,
  fixedSize,
  message,
  nested,
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
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../src/uapi/famfs/fmap.ts'
import { famfs_log_entry, famfs_log_header } from '../src/uapi/famfs/log.ts'
import { famfs_superblock } from '../src/uapi/famfs/superblock.ts'
import { structs } from '../src/uapi/index.ts'
import { goldenBodies, lines, unhex } from './golden-bodies.ts'
import { same } from './same.ts'

/** What a caller sees of a refusal. */
const seen = (result: Result<unknown>): unknown =>
  result.ok ? result : { ok: false, error: { ...result.error, message: result.error.message } }

/** The three ways over one schema, and the libraries alone. */
function ways(schema: Schema<unknown, unknown>) {
  const plan = planOf(schema.type)
  const parser = parserFor(schema)
  const structured = structFor(schema)
  const libraries = [compile(plan), reader(plan)]
  const write = writer(plan)
  return {
    /** All agree on these bytes; `carried`: the libraries answered themselves. */
    check(input: Uint8Array, carried: boolean): void {
      const expected = tryDecode(schema, input)
      same(seen(parser.tryDecode(input)), seen(expected))
      same(seen(structured.tryDecode(input)), seen(expected))
      const alone = libraries.map(library => library(input))
      if (!expected.ok) same(alone, [undefined, undefined])
      else if (carried) same(alone, [expected.value, expected.value])
      else for (const value of alone) same(value ?? expected.value, expected.value)
    },
    /** Both encoders agree on this value; `carried`: the library answered itself. */
    write(value: unknown, carried: boolean): void {
      const expected = tryEncode(schema, value)
      same(seen(structured.tryEncode(value)), seen(expected))
      const alone = write(value)
      if (!expected.ok || !carried) expect(alone).toBeUndefined()
      else same(alone, expected.value)
    },
  }
}

/** Structs of the table that are not for the back ends: padded records, and those whose union is chosen inside of another part. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  fuse_dirent: /^unsupported at fuse_dirent /,
  fuse_direntplus: /^unsupported at fuse_dirent /,
  famfs_ioc_get_fmap: /^unsupported at famfs_ioc_get_fmap\.map /,
  famfs_ioc_get_fmap_440: /^unsupported at famfs_ioc_get_fmap\.map /,
  famfs_ioc_get_fmap_104: /^unsupported at famfs_ioc_get_fmap\.map /,
}
const onMedia = { famfs_superblock, famfs_log_header, famfs_log_entry }
const carriedStructs = Object.entries<Schema<unknown, unknown>>({ ...structs, ...onMedia }).filter(
  ([name]) => !Object.hasOwn(REFUSED, name),
)
const carriedSchemas: Record<string, Schema<unknown, unknown>> = { ...structs, fuse_famfs_fmap, fuse_famfs_fmap_push }
const bodies = goldenBodies(12)

test('every struct of the table is carried but a few', () => {
  for (const [name, schema] of Object.entries(structs)) {
    const build = () => [parserFor(schema), structFor(schema)]
    const refused = REFUSED[name]
    if (refused !== undefined) expect(build).toThrow(refused)
    else expect(build).not.toThrow()
  }
})

describe('golden bytes', () => {
  test('the parse vectors of all kernels', () => {
    const way = ways(fuse_famfs_fmap)
    let accepted = 0
    for (const { hex = '' } of lines('kernel/fmap-verdicts.jsonl')) {
      way.check(unhex(hex), true)
      const decoded = tryDecode(fuse_famfs_fmap, unhex(hex))
      if (!decoded.ok) continue
      way.write(decoded.value, true)
      accepted++
    }
    expect(accepted).toBeGreaterThan(1900)
  })

  const names = [...bodies.keys()]
  test('there is something of each', () => {
    expect(names.sort()).toEqual(
      [
        'fuse_attr_out',
        'fuse_daxdev_out',
        'fuse_entry_out',
        'fuse_famfs_fmap',
        'fuse_famfs_fmap_push',
        'fuse_getattr_in',
        'fuse_in_header',
        'fuse_init_in',
        'fuse_init_out',
        'fuse_open_in',
        'fuse_open_out',
        'fuse_out_header',
      ].sort(),
    )
  })

  test.each(names)('%s: whole, cut at every byte, longer, and with every bit flipped', name => {
    const schema = carriedSchemas[name] as Schema<unknown, unknown>
    const way = ways(schema)
    for (const body of bodies.get(name) as Uint8Array[])
      way.check(body, body.length === (fixedSize(schema.type) ?? body.length) && !name.includes('init'))
    for (const body of (bodies.get(name) as Uint8Array[]).slice(0, 3)) {
      for (let end = 0; end < body.length; end++) way.check(body.slice(0, end), false)
      way.check(Uint8Array.from([...body, 1]), false)
      for (let bit = 0; bit < Math.min(body.length, 300) * 8; bit++) {
        const flipped = body.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
        way.check(flipped, false)
      }
    }
  })
})

describe('random bytes', () => {
  test.each(carriedStructs)('%s', (_name, schema) => {
    const way = ways(schema)
    const size = fixedSize(schema.type)
    const exact = fc.uint8Array({ minLength: size ?? 0, maxLength: size ?? 96 })
    fc.assert(
      fc.property(exact, input => {
        way.check(input, size !== undefined)
        const decoded = tryDecode(schema, input)
        if (decoded.ok) way.write(decoded.value, size !== undefined)
      }),
      { numRuns: 20 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: (size ?? 64) + 8 }), input => way.check(input, false)),
      { numRuns: 20 },
    )
  })
})

describe('log entries of known types', () => {
  const entry = famfs_log_entry as Schema<unknown, unknown>
  const size = fixedSize(entry.type) as number
  const way = ways(entry)
  const small = fc.nat(18)
  test('file, directory and device, with counts in and out of their range', () => {
    const body = fc.uint8Array({ minLength: size, maxLength: size })
    fc.assert(
      fc.property(
        body,
        fc.constantFrom(0, 1, 3, 4),
        fc.constantFrom(0, 1, 2),
        small,
        small,
        fc.boolean(),
        (image, type, extType, count, strips, clean) => {
          if (clean) image.fill(0, 16 + 8 + 4 * 4 + 80)
          const view = new DataView(image.buffer, image.byteOffset, size)
          view.setUint32(8, type, true)
          const map = 16 + 8 + 4 * 4 + 80
          view.setUint32(map, extType, true)
          view.setUint32(map + 8, count, true)
          view.setBigUint64(map + 16, BigInt(strips), true)
          way.check(image, true)
          const decoded = tryDecode(entry, image)
          if (decoded.ok) way.write(decoded.value, true)
        },
      ),
    )
  })
})

describe('maps of any shape', () => {
  const u64s = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  const u32s = fc.nat(0xffff_ffff)
  const extent = fc.record({ se_devindex: u32s, reserved: u32s, se_offset: u64s, se_len: u64s })
  const group = fc.record({
    ie_chunk_size: u32s,
    ie_nbytes: u64s,
    reserved: u64s,
    ie_strips: fc.array(extent, { maxLength: 6 }),
  })
  const rest = {
    file_type: fc.nat(255),
    reserved: fc.nat(255),
    fmap_version: fc.nat(65535),
    reserved0: u32s,
    file_size: u64s,
    reserved1: u64s,
    trailing: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }
  const map = fc.oneof(
    fc.record(
      { ...rest, ext_type: fc.constant(0), extents: fc.array(extent, { maxLength: 6 }) },
      { requiredKeys: ['file_type', 'fmap_version', 'file_size', 'ext_type', 'extents'] },
    ),
    fc.record(
      { ...rest, ext_type: fc.constant(1), extents: fc.array(group, { maxLength: 4 }) },
      { requiredKeys: ['file_type', 'fmap_version', 'file_size', 'ext_type', 'extents'] },
    ),
  )
  const way = ways(fuse_famfs_fmap)

  test('round trip, cut and disturbed', () => {
    fc.assert(
      fc.property(map, fc.nat(), fc.nat(255), (value, place, byte) => {
        way.write(value, true)
        const encoded = tryEncode(fuse_famfs_fmap as Schema<unknown, unknown>, value)
        if (!encoded.ok) throw encoded.error
        way.check(encoded.value, true)
        way.check(encoded.value.subarray(0, place % encoded.value.length), false)
        const disturbed = encoded.value.slice()
        disturbed[place % disturbed.length] = byte
        way.check(disturbed, false)
      }),
    )
  })

  test('a value with anything at any place', () => {
    const anything = fc.oneof(
      u32s,
      u64s,
      fc.constant(-1),
      fc.constant(1.5),
      fc.constant(2 ** 32),
      fc.constant(2n ** 64n),
      fc.string(),
      fc.constant(undefined),
      fc.constant(null),
      fc.constant([]),
    )
    const key = fc.constantFrom(
      'file_type',
      'fmap_version',
      'ext_type',
      'nextents',
      'reserved0',
      'file_size',
      'extents',
      'trailing',
      'typo',
    )
    fc.assert(
      fc.property(map, key, anything, (value, name, wrong) => {
        const broken = { ...value, [name]: wrong }
        const expected = tryEncode(fuse_famfs_fmap as Schema<unknown, unknown>, broken)
        expect(seen(structFor(fuse_famfs_fmap as Schema<unknown, unknown>).tryEncode(broken))).toStrictEqual(seen(expected))
      }),
    )
  })
})

describe('hostile counts end at once', () => {
  const head = (nextents: number, extType: number): Uint8Array => {
    const map = new Uint8Array(32 + 48)
    const view = new DataView(map.buffer)
    view.setUint32(4, extType, true)
    view.setUint32(8, nextents, true)
    view.setUint32(32, nextents, true)
    return map
  }
  test.each([2 ** 31, 2 ** 32 - 1, 2 ** 20])('%s extents, groups and strips in 80 bytes', count => {
    const way = ways(fuse_famfs_fmap)
    for (const type of [0, 1]) way.check(head(count, type), false)
    const strips = head(1, 1)
    new DataView(strips.buffer).setUint32(32, count, true)
    way.check(strips, false)
  })

  test('elements that cannot fail by themselves', () => {
    const tagless = struct('tagless', { n: u32, list: array(struct('item', { name: chars(2), more: bytes(3) }), 'n') })
    const way = ways(tagless)
    way.check(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5]), false)
    way.check(Uint8Array.from([1, 0, 0, 0, 1, 2, 3, 4, 5]), true)
    way.check(Uint8Array.from([2, 0, 0, 0, 1, 2, 3, 4, 5]), false)
  })
})

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
    const encoded = tryEncode(everything as Schema<unknown, unknown>, given)
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
        const decoded = tryDecode(odd as Schema<unknown, unknown>, image)
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
    const header = structs.fuse_out_header as Schema<unknown, unknown>
    ways(header).write({ error: 0, unique: 1n }, true)
    ways(header).write({ len: 16, error: -2, unique: 1n }, true)
  })
})

describe('what is refused when built', () => {
  const item = struct('item', { x: u32 })
  const shorter = struct('shorter', { x: u32, y: u32.when({ belowMinor: 3 }) })
  const expectRefused = (schema: Schema<unknown, unknown>, path: string): void => {
    for (const build of [parserFor, structFor])
      expect(() => build(schema)).toThrow(expect.objectContaining({ name: 'WireError', code: 'unsupported', path }))
  }
  const cases: readonly (readonly [string, Schema<unknown, unknown>, string])[] = [
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
