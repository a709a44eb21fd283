/** Debug lines of libfuse (-d, -o debug): they tell of messages, and hold none. */
import { type Form, type Text, TextMistake } from './reading.ts'

const REQUEST =
  /^\s*(?:\[\d+\]\s*)?(?:fuse: )?(?:dev )?unique: (\d{1,20}), opcode: ([A-Z0-9_?]{1,40}) \((\d{1,10})\), nodeid: (\d{1,20}), insize: (\d{1,10})/
const REPLY = /^\s*(?:dev )?unique: (\d{1,20}), (?:success, outsize: (\d{1,10})|error: (-?\d{1,5}))/
const VERSION = /^FUSE library version: /

/** What one such line tells. */
export function debugLine(line: string): string | undefined {
  const head = line.slice(0, 300)
  const request = REQUEST.exec(head)
  if (request !== null) return `request ${request[1]}: ${request[2]} (opcode ${request[3]}) of node ${request[4]}, ${request[5]} bytes`
  const reply = REPLY.exec(head)
  if (reply === null) return undefined
  return `reply ${reply[1]}: ${reply[2] === undefined ? `error ${reply[3]}` : `${reply[2]} bytes`}`
}

const SHOWN = 4

function read({ lines }: Text): undefined {
  const told = lines.flatMap((line, i) => {
    const found = debugLine(line)
    return found === undefined ? [] : [{ line: i, found }]
  })
  const version = lines.findIndex(line => VERSION.test(line.slice(0, 40)))
  if (told.length === 0 && version === -1) return undefined
  const some = told.slice(0, SHOWN).map(({ found }) => found)
  const rest = told.length > SHOWN ? `; and ${told.length - SHOWN} more` : ''
  throw new TextMistake(
    { line: told[0]?.line ?? version, column: 0 },
    `the debug log of libfuse (-d) tells of messages, and does not hold their bytes${some.length === 0 ? '' : `: ${some.join('; ')}${rest}`}`,
    { unreadable: true },
  )
}

export const libfuse: Form = {
  ids: ['libfuse'],
  title: 'the debug log of libfuse (-d)',
  how: 'refused, with what its lines tell (unique, opcode, nodeid, insize): it does not hold the bytes. strace -e read=N -e write=N shows them',
  read,
}
