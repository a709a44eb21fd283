/** Generated decoders against the interpreter over the full schema: the same values, refusals, and errors. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read } from '../src/codec/decode.ts'
import { write } from '../src/codec/encode.ts'
import { attempt } from '../src/codec/errors.ts'
import { anyValue, type Codec, codec, codecs, told } from './generated-codecs.ts'
import { bodiesOf, goldenMaps } from './golden-bodies.ts'

/** The two outcomes for some bytes, comparable; errors with everything that they tell. */
function outcomes({ type, tryDecode }: Codec, bytes: Uint8Array): [unknown, unknown] {
  const [expected, actual] = [attempt(() => read(type, bytes, {})), tryDecode(bytes)]
  return [expected.ok ? expected.value : told(expected.error), actual.ok ? actual.value : told(actual.error)]
}

function agree(c: Codec, bytes: Uint8Array): void {
  const [expected, actual] = outcomes(c, bytes)
  if (!isDeepStrictEqual(actual, expected)) expect(actual, `${c.name} of ${Buffer.from(bytes).toString('hex')}`).toStrictEqual(expected)
}

const fmaps = [codec('Fmap'), codec('FmapPush')]

describe.each(codecs)('$name', c => {
  it('decodes every valid message as the interpreter does', () => {
    fc.assert(
      fc.property(anyValue(c.type), value => {
        const bytes = write(c.type, value)
        expect(c.decode(bytes)).toStrictEqual(value)
        agree(c, bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('agrees on every truncation and on bytes left over', () => {
    fc.assert(
      fc.property(anyValue(c.type), value => {
        const bytes = write(c.type, value)
        for (let end = 0; end < bytes.length; end++) agree(c, bytes.subarray(0, end))
        agree(c, Uint8Array.from([...bytes, 7]))
      }),
      { numRuns: 20 },
    )
  })

  it('agrees on mutated and on random bytes, at any alignment', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(anyValue(c.type), changes, fc.nat(15), (value, list, shift) => {
        const bytes = write(c.type, value)
        for (const [at, byte] of list) bytes[at % Math.max(1, bytes.length)] = byte
        const moved = new Uint8Array(bytes.length + 16).subarray(shift, shift + bytes.length)
        moved.set(bytes)
        agree(c, moved)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => agree(c, bytes)),
      { numRuns: 500 },
    )
  })

  it('keeps nothing of the bytes that it was given', () => {
    fc.assert(
      fc.property(anyValue(c.type), value => {
        const shared = new Uint8Array(new SharedArrayBuffer(write(c.type, value).length))
        shared.set(write(c.type, value))
        const decoded = c.decode(shared)
        shared.fill(0xff)
        codecs[0]?.tryDecode(new Uint8Array(64).fill(0xff))
        expect(decoded).toStrictEqual(value)
      }),
    )
  })
})

describe('maps that passed through real kernels and their parsers', () => {
  it('agrees on each of them', () => {
    const maps = [...goldenMaps(), ...bodiesOf('fuse_famfs_fmap', 'fuse_famfs_fmap_push')]
    expect(maps.length).toBeGreaterThan(2000)
    for (const bytes of maps) for (const c of fmaps) agree(c, bytes)
  })
})

describe('errors of generated decoders', () => {
  it('are plain JSON, with what was decoded before', () => {
    const result = codec('DaxdevOut').tryDecode(Uint8Array.of(7, 0, 1))
    expect(result.ok ? undefined : result.error.toJSON()).toEqual({
      code: 'truncated',
      path: 'reserved',
      offset: 2,
      length: 1,
      message: 'truncated at reserved (byte 2): needs 2 bytes, 1 left',
      detail: 'needs 2 bytes, 1 left',
      expected: 2,
      actual: 1,
      partial: { index: 7 },
    })
  })
})

describe('messages that the fast path does not take', () => {
  const map = (extents: number): Uint8Array => {
    const bytes = new Uint8Array(32 + 24 * extents)
    new DataView(bytes.buffer).setUint32(8, extents, true)
    return bytes
  }

  it('decodes a message larger than the block', () => {
    for (const extents of [2728, 2729, 2730, 2731, 5000]) agree(codec('Fmap'), map(extents))
    expect(codec('Fmap').decode(map(5000)).extents).toHaveLength(5000)
  })

  it('refuses counts near 2^31 and 2^32 without allocating for them', () => {
    for (const count of [0x7fffffff, 0x80000000, 0xffffffff]) {
      const bytes = map(2)
      new DataView(bytes.buffer).setUint32(8, count, true)
      for (const c of fmaps) agree(c, bytes)
    }
  })
})
