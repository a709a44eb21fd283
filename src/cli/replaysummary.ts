/** How a replay went, counted by kind of disagreement. */
import type { Kind, Replayed } from '../conformance/conversation/index.ts'
import type { Paint } from './color.ts'

/** What is counted, in words. */
const KINDS: Readonly<Record<Kind, string>> = {
  reply: 'writes of replies',
  notification: 'writes of notifications',
  request: 'requests',
  open: 'results of open(2)',
  access: 'reads, writes and mappings',
  device: 'devices handed over',
  log: 'lines of the log',
  other: 'other results',
}

type Counted = Pick<Replayed, 'agree' | 'counts' | 'unknown' | 'story'>

/** Numbers over all conversations. */
export interface ReplaySummary {
  readonly conversations: number
  /** those with a disagreement */
  readonly disagreeing: number
  readonly compared: number
  /** disagreements by kind, those without any too */
  readonly disagreements: Readonly<Record<Kind, number>>
  /** results that depend on messages before the recording */
  readonly unknown: number
  /** conversations that begin in the middle of a connection */
  readonly begunInside: number
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** The numbers of a replay. */
export function summaryOf(all: readonly Counted[]): ReplaySummary {
  const kinds = Object.keys(KINDS) as Kind[]
  return {
    conversations: all.length,
    disagreeing: all.filter(of => !of.agree).length,
    compared: sum(all.map(({ story }) => story.entries.filter(e => e.expected !== undefined && e.unknown === undefined).length)),
    disagreements: Object.fromEntries(kinds.map(kind => [kind, sum(all.map(of => of.counts[kind] ?? 0))])) as Record<Kind, number>,
    unknown: sum(all.map(of => of.unknown)),
    begunInside: all.filter(of => of.story.beganInside).length,
  }
}

/** The last lines of a replay. */
export function summaryLines(all: readonly Counted[], paint: Paint): string[] {
  const { conversations, disagreeing, compared, disagreements, unknown, begunInside } = summaryOf(all)
  const total = sum(Object.values(disagreements))
  const said =
    disagreeing === 0 ? paint('good', 'the model agrees with the kernel') : paint('error', `${disagreeing} where the model says otherwise`)
  const kinds = Object.entries(disagreements).flatMap(([kind, n]) => (n === 0 ? [] : [`  ${n} in ${KINDS[kind as Kind]}`]))
  return [
    ...(begunInside === 0 ? [] : [paint('warning', 'begins in the middle of a connection: its INIT is not there')]),
    `${conversations} conversation${conversations === 1 ? '' : 's'}: ${said}`,
    `${compared} results compared, ${total} disagreement${total === 1 ? '' : 's'}${unknown === 0 ? '' : `, ${unknown} not known`}`,
    ...kinds,
  ]
}
