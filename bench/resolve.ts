/** The races of the resolver: one look-up in a prepared map, at offsets in random order, against code written for that very map. */
import { type FileMap, mapOf } from '../src/kernel/map.ts'
import { resolve } from '../src/kernel/resolve.ts'
import { lookUp, type Prepared, prepare } from '../src/kernel/resolve-fast.ts'
import { ownersOf, reverse } from '../src/kernel/reverse.ts'
import { interleavedMap, simpleMap } from './messages.ts'
import type { Race } from './race.ts'

const OFFSETS = 4096

/** Offsets all over the file, the same in every run of the program, and bytes asked for. */
function questions(map: FileMap): { readonly offsets: Float64Array; readonly lengths: Float64Array } {
  const size = Number(map.file_size)
  let seed = 1
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return seed / 2 ** 32
  }
  return {
    offsets: Float64Array.from({ length: OFFSETS }, () => Math.floor(random() * size)),
    lengths: Float64Array.from({ length: OFFSETS }, () => 2 ** Math.floor(random() * 24)),
  }
}

interface Spot {
  dev: number
  addr: number
  length: number
}

type ByHand = (offset: number, length: number) => number

/** One group: no search, its numbers in variables. */
function groupByHand(map: FileMap & { ext_type: 'interleaved' }, spot: Spot): ByHand {
  const group = map.extents[0]
  if (group === undefined) throw new Error('no group')
  const size = Math.min(Number(group.nbytes), Number(map.file_size))
  const chunk = Number(group.chunk_size)
  const strips = group.strips.length
  const devs = Int32Array.from(group.strips, strip => strip.dev_index)
  const starts = Float64Array.from(group.strips, strip => Number(strip.offset))
  return (offset, length) => {
    if (offset >= size) {
      spot.dev = -1
      spot.addr = 0
      spot.length = 0
      return -5
    }
    const number = Math.floor(offset / chunk)
    const row = Math.floor(number / strips)
    const strip = number - row * strips
    const within = offset - number * chunk
    const rest = chunk - within
    spot.dev = devs[strip] as number
    spot.addr = (starts[strip] as number) + row * chunk + within
    spot.length = Math.min(length, rest)
    return 0
  }
}

/** Extent after extent, as the kernel does it. */
function extentsByHand(map: FileMap & { ext_type: 'simple' }, spot: Spot): ByHand {
  const count = map.extents.length
  const devs = Int32Array.from(map.extents, extent => extent.dev_index)
  const starts = Float64Array.from(map.extents, extent => Number(extent.offset))
  const sizes = Float64Array.from(map.extents, extent => Number(extent.len))
  return (offset, length) => {
    let local = offset
    for (let i = 0; i < count; i++) {
      const size = sizes[i] as number
      if (local < size) {
        const rest = size - local
        spot.dev = devs[i] as number
        spot.addr = (starts[i] as number) + local
        spot.length = Math.min(length, rest)
        return 0
      }
      local -= size
    }
    spot.dev = -1
    spot.addr = 0
    spot.length = 0
    return -5
  }
}

/** The same by bisection of the running sums. */
function bisectionByHand(map: FileMap & { ext_type: 'simple' }, spot: Spot): ByHand {
  const count = map.extents.length
  const devs = Int32Array.from(map.extents, extent => extent.dev_index)
  const starts = Float64Array.from(map.extents, extent => Number(extent.offset))
  const ends = new Float64Array(count + 1)
  map.extents.forEach((extent, i) => {
    ends[i + 1] = (ends[i] as number) + Number(extent.len)
  })
  return (offset, length) => {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (offset < (ends[middle + 1] as number)) high = middle
      else low = middle + 1
    }
    if (low === count) {
      spot.dev = -1
      spot.addr = 0
      spot.length = 0
      return -5
    }
    const rest = (ends[low + 1] as number) - offset
    spot.dev = devs[low] as number
    spot.addr = (starts[low] as number) + offset - (ends[low] as number)
    spot.length = Math.min(length, rest)
    return 0
  }
}

/** Each contender takes the next question; what it answers goes to a sum, so that it is not optimized away. */
function race(name: string, map: FileMap, byHand: Readonly<Record<string, (spot: Spot) => ByHand>>): Race {
  const { offsets, lengths } = questions(map)
  const prepared = prepare(map, 'fuse-push-il') as Prepared
  const hands = Object.entries(byHand).map(([hand, make]) => {
    const spot: Spot = { dev: 0, addr: 0.5, length: 0.5 }
    return { hand, spot, find: make(spot) }
  })
  let at = 0
  const runs: Record<string, () => unknown> = {
    lookUp: () => {
      at = (at + 1) & (OFFSETS - 1)
      return lookUp(prepared, offsets[at] as number, lengths[at] as number)
    },
    resolve: () => {
      at = (at + 1) & (OFFSETS - 1)
      return resolve(map, BigInt(offsets[at] as number), BigInt(lengths[at] as number), 'fuse-push-il')
    },
  }
  for (const { hand, find } of hands) {
    let i = 0
    runs[hand] = () => {
      i = (i + 1) & (OFFSETS - 1)
      return find(offsets[i] as number, lengths[i] as number)
    }
  }
  return {
    name,
    runs,
    ours: 'lookUp',
    ratios: { limit: ['lookUp', hands.map(({ hand }) => hand)] },
    check() {
      for (const i of offsets.keys()) {
        const offset = offsets[i] as number
        const length = lengths[i] as number
        const exact = resolve(map, BigInt(offset), BigInt(length), 'fuse-push-il')
        const wanted = 'addr' in exact ? [exact.rc, exact.dev, exact.addr, exact.length] : []
        const answers = [
          [lookUp(prepared, offset, length), prepared],
          ...hands.map(({ find, spot }) => [find(offset, length), spot] as const),
        ] as const
        for (const [rc, { dev, addr, length: bytes }] of answers)
          if ([rc, dev, BigInt(addr), BigInt(bytes)].some((value, k) => value !== wanted[k])) throw new Error(`${name} at ${offset}`)
      }
    },
  }
}

const simple = (count: number): FileMap & { ext_type: 'simple' } => mapOf(simpleMap(count).value) as FileMap & { ext_type: 'simple' }
const interleaved = (strips: number): FileMap & { ext_type: 'interleaved' } => {
  const map = mapOf(interleavedMap(strips).value) as FileMap & { ext_type: 'interleaved' }
  const chunk = 0x200000
  const nbytes = BigInt(strips) * BigInt(chunk) * 64n
  const strip = (i: number) => ({ dev_index: i, offset: BigInt(i) * 2n ** 34n, len: BigInt(chunk) * 64n })
  const strips_ = Array.from({ length: strips }, (_, i) => strip(i))
  return { ...map, file_size: nbytes, extents: [{ nstrips: strips, chunk_size: chunk, nbytes, strips: strips_ }] }
}

const FILES = 100_000
const FILE = 0x600000n

/** As many files as a large file system has, each in two pieces, all over eight devices; asked for addresses in random order. */
function ownersRace(): Race {
  const place = (i: number): bigint => BigInt(i) * 2n * FILE
  const files = Array.from({ length: FILES }, (_, i): readonly [number, FileMap] => {
    const half = { dev_index: i % 8, len: FILE / 2n }
    const extents = [
      { ...half, offset: place(i) },
      { ...half, offset: place(i) + FILE },
    ]
    return [i, { ext_type: 'simple', file_size: FILE, extents }]
  })
  const index = reverse(files)
  const asked = Array.from({ length: OFFSETS }, (_, k) => (k * 48271) % FILES)
  const addresses = asked.map(i => place(i) + FILE + 4096n)
  let at = 0
  return {
    name: `the owner of an address, ${FILES} files`,
    runs: {
      ownersOf: () => {
        at = (at + 1) & (OFFSETS - 1)
        return ownersOf(index, (asked[at] as number) % 8, addresses[at] as bigint)
      },
    },
    ours: 'ownersOf',
    ratios: {},
    check() {
      for (const [k, i] of asked.entries()) {
        const [owner, ...others] = ownersOf(index, i % 8, addresses[k] as bigint)
        if (owner?.file !== i || owner.offset !== FILE / 2n + 4096n || others.length > 0) throw new Error(`wrong owner of file ${i}`)
      }
    },
  }
}

export const races: readonly Race[] = [
  ownersRace(),
  ...[1, 32].map(count =>
    race(`resolve in ${count} simple ${count === 1 ? 'extent' : 'extents'}`, simple(count), {
      'by hand, walking': spot => extentsByHand(simple(count), spot),
      'by hand, bisecting': spot => bisectionByHand(simple(count), spot),
    }),
  ),
  ...[2, 8].map(strips =>
    race(`resolve in ${strips} strips`, interleaved(strips), { 'by hand': spot => groupByHand(interleaved(strips), spot) }),
  ),
]
