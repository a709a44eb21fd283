/** Whatever the bytes are: an answer, or a WireError; never a hang, never memory that the input did not bring along. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../src/codec/crc32.ts'
import { attempt } from '../src/codec/errors.ts'
import { imageAnswer } from '../src/metadata/answer.ts'
import {
  detectLayout,
  entriesNow,
  fileOf,
  filled,
  indexLogNow,
  mediaLayouts,
  memoryArea,
  openImageNow,
  referenceVerdictsNow,
  tryDecodeEntry,
  tryDecodeSuperblock,
} from '../src/metadata/index.ts'
import { golden, put64, withNextIndex } from './metadata-images.ts'

/** Everything that reads, over these bytes; gives the number of entries. */
function readAll(superblock: Uint8Array, log: Uint8Array, layout?: string): number {
  const opened = attempt(() => openImageNow({ superblock, log }, layout === undefined ? {} : { layout }))
  imageAnswer({ superblock: memoryArea(superblock), log: memoryArea(log) })
  if (!opened.ok || opened.value.log === undefined) return 0
  tryDecodeSuperblock(opened.value)
  indexLogNow(opened.value)
  let count = 0
  for (const entry of entriesNow(opened.value)) {
    tryDecodeEntry(entry)
    fileOf(entry)
    count++
  }
  return count
}

const { superblock, log } = golden('v48/good-interleaved')
const layouts = fc.constantFrom(...mediaLayouts.map(l => l.id))

describe('hostile bytes', () => {
  it('random ones', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 3000 }), layouts, (sb, l, layout) => {
      readAll(sb, l, layout)
      readAll(sb, l)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('good ones with a few changed, read by any layout', () => {
    const change = fc.tuple(fc.nat(superblock.length + log.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff))
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), layouts, (changes, layout) => {
      const both = new Uint8Array(superblock.length + log.length)
      both.set(superblock)
      both.set(log, superblock.length)
      for (const [at, value] of changes) both[at] = value
      readAll(both.subarray(0, superblock.length), both.subarray(superblock.length), layout)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('images that end at every eighth byte', () => {
    const counts = new Set<number>()
    for (let end = 0; end <= 200; end += 8) readAll(superblock.subarray(0, end), log)
    for (let end = 0; end <= 48 + 3 * 544; end += 8) counts.add(readAll(superblock, log.subarray(0, end)))
    expect([...counts]).toEqual([0, 1, 2, 3])
  })
})

/** An entry sealed again after a change. */
function sealed(change: (slot: Uint8Array) => void, index = 0): Uint8Array {
  const bytes = log.slice()
  const at = 48 + 544 * index
  const slot = bytes.subarray(at, at + 544)
  change(slot)
  put64(slot, 536, BigInt(crc32(slot, 0, 536)))
  return bytes
}

const verdictsOf = (bytes: Uint8Array, size = 0x800000) =>
  referenceVerdictsNow({ superblock: memoryArea(superblock), log: filled(bytes, size) }, '01234567-89ab-cdef-0123-456789abcdef')

const put32 = (bytes: Uint8Array, at: number, value: number): void =>
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, true)

describe('counts of 2^32-1 and more', () => {
  it('of extents: read as far as there is room, and told', () => {
    const bytes = sealed(slot => {
      put32(slot, 120, 0)
      put32(slot, 128, 0xffff_ffff)
    })
    const [entry] = entriesNow(openImageNow({ superblock, log: bytes }))
    const value = entry && tryDecodeEntry(entry)
    expect(value?.ok === false && value.error.code).toBe('count')
    expect(entry && fileOf(entry)).toMatchObject({ nextents: 0xffff_ffff, extents: { length: 16 } })
    expect(verdictsOf(bytes).famfs_build_bitmap.outcome).not.toBe('returned')
    expect(verdictsOf(bytes).logplay_dry_run.outcome).toBe('undefined')
  })

  it('of interleaved extents: none as an int', () => {
    const bytes = sealed(slot => put32(slot, 128, 0xffff_ffff))
    expect(verdictsOf(bytes).famfs_build_bitmap.outcome).toBe('returned')
    expect(verdictsOf(bytes).logplay_shadow.outcome).toBe('undefined')
  })

  it('of strips: followed through the log without end', () => {
    const bytes = sealed(slot => put64(slot, 136, 2n ** 64n - 1n))
    expect(verdictsOf(bytes).famfs_build_bitmap.outcome).not.toBe('returned')
    expect(verdictsOf(bytes).logplay_dry_run).toMatchObject({ outcome: 'returned', rc: 0 })
  })

  it('in every entry, in time that does not grow with their square', () => {
    const count = 20_000
    const many = new Uint8Array(48 + 544 * count)
    many.set(log.subarray(0, 48))
    for (let i = 0; i < count; i++) {
      const slot = many.subarray(48 + 544 * i, 592 + 544 * i)
      put64(slot, 0, BigInt(i))
      put32(slot, 120, 1)
      put32(slot, 128, 1)
      put64(slot, 136, 200_000n)
      put64(slot, 144, 4096n)
      put64(slot, 536, BigInt(crc32(slot, 0, 536)))
    }
    expect(verdictsOf(withNextIndex(many, BigInt(count)), many.length).famfs_build_bitmap.outcome).not.toBe('returned')
  })
})

describe('a device that claims to be huge', () => {
  it.each([2n ** 52n, 2n ** 60n, 2n ** 64n - 1n])('of %s bytes takes no memory for it', size => {
    const bytes = superblock.slice()
    put64(bytes, 112, size)
    const verdicts = referenceVerdictsNow({ superblock: memoryArea(bytes), log: filled(log, 0x800000) })
    expect(verdicts.famfs_build_bitmap.outcome).toBe('undefined')
    expect(verdicts.famfs_check_super).toMatchObject({ rc: 0 })
  })
})

describe('detection', () => {
  it('answers for any bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 2000 }), (sb, l) => {
      const { candidates, nearest } = detectLayout(sb, l)
      expect(candidates.length === 0 || nearest !== undefined).toBe(true)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('gives its reasons', () => {
    const { evidence, ambiguity, candidates } = detectLayout(
      golden('older/v47-L13-sb184-le352').superblock,
      golden('older/v47-L13-sb184-le352').log,
    )
    expect(candidates.map(l => l.id)).toEqual(['L13', 'L14'])
    expect(ambiguity).toBe('these layouts have the same bytes')
    expect(evidence.find(e => e.about === 'superblock crc')).toMatchObject({ offset: 80, fits: ['L13', 'L14', 'L15'] })
    expect(evidence.find(e => e.about === 'log header')?.message).toBe('slots of 352 bytes')
  })

  it('tells a log that claims one slot too many', () => {
    const { evidence } = detectLayout(golden('older/v46-L10RFC-sb168-le328').superblock, golden('older/v46-L10RFC-sb168-le328').log)
    expect(evidence.find(e => e.about === 'log header')?.message).toContain('last index one too large')
  })

  it('says why nothing published fits', () => {
    const { candidates, nearest, ambiguity } = detectLayout(golden('v48/sb-version-49').superblock, golden('v48/sb-version-49').log)
    expect(candidates).toEqual([])
    expect(nearest?.id).toBe('L24')
    expect(ambiguity).toBe('no published layout has this version')
  })

  it.each([42n, 43n, 45n, 46n, 47n])('does not take an image of today for one of version %s, only because it says so', version => {
    const claims = superblock.slice()
    put64(claims, 8, version)
    for (const sealedToo of [false, true]) {
      if (sealedToo) put64(claims, 96, BigInt(crc32(claims, 0, 96)))
      const { candidates, nearest } = detectLayout(claims, log)
      expect(candidates).toEqual([])
      expect(nearest?.id).toBe('L24')
    }
  })

  it('takes version and superblock crc for more than a log header that fits another layout', () => {
    const other = log.slice(0, 48)
    put64(other, 16, 23830n)
    put64(other, 24, BigInt(crc32(other, 0, 24)))
    expect(detectLayout(superblock, other).candidates.map(l => l.id)).toEqual(['L24'])
  })
})
