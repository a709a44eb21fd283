/** Two texts beside each other, equal lines on one line. */
import { clip, type Paint, padEnd, width } from './color.ts'

type Pair = readonly [string | undefined, string | undefined]

/** The lines of both, equal ones beside each other. */
function align(a: readonly string[], b: readonly string[]): Pair[] {
  const common: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i]
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const pairs: Pair[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([a[i++], b[j++]])
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) pairs.push([a[i++], undefined])
    else pairs.push([undefined, b[j++]])
  }
  return pairs
}

/** A line that only one side has, and right after it one that only the other has about the same: a change. */
function joined(pairs: readonly Pair[]): Pair[] {
  const result: Pair[] = []
  for (const pair of pairs) {
    const open = result.findIndex(
      (p, i) => i >= result.length - 3 && p[1] === undefined && pair[0] === undefined && subject(p[0]) === subject(pair[1]),
    )
    const before = result[open]
    if (before !== undefined && result.slice(open + 1).every(p => p[1] === undefined)) result[open] = [before[0], pair[1]]
    else result.push(pair)
  }
  return result
}

const subject = (line: string | undefined): string => (line ?? '').trim().split(' ')[0] ?? ''

/** Both texts in columns of at most so many characters, below their titles: what differs is marked. */
export function sideBySide(
  a: readonly string[],
  b: readonly string[],
  columns: number,
  paint: Paint,
  titles: readonly [string, string],
): string[] {
  const pairs = joined(align(a, b))
  const left = Math.min(columns, Math.max(width(titles[0]), ...a.map(width)))
  const head = [padEnd(paint('strong', titles[0]), left), ' ', paint('strong', titles[1])].join(' ')
  const lines = pairs.map(([x, y]) => {
    const mark = x === y ? ' ' : x === undefined ? '>' : y === undefined ? '<' : '|'
    const style = x === y ? 'dim' : 'changed'
    const cell = (line: string | undefined): string => paint(style, clip(line ?? '', columns))
    return `${padEnd(cell(x), left)} ${paint('changed', mark)} ${cell(y)}`.trimEnd()
  })
  return [head, ...lines]
}
