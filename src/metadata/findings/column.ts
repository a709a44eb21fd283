/** Columns of numbers that grow, for what has to be remembered of every entry. */

/** Arrays of numbers in one of the machine's widths. */
export type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int32Array

/** A larger copy once `count` elements fill the column. */
export function roomFor<A extends Numbers>(column: A, count: number): A {
  if (count < column.length) return column
  const make = column.constructor as new (length: number) => A
  const grown = new make(column.length * 2)
  grown.set(column)
  return grown
}
