import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeDaxdevOut, encodeDaxdevOut } from '../../src/codec/generated/daxdev.ts'
import { decodeText, encodeText, text, textEnd } from '../../src/codec/text.ts'
import { bytes, hexOf } from '../bytes.ts'
import { same } from '../same.ts'

const LONG = '61'.repeat(30)

describe('text without loss', () => {
  test.each([
    ['plain', '66 6f 6f', 'foo'],
    ['two bytes', 'c3 a9', 'é'],
    ['three bytes', 'e2 82 ac', '€'],
    ['four bytes', 'f0 9f 98 80', '😀'],
    ['a byte order mark is text', 'ef bb bf 61', '\ufeffa'],
    ['a NUL inside', '61 00 62', 'a\0b'],
    ['a lone continuation byte', '61 80 62', 'a\udc80b'],
    ['an overlong form', 'c0 80', '\udcc0\udc80'],
    ['an overlong form of three bytes', 'e0 80 80', '\udce0\udc80\udc80'],
    ['an encoded surrogate', 'ed a0 80', '\udced\udca0\udc80'],
    ['an overlong form of four bytes', 'f0 80 80 80', '\udcf0\udc80\udc80\udc80'],
    ['above U+10FFFF', 'f4 90 80 80', '\udcf4\udc90\udc80\udc80'],
    ['no lead byte', 'f5', '\udcf5'],
    ['cut off', 'e2 82', '\udce2\udc82'],
    ['a bad third byte', 'e2 82 41', '\udce2\udc82A'],
    ['good and bad mixed', 'c3 a9 ff e2 82 ac', 'é\udcff€'],
    ['long and plain', LONG, 'a'.repeat(30)],
    ['long and bad', `${LONG}ff`, `${'a'.repeat(30)}\udcff`],
  ])('%s', (_, hex, expected) => {
    const data = bytes(hex)
    expect(decodeText(data, 0, data.length)).toBe(expected)
    expect(hexOf(encodeText(expected) as Uint8Array)).toBe(hexOf(data))
  })

  test.each(['\ud800', 'a\udc00', 'a\udc7f', '\udd00', '\udbff\ud800'])(
    'a surrogate that stands for no byte cannot be encoded: %o',
    value => {
      expect(encodeText(value)).toBeUndefined()
    },
  )

  test('any bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), data => {
        expect(hexOf(encodeText(decodeText(data, 0, data.length)) as Uint8Array)).toBe(hexOf(data))
      }),
    )
  })

  test('what lies around the text does not matter', () => {
    const place = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 20 }))
    const ascii = fc.uint8Array({ maxLength: 40, max: 0x7f })
    fc.assert(
      fc.property(place, ascii, fc.boolean(), ([before, any, after], plain, isPlain) => {
        const inside = isPlain ? plain : any
        const data = Uint8Array.from([...before, ...inside, ...after])
        const decoded = decodeText(data, before.length, before.length + inside.length)
        expect(decoded).toBe(decodeText(inside, 0, inside.length))
        if (isPlain) expect(decoded).toBe(String.fromCharCode(...inside))
      }),
    )
  })

  test('a char array of any length in a message, plain and not, full and not', () => {
    const reply = new Uint8Array(280)
    for (let length = 0; length <= 256; length++)
      for (const last of [0x7a, 0x80, 0xff, 1]) {
        const name = Uint8Array.from({ length }, (_, i) => (i === length - 1 ? last : 0x20 + (i % 0x5f)))
        reply.fill(0, 24).set(name, 24)
        const expected = last < 0x80 ? String.fromCharCode(...name) : decodeText(name, 0, length)
        expect(decodeDaxdevOut(reply).name).toBe(expected)
        same(encodeDaxdevOut(decodeDaxdevOut(reply)), reply)
      }
  })

  test('the end of a char array is behind its last byte that is not zero', () => {
    expect(textEnd(bytes('61 00 62 00 00'), 0, 5)).toBe(3)
    expect(textEnd(bytes('00 00'), 0, 2)).toBe(0)
  })

  test('for display the text ends at its first NUL', () => {
    expect(text('/dev/dax0.0\0junk')).toBe('/dev/dax0.0')
    expect(text('plain')).toBe('plain')
  })
})
