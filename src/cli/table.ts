/** Rows of cells under headings, as wide as what is in them. */
import { type Paint, padEnd, padStart, width } from './color.ts'

export interface Column {
  readonly title: string
  readonly align?: 'right'
}

/** The lines of a table. Cells may be painted. The last column is not padded. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = columns.map((column, i) => rows.reduce((most, row) => Math.max(most, width(row[i] ?? '')), width(column.title)))
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => {
        const cell = cells[i] ?? ''
        if (column.align === 'right') return padStart(cell, widths[i] ?? 0)
        return i === columns.length - 1 ? cell : padEnd(cell, widths[i] ?? 0)
      })
      .join('  ')
      .trimEnd()
  return [line(columns.map(c => paint('strong', c.title))), ...rows.map(line)]
}
