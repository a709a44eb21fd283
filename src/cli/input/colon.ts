/** Dumps whose address ends with a colon: xxd in all its ways, print_hex_dump of the kernel, tcpdump, memory read of lldb. */
import { cellText, pushCell, pushHex, pushSwapped } from './cells.ts'
import { digitsEnd, type Word, wordsOf } from './chars.ts'
import { type Piece, type Place, quoted, TextMistake } from './reading.ts'
import { firstOf, only, type Taken, type Way } from './readings.ts'
import { full, type Gap, type Rows, rows } from './rows.ts'

/** A row of such a dump, cut out of its line. */
export interface ColonLine {
  /** hex or decimal digits; empty where the dump has no addresses */
  readonly address: string
  /** what follows the colon and one blank */
  readonly rest: string
  /** number of the line from 0, and column of `rest` */
  readonly line: number
  readonly column: number
}

/** `*`, for rows like the one before. */
export type ColonRow = ColonLine | '*'

/** Bytes of a row where the tools are not told otherwise. */
const ROW = 16

/** What the rows have in common. */
interface Shape {
  /** digits of a cell */
  readonly digits: number
  /** columns that cells take up; the characters stand 2 further */
  readonly width: number
  readonly ascii: boolean
}

const cellsOf = (rest: string): Word[] => {
  const end = rest.indexOf('  ', rest.length - rest.trimStart().length)
  return wordsOf(rest, 0, end === -1 ? rest.length : end)
}

function shapeOf(lines: readonly ColonLine[]): Shape {
  const [{ rest }] = lines as [ColonLine]
  const cells = cellsOf(rest)
  const digits = rest.length - rest.trimStart().length + (cells[0]?.text.length ?? 0)
  const last = cells.at(-1)
  const end = last === undefined ? 0 : last.at + last.text.length
  // a row that is not the last one is full; a single one need not be
  const padded = fullWidth(digits)
  const single = lines.length === 1 && rest.length > padded + 2 && rest.slice(padded, padded + 2) === '  '
  const blanks = lines.length === 1 ? rest.length - end - rest.slice(end).trimStart().length : 2
  const width = single && isBlankOrHex(rest.slice(0, padded)) ? padded : end + Math.max(0, blanks - 2)
  return { digits, width, ascii: rest.trimEnd().length > width }
}

const isBlankOrHex = (text: string): boolean => wordsOf(text).every(word => digitsEnd(word.text, 0) === word.text.length)

/** Columns of a full row of cells of so many digits. */
const fullWidth = (digits: number): number => Math.ceil((ROW * 2) / Math.max(digits, 2)) * (digits + 1) - 1

const isBinary = (text: string): boolean => text.length === 8 && digitsEnd(text, 0, 2) === 8

const printed = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')

/** Whether the characters at the right are those of the bytes from `start`. */
function bearsOut(shown: string, { into }: Rows, start: number): boolean {
  for (let i = start; i < into.length; i++) if (printed(into.at(i)) !== (shown[i - start] ?? ' ')) return false
  return true
}

type Push = typeof pushHex

const binary: Push = (into, text) => (isBinary(text) ? pushCell(into, text, { radix: 2, size: 1, swapped: false }) : 'digits')

interface Trial {
  readonly push: Push
  readonly radix: 10 | 16
  /** the characters at the right decide between several ways */
  readonly judged: boolean
  /** cells stand in columns, the last one need not be full and then begins with blanks */
  readonly columns: boolean
}

function read(given: readonly ColonRow[], shape: Shape, trial: Trial, gap: Gap): Piece[] {
  const all = rows(gap, trial.radix)
  for (const row of given) {
    if (row === '*') all.star()
    else readRow(row, shape, trial, all)
  }
  return all.pieces()
}

function readRow(row: ColonLine, shape: Shape, { push, radix, judged, columns }: Trial, all: Rows): void {
  const place = { line: row.line, column: 0 }
  all.open(row.address === '' ? undefined : addressOf(row.address, radix, place), place)
  const start = all.into.length
  for (const cell of columns ? inColumns(row.rest, shape) : cellsOf(row.rest)) {
    const wrong = push(all.into, cell.text)
    const at = { line: row.line, column: row.column + cell.at }
    if (wrong === 'room') throw full(at)
    if (wrong !== undefined) throw new TextMistake(at, `expected hex digits, found ${quoted(cell.text)}`)
  }
  if (judged && shape.ascii && !bearsOut(row.rest.slice(shape.width + 2), all, start))
    throw new TextMistake(place, 'the characters at the right are not those of the bytes')
}

function addressOf(text: string, radix: 10 | 16, place: Place): bigint {
  if (text.length > 20 || digitsEnd(text, 0, radix) < text.length)
    throw new TextMistake(place, `expected an address, found ${quoted(text)}`)
  return BigInt(radix === 16 ? `0x${text}` : text)
}

function inColumns(rest: string, { digits, width }: Shape): Word[] {
  const cells: Word[] = []
  for (let at = 0; at < width; at += digits + 1) {
    const text = rest.slice(at, Math.min(at + digits, width)).trim()
    if (text === '') break
    cells.push({ text, at })
  }
  return cells
}

/** What the words around a dump tell about it. */
export interface Source {
  /** the tool that wrote it */
  readonly title: string
  /** its words are numbers of a little-endian machine, whatever the characters say */
  readonly swapped?: true
  readonly gap: Gap
}

/**
 * The messages of rows. Where words could stand in either order, the characters at the right decide.
 * @param asked the id of the way to read them, where the person said it
 * @throws TextMistake where no way to read them fits, or two
 */
export function readColon(given: readonly ColonRow[], { title, swapped, gap }: Source, asked: string | undefined): Taken {
  const shape = shapeOf(given.filter(row => row !== '*'))
  const size = shape.digits / 2
  const way = (taken: string, id: string, push: Push, more: Partial<Trial> = {}): Way => ({
    taken,
    id,
    read: () => inEitherRadix(given, shape, { push, judged: false, columns: false, ...more }, gap),
  })
  if (isBinaryDump(given) && asked !== 'xxd-g') return only([way(`${title} -b, bytes in binary`, 'xxd-b', binary)], asked)
  if (size !== 2 && size !== 4 && size !== 8) return only([way(title, 'xxd', pushHex)], asked)
  const words = cellText({ radix: 16, size, swapped: true })
  if (swapped === true) return only([way(`${title}, ${words}`, 'kernel', pushSwapped)], asked)
  const judged = shape.ascii && asked === undefined
  const straight = way(title, 'xxd', pushHex, { judged })
  const turned = way(`${title} -e or a dump of the kernel, ${words}`, 'xxd-e', pushSwapped, { judged, columns: true })
  // groups of 2 bytes are what xxd writes when it is not told otherwise, also where somebody changed the bytes and not the characters
  if (size === 2) return shape.ascii ? firstOf([straight, turned, way(title, 'xxd', pushHex)], asked) : firstOf([straight], asked)
  return only([straight, turned], asked)
}

/** xxd -d writes decimal addresses, and nothing else does. */
function inEitherRadix(given: readonly ColonRow[], shape: Shape, trial: Omit<Trial, 'radix'>, gap: Gap): Piece[] {
  const radices = gap === 'mistake' ? ([16, 10] as const) : ([16] as const)
  const ways = radices.map(radix => ({ taken: '', id: '', read: () => read(given, shape, { ...trial, radix }, gap) }))
  return only(ways).pieces
}

/** Cells of 8 binary digits, and not more characters than cells. */
const isBinaryDump = (given: readonly ColonRow[]): boolean =>
  given.every(row => {
    if (row === '*') return true
    const cells = cellsOf(row.rest)
    const last = cells.at(-1)
    const shown = last === undefined ? '' : row.rest.slice(last.at + last.text.length).trim()
    return cells.every(cell => isBinary(cell.text)) && shown.length <= cells.length
  })
