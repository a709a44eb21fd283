/** The entries of an open image: one by one, all of them, as they come, or as columns of numbers. */
import { WireError } from '../codec/errors.ts'
import { type Entry, entryIn } from './entry.ts'
import type { Image } from './image.ts'
import { checkPiece, checkSlot, eachPiece, frameLog, type LogFrame, lookAgain, type Piece } from './scan.ts'
import { type Reading, readExactly, run, runNow } from './source.ts'

/** Slots from one number up to, and without, another. */
export interface Range {
  /** first entry, default 0 */
  readonly from?: number
  /** entry behind the last; default and at most the number of slots in use */
  readonly to?: number
}

/** The log, or the refusal: there is none. */
export function logOf(image: Image): LogFrame {
  if (image.log !== undefined) return image.log
  const detail = `there is no log at byte ${image.logOffset}`
  throw new WireError({ code: 'truncated', path: 'famfs_log_header', offset: image.logOffset, detail })
}

function boundsOf(log: LogFrame, { from = 0, to = log.used }: Range): [number, number] {
  return [Math.max(0, from), Math.min(to, log.used)]
}

function* entriesOf(log: LogFrame, piece: Piece): Reading<Entry[]> {
  const { size } = log.shape.entry
  const bytes = piece.bytes.slice(0, piece.count * size)
  const faults = new Map<number, number>()
  checkPiece(log.shape, { ...piece, bytes }, (index, found) => faults.set(index, found))
  const entries: Entry[] = []
  for (let i = 0; i < piece.count; i++) {
    const index = piece.first + i
    const found = faults.get(index)
    const slot = bytes.subarray(i * size, (i + 1) * size)
    if (found === undefined) entries.push(entryIn(log.shape, slot, index, 0))
    else {
      const again = yield* lookAgain(log, slot, index, found)
      entries.push(entryIn(log.shape, again.slot, index, again.faults))
    }
  }
  return entries
}

/** Entries that are read at once; a snapshot of each is checked and kept. */
const AT_ONCE = 256

function* someEntries(log: LogFrame, from: number, to: number): Reading<Entry[]> {
  const all: Entry[] = []
  yield* eachPiece(log, from, to, piece => collect(log, piece, all))
  return all
}

function* collect(log: LogFrame, piece: Piece, into: Entry[]): Reading<void> {
  for (const entry of yield* entriesOf(log, piece)) into.push(entry)
}

/** A device that does not tell its size ends where it gives less than was asked for, whatever the header claims. */
const endsIn = (some: readonly Entry[], at: number, to: number): boolean => some.length < Math.min(AT_ONCE, to - at)

/**
 * All entries below `next_index` that lie inside the log, good and bad, each checked on a snapshot of its slot. A slot that fails is read
 * once more. Memory does not grow with the log.
 */
export async function* entries(image: Image, range: Range = {}): AsyncGenerator<Entry> {
  const log = logOf(image)
  const [from, to] = boundsOf(log, range)
  for (let at = from; at < to; at += AT_ONCE) {
    const some = await run(someEntries(log, at, Math.min(at + AT_ONCE, to)))
    yield* some
    if (endsIn(some, at, to)) return
  }
}

/** As {@link entries}, for an image in memory. */
export function* entriesNow(image: Image, range: Range = {}): Generator<Entry> {
  const log = logOf(image)
  const [from, to] = boundsOf(log, range)
  for (let at = from; at < to; at += AT_ONCE) {
    const some = runNow(someEntries(log, at, Math.min(at + AT_ONCE, to)))
    yield* some
    if (endsIn(some, at, to)) return
  }
}

/** As {@link entryAt}, as a part of a longer reading. */
export function* oneEntry(log: LogFrame, index: number): Reading<Entry> {
  const { header, entry } = log.shape
  if (!Number.isInteger(index) || index < 0 || index >= log.slots) {
    const detail = `there is no slot ${index}, the log has ${log.slots}`
    throw new WireError({ code: 'range', path: `entries[${index}]`, offset: 0, detail, expected: log.slots - 1, actual: index })
  }
  const at = header.size + index * entry.size
  const slot = (yield* readExactly(log.area, at, entry.size, `entries[${index}]`)).slice()
  const faults = checkSlot(log.shape, slot, index)
  if (faults === 0) return entryIn(log.shape, slot, index, 0)
  const again = yield* lookAgain(log, slot, index, faults)
  return entryIn(log.shape, again.slot, index, again.faults)
}

/** The entry in a slot, used or not. @throws WireError range when the log has no such slot */
export const entryAt = (image: Image, index: number): Promise<Entry> => run(oneEntry(logOf(image), index))

/** As {@link entryAt}, for an image in memory. */
export const entryAtNow = (image: Image, index: number): Entry => runNow(oneEntry(logOf(image), index))

/** How to wait for entries that are appended. */
export interface FollowOptions {
  /** first entry to give; default: the first that is not there yet */
  readonly from?: number
  /** milliseconds between two looks at the header, default 1000 */
  readonly interval?: number
  /** ends the following */
  readonly signal?: AbortSignal
}

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
  })

/** The entry, given a moment if it fails: its writer flushes the whole log at once, in no order. facts: metadata 3, append */
async function settled(log: LogFrame, index: number, { interval = 1000, signal }: FollowOptions): Promise<Entry> {
  const entry = await run(oneEntry(log, index))
  if (entry.faults.length === 0) return entry
  await pause(interval, signal)
  return run(oneEntry(log, index))
}

/** Entries as they are appended, until the signal says stop. A log that was made anew, and so is shorter, ends it too. */
export async function* follow(image: Image, options: FollowOptions = {}): AsyncGenerator<Entry> {
  const { shape, area, used } = logOf(image)
  const stopped = (): boolean => options.signal?.aborted === true
  let next = options.from ?? used
  while (!stopped()) {
    const log = await run(frameLog(shape, area))
    if (log === undefined || log.used < next) return
    for (; next < log.used && !stopped(); next++) yield await settled(log, next, options)
    await pause(options.interval ?? 1000, options.signal)
  }
}
