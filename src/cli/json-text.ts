/** JSON of any size: lists that are not kept are written element by element. */
import { hex } from '../codec/input.ts'
import { isLongList } from '../codec/long.ts'
import { safeJson } from '../codec/printable.ts'
import type { Io } from './command.ts'

/** A list that is made while it is written. */
export interface Sequence<T = unknown> extends Iterable<T> {}

export const sequence = <T>(make: () => Iterable<T>): Sequence<T> => ({ [Symbol.iterator]: () => make()[Symbol.iterator]() })

const isSequence = (value: unknown): value is Sequence => isLongList(value)

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return hex(value)
  return isSequence(value) ? [...value] : value
}

/** JSON with bigints as decimal strings and bytes as hex; what a terminal could act on is escaped as JSON does it. */
export const jsonText = (value: unknown, indent = 2): string => safeJson(JSON.stringify(value, plain, indent))

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && !('toJSON' in value)

/** Whether something in it is written piece by piece. */
const isLong = (value: unknown): boolean => isSequence(value) || (isObject(value) && Object.values(value).some(isLong))

const PAD = '  '

/** A value of ordinary size; no string in JSON holds a line break. */
const small = (value: unknown, pad: string): string => jsonText(value).replaceAll('\n', `\n${pad}`)

function* listChunks(list: Sequence, pad: string): Generator<string> {
  let before = '['
  for (const element of list) {
    yield `${before}\n${pad}${PAD}`
    yield* chunks(element ?? null, pad + PAD)
    before = ','
  }
  yield before === '[' ? '[]' : `\n${pad}]`
}

function* objectChunks(value: Members, pad: string): Generator<string> {
  let before = '{'
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    yield `${before}\n${pad}${PAD}${jsonText(key)}: `
    yield* chunks(member, pad + PAD)
    before = ','
  }
  yield `\n${pad}}`
}

function* chunks(value: unknown, pad: string): Generator<string> {
  if (!isLong(value)) yield small(value, pad)
  else if (isSequence(value)) yield* listChunks(value, pad)
  else if (isObject(value)) yield* objectChunks(value, pad)
}

/** Characters that are handed over together. */
const TOGETHER = 16 * 1024

/** Prints what {@link jsonText} gives, and a line break. */
export async function printJson(value: unknown, io: Pick<Io, 'print'>): Promise<void> {
  let text = ''
  for (const chunk of chunks(value, '')) {
    text += chunk
    if (text.length < TOGETHER) continue
    await io.print(text)
    text = ''
  }
  await io.print(`${text}\n`)
}
