/** What the reference's tools could not live with: refused unless the builder is told not to look. facts: metadata 4, 5 */
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import { refusal } from './refusal.ts'
import type { NewMap } from './request.ts'
import type { Session } from './session.ts'
import { takenIn, takeUnits } from './space.ts'

/** Most bytes of a path that the writer keeps. facts: metadata 3, paths as written */
export const MOST_PATH = 79
const META = [0x2e, 0x6d, 0x65, 0x74, 0x61]
const PAGE = 4096

/** Whether the bytes are UTF-8. */
export const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Whether the path is that of `.meta`, or below it: every mount has its own. */
export const isMeta = (path: Uint8Array): boolean => META.every((byte, i) => path[i] === byte) && (path.length === 5 || path[5] === 0x2f)

/** A path that replay can use and that can be written as YAML. Names and parents are the tree's business. @throws WireError text, range */
export function checkPath(path: Uint8Array): void {
  if (path.length > MOST_PATH) throw refusal('range', 'path', `at most ${MOST_PATH} bytes, not ${path.length}`, path.length)
  if (path.length === 0 || path[0] === 0x2f) throw refusal('text', 'path', 'must be relative and not empty')
  if (path.includes(0)) throw refusal('text', 'path', 'has a NUL in it')
  if (!isUtf8(path)) throw refusal('text', 'path', 'is not UTF-8: the replay of the reference aborts at it')
  if (isMeta(path)) throw refusal('text', 'path', '.meta belongs to the file system itself')
}

interface Piece extends MetaExtent {
  readonly path: string
}

function piecesOf(map: NewMap): Piece[] {
  if (map.ext_type === 'simple') return map.extents.map((extent, i) => ({ ...extent, path: `map.extents[${i}]` }))
  return map.extents.flatMap((group, g) => group.strips.map((strip, i) => ({ ...strip, path: `map.extents[${g}].strips[${i}]` })))
}

const isChunk = (n: number): boolean => Number.isInteger(n) && n >= PAGE && n <= 0x8000_0000 && Number.isInteger(Math.log2(n))

function checkGroup({ strips, chunk_size, nstrips }: MetaGroup, size: bigint): void {
  const path = 'map.extents[0]'
  const [first] = strips
  if (first === undefined || nstrips !== strips.length)
    throw refusal('count', `${path}.nstrips`, `is ${nstrips}, there are ${strips.length} strips`, nstrips)
  if (!isChunk(Number(chunk_size)))
    throw refusal('range', `${path}.chunk_size`, `a power of two from ${PAGE} to 2 GiB, not ${chunk_size}`, chunk_size)
  if (strips.some(({ len }) => len !== first.len)) throw refusal('range', `${path}.strips`, 'strips have one length')
  const rows = first.len / BigInt(chunk_size)
  if (rows * BigInt(chunk_size) * BigInt(strips.length) < size) throw refusal('range', 'size', `the strips do not hold ${size} bytes`, size)
}

function checkLengths(map: NewMap, size: bigint): void {
  if (map.extents.length === 0) throw refusal('count', 'map.extents', 'a file has at least one extent', 0)
  if (map.ext_type === 'interleaved') {
    for (const group of map.extents) checkGroup(group, size)
    return
  }
  const total = map.extents.reduce((sum, { len }) => sum + len, 0n)
  if (total < size) throw refusal('range', 'size', `${total} bytes of extents do not hold ${size} bytes`, size)
}

/** Takes the units of a piece, or says whose way it is in. */
function takePiece(session: Session, { dev_index, offset, len, path }: Piece): void {
  const { unit, space } = session
  const device = session.devices[dev_index]
  if (device === undefined) throw refusal('range', `${path}.dev_index`, `there is no device ${dev_index} yet`, dev_index)
  if (offset % BigInt(unit) !== 0n)
    throw refusal('range', `${path}.offset`, `must be a multiple of ${unit}: fsck aborts at ${offset}`, offset)
  if (len <= 0n || len % BigInt(unit) !== 0n) throw refusal('range', `${path}.len`, `must be a multiple of ${unit}, is ${len}`, len)
  const room = device.size < session.deviceSize ? device.size : session.deviceSize
  if (offset < 0n || offset + len > room)
    throw refusal('range', path, `bytes ${offset} to ${offset + len} are not all among the ${room} that fsck has bits for`, offset)
  const first = Number(offset / BigInt(unit))
  const end = first + Number(len / BigInt(unit))
  const taken = takenIn(space, first, end)
  if (taken !== undefined) throw refusal('range', path, `byte ${BigInt(taken) * BigInt(unit)} is in use already`, offset)
  takeUnits(space, first, end)
}

/** A map that every tool takes, on units that nobody uses; it uses them from now on. @throws WireError range, count */
export function checkMap(session: Session, map: NewMap, size: bigint): void {
  checkLengths(map, size)
  for (const piece of piecesOf(map)) takePiece(session, piece)
}

/** What of a map lies on the device counts as used, whatever else is wrong with it. */
export function noteMap({ space, unit, units }: Session, map: NewMap): void {
  for (const { offset, len } of piecesOf(map)) {
    const first = Math.floor(Number(offset) / unit)
    takeUnits(space, Math.min(first, units), Math.min(units, Math.ceil(Number(offset + len) / unit)))
  }
}
