/**
 * The fast form of {@link resolve}: a prepared map, and look-ups in it that take numbers, answer with numbers and allocate nothing. For
 * maps and kernels whose every sum stays below 2^53, where numbers are exact; every device works.
 */
import type { MetaExtent } from '../validate/meta.ts'
import { machineOf, type VerdictOptions, X86_64 } from '../validate/options.ts'
import { outOfRange } from './errors.ts'
import type { FileMap, InterleavedMap, SimpleMap } from './map.ts'
import { type ResolvingDialect, type Rules, rulesOf } from './state.ts'
import { greatest, least } from './wide.ts'

/** What {@link lookUp} returns where the kernel divides by zero: no errno, since those are negative. */
export const DIVIDE_ERROR = 1

/**
 * A map laid out in typed arrays, and the result of the last look-up in it. A look-up writes `dev`, `addr` and `length`; read them before
 * the next one.
 */
export interface Prepared {
  /** slot of the device table; -1: none */
  dev: number
  /** first byte on the device */
  addr: number
  /** bytes from there on */
  length: number
  /** return code of the end case */
  readonly end: number
  /** by extent or group: the first byte of the file behind it */
  readonly ends: Float64Array
  /** first byte of the file behind all of them */
  readonly total: number
  /** slices of the file, all alike, for one byte of it */
  readonly slices: number
  /** by slice: the first extent or group that ends behind the start of the slice before; see `slicesOf` */
  readonly firstIn: Int32Array
  /** by group: bytes of a chunk; empty for simple extents */
  readonly chunks: Float64Array
  /** by group: its first strip, and one more for the end */
  readonly firsts: Int32Array
  /** by extent or strip: the device, or -1 for one beyond the table */
  readonly devs: Int32Array
  /** by extent or strip: its first byte on the device */
  readonly offsets: Float64Array
}

const LIMIT = 2 ** 53

/** Running sums as numbers; undefined where one reaches 2^53. */
function sums(sizes: readonly bigint[]): Float64Array | undefined {
  const ends = new Float64Array(sizes.length)
  let sum = 0
  for (let i = 0; i < sizes.length; i++) {
    sum += Number(sizes[i])
    if (!(sum < LIMIT)) return undefined
    ends[i] = sum
  }
  return ends
}

/** The pieces of a map; undefined where an address could reach 2^53. `reach` is how far behind its first byte a look-up can come. */
function layOut(pieces: readonly MetaExtent[], slots: number, reach: bigint): Pick<Prepared, 'devs' | 'offsets'> | undefined {
  if (pieces.some(piece => piece.offset + piece.len + reach >= BigInt(LIMIT))) return undefined
  return {
    devs: Int32Array.from(pieces, ({ dev_index }) => (dev_index < slots ? dev_index : -1)),
    offsets: Float64Array.from(pieces, ({ offset }) => Number(offset)),
  }
}

/** Slices for each extent or group: enough that most slices hold one border or none. */
const SLICES_EACH = 4
const MOST_SLICES = 1 << 17

/**
 * Where to start and end the search for a byte, by the slice of the file that it is in. The number of a slice is a rounded product and can be
 * wrong by one: what holds a byte of slice n stands between `firstIn[n]` and `firstIn[n + 3]`, both included.
 */
function slicesOf(ends: Float64Array): Pick<Prepared, 'total' | 'slices' | 'firstIn'> {
  const total = ends[ends.length - 1] ?? 0
  const count = Math.min(ends.length * SLICES_EACH, MOST_SLICES)
  const firstIn = new Int32Array(count + 4)
  let index = 0
  for (let slice = 0; slice < firstIn.length; slice++) {
    const start = ((slice - 1) * total) / count
    while (index < ends.length - 1 && (ends[index] as number) <= start) index++
    firstIn[slice] = index
  }
  return { total, slices: total === 0 ? 0 : count / total, firstIn }
}

interface Layout {
  readonly ends: Float64Array | undefined
  readonly chunks: readonly number[]
  readonly firsts: readonly number[]
  readonly pieces: Pick<Prepared, 'devs' | 'offsets'> | undefined
}

/** One place makes them all, and fractional at first, so that all have one shape and no look-up has to change it. */
function prepared({ end }: Rules, { ends, chunks, firsts, pieces }: Layout): Prepared | undefined {
  if (ends === undefined || pieces === undefined) return undefined
  const { devs, offsets } = pieces
  return {
    dev: -1,
    addr: Number.NaN,
    length: Number.NaN,
    end: -end || 0,
    ends,
    ...slicesOf(ends),
    chunks: Float64Array.from(chunks),
    firsts: Int32Array.from(firsts),
    devs,
    offsets,
  }
}

const prepareSimple = ({ extents }: SimpleMap, rules: Rules): Prepared | undefined =>
  prepared(rules, { ends: sums(extents.map(extent => extent.len)), chunks: [], firsts: [], pieces: layOut(extents, rules.slots, 0n) })

function prepareGroups(map: InterleavedMap, rules: Rules, chunkUnit: number): Prepared | undefined {
  const { file_size } = map
  const groups = rules.groups === 'smaller' ? map.extents : []
  const odd = groups.some(
    group => group.chunk_size >= LIMIT || Number(group.chunk_size) % chunkUnit !== 0 || group.strips.length === 0 || group.nbytes === 0n,
  )
  if (odd || rules.stripBound === true) return undefined
  const sizes = groups.map(group => least(group.nbytes, file_size))
  const largest = sizes.reduce(greatest, 0n)
  const firsts = [0]
  for (const group of groups) firsts.push((firsts[firsts.length - 1] as number) + group.strips.length)
  const strips = groups.flatMap(group => group.strips)
  return prepared(rules, {
    ends: sums(sizes),
    chunks: groups.map(group => Number(group.chunk_size)),
    firsts,
    pieces: layOut(strips, rules.slots, largest),
  })
}

/**
 * Lays a map out for {@link lookUp}.
 *
 * @param map a map, of which nothing is assumed
 * @param dialect a dialect or its id
 * @param options page and PMD size of that machine
 * @returns undefined where only {@link resolve} is exact: a sum or an address that can reach 2^53, a chunk size that the resolver itself
 * refuses, a group without strips or bytes, an interleaved map where kernels know none or end it at its strips, or the RFC, whose end case has
 * an address
 * @throws WireError code unsupported for a dialect without maps
 */
export function prepare(map: FileMap, dialect: ResolvingDialect, options: VerdictOptions = X86_64): Prepared | undefined {
  const rules = rulesOf(dialect)
  const machine = machineOf(options)
  if (rules.endAddress !== undefined) return undefined
  if (map.ext_type === 'simple') return prepareSimple(map, rules)
  if (rules.groups === undefined) return undefined
  return prepareGroups(map, rules, rules.chunkUnit === undefined ? 1 : rules.chunkUnit === 'page' ? machine.pageSize : machine.pmdSize)
}

function tooLarge(offset: number, length: number): never {
  throw outOfRange('offset', `look-ups take whole numbers from 0 to 2^53 - 1, not ${offset} and ${length}; resolve takes all others`)
}

function nothing(map: Prepared, code: number): number {
  map.dev = -1
  map.addr = 0
  map.length = 0
  return code
}

/**
 * One look-up: what {@link resolve} says with everything in order, as numbers. The result is in `dev`, `addr` and `length` of the prepared
 * map.
 *
 * @param map of {@link prepare}
 * @param offset first byte of the file, a whole number from 0 to 2^53 - 1
 * @param length bytes asked for, a whole number from 0 to 2^53 - 1
 * @returns 0, a negative errno, or {@link DIVIDE_ERROR}
 * @throws WireError code range for numbers that are not from 0 to 2^53 - 1
 */
export function lookUp(map: Prepared, offset: number, length: number): number {
  if (!(offset >= 0 && offset < 2 ** 53 && length >= 0 && length < 2 ** 53)) tooLarge(offset, length)
  if (offset >= map.total) return nothing(map, map.end)
  const { ends, chunks, firstIn } = map
  const slice = Math.floor(offset * map.slices)
  let index = firstIn[slice] as number
  let high = firstIn[slice + 3] as number
  while (index < high) {
    const middle = (index + high) >>> 1
    if (offset < (ends[middle] as number)) high = middle
    else index = middle + 1
  }
  const local = index === 0 ? offset : offset - (ends[index - 1] as number)
  let piece = index
  let addr = local
  let rest = (ends[index] as number) - offset
  if (chunks.length > 0) {
    const chunk = chunks[index] as number
    if (chunk === 0) return nothing(map, DIVIDE_ERROR)
    const first = map.firsts[index] as number
    const strips = (map.firsts[index + 1] as number) - first
    // quotients of whole numbers below 2^53 never round up to the next whole number
    const number = Math.floor(local / chunk)
    const row = Math.floor(number / strips)
    const within = local - number * chunk
    piece = first + number - row * strips
    addr = row * chunk + within
    rest = chunk - within
  }
  const dev = map.devs[piece] as number
  if (dev < 0) return nothing(map, map.end)
  map.dev = dev
  map.addr = (map.offsets[piece] as number) + addr
  map.length = Math.min(length, rest)
  return 0
}
