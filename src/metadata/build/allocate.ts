/** Finding room for files, by the rules of the reference's allocator but without its faults. facts: metadata 6 */
import type { MetaExtent } from '../../validate/meta.ts'
import { refusal } from './refusal.ts'
import type { Interleave, NewMap } from './request.ts'
import { GRAIN, type Session } from './session.ts'
import { firstFit, takeUnits } from './space.ts'

const GIB = 1n << 30n
const MOST_BUCKETS = 64
const MOST_CHUNK = 0x8000_0000

const roundUp = (value: bigint, step: bigint): bigint => ((value + step - 1n) / step) * step

interface Room {
  readonly from: number
  readonly to: number
}

/** The first free place, at a multiple of 2 MiB whatever the unit. */
function find({ space, unit }: Session, length: bigint, { from, to }: Room): number | undefined {
  return firstFit(space, Number(length) / unit, from, to, GRAIN / unit)
}

function take(session: Session, first: number, length: bigint): MetaExtent {
  const { unit } = session
  takeUnits(session.space, first, first + Number(length) / unit)
  return { dev_index: 0, offset: BigInt(first) * BigInt(unit), len: length }
}

/**
 * One extent, first fit behind the last allocation of the session, then from the start of the device: where the reference gives a place
 * beyond the end or none at all, this finds what is free.
 * @throws WireError range when there is no room
 */
function contiguous(session: Session, size: bigint, from: number): NewMap {
  const length = roundUp(size, BigInt(GRAIN))
  const to = session.units
  const first = find(session, length, { from, to }) ?? find(session, length, { from: 0, to })
  if (first === undefined) throw refusal('range', 'size', `no ${length} bytes in a row are free on the device`, length)
  return { ext_type: 'simple', extents: [take(session, first, length)] }
}

function checkInterleave({ deviceSize, unit, shape }: Session, { buckets, strips, chunk }: Interleave): void {
  const most = shape.entry.file.interleaved?.strips.capacity
  if (most === undefined) throw refusal('unsupported', 'interleave', `files of layout ${shape.layout.id} have simple extents only`)
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MOST_BUCKETS)
    throw refusal('range', 'interleave.buckets', `1 to ${MOST_BUCKETS} buckets, not ${buckets}`, buckets)
  if (deviceSize / BigInt(buckets) < GIB)
    throw refusal('range', 'interleave.buckets', `a bucket has at least 1 GiB: the device is too small for ${buckets}`, buckets)
  if (!Number.isInteger(strips) || strips < 1 || strips > Math.min(buckets, most))
    throw refusal('range', 'interleave.strips', `1 to ${Math.min(buckets, most)} strips, not ${strips}`, strips)
  const isPower = Number.isInteger(chunk) && chunk > 0 && chunk <= MOST_CHUNK && Number.isInteger(Math.log2(chunk))
  if (!isPower || chunk % unit !== 0)
    throw refusal('range', 'interleave.chunk', `a power of two up to 2 GiB, a multiple of ${unit}, not ${chunk}`, chunk)
}

/** The buckets in the order in which they are tried. @throws WireError range for an order that is none */
function orderOf(session: Session, { buckets, order }: Interleave): readonly number[] {
  if (order === undefined) return Array.from({ length: buckets }, (_, i) => (session.bucket + i) % buckets)
  const sane = order.every(b => Number.isInteger(b) && b >= 0 && b < buckets) && new Set(order).size === order.length
  if (!sane) throw refusal('range', 'interleave.order', `different buckets from 0 to ${buckets - 1}`, order)
  return order
}

function interleaved(session: Session, size: bigint, interleave: Interleave): NewMap {
  const { buckets, strips, chunk } = interleave
  const row = BigInt(strips) * BigInt(chunk)
  const length = ((size + row - 1n) / row) * BigInt(chunk)
  const per = Math.floor(Number(session.deviceSize) / buckets / session.unit)
  const places: { readonly bucket: number; readonly first: number }[] = []
  for (const bucket of orderOf(session, interleave)) {
    const first =
      places.length < strips ? find(session, roundUp(length, BigInt(GRAIN)), { from: bucket * per, to: (bucket + 1) * per }) : undefined
    if (first !== undefined) places.push({ bucket, first })
  }
  const last = places.at(-1)
  if (places.length < strips || last === undefined)
    throw refusal('range', 'interleave', `only ${places.length} of ${buckets} buckets have ${length} bytes in a row, ${strips} are needed`)
  session.bucket = (last.bucket + 1) % buckets
  const group = places.map(({ first }) => take(session, first, length))
  return { ext_type: 'interleaved', extents: [{ nstrips: strips, chunk_size: chunk, nbytes: length * BigInt(strips), strips: group }] }
}

/**
 * A map for a new file, taken from what is free.
 * @throws WireError range when there is no room or the rules of interleaving are broken, unsupported for a layout without it
 */
export function allocate(session: Session, size: bigint, interleave?: Interleave): NewMap {
  if (size === 0n) throw refusal('range', 'size', 'a file of 0 bytes cannot be allocated', size)
  if (interleave !== undefined) checkInterleave(session, interleave)
  if (interleave !== undefined && size >= BigInt(interleave.chunk)) return interleaved(session, size, interleave)
  const map = contiguous(session, size, interleave === undefined ? session.position : 0)
  const [extent] = map.extents
  if (interleave === undefined && extent !== undefined && 'offset' in extent)
    session.position = Number((extent.offset + extent.len) / BigInt(session.unit))
  return map
}
