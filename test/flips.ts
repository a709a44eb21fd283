/** All ways through the bytes of one struct, compared so cheaply that every bit of every golden message can be tried. */
import { expect } from 'vitest'
import { compile } from '../src/codec/backends/compiled.ts'
import { planOf } from '../src/codec/backends/plan.ts'
import { reader } from '../src/codec/backends/structure.ts'
import { read } from '../src/codec/decode.ts'
import { attempt, type Result } from '../src/codec/errors.ts'
import { type Codec, codecs, told } from './generated-codecs.ts'

/** Whether two values are the same in everything: as toStrictEqual for what decoding makes, and many times as fast. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array) === 0
  if (Array.isArray(a)) return equalLists(a, b as unknown[])
  let keys = 0
  for (const key in a) {
    if (!Object.hasOwn(b, key) || !equal((a as Values)[key], (b as Values)[key])) return false
    keys++
  }
  for (const _ in b) keys--
  return keys === 0
}

type Values = Readonly<Record<string, unknown>>

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false
  return true
}

/** What a caller sees. */
const outcome = (result: Result<unknown>): unknown => (result.ok ? result.value : told(result.error))

function demand(actual: unknown, expected: unknown, what: string, bytes: Uint8Array): void {
  if (!equal(actual, expected)) expect(actual, `${what} of ${Buffer.from(bytes).toString('hex')}`).toStrictEqual(expected)
}

export type Agree = (bytes: Uint8Array) => void

/**
 * The ways through a struct that generated code and both back ends carry. `agree` demands that generated code answers as the interpreter
 * does, value or error, that what it decodes encodes to the same bytes, and that the libraries give the same value by themselves, or
 * nothing where the interpreter refuses.
 */
export function waysThrough(struct: string): Agree {
  const { type, tryDecode, encode } = codecs.find(c => c.struct === struct) as Codec
  const plan = planOf(type)
  const libraries = { 'binary-parser': compile(plan), restructure: reader(plan) }
  /** A struct whose bytes may end early is for the libraries in full size only. */
  const partly = type.prefix === true
  return bytes => {
    const expected = attempt(() => read(type, bytes, {}))
    const fast = tryDecode(bytes)
    demand(outcome(fast), outcome(expected), 'generated code', bytes)
    if (fast.ok) demand(encode(fast.value), bytes, 'encoding', bytes)
    const value = expected.ok ? expected.value : undefined
    for (const [name, library] of Object.entries(libraries)) {
      const alone = library(bytes)
      demand(partly && expected.ok ? (alone ?? value) : alone, value, name, bytes)
    }
  }
}

/** Calls `each` with the bytes with one bit flipped, for every bit in turn; always with the same array. */
export function eachFlip(bytes: Uint8Array, each: (flipped: Uint8Array) => void): void {
  const flipped = bytes.slice()
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    flipped[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
    each(flipped)
    flipped[bit >> 3] = bytes[bit >> 3] as number
  }
}
