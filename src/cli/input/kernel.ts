/** print_hex_dump of the kernel, as dmesg and the journal show it: time stamps, a prefix, words in the order of the machine. */
import { digitsEnd, wordsOf } from './chars.ts'
import { type ColonRow, readColon } from './colon.ts'
import type { Form, Reading, Text } from './reading.ts'
import { colonRow } from './xxd.ts'

/** What a log puts before a line: the level, the time, the task or processor; or the journal's words. */
const STAMPS: readonly RegExp[] = [
  /^<\d{1,3}>/,
  /^\[ {0,12}\d{1,12}\.\d{1,9}\] ?/,
  /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] ?/,
  /^\[ {0,8}[TC]\d{1,10}\] ?/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{1,9}[+-]\d\d:?\d\d /,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} kernel: /,
  /^[\w.-]{1,64} kernel: /,
]

/** Longest line start that is looked at. */
const HEAD = 300

/** Where the stamps of a line end; 0 where there are none. */
function stampEnd(line: string): number {
  let at = 0
  for (let found: RegExpExecArray | undefined = stampAt(line, at); found !== undefined; found = stampAt(line, at)) at += found[0].length
  return at
}

const stampAt = (line: string, at: number): RegExpExecArray | undefined => {
  const head = line.slice(at, at + HEAD)
  for (const stamp of STAMPS) {
    const found = stamp.exec(head)
    if (found !== null) return found
  }
  return undefined
}

const PREFIXED = /(?:^|[\s:[\]()])([0-9a-f]{16}|[0-9a-f]{8}): (?=[0-9a-f]{2})/

/** Cells that print_hex_dump without addresses writes: at least this many, so that words of a message are none. */
const FEWEST = 4

/** Where the first of at least four cells of one width stands, up to whose end (or two blanks) there is nothing else. */
function bareCells(line: string, from: number, prefix: string | undefined): number | undefined {
  // the last row of a dump is shorter than those before it
  const fewest = prefix !== undefined && line.startsWith(prefix, from) ? 1 : FEWEST
  const words = wordsOf(line, from, Math.min(line.length, from + HEAD))
  for (const [i, { text, at }] of words.entries()) {
    if (![2, 4, 8, 16].includes(text.length) || digitsEnd(text, 0) !== text.length) continue
    const end = line.indexOf('  ', at)
    const cells = words.slice(i).filter(word => end === -1 || word.at < end)
    if (cells.length >= fewest && cells.every(cell => cell.text.length === text.length && digitsEnd(cell.text, 0) === text.length))
      return at
  }
  return undefined
}

function rowIn(text: string, line: number, before: string | undefined): { readonly row: ColonRow; readonly prefix: string } | undefined {
  const from = stampEnd(text)
  const found = PREFIXED.exec(text.slice(from, from + HEAD))
  if (found !== null) {
    const start = from + found.index + found[0].length - (found[1] as string).length - 2
    const row = colonRow(text, line, start)
    if (row !== undefined) return { row, prefix: text.slice(from, start) }
  }
  const at = from === 0 ? undefined : bareCells(text, from, before)
  return at === undefined ? undefined : { row: { address: '', rest: text.slice(at), line, column: at }, prefix: text.slice(from, at) }
}

/** A log line, or one with the prefix of the line before it: what print_hex_dump writes. Other lines of the log are passed over. */
function read({ lines, asked }: Text): Reading | undefined {
  const found: ColonRow[] = []
  let stamped = false
  let bare: string | undefined
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue
    const there = rowIn(line, i, bare)
    const logged = stampEnd(line) > 0
    stamped ||= logged
    if (there === undefined && !logged) return undefined
    if (there === undefined) continue
    if (!logged && there.prefix === '' && asked !== 'kernel') return undefined
    if (there.row !== '*' && there.row.address === '') bare = there.prefix
    found.push(there.row)
  }
  if (found.length === 0) return undefined
  return readColon(found, { title: `a hex dump of the kernel${stamped ? ' with time stamps' : ''}`, swapped: true, gap: 'another' }, asked)
}

export const kernel: Form = {
  ids: ['kernel'],
  title: 'print_hex_dump of the kernel; dmesg and the journal with their time stamps',
  how: 'stamps and prefix are passed over, and other lines of the log; groups of 2, 4 and 8 bytes are words, which are swapped',
  read,
}
