/** One captured message through the codec: decoded, encoded again, compared. */
import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import { attempt, type WireError } from '../codec/errors.ts'
import { type Inspection, inspect } from '../codec/inspect.ts'
import { contextFor } from '../codec/message.ts'
import type { Schema } from '../schema/index.ts'
import { fuse_out_header } from '../uapi/fuse/header.ts'
import { notify, reply, request } from '../uapi/fuse/message.ts'
import type { MessageDirection, PlacedMessage } from './capture.ts'

/**
 * same: the bytes came back. refused: with a WireError. altered: other bytes came back. header: the capture cut the message, and its
 * header says the length that it had.
 */
export type Replay =
  | { readonly outcome: 'same' | 'header' }
  | { readonly outcome: 'refused'; readonly error: WireError }
  | { readonly outcome: 'altered'; readonly bytes: Uint8Array }

const schemas: Readonly<Record<MessageDirection, Schema<unknown>>> = { request, reply, notify }

/** The schema of a whole message. */
export const schemaOf = (direction: MessageDirection): Schema<unknown> => schemas[direction]

const OUT_HEADER = 16

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** Decodes a message by its direction and connection, and encodes what came out. */
export function replay(message: PlacedMessage): Replay {
  if (message.fullLength !== undefined) return replayHeader(message.bytes, message.fullLength)
  const schema = schemaOf(message.direction)
  const result = attempt(() => {
    const context = contextFor(message.connection)
    return encode(schema, decode(schema, message.bytes, context), context)
  })
  if (!result.ok) return { outcome: 'refused', error: result.error }
  return equal(result.value, message.bytes) ? { outcome: 'same' } : { outcome: 'altered', bytes: result.value }
}

function replayHeader(bytes: Uint8Array, fullLength: number): Replay {
  const result = attempt(() => decode(fuse_out_header, bytes.subarray(0, OUT_HEADER)))
  if (!result.ok) return { outcome: 'refused', error: result.error }
  return result.value.len === fullLength ? { outcome: 'header' } : { outcome: 'altered', bytes: encode(fuse_out_header, result.value) }
}

/** The tree of a message, for people. */
export function inspectMessage(message: PlacedMessage): Inspection<unknown> {
  return inspect(schemaOf(message.direction), message.bytes, contextFor(message.connection))
}
