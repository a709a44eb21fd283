/** Ranges, pages, owners, and the other form of a map: what is refused, and what no random map shows. */
import { describe, expect, it, test } from 'vitest'
import { type FileMap, fmapFields, mapOf, ownersOf, pageSize, ranges, resolve, reverse, toInterleave, unroll } from '../src/kernel/index.ts'
import { mapA, mapB } from './kernel-examples.ts'

const MIB = 1n << 20n
const GIB = 1n << 30n
const MIB2 = 0x200000

interface Shape {
  readonly chunk?: number
  readonly nbytes?: bigint
  readonly file_size?: bigint
  readonly strips?: readonly (readonly [offset: bigint, len: bigint])[]
}

/** One group of two strips of 4 MiB, with chunks of 2 MiB. */
function striped({ chunk = MIB2, nbytes = 8n * MIB, file_size = nbytes, strips = [] }: Shape): FileMap {
  const list = (strips.length === 0 ? [[GIB, 4n * MIB] as const, [2n * GIB, 4n * MIB] as const] : strips).map(([offset, len]) => ({
    dev_index: 0,
    offset,
    len,
  }))
  return { ext_type: 'interleaved', file_size, extents: [{ nstrips: list.length, chunk_size: chunk, nbytes, strips: list }] }
}

const simple = (file_size: bigint, ...extents: readonly (readonly [offset: bigint, len: bigint])[]): FileMap => ({
  ext_type: 'simple',
  file_size,
  extents: extents.map(([offset, len]) => ({ dev_index: 0, offset, len })),
})

const refused = (path: string, why: string): unknown =>
  expect.objectContaining({ name: 'WireError', code: 'range', path, message: expect.stringContaining(why) })

describe('ranges', () => {
  it('are cut at the end of the file, as read(2) is', () => {
    expect([...ranges(mapA, 0x2fffffn, 100n)]).toEqual([{ dev: 0, addr: 0x800fffffn, length: 1n }])
    expect([...ranges(mapA, 0x300000n, 100n)]).toEqual([])
    expect([...ranges(mapA, 1n << 70n, 1n)]).toEqual([])
    expect([...ranges(mapB, 0n, 0n)]).toEqual([])
  })

  it('go over extents without bytes', () => {
    expect([...ranges(simple(4n, [0n, 2n], [7n, 0n], [9n, 2n]))]).toEqual([
      { dev: 0, addr: 0n, length: 2n },
      { dev: 0, addr: 9n, length: 2n },
    ])
  })

  it('end with a group, where a kernel goes on in the chunk', () => {
    const map: FileMap = {
      ext_type: 'interleaved',
      file_size: 5n * MIB,
      extents: [...striped({ nbytes: 3n * MIB }).extents, ...striped({ nbytes: 2n * MIB }).extents] as never,
    }
    expect([...ranges(map, 2n * MIB, 2n * MIB)]).toEqual([
      { dev: 0, addr: 2n * GIB, length: MIB },
      { dev: 0, addr: GIB, length: MIB },
    ])
    expect(resolve(map, 2n * MIB, 2n * MIB, 'fuse-v10')).toEqual({ rc: 0, dev: 0, addr: 2n * GIB, length: 2n * MIB })
  })

  test.each([
    ['offset', 'starts at 0 or later', mapA, -1n, 1n],
    ['offset', 'starts at 0 or later', mapA, 0n, -1n],
    ['file_size', 'the map holds 2 bytes of a file of 3', simple(3n, [0n, 2n]), 0n, 3n],
    ['file_size', 'the map holds 8388608 bytes of a file of 9437184', striped({ file_size: 9n * MIB }), 0n, 9n * MIB],
    ['extents[0].ie_chunk_size', 'chunks of 0 bytes', striped({ chunk: 0 }), 0n, 1n],
    [
      'extents[0].ie_strips[1].se_len',
      'byte 6291456 of the file would lie behind the end',
      striped({
        strips: [
          [0n, 4n * MIB],
          [GIB, 2n * MIB],
        ],
      }),
      0n,
      8n * MIB,
    ],
    ['extents[0].se_offset', 'beyond 2^64', simple(2n * MIB, [(1n << 64n) - MIB, 2n * MIB]), 0n, 2n * MIB],
  ] as const)('are refused at %s: %s', (path, why, map, offset, length) => {
    expect(() => [...ranges(map, offset, length)]).toThrow(refused(path, why) as Error)
  })

  it('without strips there is nothing', () => {
    const map = { ...mapB, extents: [{ nstrips: 0, chunk_size: MIB2, nbytes: MIB, strips: [] }] } as FileMap
    expect(() => [...ranges(map)]).toThrow(refused('extents[0].ie_nstrips', 'a group without strips') as Error)
  })

  it('what is wrong elsewhere does not matter', () => {
    const map = striped({
      strips: [
        [0n, 4n * MIB],
        [GIB, 2n * MIB],
      ],
    })
    expect([...ranges(map, 0n, 6n * MIB)]).toHaveLength(3)
  })
})

describe('pageSize', () => {
  const why = (map: FileMap, offset: bigint): unknown => {
    const { size, larger } = pageSize(map, offset)
    return [size, ...larger.map(each => each.why)]
  }
  test.each([
    ['a page of 1 GiB', simple(2n * GIB, [4n * GIB, 2n * GIB]), GIB + 5n, [2 ** 30]],
    ['2 MiB, since the device is not aligned', simple(2n * GIB, [GIB + 2n * MIB, 2n * GIB]), 0n, [MIB2, 'alignment']],
    ['2 MiB, since the extent ends', simple(2n * GIB, [GIB, 2n * MIB], [4n * GIB, 2n * GIB]), 0n, [MIB2, 'extent-end']],
    ['2 MiB, since the chunk ends', { ...striped({}), file_size: 8n * MIB } as FileMap, 0n, [MIB2, 'file-end']],
    ['4 KiB at the end of a file', simple(3n * MIB, [GIB, 4n * MIB]), 2n * MIB, [4096, 'file-end', 'file-end']],
    ['the last page, which ends behind the file', simple(2n * MIB - 100n, [GIB, 2n * MIB]), 0n, [MIB2, 'file-end']],
    ['none behind the last page', simple(3n * MIB, [GIB, 4n * MIB]), 3n * MIB, [0, 'file-end', 'file-end', 'file-end']],
    ['none where the map ends first', simple(4n * GIB, [GIB, 2n * GIB]), 3n * GIB, [0, 'unmapped', 'unmapped', 'unmapped']],
    ['none where the device is off the page', simple(4096n, [100n, 4096n]), 0n, [0, 'file-end', 'file-end', 'alignment']],
  ] as const)('%s', (_, map, offset, expected) => expect(why(map, offset)).toEqual(expected))

  it('is bounded by the chunk in a large interleaved file', () => {
    const map = striped({
      nbytes: 4n * GIB,
      strips: [
        [0n, 2n * GIB],
        [8n * GIB, 2n * GIB],
      ],
    })
    expect(pageSize(map, 3n * MIB)).toEqual({
      size: MIB2,
      larger: [{ size: 2 ** 30, why: 'chunk-end', detail: 'the chunk with byte 0x0 ends 0x200000 bytes on' }],
    })
    expect(
      why(
        striped({
          chunk: 2 ** 30,
          nbytes: 4n * GIB,
          strips: [
            [0n, 2n * GIB],
            [8n * GIB, 2n * GIB],
          ],
        }),
        3n * GIB,
      ),
    ).toEqual([2 ** 30])
  })

  it('knows other machines', () => {
    expect(pageSize(simple(GIB, [0n, GIB]), 0n, { pageSize: 65536, pmdSize: 2 ** 29 })).toMatchObject({
      size: 2 ** 29,
      larger: [{ size: 2 ** 38 }],
    })
  })

  it('wants a byte of a file', () => expect(() => pageSize(mapA, -1n)).toThrow(refused('offset', 'a byte of a file') as Error))
})

describe('owners', () => {
  const index = reverse([
    ['a', mapA],
    [
      'b',
      {
        ...mapB,
        extents: [
          {
            ...mapB.extents[0],
            strips: [
              { dev_index: 1, offset: 0n, len: 4n * MIB },
              { dev_index: 1, offset: 4n * MIB, len: 6n * MIB },
            ],
          },
        ],
      } as FileMap,
    ],
  ])

  it('with the byte of the file, extent and strip', () => {
    expect(ownersOf(index, 0, 0x80000001n)).toEqual([{ file: 'a', offset: 0x200001n, extent: 1 }])
    expect(ownersOf(index, 1, 3n * MIB)).toEqual([{ file: 'b', offset: 5n * MIB, extent: 0, strip: 0 }])
    expect(ownersOf(index, 1, 4n * MIB)).toEqual([{ file: 'b', offset: 2n * MIB, extent: 0, strip: 1 }])
  })

  it('none at other places', () => {
    expect(ownersOf(index, 7, 0n)).toEqual([])
    expect(ownersOf(index, 0, 0n)).toEqual([])
    expect(ownersOf(index, 0, 0x40200000n)).toEqual([])
    expect(ownersOf(index, 1, 10n * MIB)).toEqual([])
  })

  it('without a byte where the file has only room', () => {
    expect(ownersOf(index, 0, 0x80100000n)).toEqual([{ file: 'a', offset: null, extent: 1 }])
    expect(ownersOf(index, 1, 9n * MIB)).toEqual([{ file: 'b', offset: null, extent: 0, strip: 1 }])
    const odd = reverse([['z', striped({ chunk: 0 })]])
    expect(ownersOf(odd, 0, GIB)).toEqual([{ file: 'z', offset: null, extent: 0, strip: 0 }])
  })

  it('behind the end of the file, although the group goes on', () => {
    expect(ownersOf(reverse([['z', striped({ file_size: MIB })]]), 0, 2n * GIB)).toEqual([{ file: 'z', offset: null, extent: 0, strip: 1 }])
  })

  it('all of them, where files overlap: the nearest first', () => {
    const crowd = reverse([
      ['all', simple(100n, [0n, 100n])],
      ['none', simple(0n, [20n, 0n])],
      ['left', simple(10n, [0n, 10n])],
      ['mid', simple(20n, [40n, 20n])],
      ['same', simple(20n, [40n, 20n])],
    ])
    const at = (addr: bigint): unknown =>
      ownersOf(crowd, 0, addr)
        .map(({ file }) => file)
        .sort()
    expect([at(5n), at(20n), at(45n), at(60n), at(100n)]).toEqual([['all', 'left'], ['all'], ['all', 'mid', 'same'], ['all'], []])
    expect(ownersOf(crowd, 0, 45n)[2]).toMatchObject({ file: 'all' })
  })

  it('exactly, where numbers round', () => {
    const far = 1n << 60n
    const pieces = [3n, 1n, 0n, 2n].map(i => [i, simple(1n, [far + i, 1n])] as const)
    for (let i = 0n; i < 4n; i++) expect(ownersOf(reverse(pieces), 0, far + i)).toEqual([{ file: i, offset: 0n, extent: 0 }])
    expect(ownersOf(reverse(pieces), 0, far - 1n)).toEqual([])
    expect(ownersOf(reverse(pieces), 0, far + 4n)).toEqual([])
  })

  it('up to the last address', () => {
    const top = reverse([['top', simple(MIB, [(1n << 64n) - MIB, 2n * MIB])]])
    expect(ownersOf(top, 0, (1n << 64n) - 1n)).toEqual([{ file: 'top', offset: MIB - 1n, extent: 0 }])
  })
})

describe('unroll', () => {
  const pairs = (map: FileMap): unknown => unroll(map).extents.map(({ offset, len }) => [offset, len])

  it('leaves simple maps as they are', () => {
    expect(unroll(mapA)).toBe(mapA)
    expect(unroll(mapA, 'fuse-v10')).toBe(mapA)
  })

  it('makes extents that are all alike, and that are aligned at the end', () => {
    const map = unroll(mapB, 'fuse-push')
    expect(map.extents.map(({ offset, len }) => [offset, len])).toEqual([
      [0x40000000n, 0x200000n],
      [0x80000000n, 0x200000n],
      [0x40200000n, 0x200000n],
      [0x80200000n, 0x200000n],
    ])
  })

  it('joins what follows on the device when it is not alike, or when that is one extent', () => {
    expect(pairs(striped({ strips: [[GIB, 8n * MIB]] }))).toEqual([[GIB, 8n * MIB]])
    // two strips that lie behind each other chunk by chunk, with a third chunk that is shorter
    expect(
      pairs(
        striped({
          chunk: 3 * MIB2,
          nbytes: 18n * MIB,
          strips: [
            [0n, 12n * MIB],
            [6n * MIB, 12n * MIB],
          ],
        }),
      ),
    ).toEqual([
      [0n, 12n * MIB],
      [6n * MIB, 6n * MIB],
    ])
  })

  it('joins when the dialect would not take them otherwise', () => {
    // 12 groups of one stripe, whose first two chunks follow each other: 36 chunks that are alike, or 24 extents that are not
    const groups = Array.from({ length: 12 }, (_, i) => {
      const at = BigInt(i) * GIB
      return striped({
        nbytes: 6n * MIB,
        strips: [
          [at, 2n * MIB],
          [at + 2n * MIB, 2n * MIB],
          [at + 8n * MIB, 2n * MIB],
        ],
      }).extents
    })
    const map = { ext_type: 'interleaved', file_size: 72n * MIB, extents: groups.flat() } as FileMap
    expect(unroll(map).extents).toHaveLength(36)
    expect(unroll(map, 'fuse-push').extents).toHaveLength(36)
    expect(unroll(map, 'fuse-v10').extents).toHaveLength(24)
    const many = {
      ...striped({
        nbytes: 80n * MIB,
        strips: [
          [0n, 80n * MIB],
          [GIB, 80n * MIB],
        ],
      }),
      file_size: 80n * MIB,
    } as FileMap
    expect(() => unroll(many, 'fuse-v10')).toThrow('refuses this map with errno 34: nextents_max')
    expect(unroll(many, 'fuse-push').extents).toHaveLength(40)
  })

  it('has an extent for a file of 0 bytes, and none for groups behind the end of the file', () => {
    expect(unroll(striped({ file_size: 0n }))).toEqual(simple(0n, [GIB, 2n * MIB]))
    const map = { ...mapB, file_size: MIB, extents: [...mapB.extents, ...mapB.extents] } as FileMap
    expect(unroll(map).extents).toHaveLength(1)
  })

  it('ends with its strip where that is shorter than the chunk', () => {
    expect(
      pairs(
        striped({
          nbytes: 3n * MIB,
          strips: [
            [0n, 2n * MIB],
            [GIB, MIB],
          ],
        }),
      ),
    ).toEqual([
      [0n, 2n * MIB],
      [GIB, MIB],
    ])
  })

  it('knows in which group the file ends', () => {
    const map = {
      ...mapB,
      file_size: 9n * MIB,
      extents: [...striped({}).extents, ...striped({ strips: [[4n * GIB, 8n * MIB]] }).extents],
    } as FileMap
    expect(pairs(map)).toEqual([
      [GIB, 2n * MIB],
      [2n * GIB, 2n * MIB],
      [GIB + 2n * MIB, 2n * MIB],
      [2n * GIB + 2n * MIB, 2n * MIB],
      [4n * GIB, 2n * MIB],
    ])
  })

  it('is refused when it would be too long, or the map holds nothing', () => {
    expect(() => unroll(striped({ chunk: 1, nbytes: 2n * MIB }))).toThrow(refused('extents', 'more than 1048576 chunks') as Error)
    expect(() => unroll({ ext_type: 'interleaved', file_size: 1n, extents: [] })).toThrow(refused('extents', 'holds no byte') as Error)
  })
})

describe('toInterleave', () => {
  it('makes groups of one strip, with pages for chunks where extents are not whole PMDs', () => {
    expect(toInterleave(simple(MIB, [GIB, 2n * MIB], [5n, 0n], [4096n, 4096n]))).toEqual({
      ext_type: 'interleaved',
      file_size: MIB,
      extents: [
        { nstrips: 1, chunk_size: MIB2, nbytes: 2n * MIB, strips: [{ dev_index: 0, offset: GIB, len: 2n * MIB }] },
        { nstrips: 1, chunk_size: 4096, nbytes: 4096n, strips: [{ dev_index: 0, offset: 4096n, len: 4096n }] },
      ],
    })
  })

  it('leaves interleaved maps as they are', () => expect(toInterleave(mapB, 'fuse-v10')).toEqual(mapB))
  it('is refused by kernels that have no groups', () => expect(() => toInterleave(mapA, 'fuse-push')).toThrow('errno 22: ext_type'))
  it('is taken by the others', () => expect(toInterleave(mapA, 'fuse-v10').extents).toHaveLength(2))
  it('is refused without a byte', () =>
    expect(() => toInterleave(simple(0n, [0n, 0n]))).toThrow(refused('extents', 'the map holds no byte') as Error))

  it('resolves alike inside the file', () => {
    const other = toInterleave(mapA)
    for (const offset of [0n, 1n, 0x1fffffn, 0x200000n, 0x2fffffn])
      expect(resolve(other, offset, 1n, 'fuse-v10')).toEqual(resolve(mapA, offset, 1n, 'fuse-v10'))
  })
})

describe('the fields of a message', () => {
  it('and back', () => {
    for (const map of [mapA, mapB]) expect(mapOf(fmapFields(map))).toEqual(map)
    expect(fmapFields(mapA)).toEqual({
      ext_type: 0,
      file_size: 0x300000n,
      extents: [
        { se_devindex: 0, se_offset: 0x40000000n, se_len: 0x200000n },
        { se_devindex: 0, se_offset: 0x80000000n, se_len: 0x200000n },
      ],
    })
  })
})
