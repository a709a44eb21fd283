/** The log as columns of numbers: a few dozen bytes per entry, made without building an object for any. */

import { logOf } from './entries.ts'
import type { Image } from './image.ts'
import { checkTwice, eachPiece, type LogFrame, type Piece } from './scan.ts'
import type { EntryShape, ListShape } from './shape.ts'
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

/** Which slots to index. */
export interface IndexOptions {
  /** checks sequence numbers and crcs, default true; without it the index takes a fraction of the time */
  readonly check?: boolean
}

const littleEndianHost = /* @__PURE__ */ (() => new Uint8Array(new Uint32Array([1]).buffer)[0] === 1)()

interface Columns extends LogIndex {
  /** keeps the loads of {@link touch} from being left out */
  touched: number
  /** the 64-bit columns as pairs of words */
  readonly words: { readonly seqnum: Uint32Array; readonly size: Uint32Array; readonly offset: Uint32Array; readonly length: Uint32Array }
}

function columnsFor(count: number): Columns {
  const wide = () => new BigUint64Array(count)
  const [seqnum, size, offset, length] = [wide(), wide(), wide(), wide()]
  const words = (column: BigUint64Array) => new Uint32Array(column.buffer)
  return {
    touched: 0,
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

/** The piece as little-endian words. A copy only where the host or the place of the bytes asks for one. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  if (!littleEndianHost) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return Uint32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(i * 4, true))
  }
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2)
}

/** Which half of a 64-bit element is its low word. */
const LOW = littleEndianHost ? 0 : 1

function put64(column: Uint32Array, i: number, words: Uint32Array, at: number): void {
  column[2 * i + LOW] = words[at] as number
  column[2 * i + 1 - LOW] = words[at + 1] as number
}

/** Bytes before the first NUL in `size` bytes from word `at` on. */
function lengthIn(words: Uint32Array, at: number, size: number): number {
  for (let n = 0; n < size; n += 4) {
    const word = words[at + (n >> 2)] as number
    const zeros = (word - 0x01010101) & ~word & 0x80808080
    if (zeros !== 0) return n + ((31 - Math.clz32(zeros & -zeros)) >> 3)
  }
  return size
}

/** Places of an entry in words; every field that is a column lies at a multiple of four. -1 where the layout has no such field. */
interface WordShape {
  readonly size: number
  readonly seqnum: number
  readonly type: number
  readonly fileSize: number
  readonly extType: number
  readonly nextents: number
  readonly simple: number
  readonly strips: number
  /** the last word that any column comes from, but for long paths */
  readonly reach: number
}

function wordShape({ size, seqnum, type, file }: EntryShape): WordShape {
  const word = (at: number | undefined) => (at === undefined ? -1 : at >> 2)
  const first = (list: ListShape | undefined) => (list === undefined ? -1 : (list.at + list.offset) >> 2)
  const simple = first(file.simple)
  return {
    size: size >> 2,
    reach: Math.max(simple, file.nextents >> 2),
    seqnum: seqnum >> 2,
    type: type >> 2,
    fileSize: word(file.size),
    extType: word(file.extType),
    nextents: file.nextents >> 2,
    simple,
    strips: first(file.interleaved?.strips),
  }
}

const FILE = 1
const MKDIR = 2

/** What to do with an entry, by its type. */
const dutiesOf = ({ kinds, mkdir }: EntryShape): readonly number[] =>
  kinds.map(kind => (kind === 'file' ? FILE : kind === 'mkdir' && mkdir !== undefined ? MKDIR : 0))

/** Slots that are touched before they are read. */
const BATCH = 64
/** Words in a line of the processor's cache, about. */
const LINE = 16

/**
 * Loads the lines of the next slots that the columns come from, with nothing that depends on them: so their cache misses run at the same
 * time, where the branches of the real loop would wait for each of them.
 */
function touch(words: Uint32Array, from: number, to: number, stride: number, reach: number): number {
  let sum = 0
  for (let slot = from; slot < to; slot += stride) for (let at = 0; at <= reach; at += LINE) sum ^= words[slot + at] as number
  return sum
}

/** One loop without calls for everything but the length of the path: this is the fast way through a log. */
function putPiece(columns: Columns, entry: EntryShape, shape: WordShape, duties: readonly number[], piece: Piece): void {
  const words = wordsOf(piece.bytes)
  const { type: types, nextents: counts, pathAt, pathLength } = columns
  const { seqnum: seqnums, size: sizes, offset: offsets, length: lengths } = columns.words
  const { path } = entry.file
  const dirPath = entry.mkdir?.path ?? path
  const end = piece.count * shape.size
  for (let slot = 0, i = piece.first, touched = 0; slot < end; slot += shape.size, i++) {
    if (slot === touched) {
      touched = Math.min(end, slot + BATCH * shape.size)
      columns.touched ^= touch(words, slot, touched, shape.size, shape.reach)
    }
    const type = words[slot + shape.type] as number
    types[i] = type
    put64(seqnums, i, words, slot + shape.seqnum)
    const duty = duties[type]
    if (duty === FILE) {
      if (shape.fileSize >= 0) put64(sizes, i, words, slot + shape.fileSize)
      const count = words[slot + shape.nextents] as number
      const extType = shape.extType < 0 ? 0 : (words[slot + shape.extType] as number)
      const list = extType === 0 ? shape.simple : extType === 1 ? shape.strips : -1
      counts[i] = count
      if (list >= 0 && count > 0) {
        put64(offsets, i, words, slot + list)
        put64(lengths, i, words, slot + list + 2)
      }
      pathAt[i] = path.at
      pathLength[i] = lengthIn(words, slot + (path.at >> 2), path.size)
    } else if (duty === MKDIR) {
      pathAt[i] = dirPath.at
      pathLength[i] = lengthIn(words, slot + (dirPath.at >> 2), dirPath.size)
    }
  }
}

function* indexing(log: LogFrame, { check = true }: IndexOptions): Reading<LogIndex> {
  const columns = columnsFor(log.used)
  const { entry } = log.shape
  const shape = wordShape(entry)
  const duties = dutiesOf(entry)
  yield* eachPiece(log, 0, log.used, piece => {
    putPiece(columns, entry, shape, duties, piece)
    if (!check) return undefined
    return checkTwice(log, piece, ({ index, faults }) => {
      columns.faults[index] = faults
    })
  })
  const { words: _words, touched: _touched, ...index } = columns
  return index
}

/** Reads the whole log once into columns. */
export const indexLog = (image: Image, options: IndexOptions = {}): Promise<LogIndex> => run(indexing(logOf(image), options))

/** As {@link indexLog}, for an image in memory. */
export const indexLogNow = (image: Image, options: IndexOptions = {}): LogIndex => runNow(indexing(logOf(image), options))
