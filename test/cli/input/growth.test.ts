/** Processor time grows with the text, in every reader: at most three times for twice the text, over the sizes that take more than 100 ms. */
import { expect, it } from 'vitest'
import { readText } from '../../../src/cli/input/forms.ts'
import { TextMistake } from '../../../src/cli/input/reading.ts'
import { longPrinters, type Printer, printers } from './printers.ts'

const SMALLEST = 1 << 17
const LARGEST = 1 << 23
const COUNTS_FROM = 100

const bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 0xff)

function once(text: string): number {
  const start = process.cpuUsage()
  try {
    readText(text)
  } catch (error) {
    if (!(error instanceof TextMistake)) throw error
  }
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** The better of two runs: the first of them may have to compile, and collect what came before. */
const milliseconds = (text: string): number => Math.min(once(text), once(text))

/** Processor time of twice the text, by that of the text, summed over the sizes that count. */
function growth(make: (size: number) => string): number {
  let [single, twice] = [0, 0]
  let before = milliseconds(make(SMALLEST))
  for (let size = SMALLEST * 2; size <= LARGEST; size *= 2) {
    const now = milliseconds(make(size))
    if (before > COUNTS_FROM) {
      single += before
      twice += now
      if (single > 5 * COUNTS_FROM) break
    }
    before = now
  }
  return single === 0 ? 1 : twice / single
}

const FORMS: readonly string[] = [
  'plain',
  'pairs in lines',
  'C array',
  'C string in octal',
  'Python bytes',
  'JavaScript array',
  'Buffer',
  'xxd',
  'hexdump -C',
  'dump of the kernel in words',
  'gdb x/xb',
  'strace',
]

it.each(FORMS)('%s', name => {
  expect(growth(size => (printers[name] as Printer)(bytes(size / 4)))).toBeLessThan(3)
})

it.each(['od', 'hexdump without options', 'od -t u1'])('%s', name => {
  expect(growth(size => (longPrinters[name] as Printer)(bytes(size / 4)))).toBeLessThan(3)
})

const HOSTILE: Readonly<Record<string, (size: number) => string>> = {
  'a comment, and what is no hex after it': n => `${'#'.repeat(n)}\rzz`,
  'blanks after an address': n => `00000000  00 00\n0000${' '.repeat(n)}x\ry\n`,
  'comments that end with CR': n => '# 00\r'.repeat(n / 5),
  'quotes that open': n => '"'.repeat(n),
  'brackets that open': n => '['.repeat(n),
  'a declaration without end': n => `${'a '.repeat(n / 2)}=`,
  'statements without values': n => 'a = '.repeat(n / 4),
  'calls without end': n => 'write(3, "\n'.repeat(n / 11),
  'numbers of many digits': n => '1'.repeat(n),
  'hex numbers of many digits': n => `[0x${'1'.repeat(n)}]`,
  'stamps of a log': n => '[ 1.2] '.repeat(n / 7),
  stars: n => `0000000 0000\n${'*\n'.repeat(n / 2)}`,
  'equals signs': n => '='.repeat(n),
  'blanks alone': n => ' '.repeat(n),
  'words of no form': n => 'word '.repeat(n / 5),
}

it.each(Object.keys(HOSTILE))('%s', name => {
  expect(growth(HOSTILE[name] as (size: number) => string)).toBeLessThan(3)
})

it('a line of 32 MiB is read', () => {
  expect(readText('00'.repeat(1 << 24)).pieces[0]?.bytes.length).toBe(1 << 24)
})
