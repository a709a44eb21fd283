/** Maps as notifications of fuse-iomap and back: the same bytes at the same places, and what is lost is said. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WireError } from '../../src/codec/index.ts'
import { decodeNotify } from '../../src/codec/message.ts'
import type { FileMap, SimpleMap } from '../../src/kernel/index.ts'
import { decodeUpserts, fromIomap, toIomap, unroll } from '../../src/kernel/index.ts'
import { merged } from '../../src/kernel/unroll.ts'
import { fuseIomap } from '../../src/uapi/index.ts'

const MIB2 = 0x200000n
const extent = fc.record(
  {
    dev_index: fc.integer({ min: 0, max: 7 }),
    offset: fc.bigInt({ min: 0n, max: 1n << 40n }),
    len: fc.bigInt({ min: 0n, max: 1n << 40n }),
  },
  { noNullPrototype: true },
)
const simple: fc.Arbitrary<SimpleMap> = fc.record(
  {
    ext_type: fc.constant('simple' as const),
    file_size: fc.bigInt({ min: 0n, max: 1n << 45n }),
    extents: fc.array(extent, { minLength: 1, maxLength: 12 }),
  },
  { noNullPrototype: true },
)
const interleaved: fc.Arbitrary<FileMap> = fc
  .record({
    nstrips: fc.integer({ min: 1, max: 5 }),
    chunks: fc.integer({ min: 1, max: 20 }),
    cut: fc.bigInt({ min: 0n, max: MIB2 - 1n }),
    base: fc.bigInt({ min: 0n, max: 1000n }),
  })
  .map(({ nstrips, chunks, cut, base }) => {
    const each = BigInt(Math.ceil(chunks / nstrips)) * MIB2
    const strips = Array.from({ length: nstrips }, (_, i) => ({ dev_index: i % 2, offset: (base + BigInt(i) * 64n) * MIB2, len: each }))
    const nbytes = BigInt(chunks) * MIB2
    return { ext_type: 'interleaved', file_size: nbytes - cut, extents: [{ nstrips, chunk_size: Number(MIB2), nbytes, strips }] }
  })

const all = (messages: readonly Uint8Array[]): Uint8Array => Uint8Array.from(messages.flatMap(message => [...message]))

describe('a map as notifications', () => {
  it('comes back: simple maps extent by extent, but for those of no bytes', () => {
    fc.assert(
      fc.property(simple, fc.bigInt({ min: 1n, max: 1n << 63n }), (map, nodeid) => {
        const { messages, upserts, lost } = toIomap(map, { nodeid, attrIno: 77n })
        const held = map.extents.filter(({ len }) => len > 0n)
        expect(messages).toHaveLength(held.length)
        expect(decodeUpserts(all(messages))).toStrictEqual(upserts)
        expect(lost.filter(({ path }) => path.startsWith('extents['))).toHaveLength(map.extents.length - held.length)
        if (held.length === 0) return
        const back = fromIomap(decodeUpserts(all(messages)), { fileSize: map.file_size })
        expect(back).toStrictEqual({ map: { ...map, extents: held }, nodeid, attrIno: 77n, lost: [] })
      }),
    )
  })

  it('comes back: groups as the runs of their chunks, which hold the same bytes', () => {
    fc.assert(
      fc.property(interleaved, map => {
        const { messages, lost } = toIomap(map, { nodeid: 2n })
        const runs = merged(unroll(map).extents)
        expect(messages).toHaveLength(runs.length)
        expect(lost.map(({ path }) => path)).toStrictEqual(['file_size', 'extents', 'dev_index'])
        expect(fromIomap(decodeUpserts(all(messages)), { fileSize: map.file_size }).map).toStrictEqual({
          ext_type: 'simple',
          file_size: map.file_size,
          extents: runs,
        })
      }),
    )
  })

  it('comes back in any order, and with other numbers of devices', () => {
    fc.assert(
      fc.property(simple, fc.integer(), (map, seed) => {
        const { upserts } = toIomap(map, { nodeid: 2n, deviceOf: index => index + 100 })
        fc.pre(upserts.length > 0)
        const shuffled = upserts.map((u, i) => ({ u, at: (i * 7919 + seed) % 101 })).sort((a, b) => a.at - b.at)
        const back = fromIomap(
          shuffled.map(({ u }) => u),
          { fileSize: map.file_size, indexOf: dev => dev - 100 },
        )
        expect(back.map.extents).toStrictEqual(map.extents.filter(({ len }) => len > 0n))
      }),
    )
  })

  it('is a whole notification of 96 bytes that the dialect names', () => {
    const map: FileMap = { ext_type: 'simple', file_size: MIB2, extents: [{ dev_index: 1, offset: MIB2, len: MIB2 }] }
    const [message] = toIomap(map, { nodeid: 5n }).messages
    expect(message).toHaveLength(96)
    const read = decodeNotify(message as Uint8Array, { dialect: fuseIomap })
    expect(read).toMatchObject({ code: 'IOMAP_UPSERT_MAPPINGS', header: { error: 100, unique: 0n } })
    expect(read.body).toMatchObject({ nodeid: 5n, attr_ino: 5n, read: { addr: MIB2, type: 2, dev: 1 }, write: { type: 255 } })
  })
})

describe('refused', () => {
  const [upsert] = toIomap(
    { ext_type: 'simple', file_size: 1n, extents: [{ dev_index: 0, offset: 0n, len: MIB2 }] },
    { nodeid: 2n },
  ).upserts
  const one = upsert as NonNullable<typeof upsert>

  it.each([
    ['', []],
    ['[0].read.offset', [{ ...one, read: { ...one.read, offset: 1n } }]],
    ['[1].read.offset', [one, one]],
    ['[0].read.type', [{ ...one, read: { ...one.read, type: 0 } }]],
    ['[1].nodeid', [one, { ...one, nodeid: 3n }]],
  ])('what no map can say: %s', (path, upserts) => {
    expect(() => fromIomap(upserts)).toThrow(expect.objectContaining({ code: 'unsupported', path }))
  })

  it('what no notification can say', () => {
    const extents = [0, 1].map(dev_index => ({ dev_index, offset: 0n, len: 1n << 63n }))
    expect(() => toIomap({ ext_type: 'simple', file_size: 0n, extents }, { nodeid: 2n })).toThrow(
      expect.objectContaining({ code: 'range' }),
    )
    expect(() => toIomap({ ext_type: 'simple', file_size: 0n, extents: extents.slice(1) }, { nodeid: 2n, deviceOf: () => -1 })).toThrow(
      WireError,
    )
  })

  it('messages that are something else, by their place', () => {
    const { messages } = toIomap({ ext_type: 'simple', file_size: 1n, extents: [{ dev_index: 0, offset: 0n, len: MIB2 }] }, { nodeid: 2n })
    const wrong = Uint8Array.from(messages[0] as Uint8Array)
    wrong[4] = 99
    expect(() => decodeUpserts(all([messages[0] as Uint8Array, wrong]))).toThrow(WireError)
    const reply = Uint8Array.of(16, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    expect(() => decodeUpserts(all([messages[0] as Uint8Array, reply]))).toThrow(
      expect.objectContaining({ code: 'tag', path: '[1].header.error', offset: 100 }),
    )
  })
})

it('what a mapping says besides its place is named', () => {
  const { upserts } = toIomap({ ext_type: 'simple', file_size: 1n, extents: [{ dev_index: 0, offset: 0n, len: MIB2 }] }, { nodeid: 2n })
  const [one] = upserts
  if (one === undefined) throw new Error('there is one')
  const { lost } = fromIomap([{ ...one, read: { ...one.read, flags: 4 }, write: { ...one.read, addr: 5n } }])
  expect(lost.map(({ path }) => path)).toStrictEqual(['file_size', '[0].read.flags', '[0].write'])
})
