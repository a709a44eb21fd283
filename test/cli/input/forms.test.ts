/** Every form of text gives its bytes back, and nothing else is taken for one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formIds, forms, readText } from '../../../src/cli/input/forms.ts'
import { TextMistake } from '../../../src/cli/input/reading.ts'
import { longPrinters, type Printer, printers, shownPrinters, wordPrinters } from './printers.ts'

const hexOf = (b: Uint8Array): string => Buffer.from(b).toString('hex')
const readHex = (text: string): string[] => readText(text).pieces.map(piece => hexOf(piece.bytes))

/** The messages, or nothing where the text is refused in the way that is documented. */
function tried(text: string): string[] {
  try {
    return readHex(text)
  } catch (error) {
    if (!(error instanceof TextMistake)) throw error
    expect(error.message).not.toBe('')
    return []
  }
}

const any = (min: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: min, maxLength: 200 })
/** As messages are: mostly zeros, rows that repeat. */
const sparse = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) }), {
    minLength: 17,
    maxLength: 200,
  })
  .map(values => Uint8Array.from(values))
const fours = (b: Uint8Array): Uint8Array => b.subarray(0, b.length - (b.length % 8))

function comesBack(print: Printer, bytes: fc.Arbitrary<Uint8Array>): void {
  fc.assert(
    fc.property(bytes, b => {
      expect(readHex(print(b))).toEqual([hexOf(b)])
    }),
  )
}

describe('bytes come back from', () => {
  it.each(Object.keys(printers))('%s', name => {
    // four bytes are the fewest that are no words: "[1]", "16, 0"
    comesBack(printers[name] as Printer, any(4))
    comesBack(printers[name] as Printer, sparse)
  })

  it.each(Object.keys(longPrinters))('%s', name => {
    comesBack(longPrinters[name] as Printer, any(17))
    comesBack(longPrinters[name] as Printer, sparse)
  })

  it.each(Object.keys(wordPrinters))('%s', name => {
    comesBack(wordPrinters[name] as Printer, any(24).map(fours))
    comesBack(wordPrinters[name] as Printer, sparse.map(fours))
  })

  it.each(Object.keys(shownPrinters))('%s, where the characters tell the order', name => {
    const told = any(17).map(b => Uint8Array.from(b, (x, i) => (i === 0 ? 0x50 : i === 1 ? 0 : x)))
    comesBack(shownPrinters[name] as Printer, told)
  })

  it('xxd, whatever its right column looks like', () => {
    const hexLike = fc
      .array(fc.constantFrom(0x30, 0x61, 0x66, 0x20, 0x39, 0x7c), { minLength: 4, maxLength: 100 })
      .map(values => Uint8Array.from(values))
    comesBack(printers.xxd as Printer, hexLike)
    comesBack(printers['xxd -g1'] as Printer, hexLike)
    comesBack(printers['hexdump -C'] as Printer, hexLike)
  })
})

const all = { ...printers, ...longPrinters, ...wordPrinters, ...shownPrinters }
const SAMPLE = Uint8Array.from(
  Buffer.from(`5000000000000000020000000000000000${'010000000000010000'.repeat(3)}00002000feffffff6162636465666768`, 'hex'),
)

describe('damage is refused in one way', () => {
  it.each(Object.keys(all))('%s, cut at every place', name => {
    const text = (all[name] as Printer)(fours(SAMPLE))
    for (let end = 0; end <= text.length; end++) tried(text.slice(0, end))
  })

  it.each(Object.keys(all))('%s, with characters flipped', name => {
    const text = (all[name] as Printer)(fours(SAMPLE))
    for (let at = 0; at < text.length; at++)
      for (const bit of [1, 4, 16, 64]) tried(text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ bit) + text.slice(at + 1))
  })

  it('any text of the characters that forms are made of', () => {
    const unit = fc.constantFrom(
      ...'0123456789abcdefx: |*>\n\r\t\\{}[]()<>;,#"\'/=bu_$.-',
      '0x',
      '\\x',
      '00000010',
      'write(3, "',
      '<buf>: ',
      '[ 1.2] ',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 120 }), text => void tried(text)),
      { numRuns: 2000 },
    )
  })
})

describe('what is no bytes is refused', () => {
  const WORDS =
    'the a map of file server said message kernel is was and bad face deed added beef fed dad decade each cab 80 bytes len unique reply to be or not'.split(
      ' ',
    )
  const isHexWord = (word: string): boolean => /^([0-9a-f]{2})+$/.test(word)

  it('prose', () => {
    const word = fc.constantFrom(...WORDS)
    const sentence = fc
      .tuple(
        fc.array(fc.tuple(word, fc.constantFrom(' ', ' ', ', ', '; ', ': ', '\n', ' - ', ' "', '" ', ' (', ') ')), {
          minLength: 3,
          maxLength: 30,
        }),
        fc.constantFrom('.', '!', '?', ''),
      )
      .map(([parts, end]) => `${parts.flat().join('')}${end}`)
    fc.assert(
      fc.property(sentence, text => {
        fc.pre(
          !text
            .split(/[^0-9a-z]+/)
            .filter(w => w !== '')
            .every(isHexWord),
        )
        expect(tried(text)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it('any printable text', () => {
    fc.assert(
      fc.property(fc.lorem({ mode: 'sentences', maxCount: 3 }), text => {
        expect(tried(text)).toEqual([])
      }),
    )
  })

  it.each([
    [
      'FUSE library version: 3.14.0\nnullpath_ok: 0\nunique: 2, opcode: INIT (26), nodeid: 0, insize: 104, pid: 0\n',
      /libfuse.*INIT.*104 bytes/,
    ],
    ['   unique: 4, success, outsize: 80\n', /libfuse.*reply 4: 80 bytes/],
    ['hello, world\n', /of no form that is known/],
    ['<html><body>00 01</body></html>', /of no form that is known/],
    ['[1, 2, x]', /expected a number/],
    ['[300, 1]', /expected a number of 8 bits.*uint32_t/],
    [' 00000010 fffffffe 00000006 00000000\n', /two ways.*od-words/],
    ['b"\\012"', /one byte in Python and several in Rust/],
    ['0000000 0000 0001 0000 0000 0000 0000 0000 0000\n*\n0000100\n', /two ways.*hexdump.*od/],
    ['close(3) = 0\nread(3, 0x7ffe, 100) = -1 EAGAIN (Resource temporarily unavailable)\n', /no call in it shows bytes/],
    ['write(3, "\\1\\0", 16) = 16\n', /the string has 2 bytes, the call passed 16/],
  ])('%j', (text, message) => {
    expect(() => readText(text)).toThrow(message)
  })
})

describe('several messages', () => {
  it.each(['xxd', 'hexdump -C', 'gdb x/xb', 'print_hex_dump with time stamps', 'strace', 'JavaScript array', 'Buffer', 'Python bytes'])(
    'of %s',
    name => {
      const print = all[name] as Printer
      const [a, b] = [SAMPLE.subarray(0, 32), SAMPLE.subarray(16, 56)]
      expect(readHex(`${print(a)}\n\n${print(b)}`)).toEqual([hexOf(a), hexOf(b)])
    },
  )

  it('of strace have their direction, and only those of the device are taken where it is named', () => {
    const text =
      'read(4</dev/fuse>, "\\1\\0", 100) = 2\nwrite(1</dev/null>, "hello", 5) = 5\nwritev(4</dev/fuse>, [{iov_base="\\2", iov_len=1}, {iov_base="\\3", iov_len=1}], 2) = 2\n'
    expect(readText(text).pieces).toEqual([
      { direction: 'request', bytes: Uint8Array.of(1, 0) },
      { direction: 'reply', bytes: Uint8Array.of(2, 3) },
    ])
  })
})

describe('what a text leaves out', () => {
  it.each([
    ['write(3, "\\20\\0"..., 80) = 80\n', 78],
    ['read(3, "\\20\\0"..., 135168) = 80\n', 78],
    ['<Buffer 10 00 ... 30 more bytes>', 30],
    ['Uint8Array(104) [ 16, 0, ... 102 more items ]', 102],
    ['$1 = "\\020\\000"...', 'unknown'],
  ])('%j', (text, missing) => {
    expect(readText(text).pieces).toEqual([expect.objectContaining({ bytes: Uint8Array.of(16, 0), missing })])
  })

  it('strace -e write= shows whole strings', () => {
    const text =
      'write(3, "`\\0"..., 18) = 18\n | 00000  60 00 00 00 00 00 00 00  02 00 00 00 00 00 00 00  `............... |\n | 00010  7c 20                                             |                |\n'
    expect(readHex(text)).toEqual(['60000000000000000200000000000000' + '7c20'])
  })
})

it('ids of forms are unique, and each can be asked for', () => {
  expect(new Set(formIds).size).toBe(formIds.length)
  for (const id of formIds) expect(() => readText('!!', id)).toThrow(TextMistake)
  expect(forms.length).toBeGreaterThan(8)
})

it('two ways are settled by asking', () => {
  const words = ' 00000010 fffffffe 00000006 00000000\n'
  expect(readText(words, 'od-words').pieces.map(p => hexOf(p.bytes))).toEqual(['10000000feffffff0600000000000000'])
  expect(readText(words, 'plain-hex').pieces.map(p => hexOf(p.bytes))).toEqual(['00000010fffffffe0000000600000000'])
  const dots = '00000000: 00000010 fffffffe 00000006 00000000  ................\n'
  expect(() => readText(dots)).toThrow(/two ways.*xxd-e/)
  expect(readText(dots, 'xxd-e').pieces.map(p => hexOf(p.bytes))).toEqual(['10000000feffffff0600000000000000'])
  expect(readText(dots, 'xxd').pieces.map(p => hexOf(p.bytes))).toEqual(['00000010fffffffe0000000600000000'])
  expect(readText('EAAAAP7///8GAAAAAAAAAA==', 'base64').pieces.map(p => hexOf(p.bytes))).toEqual(['10000000feffffff0600000000000000'])
})
