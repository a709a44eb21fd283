/** Walking over the slots of a log in pieces of constant size, and the check of each slot. */
import { crcReader } from '../codec/crc32.ts'
import { longAt, u32At } from './bytes.ts'
import type { LayoutShape } from './shape.ts'
import type { Area, Reading } from './source.ts'

/** Header of a log, decoded as far as every layout has it. */
export interface LogHeader {
  readonly magic: bigint
  readonly length: bigint
  readonly lastIndex: bigint
  readonly nextSeqnum: bigint
  readonly nextIndex: bigint
  /** stored crc; undefined before version 45 */
  readonly crc?: bigint
  /** what it should be */
  readonly computedCrc?: bigint
}

/** A log that can be walked. */
export interface LogFrame {
  readonly shape: LayoutShape
  readonly area: Area
  readonly header: LogHeader
  /** slots that lie wholly inside the log */
  readonly slots: number
  /** slots below `next_index` that lie wholly inside the log */
  readonly used: number
}

/** Bytes that are read at once, about. */
const PIECE = 1 << 20

/** Whole slots in one piece of memory. */
export interface Piece {
  readonly bytes: Uint8Array
  /** number of the first slot */
  readonly first: number
  readonly count: number
}

const slotAt = ({ shape }: LogFrame, index: number): number => shape.header.size + index * shape.entry.size

/** Reads the slots `from` to `to` (exclusive), piece by piece; what `use` returns is run before the next piece is asked for. */
export function* eachPiece(frame: LogFrame, from: number, to: number, use: (piece: Piece) => Reading<void> | undefined): Reading<void> {
  const { size } = frame.shape.entry
  const each = Math.max(1, Math.floor(PIECE / size))
  const range = (first: number) => ({ offset: slotAt(frame, first), length: Math.max(0, Math.min(each, to - first)) * size })
  for (let first = from; first < to; first += each) {
    const hint = first + each < to ? { next: range(first + each) } : {}
    const bytes = yield { from: frame.area, ...range(first), ...hint }
    const count = Math.floor(bytes.length / size)
    const more = use({ bytes, first, count })
    if (more !== undefined) yield* more
    if (count < each && first + count < to) return
  }
}

/** The sequence number is not that of the slot. */
export const BAD_SEQNUM = 1
/** The crc is not that of the bytes. */
export const BAD_CRC = 2
/** The bytes were different when they were read again, and no better. */
export const CHANGING = 4

const U32 = 0x1_0000_0000

/**
 * Checks the slots of a piece, in the order of the reference: sequence number, then crc. facts: metadata 4, validate_log_entry
 * @param bad hears of each slot with a fault: its number and the sum of {@link BAD_SEQNUM} and {@link BAD_CRC}
 */
export function checkPiece(shape: LayoutShape, { bytes, first, count }: Piece, bad: (index: number, faults: number) => void): void {
  const { entry, layout } = shape
  const { size, seqnum, crc } = entry
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sum = crcReader(bytes)
  for (let i = 0, at = 0; i < count; i++, at += size) {
    const expected = layout.firstSeqnum + first + i
    const seen = view.getUint32(at + seqnum, true) + view.getUint32(at + seqnum + 4, true) * U32
    let faults = seen === expected ? 0 : BAD_SEQNUM
    if (crc !== undefined) {
      const high = crc.size === 4 ? 0 : view.getUint32(at + crc.at + 4, true)
      if (high !== 0 || view.getUint32(at + crc.at, true) !== sum(at, at + crc.at)) faults |= BAD_CRC
    }
    if (faults !== 0) bad(first + i, faults)
  }
}

/** The faults of one slot in bytes of its own. */
export function checkSlot(shape: LayoutShape, slot: Uint8Array, index: number): number {
  let found = 0
  checkPiece(shape, { bytes: slot, first: index, count: 1 }, (_, faults) => {
    found = faults
  })
  return found
}

const differs = (a: Uint8Array, b: Uint8Array): boolean => a.length !== b.length || a.some((byte, i) => byte !== b[i])

/**
 * Looks once more at a slot that failed, as the reference does for cache lines that were stale.
 * @returns the bytes of the second look, and its faults, {@link CHANGING} among them when the bytes were others and still bad
 */
export function* lookAgain(
  frame: LogFrame,
  before: Uint8Array,
  index: number,
  faults: number,
): Reading<{ slot: Uint8Array; faults: number }> {
  if (frame.area.still === true) return { slot: before, faults }
  const { size } = frame.shape.entry
  const kept = before.slice()
  const slot = (yield { from: frame.area, offset: slotAt(frame, index), length: size }).slice()
  if (slot.length < size) return { slot: kept, faults }
  const again = checkSlot(frame.shape, slot, index)
  return { slot, faults: again !== 0 && differs(kept, slot) ? again | CHANGING : again }
}

/** A slot with a fault. */
export interface BadSlot {
  readonly index: number
  /** {@link BAD_SEQNUM} + {@link BAD_CRC} + {@link CHANGING} */
  readonly faults: number
}

/**
 * Checks all used slots, keeping nothing but what is bad.
 * @param bad hears of each bad slot, in order
 * @returns the number of slots checked
 */
export function* verifyLog(frame: LogFrame, bad: (slot: BadSlot) => void): Reading<number> {
  let checked = 0
  yield* eachPiece(frame, 0, frame.used, piece => {
    checked += piece.count
    return checkTwice(frame, piece, bad)
  })
  return checked
}

/** As {@link checkPiece}, but what fails is looked at once more; undefined when nothing failed. */
export function checkTwice(frame: LogFrame, piece: Piece, bad: (slot: BadSlot) => void): Reading<void> | undefined {
  const suspects: BadSlot[] = []
  checkPiece(frame.shape, piece, (index, faults) => suspects.push({ index, faults }))
  return suspects.length === 0 ? undefined : confirm(frame, piece, suspects, bad)
}

function* confirm(frame: LogFrame, piece: Piece, suspects: readonly BadSlot[], bad: (slot: BadSlot) => void): Reading<void> {
  const { size } = frame.shape.entry
  const still = frame.area.still === true
  const held = still ? piece.bytes : piece.bytes.slice()
  for (const { index, faults } of suspects) {
    const at = (index - piece.first) * size
    const again = yield* lookAgain(frame, held.subarray(at, at + size), index, faults)
    if (again.faults !== 0) bad({ index, faults: again.faults })
  }
}

/** The header of a log out of its first bytes. */
export function headerOf({ header }: LayoutShape, bytes: Uint8Array, crc: (start: number, end: number) => number): LogHeader {
  const u64 = (at: number) => longAt(bytes, { at, size: 8 })
  const sums = header.crc === undefined ? {} : { crc: longAt(bytes, header.crc), computedCrc: BigInt(crc(0, header.crc.at)) }
  return {
    magic: u64(header.magic),
    length: u64(header.length),
    lastIndex: u64(header.lastIndex),
    nextSeqnum: u64(header.nextSeqnum),
    nextIndex: u64(header.nextIndex),
    ...sums,
  }
}

/** Of a device that does not tell its size no more bytes are taken for a log, whatever the header says. */
const MOST_ENDLESS = 2 ** 32

/** Frames a log: its header, and how many slots it has. Undefined when not even the header is there. */
export function* frameLog(shape: LayoutShape, area: Area): Reading<LogFrame | undefined> {
  const bytes = (yield { from: area, offset: 0, length: shape.header.size }).slice()
  if (bytes.length < shape.header.size) return undefined
  const header = headerOf(shape, bytes, crcReader(bytes))
  const room = Number.isFinite(area.size) ? area.size : Math.min(Number(header.length), MOST_ENDLESS)
  const slots = Math.max(0, Math.floor((room - shape.header.size) / shape.entry.size))
  const used = header.nextIndex < BigInt(slots) ? Number(header.nextIndex) : slots
  return { shape, area, header, slots, used }
}

/** Number of the entry type of a slot. */
export const typeOf = (shape: LayoutShape, slot: Uint8Array, at = 0): number => u32At(slot, at + shape.entry.type)
