/**
 * famfs_build_bitmap, the core of fsck: which units of the device are in use. It trusts every count and checks no end of anything, so much
 * of this is about what it reads and writes outside its buffers. facts: metadata 4, fsck
 */
import { FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { u32At, u64At } from '../bytes.ts'
import type { Area, Reading } from '../source.ts'
import { type Aborted, aborted, type Outcome, returnedWith, type Undefined, undefinedBehaviour } from './outcome.ts'
import { addRange, clip, coverageOf, type Ranges, ranges } from './ranges.ts'
import { today } from './superblock.ts'

/** What famfs_build_bitmap hands out. */
export interface Bitmap {
  /** units of the device, the last one rounded up */
  readonly nbits: bigint
  /** units that were set when they were set already */
  readonly alloc_errors: bigint
  /** sizes of all files, modulo 2^64 */
  readonly fsize_sum: bigint
  /** bytes in use, superblock and log included */
  readonly alloc_sum: bigint
  readonly n_entries: bigint
  readonly bad_entries: bigint
  readonly files: bigint
  readonly dirs: bigint
  /** units in use: first and count */
  readonly set_ranges: [first: number, count: number][]
}

/** The function on its way through the log. */
export interface BitmapBuilder {
  /** takes one slot, checked before; the reading is there for counts that lead out of the slot */
  slot(slot: Uint8Array, index: number, bad: boolean): Reading<void> | undefined
  finish(): Outcome<Bitmap>
  /** end of what it has read of the log so far */
  readonly reach: number
  /** it does not get any further */
  readonly stopped: boolean
}

const { entry, header } = today
const { file } = entry
const simple = file.simple as {
  readonly at: number
  readonly stride: number
  readonly capacity: number
  readonly offset: number
  readonly length: number
}
const inter = file.interleaved as NonNullable<typeof file.interleaved>
const U64 = 1n << 64n
/** Beyond this the byte count of the reference's bitmap, an int, is negative. */
const MOST_BITS = 0x7fff_fff8n
/** Extents behind the end of their own slot that are followed before this gives up. */
const MOST_STRAYS = 1 << 26
/** Bytes of the log that are read at once to follow a count out of its slot. */
const WINDOW = 24 * 4096
const FILE = 0
const MKDIR = 1

interface State {
  readonly unit: bigint
  readonly unitNumber: number
  /** units that the calloc of the reference has room for */
  readonly room: number
  readonly used: Ranges
  sizes: bigint
  entries: number
  bad: number
  files: number
  dirs: number
  reach: number
  strays: number
  stop: Aborted | Undefined | undefined
}

/** Sets the units of one extent. facts: metadata 4, fsck */
function mark(state: State, offset: bigint, length: bigint): void {
  if (offset % state.unit !== 0n) {
    state.stop = aborted(`assertion: offset ${offset} is no multiple of the unit ${state.unit}`)
    return
  }
  const count = ((length + state.unit - 1n) % U64) / state.unit
  const first = offset / state.unit
  if (count === 0n) return
  if (first + count > BigInt(state.room)) {
    state.stop = undefinedBehaviour(`units ${first} to ${first + count - 1n} lie outside the bitmap of ${state.room} bits`)
    return
  }
  addRange(state.used, Number(first), Number(first + count))
}

/** Numbers below 2^53 need no bigint; `at` is the first byte of an extent. */
function markAt(state: State, bytes: Uint8Array, at: number, offset: number, length: number): void {
  const offsetHigh = u32At(bytes, at + offset + 4)
  const lengthHigh = u32At(bytes, at + length + 4)
  if (offsetHigh >= 0x20_0000 || lengthHigh >= 0x20_0000) return mark(state, u64At(bytes, at + offset), u64At(bytes, at + length))
  const start = offsetHigh * 0x1_0000_0000 + u32At(bytes, at + offset)
  const first = start / state.unitNumber
  const end = first + Math.ceil((lengthHigh * 0x1_0000_0000 + u32At(bytes, at + length)) / state.unitNumber)
  if (!Number.isInteger(first) || end > state.room) return mark(state, BigInt(start), u64At(bytes, at + length))
  addRange(state.used, first, end)
}

function touch(state: State, end: number, area: Area): boolean {
  if (end > area.size) {
    state.stop = undefinedBehaviour(`byte ${end} is read, the log has ${area.size}`)
    return false
  }
  state.reach = Math.max(state.reach, end)
  return true
}

/** A count that leads out of the slot: what lies behind it in the log is taken for extents. */
function* strayList(state: State, area: Area, at: number, count: number): Reading<void> {
  for (let done = 0; done < count && state.stop === undefined; ) {
    const here = Math.min(count - done, WINDOW / simple.stride)
    const start = at + done * simple.stride
    const bytes = (yield { from: area, offset: start, length: here * simple.stride }).slice()
    for (let i = 0; i < here && state.stop === undefined; i++) {
      const end = start + (i + 1) * simple.stride
      if (touch(state, end, area)) markAt(state, bytes, i * simple.stride, simple.offset, simple.length)
    }
    done += here
    state.strays += here
    if (state.strays > MOST_STRAYS) state.stop = undefinedBehaviour('counts lead through more of the log than this follows')
  }
}

/**
 * The reference steps from one interleaved extent to the next twice at once, and counts them in an int: the second is looked for 800 bytes
 * behind the first, and from 2^31 on there are none.
 */
function* strayInterleaved(state: State, area: Area, at: number, niext: number): Reading<void> {
  for (let i = 0; i < niext && state.stop === undefined; i++) {
    const start = at + inter.at + 2 * i * inter.size
    if (!touch(state, start + 8, area)) return
    const head = yield { from: area, offset: start, length: 8 }
    const nstrips = u64At(head, 0)
    const strips = start + inter.strips.at - inter.at
    yield* strayList(state, area, strips, nstrips > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(nstrips))
    state.strays++
  }
}

function markFile(state: State, area: Area, slot: Uint8Array, at: number): Reading<void> | undefined {
  state.files++
  state.sizes += u64At(slot, file.size as number)
  const type = u32At(slot, file.extType as number)
  const count = u32At(slot, file.nextents)
  if (type === 0) {
    if (count > simple.capacity) return strayList(state, area, at + simple.at, count)
    for (let i = 0; i < count && state.stop === undefined; i++)
      markAt(state, slot, simple.at + i * simple.stride, simple.offset, simple.length)
    return undefined
  }
  if (type !== 1 || (count | 0) <= 0) return undefined
  const nstrips = u64At(slot, inter.nstrips)
  if (count > 1 || nstrips > BigInt(inter.strips.capacity)) return strayInterleaved(state, area, at, count | 0)
  const { strips } = inter
  for (let i = 0; i < Number(nstrips) && state.stop === undefined; i++)
    markAt(state, slot, strips.at + i * strips.stride, strips.offset, strips.length)
  return undefined
}

/** What the reference has before its first entry, or how it ends there. */
function begin(unit: bigint, deviceSize: bigint, logLen: bigint): State {
  const nbits = unit === 0n ? 0n : ((deviceSize + unit - 1n) % U64) / unit
  const room = nbits > MOST_BITS ? 0 : (Math.ceil(Number(nbits) / 8) + 1) * 8
  const counts = { sizes: 0n, entries: 0, bad: 0, files: 0, dirs: 0, reach: header.size, strays: 0 }
  const state: State = { unit, unitNumber: Number(unit), room, used: ranges(), ...counts, stop: undefined }
  if (unit === 0n || (unit & (unit - 1n)) !== 0n) state.stop = aborted(`assertion: unit ${unit} is no power of two`)
  else if (nbits > MOST_BITS) state.stop = undefinedBehaviour(`${nbits} units do not fit into an int`)
  else mark(state, 0n, (BigInt(FAMFS_SUPERBLOCK_SIZE) + logLen) % U64)
  return state
}

/**
 * Starts the function.
 * @param area the log, as large as the reference has it in memory
 */
export function bitmapBuilder(area: Area, unit: bigint, deviceSize: bigint, logLen: bigint): BitmapBuilder {
  const state = begin(unit, deviceSize, logLen)
  return {
    get reach() {
      return state.reach
    },
    get stopped() {
      return state.stop !== undefined
    },
    slot(slot, index, bad) {
      if (state.stop !== undefined) return undefined
      const at = header.size + index * entry.size
      if (!touch(state, at + entry.size, area)) return undefined
      state.entries++
      if (bad) {
        state.bad++
        return undefined
      }
      const type = u32At(slot, entry.type)
      if (type === MKDIR) state.dirs++
      return type === FILE ? markFile(state, area, slot, at) : undefined
    },
    finish: () => state.stop ?? finish(state, deviceSize),
  }
}

function finish(state: State, deviceSize: bigint): Outcome<Bitmap> {
  const { covered, collisions, ranges: list } = coverageOf(state.used)
  const nbits = ((deviceSize + state.unit - 1n) % U64) / state.unit
  return returnedWith(Number(BigInt.asIntN(32, collisions)), {
    nbits,
    alloc_errors: collisions,
    fsize_sum: state.sizes % U64,
    alloc_sum: (covered * state.unit) % U64,
    n_entries: BigInt(state.entries),
    bad_entries: BigInt(state.bad),
    files: BigInt(state.files),
    dirs: BigInt(state.dirs),
    set_ranges: clip(list, Number(nbits)),
  })
}
