/** What a kernel's parser sees of a capture: the bodies of its maps and devices. */
import type { Dialect } from '../schema/dialect.ts'
import { type Item, readCapture } from './capture.ts'
import type { Dialects } from './dialects.ts'
import type { Input } from './input.ts'
import { type Body, bodyIn, errorOf, isReply } from './judged.ts'

/** A message that is a map or a device, and the part of it that is judged. */
export interface Captured {
  readonly item: Item
  readonly body: Body
}

const OPCODE = 4

const opcodeIn = (request: Uint8Array): number =>
  request.length < OPCODE + 4 ? -1 : new DataView(request.buffer, request.byteOffset, request.byteLength).getUint32(OPCODE, true)

/** A reply answers the request before it; a body alone is a map. */
function bodyOf(item: Item, asked: number): Body | undefined {
  const { opcodes, reply } = item.dialect
  if (item.direction === 'map') return { message: 'GET_FMAP', bytes: item.bytes, base: 0 }
  if (item.direction !== 'reply' || item.fullLength !== undefined || !isReply(item.bytes) || errorOf(item.bytes) !== 0) return undefined
  if (asked === opcodes.GET_FMAP && reply.GET_FMAP !== undefined) return bodyIn('GET_FMAP', item.bytes)
  return asked === opcodes.GET_DAXDEV && reply.GET_DAXDEV !== undefined ? bodyIn('GET_DAXDEV', item.bytes) : undefined
}

/**
 * Every map and every device of a capture.
 * @param among dialects that a line may name
 * @param dialect of all of it, where the capture does not say
 * @throws Failure as {@link readCapture}
 */
export function* bodiesIn(input: Input, among: Dialects, dialect: Dialect | undefined): Generator<Captured> {
  let asked = 0
  for (const item of readCapture(input, among, dialect)) {
    if (item.direction === 'request') asked = opcodeIn(item.bytes)
    const body = bodyOf(item, asked)
    if (body !== undefined) yield { item, body }
  }
}
