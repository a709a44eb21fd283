/** Mutations of sizes and of what they add up to. */

import { total } from '../lengths.ts'
import { all, beside, first, type GroupPlaces, groupsOf, type Message, named, valueAt } from '../message.ts'
import { pick, type Random } from '../random.ts'
import { type Mutant, type Mutation, patch, setOne, TWO_63, TWO_64 } from './mutation.ts'

const covered = (message: Message): bigint => total(all(message, 'se_len'))
const TOO_LITTLE = ['lengthsCoverFile', 'stripsCoverFileSigned', 'nbytesCoverFile'] as const

/** Bytes of a group that end in the strip of that number, of as many as the group has. facts: wire 4.3 I9 */
function neededBy(strip: bigint, message: Message, group: GroupPlaces): bigint {
  const [nbytes, chunk] = [valueAt(message, group.nbytes), valueAt(message, group.chunk)]
  const strips = BigInt(group.lengths.length)
  if (nbytes === 0n || chunk === 0n) return 0n
  const chunks = (nbytes + chunk - 1n) / chunk
  if (strip >= chunks) return 0n
  const rows = (chunks - strip + strips - 1n) / strips
  const lastOfAll = (rows - 1n) * strips + strip === chunks - 1n
  return (rows - 1n) * chunk + (lastOfAll ? ((nbytes - 1n) % chunk) + 1n : chunk)
}

/** A strip becomes so short that it lacks the end of its last chunk, and stays aligned. */
function shortStrip(message: Message, random: Random): Mutant | undefined {
  const group = pick(random, groupsOf(message))
  const strip = group?.lengths[0]
  if (group === undefined || strip === undefined) return undefined
  const needed = neededBy(0n, message, group)
  const unit = BigInt(message.target.unit)
  return needed === 0n ? undefined : patch(message, [[strip, ((needed - 1n) / unit) * unit]])
}

function longStrip(message: Message, random: Random): Mutant | undefined {
  const strip = pick(
    random,
    groupsOf(message)
      .filter(group => group.lengths.length > 1)
      .flatMap(group => group.lengths),
  )
  if (strip === undefined) return undefined
  const unit = BigInt(message.target.unit)
  return patch(message, [[strip, valueAt(message, strip) + unit * (pick(random, [1n, 2n, 16n]) ?? 1n)]])
}

/** One byte more than all strips of the group hold. */
function nbytesBeyondStrips(message: Message, random: Random): Mutant | undefined {
  const group = pick(random, groupsOf(message))
  if (group === undefined || group.lengths.length === 0) return undefined
  return patch(message, [[group.nbytes, total(group.lengths.map(place => valueAt(message, place))) + 1n]])
}

/** The groups hold one byte less than the file has. */
function nbytesBelowFile(message: Message): Mutant | undefined {
  const excess = total(all(message, 'ie_nbytes')) - (first(message, 'file_size') ?? 0n)
  const large = named(message, 'ie_nbytes').find(place => valueAt(message, place) > excess + 1n)
  if (large === undefined || excess < 0n) return undefined
  return patch(message, [[large, valueAt(message, large) - excess - 1n]])
}

/** Adds 2^63 to two of them: each stays a u64, and the sum modulo 2^64 stays what it was. */
const wrapSum =
  (name: string) =>
  (message: Message, random: Random): Mutant | undefined => {
    const places = named(message, name).filter(place => valueAt(message, place) < TWO_63)
    if (places.length < 2) return undefined
    const from = Math.floor((random() / 0x1_0000_0000) * (places.length - 1))
    return patch(
      message,
      places.slice(from, from + 2).map(place => [place, valueAt(message, place) + TWO_63] as const),
    )
  }

export const sizeMutations = {
  'file-size-smaller': {
    category: 'file-size',
    title: 'file_size is smaller than before: the map holds more than the file',
    apply: setOne('file_size', (_, old) => [0n, 1n, old - 1n, old / 2n].filter(size => size < old)),
  },
  'file-size-beyond': {
    category: 'file-size',
    title: 'file_size is larger than what the map holds',
    refusedBy: TOO_LITTLE,
    apply: setOne('file_size', message => {
      const room = covered(message)
      const sizes = [room + 1n, room + BigInt(message.target.unit), 1n << 32n, (1n << 32n) + 1n, 1n << 53n, TWO_63 - 1n]
      return sizes.filter(size => size > room && size < TWO_63)
    }),
  },
  'file-size-negative': {
    category: 'file-size',
    title: 'file_size is negative as a signed number',
    refusedBy: ['fileSizeSigned', ...TOO_LITTLE],
    apply: setOne('file_size', ({ target: { unit } }) => [TWO_63, TWO_63 + 1n, TWO_64 - BigInt(unit), TWO_64 - 2n, TWO_64 - 1n]),
  },
  'length-zero': { category: 'zero-length', title: 'an extent or strip of no bytes', apply: setOne('se_len', () => [0]) },
  'length-huge': {
    category: 'wrap',
    title: 'the length of one extent is near 2^63 or 2^64',
    apply: setOne('se_len', ({ target }) => [TWO_63 - BigInt(target.unit), TWO_63, TWO_64 - BigInt(target.unit)]),
  },
  'wrap-end': {
    category: 'wrap',
    title: 'se_offset + se_len reaches 2^64',
    refusedBy: ['endFits'],
    apply(message, random) {
      const offset = pick(random, named(message, 'se_offset'))
      const length = offset && beside(message, offset, 'se_len')
      if (offset === undefined || length === undefined || valueAt(message, length) === 0n) return undefined
      const highest = TWO_64 - valueAt(message, length)
      return patch(message, [[offset, pick(random, [highest, TWO_64 - BigInt(message.target.unit)]) ?? highest]])
    },
  },
  'wrap-sum': {
    category: 'wrap',
    title: 'the sum of lengths passes 2^64, and is the same modulo 2^64',
    refusedBy: ['totalFits'],
    apply: wrapSum('se_len'),
  },
  'wrap-nbytes': {
    category: 'wrap',
    title: 'the sum of ie_nbytes passes 2^64, and is the same modulo 2^64',
    refusedBy: ['nbytesSigned'],
    apply: wrapSum('ie_nbytes'),
  },
  'nbytes-zero': {
    category: 'strip-coverage',
    title: 'a group of no bytes',
    refusedBy: ['nbytesNotZero'],
    apply: setOne('ie_nbytes', () => [0]),
  },
  'nbytes-huge': {
    category: 'strip-coverage',
    title: 'ie_nbytes is negative as a signed number',
    refusedBy: ['nbytesSigned'],
    apply: setOne('ie_nbytes', () => [TWO_63, TWO_63 + 1n, TWO_64 - 1n]),
  },
  'nbytes-beyond-strips': {
    category: 'strip-coverage',
    title: 'a group says that it holds one byte more than its strips have',
    refusedBy: ['stripsLongEnough'],
    apply: nbytesBeyondStrips,
  },
  'nbytes-below-file': {
    category: 'strip-coverage',
    title: 'the groups say that they hold one byte less than the file has',
    refusedBy: ['nbytesCoverFile'],
    apply: nbytesBelowFile,
  },
  'strip-short': {
    category: 'strip-coverage',
    title: 'a strip ends inside its last chunk',
    refusedBy: ['stripsLongEnough'],
    apply: shortStrip,
  },
  'strip-long': { category: 'strip-coverage', title: 'one strip is longer than the others of its group', apply: longStrip },
} as const satisfies Readonly<Record<string, Mutation>>
