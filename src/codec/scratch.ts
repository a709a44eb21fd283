/**
 * The two aligned blocks on which generated code works. Incoming bytes are copied to the one (what is checked is then what is decoded,
 * even in shared memory), outgoing bytes are laid out on the other before any of them reaches the caller. Generated code only says yes
 * or no; a no is replayed by the interpreter. A message that is larger than a block, and every message on a big-endian host, is a no.
 */
import { isBytes } from './input.ts'
import { decodeText, encodeText } from './text.ts'

const SIZE = 65_536
const littleEndian = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ Uint16Array.of(1).buffer)[0] === 1

/** Bytes that a message may have; none fits on a big-endian host. */
export const CAPACITY = littleEndian ? SIZE : -1
/** The answer of a generated encoder that leaves the value to the interpreter. */
export const NO = -1

/** Memory for a message that is decoded. Every module makes its own views, as constants that engines can fold into its code. */
export const incoming = /* @__PURE__ */ new ArrayBuffer(SIZE)
/** Memory for a message that is encoded. */
export const outgoing = /* @__PURE__ */ new ArrayBuffer(SIZE)

const in8 = /* @__PURE__ */ new Uint8Array(incoming)
const words = /* @__PURE__ */ new Uint32Array(incoming)
/** The first as words, for readers that make no values of them. */
export const in32: Uint32Array = words
/** The same as 64-bit numbers. */
export const in64: BigUint64Array = /* @__PURE__ */ new BigUint64Array(incoming)
const out8 = /* @__PURE__ */ new Uint8Array(outgoing)

/**
 * Copies a message to the incoming block. The result is its length, or -1 when it has no place there: also where these are no bytes, or
 * none, so that what lay there before is never read for them.
 */
export function load(bytes: Uint8Array): number {
  if (!(bytes instanceof Uint8Array)) return NO
  try {
    const { length } = bytes
    if (length === 0 || length > CAPACITY) return NO
    in8.set(bytes)
    return length
  } catch {
    // a prototype alone, or memory that grows while it is looked at
    return NO
  }
}

/** A value may have getters that encode something else meanwhile; the number of the last encoding tells. */
let latest = 0

/** Starts an encoding on the outgoing block; the result is its number. */
export function begin(): number {
  latest = (latest + 1) | 0
  return latest
}

/** Ends an encoding: `size` if the block is still its own and holds that much. */
export const finish = (started: number, size: number): number => (started === latest && size <= CAPACITY ? size : NO)

/** Views of the first bytes of the outgoing block: making one costs more than copying a small message. */
const LARGEST_HEAD = 4096
const heads: (Uint8Array | undefined)[] = /* @__PURE__ */ new Array(LARGEST_HEAD + 1)

const head = (size: number): Uint8Array => {
  if (size > LARGEST_HEAD) return out8.subarray(0, size)
  const known = heads[size]
  if (known !== undefined) return known
  const made = out8.subarray(0, size)
  heads[size] = made
  return made
}

/** Copies a finished message to its place; false when there is none, or no room for it. */
export function deliver(size: number, target: Uint8Array, offset: number): boolean {
  if (size < 0 || offset >>> 0 !== offset || !isBytes(target) || size > target.length - offset) return false
  target.set(head(size), offset)
  return true
}

/** A finished message as bytes of its own. */
export const detach = (size: number): Uint8Array => out8.slice(0, size)

/** An object that a struct can be encoded from. */
export const isRecord = (x: unknown): boolean => typeof x === 'object' && x !== null && !Array.isArray(x) && !ArrayBuffer.isView(x)

/** Bytes for which there is so much room. */
export const fits = (bytes: unknown, room: number): bytes is Uint8Array => isBytes(bytes) && bytes.length <= room

/** Writes text into a char array of the outgoing block; false when it does not fit or is no text. */
export function putText(value: unknown, at: number, size: number): boolean {
  if (typeof value !== 'string' || value.length > size) return false
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code > 0x7f) return putBytes(encodeText(value), at, size)
    out8[at + i] = code
  }
  out8.fill(0, at + value.length, at + size)
  return true
}

function putBytes(bytes: Uint8Array | undefined, at: number, size: number): boolean {
  if (bytes === undefined || bytes.length > size) return false
  out8.fill(0, at, at + size)
  out8.set(bytes, at)
  return true
}

/**
 * Text of a char array of the incoming block, at multiples of 4. Its end is searched by words, four at a time, since names are short and
 * arrays long; the leading zeros of the last word are the zeros behind the text, as only little-endian hosts come here.
 */
export function getText(from: number, to: number): string {
  const first = from >> 2
  let word = to >> 2
  while (word >= first + 4 && fourBefore(word) === 0) word -= 4
  while (word > first && words[word - 1] === 0) word--
  const end = word === first ? from : (word << 2) - (Math.clz32(words[word - 1] as number) >> 3)
  return decodeText(in8, from, end)
}

const fourBefore = (word: number): number =>
  (words[word - 1] as number) | (words[word - 2] as number) | (words[word - 3] as number) | (words[word - 4] as number)
