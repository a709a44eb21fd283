/** One text, several ways to read it: that which fits is right, and where two fit and differ nothing is. */
import { type Piece, TextMistake } from './reading.ts'

/** A way to read a text, with the words for it. */
export interface Way {
  readonly taken: string
  /** what to give --format for just this way */
  readonly id: string
  /** @throws TextMistake where the text does not bear it out */
  read(): Piece[]
}

export interface Taken {
  readonly taken: string
  readonly pieces: Piece[]
}

interface Outcome extends Taken {
  readonly id: string
}

const lineOf = ({ place }: TextMistake): number => ('line' in place ? place.line : place.offset)

const same = (a: readonly Piece[], b: readonly Piece[]): boolean =>
  a.length === b.length && a.every((piece, i) => Buffer.compare(piece.bytes, (b[i] as Piece).bytes) === 0)

/**
 * The way that fits.
 * @param asked id of the way that the person asked for; others are not tried then
 * @throws TextMistake the one that comes last in the text where none fits; where two fit that give different bytes, one that names both
 */
export function only(all: readonly Way[], asked?: string): Taken {
  const named = all.filter(way => way.id === asked)
  const ways = named.length > 0 ? named : all
  const fitting: Outcome[] = []
  let worst: TextMistake | undefined
  for (const { taken, id, read } of ways) {
    try {
      fitting.push({ taken, id, pieces: read() })
    } catch (error) {
      if (!(error instanceof TextMistake)) throw error
      if (worst === undefined || lineOf(error) > lineOf(worst)) worst = error
    }
  }
  const [first, ...others] = fitting
  if (first === undefined) throw worst ?? new TextMistake({ offset: 0 }, 'no way to read it')
  const other = others.find(way => !same(way.pieces, first.pieces))
  if (other === undefined) return first
  throw new TextMistake(
    { offset: 0 },
    `two ways to read it, with different bytes: as ${first.taken} (--format ${first.id}) or as ${other.taken} (--format ${other.id})`,
    { unreadable: true },
  )
}

/**
 * The first way that fits, for ways that come in the order of how likely they are.
 * @throws TextMistake of the first one where none fits
 */
export function firstOf(ways: readonly [Way, ...Way[]], asked?: string): Taken {
  const fits = (way: Way): boolean => {
    try {
      way.read()
      return true
    } catch (error) {
      if (error instanceof TextMistake) return false
      throw error
    }
  }
  const [first, ...others] = ways
  return only([ways.find(way => way.id === asked) ?? (fits(first) ? first : (others.find(fits) ?? first))])
}
