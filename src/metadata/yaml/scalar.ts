/**
 * How libyaml 0.2.5 writes one scalar that is asked for as plain, in a block mapping, with its default width of 80 and without Unicode:
 * plain where it may be, else single quoted, else double quoted. Works on bytes, as the path of a log entry is not text.
 */

const BEST_WIDTH = 80
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const QUOTE = 0x27
const code = (text: string): number => text.charCodeAt(0)

/** Bytes of the character that starts with this byte; 0 for none. */
const widthOf = (byte: number): number =>
  byte < 0x80 ? 1 : (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3 : (byte & 0xf8) === 0xf0 ? 4 : 0

const LEAST = [0, 0, 0x80, 0x800, 0x10000]
const LEAD_BITS = [0, 0x7f, 0x1f, 0x0f, 0x07]

/** Code point at `i`; undefined where libyaml would not take it as UTF-8. Surrogates and values beyond U+10FFFF pass, as they do there. */
function pointAt(bytes: Uint8Array, i: number): { readonly point: number; readonly width: number } | undefined {
  const lead = bytes[i] as number
  const width = widthOf(lead)
  if (width === 0 || i + width > bytes.length) return undefined
  let point = lead & (LEAD_BITS[width] as number)
  for (let k = 1; k < width; k++) {
    const byte = bytes[i + k] as number
    if ((byte & 0xc0) !== 0x80) return undefined
    point = (point << 6) | (byte & 0x3f)
  }
  return width > 1 && point < (LEAST[width] as number) ? undefined : { point, width }
}

/** The code points, or undefined when libyaml would refuse the scalar. */
export function codePoints(bytes: Uint8Array): number[] | undefined {
  const points: number[] = []
  for (let i = 0; i < bytes.length; ) {
    const next = pointAt(bytes, i)
    if (next === undefined) return undefined
    points.push(next.point)
    i += next.width
  }
  return points
}

const isBreak = (c: number | undefined): boolean => c === LF || c === CR || c === 0x85 || c === 0x2028 || c === 0x2029
const isBlank = (c: number | undefined): boolean => c === undefined || c === SPACE || c === 9 || c === 0 || isBreak(c)
/** Printable to libyaml, among ASCII; everything beyond ASCII is escaped anyway. */
const isPlainAscii = (c: number): boolean => c === LF || (c >= SPACE && c <= 0x7e)

const FIRST_INDICATORS = new Set([...'#,[]{}&*!|>\'"%@`'].map(code))

type Style = 'plain' | 'single' | 'double'

/** Indicators that forbid the plain style in a block. */
function indicated(points: readonly number[]): boolean {
  const [first, second, third] = points
  const dashes = first === code('-') && second === code('-') && third === code('-')
  const dots = first === code('.') && second === code('.') && third === code('.')
  if (dashes || dots || FIRST_INDICATORS.has(first as number)) return true
  if ((first === code('?') || first === code('-')) && isBlank(second)) return true
  return points.some((c, i) => (c === code(':') && isBlank(points[i + 1])) || (i > 0 && c === code('#') && isBlank(points[i - 1])))
}

function styleOf(points: readonly number[]): Style {
  if (points.length === 0) return 'plain'
  const spaceMeetsBreak = points.some(
    (c, i) => i > 0 && ((c === SPACE && isBreak(points[i - 1])) || (isBreak(c) && points[i - 1] === SPACE)),
  )
  if (spaceMeetsBreak || !points.every(isPlainAscii)) return 'double'
  const edges = [points[0], points.at(-1)]
  const needsQuotes = edges.some(c => c === SPACE || isBreak(c)) || points.some(isBreak)
  return needsQuotes || indicated(points) ? 'single' : 'plain'
}

const ESCAPES = new Map<number, string>([
  [0, '0'],
  [7, 'a'],
  [8, 'b'],
  [9, 't'],
  [LF, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [CR, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

function escaped(c: number): string {
  const short = ESCAPES.get(c)
  if (short !== undefined) return `\\${short}`
  const [letter, digits] = c <= 0xff ? ['x', 2] : c <= 0xffff ? ['u', 4] : ['U', 8]
  return `\\${letter}${c
    .toString(16)
    .toUpperCase()
    .padStart(digits as number, '0')}`
}

/** The text written so far; columns decide where it folds. */
interface Out {
  text: string
  column: number
  readonly indent: number
}

function put(out: Out, text: string): void {
  out.text += text
  out.column += text.length
}

function fold(out: Out): void {
  out.text += `\n${' '.repeat(out.indent)}`
  out.column = out.indent
}

function writePlain(out: Out, points: readonly number[]): void {
  points.forEach((c, i) => {
    const foldable = c === SPACE && points[i - 1] !== SPACE && out.column > BEST_WIDTH && points[i + 1] !== SPACE
    if (foldable) fold(out)
    else put(out, String.fromCharCode(c))
  })
}

function writeSingle(out: Out, points: readonly number[]): void {
  put(out, "'")
  let breaks = false
  points.forEach((c, i) => {
    if (c === LF) {
      out.text += breaks ? '\n' : '\n\n'
      out.column = 0
      breaks = true
      return
    }
    if (breaks) put(out, ' '.repeat(out.indent))
    breaks = false
    const inside = i > 0 && i < points.length - 1
    const foldable = c === SPACE && inside && points[i - 1] !== SPACE && out.column > BEST_WIDTH && points[i + 1] !== SPACE
    if (foldable) fold(out)
    else put(out, c === QUOTE ? "''" : String.fromCharCode(c))
  })
  if (breaks) put(out, ' '.repeat(out.indent))
  put(out, "'")
}

function writeDouble(out: Out, points: readonly number[]): void {
  put(out, '"')
  let spaces = false
  points.forEach((c, i) => {
    const special = !isPlainAscii(c) || c === LF || c === 0x22 || c === 0x5c
    const foldable = c === SPACE && !spaces && out.column > BEST_WIDTH && i > 0 && i < points.length - 1
    if (special) put(out, escaped(c))
    else if (foldable) {
      fold(out)
      if (points[i + 1] === SPACE) put(out, '\\')
    } else put(out, String.fromCharCode(c))
    spaces = c === SPACE
  })
  put(out, '"')
}

/**
 * The scalar as it stands behind its key and a space.
 * @param column where it starts
 * @param indent of the lines that it is folded to
 * @returns undefined when libyaml would refuse the bytes because they are not UTF-8
 */
export function yamlScalar(bytes: Uint8Array, column: number, indent: number): string | undefined {
  const points = codePoints(bytes)
  if (points === undefined) return undefined
  const out: Out = { text: '', column, indent }
  const style = styleOf(points)
  if (style === 'plain') writePlain(out, points)
  else if (style === 'single') writeSingle(out, points)
  else writeDouble(out, points)
  return out.text
}
