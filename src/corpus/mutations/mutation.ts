/** What a mutation is, and the ways to make one. */
import { type Message, named, type Place, type Touched, valueAt } from '../message.ts'
import { pick, type Random } from '../random.ts'

/** The classes of cases, named as in fixtures/kernel/fmap-verdicts.jsonl where that has them. */
export type Category =
  | 'alignment'
  | 'bit-flip'
  | 'dev-index'
  | 'ext-type'
  | 'file-size'
  | 'file-type'
  | 'nextents'
  | 'nstrips'
  | 'overlap'
  | 'pair-fail'
  | 'random'
  | 'reserved'
  | 'room'
  | 'single-fail'
  | 'size-probe'
  | 'splice'
  | 'strip-coverage'
  | 'trailing'
  | 'truncated'
  | 'uniform'
  | 'valid-interleaved'
  | 'valid-simple'
  | 'version'
  | 'wrap'
  | 'zero-length'

/** What a mutation made. */
export interface Mutant {
  /** what was done, for a person: `extents[0].se_offset=4096` */
  readonly note: string
  readonly bytes: Uint8Array
  /** the bytes to look at; offsets count from the first byte of the map */
  readonly touched: readonly Touched[]
}

/** Breaks one relation. Undefined: this message has nothing that it could break. */
export type Apply = (message: Message, random: Random) => Mutant | undefined

/** One way to break a map. */
export interface Mutation {
  readonly category: Category
  /** what it breaks, in a few words */
  readonly title: string
  /** Names of the check steps that refuse a legal map after this and nothing else. Absent: whether one does depends on the values. */
  readonly refusedBy?: readonly string[]
  readonly apply: Apply
}

export type Write = readonly [Place, bigint]

const byte = (value: bigint, i: number): number => Number((value >> BigInt(8 * i)) & 0xffn)

/** Writes numbers to their places. Undefined when that changes nothing. */
export function patch(message: Message, writes: readonly Write[], note?: string): Mutant | undefined {
  const changed = writes.filter(([place, value]) => valueAt(message, place) !== BigInt.asUintN(8 * place.length, value))
  if (changed.length === 0) return undefined
  const bytes = message.bytes.slice()
  for (const [{ offset, length }, value] of changed) for (let i = 0; i < length; i++) bytes[offset + i] = byte(value, i)
  const text = changed.map(([place, value]) => `${place.path}=${BigInt.asUintN(8 * place.length, value)}`).join(', ')
  return { note: note ?? text, bytes, touched: changed.map(([{ path, offset, length }]) => ({ path, offset, length })) }
}

/** New values for one field of that name, chosen at random; the message and the old value may decide which ones there are. */
export const setOne =
  (name: string, values: (message: Message, old: bigint, place: Place) => readonly (bigint | number)[]): Apply =>
  (message, random) => {
    const place = pick(random, named(message, name))
    if (place === undefined) return undefined
    const old = valueAt(message, place)
    const value = pick(
      random,
      values(message, old, place)
        .map(BigInt)
        .filter(v => v !== old && v >= 0n && v < 1n << BigInt(8 * place.length)),
    )
    return value === undefined ? undefined : patch(message, [[place, value]])
  }

/** Values around powers of two where 16-, 31-, 32-bit and multiplied counts go wrong. facts: wire 4, 4.3 I0 */
export const HUGE_COUNTS = [65535, 65536, 131072, 131073, 0x0aaaaaab, 0x7fffffff, 0x80000000, 0xffffffff] as const

export const TWO_63: bigint = 1n << 63n
export const TWO_64: bigint = 1n << 64n
