import { crc32 as zlibCrc } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32, crcReader } from '../src/codec/crc32.ts'

const ascii = (text: string) => new TextEncoder().encode(text)

/** One bit at a time, straight from the definition. */
function plain(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) {
    c ^= byte
    for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  }
  return ~c >>> 0
}

describe('crc32', () => {
  it('gives the values of the facts', () => {
    expect(crc32(ascii('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array(0))).toBe(0)
    expect(crc32(new Uint8Array(536))).toBe(0x11e5c2a9)
  })

  it('agrees with the definition at every length and alignment', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(7), fc.nat(40), (bytes, shift, from) => {
      const start = Math.min(from, bytes.length)
      const shifted = new Uint8Array(shift + bytes.length)
      shifted.set(bytes, shift)
      expect(crc32(shifted.subarray(shift), start)).toBe(plain(bytes.subarray(start)))
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('is the same below and above the length from which zlib does it', () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) ^ (i >> 3))
    const read = crcReader(bytes)
    for (const end of [4, 100, 396, 399, 400, 401, 404, 1024, 5000]) expect(read(0, end)).toBe(plain(bytes.subarray(0, end)))
    expect(zlibCrc === undefined || read(8, 5000) === zlibCrc(bytes.subarray(8))).toBe(true)
  })
})
