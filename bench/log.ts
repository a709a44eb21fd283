/** Logs to be measured, and the way past the library to their checksums. */
import { crc32 as zlibCrc } from 'node:zlib'
import { slicedReader } from '../src/codec/crc32.ts'
import { type BuiltImage, createImage, type NewEntry } from '../src/metadata/build/index.ts'

export const ENTRIES = 100_000
const DIRECTORIES = 100
const MIB = 2 ** 20
const STRIPS = 4

/** Header of a log, slot, and what a crc covers of it, in the layout of today. facts: metadata 1, 3 */
export const HEADER_BYTES = 48
export const SLOT_BYTES = 544
const CHECKED_BYTES = 536

/** Directories, and files in all of them; every tenth file is striped over buckets of the device. */
function* entriesOf(count: number): Generator<NewEntry> {
  for (let i = 0; i < DIRECTORIES; i++) yield { kind: 'mkdir', path: `directory-${i}` }
  for (let i = 0; i < count - DIRECTORIES; i++) {
    const file = { kind: 'file', path: `directory-${i % DIRECTORIES}/file-${i}`, size: 3 * MIB } as const
    yield i % 10 === 0 ? { ...file, interleave: { buckets: STRIPS, strips: STRIPS, chunk: 2 * MIB } } : file
  }
}

/** A file system of that many entries, all of them good. */
export const sampleImage = (count = ENTRIES): BuiltImage =>
  createImage({ deviceSize: 2n ** 46n, logLength: 2 ** Math.ceil(Math.log2(count * SLOT_BYTES + HEADER_BYTES)), entries: entriesOf(count) })

type SumOf = (start: number, end: number) => number

/** One crc32 call for every slot and nothing else; the sums folded into one number. */
export function sumsBy(sum: SumOf, count = ENTRIES): number {
  let all = 0
  for (let i = 0, at = HEADER_BYTES; i < count; i++, at += SLOT_BYTES) all ^= sum(at, at + CHECKED_BYTES)
  return all
}

/** zlib's crc32. */
export const byZlib =
  (log: Uint8Array): SumOf =>
  (start, end) =>
    zlibCrc(log.subarray(start, end))

/** The one in JavaScript. */
export const sliced: (log: Uint8Array) => SumOf = slicedReader
