/** The log as columns of numbers: a few dozen bytes per entry, made without building an object for any. */

import { logOf } from './entries.ts'
import type { Image } from './image.ts'
import { checkTwice, eachPiece, type LogFrame, type Piece } from './scan.ts'
import type { EntryShape } from './shape.ts'
import { type Reading, run, runNow } from './source.ts'

/**
 * One element per used slot. Only files have a size, extents and a map; files and directories have a path. Columns of 64-bit numbers
 * hold them as they are on the media.
 */
export interface LogIndex {
  readonly count: number
  readonly seqnum: BigUint64Array
  readonly type: Uint32Array
  /** 0 good, 1 wrong seqnum, 2 wrong crc, 3 both, plus 4 when the slot changed while it was read; without `check` always 0 */
  readonly faults: Uint8Array
  /** bytes of a file */
  readonly size: BigUint64Array
  /** count of extents as stored */
  readonly nextents: Uint32Array
  /** first extent, or first strip */
  readonly offset: BigUint64Array
  readonly length: BigUint64Array
  /** first byte of the path in the entry */
  readonly pathAt: Uint16Array
  readonly pathLength: Uint8Array
}

export interface IndexOptions {
  /** checks sequence numbers and crcs, default true; without it the index takes a fraction of the time */
  readonly check?: boolean
}

const littleEndianHost = /* @__PURE__ */ (() => new Uint8Array(new Uint32Array([1]).buffer)[0] === 1)()

interface Columns extends LogIndex {
  /** the 64-bit columns as pairs of words */
  readonly words: { readonly seqnum: Uint32Array; readonly size: Uint32Array; readonly offset: Uint32Array; readonly length: Uint32Array }
}

function columnsFor(count: number): Columns {
  const wide = () => new BigUint64Array(count)
  const [seqnum, size, offset, length] = [wide(), wide(), wide(), wide()]
  const words = (column: BigUint64Array) => new Uint32Array(column.buffer)
  return {
    count,
    seqnum,
    size,
    offset,
    length,
    type: new Uint32Array(count),
    faults: new Uint8Array(count),
    nextents: new Uint32Array(count),
    pathAt: new Uint16Array(count),
    pathLength: new Uint8Array(count),
    words: { seqnum: words(seqnum), size: words(size), offset: words(offset), length: words(length) },
  }
}

/** Which half of a 64-bit element is its low word. */
const LOW = littleEndianHost ? 0 : 1

function put64(column: Uint32Array, i: number, view: DataView, at: number): void {
  column[2 * i + LOW] = view.getUint32(at, true)
  column[2 * i + 1 - LOW] = view.getUint32(at + 4, true)
}

function putPath(columns: Columns, i: number, bytes: Uint8Array, slot: number, at: number, size: number): void {
  const start = slot + at
  let end = start
  const limit = start + size
  while (end < limit && bytes[end] !== 0) end++
  columns.pathAt[i] = at
  columns.pathLength[i] = end - start
}

function putMap(columns: Columns, i: number, view: DataView, slot: number, { file }: EntryShape): void {
  const type = file.extType === undefined ? 0 : view.getUint32(slot + file.extType, true)
  const nextents = view.getUint32(slot + file.nextents, true)
  columns.nextents[i] = nextents
  const list = type === 0 ? file.simple : type === 1 ? file.interleaved?.strips : undefined
  if (list === undefined || nextents === 0) return
  put64(columns.words.offset, i, view, slot + list.at + list.offset)
  put64(columns.words.length, i, view, slot + list.at + list.length)
}

function putPiece(columns: Columns, entry: EntryShape, { bytes, first, count }: Piece): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { file, mkdir, kinds } = entry
  for (let n = 0, slot = 0; n < count; n++, slot += entry.size) {
    const i = first + n
    const type = view.getUint32(slot + entry.type, true)
    put64(columns.words.seqnum, i, view, slot + entry.seqnum)
    columns.type[i] = type
    const kind = kinds[type]
    if (kind === 'file') {
      if (file.size !== undefined) put64(columns.words.size, i, view, slot + file.size)
      putPath(columns, i, bytes, slot, file.path.at, file.path.size)
      putMap(columns, i, view, slot, entry)
    } else if (kind === 'mkdir' && mkdir !== undefined) putPath(columns, i, bytes, slot, mkdir.path.at, mkdir.path.size)
  }
}

function* indexing(log: LogFrame, { check = true }: IndexOptions): Reading<LogIndex> {
  const columns = columnsFor(log.used)
  yield* eachPiece(log, 0, log.used, piece => {
    putPiece(columns, log.shape.entry, piece)
    if (!check) return undefined
    return checkTwice(log, piece, ({ index, faults }) => {
      columns.faults[index] = faults
    })
  })
  const { words: _, ...index } = columns
  return index
}

/** Reads the whole log once into columns. */
export const indexLog = (image: Image, options: IndexOptions = {}): Promise<LogIndex> => run(indexing(logOf(image), options))

/** As {@link indexLog}, for an image in memory. */
export const indexLogNow = (image: Image, options: IndexOptions = {}): LogIndex => runNow(indexing(logOf(image), options))
