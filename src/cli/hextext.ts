/** Bytes from text: plain hex, C arrays, and the dumps of xxd, hexdump -C, od and Wireshark. */
/** A squeezed dump (`*`) may not grow beyond this: four times the largest map. */
const MOST_BYTES = 64 * 1024 * 1024

/** As many as a dump of that has. */
const MOST_LINES = MOST_BYTES / 16

export interface HexText {
  readonly bytes: Uint8Array
  readonly kind: 'hex' | 'hex dump'
}

/** First character that is not hex. */
export interface NotHex {
  readonly line: number
  readonly column: number
  readonly found: string
}

const COMMENT = /(#|\/\/).*$/
/** What may stand between the digits of plain hex. */
const SEPARATORS = /[\s,;:{}()[\]"]|\\x|(?<![0-9a-fA-F])0x(?=[0-9a-fA-F])/g
/** A byte of a C array with one digit. */
const ONE_DIGIT = /(?<![0-9a-fA-F])0x([0-9a-fA-F])(?![0-9a-fA-F])/g

const fromDigits = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'))

/** A line of a dump: its offset, and what is behind it. */
const DUMP_LINE = /^\s*([0-9a-fA-F]{4,16})(:?)(?:\s+(.*))?$/

interface DumpLine {
  readonly offset: string
  readonly rest: string
}

/** The lines of a dump with their offsets; undefined when this is plain hex. */
function dumpLines(lines: readonly string[]): DumpLine[] | undefined {
  const full = lines.filter(line => line.trim() !== '')
  const parsed = full.map(line => DUMP_LINE.exec(line))
  const [first, second] = parsed
  if (first === null || first === undefined || !/^0+$/.test(first[1] ?? '')) return undefined
  const xxd = first[2] === ':'
  const piped = /[|>]/.test(first[3] ?? '')
  const goesOn =
    second !== null && second !== undefined && /^0*[1-9a-f]/i.test(second[1] ?? '') && (second[1] ?? '').length === (first[1] ?? '').length
  if (!xxd && !piped && !goesOn) return undefined
  return full.map((line, i) => {
    const match = parsed[i]
    return line.trim() === '*' ? { offset: '*', rest: '' } : { offset: match?.[1] ?? '?', rest: hexPart(match?.[3] ?? '', xxd) }
  })
}

/** Cuts the characters off that dumps show behind the hex. */
function hexPart(rest: string, xxd: boolean): string {
  const bar = xxd ? -1 : rest.search(/[|>]/)
  const end = bar !== -1 ? bar : rest.search(xxd ? /\s{2}/ : /\s{3,}/)
  return end === -1 ? rest : rest.slice(0, end)
}

const ROW = 16

function dumpBytes(lines: readonly DumpLine[]): Uint8Array | NotHex {
  const offsets = lines.map(l => l.offset).filter(o => o !== '*')
  const radix = radixOf(lines, offsets)
  const parts: Uint8Array[] = []
  let size = 0
  let row: Uint8Array = new Uint8Array()
  for (const [i, line] of lines.entries()) {
    if (line.offset === '*') continue
    const offset = Number.parseInt(line.offset, radix)
    if (lines[i - 1]?.offset === '*') {
      const repeats = row.length === 0 ? 0 : Math.floor((offset - size) / row.length)
      if (size + repeats * row.length > MOST_BYTES) return { line: i + 1, column: 1, found: `${offset} bytes, more than ${MOST_BYTES}` }
      for (let k = 0; k < repeats; k++) parts.push(row)
      size += repeats * row.length
    }
    if (offset !== size) return { line: i + 1, column: 1, found: `offset ${line.offset}, expected ${size.toString(radix)}` }
    const next = lines[i + 1]
    const wanted = next === undefined || next.offset === '*' ? ROW * 2 : Number.parseInt(next.offset, radix) - offset
    const words = line.rest.split(/\s+/).filter(word => word !== '')
    const other = words.findIndex(word => !isPairs(word))
    const digits = words.slice(0, other === -1 ? words.length : other).join('')
    row = fromDigits(digits.slice(0, wanted * 2))
    parts.push(row)
    size += row.length
  }
  return Uint8Array.from(Buffer.concat(parts))
}

const isPairs = (word: string): boolean => /^([0-9a-fA-F]{2})+$/.test(word)

/** od counts in octal unless told otherwise: the second offset must be the number of bytes before it. */
function radixOf(lines: readonly DumpLine[], offsets: readonly string[]): number {
  const first = lines[0]?.rest.split(/\s+/).filter(isPairs).join('').length ?? 0
  const second = offsets[1]
  if (second === undefined) return 16
  return [16, 8, 10].find(radix => Number.parseInt(second, radix) === first / 2) ?? 16
}

/** The declaration around the bytes of a C array, as `xxd -i` writes it, and that of its length. */
const C_HEAD = /^[^{}"]*\w\s*\[[^\]]*\]\s*=\s*(?=\{)/
const C_TAIL = /\}\s*;[^{}]*$/
/** Characters within which each of them ends. */
const DECLARATION = 1000

/** As many spaces, in as many lines. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** The bytes of a C array without the declaration around them; other text as it is. */
function withoutDeclaration(text: string): string {
  const head = C_HEAD.exec(text.slice(0, DECLARATION))?.[0]
  if (head === undefined) return text
  const tail = C_TAIL.exec(text.slice(head.length).slice(-DECLARATION))?.[0] ?? ''
  return blank(head) + text.slice(head.length, text.length - tail.length) + blank(tail)
}

function hasMoreLines(text: string, most: number): boolean {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) if (++lines > most) return true
  return false
}

/** The bytes that the text stands for, or where it stops being hex. */
export function parseHex(given: string): HexText | NotHex {
  if (hasMoreLines(given, MOST_LINES)) return { line: MOST_LINES, column: 1, found: `more than ${MOST_LINES} lines` }
  const text = withoutDeclaration(given)
  const lines = text.split(/\r?\n/)
  const dump = dumpLines(lines)
  if (dump !== undefined) {
    const bytes = dumpBytes(dump)
    return bytes instanceof Uint8Array ? { bytes, kind: 'hex dump' } : bytes
  }
  const bare = lines.map(line => line.replace(COMMENT, ''))
  for (const [i, line] of bare.entries()) {
    const wrong = line.replace(SEPARATORS, match => ' '.repeat(match.length)).search(/[^0-9a-fA-F\s]/)
    if (wrong !== -1) return { line: i + 1, column: wrong + 1, found: JSON.stringify(line[wrong]) }
  }
  const digits = bare.join('\n').replace(ONE_DIGIT, '0$1').replace(SEPARATORS, '')
  if (digits.length % 2 === 1) return { line: lines.length, column: 1, found: `${digits.length} digits, an odd number` }
  return { bytes: fromDigits(digits), kind: 'hex' }
}

export const isHex = (parsed: HexText | NotHex): parsed is HexText => 'bytes' in parsed
