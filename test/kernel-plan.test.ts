/** Plans: always a map that the dialect takes and nobody objects to, or a refusal that says why. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type FileMap, fmapReply, type PlanOptions, plan, ranges, resolve, tryPlan } from '../src/kernel/index.ts'
import { type Dialect, type DialectId, dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { MAPS } from './kernel-maps.ts'

const MIB = 1n << 20n
const GIB = 1n << 30n

/** Memory of devices: most of it apart from each other, and now and then a device that the dialect does not take. */
const devicesOf = (d: Dialect) =>
  fc
    .array(
      fc.record({
        beyond: fc.nat(40),
        dev: fc.nat(Math.min(d.limits.devIndex, 5)),
        start: fc.bigInt(0n, 64n * MIB),
        size: fc.bigInt(0n, 8n * GIB),
      }),
      {
        maxLength: 6,
      },
    )
    .map(list =>
      list.map(({ beyond, dev, start, size }, i) => ({
        dev_index: beyond === 40 ? d.limits.devIndex + 1 : dev,
        start: start + (beyond === 39 ? 0n : BigInt(i) * 16n * GIB),
        size,
      })),
    )

const options = (d: Dialect): fc.Arbitrary<PlanOptions> =>
  fc.record(
    {
      size: fc.oneof(fc.bigInt(0n, 5000n), fc.bigInt(0n, 200n * MIB), fc.bigInt(0n, 16n * GIB)),
      devices: devicesOf(d),
      strips: fc.oneof(fc.constantFrom(1, 2, 8), fc.integer({ min: 1, max: 33 })),
      chunk: fc.constantFrom(4096, 0x200000, 0x200000, 0x400000, 12288),
      extent: fc.bigInt(1n, 64n * MIB),
      align: fc.constantFrom(4096, 0x200000, 0x200000, 0x400000),
    },
    { requiredKeys: ['size', 'devices'] },
  )

/** What is wrong in the dialect itself; that other dialects would refuse a plan may still be said. */
const objections = (map: FileMap, id: DialectId): string[] =>
  findings(fmapReply(map, id), id)
    .filter(({ severity }) => severity === 'error')
    .map(({ rule }) => rule)

describe.each(famfsDialectIds.map(id => [id, dialects[id] as Dialect] as const))('plans for %s', (id, dialect) => {
  it('are legal and clean, or a refusal', () => {
    let made = 0
    fc.assert(
      fc.property(options(dialect), asked => {
        const planned = tryPlan(asked, id)
        if (!planned.ok) {
          expect(['unsupported', 'range']).toContain(planned.error.code)
          return
        }
        made++
        expect(verdict(fmapReply(planned.value, id), id).errno).toBe(0)
        expect(objections(planned.value, id)).toEqual([])
        expect(planned.value.file_size).toBe(asked.size)
        if (asked.size > 0n) expect(resolve(planned.value, asked.size - 1n, 1n, id)).toMatchObject({ rc: 0, length: 1n })
      }),
      { numRuns: Math.ceil(MAPS / 5) },
    )
    expect(made).toBeGreaterThan(5)
  })

  it('with room and in the plain form always succeed, and nobody has anything to say', () => {
    const sound = dialect.resolver?.groups === 'smaller'
    const plain = fc.record(
      // above 16 strips a peer warns of fuse-v1
      { size: fc.bigInt(1n, 64n * GIB), strips: fc.integer({ min: 1, max: 16 }) },
      { requiredKeys: ['size'] },
    )
    fc.assert(
      fc.property(plain, asked => {
        const { strips, ...rest } = asked
        const groups = sound && strips !== undefined ? { strips } : {}
        const map = plan({ ...rest, ...groups, devices: [{ dev_index: 0, start: 10n * MIB, size: 256n * GIB }] }, id)
        const said = findings(fmapReply(map, id), id, { deviceSizes: { 0: 10n * MIB + 256n * GIB } })
        expect(said.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

describe('a plan', () => {
  const one = { dev_index: 0, start: GIB, size: GIB }

  it('takes one piece where there is one, whatever its place', () => {
    const devices = [
      { dev_index: 0, start: 0n, size: 4n * MIB },
      { dev_index: 0, start: GIB, size: 8n * MIB },
    ]
    expect(plan({ size: 5n * MIB, devices }, 'fuse-v10').extents).toEqual([{ dev_index: 0, offset: GIB, len: 6n * MIB }])
    expect(plan({ size: 11n * MIB, devices }, 'fuse-v10').extents).toEqual([
      { dev_index: 0, offset: 0n, len: 4n * MIB },
      { dev_index: 0, offset: GIB, len: 8n * MIB },
    ])
  })

  it('takes the largest pieces first when it must', () => {
    const devices = [2n, 2n, 8n, 4n].map((size, i) => ({ dev_index: 0, start: BigInt(i) * GIB, size: size * MIB }))
    expect(plan({ size: 11n * MIB, devices }, 'fuse-v1').extents).toEqual([
      { dev_index: 0, offset: 2n * GIB, len: 8n * MIB },
      { dev_index: 0, offset: 3n * GIB, len: 4n * MIB },
    ])
  })

  it('makes extents that are all alike', () => {
    const map = plan({ size: 7n * MIB, devices: [one], extent: 2n * MIB }, 'fuse-push')
    expect(map.extents).toHaveLength(4)
    expect(verdict(fmapReply(map, 'fuse-push'), 'fuse-push')).toMatchObject({ meta: { ext_shift: 21 } })
  })

  it('gives a file of 0 bytes an extent all the same', () => {
    expect(plan({ size: 0n, devices: [one] }, 'fuse-v10')).toEqual({
      ext_type: 'simple',
      file_size: 0n,
      extents: [{ dev_index: 0, offset: GIB, len: 2n * MIB }],
    })
  })

  it('deals strips out to the devices in turn, past those that are full', () => {
    const devices = [0, 1, 2].map(dev_index => ({ dev_index, size: dev_index === 1 ? 2n * MIB : GIB }))
    const map = plan({ size: 7n * MIB, devices, strips: 4 }, 'fuse-push-il')
    expect(map).toMatchObject({
      file_size: 7n * MIB,
      extents: [
        {
          nstrips: 4,
          chunk_size: 0x200000,
          nbytes: 7n * MIB,
          strips: [{ dev_index: 0 }, { dev_index: 1 }, { dev_index: 2 }, { dev_index: 0 }],
        },
      ],
    })
    expect([...ranges(map)].map(({ dev }) => dev)).toEqual([0, 1, 2, 0])
  })

  const refusals: readonly (readonly [string, Partial<PlanOptions>, DialectId, string])[] = [
    ['too large', { size: 2n * GIB }, 'fuse-v10', 'no room for 2147483648 bytes: 1073741824 bytes are free'],
    ['no device', { devices: [] }, 'fuse-v10', '0 bytes are free'],
    ['no device for strips', { devices: [], strips: 2 }, 'fuse-v10', 'no room for 2 strips of 2097152 bytes'],
    [
      'one unit too few',
      { size: 2n * MIB + 1n, devices: [{ dev_index: 0, start: 1n, size: 5n * MIB }] },
      'fuse-v10',
      '2097152 bytes are free',
    ],
    ['in too many pieces', { size: GIB, extent: 2n * MIB }, 'fuse-v10', 'need more than 32 extents'],
    ['another device', { devices: [{ ...one, dev_index: 1 }] }, 'fuse-v10', 'takes device indices up to 0, not 1'],
    ['interleaved', { strips: 2 }, 'fuse-push', 'take no interleaved maps'],
    ['interleaved, unreadable', { strips: 2 }, 'fuse-v4', 'find nothing in them'],
    ['strips', { strips: 17 }, 'fuse-v1', 'takes 1 to 16 strips, not 17'],
    ['no strips', { strips: 0 }, 'fuse-v1', 'takes 1 to 16 strips, not 0'],
    ['half a strip', { strips: 1.5 }, 'fuse-v1', 'not 1.5'],
    ['small chunks', { strips: 2, chunk: 4096 }, 'fuse-v10', 'refuses this map with errno 22: chunk_align'],
    ['small alignment', { align: 4096, size: 4096n }, 'fuse-v10', 'refuses this map with errno 22: ext_errors'],
    ['nothing to interleave', { strips: 2, size: 0n }, 'fuse-v10', 'a group holds at least one byte'],
    ['a negative size', { size: -1n }, 'fuse-v10', 'a file has 0 to 2^63-1 bytes, not -1'],
    ['a huge size', { size: 1n << 63n }, 'fuse-v10', 'a file has 0 to 2^63-1 bytes'],
    ['an odd alignment', { align: 5000 }, 'fuse-v10', 'a multiple of the page size 4096, not 5000'],
    ['no alignment', { align: 0 }, 'fuse-v10', 'not 0'],
    ['an odd chunk', { chunk: 5000 }, 'fuse-v10', 'a multiple of the page size 4096 below 2^32, not 5000'],
    ['a huge chunk', { chunk: 2 ** 32 }, 'fuse-v10', 'below 2^32'],
    ['no slot', { devices: [{ ...one, dev_index: -1 }] }, 'fuse-v10', 'a slot of the device table, not -1'],
    ['beyond the device', { devices: [{ ...one, size: 1n << 64n }] }, 'fuse-v10', 'are not all on a device'],
    ['memory twice', { devices: [one, { ...one, start: GIB + MIB }] }, 'fuse-v10', 'of device 0 are given twice'],
    ['too many bytes', { size: 800n * MIB, extent: 4096n, align: 4096, devices: [{ dev_index: 0, size: GIB }] }, 'fuse-push-il', 'enomem'],
  ]
  test.each(refusals)('is refused: %s', (_, asked, dialect, why) => {
    const planned = tryPlan({ size: MIB, devices: [one], ...asked }, dialect)
    expect(planned).toMatchObject({ ok: false, error: { name: 'WireError', message: expect.stringContaining(why) } })
  })

  it('throws what tryPlan returns', () => {
    expect(() => plan({ size: GIB * 2n, devices: [one] }, 'fuse-v2')).toThrow('no room for 2147483648 bytes')
    expect(() => plan({ size: 1n, devices: [one] }, 'fuse')).toThrow('no kernel of dialect fuse asks for GET_FMAP')
  })
})

describe('the reply with a map', () => {
  const map = plan({ size: MIB, devices: [{ dev_index: 0, size: GIB }] }, 'fuse-v1')
  const many: FileMap = { ...map, extents: Array.from({ length: 200 }, () => ({ dev_index: 0, offset: 0n, len: 2n * MIB })) } as FileMap

  it('has the form and the length of its dialect', () => {
    expect(fmapReply(map, 'fuse-v1')).toHaveLength(4096)
    expect(fmapReply(map, 'fuse-v10')).toHaveLength(56)
    expect(new DataView(fmapReply(map, 'fuse-push').buffer).getUint32(12, true)).toBe(56)
  })
  it('must fit', () => expect(() => fmapReply(many, 'fuse-v10')).toThrow('the map has 4832 bytes, a kernel of dialect fuse-v10 takes 4096'))
})
