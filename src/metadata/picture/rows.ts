/** A device as rows of equal spans. What many rows in turn would show alike is one row. */
import type { Parts } from './parts.ts'

/** Bytes that stand in one line of the picture. */
export interface Row {
  readonly start: number
  readonly end: number
  /** equal rows that it stands for; 1 for a row of its own */
  readonly count: number
  /** the part that holds its first byte */
  readonly first: number
}

/** The rows of a device. */
export interface Rows {
  /** bytes of a row */
  readonly span: number
  readonly rows: readonly Row[]
}

/** Allocation units of the narrowest row. */
const LEAST_UNITS = 4
/** So many rows alike are drawn as one. */
const ALIKE = 3

/** Rows of `span` bytes each, or undefined when they are more than `most`. */
function cutInto({ count, start }: Parts, span: number, most: number): Row[] | undefined {
  const end = start[count] as number
  const rows: Row[] = []
  let next = 0
  let holder = 0
  const put = (upTo: number, alike: number): void => {
    for (; next < upTo && rows.length <= most; next += alike) {
      const from = next * span
      while (holder + 1 < count && (start[holder + 1] as number) <= from) holder++
      rows.push({ start: from, end: Math.min(end, from + alike * span), count: alike, first: holder })
    }
  }
  for (let i = 0; i < count && rows.length <= most; i++) {
    const stop = start[i + 1] as number
    const first = Math.ceil((start[i] as number) / span)
    const last = stop === end ? Math.ceil(stop / span) : Math.floor(stop / span)
    if (last - first < ALIKE) continue
    put(first, 1)
    put(last, last - first)
  }
  put(Math.ceil(end / span), 1)
  return rows.length > most ? undefined : rows
}

/** The device in as many rows as there may be, so that it is shown as large as it can be. */
export function rowsOf(parts: Parts, unit: number, most: number): Rows {
  for (let span = unit * LEAST_UNITS; ; span *= 2) {
    const rows = cutInto(parts, span, most)
    if (rows !== undefined) return { span, rows }
  }
}
