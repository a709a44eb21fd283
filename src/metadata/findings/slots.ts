/** The used slots of a log, one after the other, as they were when they were checked. */
import { type BadSlot, checkPiece, eachPiece, type LogFrame, lookAgain, type Piece } from '../scan.ts'
import type { Reading } from '../source.ts'

/** A slot inside a piece; the bytes are only there while it is looked at. */
export interface Slot {
  bytes: Uint8Array
  /** first byte of the slot in `bytes` */
  at: number
  index: number
  faults: number
}

/** What failed is read once more, and takes its place if it was others' bytes. */
function* settle(frame: LogFrame, piece: Piece, suspects: readonly BadSlot[]): Reading<{ bytes: Uint8Array; faults: Map<number, number> }> {
  const { size } = frame.shape.entry
  const bytes = frame.area.still === true ? piece.bytes : piece.bytes.slice()
  const settled = new Map<number, number>()
  for (const { index, faults } of suspects) {
    const at = (index - piece.first) * size
    const again = yield* lookAgain(frame, bytes.subarray(at, at + size), index, faults)
    if (frame.area.still !== true) bytes.set(again.slot, at)
    settled.set(index, again.faults)
  }
  return { bytes, faults: settled }
}

/**
 * Walks over all used slots.
 * @param slot becomes one after the other
 * @param use hears of each
 */
export function* walkSlots(frame: LogFrame, slot: Slot, use: () => void): Reading<void> {
  const { size } = frame.shape.entry
  const each = (bytes: Uint8Array, { first, count }: Piece, faults: (index: number) => number): void => {
    slot.bytes = bytes
    for (let i = 0; i < count; i++) {
      slot.at = i * size
      slot.index = first + i
      slot.faults = faults(first + i)
      use()
    }
  }
  function* slow(piece: Piece, suspects: readonly BadSlot[]): Reading<void> {
    const { bytes, faults } = yield* settle(frame, piece, suspects)
    each(bytes, piece, index => faults.get(index) ?? 0)
  }
  yield* eachPiece(frame, 0, frame.used, piece => {
    const suspects: BadSlot[] = []
    checkPiece(frame.shape, piece, (index, faults) => suspects.push({ index, faults }))
    if (suspects.length > 0) return slow(piece, suspects)
    each(piece.bytes, piece, () => 0)
    return undefined
  })
}

/** First byte that is not zero in `bytes[from, to)`, or -1. */
export function firstNonZero(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return i
  return -1
}
