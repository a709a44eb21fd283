/** Bytes of an image beside their fields. */
import { inspect } from '../../codec/index.ts'
import type { Schema } from '../../schema/index.ts'
import { pageWidth } from '../color.ts'
import { hexView } from '../hexview.ts'
import type { Call } from './sub.ts'

/** The rows of a struct's bytes, counted from its first one. */
export const hexLines = (schema: Schema<unknown>, bytes: Uint8Array, { io, paint, values }: Call): string[] =>
  hexView(inspect(schema, bytes), bytes, { paint, columns: pageWidth(io), all: values.all === true })
