/** Text and sizes for people. */
import { describe, expect, it } from 'vitest'
import { bytesText, quote, safe, sized } from '../../src/codec/printable.ts'

describe('text', () => {
  it('in quotes has everything escaped that a terminal could act on', () => {
    expect(quote('plain, \u00e4 and \u{1f600}')).toBe('"plain, \u00e4 and \u{1f600}"')
    expect(quote('a"b\\c\nd\te\0')).toBe('"a\\"b\\\\c\\nd\\te\\0"')
    expect(quote('\u001b\u007f\u009f')).toBe('"\\x1b\\x7f\\x9f"')
    expect(quote('\u202e\ufeff')).toBe('"\\u{202e}\\u{feff}"')
  })

  it('in quotes has bytes that are not UTF-8 as bytes, and other lone surrogates as they are', () => {
    expect(quote('\udc00\udc80\udcff')).toBe('"\\x00\\x80\\xff"')
    expect(quote('\udd00\ud800')).toBe('"\\u{dd00}\\u{d800}"')
  })

  it('of several lines keeps its lines, quotes and backslashes', () => {
    expect(safe('a "b"\n\\c\t\u001b\udcff')).toBe('a "b"\n\\c\\t\\x1b\\xff')
  })
})

describe('a size', () => {
  const KIB = 1024n
  it.each([
    [4095n, undefined],
    [4096n, '4 KiB'],
    [4097, '4097 B'],
    [10001n, '~9.8 KiB'],
    [2n * KIB * KIB, '2 MiB'],
    [2n * KIB * KIB + KIB, '2049 KiB'],
    [11n * KIB * KIB + KIB, '~11.0 MiB'],
    [11n * KIB * KIB + 512n * KIB, '~11.5 MiB'],
    [10000n * KIB, '~9.8 MiB'],
    [9999n * KIB, '9999 KiB'],
    [3n << 40n, '3 TiB'],
    [(3n << 40n) + 1n, '~3.0 TiB'],
    [1n << 50n, '1 PiB'],
    [(1n << 50n) + 1n, undefined],
    [1n << 62n, '4 EiB'],
    [(1n << 62n) + 1n, undefined],
    [1n << 63n, undefined],
  ])('of %s bytes is %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
    expect(sized(bytes)).toBe(text ?? `${bytes} B`)
  })
})
