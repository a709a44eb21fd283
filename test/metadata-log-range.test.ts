/** Where a log is, and what rests upon it, when superblock, header or file are not whole. */
import { describe, expect, it } from 'vitest'
import { crc32 } from '../src/codec/crc32.ts'
import { imageFindingsNow } from '../src/metadata/findings/index.ts'
import { allocationOf, capacityOf, deviceIndex, type Image, openImageNow, replayNow } from '../src/metadata/index.ts'
import { logRange } from '../src/metadata/log-range.ts'
import { filled } from '../src/metadata/source.ts'
import { golden, put64, whole } from './metadata-images.ts'
import { logOf, sealHeader } from './metadata-made.ts'

const MIB = 1 << 20
const { superblock, log } = golden('v48/good-basic')
const SIZE = 8 * MIB

const opened = (parts: { superblock?: Uint8Array; log?: Uint8Array }, bytes = SIZE): Image =>
  openImageNow({ superblock: filled(parts.superblock ?? superblock, 2 * MIB), log: whole(parts.log ?? log, SIZE).subarray(0, bytes) })

const changed = (bytes: Uint8Array, at: number, value: bigint): Uint8Array => {
  const copy = bytes.slice()
  put64(copy, at, value)
  return copy
}

describe('the log', () => {
  const all = { start: 2 * MIB, end: 10 * MIB }
  const wrongHeader = changed(log, 8, 1n << 60n)
  const wrongSuperblock = changed(superblock, 24, 1n << 60n)

  it.each<[string, Image, object]>([
    ['is as long as both say', opened({}), all],
    ['is as long when it was cut', opened({}, 5000), all],
    ['is as long as the superblock says where the header is wrong', opened({ log: wrongHeader }, 5000), all],
    ['is as long as the header says where the superblock is wrong', opened({ superblock: wrongSuperblock }, 5000), all],
    [
      'is what there is where both are wrong',
      opened({ log: wrongHeader, superblock: wrongSuperblock }, 5000),
      { ...all, end: 2 * MIB + 5000 },
    ],
    ['is nothing without a header', opened({}, 40), { ...all, end: 2 * MIB }],
  ])('%s', (_, image, range) => {
    expect(logRange(image)).toEqual(range)
  })

  it('is what there is where it is said to be longer than the device', () => {
    const made = logOf(1, SIZE)
    made.view.setBigUint64(8, 1n << 40n, true)
    made.view.setBigUint64(16, ((1n << 40n) - 48n) / 544n - 1n, true)
    sealHeader(made)
    expect(logRange(opened({ log: made.bytes }))).toEqual(all)
  })
})

describe('a length that is wrong by so little that the last index fits both', () => {
  const other = logOf(1, SIZE)
  other.view.setBigUint64(8, BigInt(SIZE + 2), true)
  sealHeader(other)
  const ofHeader = opened({ log: other.bytes })
  const small = logOf(1, 65536)

  it('is wrong in the header, where mkfs makes the one of the superblock', () => {
    expect(logRange(ofHeader)).toEqual({ start: 2 * MIB, end: 10 * MIB })
    expect(imageFindingsNow(ofHeader).map(f => [f.rule, f.area, f.offset])).toEqual([['log/length', 'log', 8]])
  })

  it('is wrong in the superblock, where mkfs makes neither', () => {
    const bytes = superblock.slice()
    put64(bytes, 24, 65538n)
    put64(bytes, 96, BigInt(crc32(bytes, 0, 96)))
    const image = openImageNow({ superblock: filled(bytes, 2 * MIB), log: small.bytes })
    expect(imageFindingsNow(image).map(f => f.rule)).toContain('superblock/log-length')
  })
})

describe('a file in the middle of the log', () => {
  const { bytes } = logOf(1, SIZE, { unit: () => 3 })
  const image = (size: number) => openImageNow({ superblock: filled(superblock, 2 * MIB), log: bytes.subarray(0, size) })
  const rulesOf = (found: Image) => imageFindingsNow(found).map(f => f.rule)

  it.each([SIZE, 5000])('is found in a log of which %i bytes are there', size => {
    expect(rulesOf(image(size))).toContain('log/extent-metadata')
    const [[first, second] = []] = deviceIndex(replayNow(image(size))).overlaps()
    expect([first?.owner, second?.start]).toEqual(['log', 6 * MIB])
  })

  it('is the only thing to object to in a file that ends behind it', () => {
    const [cut, ...rest] = rulesOf(image(5000)).filter(rule => rule !== 'log/extent-metadata')
    expect([cut, rest]).toEqual(['log/cut', []])
  })
})

describe('a header that was overwritten', () => {
  const header = log.slice().fill(0x30, 0, 48)

  it('changes nothing about capacity', () => {
    const good = capacityOf(replayNow(opened({})))
    expect(capacityOf(replayNow(opened({ log: header })))).toEqual(good)
    expect(allocationOf(replayNow(opened({ log: header })))).toEqual(allocationOf(replayNow(opened({}))))
  })
})
