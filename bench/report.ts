/** The outcomes as tables. */
import type { Outcome, Race } from './race.ts'

const figure = (x: number): string => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2))

/** One table of times, one of ratios. */
export function markdown(races: readonly Race[], outcomes: Readonly<Record<string, Outcome>>, machine: string): string {
  const lines = races.flatMap(race => {
    const outcome = outcomes[race.name]
    return outcome === undefined ? [] : [section(race, outcome)]
  })
  return [`Median nanoseconds of one call. ${machine}.`, '', ...lines].join('\n')
}

function section(race: Race, { contenders, ratios }: Outcome): string {
  const times = Object.entries(contenders).map(([name, ns]) => `${name} ${figure(ns)}`)
  const told = Object.entries(ratios).map(([name, ratio]) => {
    const [over, under] = race.ratios[name] ?? ['', '']
    return `${over} / ${[under].flat().join(' or ')} = ${figure(ratio)}`
  })
  return [`${race.name}`, `  ns      ${times.join(' | ')}`, `  ratios  ${told.join(' | ')}`, ''].join('\n')
}
