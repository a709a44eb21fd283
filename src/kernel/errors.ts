/** Refusals of this folder. What is wrong is never a byte of a message, so offsets are 0. */
import { WireError } from '../codec/errors.ts'

export { attempt, type Result } from '../codec/errors.ts'

/** A dialect or a map that cannot do what was asked. */
export const unsupported = (path: string, detail: string): WireError => new WireError({ code: 'unsupported', path, offset: 0, detail })

/** A number that is outside what makes sense there. */
export const outOfRange = (path: string, detail: string, actual?: unknown): WireError =>
  new WireError({ code: 'range', path, offset: 0, detail, actual })
