/** What there is to object to in a map, and where. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { findings } from '../src/validate/findings/index.ts'
import { brief, groups, lines, message, one, PMD, two, type Words } from './findings-messages.ts'

describe('findings', () => {
  it('has nothing to say about good maps', () => {
    for (const id of famfsDialectIds.filter(id => id !== 'fuse-v1')) expect(findings(message(80, two), id)).toEqual([])
    expect(findings(message(4096, two), 'fuse-v1')).toEqual([])
    expect(findings(message(128, groups), 'fuse-v10')).toEqual([])
  })

  it('goes on where the kernel stops, and lists in the order of the bytes', () => {
    const bad = message(81, { ...two, 8: 2, 16: 5n * PMD, 24: 7n, 32: 40, 40: 1n, 56: 2, 60: 9, 64: 4096n, 72: PMD + 4096n })
    bad.set([9, 1, 2, 0])
    expect(brief(findings(bad, 'fuse-v10'))).toEqual([
      ['fmap/file-type', 'note', 'file_type', 0, 1],
      ['fmap/reserved', 'note', 'reserved', 1, 1],
      ['fmap/version', 'warning', 'fmap_version', 2, 2],
      ['fmap/file-size-uncovered', 'error', 'file_size', 16, 8],
      ['fmap/reserved', 'note', 'reserved1', 24, 8],
      ['fmap/devindex-shift', 'error', 'extents[0].se_devindex', 32, 4],
      ['fmap/offset-page', 'error', 'extents[0].se_offset', 40, 8],
      ['fmap/devindex', 'error', 'extents[1].se_devindex', 56, 4],
      ['fmap/reserved', 'note', 'extents[1].reserved', 60, 4],
      ['fmap/offset-pmd', 'error', 'extents[1].se_offset', 64, 8],
      ['fmap/length-pmd', 'error', 'extents[1].se_len', 72, 8],
      ['fmap/trailing', 'note', 'trailing', 80, 1],
    ])
  })

  it('says what it found and what should be there', () => {
    const bad = message(81, { ...two, 12: 3, 16: 5n * PMD, 32: 40, 40: 1n, 56: 2, 64: 4096n, 72: PMD + 4096n })
    bad.set([9, 0, 2, 0])
    expect(lines(findings(bad, 'fuse-push'))).toEqual([
      'fmap/file-type note: file_type is 9, only 0, 1 and 2 have a meaning',
      'fmap/version warning: fmap_version is 2, should be 1',
      'fmap/size-field warning: fmap_size is 3, the message has 81 bytes',
      'fmap/file-size-uncovered error: file_size is 10485760, the lengths sum up to 4198400',
      'fmap/devindex error: se_devindex is 40, most kernels take 0 only',
      'fmap/offset-page error: se_offset 1 is not a multiple of the page size 4096',
      'fmap/devindex error: se_devindex is 2, most kernels take 0 only',
      'fmap/offset-pmd error: se_offset 4096 is not a multiple of the PMD size 2097152',
      'fmap/length-pmd error: se_len 2101248 is not a multiple of the PMD size 2097152',
      'fmap/trailing note: the map ends at byte 80, the message at 81',
    ])
  })

  it('knows where every part would have ended', () => {
    const truncated = (size: number, words: Words): string | undefined =>
      findings(message(size, words), 'fuse-v10').find(f => f.rule === 'fmap/truncated')?.message
    expect(truncated(31, one)).toBe('the header ends at byte 32, the message at 31')
    expect(truncated(79, two)).toBe('the extents end at byte 80, the message at 79')
    expect(truncated(103, groups)).toBe('the head of group 1 ends at byte 104, the message at 103')
    expect(truncated(127, groups)).toBe('the strips of group 1 end at byte 128, the message at 127')
  })

  it('judges what is there of a map that is cut, and its sums not at all', () => {
    expect(brief(findings(message(79, { ...two, 16: 99n * PMD, 40: 1n }), 'fuse-v10'))).toEqual([
      ['fmap/truncated', 'error', 'nextents', 8, 4],
      ['fmap/offset-page', 'error', 'extents[0].se_offset', 40, 8],
    ])
    expect(brief(findings(message(127, { ...groups, 16: 99n * PMD, 64: 1n, 80: 2 }), 'fuse-v10'))).toEqual([
      ['fmap/offset-page', 'error', 'extents[0].ie_strips[0].se_offset', 64, 8],
      ['fmap/truncated', 'error', 'extents[1].ie_nstrips', 80, 4],
    ])
    expect(brief(findings(message(31, { 24: 1 }), 'fuse-v10'))).toEqual([['fmap/truncated', 'error', '', 0, 32]])
    expect(brief(findings(message(120, { ...groups, 4: 2, 24: 1n, 32: 99 }), 'fuse-v10'))).toEqual([
      ['fmap/ext-type', 'error', 'ext_type', 4, 4],
      ['fmap/reserved', 'note', 'reserved1', 24, 8],
    ])
  })

  it('says nothing about a group whose head is cut', () => {
    for (const size of [81, 103]) {
      expect(brief(findings(message(size, groups), 'fuse-v10'))).toEqual([['fmap/truncated', 'error', 'nextents', 8, 4]])
    }
  })

  it('finds reserved words of groups and strips, and takes fmap_size for one in pull dialects', () => {
    const bytes = message(128, { ...groups, 12: 128, 48: 1n, 108: 2 })
    expect(brief(findings(bytes, 'fuse-v10'))).toEqual([
      ['fmap/reserved', 'note', 'reserved0', 12, 4],
      ['fmap/reserved', 'note', 'extents[0].reserved', 48, 8],
      ['fmap/reserved', 'note', 'extents[1].ie_strips[0].reserved', 108, 4],
    ])
    expect(lines(findings(bytes, 'fuse-push-il'))).toEqual([
      'fmap/reserved note: reserved, should be 0, is 1',
      'fmap/reserved note: reserved, should be 0, is 2',
    ])
  })

  it('does not divide by a chunk size of 0', () => {
    expect(brief(findings(message(128, { ...groups, 84: 0 }), 'fuse-push-il'))).toEqual([
      ['fmap/chunk-zero', 'error', 'extents[1].ie_chunk_size', 84, 4],
    ])
  })

  it('adds up groups modulo 2^64 and compares them with the file', () => {
    const beyond = findings(message(128, { ...groups, 16: PMD, 88: PMD + 1n, 120: 2n * PMD }), 'fuse-v10')
    expect(lines(beyond)).toEqual(['fmap/nbytes-beyond-file note: the groups hold 4194305 bytes, file_size is 2097152'])
    expect(findings(message(128, { ...groups, 16: PMD + 1n }), 'fuse-v10')).toEqual([])
  })

  it('takes strips that are too few for a file for just that, not for a remainder with the wrong sign', () => {
    expect(lines(findings(message(128, { ...groups, 16: 4n * PMD }), 'fuse-v10'))).toEqual([
      'fmap/file-size-uncovered error: file_size is 8388608, the lengths sum up to 4194304',
      'fmap/nbytes-uncovered warning: file_size is 8388608, the groups hold 4194304',
    ])
  })

  it('takes zeros up to one page for the custom of fuse-v1, and nothing else', () => {
    const page = message(4096, one)
    expect(findings(page, 'fuse-v1')).toEqual([])
    expect(brief(findings(page, 'fuse-v2'))).toEqual([['fmap/trailing', 'note', 'trailing', 56, 4040]])
    page[4095] = 1
    expect(brief(findings(page, 'fuse-v1'))).toEqual([['fmap/trailing', 'note', 'trailing', 56, 4040]])
    expect(brief(findings(page.subarray(0, 4095), 'fuse-v1'))).toEqual([
      ['fmap/reply-size', 'warning', '', 0, 4095],
      ['fmap/trailing', 'note', 'trailing', 56, 4039],
    ])
  })

  it('knows the largest reply of each dialect', () => {
    const sizes = (id: (typeof famfsDialectIds)[number], size: number): unknown =>
      findings(message(size, one), id).find(f => f.rule === 'fmap/reply-size')
    expect([sizes('fuse-v10', 4096), sizes('fuse-v2', 32768), sizes('fuse-push', 16777216)]).toEqual([undefined, undefined, undefined])
    expect(sizes('fuse-v10', 4097)).toEqual({
      rule: 'fmap/reply-size',
      severity: 'warning',
      path: '',
      offset: 0,
      length: 4097,
      message: 'a reply body of 4097 bytes is refused by the FUSE device, which takes up to 4096',
      acceptedBy: ['fuse-v2', 'fuse-push', 'fuse-push-il'],
    })
    expect(sizes('fuse-v2', 32769)).toMatchObject({ acceptedBy: ['fuse-push', 'fuse-push-il'] })
    expect(sizes('fuse-push', 16777217)).toMatchObject({ acceptedBy: [] })
    expect(sizes('fuse-v1', 56)).toMatchObject({ message: expect.stringMatching(/takes exactly 4096$/) })
  })

  it('believes no count', () => {
    for (const count of [2 ** 31, 2 ** 32 - 1]) {
      for (const words of [
        { ...one, 8: count },
        { ...groups, 8: count },
        { ...groups, 32: count },
        { ...groups, 80: count },
      ]) {
        for (const id of famfsDialectIds) expect(findings(message(128, words), id).filter(f => f.severity === 'error')).not.toEqual([])
      }
    }
  })

  it('counts a kernel with a lower limit among those that accept the rest of the message', () => {
    const three = message(104, { 8: 3, 16: 3n * PMD, 24: 1n, 48: PMD, 64: PMD, 72: PMD, 88: 2n * PMD, 96: PMD })
    expect(findings(three, 'fuse-v10').find(f => f.rule === 'fmap/reserved')?.acceptedBy).toEqual(famfsDialectIds)
  })

  it('tells the length of the first strip where another one differs', () => {
    const unequal = message(152, { 4: 1, 8: 1, 16: PMD, 32: 2, 36: 0x200000, 40: PMD, 72: PMD, 88: PMD, 96: 2n * PMD })
    expect(lines(findings(unequal, 'fuse-v10')).filter(line => line.startsWith('fmap/strips'))).toEqual([
      'fmap/strips-unequal note: se_len is 4194304, the first strip of the group has 2097152',
    ])
  })

  it('does not count a kernel without groups among those that accept one', () => {
    const [found] = findings(message(128, { ...groups, 36: 4096 }), 'fuse-v10')
    expect(found).toMatchObject({ rule: 'fmap/chunk-pmd', acceptedBy: ['fuse-v1', 'fuse-v2', 'fuse-v3', 'fuse-v4', 'fuse-push-il'] })
    const own = findings(message(128, { ...groups, 36: 4096 }), 'fuse-push')
    expect(brief(own)).toEqual([
      ['fmap/no-interleave', 'error', 'ext_type', 4, 4],
      ['fmap/chunk-pmd', 'warning', 'extents[0].ie_chunk_size', 36, 4],
    ])
  })
})

describe('overlaps', () => {
  const extents = (...list: readonly (readonly [number, number, number?])[]): Uint8Array => {
    const words: Record<number, number | bigint> = { 8: list.length }
    list.forEach(([offset, length, device = 0], i) => {
      words[32 + 24 * i] = device
      words[40 + 24 * i] = BigInt(offset) * PMD
      words[48 + 24 * i] = BigInt(length) * PMD
    })
    return message(32 + 24 * list.length, words)
  }
  const overlapping = (bytes: Uint8Array): unknown[] =>
    findings(bytes, 'fuse-push-il', { against: [] }).flatMap(f => (f.rule === 'fmap/overlap' ? [[f.path, f.message]] : []))

  it('are found whatever the order', () => {
    expect(overlapping(extents([5, 2], [0, 3], [2, 1], [3, 2]))).toEqual([['extents[2].se_offset', 'overlaps extents[1]']])
    expect(overlapping(extents([0, 9], [1, 1], [3, 1], [9, 1]))).toEqual([
      ['extents[1].se_offset', 'overlaps extents[0]'],
      ['extents[2].se_offset', 'overlaps extents[0]'],
    ])
    expect(overlapping(extents([0, 2], [1, 3], [3, 1]))).toEqual([
      ['extents[1].se_offset', 'overlaps extents[0]'],
      ['extents[2].se_offset', 'overlaps extents[1]'],
    ])
    expect(overlapping(extents([0, 9], [3, 6], [5, 1]))).toEqual([
      ['extents[1].se_offset', 'overlaps extents[0]'],
      ['extents[2].se_offset', 'overlaps extents[0]'],
    ])
    expect(overlapping(extents([4, 1], [4, 1]))).toEqual([['extents[1].se_offset', 'overlaps extents[0]']])
  })

  it('need bytes, and one device', () => {
    expect(overlapping(extents([0, 2], [2, 2], [1, 0], [4, 1]))).toEqual([])
    expect(overlapping(extents([0, 2, 1], [0, 2, 0], [0, 2, 2]))).toEqual([])
    expect(overlapping(extents([7, 2, 1], [0, 9, 0], [8, 1, 1]))).toEqual([['extents[2].se_offset', 'overlaps extents[0]']])
  })

  it('are compared in all 64 bits', () => {
    const far = message(104, { 8: 3, 40: 1n << 40n, 48: PMD, 64: 1n << 33n, 72: PMD, 88: (1n << 40n) + PMD, 96: PMD })
    expect(overlapping(far)).toEqual([])
    const near = message(80, { 8: 2, 40: (1n << 40n) + PMD, 48: PMD, 64: 1n << 40n, 72: 2n * PMD })
    expect(overlapping(near)).toEqual([['extents[0].se_offset', 'overlaps extents[1]']])
  })

  it('agree with comparing each pair', () => {
    const list = fc.array(fc.tuple(fc.nat(12), fc.nat(3), fc.nat(1)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(list, all => {
        const pairs = all.some(([a, m, d], i) => all.some(([b, n, e], j) => i < j && d === e && m > 0 && n > 0 && a < b + n && b < a + m))
        expect(overlapping(extents(...all)).length > 0).toBe(pairs)
      }),
    )
  })

  it('are found between strips of different groups', () => {
    expect(lines(findings(message(128, { ...groups, 112: 0n }), 'fuse-v10'))).toEqual([
      'fmap/overlap warning: overlaps extents[0].ie_strips[0]',
    ])
  })
})

describe('a walk that goes on', () => {
  it('says no more of a header, or of the head of a group, that is not there', () => {
    for (const id of ['fuse-v10', 'fuse-push-il'] as const) {
      expect(findings(message(31, one), id).map(f => f.rule)).toEqual(['fmap/truncated'])
      expect(
        findings(message(32 + 23, { 4: 1, 8: 1, 16: 1n }), id)
          .filter(f => f.severity === 'error')
          .map(f => f.rule),
      ).toEqual(['fmap/truncated'])
    }
  })

  it('tells of the rest of a map who would take that much, whatever they refuse before', () => {
    const three = message(104, { 0: 9, 8: 3, 16: 3n * PMD, 48: PMD, 64: PMD, 72: PMD, 88: 2n * PMD, 96: PMD })
    const type = findings(three, 'fuse-v10').find(f => f.rule === 'fmap/file-type')
    expect(type?.acceptedBy).toContain('fuse-v1')
    expect(type?.acceptedBy).toContain('fuse-v10')
  })

  it('names the extent that reaches furthest, and of those that reach as far the first', () => {
    const words = (offset: bigint, length: bigint, at: number) => ({ [at + 8]: offset, [at + 16]: length })
    const shared = (last: bigint) =>
      lines(
        findings(
          message(104, { 8: 3, 16: 9n * PMD, ...words(0n, 4n * PMD, 32), ...words(2n * PMD, last, 56), ...words(3n * PMD, 3n * PMD, 80) }),
          'fuse-v10',
        ),
      ).filter(line => line.startsWith('fmap/overlap'))
    expect(shared(2n * PMD)).toEqual(['fmap/overlap warning: overlaps extents[0]', 'fmap/overlap warning: overlaps extents[0]'])
    expect(shared(3n * PMD)).toEqual(['fmap/overlap warning: overlaps extents[0]', 'fmap/overlap warning: overlaps extents[1]'])
  })
})
