import { describe, expect, it } from 'vitest'
import type { Step } from '../src/schema/check.ts'
import {
  chunkOneOf,
  counted,
  countedErrors,
  eachExtent,
  eachGroup,
  eachStrip,
  extentsAtLeast,
  groupFits,
  headerFits,
  interleaved,
  listFits,
  simple,
  stripsFit,
  stripsLongEnough,
} from '../src/schema/check.ts'
import { defineDialect } from '../src/schema/define.ts'
import { type DialectId, dialects, famfsDialectIds, fusePush, fuseV10 } from '../src/uapi/dialects/index.ts'
import { verdictErrno } from '../src/validate/errno.ts'
import { extentShift, metaJson } from '../src/validate/meta.ts'
import { verdict } from '../src/validate/verdict.ts'
import { bytesOf } from './verdict-golden.ts'

const PMD = 0x200000n

interface Words {
  readonly [offset: number]: number | bigint
}
/** A message cut at this size, with 32-bit (number) and 64-bit (bigint) words at these offsets. */
function message(size: number, words: Words): Uint8Array {
  const view = new DataView(new ArrayBuffer(size + 160))
  for (const [offset, value] of Object.entries(words)) {
    if (typeof value === 'bigint') view.setBigUint64(Number(offset), value, true)
    else view.setUint32(Number(offset), value, true)
  }
  return new Uint8Array(view.buffer, 0, size)
}

/** file_size 4 MiB; extents of 2 MiB at 0 and 2 MiB. */
const two: Words = { 8: 2, 16: 2n * PMD, 48: PMD, 64: PMD, 72: PMD }
/** file_size and ie_nbytes 8 MiB; a group of one strip of 4 MiB and one of two strips of 2 MiB, chunks of 2 MiB. */
const groups: Words = {
  ...{ 4: 1, 8: 2, 16: 4n * PMD },
  ...{ 32: 1, 36: 0x200000, 40: 2n * PMD, 72: 2n * PMD },
  ...{ 80: 2, 84: 0x200000, 88: 2n * PMD, 120: PMD, 136: PMD, 144: PMD },
}
const accepts = (id: DialectId, size: number, words: Words): void => expect(verdict(message(size, words), id)).toHaveProperty('meta')

describe('where a verdict points', () => {
  const rows: [DialectId, string, number, Words, object][] = [
    ['fuse-v10', 'short header', 31, {}, { errno: 22, reason: 'underflow', check: 'headerFits', path: '', offset: 0, length: 32 }],
    [
      'fuse-v10',
      'no extents',
      32,
      {},
      { errno: 34, reason: 'nextents_zero', check: 'extentsAtLeast', path: 'nextents', offset: 8, length: 4 },
    ],
    [
      'fuse-v1',
      'too many',
      104,
      { 8: 3 },
      { errno: 7, reason: 'nextents_max', check: 'extentsAtMost', path: 'nextents', offset: 8, length: 4 },
    ],
    [
      'fuse-v7',
      'type',
      80,
      { ...two, 4: 2 },
      { errno: 22, reason: 'ext_type', check: 'extTypeOneOf', path: 'ext_type', offset: 4, length: 4 },
    ],
    ['fuse-v7', 'list', 79, two, { errno: 22, reason: 'underflow', check: 'listFits', path: 'nextents', offset: 8, length: 4 }],
    [
      'fuse-v2',
      'index',
      80,
      { ...two, 56: 1 },
      { errno: 22, reason: 'ext_errors', check: 'devIndexAtMost', path: 'extents[1].se_devindex', offset: 56, length: 4 },
    ],
    [
      'fuse-v2',
      'offset',
      80,
      { ...two, 64: 4096n, 72: 1n },
      { errno: 22, reason: 'ext_errors', check: 'offsetAligned', path: 'extents[1].se_offset', offset: 64, length: 8 },
    ],
    [
      'fuse-v2',
      'length',
      80,
      { ...two, 72: 1n },
      { errno: 22, reason: 'ext_errors', check: 'lengthAligned', path: 'extents[1].se_len', offset: 72, length: 8 },
    ],
    [
      'fuse-v2',
      'sum',
      80,
      { ...two, 16: 2n * PMD + 1n },
      { errno: 22, reason: 'file_size', check: 'lengthsCoverFile', path: 'file_size', offset: 16, length: 8 },
    ],
    [
      'fuse-push-il',
      'signed size',
      80,
      { ...two, 16: 1n << 63n },
      { errno: 22, reason: 'file_size_lfs', check: 'fileSizeSigned', path: 'file_size', offset: 16, length: 8 },
    ],
    [
      'fuse-push-il',
      'end',
      80,
      { ...two, 64: -PMD },
      { errno: 22, reason: 'overflow', check: 'endFits', path: 'extents[1].se_len', offset: 72, length: 8 },
    ],
    [
      'fuse-push-il',
      'total',
      80,
      { ...two, 64: 0n, 72: -PMD },
      { errno: 22, reason: 'overflow', check: 'totalFits', path: 'extents[1].se_len', offset: 72, length: 8 },
    ],
    [
      'fuse-push',
      'memory',
      32 + 24 * 174763,
      { 8: 174763 },
      { errno: 12, reason: 'enomem', check: 'arrayAllocates', path: 'nextents', offset: 8, length: 4 },
    ],
    [
      'fuse-push-il',
      'group memory',
      32,
      { 4: 1, 8: 131073 },
      { errno: 12, reason: 'enomem', check: 'arrayAllocates', path: 'nextents', offset: 8, length: 4 },
    ],
    [
      'fuse-v10',
      'second group',
      103,
      groups,
      { errno: 22, reason: 'underflow', check: 'groupFits', path: 'nextents', offset: 8, length: 4 },
    ],
    [
      'fuse-v10',
      'chunk',
      152,
      { ...groups, 84: 4096 },
      { errno: 22, reason: 'chunk_align', check: 'chunkAligned', path: 'extents[1].ie_chunk_size', offset: 84, length: 4 },
    ],
    [
      'fuse-push-il',
      'chunk',
      152,
      { ...groups, 84: 8192 },
      { errno: 22, reason: 'chunk_size', check: 'chunkOneOf', path: 'extents[1].ie_chunk_size', offset: 84, length: 4 },
    ],
    [
      'fuse-v1',
      'bytes',
      152,
      { ...groups, 88: 0n },
      { errno: 22, reason: 'nbytes_zero', check: 'nbytesNotZero', path: 'extents[1].ie_nbytes', offset: 88, length: 8 },
    ],
    [
      'fuse-push-il',
      'bytes',
      152,
      { ...groups, 88: 0n },
      { errno: 22, reason: 'nbytes', check: 'nbytesNotZero', path: 'extents[1].ie_nbytes', offset: 88, length: 8 },
    ],
    [
      'fuse-push-il',
      'signed bytes',
      152,
      { ...groups, 88: 1n << 63n },
      { errno: 22, reason: 'nbytes', check: 'nbytesSigned', path: 'extents[1].ie_nbytes', offset: 88, length: 8 },
    ],
    [
      'fuse-v10',
      'strips',
      151,
      groups,
      { errno: 22, reason: 'underflow', check: 'stripsFit', path: 'extents[1].ie_nstrips', offset: 80, length: 4 },
    ],
    [
      'fuse-push-il',
      'no strips',
      152,
      { ...groups, 80: 0 },
      { errno: 22, reason: 'nstrips', check: 'stripsBetween', path: 'extents[1].ie_nstrips', offset: 80, length: 4 },
    ],
    [
      'fuse-v10',
      'no strips',
      152,
      { ...groups, 16: 1n, 80: 0 },
      { errno: 22, reason: 'ext_errors', check: 'stripsBetween', path: 'extents[1].ie_nstrips', offset: 80, length: 4 },
    ],
    [
      'fuse-v10',
      'strip',
      152,
      { ...groups, 136: 1n, 144: 0n, 16: 1n },
      { errno: 22, reason: 'ext_errors', check: 'offsetAligned', path: 'extents[1].ie_strips[1].se_offset', offset: 136, length: 8 },
    ],
    [
      'fuse-push-il',
      'short strip',
      152,
      { ...groups, 120: PMD - 4096n },
      { errno: 22, reason: 'strip_small', check: 'stripsLongEnough', path: 'extents[1].ie_strips[0].se_len', offset: 120, length: 8 },
    ],
    [
      'fuse-push-il',
      'coverage',
      152,
      { ...groups, 16: 4n * PMD + 1n },
      { errno: 22, reason: 'coverage', check: 'nbytesCoverFile', path: 'file_size', offset: 16, length: 8 },
    ],
    [
      'fuse-v10',
      'remainder',
      152,
      { ...groups, 16: 4n * PMD + 1n },
      { errno: 22, reason: 'size_remainder', check: 'stripsCoverFileSigned', path: 'file_size', offset: 16, length: 8 },
    ],
  ]
  it.each(rows)('%s, %s', (id, _, size, words, expected) => {
    expect(verdict(message(size, words), id)).toEqual({ ok: false, ...expected })
  })

  it('starts from maps that are good', () => {
    for (const id of famfsDialectIds) accepts(id, 80, two)
    for (const id of famfsDialectIds) if (id !== 'fuse-push') accepts(id, 152, groups)
    accepts('fuse-push', 32 + 24 * 174762, { 8: 174762 })
  })

  it('blames the first counted field, however many follow', () => {
    const first = { ok: false, errno: 22, reason: 'ext_errors', check: 'lengthAligned', path: 'extents[0].se_len', offset: 48, length: 8 }
    expect(verdict(message(80, { ...two, 48: PMD + 1n, 56: 7, 64: 1n }), 'fuse-push')).toEqual(first)
  })
})

describe('how near a verdict looks', () => {
  const errno = (id: DialectId, size: number, words: Words, kmallocMax = 0x400000): unknown => {
    const bytes = message(size, words)
    const { errno } = verdict(bytes, id, { kmallocMax })
    expect(verdictErrno(bytes, id, { kmallocMax })).toBe(errno)
    return errno
  }

  it('a strip may end with its last byte, not one before', () => {
    const short = (nbytes: bigint): unknown => errno('fuse-push-il', 80, { 4: 1, 8: 1, 16: 1n, 32: 1, 36: 0x200000, 40: nbytes, 72: 4096n })
    expect([short(4096n), short(4097n)]).toEqual([0, 22])
  })

  it('an array of 2^31 elements is never allocated', () => {
    expect(errno('fuse-push-il', 32, { 4: 1, 8: 0x7fffffff }, Infinity)).toBe(22)
    expect(errno('fuse-push-il', 32, { 4: 1, 8: 0x80000000 }, Infinity)).toBe(12)
  })

  it('what is decisive is blamed, not what was counted before', () => {
    const bytes = message(152, { ...groups, 16: 9n * PMD, 64: 1n })
    expect(verdict(bytes, 'fuse-v7')).toMatchObject({ reason: 'size_remainder', path: 'file_size', offset: 16 })
    expect(verdict(message(152, { ...groups, 64: 1n }), 'fuse-v7')).toMatchObject({
      reason: 'ext_errors',
      path: 'extents[0].ie_strips[0].se_offset',
      offset: 64,
    })
  })
})

describe('what is kept', () => {
  it('names file type, size, devices and extents', () => {
    const bytes = message(80, { ...two, 32: 63, 56: 1 })
    bytes[0] = 200
    expect(verdict(bytes, 'fuse-push-il')).toEqual({
      ok: true,
      errno: 0,
      meta: {
        file_type: 200,
        file_size: 2n * PMD,
        ext_type: 'simple',
        ext_shift: 21,
        extents: [
          { dev_index: 63, offset: 0n, len: PMD },
          { dev_index: 1, offset: PMD, len: PMD },
        ],
        dev_bitmap: (1n << 63n) | 2n,
      },
    })
  })

  it('names groups and strips; JSON has 64-bit numbers as strings', () => {
    const result = verdict(message(152, groups), 'fuse-v7')
    const strip = (offset: string, len: string): object => ({ dev_index: 0, offset, len })
    expect(result.ok && metaJson(result.meta)).toEqual({
      file_type: 0,
      file_size: '8388608',
      ext_type: 'interleaved',
      extents: [
        { nstrips: 1, chunk_size: 0x200000, nbytes: '4194304', strips: [strip('0', '4194304')] },
        { nstrips: 2, chunk_size: 0x200000, nbytes: '4194304', strips: [strip('0', '2097152'), strip('2097152', '2097152')] },
      ],
      dev_bitmap: '1',
    })
  })

  it('finds the shift of a uniform map', () => {
    const lengths = (...list: bigint[]): number => extentShift(list.map(len => ({ dev_index: 0, offset: 0n, len })))
    expect([lengths(), lengths(8n), lengths(8n, 8n), lengths(8n, 0n), lengths(8n, 9n), lengths(8n, 8n, 4n), lengths(8n, 4n, 8n)]).toEqual([
      0, 0, 3, 3, 0, 3, 0,
    ])
    expect([lengths(6n, 6n), lengths(0n, 0n), lengths(1n, 1n), lengths(1n << 63n, 1n << 63n)]).toEqual([0, 0, 0, 63])
  })
})

describe('a dialect of one’s own', () => {
  const own =
    (...checks: Step[]): (() => unknown) =>
    () =>
      defineDialect({ ...fuseV10, id: 'own', checks })

  it('may have other limits, in other words', () => {
    const two16 = defineDialect({
      ...fusePush,
      id: 'own',
      checks: [headerFits(5), extentsAtLeast(2, 99), simple(listFits(6), eachExtent())],
    })
    expect(verdict(message(56, { 8: 1 }), two16)).toMatchObject({ errno: 99, reason: 'nextents_zero' })
    expect(verdict(message(80, two), two16)).toMatchObject({ errno: 0, meta: { extents: [{}, {}] } })
    expect(verdict(message(80, { ...two, 4: 7 }), two16)).toMatchObject({ errno: 0, meta: { ext_type: 'simple', extents: [] } })
  })

  it('is told when a step would read, repeat or divide without need', () => {
    expect(own(listFits(22))).toThrow('own: the first step must be that the header fits')
    expect(own(...counted({ ...headerFits(22), errno: undefined as never }))).toThrow('own: that the header fits must be decisive')
    expect(own(headerFits(22), simple(eachExtent()))).toThrow('own: eachExtent stands without list before it')
    expect(own(headerFits(22), interleaved(eachGroup(stripsFit(22))))).toThrow('own: the first step must be that the group fits')
    expect(own(headerFits(22), interleaved(eachGroup()))).toThrow('own: the first step must be that the group fits')
    expect(own(headerFits(22), interleaved(eachGroup(groupFits(22), eachStrip())))).toThrow(
      'own: eachStrip stands without strips before it',
    )
    expect(own(headerFits(22), interleaved(eachGroup(groupFits(22), stripsFit(22), eachStrip(), stripsLongEnough(22))))).toThrow(
      'own: stripTooShort stands without chunk size before it',
    )
    expect(
      own(headerFits(22), interleaved(eachGroup(groupFits(22), chunkOneOf(['pmd'], 22), stripsFit(22), eachStrip(), stripsLongEnough(22)))),
    ).not.toThrow()
    expect(own(headerFits(22), countedErrors(22))).not.toThrow()
  })
})

describe('the dialects', () => {
  it('have their id as key', () => expect(Object.entries(dialects).filter(([key, d]) => key !== d.id)).toEqual([]))

  it('all take a small map, and say what they are', () => {
    const simplest = bytesOf(
      '000001000000000001000000000000000000200000000000000000000000000000000000000000000000004000000000000020000000000000',
    )
    for (const id of famfsDialectIds) expect(verdict(simplest.subarray(0, 56), id)).toMatchObject({ errno: 0 })
    for (const id of famfsDialectIds)
      expect(dialects[id]).toMatchObject({ title: expect.stringMatching(/20\d\d/), facts: expect.stringMatching(/^wire 4\.\d$/) })
  })
})
