/** Dumps whose address is a word of its own: hexdump and od in all their ways, and the bytes that Wireshark copies. */
import { type Cell, cellText, pushCell } from './cells.ts'
import { ESCAPES, pushCharacter } from './characters.ts'
import { digitsEnd, type Word, wordsOf } from './chars.ts'
import { type Form, type Piece, type Place, quoted, type Reading, type Text, TextMistake } from './reading.ts'
import { firstOf, only, type Way } from './readings.ts'
import { full, type Rows, rows } from './rows.ts'
import { isAside } from './xxd.ts'

type Radix = 8 | 10 | 16
type Tool = 'hexdump' | 'od'

/** What stands in a cell: a number, or the character itself (hexdump -c, od -c). */
type Content = Cell | 'characters'

interface DumpLine {
  readonly line: number
  readonly text: string
  /** digits of the address; undefined for `*` */
  readonly address: string | undefined
  /** column where the address ends */
  readonly end: number
}

/** Shortest addresses: 4 digits in Wireshark, 6 in od -A x, 7 in hexdump and od, 8 in hexdump -C. */
const SHORTEST = 4
const LONGEST = 16

function dumpLine(text: string, line: number): DumpLine | undefined {
  if (text.trim() === '*') return { line, text, address: undefined, end: 0 }
  const start = text.length - text.trimStart().length
  const end = digitsEnd(text, start)
  const length = end - start
  if (length < SHORTEST || length > LONGEST || (end < text.length && text[end] !== ' ' && text[end] !== '\t')) return undefined
  return { line, text, address: text.slice(start, end), end }
}

/** Cells of hex pairs in a full row; more only where no gap follows. */
const ROW = 16

/** The cells of a row: up to the characters at its right. */
function cellsOf({ text, end, address = '' }: DumpLine): readonly Word[] {
  const words = wordsOf(text, end)
  const cells: Word[] = []
  for (const word of words) {
    const last = cells.at(-1)
    const gap = last === undefined ? 0 : word.at - last.at - last.text.length
    if (word.text.startsWith('|') || (word.text.startsWith('>') && gap >= 2)) break
    // od and hexdump mark their characters; others put them after a gap
    const gapEnds = cells[0]?.text.length === 2 && (address.length < 6 || address.length > 7)
    if (gapEnds && (gap >= 3 || (gap >= 2 && cells.length >= ROW))) break
    cells.push(word)
  }
  return cells
}

const isHexWord = (text: string): boolean => digitsEnd(text, 0) === text.length

const HEX_SIZES = { 2: 1, 4: 2, 8: 4, 16: 8 } as const
const OCTAL_SIZES = { 3: 1, 6: 2, 11: 4, 22: 8 } as const

const octal = (size: Cell['size']): Cell => ({ radix: 8, size, swapped: size > 1 })
const decimals: readonly Cell[] = ([1, 2, 4, 8] as const).map(size => ({ radix: 10, size, swapped: size > 1 }))

/** What the cells may be, from the first full row. */
function contentsOf(cells: readonly Word[], lines: readonly DumpLine[]): readonly Content[] {
  const widths = new Set(cells.map(cell => cell.text.length))
  const [width] = widths
  const oneWidth = widths.size === 1 ? width : undefined
  const size = HEX_SIZES[oneWidth as keyof typeof HEX_SIZES]
  if (size !== undefined && cells.every(cell => isHexWord(cell.text))) {
    const hex: Cell = { radix: 16, size, swapped: size > 1 }
    return oneWidth === 2 || cells.some(cell => cell.text.startsWith('0')) ? [hex] : [hex, ...decimals]
  }
  if (lines.some(line => cellsOf(line).some(cell => cell.text[0] === '\\' && ESCAPES[cell.text.slice(1)] !== undefined)))
    return ['characters']
  const bytes = OCTAL_SIZES[oneWidth as keyof typeof OCTAL_SIZES]
  if (bytes !== undefined && cells.every(cell => digitsEnd(cell.text, 0, 8) === cell.text.length)) {
    return cells.some(cell => cell.text.startsWith('0')) ? [octal(bytes)] : [octal(bytes), ...decimals]
  }
  if (cells.every(cell => /^-?\d+$/.test(cell.text))) return oneWidth === 5 ? [decimals[1] as Cell] : decimals
  return cells.every(cell => cell.text.length === 1 || cell.text.length === 3) ? ['characters'] : []
}

/** Sizes of the numbers that hexdump writes by its options, by their radix; od writes those and others. */
const HEXDUMP_SIZES = { 2: [], 8: [1, 2], 10: [2], 16: [2] } as const satisfies Readonly<Record<Cell['radix'], readonly Cell['size'][]>>

/** hexdump -d fills its cells up with zeros, od with blanks. */
const DECIMAL_DIGITS = 5

/** Tools that write addresses of 7 digits: hexdump in hex, od in octal or with -A d in decimal. Between wider gaps it is hexdump. */
function toolsOf({ address = '', end }: DumpLine, cells: readonly Word[], content: Content): readonly Tool[] {
  if (address.length !== 7) return ['hexdump']
  if (content === 'characters') return ['hexdump', 'od']
  const sizes: readonly number[] = HEXDUMP_SIZES[content.radix]
  const padded = content.radix !== 10 || cells.every(cell => cell.text.length === DECIMAL_DIGITS)
  if (!sizes.includes(content.size) || !padded) return ['od']
  const wide = content.radix === 10 ? cells.some(cell => cell.text.startsWith('0')) : (cells[0]?.at ?? end) - end > 1
  return wide ? ['hexdump'] : ['hexdump', 'od']
}

/** Whether this is a dump at all, and not hex in groups: something in it must tell an address from data. */
function isDump(lines: readonly DumpLine[], cells: readonly Word[]): boolean {
  const [first] = lines as [DumpLine]
  const { address = '', text, end } = first
  const digits = address.length
  const gap = (cells[0]?.at ?? end) - end
  if (digits === 7 || digits === 5) return true
  const zero = /^0+$/.test(address)
  const pairs = cells[0]?.text.length === 2
  if (pairs && text.includes('|')) return true
  if (cells.length > 0 && /\s{2}>.{1,64}<$/.test(text.slice(end, end + 400)) && cells.every(cell => isHexWord(cell.text))) return true
  if (gap >= 2 && pairs && zero) return true
  const second = lines.find(line => line.address !== undefined && line !== first)
  const follows =
    second !== undefined &&
    second.address?.length === digits &&
    contentsOf(cells, [first]).some(
      content => content !== 'characters' && BigInt(`0x${second.address}`) === BigInt(`0x${address}`) + BigInt(cells.length * content.size),
    )
  if (follows && (digits >= 6 || (pairs && gap >= 2))) return true
  // od -A x of one row: a group of three zero bytes, and words of another width
  return zero && digits === 6 && cells.length > 0 && cells.every(cell => cell.text.length !== digits)
}

function read(lines: readonly DumpLine[], content: Content, radix: Radix): Piece[] {
  const all = rows('mistake', radix)
  for (const row of lines) {
    if (row.address === undefined) all.star()
    else readRow(row, row.address, content, radix, all)
  }
  return all.pieces()
}

function readRow(row: DumpLine, address: string, content: Content, radix: Radix, all: Rows): void {
  const place = { line: row.line, column: row.end - address.length }
  if (digitsEnd(address, 0, radix) < address.length) throw new TextMistake(place, `expected an address, found ${quoted(address)}`)
  const at = BigInt(`${radix === 16 ? '0x' : radix === 8 ? '0o' : ''}${address}`)
  const cells = cellsOf(row)
  // an address alone is the length of the dump
  if (cells.length === 0 && (content !== 'characters' || row.text.trimEnd().length <= row.end)) return all.close(at, place)
  all.open(at, place)
  if (content === 'characters') return characters(row, all)
  for (const cell of cells) demand(pushCell(all.into, cell.text, content), cell.text, content, { line: row.line, column: cell.at })
}

function demand(wrong: 'digits' | 'room' | undefined, text: string, cell: Cell, place: Place): void {
  if (wrong === 'room') throw full(place)
  if (wrong !== undefined) throw new TextMistake(place, `expected ${cellText(cell).replace(/,.*/, '')}, found ${quoted(text)}`)
}

const CHARACTER_COLUMNS = 4

function characters({ text, end, line }: DumpLine, all: Rows): void {
  const shown = text.trimEnd()
  for (let at = end; at < shown.length || at % CHARACTER_COLUMNS !== end % CHARACTER_COLUMNS; at += CHARACTER_COLUMNS)
    if (!pushCharacter(all.into, text.slice(at, at + CHARACTER_COLUMNS)))
      throw new TextMistake({ line, column: at }, `expected a character, found ${quoted(text.slice(at, at + CHARACTER_COLUMNS))}`)
}

/** The second line of a row that od shows in two forms (`od -tx1 -c`): blanks where the address would be. */
const isSecondForm = (line: string): boolean => /^ {7,}\S/.test(line.slice(0, 80))

function readDump(text: Text): Reading | undefined {
  const lines: DumpLine[] = []
  for (const [i, line] of text.lines.entries()) {
    if (isAside(line) || (lines.length > 0 && isSecondForm(line))) continue
    const there = dumpLine(line, i)
    if (there === undefined && !isCandidate(lines, text)) return undefined
    if (there === undefined)
      throw new TextMistake(
        { line: i, column: 0 },
        `expected a row of the dump, as ${lines[0]?.address ?? ''} 00 00 ..., found ${quoted(line.trim())}`,
      )
    lines.push(there)
  }
  if (!isCandidate(lines, text)) return undefined
  const [first] = lines as [DumpLine]
  const cells = cellsOf(first)
  const contents = contentsOf(cells, lines)
  if (contents.length === 0)
    throw new TextMistake(
      { line: first.line, column: first.end + 1 },
      `expected numbers of one width, found ${quoted(cells[0]?.text ?? '')}`,
    )
  return only(waysOf(lines, first, contents), text.asked)
}

const isCandidate = (lines: readonly DumpLine[], text: Text): boolean => {
  const [first] = lines
  if (first?.address === undefined) return false
  const cells = cellsOf(first)
  return cells.length > 0 && (isDump(lines, cells) || text.asked === 'od' || text.asked === 'hexdump')
}

const waysOf = (lines: readonly DumpLine[], first: DumpLine, contents: readonly Content[]): Way[] =>
  contents.flatMap(content =>
    toolsOf(first, cellsOf(first), content).flatMap((tool): Way[] => {
      const taken = `${titleOf(first, content, tool)}, ${content === 'characters' ? content : cellText(content)}`
      const way = (id: string, radix: Radix): Way => ({ taken, id, read: () => read(lines, content, radix) })
      if (tool === 'hexdump') return [way('hexdump', 16)]
      // decimal addresses are those of -A d, which is not what od does when it is not told otherwise
      return [{ taken, id: 'od', read: () => firstOf([way('od', 8), way('od-d', 10)]).pieces }]
    }),
  )

/** The tool that writes addresses and cells like this. */
function titleOf({ address = '', text }: DumpLine, content: Content, tool: Tool): string {
  if (tool === 'od') return 'od'
  if (address.length === 4) return 'a dump as of Wireshark'
  if (address.length === 6) return 'od -A x'
  if (text.includes('|')) return 'hexdump -C'
  return content !== 'characters' && content.radix === 16 && content.size === 2 ? 'hexdump without options' : 'hexdump'
}

export const plainDump: Form = {
  ids: ['hexdump', 'od'],
  title: 'hexdump without options, -C, -x, -b, -c, -d, -o; od with -t x, o, u, d, c, z of 1, 2, 4, 8 and -A x, o, d; Wireshark',
  how: 'the width of the cells tells their size, the addresses their radix; words are swapped; `*` repeats a row; the last address is the length',
  read: readDump,
}
