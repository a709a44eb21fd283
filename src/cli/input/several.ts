/** Several messages of one text, as the capture that they are. */
import type { Piece } from './reading.ts'

const IN_HEADER = 40
const OUT_HEADER = 16
const MOST_ERRNO = 512

/** The kind of message that a header says, by nothing but its words: len, opcode or error, unique. facts: wire 10.1, 10.2 */
function directionOf(bytes: Uint8Array): 'request' | 'reply' | 'notify' | undefined {
  if (bytes.length < OUT_HEADER) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const [word, unique] = [view.getInt32(4, true), view.getBigUint64(8, true)]
  if (view.getUint32(0, true) !== bytes.length) return undefined
  if (word <= 0 && word > -MOST_ERRNO && unique !== 0n) return 'reply'
  if (bytes.length >= IN_HEADER && word > 0) return 'request'
  return word > 0 && unique === 0n ? 'notify' : undefined
}

/** A line of a capture; a piece that no header explains is the body of a map. */
function lineOf({ bytes, direction: told, missing, writeErrno }: Piece): string {
  const direction = told ?? directionOf(bytes)
  const cut = missing === undefined ? {} : { truncated: true, full_length: missing === 'unknown' ? bytes.length : bytes.length + missing }
  const answer = direction === undefined || direction === 'request' ? {} : { write_errno: writeErrno ?? 0 }
  return JSON.stringify({ ...(direction === undefined ? {} : { direction }), hex: Buffer.from(bytes).toString('hex'), ...answer, ...cut })
}

/** JSON Lines of the messages, in their order. */
export const captureOf = (pieces: readonly Piece[]): Uint8Array => Buffer.from(`${pieces.map(lineOf).join('\n')}\n`)
