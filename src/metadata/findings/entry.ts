/** Everything to object to in one slot. facts: metadata 3, entry; 4 */
import { crc32 } from '../../codec/crc32.ts'
import { longAt, u32At, u64AsNumber, u64At, uuidAt } from '../bytes.ts'
import { DAXDEV_SLOTS } from '../reference/daxdev.ts'
import { BAD_CRC, BAD_SEQNUM, CHANGING } from '../scan.ts'
import type { DaxdevShape, EntryKind, EntryShape, Place } from '../shape.ts'
import { report } from './collect.ts'
import { type CrcFault, crcFault } from './crc.ts'
import { checkMap } from './map.ts'
import { checkPath, rememberPath } from './paths.ts'
import { firstNonZero } from './slots.ts'
import { checkStale } from './stale.ts'
import { type State, say, slotOffset, spotIn } from './state.ts'

/** Only layouts that have a crc can have a wrong one. */
function badCrc(state: State, type: number): void {
  const { slot, shape, c } = state
  const crc = shape.entry.crc as Place
  const { bytes, at } = slot
  const kept = (c.counts.get('log/entry-crc') ?? 0) < c.limit
  const fault = (): CrcFault => {
    const stored = longAt(bytes, { at: at + crc.at, size: crc.size })
    return crcFault(stored, BigInt(crc32(bytes, at, at + crc.at)), crc.at)
  }
  say(state, 'log/entry-crc', type, { at: crc.at, length: crc.size }, () => fault().message)
  const bit = kept ? fault().bit : undefined
  if (bit !== undefined)
    say(state, 'log/flipped-bit', type, { at: bit.byte, length: 1 }, () => `bit ${bit.bit} of this byte explains the crc`)
}

/** Where the path of a directory is, in a layout that has them. */
const directoryOf = ({ mkdir }: EntryShape): Place => (mkdir as NonNullable<typeof mkdir>).path

/** A damaged slot: what it says about anything else is not to be believed. */
function damaged(state: State, type: number, kind: EntryKind): void {
  const { slot, shape } = state
  const { entry, layout } = shape
  if ((slot.faults & BAD_SEQNUM) !== 0) {
    const { bytes, at, index } = slot
    const message = () => `the sequence number is ${u64At(bytes, at + entry.seqnum)}, should be ${layout.firstSeqnum + index}`
    say(state, 'log/seqnum', type, { at: entry.seqnum, length: 8 }, message)
  }
  if ((slot.faults & BAD_CRC) !== 0) badCrc(state, type)
  if ((slot.faults & CHANGING) !== 0)
    say(state, 'log/changing', type, { at: 0, length: entry.size }, () => 'the slot was written while it was read')
  if (kind === 'file') rememberPath(state, entry.file.path, false)
  else if (kind === 'mkdir') rememberPath(state, directoryOf(entry), true)
  else if (kind === 'add_daxdev') intoTable(state, entry.daxdev as DaxdevShape)
}

/** What the reference's table says to an entry; only what it takes is a device. facts: metadata 4, ADD_DAXDEV */
function intoTable({ slot, devices, uuids }: State, { size, uuid, index }: DaxdevShape) {
  const { bytes, at } = slot
  const [number, id, next] = [u32At(bytes, at + index), uuidAt(bytes, at + uuid), devices.size + 1]
  const refused = { full: next >= DAXDEV_SLOTS, misplaced: number !== next, twice: uuids.has(id) }
  if (!refused.full && !refused.misplaced && !refused.twice) {
    uuids.add(id)
    devices.set(number, u64AsNumber(bytes, at + size))
  }
  return { ...refused, number, id, next }
}

function device(state: State, type: number, shape: DaxdevShape): void {
  const { full, misplaced, twice, number, id, next } = intoTable(state, shape)
  const object = (rule: string, at: number, length: number, message: string): void => say(state, rule, type, { at, length }, () => message)
  if (twice) object('log/daxdev-uuid', shape.uuid, 16, `${id} is in the table already`)
  if (full) object('log/daxdev-full', state.shape.entry.type, 4, `the table has ${DAXDEV_SLOTS} slots`)
  else if (misplaced) object('log/daxdev-index', shape.index, 4, `index ${number}, the next free one is ${next}`)
}

function ofType(state: State, type: number, kind: EntryKind): void {
  const { shape } = state
  const { entry } = shape
  const object = (rule: string, message: string): void => say(state, rule, type, { at: entry.type, length: 4 }, () => message)
  if (kind === 'file') {
    checkPath(state, entry.file.path, type, false)
    const extType = checkMap(state, type)
    if (extType !== undefined) checkStale(state, type, entry.file.path, extType)
  } else if (kind === 'mkdir') {
    checkPath(state, directoryOf(entry), type, true)
    checkStale(state, type, directoryOf(entry))
  } else if (kind === 'add_daxdev') {
    device(state, type, entry.daxdev as DaxdevShape)
    checkStale(state, type)
  } else if (kind === 'unknown') object('log/type', `type ${type} has no meaning`)
  else object('log/type-unhandled', `type ${type} (${kind}) is not handled by any tool`)
}

/** Slots that are all zero and have others behind them. */
function unwritten(state: State): void {
  const { shape, slot, zeros, c } = state
  const first = slot.index - zeros
  const length = zeros * shape.entry.size
  const at = slotOffset(shape, first)
  report(
    c,
    'log/unwritten',
    () => ({ ...spotIn(shape, first, 0, { at: 0, length }), offset: at, path: `entries[${first}]` }),
    () => `${zeros === 1 ? 'a slot that was' : `${zeros} slots that were`} never written`,
  )
  state.zeros = 0
}

/** Looks at the slot that the walk is at. */
export function checkEntry(state: State): void {
  const { slot, shape } = state
  const { bytes, at, faults } = slot
  const { entry } = shape
  if (faults !== 0 && firstNonZero(bytes, at, at + entry.size) < 0) {
    state.zeros++
    return
  }
  if (state.zeros > 0) unwritten(state)
  const type = u32At(bytes, at + entry.type)
  const kind = entry.kinds[type] ?? 'unknown'
  if (faults === 0) ofType(state, type, kind)
  else damaged(state, type, kind)
}
