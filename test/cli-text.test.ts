/** The text that the command reads and prints: hex in every common form, numbers, names. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteCount, integer } from '../src/cli/args.ts'
import { clip, padEnd, width, wrap } from '../src/cli/color.ts'
import { isHex, parseHex } from '../src/cli/hextext.ts'
import { near } from '../src/cli/near.ts'
import { ascii, bytesText, flagNames, quote, valueWords } from '../src/cli/values.ts'

const bytes = fc.uint8Array({ maxLength: 200 })
const digits = (b: Uint8Array): string => Buffer.from(b).toString('hex')
const pairs = (b: Uint8Array): string[] => Array.from(b, x => x.toString(16).padStart(2, '0'))
const rows = (b: Uint8Array, size = 16): [number, Uint8Array][] =>
  Array.from({ length: Math.ceil(b.length / size) }, (_, i) => [i * size, b.subarray(i * size, (i + 1) * size)])

const xxd = (b: Uint8Array): string =>
  rows(b)
    .map(([at, r]) => `${at.toString(16).padStart(8, '0')}: ${(digits(r).match(/.{1,4}/g) ?? []).join(' ').padEnd(39)}  ${ascii(r)}`)
    .join('\n')

const hexdumpC = (b: Uint8Array): string => {
  const lines: string[] = []
  let before = ''
  for (const [at, r] of rows(b)) {
    const text = digits(r)
    if (text === before && r.length === 16) {
      if (lines.at(-1) !== '*') lines.push('*')
      continue
    }
    before = text
    const [left, right] = [pairs(r).slice(0, 8).join(' '), pairs(r).slice(8).join(' ')]
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left.padEnd(23)}  ${right.padEnd(23)}  |${ascii(r)}|`)
  }
  return [...lines, b.length.toString(16).padStart(8, '0'), ''].join('\n')
}

const od = (b: Uint8Array): string =>
  [...rows(b).map(([at, r]) => `${at.toString(8).padStart(7, '0')} ${pairs(r).join(' ')}`), b.length.toString(8).padStart(7, '0')].join(
    '\n',
  )

const wireshark = (b: Uint8Array): string =>
  rows(b)
    .map(
      ([at, r]) =>
        `${at.toString(16).padStart(4, '0')}  ${pairs(r).slice(0, 8).join(' ')}  ${pairs(r).slice(8).join(' ')}`.padEnd(55) +
        `   ${ascii(r)}`,
    )
    .join('\n')

const forms: Readonly<Record<string, (b: Uint8Array) => string>> = {
  plain: digits,
  'upper case': b => digits(b).toUpperCase(),
  'with 0x': b => `0x${digits(b)}`,
  'pairs in lines': b =>
    rows(b, 7)
      .map(([, r]) => pairs(r).join(' '))
      .join('\r\n'),
  'C array': b =>
    `{ ${pairs(b)
      .map(p => `0x${p}`)
      .join(', ')} };`,
  'C array with its declarations, as of xxd -i': b =>
    `unsigned char m_bin[] = {\n${rows(b, 12)
      .map(
        ([, r]) =>
          `  ${pairs(r)
            .map(p => `0x${p}`)
            .join(', ')}`,
      )
      .join(',\n')}\n};\nunsigned int m_bin_len = ${b.length};\n`,
  'C array with a size, behind comments': b =>
    `/* a map */ // of one extent\nstatic const uint8_t map[${b.length}] = {${pairs(b).map(p => `0x${p}`)}};`,
  'C array without leading zeros': b => Array.from(b, x => `0x${x.toString(16)}`).join(','),
  'C string': b =>
    `"${pairs(b)
      .map(p => `\\x${p}`)
      .join('')}"`,
  'commented lines': b =>
    rows(b, 4)
      .map(([, r]) => `${digits(r)} # four bytes: 00 or more`)
      .join('\n'),
  'hexdump -C': hexdumpC,
}

/** Dumps can be told from plain hex from two lines on. */
const longForms: Readonly<Record<string, (b: Uint8Array) => string>> = { 'od -t x1': od, Wireshark: wireshark }

describe('parseHex', () => {
  it.each(Object.keys(forms))('reads %s', name => {
    fc.assert(
      fc.property(bytes, b => {
        fc.pre(b.length > 0)
        const parsed = parseHex((forms[name] as (b: Uint8Array) => string)(b))
        expect(isHex(parsed) && digits(parsed.bytes)).toBe(digits(b))
      }),
    )
  })

  it('reads xxd, whatever its right column looks like', () => {
    const hexLike = fc
      .array(fc.constantFrom(0x30, 0x61, 0x66, 0x20, 0x39, 0x7c), { minLength: 1, maxLength: 100 })
      .map(a => Uint8Array.from(a))
    fc.assert(
      fc.property(fc.oneof(bytes, hexLike), b => {
        fc.pre(b.length > 0)
        const parsed = parseHex(xxd(b))
        expect(isHex(parsed) && digits(parsed.bytes)).toBe(digits(b))
      }),
    )
  })

  it.each(Object.keys(longForms))('reads %s', name => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 200 }), b => {
        const parsed = parseHex((longForms[name] as (b: Uint8Array) => string)(b))
        expect(isHex(parsed) && digits(parsed.bytes)).toBe(digits(b))
      }),
    )
  })

  it('fills squeezed lines in', () => {
    const parsed = parseHex(hexdumpC(new Uint8Array(4096)))
    expect(isHex(parsed) && parsed.bytes.length).toBe(4096)
  })

  it('takes no more lines than the largest dump has', () => {
    const lines = 2 ** 22
    expect(parseHex('\n'.repeat(lines + 1))).toEqual({ line: lines, column: 1, found: `more than ${lines} lines` })
  })

  it('does not swell', () => {
    expect(parseHex('00000000  00 00 00 00  |....|\n*\nfffffffc\n')).toMatchObject({ line: 3, found: expect.stringContaining('more than') })
  })

  it('says where hex ends', () => {
    expect(parseHex('00 01\n02 0g\n')).toEqual({ line: 2, column: 5, found: '"g"' })
    expect(parseHex('uint8_t m[] = {\n  0x01,\n  0xzz };')).toEqual({ line: 3, column: 4, found: '"x"' })
    expect(parseHex('012')).toMatchObject({ found: expect.stringContaining('odd number') })
    expect(parseHex('00000000: 0001 0203  ....\n00000008: 0405\n')).toMatchObject({ line: 2, found: expect.stringContaining('expected 4') })
  })

  it('takes any text without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef: |*x\n\r\\{};,#"') }), text => void parseHex(text)))
  })
})

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
