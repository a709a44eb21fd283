/** Plain hex: pairs of digits with whatever people put between them. */
import { betweenEnd } from './blanks.ts'
import { pushHex, pushSwapped } from './cells.ts'
import { digitsEnd, isHexAt, wordEnd } from './chars.ts'
import { type Form, type Piece, quoted, type Reading, type Text, TextMistake } from './reading.ts'
import { only } from './readings.ts'
import { full } from './rows.ts'
import { type Sink, sink } from './sink.ts'

const SEPARATORS = new Set(',;:.-_|/{}()[]"\''.split(''))

type Prefix = '0x' | '\\x' | ''

/** One run of digits. */
interface Run {
  readonly prefix: Prefix
  readonly start: number
  readonly end: number
}

const prefixAt = (text: string, at: number): Prefix =>
  text[at] === '0' && (text[at + 1] === 'x' || text[at + 1] === 'X') ? '0x' : text.startsWith('\\x', at) ? '\\x' : ''

/** The next run from `at`; undefined at the end of the text. */
function nextRun(text: string, from: number): Run | undefined {
  let at = betweenEnd(text, from)
  while (at < text.length && SEPARATORS.has(text[at] as string)) at = betweenEnd(text, at + 1)
  if (at >= text.length) return undefined
  const prefix = prefixAt(text, at)
  const start = at + prefix.length
  const end = digitsEnd(text, start)
  if (end === start) throw new TextMistake({ offset: at }, `expected hex digits, found ${quoted(text[at] as string)}`)
  return { prefix, start, end }
}

/** Digits of numbers that are words: of 2, 4 and 8 bytes. */
const WORD_DIGITS = new Set([4, 8, 16])

/** Whether all numbers have a prefix and the width of one word, and there is more than one. */
function wordDigits(text: string): number | undefined {
  let [digits, count] = [0, 0]
  for (let run = nextRun(text, 0); run !== undefined; run = nextRun(text, run.end), count++) {
    if (count === 0) digits = run.end - run.start
    if (run.prefix !== '0x' || run.end - run.start !== digits || !WORD_DIGITS.has(digits)) return undefined
  }
  return count > 1 ? digits : undefined
}

function pushRun(text: string, { prefix, start, end }: Run, into: Sink, push: typeof pushHex): void {
  const digits = text.slice(start, end)
  const wrong = push(into, prefix !== '' && digits.length === 1 ? `0${digits}` : digits)
  if (wrong === 'room') throw full({ offset: start })
  if (wrong !== undefined && digits.length === 1)
    throw new TextMistake({ offset: start }, `expected pairs of hex digits, found ${quoted(text.slice(start, wordEnd(text, start)))}`)
  if (wrong !== undefined)
    throw new TextMistake({ offset: start }, `expected pairs of hex digits, found ${digits.length} digits, an odd number`)
}

function readRuns(text: string, push: typeof pushHex): Piece[] {
  const into = sink()
  for (let run = nextRun(text, 0); run !== undefined; run = nextRun(text, run.end)) {
    if (run.prefix === '\\x' && run.end - run.start > 2)
      throw new TextMistake({ offset: run.start }, `expected two digits after \\x, found ${run.end - run.start}`)
    pushRun(text, run, into, push)
  }
  return [{ bytes: into.take() }]
}

/** One string of digits, broken into lines anywhere; undefined when it is something else. */
function broken(lines: readonly string[]): string | undefined {
  const parts: string[] = []
  for (const line of lines) {
    const part = line.trim()
    if (digitsEnd(part, 0) !== part.length) return undefined
    parts.push(part)
  }
  return parts.some(part => part.length % 2 === 1) ? parts.join('') : undefined
}

const WORD_LINE = /^ [0-9a-f]{4}(?:[0-9a-f]{4}(?:[0-9a-f]{8})?)?(?: |$)/

/** Lines that begin with one blank and hold words of one width, as `od -A n -t x4` writes them. */
function maybeWords({ lines }: Text): boolean {
  const filled = lines.filter(line => line !== '')
  const [first] = filled
  if (first === undefined || !WORD_LINE.test(first.slice(0, 40))) return false
  const width = digitsEnd(first, 1) - 1
  return filled.every(line => {
    if (line.trimEnd().length > 40 * (width + 1)) return false
    return (
      line
        .trimEnd()
        .slice(1)
        .split(' ')
        .every(word => word.length === width && digitsEnd(word, 0) === width) && line[0] === ' '
    )
  })
}

const plain = (text: Text): Piece[] => {
  const whole = broken(text.lines)
  return readRuns(whole ?? text.text, pushHex)
}

/** Punctuation alone is no hex. */
function bytesOf(text: Text): Reading | undefined {
  const pieces = plain(text)
  const nothing = pieces[0]?.bytes.length === 0 && betweenEnd(text.text, 0) < text.text.length
  return nothing ? undefined : { taken: 'hex', pieces }
}

/** So much hex before a mistake, that the text is meant as hex. */
const ENOUGH_DIGITS = 6

/** Whether the text begins as hex. */
function begins(text: string, mistake: TextMistake): boolean {
  if (!('offset' in mistake.place)) return true
  let digits = 0
  for (let i = 0; i < mistake.place.offset && digits < ENOUGH_DIGITS; i++) if (isHexAt(text, i)) digits++
  return digits >= ENOUGH_DIGITS
}

function read(text: Text): Reading | undefined {
  try {
    const digits = wordDigits(text.text)
    if (digits !== undefined && text.asked !== 'plain-hex') {
      const size = digits / 2
      return { taken: `numbers in hex, ${size * 8}-bit words, swapped to little-endian bytes`, pieces: readRuns(text.text, pushSwapped) }
    }
    if (!maybeWords(text)) return bytesOf(text)
  } catch (error) {
    if (!(error instanceof TextMistake) || text.asked === 'plain-hex' || begins(text.text, error)) throw error
    return undefined
  }
  const ways = [
    { taken: 'hex', id: 'plain-hex', read: () => plain(text) },
    { taken: 'od -A n, words swapped to little-endian bytes', id: 'od-words', read: () => readRuns(text.text, pushSwapped) },
  ]
  return only(ways, text.asked)
}

export const hex: Form = {
  ids: ['plain-hex', 'od-words'],
  title: 'plain hex, xxd -p, od -A n -t x1, numbers with 0x, bytes with \\x',
  how: 'pairs of digits, whatever punctuation stands between them; # // and /* */ are comments; two or more 0x numbers of 4, 8 or 16 digits are words, which are swapped; words of od -A n need --format od-words or plain-hex',
  read,
}
