/** The log as columns of numbers: a few dozen bytes per entry, made without building an object for any. */

import { WireError } from '../codec/errors.ts'
import { logOf } from './entries.ts'
import type { Image } from './image.ts'
import { checkTwice, eachPiece, type LogFrame, type Piece } from './scan.ts'
import type { EntryShape, ListShape, Place } from './shape.ts'
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

/** A column of any width. */
interface ColumnType<T> {
  new (buffer: ArrayBuffer, at: number, count: number): T
  readonly BYTES_PER_ELEMENT: number
}

/** All columns in one block of memory, which {@link putBatch} writes through three views: fewer arrays stay in registers. */
interface Block {
  readonly index: LogIndex
  readonly words: Uint32Array
  readonly halves: Uint16Array
  readonly bytes: Uint8Array
  /** where each column starts in the view of its width, the 64-bit ones in words */
  readonly starts: Readonly<Record<Exclude<keyof LogIndex, 'count' | 'faults'>, number>>
  /** keeps the loads of {@link touch} from being left out */
  touched: number
}

/** Bytes of all columns together, for each entry. */
const EACH = 44
/** Most bytes of columns: more than any log needs. */
const MOST = 2 ** 32
/** The same where a device does not tell its size: nothing bears out what the header claims then. */
const MOST_ENDLESS = 2 ** 26

function blockFor(count: number, most: number): Block {
  if (count * EACH > most) throw tooMany(count, most)
  const buffer = new ArrayBuffer(count * EACH)
  let at = 0
  const column = <T>(type: ColumnType<T>): T => {
    const made = new type(buffer, at, count)
    at += count * type.BYTES_PER_ELEMENT
    return made
  }
  // the wide ones first, so that each lies at a multiple of its width
  const index: LogIndex = {
    count,
    seqnum: column(BigUint64Array),
    size: column(BigUint64Array),
    offset: column(BigUint64Array),
    length: column(BigUint64Array),
    type: column(Uint32Array),
    nextents: column(Uint32Array),
    pathAt: column(Uint16Array),
    pathLength: column(Uint8Array),
    faults: column(Uint8Array),
  }
  const starts = {
    seqnum: index.seqnum.byteOffset >> 2,
    size: index.size.byteOffset >> 2,
    offset: index.offset.byteOffset >> 2,
    length: index.length.byteOffset >> 2,
    type: index.type.byteOffset >> 2,
    nextents: index.nextents.byteOffset >> 2,
    pathAt: index.pathAt.byteOffset >> 1,
    pathLength: index.pathLength.byteOffset,
  }
  return { index, words: new Uint32Array(buffer), halves: new Uint16Array(buffer), bytes: new Uint8Array(buffer), starts, touched: 0 }
}

function tooMany(count: number, bytes: number): WireError {
  const most = Math.floor(bytes / EACH)
  const detail = `${count} entries are more than columns are made for (${most}); they can be read one by one`
  return new WireError({ code: 'count', path: 'famfs_log_next_index', offset: 0, detail, expected: most, actual: count })
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

/** Bytes before the first NUL in `size` bytes from word `at` on. */
function lengthIn(words: Uint32Array, at: number, size: number): number {
  for (let n = 0; n < size; n += 4) {
    const word = words[at + (n >> 2)] as number
    const zeros = (word - 0x01010101) & ~word & 0x80808080
    if (zeros !== 0) return n + ((31 - Math.clz32(zeros & -zeros)) >> 3)
  }
  return size
}

/** Whether the 64-bit number is not 0. */
const isSet = (words: Uint32Array, at: number): boolean => words[at] !== 0 || words[at + 1] !== 0

/** Places of an entry in words; every field that is a column lies at a multiple of four. -1 where the layout has no such field. */
interface WordShape {
  readonly size: number
  readonly seqnum: number
  readonly type: number
  readonly fileSize: number
  readonly extType: number
  readonly nextents: number
  readonly simple: number
  readonly nstrips: number
  readonly strips: number
  /** in bytes */
  readonly filePath: Place
  readonly dirPath: Place
  /** {@link FILE}, {@link MKDIR} or 0 by the type of an entry */
  readonly duties: Uint8Array
}

const FILE = 1
const MKDIR = 2

function wordShape({ size, seqnum, type, file, mkdir, kinds }: EntryShape): WordShape {
  const word = (at: number | undefined) => (at === undefined ? -1 : at >> 2)
  const first = (list: ListShape | undefined) => (list === undefined ? -1 : (list.at + list.offset) >> 2)
  return {
    size: size >> 2,
    seqnum: seqnum >> 2,
    type: type >> 2,
    fileSize: word(file.size),
    extType: word(file.extType),
    nextents: file.nextents >> 2,
    simple: first(file.simple),
    nstrips: word(file.interleaved?.nstrips),
    strips: first(file.interleaved?.strips),
    filePath: file.path,
    dirPath: mkdir?.path ?? file.path,
    duties: Uint8Array.from(kinds, kind => (kind === 'file' ? FILE : kind === 'mkdir' && mkdir !== undefined ? MKDIR : 0)),
  }
}

/** Slots that are touched before they are read: few enough for the nearest cache, many enough for their loads to run at the same time. */
const BATCH = 8
/** Words in a line of the cache. */
const LINE = 16

/**
 * Loads a word of every line of the next slots, with nothing that depends on them. The loop below looks at a few places of each slot only: the
 * processor does not foresee those, but it does foresee this walk.
 */
function touch(words: Uint32Array, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at += LINE) sum ^= words[at] as number
  return sum
}

/**
 * One loop without calls for everything but the length of the path: this is the fast way through a log. It runs over a few slots only, so
 * that engines compile the function instead of a loop that is under way, for which they know less.
 * @param first number of the first slot, which starts at word `from`
 */
function putBatch(block: Block, shape: WordShape, words: Uint32Array, first: number, from: number, to: number): void {
  const { words: out, halves, bytes, starts } = block
  const { seqnum: seqnums, size: sizes, offset: offsets, length: lengths, type: types, nextents: counts, pathAt, pathLength } = starts
  const { size, seqnum, type: typeAt, fileSize, nextents, extType: extTypeAt, simple, nstrips, strips, duties } = shape
  const { at: filePath, size: filePathSize } = shape.filePath
  const { at: dirPath, size: dirPathSize } = shape.dirPath
  for (let i = first, slot = from; slot < to; i++, slot += size) {
    const type = words[slot + typeAt] as number
    out[types + i] = type
    out[seqnums + 2 * i] = words[slot + seqnum] as number
    out[seqnums + 2 * i + 1] = words[slot + seqnum + 1] as number
    const duty = type < duties.length ? duties[type] : 0
    if (duty === FILE) {
      if (fileSize >= 0) {
        out[sizes + 2 * i] = words[slot + fileSize] as number
        out[sizes + 2 * i + 1] = words[slot + fileSize + 1] as number
      }
      const count = words[slot + nextents] as number
      const extType = extTypeAt < 0 ? 0 : (words[slot + extTypeAt] as number)
      const list = extType === 0 ? simple : extType === 1 && strips >= 0 && isSet(words, slot + nstrips) ? strips : -1
      out[counts + i] = count
      if (list >= 0 && count > 0) {
        out[offsets + 2 * i] = words[slot + list] as number
        out[offsets + 2 * i + 1] = words[slot + list + 1] as number
        out[lengths + 2 * i] = words[slot + list + 2] as number
        out[lengths + 2 * i + 1] = words[slot + list + 3] as number
      }
      halves[pathAt + i] = filePath
      bytes[pathLength + i] = lengthIn(words, slot + (filePath >> 2), filePathSize)
    } else if (duty === MKDIR) {
      halves[pathAt + i] = dirPath
      bytes[pathLength + i] = lengthIn(words, slot + (dirPath >> 2), dirPathSize)
    }
  }
}

function putPiece(block: Block, shape: WordShape, piece: Piece): void {
  const words = wordsOf(piece.bytes)
  for (let n = 0; n < piece.count; n += BATCH) {
    const from = n * shape.size
    const to = Math.min(piece.count, n + BATCH) * shape.size
    block.touched ^= touch(words, from, to)
    putBatch(block, shape, words, piece.first + n, from, to)
  }
}

/** The low word of a number is the first one here; a big-endian host wants the other first. */
function swapHalves({ words, starts }: Block): void {
  for (let i = 0; i < starts.type; i += 2) {
    const low = words[i] as number
    words[i] = words[i + 1] as number
    words[i + 1] = low
  }
}

function* indexing(log: LogFrame, { check = true }: IndexOptions): Reading<LogIndex> {
  const block = blockFor(log.used, Number.isFinite(log.area.size) ? MOST : MOST_ENDLESS)
  const { index } = block
  const shape = wordShape(log.shape.entry)
  yield* eachPiece(log, 0, log.used, piece => {
    putPiece(block, shape, piece)
    if (!check) return undefined
    return checkTwice(log, piece, bad => {
      index.faults[bad.index] = bad.faults
    })
  })
  if (!littleEndianHost) swapHalves(block)
  return index
}

/** Reads the whole log once into columns. */
export const indexLog = (image: Image, options: IndexOptions = {}): Promise<LogIndex> => run(indexing(logOf(image), options))

/** As {@link indexLog}, for an image in memory. */
export const indexLogNow = (image: Image, options: IndexOptions = {}): LogIndex => runNow(indexing(logOf(image), options))
