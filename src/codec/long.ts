/** Lists that are not kept: their elements are made again whenever they are asked for. */

/** The part of an array that a list without a memory can have. */
export interface List<T> extends Iterable<T> {
  readonly length: number
  /** the element; from the end where `index` is below 0 */
  at(index: number): T | undefined
  map<U>(make: (element: T, index: number) => U): List<U>
}

/** Elements that are made at a time. */
export const CHUNK = 256

/** A list whose elements from `from` up to `to`, at most {@link CHUNK} and none of another chunk, are what `between` makes. */
export function longList<T>(length: number, between: (from: number, to: number) => readonly T[]): List<T> {
  function* elements(): Generator<T> {
    for (let from = 0; from < length; from += CHUNK) yield* between(from, Math.min(length, from + CHUNK))
  }
  return {
    length,
    [Symbol.iterator]: elements,
    at(index) {
      const i = index < 0 ? length + index : index
      return i < 0 || i >= length ? undefined : between(i, i + 1)[0]
    },
    map: make => longList(length, (from, to) => between(from, to).map((element, i) => make(element, from + i))),
  }
}

/** Whether a value is a list that is no array. */
export const isLongList = (value: unknown): value is List<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value && !Array.isArray(value) && !ArrayBuffer.isView(value)
