/** The text that the command reads and prints: numbers, names. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteCount, integer } from '../src/cli/args.ts'
import { clip, padEnd, width, wrap } from '../src/cli/color.ts'
import { near } from '../src/cli/near.ts'
import { bytesText, flagNames, quote, valueWords } from '../src/cli/values.ts'

describe('values', () => {
  it('never prints what a terminal would act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), s => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(quote(s)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\ud800-\udfff]/u)
      }),
    )
    expect(quote('a"\n\u001b[31m\udcff')).toBe('"a\\"\\n\\x1b[31m\\xff"')
  })

  it('gives bytes their unit', () => {
    expect(bytesText(0)).toBeUndefined()
    expect(bytesText(4096)).toBe('4 KiB')
    expect(bytesText(0x200000)).toBe('2 MiB')
    expect(bytesText(2n ** 62n)).toBe('4 EiB')
    expect(bytesText(3n * 2n ** 20n + 2n ** 10n)).toBe('3073 KiB')
    expect(bytesText(12107476)).toBe('~11.5 MiB')
    expect(bytesText(2n ** 63n)).toBeUndefined()
  })

  it('names flags and leaves the rest as hex', () => {
    const table = { kind: 'flags', name: 't', bits: { A: 0, B: 1, Z: 31 } } as const
    expect(flagNames(0x8000_0003, table, 4)).toEqual(['A', 'B', 'Z'])
    expect(flagNames(0x15, table, 4)).toEqual(['A', '0x14'])
    expect(flagNames(-1, table, 4)).toEqual(['A', 'B', 'Z', '0x7ffffffc'])
  })

  it('shows unknown enum values as what they are', () => {
    const node = {
      name: 'n',
      type: { kind: 'int', size: 4, signed: false },
      value: 7,
      names: { kind: 'enum', name: 'kinds', values: { A: 0 } },
    } as const
    expect(valueWords(node)).toEqual(['7', '(not in kinds)'])
    expect(valueWords({ ...node, value: 0 })).toEqual(['0', 'A'])
  })
})

describe('layout of text', () => {
  it('never exceeds the columns', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 40 }), (text, columns) => {
        expect(width(clip(text, columns))).toBeLessThanOrEqual(columns)
        expect(width(padEnd(clip(text, columns), columns))).toBe(columns)
        for (const line of wrap(text, columns)) if (line.includes(' ')) expect(width(line)).toBeLessThanOrEqual(columns)
      }),
    )
  })
})

describe('numbers and names', () => {
  it('reads numbers within bounds', () => {
    expect(integer('n', '0x10', 0n, 16n)).toBe(16n)
    for (const wrong of ['17', '-1', '1e3', '', '0x', ' 1', '1.5', '99999999999999999999999'])
      expect(() => integer('n', wrong, 0n, 16n)).toThrow(/--n: expected/)
  })

  it('reads byte counts with units', () => {
    expect(byteCount('n', '4k')).toBe(4096n)
    expect(byteCount('n', '2MiB')).toBe(0x200000n)
    expect(byteCount('n', '0x1000')).toBe(4096n)
    for (const wrong of ['', 'k', '2q', '-1', '99999999999t']) expect(() => byteCount('n', wrong)).toThrow(/--n: expected/)
  })

  it('suggests what is near', () => {
    expect(near('fuse_famfs_ixt', ['fuse_famfs_iext', 'fuse_attr'])).toEqual(['fuse_famfs_iext'])
    expect(near('dialcets', ['dialects', 'diff'])).toEqual(['dialects'])
    expect(near('zzz', ['dialects', 'diff'])).toEqual([])
  })
})
