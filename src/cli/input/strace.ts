/** strace: the bytes that read(2), write(2) and their relatives passed, also those that -e read= and -e write= dump. */
import { pushHex } from './cells.ts'
import { wordsOf } from './chars.ts'
import { type Form, type Piece, quoted, type Reading, type Text, TextMistake } from './reading.ts'
import { full } from './rows.ts'
import { type Sink, sink } from './sink.ts'
import { readString } from './strings.ts'

/** Who sends what the call passes, as a FUSE server sees it: it reads requests and writes replies. */
const CALLS = {
  read: 'request',
  pread: 'request',
  pread64: 'request',
  readv: 'request',
  preadv: 'request',
  preadv2: 'request',
  recv: 'request',
  recvfrom: 'request',
  write: 'reply',
  pwrite: 'reply',
  pwrite64: 'reply',
  writev: 'reply',
  pwritev: 'reply',
  pwritev2: 'reply',
  send: 'reply',
  sendto: 'reply',
} as const

/** What strace puts before a call: the task, the time (-t, -tt, -ttt, -r, -f), the end of a call that another one interrupted. */
const BEFORE =
  /^(?:\[pid\s{1,8}\d{1,10}\]\s{1,4}|\d{1,10}\s{1,8}(?=\S))?(?:\(\+\s{0,8}\d{1,9}\.\d{1,9}\)\s|\s{0,8}\d{1,12}\.\d{1,9}\s{1,4}|\d\d:\d\d:\d\d(?:\.\d{1,9})?\s{1,4})?/
const CALL = /^([a-z0-9_]{2,20})\((?:(-?\d{1,10}|0x[0-9a-f]{1,16}|AT_FDCWD)(?:<([^>]{0,200})>{1,2})?)?/
const RESUMED = /^<\.\.\. ([a-z0-9_]{2,20}) resumed>\s?/
const RESULT = /\)\s{1,60}= (-?\d{1,19})(?: (E[A-Z0-9]{1,20}))?/
/** A line of `-e write=3`, and what comes before those of one buffer of several. */
const DUMP = /^ \| [0-9a-f]{5,16} {2}(.*?)(?: {2}.{1,16} \|)?$/
const BUFFER = /^ \* \d{1,12} bytes in buffer \d{1,9}$/
const DUMP_COLUMNS = 50

/** One call, with what of its bytes the line has. */
interface Call {
  readonly line: number
  readonly direction: 'request' | 'reply'
  /** what `-y` shows of the descriptor */
  readonly path: string | undefined
  readonly into: Sink
  /** the string ends in `...` */
  readonly cut: boolean
  readonly result: number
  /** bytes that the call was given */
  readonly count: number | undefined
  /** a dump below the line has begun: all bytes, in place of the strings */
  dumped: boolean
}

interface Lines {
  /** the lines that hold calls were seen */
  known: boolean
  readonly calls: Call[]
}

const NUMBER = /^,\s(\d{1,19})/
const LENGTH = /^,?\s?(?:iov_len=)?(\d{1,19})/

/** The strings of a call from `at`; of iovecs one after the other. */
function stringsOf(
  text: string,
  at: number,
  line: number,
): { readonly into: Sink; readonly cut: boolean; readonly end: number; readonly count: number | undefined; readonly found: boolean } {
  const into = sink()
  let [cut, end, count, found] = [false, at, undefined as number | undefined, false]
  for (let open = nextString(text, at); open !== -1; open = nextString(text, end)) {
    const literal = located(line, () => readString(text, open, into))
    found = true
    end = literal.end
    if (text.startsWith('...', end)) {
      cut = true
      end += 3
    }
    const length = LENGTH.exec(text.slice(end, end + 40))
    if (length !== null) count = (count ?? 0) + Number(length[1])
    if (text[end] === ',' && NUMBER.test(text.slice(end, end + 24)) && !text.startsWith(', iov', end)) break
  }
  return { into, cut, end, count, found }
}

/** The next opening quote before the end of the call. */
function nextString(text: string, at: number): number {
  for (let i = at; i < text.length && i < at + DUMP_COLUMNS; i++) {
    if (text[i] === '"') return i
    if (text[i] === ')' || text[i] === ']') return -1
  }
  return -1
}

/** A mistake of a line has the offset of its characters. */
function located<T>(line: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TextMistake) || !('offset' in error.place)) throw error
    throw new TextMistake({ line, column: error.place.offset }, error.message, error.unreadable ? { unreadable: true } : {})
  }
}

function readCall(text: string, line: number, lines: Lines): boolean {
  const before = BEFORE.exec(text.slice(0, 100))?.[0].length ?? 0
  const head = text.slice(before, before + 300)
  const resumed = RESUMED.exec(head)
  const call = resumed ?? CALL.exec(head)
  if (call === null) return /^(?:[-+]{3} .* [-+]{3}|strace: .*)$/.test(head)
  const direction = Object.hasOwn(CALLS, call[1] as string) ? CALLS[call[1] as keyof typeof CALLS] : undefined
  if (direction === undefined) return resumed !== null || /[)>]/.test(text.slice(before))
  lines.known = true
  const { into, cut, end, count, found } = stringsOf(text, before + call[0].length, line)
  const outcome = RESULT.exec(text.slice(end, end + 300))
  if (!found) return outcome !== null || text.includes('unfinished') || text.endsWith('= ?')
  if (outcome === null && text.slice(end).includes('unfinished') === false)
    throw new TextMistake({ line, column: end }, `expected ) = and what the call returned, found ${quoted(text.slice(end, end + 24))}`)
  const result = outcome === null ? (count ?? into.length) : Number(outcome[1])
  const failed = result < 0
  lines.calls.push({
    line,
    direction,
    path: call[3],
    into,
    cut,
    result: failed ? (count ?? into.length) : result,
    count,
    dumped: false,
    ...(failed ? { failed: outcome?.[2] } : {}),
  } as Call)
  return true
}

/** A line of the dump below a call. */
function readDumped(text: string, line: number, call: Call | undefined): boolean {
  if (BUFFER.test(text.slice(0, 80))) return true
  const found = text.startsWith(' | ') ? DUMP.exec(text.slice(0, 120)) : null
  if (found === null || call === undefined) return false
  if (!call.dumped) call.into.cut(0)
  call.dumped = true
  for (const { text: pair } of wordsOf((found[1] as string).slice(0, DUMP_COLUMNS))) {
    const wrong = pushHex(call.into, pair)
    if (wrong === 'room') throw full({ line, column: 0 })
    if (wrong !== undefined) throw new TextMistake({ line, column: text.indexOf(pair) }, `expected two hex digits, found ${quoted(pair)}`)
  }
  return true
}

/** The bytes of a call, and how many are not there. */
function pieceOf(call: Call): Piece {
  const { into, cut, dumped, line, direction, result } = call
  const bytes = into.take()
  const missing = result - bytes.length
  if (missing > 0 && !cut && !dumped)
    throw new TextMistake({ line, column: 0 }, `the string has ${bytes.length} bytes, the call passed ${result}`)
  if (missing < 0 && (dumped || !cut)) return { bytes: bytes.slice(0, result), direction }
  return missing > 0 ? { bytes, direction, missing } : { bytes, direction }
}

function read({ lines }: Text): Reading | undefined {
  const all: Lines = { known: false, calls: [] }
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '' || /^\s*(#|[$%] )/.test(line.slice(0, 40)) || readDumped(line, i, all.calls.at(-1)) || readCall(line, i, all))
      continue
    if (!all.known) return undefined
    throw new TextMistake({ line: i, column: 0 }, `expected a call as strace prints it, found ${quoted(line.trim())}`)
  }
  if (!all.known) return undefined
  const calls = all.calls.filter(call => call.result > 0)
  if (calls.length === 0)
    throw new TextMistake({ offset: 0 }, 'no call in it shows bytes: strace -e trace=read,write,readv,writev does', { unreadable: true })
  const named = calls.filter(call => call.path?.startsWith('/dev/fuse') === true)
  const chosen = named.length > 0 ? named : calls
  return {
    taken: `strace${named.length > 0 && named.length < calls.length ? ', the calls on /dev/fuse' : ''}`,
    pieces: chosen.map(pieceOf),
  }
}

export const strace: Form = {
  ids: ['strace'],
  title: 'strace: read, write, readv, writev, pread, pwrite and the like, with -x, -xx, -f, -t, -r, -y, -e read=, -e write=',
  how: 'strings with octal and C escapes; what a server reads is a request, what it writes a reply; a string that ends in ... is short of bytes, which is said',
  read,
}
