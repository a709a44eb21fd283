/** Bytes of an image beside their fields. */
import { inspect, type LargeNode } from '../../codec/inspect.ts'
import type { Schema } from '../../schema/index.ts'
import { pageWidth } from '../color.ts'
import { hexView } from '../hexview.ts'
import type { Call } from './sub.ts'

/** Permissions in octal beside the number that they are. */
function modeWords({ name, value }: LargeNode): string[] | undefined {
  return name.endsWith('_mode') && typeof value === 'number' ? [String(value), `(0${value.toString(8)})`] : undefined
}

/** The rows of a struct's bytes, counted from its first one. */
export const hexLines = (schema: Schema<unknown>, bytes: Uint8Array, { io, paint, values }: Call): string[] => [
  ...hexView(inspect(schema, bytes), bytes, { paint, columns: pageWidth(io), all: values.all === true, words: modeWords }),
]
