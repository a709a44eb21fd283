/** Finding the rows of dumps with a colon behind their addresses. */
import { digitsEnd } from './chars.ts'
import { type ColonRow, readColon, type Source } from './colon.ts'
import { type Form, quoted, type Reading, type Text, TextMistake } from './reading.ts'

/** Lines between dumps that are no part of them: comments, and the command that made the dump. */
export const isAside = (line: string): boolean => /^\s*(#|\/\/|[$%] |\(gdb\)|\(lldb\)|$)/.test(line.slice(0, 80))

/** Where the address of such a row begins and ends; undefined where there is none. */
function addressIn(line: string, from: number): { readonly start: number; readonly end: number } | undefined {
  const start = line.startsWith('0x', from) ? from + 2 : from
  const end = digitsEnd(line, start)
  const length = end - start
  return length >= 4 && length <= 16 && line[end] === ':' && (line.length === end + 1 || line[end + 1] === ' ' || line[end + 1] === '\t')
    ? { start, end }
    : undefined
}

const indent = (line: string): number => line.length - line.trimStart().length

/** The row in a line. */
export function colonRow(text: string, line: number, from: number): ColonRow | undefined {
  const found = addressIn(text, from)
  if (found === undefined) return undefined
  // tcpdump puts two blanks after the colon, the others one
  let column = Math.min(found.end + 2, text.length)
  if (text.startsWith('0x', from)) while (text[column] === ' ') column++
  return { address: text.slice(found.start, found.end), rest: text.slice(column), line, column }
}

const xxdLike: Source = { title: 'xxd', gap: 'mistake' }
const lldb: Source = { title: 'memory read of lldb', gap: 'another' }
const tcpdump: Source = { title: 'tcpdump -x', gap: 'mistake' }

const PACKET = /^\d\d:\d\d:\d\d\.\d+ |^\d{4}-\d\d-\d\d /

function readAll({ lines, asked }: Text): Reading | undefined {
  const at = lines.findIndex(line => !isAside(line) && !PACKET.test(line.slice(0, 40)))
  const first = lines[at]
  if (first === undefined || colonRow(first, at, indent(first)) === undefined) return undefined
  const prefixed = first.startsWith('0x', indent(first))
  const source = !prefixed ? xxdLike : digitsEnd(first, indent(first) + 2) - indent(first) - 2 === 4 ? tcpdump : lldb
  const found: ColonRow[] = []
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '*') found.push('*')
    else if (!isAside(line) && !(source === tcpdump && PACKET.test(line.slice(0, 40)))) {
      const row = colonRow(line, i, indent(line))
      if (row === undefined)
        throw new TextMistake(
          { line: i, column: indent(line) },
          `expected a row of the dump, as 00000010: ..., found ${quoted(line.trim())}`,
        )
      found.push(row)
    }
  }
  return readColon(found, source, asked)
}

export const xxd: Form = {
  ids: ['xxd', 'xxd-e', 'xxd-b', 'xxd-g'],
  title: 'xxd, xxd -g, -c, -u, -d, -e, -b; memory read of lldb; tcpdump -x',
  how: 'an address and a colon; words of xxd -e are swapped: the characters at the right tell them from groups of bytes',
  read: readAll,
}
