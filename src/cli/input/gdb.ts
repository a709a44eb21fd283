/** `x` of gdb: an address or a <symbol>, a colon, and values. */
import { type Cell, cellText, cellValue } from './cells.ts'
import { digitsEnd, type Word, wordsOf } from './chars.ts'
import { type Form, type Piece, quoted, type Reading, type Text, TextMistake } from './reading.ts'
import { only, type Way } from './readings.ts'
import { full, rows } from './rows.ts'
import { pushWord } from './sink.ts'

interface GdbLine {
  readonly line: number
  readonly address: bigint | undefined
  readonly values: readonly Word[]
}

/** `0x7ffc10 <buf+16>:`, `0x7ffc10:`, `<buf+16>:` */
const HEAD = /^(?:=> )?\s{0,8}(?:0x([0-9a-f]{1,16}))?\s?(?:<([^>]{1,200}?)(?:\+(\d{1,18}))?>)?:\s/i
const HEAD_LENGTH = 300

const PROMPT = /^\s*(\(gdb\)|#|\/\/|$)/

function lineOf(text: string, line: number): GdbLine | undefined {
  const found = HEAD.exec(text.slice(0, HEAD_LENGTH))
  if (found === null || (found[1] === undefined && found[2] === undefined)) return undefined
  const [whole, address, , offset] = found
  const values = wordsOf(text, whole.length)
  if (values.length === 0) return undefined
  const at = address === undefined ? BigInt(offset ?? 0) : BigInt(`0x${address}`)
  return { line, address: at, values }
}

const SIZES = { 4: 1, 6: 2, 10: 4, 18: 8 } as const

/** Cells of the values: from hex digits, which gdb writes in full, or from the distance of the lines. */
function cellsOf(lines: readonly GdbLine[]): Cell[] {
  const [first] = lines as [GdbLine]
  const [value] = first.values as [Word, ...Word[]]
  const size = value.text.startsWith('0x') ? SIZES[value.text.length as keyof typeof SIZES] : undefined
  if (value.text.startsWith('0x')) return size === undefined ? [] : [{ radix: 16, size, swapped: size > 1 }]
  if (value.text.length === 8 && digitsEnd(value.text, 0, 2) === 8) return [{ radix: 2, size: 1, swapped: false }]
  const all = lines.flatMap(line => line.values)
  const octal = all.some(({ text }) => text.length > 1 && text.startsWith('0'))
  const radix = octal && all.every(({ text }) => text === '0' || text.startsWith('0')) ? 8 : 10
  return ([1, 2, 4, 8] as const).map(n => ({ radix, size: n, swapped: n > 1 }))
}

function read(lines: readonly GdbLine[], cell: Cell): Piece[] {
  const all = rows('another')
  for (const { line, address, values } of lines) {
    all.open(address, { line, column: 0 })
    for (const { text, at } of values) {
      const place = { line, column: at }
      const value = cellValue(cell.radix === 16 && text.startsWith('0x') ? text.slice(2) : text, cell)
      const whole = cell.radix !== 16 || text.length === 2 + cell.size * 2
      if (value === undefined || !whole || (cell.radix === 16 && !text.startsWith('0x')))
        throw new TextMistake(place, `expected a value of ${cell.size * 8} bits, found ${quoted(text)}`)
      if (!pushWord(all.into, value, cell.size)) throw full(place)
    }
  }
  return all.pieces()
}

/** Whether lines of this many bytes lie where their addresses say: those of decimal values tell it by nothing else. */
const fitsAddresses = (lines: readonly GdbLine[], { size }: Cell): boolean =>
  lines.every(({ address, values }, i) => {
    const next = lines[i + 1]?.address
    return address === undefined || next === undefined || next <= address || next - address >= BigInt(values.length * size)
  }) &&
  (lines.length < 2 || lines.some(({ address, values }, i) => lines[i + 1]?.address === (address ?? 0n) + BigInt(values.length * size)))

function readGdb({ lines, asked }: Text): Reading | undefined {
  const found: GdbLine[] = []
  for (const [i, line] of lines.entries()) {
    if (PROMPT.test(line.slice(0, 40))) continue
    const there = lineOf(line, i)
    if (there === undefined && found.length === 0) return undefined
    if (there === undefined)
      throw new TextMistake({ line: i, column: 0 }, `expected a line of x, as 0x1000: 0x50 0x00, found ${quoted(line.trim())}`)
    found.push(there)
  }
  const [first] = found
  if (first === undefined) return undefined
  const cells = cellsOf(found)
  const value = first.values[0] as Word
  if (cells.length === 0)
    throw new TextMistake({ line: first.line, column: value.at }, `expected a value as x/xb prints it, found ${quoted(value.text)}`)
  const fitting = cells.length === 1 ? cells : cells.filter(cell => fitsAddresses(found, cell))
  const ways = (fitting.length === 0 ? cells : fitting).map(
    (cell): Way => ({ taken: `x of gdb, ${cellText(cell)}`, id: `gdb-${cell.size}`, read: () => read(found, cell) }),
  )
  return only(ways, asked)
}

export const gdb: Form = {
  ids: ['gdb', 'gdb-1', 'gdb-2', 'gdb-4', 'gdb-8'],
  title: 'gdb: x/xb, x/xh, x/xw, x/xg; also d, u, o, t',
  how: 'addresses and <symbol+offset> tell where lines lie; words are swapped; values without a size (d, u, o) need two lines or --format gdb-1, -2, -4, -8',
  read: readGdb,
}
