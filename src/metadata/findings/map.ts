/** Everything to object to in the map of a file. facts: metadata 4, fsck and map rules; 6 */
import { u32At, u64AsNumber, u64At } from '../bytes.ts'
import type { FileShape, InterleavedShape, ListShape } from '../shape.ts'
import { addExtent } from './extents.ts'
import { type Field, type State, say } from './state.ts'

const U32 = 2 ** 32
const U64 = 2 ** 64
/** Largest double below 2^64. */
const LAST = U64 - 2048
const EXACT = 2 ** 53
/** The high word of a number that is negative as a signed one. */
const SIGNED = 0x8000_0000
const PAGE = 4096
const SIMPLE = 0
const INTERLEAVED = 1

interface Map {
  readonly state: State
  readonly file: FileShape
  readonly type: number
  readonly extType: number
}

/** A list of the map with the elements that are looked at. */
interface List {
  readonly list: ListShape
  readonly count: number
  /** the count was larger than the list: what is all zero is no extent */
  readonly cut: boolean
}

const at = ({ state }: Map, place: number): number => state.slot.at + place
const numberIn = (map: Map, place: number): number => u64AsNumber(map.state.slot.bytes, at(map, place))
const bigIn = (map: Map, place: number): bigint => u64At(map.state.slot.bytes, at(map, place))

function object(map: Map, rule: string, field: Omit<Field, 'extType'>, message: () => string): void {
  say(map.state, rule, map.type, { ...field, extType: map.extType }, message)
}

/** A device index that fits into 32 bits; none above is ever known. */
function deviceOf(map: Map, { devindex }: ListShape, base: number): number {
  return devindex === undefined ? 0 : Math.min(numberIn(map, base + devindex), U32 - 1)
}

interface Bounds {
  readonly element: number
  /** places of the two fields, and their values */
  readonly offset: number
  readonly length: number
  readonly start: number
  readonly size: number
  readonly deviceEnd: number
}

/** Where an extent ends, in relation to 2^64 and to the device. */
function bounds(map: Map, { element, offset, length, start, size, deviceEnd }: Bounds): void {
  const both = { at: offset, length: 16, element }
  const wraps = start + size >= EXACT && bigIn(map, offset) + bigIn(map, length) > 1n << 64n
  if (wraps) object(map, 'log/extent-wraps', both, () => `${bigIn(map, offset)} + ${bigIn(map, length)} is beyond 2^64`)
  else if (start + size > deviceEnd)
    object(
      map,
      'log/extent-beyond',
      both,
      () => `bytes ${bigIn(map, offset)} to ${bigIn(map, offset) + bigIn(map, length)}, the device ends at ${deviceEnd}`,
    )
}

/** @returns its length */
function checkExtent(map: Map, { list, cut }: List, element: number): number {
  const { state } = map
  const base = list.at + element * list.stride
  const [offset, length] = [base + list.offset, base + list.length]
  const [device, start, size] = [deviceOf(map, list, base), numberIn(map, offset), numberIn(map, length)]
  if (cut && device === 0 && start === 0 && size === 0) return 0
  if (size === 0) object(map, 'log/extent-empty', { at: length, length: 8, element }, () => 'the length is 0')
  bounds(map, { element, offset, length, start, size, deviceEnd: device === 0 ? state.deviceEnd : Number.POSITIVE_INFINITY })
  if (device === 0 && start < state.metadataEnd)
    object(
      map,
      'log/extent-metadata',
      { at: offset, length: 8, element },
      () => `offset ${start}, superblock and log end at ${state.metadataEnd}`,
    )
  if (device !== 0 && start === 0 && map.extType === SIMPLE)
    object(map, 'log/extent-zero', { at: offset, length: 8, element }, () => `offset 0 of device ${device}`)
  const unit = state.unit
  if ((u32At(state.slot.bytes, at(map, offset)) & (unit - 1)) !== 0)
    object(
      map,
      'log/extent-unaligned',
      { at: offset, length: 8, element },
      () => `offset ${bigIn(map, offset)} is not a multiple of ${unit}`,
    )
  if ((u32At(state.slot.bytes, at(map, length)) & (unit - 1)) !== 0)
    object(map, 'log/extent-length', { at: length, length: 8, element }, () => `length ${bigIn(map, length)} is not a multiple of ${unit}`)
  if (size > 0) {
    const place = { entry: state.slot.index, at: offset, element, extType: map.extType }
    addExtent(state.extents, place, device, Math.min(start, LAST), Math.min(start + size, U64))
  }
  return size
}

/** @returns the sum of the lengths */
function checkList(map: Map, list: List): number {
  let total = 0
  for (let i = 0; i < list.count; i++) total += checkExtent(map, list, i)
  return total
}

function checkSize(map: Map, total: number): void {
  const { file } = map
  if (file.size === undefined) return
  const place = file.size
  const size = numberIn(map, place)
  const field = { at: place, length: 8 }
  if (size === 0) object(map, map.extType === INTERLEAVED ? 'log/nbytes-zero' : 'log/size-zero', field, () => 'the size is 0')
  else if (u32At(map.state.slot.bytes, at(map, place + 4)) >= SIGNED)
    object(
      map,
      'log/size-signed',
      field,
      () => `the size is ${bigIn(map, place)}, as a signed number ${BigInt.asIntN(64, bigIn(map, place))}`,
    )
  else if (size > total) object(map, 'log/size-beyond-map', field, () => `the file has ${bigIn(map, place)} bytes, its map ${total}`)
}

function simple(map: Map, list: ListShape, count: number): void {
  const { file } = map
  const field = { at: file.nextents, length: 4 }
  const cut = count > list.capacity
  if (count === 0) object(map, 'log/no-extents', field, () => 'there are no extents')
  if (cut) object(map, 'log/too-many-extents', field, () => `${count} extents, there is room for ${list.capacity}`)
  const total = checkList(map, { list, count: Math.min(count, list.capacity), cut })
  if (count > 0 && !cut) checkSize(map, total)
}

const isPowerOfTwo = (n: bigint): boolean => (n & (n - 1n)) === 0n

function checkChunk(map: Map, place: number): void {
  const chunk = bigIn(map, place)
  const field = { at: place, length: 8 }
  const { unit } = map.state
  const say = (rule: string, why: string): void => object(map, rule, field, () => `the chunk size is ${chunk}, ${why}`)
  if (chunk === 0n) return say('log/chunk-zero', 'it must be at least one allocation unit')
  if (!isPowerOfTwo(chunk)) say('log/chunk-power', 'no power of two')
  if (chunk % BigInt(PAGE) !== 0n) say('log/chunk-page', `no multiple of ${PAGE}`)
  else if (chunk % BigInt(unit) !== 0n) say(chunk === BigInt(PAGE) ? 'log/chunk-one-page' : 'log/chunk-unit', `no multiple of ${unit}`)
  if (chunk >= BigInt(U32)) say('log/chunk-wide', `of which GET_FMAP carries ${chunk % BigInt(U32)}`)
}

/** The first strip that differs from the first one, and the first that ends before its part of the file does. */
function compareStrips(map: Map, { strips, chunk }: InterleavedShape, count: number): void {
  const { file } = map
  const [size, width] = [numberIn(map, file.size as number), numberIn(map, chunk)]
  const place = (i: number) => strips.at + i * strips.stride + strips.length
  const length = (i: number) => numberIn(map, place(i))
  const indexes = Array.from({ length: count }, (_, i) => i)
  const other = indexes.find(i => length(i) !== length(0))
  if (other !== undefined)
    object(
      map,
      'log/strips-unequal',
      { at: place(other), length: 8, element: other },
      () => `${length(other)} bytes, the first strip has ${length(0)}`,
    )
  if (width === 0 || size >= EXACT) return
  const rows = Math.floor(size / (count * width))
  const rest = size - rows * count * width
  const need = (i: number) => rows * width + Math.min(width, Math.max(0, rest - i * width))
  const short = indexes.find(i => need(i) > length(i))
  if (short !== undefined)
    object(
      map,
      'log/strip-short',
      { at: place(short), length: 8, element: short },
      () => `${length(short)} bytes, the file needs ${need(short)} here`,
    )
}

function interleaved(map: Map, shape: InterleavedShape, niext: number): void {
  const { strips } = shape
  if (niext !== 1)
    object(map, 'log/interleaved-count', { at: map.file.nextents, length: 4 }, () => `${niext} interleaved extents, must be one`)
  if (niext === 0) return
  const nstrips = numberIn(map, shape.nstrips)
  const cut = nstrips > strips.capacity
  if (nstrips === 0 || cut)
    object(
      map,
      'log/strip-count',
      { at: shape.nstrips, length: 8 },
      () => `${bigIn(map, shape.nstrips)} strips, there is room for ${strips.capacity}`,
    )
  checkChunk(map, shape.chunk)
  const count = Math.min(nstrips, strips.capacity)
  const total = checkList(map, { list: strips, count, cut })
  if (nstrips === 0 || cut) return
  compareStrips(map, shape, count)
  checkSize(map, total)
}

/** Looks at the map of the file in the slot. @returns how it is stored, undefined where that has no meaning */
export function checkMap(state: State, type: number): number | undefined {
  const { file } = state.shape.entry
  const { bytes, at: start } = state.slot
  const extType = file.extType === undefined ? SIMPLE : u32At(bytes, start + file.extType)
  const map: Map = { state, file, type, extType }
  const count = u32At(bytes, start + file.nextents)
  if (extType === SIMPLE && file.simple !== undefined) simple(map, file.simple, count)
  else if (extType === INTERLEAVED && file.interleaved !== undefined) interleaved(map, file.interleaved, count)
  else if (file.extType !== undefined) {
    object(map, 'log/extent-type', { at: file.extType, length: 4 }, () => `type ${extType}, must be 0 (simple) or 1 (interleaved)`)
    return undefined
  }
  return extType
}
