/** Mutations of the bytes as such: cut, longer, flipped, spliced, random. */

import type { Dialect } from '../../schema/dialect.ts'
import { fmapBytes } from '../fmap.ts'
import { generateFor } from '../generate.ts'
import type { Message } from '../message.ts'
import { below, between, pick, type Random, randomBytes } from '../random.ts'
import type { Apply, Mutant, Mutation } from './mutation.ts'

/** The field that holds a byte; empty where there is none. */
const pathAt = (message: Message, at: number): string =>
  message.places.find(({ offset, length }) => offset <= at && at < offset + length)?.path ?? ''

function cutTo(message: Message, length: number): Mutant | undefined {
  if (length < 0 || length >= message.bytes.length) return undefined
  const note = `first ${length} of ${message.bytes.length} bytes`
  return { note, bytes: message.bytes.slice(0, length), touched: [{ path: pathAt(message, length), offset: length, length: 0 }] }
}

function appended(message: Message, tail: Uint8Array, note: string): Mutant {
  const bytes = new Uint8Array(message.bytes.length + tail.length)
  bytes.set(message.bytes)
  bytes.set(tail, message.bytes.length)
  return { note, bytes, touched: [{ path: 'trailing', offset: message.bytes.length, length: tail.length }] }
}

const TAILS = [1, 2, 7, 8, 23, 24, 25, 48, 4096] as const

function append(message: Message, random: Random): Mutant {
  const length = pick(random, TAILS) ?? 1
  const fill = pick(random, ['zero', 'random', '0xff'] as const) ?? 'zero'
  const tail = fill === 'random' ? randomBytes(random, length) : new Uint8Array(length).fill(fill === 'zero' ? 0 : 0xff)
  return appended(message, tail, `${length} trailing bytes (${fill})`)
}

const fill = (message: Message, length: number): Mutant =>
  appended(message, new Uint8Array(length - message.bytes.length), `padded with zeros to ${length} bytes`)

function flip(message: Message, random: Random): Mutant | undefined {
  if (message.bytes.length === 0) return undefined
  const wanted = pick(random, [1, 1, 1, 2, 3, 8]) ?? 1
  const bits = new Set(Array.from({ length: wanted }, () => below(random, message.bytes.length * 8)))
  const bytes = message.bytes.slice()
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  const at = [...new Set([...bits].map(bit => bit >> 3))]
  const touched = at.map(offset => ({ path: pathAt(message, offset), offset, length: 1 }))
  return { note: `bits flipped: ${[...bits].join(',')}`, bytes, touched }
}

/** The beginning of this map and the end of another one. */
function splice(message: Message, random: Random): Mutant {
  const { target } = message
  const other = fmapBytes(target.dialect, generateFor(target, random, { most: 512 }))
  const [cut, from] = [below(random, message.bytes.length + 1), below(random, other.length)]
  const note = `first ${cut} of ${message.bytes.length} bytes, then from byte ${from} on of another map`
  const head = { ...message, bytes: message.bytes.subarray(0, cut) }
  return {
    ...appended(head, other.subarray(from), note),
    touched: [{ path: pathAt(message, cut), offset: cut, length: other.length - from }],
  }
}

/** Mostly short, now and then a page. */
const randomLength = (random: Random, header: number): number =>
  pick(random, [below(random, header), between(random, header, 128), between(random, 128, 1024), 4096]) ?? 0

const headerOf = ({ target: { layout } }: Message): number => layout.header.size

function noise(message: Message, random: Random): Mutant {
  const length = randomLength(random, headerOf(message))
  return { note: `${length} random bytes`, bytes: randomBytes(random, length), touched: [{ path: '', offset: 0, length }] }
}

/** A header that passes, and anything behind it: reaches the loops that plain noise never sees. */
function noiseBehindHeader(message: Message, random: Random): Mutant | undefined {
  const header = headerOf(message)
  if (message.bytes.length < header) return undefined
  const length = between(random, 0, Math.max(message.target.layout.extent.size, message.bytes.length - header))
  const head = { ...message, bytes: message.bytes.subarray(0, header) }
  return appended(head, randomBytes(random, length), `header, then ${length} random bytes`)
}

const u32 = (value: number): number[] => [0, 8, 16, 24].map(shift => (value >>> shift) & 0xff)

/** What a server answers whose map does not fit: around the sizes that the kernel comes back with. facts: wire 2.2 */
const probes: { readonly [K in Dialect['sizeProbe']]: Apply } = {
  none: () => undefined,
  hint({ target: { dialect } }, random) {
    const { least = 0, most = 0, buffer = 0 } = dialect.reply.GET_FMAP ?? {}
    const size = pick(random, [0, least - 1, least, buffer, buffer + 1, most, most + 1, 0xffffffff]) ?? 0
    return { note: `${size} in 4 bytes`, bytes: Uint8Array.from(u32(size)), touched: [{ path: 'size', offset: 0, length: 4 }] }
  },
  header(message, random) {
    const { most = 0, buffer = 0 } = message.target.dialect.reply.GET_FMAP ?? {}
    const place = message.places.find(p => p.name === 'fmap_size')
    if (place === undefined) return undefined
    const header = headerOf(message)
    const size = pick(random, [header, buffer, buffer + 1, 2 * buffer, most, most + 1, 0xffffffff]) ?? 0
    const head = message.bytes.slice(0, header)
    const { path, offset, length } = place
    head.set(u32(size), offset)
    return { note: `header alone, fmap_size=${size}`, bytes: head, touched: [{ path, offset, length }] }
  },
}

export const shapeMutations = {
  'cut-header': {
    category: 'truncated',
    title: 'the bytes end inside the header',
    refusedBy: ['headerFits', 'envelopeFits'],
    apply: (message, random) => cutTo(message, below(random, headerOf(message))),
  },
  'cut-tail': {
    category: 'truncated',
    title: 'the bytes end inside the last extent',
    refusedBy: ['listFits', 'stripsFit', 'extentFits'],
    apply: (message, random) => cutTo(message, message.bytes.length - between(random, 1, message.target.layout.extent.size - 1)),
  },
  'cut-anywhere': {
    category: 'truncated',
    title: 'the bytes end somewhere',
    apply: (message, random) => cutTo(message, below(random, message.bytes.length)),
  },
  'size-probe': {
    category: 'size-probe',
    title: 'no map, but the size that it needs: a header alone (push dialects), or 4 bytes (fuse-v2)',
    refusedBy: ['headerFits', 'listFits', 'groupFits'],
    apply: (message, random) => probes[message.target.dialect.sizeProbe](message, random),
  },
  append: { category: 'trailing', title: 'bytes after the last extent', apply: append },
  'pad-to-page': {
    category: 'trailing',
    title: 'zeros up to the 4,096 bytes that fuse-v1 wants',
    apply: message => (message.bytes.length < 4096 ? fill(message, 4096) : undefined),
  },
  'bit-flip': { category: 'bit-flip', title: 'one to eight bits are the other way round', apply: flip },
  splice: { category: 'splice', title: 'two maps, joined anywhere', apply: splice },
  noise: { category: 'random', title: 'random bytes', apply: noise },
  'noise-behind-header': { category: 'random', title: 'random bytes behind the header of a map', apply: noiseBehindHeader },
} as const satisfies Readonly<Record<string, Mutation>>
