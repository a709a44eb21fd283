/** Generated encoders against the interpreter over the full schema: the same bytes, refusals, and errors. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EncodeOptions, write } from '../src/codec/encode.ts'
import { attempt, type Result } from '../src/codec/errors.ts'
import type { FieldData, Type } from '../src/schema/types.ts'
import { anyValue, type Codec, codec, codecs, told, type Value } from './generated-codecs.ts'
import { bodiesOf, goldenMaps } from './golden-bodies.ts'

const plain = (result: Result<unknown>): unknown => (result.ok ? result.value : told(result.error))

/** Both encoders: the same bytes or the same error. */
function agree(c: Codec, value: unknown, options?: EncodeOptions): void {
  const expected = plain(attempt(() => write(c.type, value, options ?? {})))
  const actual = plain(attempt(() => c.encode(value, options)))
  if (!isDeepStrictEqual(actual, expected)) expect(actual, c.name).toStrictEqual(expected)
}

/** Values of every wrong kind, and right ones at the wrong place. */
const junk = fc.constantFrom<unknown>(
  ...[undefined, null, true, -1, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 255, 256, 65536, 2 ** 32 - 1, 2 ** 32, -(2 ** 31), 2 ** 53],
  ...[
    0n,
    -1n,
    1n,
    2n ** 63n,
    2n ** 64n - 1n,
    2n ** 64n,
    -(2n ** 63n),
    '',
    '7',
    'x'.repeat(300),
    '\udc00',
    '\ud800',
    '\udc80',
    'a\0b',
    'é'.repeat(130),
  ],
  ...[
    [],
    [1],
    [undefined],
    new Array(2),
    {},
    new Uint8Array(0),
    new Uint8Array(3),
    Object.assign([], { se_devindex: 1, se_offset: 1n, se_len: 1n }),
  ],
)

/** Every place in a value, as the steps that lead there. */
function places(value: unknown, steps: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [steps]
  return [steps, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...steps, Array.isArray(value) ? Number(key) : key]))]
}

function replaced(value: unknown, [step, ...more]: readonly (string | number)[], by: unknown): unknown {
  if (step === undefined) return by
  const copy = Array.isArray(value) ? [...value] : { ...(value as Value) }
  ;(copy as Value)[step] = replaced((value as Value)[step], more, by)
  return copy
}

/** Leaves out what may be left out: counts, lengths and reserved words, at every depth. */
function lean(type: Type, value: unknown): unknown {
  if (type.kind === 'array') return (value as unknown[]).map(element => lean(type.of, element))
  if (type.kind !== 'struct' || type.prefix === true) return value
  const keep = (f: FieldData): boolean => f.role === undefined || (f.role === 'derived' && !isCounted(type.fields, f.name))
  const cases = (f: FieldData): Type =>
    f.type.kind === 'union' ? (f.type.cases.find(c => c.match === (value as Value).ext_type)?.type ?? f.type) : f.type
  return Object.fromEntries(
    type.fields.filter(f => keep(f) && f.name in (value as Value)).map(f => [f.name, lean(cases(f), (value as Value)[f.name])]),
  )
}

const isCounted = (fields: readonly FieldData[], name: string): boolean =>
  fields.some(f => f.fill === 'message' && f.name === name) ||
  fields.some(f => JSON.stringify(f.type).includes(`"field":"${name}","times"`))

describe.each(codecs)('$name', c => {
  it('encodes every value as the interpreter does, whole and with what may be left out left out', () => {
    fc.assert(
      fc.property(anyValue(c.type), value => {
        agree(c, value)
        agree(c, lean(c.type, value))
        const bytes = c.encode(value)
        expect(c.decode(bytes)).toStrictEqual(value)
        expect(c.sizeOf(value)).toBe(bytes.length)
      }),
      { numRuns: 200 },
    )
  })

  it('agrees on values with something wrong anywhere in them', () => {
    fc.assert(
      fc.property(anyValue(c.type), junk, fc.nat(), fc.boolean(), (value, wrong, where, lacks) => {
        const start = lacks ? lean(c.type, value) : value
        const all = places(start)
        agree(c, replaced(start, all[where % all.length] ?? [], wrong))
      }),
      { numRuns: 1000 },
    )
  })

  it('writes into a target at any offset, and nothing when there is no room', () => {
    fc.assert(
      fc.property(anyValue(c.type), fc.nat(9), fc.nat(9), (value, shift, offset) => {
        const bytes = write(c.type, value)
        const target = new Uint8Array(shift + offset + bytes.length + 3).fill(0xee).subarray(shift)
        expect(c.encodeInto(value, target, offset)).toBe(bytes.length)
        expect(target.subarray(offset, offset + bytes.length)).toStrictEqual(bytes)
        expect([...target.subarray(0, offset), ...target.subarray(offset + bytes.length)].every(b => b === 0xee)).toBe(true)
        const small = new Uint8Array(offset + bytes.length - 1).fill(0xee)
        expect(attempt(() => c.encodeInto(value, small, offset))).toMatchObject({ ok: false, error: { code: 'length', offset } })
        expect(small.every(b => b === 0xee)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('writes nothing of a value that is refused', () => {
    fc.assert(
      fc.property(anyValue(c.type), value => {
        const last = c.type.fields.at(-1)?.name ?? ''
        const target = new Uint8Array(5000).fill(0xee)
        const result = attempt(() => c.encodeInto({ ...(value as Value), [last]: Symbol('wrong') }, target))
        expect(result.ok).toBe(false)
        expect(target.every(b => b === 0xee)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })

  it('hands other contexts to the interpreter', () => {
    fc.assert(
      fc.property(anyValue(c.type), value => {
        agree(c, value, { littleEndian: false })
        agree(c, value, { minor: 8 })
      }),
      { numRuns: 20 },
    )
  })
})

describe('maps', () => {
  const fmap = codec('Fmap')
  const extent = { se_devindex: 0, se_offset: 0n, se_len: 2n }
  const map = { file_type: 0, fmap_version: 1, ext_type: 0, file_size: 4n, extents: [extent, extent] }

  it('encodes what was decoded from golden bytes to the same bytes', () => {
    let accepted = 0
    for (const bytes of [...goldenMaps(), ...bodiesOf('fuse_famfs_fmap', 'fuse_famfs_fmap_push')])
      for (const c of [fmap, codec('FmapPush')]) {
        const decoded = c.tryDecode(bytes)
        if (!decoded.ok) continue
        accepted++
        expect(c.encode(decoded.value)).toStrictEqual(bytes)
      }
    expect(accepted).toBeGreaterThan(2000)
  })

  it('agrees on wrong counts, and writes them when they are named in broken', () => {
    for (const nextents of [0, 1, 2, 3, 0xffffffff]) agree(fmap, { ...map, nextents })
    agree(fmap, { ...map, nextents: 9 }, { broken: ['nextents'] })
    expect(fmap.encode({ ...map, nextents: 9 }, { broken: ['nextents'] })[8]).toBe(9)
  })

  it('encodes a message larger than the block', () => {
    for (const n of [2728, 2729, 2730, 2731, 5000]) {
      const large = { ...map, extents: new Array(n).fill(extent) }
      agree(fmap, large)
      expect(fmap.sizeOf(large)).toBe(32 + 24 * n)
      expect(fmap.encodeInto(large, new Uint8Array(200_000), 3)).toBe(32 + 24 * n)
    }
    agree(fmap, { ...map, trailing: new Uint8Array(70_000) })
  })

  it('is not confused by a getter that encodes and decodes meanwhile', () => {
    const other = { ...map, file_type: 2, file_size: 0xffffffffffffffffn }
    const sly = {
      ...map,
      extents: [
        extent,
        {
          ...extent,
          get se_len(): bigint {
            fmap.decode(fmap.encode(other))
            return 7n
          },
        },
      ],
    }
    expect(fmap.encode(sly)).toStrictEqual(write(fmap.type, { ...map, extents: [extent, { ...extent, se_len: 7n }] }))
  })

  it('tells in JSON what was given instead', () => {
    const given = (file_size: unknown): unknown => {
      const result = attempt(() => fmap.encode({ ...map, file_size }))
      return result.ok ? undefined : result.error.toJSON().actual
    }
    expect(given(Uint8Array.of(1, 255))).toBe('01ff')
    expect(given(-1n)).toBe('-1')
    expect(given([1n])).toEqual(['1'])
  })

  it('refuses offsets that are none', () => {
    for (const offset of [-1, 0.5, Number.NaN, 1e9])
      expect(attempt(() => fmap.encodeInto(map, new Uint8Array(100), offset))).toMatchObject({ ok: false, error: { code: 'length' } })
  })
})
