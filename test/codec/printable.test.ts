/** Text and sizes for people. */
import { describe, expect, it } from 'vitest'
import { bytesShown, bytesText, quote, safe, safeJson, safeOutput, sized, unescaped } from '../../src/codec/printable.ts'

describe('text', () => {
  it('in quotes has everything escaped that a terminal could act on', () => {
    expect(quote('plain, \u00e4 and \u{1f600}')).toBe('"plain, \u00e4 and \u{1f600}"')
    expect(quote('a"b\\c\nd\te\0')).toBe('"a\\"b\\\\c\\nd\\te\\0"')
    expect(quote('\u001b\u007f\u009f')).toBe('"\\x1b\\x7f\\u{9f}"')
    expect(quote('\u202e\ufeff')).toBe('"\\u{202e}\\u{feff}"')
  })

  it('in quotes has bytes that are not UTF-8 as bytes, and other lone surrogates as they are', () => {
    expect(quote('\udc00\udc80\udcff')).toBe('"\\u{dc00}\\x80\\xff"')
    expect(quote('\udd00\ud800')).toBe('"\\u{dd00}\\u{d800}"')
  })

  it('in quotes has what is invisible written out', () => {
    const invisible = ['\u00ad', '\u061c', '\u180e', '\u200b', '\u2060', '\u3164', '\ufe0f', '\u{e0001}', '\u{e007f}', '\ufffe']
    for (const c of invisible) expect(quote(c)).toBe(`"\\u{${(c.codePointAt(0) as number).toString(16)}}"`)
  })

  it('as JSON has the same escaped, and the same value', () => {
    const value = { 'a\u009b': '\u202e\u{e0041}\udcff"\\\n', plain: 'ü' }
    const json = safeJson(JSON.stringify(value))
    expect(json).toBe('{"a\\u009b":"\\u202e\\udb40\\udc41\\udcff\\"\\\\\\n","plain":"ü"}')
    expect(JSON.parse(json)).toEqual(value)
  })

  it('of an output keeps styles, lines and tabs, and no other control', () => {
    expect(safeOutput('\u001b[31;1mred\u001b[0m\ta\n"\\')).toBe('\u001b[31;1mred\u001b[0m\ta\n"\\')
    expect(safeOutput('\u001b[2J\u001b]0;x\u0007\r\u009b')).toBe('\\x1b[2J\\x1b]0;x\\x07\\x0d\\u{9b}')
  })

  it('of a name gives its bytes again', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    expect(unescaped(bytesShown(all))).toEqual(all)
    const wide = new TextEncoder().encode('ü\u0085\u00ad\u{e0041}\\x41\\u{41}"')
    expect(bytesShown(wide)).toBe('ü\\u{85}\\u{ad}\\u{e0041}\\\\x41\\\\u{41}\\"')
    expect(unescaped(bytesShown(wide))).toEqual(wide)
  })

  it('stands for itself where a backslash starts no escape, and for nothing with a lone surrogate', () => {
    const plain = '\\q\\x4\\u{110000}\\u{d800}\\u{}'
    expect(unescaped(plain)).toEqual(new TextEncoder().encode(plain))
    expect(unescaped('a\ud800')).toBeUndefined()
    expect(unescaped('a\udcff')).toBeUndefined()
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
