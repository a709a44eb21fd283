/** The outcomes as Markdown tables. */
import type { Outcome, Race } from './race.ts'

/** Three digits. */
export const figure = (x: number | undefined): string =>
  x === undefined ? '' : x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2)

/** A Markdown table; the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)]
}

const LEGEND = [
  'limit: our time divided by that of code written by hand for the same job (smaller is better); decoding: by that of decoding the same bytes and no more.',
  'A library: its time divided by ours (larger is better).',
]

type Measured = Outcome & Pick<Race, 'name' | 'rows' | 'rate'>

/** How many there are in a second. */
function rates(all: readonly Measured[]): string[] {
  const lines = all.flatMap(({ name, ns, rate }) =>
    rate === undefined ? [] : [`- ${name}: ${Math.round((rate.count / ns) * 1e9).toLocaleString('en')} ${rate.of} per second`],
  )
  return lines.length === 0 ? [] : ['', 'Rates:', '', ...lines]
}

/** A race whose contenders are different jobs: one row for each. */
function jobs({ name, rows = '', contenders, ratios }: Measured): string[] {
  const line = ([job, ns]: [string, number]): string[] => [job, figure(ns / 1e6), figure(ratios[job])]
  return ['', ...table([name, 'ms', rows], Object.entries(contenders).map(line))]
}

/** Ratios of every race, then the times of every contender. */
export function markdown(races: readonly Race[], outcomes: Readonly<Record<string, Outcome>>, machine: string): string {
  const all = races.flatMap((race): Measured[] => {
    const outcome = outcomes[race.name]
    return outcome === undefined ? [] : [{ ...race, ...outcome }]
  })
  const measured = all.filter(({ rows }) => rows === undefined)
  const keys = [...new Set(measured.flatMap(({ ratios }) => Object.keys(ratios)))]
  const ratios = measured.map(({ name, ns, ratios }) => [name, figure(ns), ...keys.map(key => figure(ratios[key]))])
  const times = measured.map(({ name, contenders }) => [
    name,
    Object.entries(contenders)
      .map(([contender, ns]) => `${contender} ${figure(ns)}`)
      .join(', '),
  ])
  return [
    `Medians; ${machine}.`,
    ...LEGEND,
    '',
    ...table(['', 'ns', ...keys], ratios),
    ...all.filter(({ rows }) => rows !== undefined).flatMap(jobs),
    ...rates(all),
    '',
    'Nanoseconds of one call:',
    '',
    ...times.map(([name, list]) => `- ${name}: ${list}`),
  ].join('\n')
}
