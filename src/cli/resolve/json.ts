/** Look-ups and owners as JSON: names as in fixtures/kernel/FORMAT.md, 64-bit numbers as decimal strings. */
import { resolutionJson } from '../../kernel/resolve-answer.ts'
import { found } from '../../kernel/resolve-range.ts'
import type { Machine } from '../machine.ts'
import type { Taker } from './judge.ts'
import type { Step } from './lookups.ts'
import { pagesOf } from './pages.ts'

/** One look-up of one kernel, and with which pages faults in its result can be served. */
export function stepJson({ taker, asked, step }: Step, takers: readonly Taker[], machine: Machine): unknown {
  const { dialect, map } = takers[taker] as Taker
  const { offset, asked: len, result } = step
  const place = 'dev' in result && result.dev !== null ? { kind: 'place' as const, dev: result.dev, addr: result.addr } : undefined
  const row = place && { asked, at: offset, length: found(step), cells: [place] }
  return {
    dialect: dialect.id,
    lookup: asked,
    offset,
    len,
    ...resolutionJson(result),
    ...(row === undefined ? {} : { pages: pagesOf(map, row, machine).runs }),
  }
}
