/**
 * Where the bytes come from. Everything that reads an image is written once, as a generator that asks for ranges and is handed bytes; a
 * driver answers it at once from memory or with waiting from a file, a device or a Blob.
 */

import { WireError } from '../codec/errors.ts'
import { checkBytes } from '../codec/input.ts'

/** A range of bytes that can be read from any place in it. */
export interface Area {
  /** bytes; Infinity where a device does not tell */
  readonly size: number
  /** nobody else writes it while it is read: a failed check is not repeated */
  readonly still?: boolean
  /**
   * The bytes from `offset` on, at most `length`, fewer only at the end. They may be a view; who keeps them must copy. They need not stay
   * valid beyond the second `read` that follows.
   */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>
}

/** An {@link Area} that never makes one wait. */
export interface MemoryArea extends Area {
  read(offset: number, length: number): Uint8Array
}

/** The two areas of an image. */
export interface Areas {
  readonly superblock: Area
  readonly log: Area
}

/** What a reading asks for. `next` is a hint: the read that will be asked for after this one. */
export interface Wanted {
  readonly from: Area
  readonly offset: number
  readonly length: number
  readonly next?: { readonly offset: number; readonly length: number }
}

/** A computation that asks for bytes as it goes. */
export type Reading<T> = Generator<Wanted, T, Uint8Array>

/** Runs a reading over memory. Throws when an area makes one wait: that is a mistake of the caller. */
export function runNow<T>(reading: Reading<T>): T {
  let step = reading.next()
  while (step.done !== true) {
    const { from, offset, length } = step.value
    const bytes = from.read(offset, length)
    if (!(bytes instanceof Uint8Array)) throw new TypeError('this source cannot be read without waiting')
    step = reading.next(bytes)
  }
  return step.value
}

/** Runs a reading over any source; the read that is hinted at goes on while the bytes of this one are worked on. */
export async function run<T>(reading: Reading<T>): Promise<T> {
  let ahead: { readonly offset: number; readonly length: number; readonly bytes: Promise<Uint8Array> } | undefined
  let step = reading.next()
  while (step.done !== true) {
    const { from, offset, length, next } = step.value
    const hit = ahead !== undefined && ahead.offset === offset && ahead.length === length
    const got = hit ? ahead?.bytes : from.read(offset, length)
    const bytes = got instanceof Uint8Array ? got : ((await got) as Uint8Array)
    ahead = undefined
    if (next !== undefined && !(got instanceof Uint8Array)) {
      const pending = Promise.resolve(from.read(next.offset, next.length))
      pending.catch(() => undefined)
      ahead = { ...next, bytes: pending }
    }
    step = reading.next(bytes)
  }
  return step.value
}

/** An area over bytes in memory. Bytes in shared memory are copied at each read, so that what was checked is what is decoded. */
export function memoryArea(bytes: Uint8Array): MemoryArea {
  checkBytes(bytes)
  const shared = typeof SharedArrayBuffer !== 'undefined' && bytes.buffer instanceof SharedArrayBuffer
  return {
    size: bytes.length,
    still: !shared,
    read: (offset, length) => (shared ? bytes.slice(offset, offset + length) : bytes.subarray(offset, offset + length)),
  }
}

/** An area over a Blob or File of a browser. */
export function blobArea(blob: Blob): Area {
  return {
    size: blob.size,
    still: true,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  }
}

/** `length` bytes of an area from `start` on. */
export function part<A extends Area>(area: A, start: number, length: number): A {
  const size = Math.max(0, Math.min(length, area.size - start))
  const read = (offset: number, wanted: number) => area.read(start + offset, Math.max(0, Math.min(wanted, size - offset)))
  return { ...area, size, read }
}

/** An area of `size` bytes of which only the first are stored; the rest is one repeated byte. */
export function filled(stored: Uint8Array, size: number, fill = 0): MemoryArea {
  checkBytes(stored, 'stored')
  return {
    size,
    still: true,
    read(offset, length) {
      const end = Math.min(offset + length, size)
      if (end <= stored.length) return stored.subarray(offset, end)
      const bytes = new Uint8Array(Math.max(0, end - offset)).fill(fill)
      bytes.set(stored.subarray(offset, end))
      return bytes
    },
  }
}

/** What {@link areaOf} takes. */
export type Source = Uint8Array | Blob | Area

const isArea = (source: Source): source is Area => 'read' in source

/**
 * The area of anything that can be read in any environment.
 * @throws WireError unsupported for anything else
 */
export function areaOf(source: Source): Area {
  if (source instanceof Uint8Array) return memoryArea(source)
  if (typeof source === 'object' && source !== null) {
    if (isArea(source)) return source
    if (typeof Blob !== 'undefined' && source instanceof Blob) return blobArea(source)
  }
  throw new WireError({
    code: 'unsupported',
    path: 'source',
    offset: 0,
    detail: 'needs a Uint8Array, a Blob or an area with size and read',
  })
}

/** Asks for exactly `length` bytes. */
export function* readExactly(from: Area, offset: number, length: number, what: string): Reading<Uint8Array> {
  const bytes = yield { from, offset, length }
  if (bytes.length === length) return bytes
  const detail = `the ${what} needs ${length} bytes, ${bytes.length} are there`
  throw new WireError({ code: 'truncated', path: what, offset, length: bytes.length, detail, expected: length, actual: bytes.length })
}
