/** binary-parser and restructure against the interpreter, on maps of any shape, and on counts that nothing can hold. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { structFor } from '../src/codec/backends/struct.ts'
import { tryEncode } from '../src/codec/encode.ts'
import { array, bytes, chars, struct, u32 } from '../src/schema/index.ts'
import { fuse_famfs_fmap } from '../src/uapi/famfs/fmap.ts'
import { type AnySchema, seen, ways } from './ways.ts'

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
        const encoded = tryEncode(fuse_famfs_fmap as AnySchema, value)
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
        const expected = tryEncode(fuse_famfs_fmap as AnySchema, broken)
        expect(seen(structFor(fuse_famfs_fmap as AnySchema).tryEncode(broken))).toStrictEqual(seen(expected))
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
