/** One message with all that is shown of it: by whatever way it came to the command. */

import type { Context } from '../codec/context.ts'
import { childNamed, type LargeInspection, type LargeNode } from '../codec/inspect.ts'
import { tryEncodeJson } from '../codec/json/index.ts'
import { inspectLarge } from '../codec/large.ts'
import { opcodeName } from '../codec/message.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { Schema } from '../schema/index.ts'
import { fields } from './field-pairs.ts'
import { hexView, type View } from './hexview.ts'
import { sequence } from './json-text.ts'
import type { Subject } from './subject.ts'
import { errnoName, valueWords } from './values.ts'
import { notifyName, wordsIn } from './words.ts'

export interface Shown {
  readonly as: string
  readonly dialect: Dialect
  /** of the request; undefined where no opcode chooses the body */
  readonly opcode: number | undefined
  readonly bytes: Uint8Array
  readonly inspection: LargeInspection
  /** readings of a message that does not say what it is, the likeliest first: the one that is shown */
  readonly guess?: readonly string[]
  /** the value in JSON, or what was decoded of it */
  readonly json: () => unknown
}

const HEADER_LENGTH = 'header.len'

/** Reads bytes as the subject says. Where only the length in the header is wrong, the rest is decoded as far as the bytes go. */
export function look(subject: Subject, bytes: Uint8Array): Shown {
  const { as, dialect, context } = subject
  const inspection = inspectLeniently(subject.schema, bytes, context)
  const opcode = as === 'request' ? requestOpcode(bytes) : context.opcode
  return { as, dialect, opcode, bytes, inspection, json: () => valueJson(subject, inspection.value) }
}

/** The JSON form, or for parts that have none the plain value. */
function valueJson({ schema, context }: Subject, value: unknown): unknown {
  if (value === undefined) return undefined
  const form = tryEncodeJson(schema, value, context)
  return form.ok ? form.value : value
}

function inspectLeniently(schema: Schema<unknown>, bytes: Uint8Array, context: Context): LargeInspection {
  const first = inspectLarge(schema, bytes, context)
  const { error } = first
  if (error === undefined || error.code !== 'length' || error.path !== HEADER_LENGTH || bytes.length < 16) return first
  const mended = Uint8Array.from(bytes)
  new DataView(mended.buffer).setUint32(0, bytes.length, context.littleEndian !== false)
  const second = inspectLarge(schema, mended, context)
  const header = childNamed(second.tree, 'header')
  const len = header && childNamed(header, 'len')
  if (len !== undefined) len.value = error.actual
  return { ...second, error }
}

const requestOpcode = (bytes: Uint8Array): number | undefined =>
  bytes.length < 8 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true)

/** `GET_FMAP reply`, `notification INVAL_INODE`, `fuse_daxdev_out`. */
export function title(shown: Shown): string {
  const { as, dialect, opcode } = shown
  if (as === 'notify') return `notification ${notifyName(errorIn(shown), dialect) ?? ''}`.trimEnd()
  if (as !== 'request' && as !== 'reply') return as
  if (as === 'reply' && opcode === undefined) return `reply ${replyStatus(shown)}`
  return `${opName(opcode, dialect)} ${as}`.trimStart()
}

/** Name of an opcode, or its number; empty when it is not known. */
export const opName = (opcode: number | undefined, dialect: Dialect): string =>
  opcode === undefined ? '' : (opcodeName(opcode, dialect) ?? `opcode ${opcode}`)

/** A field of the header; undefined where there is none. */
export function headerField({ inspection }: Shown, name: string): unknown {
  const header = childNamed(inspection.tree, 'header')
  return header && childNamed(header, name)?.value
}

/** The error word of a reply header; 0 where it was not read. */
export function errorIn(shown: Shown): number {
  const error = headerField(shown, 'error')
  return typeof error === 'number' ? error : 0
}

/** `OK`, or the name of the errno that a reply carries. */
export const replyStatus = (shown: Shown): string => errnoName(-errorIn(shown))

export const viewOf = (shown: Shown, view: Omit<View, 'words'>): Iterable<string> =>
  hexView(shown.inspection, shown.bytes, { ...view, words: wordsIn(shown.as, shown.dialect) })

/** One field in JSON. */
export interface FieldJson {
  readonly path: string
  readonly offset: number
  readonly length: number
  readonly value: unknown
  readonly text: string
}

/** A field as JSON tells it. */
export function fieldJson({ as, dialect }: Shown, node: LargeNode): FieldJson {
  const { path, offset, length, value } = node
  return { path, offset, length, value, text: (wordsIn(as, dialect)(node) ?? valueWords(node)).join(' ') }
}

function* fieldsOf(shown: Shown): Generator<FieldJson> {
  for (const node of fields(shown.inspection.tree)) yield fieldJson(shown, node)
}

/** All of it in JSON. */
export function shownJson(shown: Shown): Record<string, unknown> {
  const { as, dialect, opcode, bytes, inspection } = shown
  return {
    as,
    dialect: dialect.id,
    ...(opcode === undefined ? {} : { opcode: opName(opcode, dialect) }),
    length: bytes.length,
    ...(shown.guess === undefined ? {} : { guess: shown.guess }),
    value: shown.json(),
    fields: sequence(() => fieldsOf(shown)),
    ...(inspection.error === undefined ? {} : { error: inspection.error.toJSON() }),
  }
}
