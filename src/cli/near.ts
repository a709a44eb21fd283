/** Suggestions for mistyped names. */

/** Edits (insert, delete, replace, swap of neighbours) that make one text of the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      row.push(Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + same, swapped))
    }
  }
  return at(a.length, b.length)
}

const LONGEST = 64

/** Up to three names that `typed` may have been meant for, the nearest first. Names that contain it count as near. */
export function near(typed: string, names: readonly string[]): string[] {
  const wanted = typed.toLowerCase().slice(0, LONGEST)
  if (wanted === '') return []
  const scored = names.map(name => {
    const lower = name.toLowerCase()
    return { name, score: wanted.length > 2 && lower.includes(wanted) ? 1 : distance(wanted, lower) }
  })
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return scored
    .filter(s => s.score <= limit)
    .sort((a, b) => a.score - b.score || a.name.length - b.name.length)
    .slice(0, 3)
    .map(s => s.name)
}

/** `did you mean a or b?`, or what else there is when nothing is near. */
export function suggestion(typed: string, names: readonly string[], otherwise?: string): string | undefined {
  const found = near(typed, names)
  return found.length === 0 ? otherwise : `did you mean ${found.join(' or ')}?`
}
