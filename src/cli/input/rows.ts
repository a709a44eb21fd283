/** Rows of a dump, put together: addresses that go on, rows that `*` stands for, several dumps one after the other. */
import { type Piece, type Place, TextMistake } from './reading.ts'
import { MOST_BYTES, type Sink, sink } from './sink.ts'

export interface Rows {
  /** where the bytes of the rows go; between `open` and the next row those of this one */
  readonly into: Sink
  /**
   * A row begins.
   * @param address undefined where the dump has none
   * @throws TextMistake when it is not the address that follows
   */
  open(address: bigint | undefined, place: Place): void
  /** Rows like the last one follow, as many as the next address tells. */
  star(): void
  /**
   * The end of a dump, where its text says so.
   * @param address the length of the dump, counted from its first address: the last word may be filled up with zeros
   */
  close(address: bigint, place: Place): void
  /** @throws TextMistake when there is no row at all */
  pieces(): Piece[]
}

/** What an address means that does not follow: another message, or a mistake. */
export type Gap = 'another' | 'mistake'

export const full = (place: Place): TextMistake => new TextMistake(place, `more than ${MOST_BYTES} bytes`)

/**
 * @param radix in which addresses are written, for messages
 */
export function rows(gap: Gap, radix = 16): Rows {
  const into = sink()
  const done: Piece[] = []
  let first: bigint | undefined
  let rowStart = 0
  let starred = false
  const finish = (): void => {
    if (into.length > 0) done.push({ bytes: into.take() })
    first = undefined
    rowStart = 0
    starred = false
  }
  const repeat = (expected: bigint, address: bigint, place: Place): void => {
    const length = into.length - rowStart
    const more = address - expected
    if (more < 0n || length === 0) throw new TextMistake(place, `after * an address of ${expected.toString(radix)} or more was expected`)
    if (more > BigInt(MOST_BYTES)) throw full(place)
    const [times, rest] = [Math.floor(Number(more) / length), Number(more) % length]
    if (!into.repeat(rowStart, length, times) || !into.repeat(rowStart, rest, 1)) throw full(place)
  }
  const open = (address: bigint | undefined, place: Place): void => {
    if (address !== undefined && first !== undefined) {
      const expected = first + BigInt(into.length)
      if (starred) repeat(expected, address, place)
      else if (address !== expected) {
        if (gap === 'mistake' && address !== first && address !== 0n)
          throw new TextMistake(place, `expected address ${expected.toString(radix)}, found ${address.toString(radix)}`)
        finish()
      }
    }
    starred = false
    if (address !== undefined) first ??= address
    rowStart = into.length
  }
  return {
    into,
    open,
    star() {
      starred = true
    },
    close(address, place) {
      const length = first === undefined ? -1 : Number(address - first)
      if (length > rowStart && length < into.length && filled(into, length)) into.cut(length)
      else open(address, place)
      finish()
    },
    pieces() {
      finish()
      return done
    },
  }
}

/** Whether all bytes from `to` on are zero. */
function filled(into: Sink, to: number): boolean {
  for (let i = to; i < into.length; i++) if (into.at(i) !== 0) return false
  return true
}
