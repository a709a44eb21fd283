/** What a kernel's parser sees of a capture: the bodies of its maps and devices. */
import type { Dialect } from '../schema/dialect.ts'
import { type Item, readCapture } from './capture.ts'
import type { Dialects } from './dialects.ts'
import type { Input } from './input.ts'
import { type Body, bodyIn, errorOf, isReply, type Judgeable } from './judged.ts'

/** A message that is a map or a device, and the part of it that is judged. */
export interface Captured {
  readonly item: Item
  readonly body: Body
}

const OPCODE = 4

const opcodeIn = (request: Uint8Array): number =>
  request.length < OPCODE + 4 ? -1 : new DataView(request.buffer, request.byteOffset, request.byteLength).getUint32(OPCODE, true)

/** What a line is about: its own words, or the request before it; where there was none, a map. */
function messageOf(item: Item, asked: number | undefined): Judgeable | undefined {
  const { opcodes } = item.dialect
  const opcode = item.direction === 'map' ? item.opcode : (asked ?? item.opcode)
  if (opcode === undefined || opcode === opcodes.GET_FMAP) return 'GET_FMAP'
  return opcode === opcodes.GET_DAXDEV ? 'GET_DAXDEV' : undefined
}

function bodyOf(item: Item, asked: number | undefined): Body | undefined {
  const message = messageOf(item, asked)
  if (message === undefined) return undefined
  if (item.direction === 'map') return { message, bytes: item.bytes, base: 0 }
  if (item.direction !== 'reply' || item.fullLength !== undefined || !isReply(item.bytes) || errorOf(item.bytes) !== 0) return undefined
  return item.dialect.reply[message] === undefined ? undefined : bodyIn(message, item.bytes)
}

/**
 * Every map and every device of a capture.
 * @param among dialects that a line may name
 * @param dialect of all of it, where the capture does not say
 * @throws Failure as {@link readCapture}
 */
export function* bodiesIn(input: Input, among: Dialects, dialect: Dialect | undefined): Generator<Captured> {
  let asked: number | undefined
  for (const item of readCapture(input, among, dialect)) {
    if (item.direction === 'request') asked = opcodeIn(item.bytes)
    const body = bodyOf(item, asked)
    if (body !== undefined) yield { item, body }
  }
}
