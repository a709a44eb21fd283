/** A map for a new file: legal in its dialect, or a refusal that says what stands in the way. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import type { MetaExtent } from '../validate/meta.ts'
import { dialectOf, machineOf, type VerdictOptions, X86_64 } from '../validate/options.ts'
import { attempt, outOfRange, type Result, unsupported } from './errors.ts'
import { type Free, freeOf, leftIn, type PlanDevice, take } from './free.ts'
import { legal } from './legal.ts'
import type { FileMap, InterleavedMap, SimpleMap } from './map.ts'
import { ceilDiv, greatest, least, roundUp } from './wide.ts'

export type { PlanDevice } from './free.ts'

/** The file to be planned for, and what there is for it. */
export interface PlanOptions extends VerdictOptions {
  /** bytes of the file, 0 to 2^63-1 */
  readonly size: bigint
  /** memory that may be used, in the order in which it should be; a device may be named more than once with different parts of it */
  readonly devices: readonly PlanDevice[]
  /** strips of an interleaved map, dealt out to the devices in turn; absent: simple extents */
  readonly strips?: number
  /** bytes of a chunk of an interleaved map; default the PMD size */
  readonly chunk?: number
  /** most bytes of a simple extent, rounded up to the alignment; default no limit. A power of two makes extents that are all alike */
  readonly extent?: bigint
  /** what offsets and lengths are multiples of; default the PMD size, which every dialect takes and large pages need */
  readonly align?: number
}

interface Job {
  readonly options: PlanOptions
  readonly dialect: Dialect
  readonly align: bigint
  readonly chunk: number
  readonly free: readonly Free[]
  /** free bytes in all, in whole units */
  readonly left: bigint
  /** extents that the dialect takes */
  readonly limit: number
}

const unitsIn = (free: readonly Free[], align: bigint): bigint => free.reduce((sum, part) => sum + leftIn(part, align), 0n)

const noRoom = ({ left, align }: Job, what: string): never => {
  throw unsupported('devices', `no room for ${what}: ${left} bytes are free, in units of ${align}`)
}

/** From part to part, as much as there is; undefined when that makes too many extents. */
function fill(parts: readonly Free[], total: bigint, most: bigint, { align, limit }: Job): MetaExtent[] | undefined {
  const extents: MetaExtent[] = []
  let missing = total
  for (const part of parts.map(each => ({ ...each })))
    while (missing > 0n && leftIn(part, align) > 0n) {
      const extent = take(part, least(least(missing, most), leftIn(part, align)))
      if (extents.push(extent) > limit) return undefined
      missing -= extent.len
    }
  return extents
}

const largestFirst =
  (align: bigint) =>
  (a: Free, b: Free): number =>
    leftIn(a, align) < leftIn(b, align) ? 1 : -1

/** In one piece where there is one, else in the order of the caller, else in as few pieces as the memory allows. */
function simpleExtents(job: Job): readonly MetaExtent[] {
  const { options, free, align, left, limit } = job
  // a map has an extent even where the file has no byte
  const total = greatest(roundUp(options.size, align), align)
  const most = options.extent === undefined ? total : greatest(roundUp(options.extent, align), align)
  if (total > left) return noRoom(job, `${total} bytes`)
  const whole = free.find(part => leftIn(part, align) >= total)
  const extents = fill(whole === undefined ? free : [whole], total, most, job) ?? fill(free.toSorted(largestFirst(align)), total, most, job)
  if (extents !== undefined) return extents
  throw unsupported(
    'devices',
    `${total} bytes in extents of at most ${most} bytes, and in free memory in pieces, need more than ${limit} extents`,
  )
}

/** More extents than any kernel can be sent. facts: wire 4.2 */
const MOST = 699_049

/** Strips of one length, each on the next device that has room for it. */
function stripsOf(job: Job, count: number): MetaExtent[] {
  const { options, free, align, chunk } = job
  const rows = ceilDiv(ceilDiv(options.size, BigInt(chunk)), BigInt(count))
  const len = roundUp(rows * BigInt(chunk), align)
  const strips: MetaExtent[] = []
  let at = 0
  for (let tried = 0; strips.length < count; at++) {
    const part = free[at % free.length]
    if (part !== undefined && leftIn(part, align) >= len) {
      strips.push(take(part, len))
      tried = 0
    } else if (++tried >= free.length) noRoom(job, `${count} strips of ${len} bytes`)
  }
  return strips
}

function interleavedMap(job: Job, count: number): InterleavedMap {
  const { options, dialect, chunk } = job
  const { strips: most } = dialect.limits
  if (most === undefined) throw unsupported('strips', `kernels of dialect ${dialect.id} take no interleaved maps`)
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw outOfRange('strips', `dialect ${dialect.id} takes 1 to ${most} strips, not ${count}`, count)
  if (options.size === 0n) throw unsupported('size', 'a group holds at least one byte; a file of 0 bytes can have simple extents')
  const strips = stripsOf(job, count)
  const group = { nstrips: count, chunk_size: chunk, nbytes: options.size, strips }
  return { ext_type: 'interleaved', file_size: options.size, extents: [group] }
}

function checkedJob(options: PlanOptions, dialect: Dialect): Job {
  const { pageSize, pmdSize } = machineOf(machineIn(options))
  const { size, align = pmdSize, chunk = pmdSize } = options
  if (size < 0n || size >= 1n << 63n) throw outOfRange('size', `a file has 0 to 2^63-1 bytes, not ${size}`, size)
  if (!Number.isInteger(align) || align < pageSize || align % pageSize !== 0)
    throw outOfRange('align', `a multiple of the page size ${pageSize}, not ${align}`, align)
  if (!Number.isInteger(chunk) || chunk < pageSize || chunk > 0xffffffff || chunk % pageSize !== 0)
    throw outOfRange('chunk', `a multiple of the page size ${pageSize} below 2^32, not ${chunk}`, chunk)
  const unknown = options.devices.find(({ dev_index }) => dev_index > dialect.limits.devIndex)
  if (unknown !== undefined)
    throw unsupported('devices', `dialect ${dialect.id} takes device indices up to ${dialect.limits.devIndex}, not ${unknown.dev_index}`)
  const free = freeOf(options.devices, BigInt(align))
  const limit = dialect.limits.extents ?? MOST
  return { options, dialect, align: BigInt(align), chunk, free, left: unitsIn(free, BigInt(align)), limit }
}

const machineIn = ({ pageSize = X86_64.pageSize, pmdSize = X86_64.pmdSize, kmallocMax = X86_64.kmallocMax }: PlanOptions) => ({
  pageSize,
  pmdSize,
  kmallocMax,
})

/**
 * A map for a file of that size on that memory, which kernels of the dialect take and resolve: no overlap, everything aligned, equal strips.
 * The memory is taken from the front; simple extents are as few as the free memory allows.
 *
 * ```ts
 * import { plan } from 'famfs-wire/kernel'
 *
 * plan({ size: 7n << 20n, devices: [{ dev_index: 0, start: 1n << 30n, size: 1n << 30n }], strips: 2 }, 'fuse-v10')
 * ```
 *
 * @throws WireError code range for options that make no sense anywhere; code unsupported where the dialect or the memory cannot do it,
 * saying why
 */
export function plan(options: PlanOptions, dialect: Dialect | DialectName): FileMap {
  const job = checkedJob(options, dialectOf(dialect, 'GET_FMAP'))
  const { size, strips } = options
  const simple = (): SimpleMap => ({ ext_type: 'simple', file_size: size, extents: simpleExtents(job) })
  return legal(strips === undefined ? simple() : interleavedMap(job, strips), dialect, machineIn(options))
}

/** {@link plan} without throwing: `{ ok: true, value }`, or `{ ok: false, error }` with the refusal. */
export const tryPlan = (options: PlanOptions, dialect: Dialect | DialectName): Result<FileMap> => attempt(() => plan(options, dialect))
