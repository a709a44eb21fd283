/**
 * What is measured, and how: the races take turns in random order, and in each turn the contenders of a race follow each other in random
 * order. Times are medians over all turns; a ratio is the median of the ratios within one turn, which the load of the machine moves less.
 */

/** One job, done in several ways. */
export interface Race {
  readonly name: string
  /** One call of each contender, by name; `ours` and the runs that `ratios` name are among them. */
  readonly runs: Readonly<Record<string, () => unknown>>
  /** the contender whose time is reported as `ns` */
  readonly ours: string
  /** What is reported: the time of the first contender divided by that of the second, of several by that of the fastest. */
  readonly ratios: Readonly<Record<string, readonly [over: string, under: string | readonly string[]]>>
  /** Throws unless every contender does the job; called before anything is measured. */
  readonly check: () => void
  /** The contenders are different jobs, reported in a table of their own; each of `ratios` is over this. */
  readonly rows?: string
  /** what one call of `ours` does many of: its rate is reported, too */
  readonly rate?: { readonly count: number; readonly of: string }
  /** turns, where they take so long that fewer must do */
  readonly rounds?: number
}

export interface Outcome {
  /** median nanoseconds of one call of `ours` */
  readonly ns: number
  readonly ratios: Readonly<Record<string, number>>
  /** median nanoseconds of every contender */
  readonly contenders: Readonly<Record<string, number>>
}

export interface Effort {
  /** turns of each contender */
  readonly rounds: number
  /** length of a turn: short, so that the machine seldom takes the processor away during one */
  readonly milliseconds: number
}

/** A contender in a loop of its own, so that the compiler sees its calls apart from those of the others. */
type Loop = (times: number) => unknown

const loopOver = (run: () => unknown): Loop =>
  new Function('run', 'let last; return times => { for (let i = 0; i < times; i++) last = run(); return last }')(run) as Loop

interface Entry {
  readonly race: Race
  readonly name: string
  readonly loop: Loop
  times: number
  readonly turns: number[]
}

/** Keeps results from being optimized away. */
export let sink: unknown

function turn(entry: Entry): number {
  const start = process.hrtime.bigint()
  sink = entry.loop(entry.times)
  return Number(process.hrtime.bigint() - start) / entry.times
}

/** Gives the compiler time, then finds how many calls fill a turn. */
function warmUp(entry: Entry, { milliseconds }: Effort): void {
  const fill = (ms: number): void => {
    entry.times = Math.max(1, Math.ceil((ms * 1e6) / Math.max(turn(entry), 1)))
  }
  const enough = performance.now() + MOST_WARMING
  for (let i = 0; i < 12 && performance.now() < enough; i++) fill(WARM_MILLISECONDS)
  fill(milliseconds)
}

const WARM_MILLISECONDS = 3
/** A call that takes longer than a turn is warm after a few. */
const MOST_WARMING = 200

function shuffled<T>(list: readonly T[]): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[result[i], result[j]] = [result[j] as T, result[i] as T]
  }
  return result
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** A race of fewer turns has them all over the time that the others take. */
function takesPart({ rounds = Number.POSITIVE_INFINITY }: Race, round: number, effort: Effort): boolean {
  return rounds >= effort.rounds || Math.floor((round * rounds) / effort.rounds) !== Math.floor(((round - 1) * rounds) / effort.rounds)
}

/** Checks and runs all races. The result is by the name of the race. */
export function runAll(races: readonly Race[], effort: Effort): Record<string, Outcome> {
  for (const race of races) race.check()
  const entries = races.flatMap(race =>
    Object.entries(race.runs).map(([name, run]): Entry => ({ race, name, loop: loopOver(run), times: 1, turns: [] })),
  )
  // Twice: what one contender teaches the compiler can undo what it made of another.
  for (let pass = 0; pass < 2; pass++) for (const entry of shuffled(entries)) warmUp(entry, effort)
  for (let round = 0; round < effort.rounds; round++)
    for (const race of shuffled(races.filter(r => takesPart(r, round, effort))))
      for (const entry of shuffled(entries.filter(e => e.race === race))) entry.turns.push(turn(entry))
  return Object.fromEntries(
    races.map(race => [
      race.name,
      outcome(
        race,
        entries.filter(entry => entry.race === race),
      ),
    ]),
  )
}

function outcome(race: Race, entries: readonly Entry[]): Outcome {
  const contenders = Object.fromEntries(entries.map(entry => [entry.name, median(entry.turns)]))
  const fastest = (names: string | readonly string[]): readonly number[] => {
    const [first, ...others] = [names].flat().sort((a, b) => (contenders[a] ?? Number.NaN) - (contenders[b] ?? Number.NaN))
    if (first === undefined || others.some(name => contenders[name] === undefined)) throw new Error(`${race.name}: no contender ${names}`)
    return entries.find(entry => entry.name === first)?.turns ?? []
  }
  const ratios = Object.entries(race.ratios).map(([name, [over, under]]) => {
    const [a, b] = [fastest(over), fastest(under)]
    return [name, median(a.map((ns, i) => ns / (b[i] ?? Number.NaN)))]
  })
  return { ns: contenders[race.ours] ?? Number.NaN, ratios: Object.fromEntries(ratios), contenders }
}
