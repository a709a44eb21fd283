/**
 * Decoding and inspecting large messages in little memory: long lists are gone through once, so that what is wrong with them is found, and not
 * kept. A GET_FMAP reply of the push dialects may have 16 MiB, which is 699,049 extents; as objects they take ten times as much. facts: wire 2.2
 */

import type { Schema } from '../schema/fields.ts'
import { minSize } from '../schema/size.ts'
import type { Type } from '../schema/types.ts'
import type { Context } from './context.ts'
import { allKinds, arrayReader } from './decode.ts'
import { attempt, type Result } from './errors.ts'
import { checkBytes } from './input.ts'
import { type LargeInspection, treeOf } from './inspect.ts'
import { CHUNK, type List, longList } from './long.ts'
import { type Reader, type Reread, readAll, readElements, readType, type Tracer } from './reader.ts'

/** Lists up to this length are arrays. */
const SHORT = 1024

/** Where a list starts, for reading it again. */
type Start = Pick<Reader, 'path' | 'scopes' | 'filling' | 'pos'>

const startOf = ({ path, scopes, filling, pos }: Reader): Start => ({ path: [...path], scopes: [...scopes], filling: [...filling], pos })

function restore(r: Reader, { path, scopes, filling, pos }: Start): void {
  r.path.length = path.length
  r.scopes.length = scopes.length
  r.filling.length = filling.length
  r.pos = pos
}

/** Positions of the first element of each chunk, and how many elements could be read; with the fault, where there was one. */
interface Passed {
  readonly marks: readonly number[]
  readonly length: number
  readonly whole: boolean
}

/** Goes through the elements without a word. */
function pass(r: Reader, of: Type, count: number, more: () => boolean): Passed {
  const { trace } = r
  r.trace = undefined
  // a fault collects what came before it into what is being filled: it must not get into the struct around the list
  r.filling.push({ value: [], depth: r.path.length })
  const marks: number[] = []
  let length = 0
  const result = attempt(() => {
    for (; length < count && more(); length++) {
      if (length % CHUNK === 0) marks.push(r.pos)
      const at = r.pos
      r.path.push(length)
      readType(r, of, undefined)
      if (r.pos === at) return false
      r.path.pop()
    }
    return true
  })
  r.trace = trace
  if (result.ok) r.filling.pop()
  return { marks, length, whole: result.ok && result.value }
}

/** Reads elements again. The structs around the list are those that it was read in. */
function rereader(r: Reader, of: Type, { marks }: Passed, start: Start): (from: number, to: number, trace?: Tracer) => unknown[] {
  const { kinds, bytes, view, little, context, end } = r
  return (from, to, trace) => {
    const first = from - (from % CHUNK)
    const scopes = [...start.scopes]
    const pos = marks[first / CHUNK] as number
    const again: Reader = {
      ...{ kinds, bytes, view, little, context, end, pos, scopes },
      ...{ path: [...start.path], filling: [], trace: undefined, unused: undefined },
    }
    const elements: unknown[] = []
    for (let i = first; i < to; i++) {
      if (i === from) again.trace = trace
      again.path.push(i)
      const element = readType(again, of, undefined)
      again.path.pop()
      if (i >= from) elements.push(element)
    }
    return elements
  }
}

/** The list as far as it goes, and then what is wrong with it: all that came before is in the error, as it is in that of `decode`. */
function refuse(r: Reader, of: Type, count: number, more: () => boolean, passed: Passed, reread: Reread): never {
  const { trace } = r
  trace?.list?.(passed.length, reread)
  let left = passed.length
  r.trace = undefined
  readElements(r, of, count, () => {
    if (left-- === 0) r.trace = trace
    return more()
  })
  throw new TypeError('the bytes changed while they were read')
}

function readLong(r: Reader, of: Type, count: number, more: () => boolean): unknown[] | List<unknown> {
  const endless = count === Number.POSITIVE_INFINITY
  // a list that cannot fit is cut short by the plain reader
  if (count <= SHORT || (!endless && count * minSize(of) > r.end - r.pos)) return readElements(r, of, count, more)
  const start = startOf(r)
  const passed = pass(r, of, count, more)
  const end = r.pos
  if (passed.length <= SHORT) {
    restore(r, start)
    return readElements(r, of, count, more)
  }
  const between = rereader(r, of, passed, start)
  const reread: Reread = (from, to, trace) => {
    between(from, to, trace)
  }
  if (!passed.whole) {
    restore(r, start)
    refuse(r, of, count, more, passed, reread)
  }
  r.pos = end
  r.trace?.list?.(passed.length, reread)
  return longList(passed.length, between)
}

const largeKinds = { ...allKinds, array: arrayReader(readLong) }

function view(bytes: Uint8Array): Uint8Array {
  checkBytes(bytes)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/**
 * As `decode`, but lists of more than 1,024 elements are no arrays in the value: they can be gone through, again and again, and are read
 * anew each time. The bytes must stay as they are while the value is used.
 */
export const decodeLarge = (schema: Schema<unknown, unknown>, bytes: Uint8Array, context: Context = {}): unknown =>
  readAll(largeKinds, schema.type, view(bytes), context)

/** As {@link decodeLarge}, but a refusal is returned. */
export const tryDecodeLarge = (schema: Schema<unknown, unknown>, bytes: Uint8Array, context: Context = {}): Result<unknown> =>
  attempt(() => decodeLarge(schema, bytes, context))

/**
 * As `inspect`, but of lists of more than 1,024 elements neither the values nor the nodes are kept: both can be gone through, again and again.
 * The bytes must stay as they are while the tree is used.
 */
export const inspectLarge = (schema: Schema<unknown, unknown>, bytes: Uint8Array, context: Context = {}): LargeInspection =>
  treeOf(schema, trace => readAll(largeKinds, schema.type, view(bytes), context, trace))
