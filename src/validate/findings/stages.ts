/** The steps of all dialects together, by the moment at which a walk that never stops can ask them. */
import type { Block, Check, Step } from '../../schema/check.ts'
import { type Chapter, type Rule, rulesOfCheck } from '../rules/index.ts'

/**
 * `end`: everything is summed up; `interleavedEnd`: the same for maps of groups, with steps of their own; `groupEnd`: the strips of a group are
 * known; `pageEnd`: the end of a page that is not the last.
 */
export type Stage =
  | 'map'
  | 'simple'
  | 'interleaved'
  | 'eachExtent'
  | 'eachGroup'
  | 'eachStrip'
  | 'groupEnd'
  | 'interleavedEnd'
  | 'end'
  | 'pageEnd'

/** One step, the rules that it can break, and the dialects (bit by place in the list) that have it. */
export interface Asked {
  readonly check: Check
  readonly rules: readonly Rule[]
  mask: number
}

export type Stages = Readonly<Record<Stage, readonly Asked[]>>

const SUMS: readonly Check['test']['op'][] = ['lessThan', 'positiveDifference', 'belowSum']

/** Every comparison of sums waits for the end; a carry of `logical` and the room of the strips wait for the end of their group. */
function stageOf({ test }: Check, block: Stage): Stage {
  if (block === 'pageEnd') return block
  if (SUMS.includes(test.op)) return block === 'interleaved' || block === 'eachGroup' || block === 'eachStrip' ? 'interleavedEnd' : 'end'
  if (test.op === 'stripTooShort' || (test.op === 'carry' && test.a === 'logical')) return 'groupEnd'
  return block
}

const insideOf = (kind: Block['kind'], block: Stage): Stage =>
  kind === 'lastPage' ? (block === 'map' ? 'end' : block) : kind === 'otherPages' ? 'pageEnd' : kind === 'devices' ? 'end' : kind

/** Where each element is looked for by itself, the walk asks for all of them at once; and where all devices are, for each of them. */
function* asWalked(stage: Stage, check: Check): Generator<readonly [Stage, Check]> {
  const { test } = check
  if (test.op === 'pastEnd' && test.part === 'extent') {
    const simple = stage === 'eachExtent'
    const part = simple ? 'list' : 'strips'
    yield [simple ? 'simple' : 'eachGroup', { ...check, test: { op: 'pastEnd', part }, field: simple ? 'nextents' : 'ie_nstrips' }]
  } else if (test.op === 'outside' && test.x === 'dev_bitmap') {
    const max = Math.log2(test.max + 1) - 1
    const each: Check = { ...check, test: { op: 'outside', x: 'dev_bit', min: 0, max }, field: 'se_devindex' }
    yield ['eachExtent', each]
    yield ['eachStrip', each]
  } else yield [stage, check]
}

function* checksOf(steps: readonly Step[], block: Stage): Generator<readonly [Stage, Check]> {
  for (const step of steps) {
    if (step.kind !== 'check') yield* checksOf(step.steps, insideOf(step.kind, block))
    else if (step.test.op !== 'counted') yield* asWalked(stageOf(step, block), step)
  }
}

/** Steps with one test are one, whichever lists have them; `bits` are those of each list in the mask. */
export function stagesOf(lists: readonly { readonly steps: readonly Step[]; readonly bits: number }[], chapter: Chapter): Stages {
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
    pageEnd: [],
  }
  const seen = new Map<string, Asked>()
  for (const { steps, bits } of lists) {
    for (const [stage, check] of checksOf(steps, 'map')) {
      const key = `${stage} ${check.name} ${JSON.stringify(check.test)}`
      const asked = seen.get(key) ?? { check, rules: rulesOfCheck(check, chapter), mask: 0 }
      if (!seen.has(key)) all[stage].push(asked)
      seen.set(key, asked)
      asked.mask |= bits
    }
  }
  all.interleavedEnd.push(...all.end)
  return all
}
