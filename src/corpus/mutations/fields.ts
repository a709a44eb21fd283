/** Mutations of fields that stand for themselves: type, version, device, alignment, reserved words. */
import { first, type Message, named } from '../message.ts'
import { pick, type Random } from '../random.ts'
import { type Mutant, type Mutation, patch, setOne } from './mutation.ts'

/** Distances that are no multiple of the unit. */
const offGrid = ({ target: { unit } }: Message): number[] => [1, 8, 511, 512, 4096, unit / 2, unit - 1].filter(d => d % unit !== 0)

const oddChunks = ({ target: { chunks, machine } }: Message): number[] => {
  const { pageSize, pmdSize } = machine
  return [1, 2, 512, pageSize - 1, pageSize, pageSize + 1, pmdSize - 1, pmdSize + 1, pmdSize + pageSize, 0xffffffff].filter(
    size => size % pmdSize !== 0 && !chunks.includes(size),
  )
}

const chunkMultiples = ({ target: { chunks, machine } }: Message): number[] =>
  [2, 3, 4, 1024].map(times => times * machine.pmdSize).filter(size => size <= 0xffffffff && !chunks.includes(size))

const reservedPlaces = (message: Message) => message.places.filter(place => place.reserved)
const nonZero = (random: Random, length: number): bigint => {
  const bits = BigInt(8 * length)
  return pick(random, [1n, 1n << (bits - 1n), (1n << bits) - 1n, BigInt.asUintN(8 * length, 0x0123456789abcdefn)]) ?? 1n
}

function oneReserved(message: Message, random: Random): Mutant | undefined {
  const place = pick(random, reservedPlaces(message))
  return place === undefined ? undefined : patch(message, [[place, nonZero(random, place.length)]])
}

function allReserved(message: Message, random: Random): Mutant | undefined {
  const writes = reservedPlaces(message).map(place => [place, nonZero(random, place.length)] as const)
  return patch(message, writes, 'all reserved fields set')
}

export const fieldMutations = {
  version: {
    category: 'version',
    title: 'fmap_version is not 1',
    apply: setOne('fmap_version', () => [0, 2, 3, 77, 0x100, 0x7fff, 0x8000, 0xffff]),
  },
  'file-type': {
    category: 'file-type',
    title: 'file_type is none of the three known ones',
    apply: setOne('file_type', () => [3, 4, 127, 128, 255]),
  },
  'ext-type-unknown': {
    category: 'ext-type',
    title: 'ext_type is neither simple nor interleaved',
    refusedBy: ['extTypeOneOf'],
    apply: setOne('ext_type', () => [2, 3, 255, 256, 0x10000, 0x1000000, 0x7fffffff, 0x80000000, 0xffffffff]),
  },
  'ext-type-other': {
    category: 'ext-type',
    title: 'ext_type names the other layout',
    apply: setOne('ext_type', (_, old) => (old <= 1n ? [1n - old] : [])),
  },
  'dev-index': {
    category: 'dev-index',
    title: 'a device index above the highest that the dialect takes',
    refusedBy: ['devIndexAtMost'],
    apply: setOne('se_devindex', ({ target: { dialect } }) => {
      const highest = dialect.limits.devIndex
      return [highest + 1, 1, 23, 24, 31, 32, 63, 64, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff].filter(index => index > highest)
    }),
  },
  'offset-unaligned': {
    category: 'alignment',
    title: 'se_offset is no multiple of the unit',
    refusedBy: ['offsetAligned'],
    apply: setOne('se_offset', (message, old) => offGrid(message).map(d => old + BigInt(d))),
  },
  'length-unaligned': {
    category: 'alignment',
    title: 'se_len is no multiple of the unit',
    refusedBy: ['lengthAligned'],
    apply: setOne('se_len', (message, old) => offGrid(message).map(d => old + BigInt(d))),
  },
  'chunk-odd': {
    category: 'alignment',
    title: 'ie_chunk_size is neither a multiple of the PMD size nor a size that the dialect names',
    refusedBy: ['chunkAligned', 'chunkOneOf'],
    apply: setOne('ie_chunk_size', oddChunks),
  },
  'chunk-zero': {
    category: 'alignment',
    title: 'ie_chunk_size is 0: kernels without a check divide by it later',
    refusedBy: ['chunkOneOf', 'chunkNotZero'],
    apply: setOne('ie_chunk_size', () => [0]),
  },
  'chunk-multiple': {
    category: 'alignment',
    title: 'ie_chunk_size is a multiple of the PMD size that is not one of the usual ones',
    refusedBy: ['chunkOneOf'],
    apply: setOne('ie_chunk_size', chunkMultiples),
  },
  'reserved-one': { category: 'reserved', title: 'one reserved field is not 0', apply: oneReserved },
  'reserved-all': { category: 'reserved', title: 'no reserved field is 0', apply: allReserved },
  'length-word': {
    category: 'reserved',
    title: 'fmap_size is not the length of the map (push dialects): smaller, larger, beyond the buffer, beyond what the kernel takes',
    apply: setOne('fmap_size', ({ bytes: { length } }) => [0, length - 1, length + 1, 4096, 4097, 16777216, 16777217, 0xffffffff]),
  },
  'room-small': {
    category: 'room',
    title: 'meta_size is less than what the kernel needs to keep the map (BPF)',
    refusedBy: ['metaHolds'],
    apply: setOne('meta_size', (_, old) => [0n, 7n, 8n, old - 1n, old - 8n, old - 24n].filter(size => size >= 0n && size < old)),
  },
  'room-spare': {
    category: 'room',
    title: 'meta_size is more than the kernel needs, and no more than it gives (BPF)',
    apply: setOne('meta_size', (_, old) => [old + 1n, old + 24n, 65535n, 65536n].filter(size => size > old && size <= 65536n)),
  },
  'room-large': {
    category: 'room',
    title: 'meta_size is more than a kernel ever gives (BPF)',
    refusedBy: ['metaAtMost'],
    apply: setOne('meta_size', () => [65537, 0x10008, 0x7fffffff, 0x80000000, 0xffffffff]),
  },
  overlap: {
    category: 'overlap',
    title: 'two extents lie on the same bytes of a device',
    apply(message, random) {
      const [devices, offsets] = [named(message, 'se_devindex'), named(message, 'se_offset')]
      if (offsets.length < 2 || devices.length !== offsets.length) return undefined
      const to =
        pick(
          random,
          offsets.slice(1).map((_, i) => i + 1),
        ) ?? 1
      const [device, offset] = [devices[to], offsets[to]]
      if (device === undefined || offset === undefined) return undefined
      return patch(message, [
        [device, first(message, 'se_devindex') ?? 0n],
        [offset, first(message, 'se_offset') ?? 0n],
      ])
    },
  },
} as const satisfies Readonly<Record<string, Mutation>>
