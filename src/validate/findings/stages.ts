/** The steps of all dialects together, by the moment at which a walk that never stops can ask them. */
import type { Check, Step } from '../../schema/check.ts'
import { type Rule, rulesOfCheck } from '../rules/index.ts'
import type { Famfs } from './collect.ts'

/** `end`: everything is summed up; `interleavedEnd`: the same for maps of groups, with steps of their own; `groupEnd`: the strips of a group are known. */
export type Stage = 'map' | 'simple' | 'interleaved' | 'eachExtent' | 'eachGroup' | 'eachStrip' | 'groupEnd' | 'interleavedEnd' | 'end'

/** One step, the rules that it can break, and the dialects (bit by place in the list) that have it. */
export interface Asked {
  readonly check: Check
  readonly rules: readonly Rule[]
  mask: number
}

export type Stages = Readonly<Record<Stage, readonly Asked[]>>

/** Every comparison of sums waits for the end; a carry of `logical` and the room of the strips wait for the end of their group. */
function stageOf({ test }: Check, block: Stage): Stage {
  if (test.op === 'lessThan' || test.op === 'positiveDifference') return block === 'interleaved' ? 'interleavedEnd' : 'end'
  if (test.op === 'stripTooShort' || (test.op === 'carry' && test.a === 'logical')) return 'groupEnd'
  return block
}

function* checksOf(steps: readonly Step[], block: Stage): Generator<readonly [Stage, Check]> {
  for (const step of steps) {
    if (step.kind !== 'check') yield* checksOf(step.steps, step.kind)
    else if (step.test.op !== 'counted') yield [stageOf(step, block), step]
  }
}

/** Steps with one test are one, whichever dialects have them; `bits` are their places in the mask. */
export function stagesOf(dialects: readonly Famfs[], bits: (dialect: Famfs) => number): Stages {
  const all: Record<Stage, Asked[]> = {
    map: [],
    simple: [],
    interleaved: [],
    eachExtent: [],
    eachGroup: [],
    eachStrip: [],
    groupEnd: [],
    interleavedEnd: [],
    end: [],
  }
  const seen = new Map<string, Asked>()
  for (const dialect of dialects) {
    for (const [stage, check] of checksOf(dialect.checks, 'map')) {
      const key = `${stage} ${check.name} ${JSON.stringify(check.test)}`
      const asked = seen.get(key) ?? { check, rules: rulesOfCheck(check), mask: 0 }
      if (!seen.has(key)) all[stage].push(asked)
      seen.set(key, asked)
      asked.mask |= bits(dialect)
    }
  }
  all.interleavedEnd.push(...all.end)
  return all
}
