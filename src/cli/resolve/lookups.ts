/** The same ranges looked up by several kernels, laid side by side. */

import { found, type RangeStep, resolveRange } from '../../kernel/resolve-range.ts'
import { type Devices, installed, type State } from '../../kernel/state.ts'
import { least } from '../../kernel/wide.ts'
import type { Machine } from '../machine.ts'
import type { Range } from './ask.ts'
import type { Taker } from './judge.ts'
import { failureText } from './words.ts'

/** What one kernel says to one row: a place, why there is none, or nothing, since it stopped before. */
export type Cell =
  | {
      readonly kind: 'place'
      readonly dev: number
      readonly addr: bigint
      /** bytes that the kernel says are there, where that is more than it was asked for */
      readonly said?: bigint
    }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'stopped' }

/** A part of a range in which no kernel makes a new look-up. */
export interface Row {
  /** index of the range */
  readonly asked: number
  readonly at: bigint
  /** bytes; 0 where every kernel stops */
  readonly length: bigint
  /** by taker */
  readonly cells: readonly Cell[]
}

/** A step, with the kernel and the range that it belongs to. */
export interface Step {
  readonly taker: number
  readonly asked: number
  readonly step: RangeStep
}

/** One kernel on its way through a range. */
interface Walk {
  readonly steps: Iterator<RangeStep, void, undefined>
  now: RangeStep | undefined
  failed: boolean
}

/** What is looked up, in which state, on which machine. */
export interface Question {
  readonly ranges: readonly Range[]
  readonly devices: Devices
  readonly machine: Machine
}

const STOPPED: Cell = { kind: 'stopped' }

function cellAt(walk: Walk, at: bigint, taker: Taker, before: State): Cell {
  const { now } = walk
  if (now === undefined || walk.failed) return STOPPED
  const { result, offset } = now
  if ('dev' in result && result.dev !== null && result.rc === 0 && (found(now) > 0n || now.asked === 0n))
    return {
      kind: 'place',
      dev: result.dev,
      addr: BigInt.asUintN(64, result.addr + at - offset),
      ...(result.length > now.asked ? { said: result.length } : {}),
    }
  walk.failed = true
  return { kind: 'failed', text: failureText(now, taker, before) }
}

const endOf = ({ now, failed }: Walk): bigint | undefined => (now === undefined || failed ? undefined : now.offset + found(now))

/**
 * Row by row through all ranges. Each kernel keeps its own state of devices and file from range to range.
 * @param told is called with every look-up
 */
export function* rows(takers: readonly Taker[], { ranges, devices, machine }: Question, told: (step: Step) => void): Generator<Row> {
  const states = takers.map(({ dialect, map }) => installed(map, dialect, devices))
  for (const [asked, { offset, length }] of ranges.entries()) {
    const before = [...states]
    const walks = takers.map(({ dialect, map }, i): Walk => {
      return { steps: resolveRange(map, offset, length, dialect, states[i], machine), now: undefined, failed: false }
    })
    const advance = (i: number): void => {
      const walk = walks[i] as Walk
      before[i] = states[i] as State
      walk.now = walk.steps.next().value ?? undefined
      if (walk.now === undefined) return
      told({ taker: i, asked, step: walk.now })
      states[i] = walk.now.state
    }
    for (const i of walks.keys()) advance(i)
    for (let at = offset; ; ) {
      const cells = walks.map((walk, i) => cellAt(walk, at, takers[i] as Taker, before[i] as State))
      const ends = walks.map(endOf).filter(end => end !== undefined)
      const end = ends.reduce<bigint | undefined>((first, each) => (first === undefined ? each : least(first, each)), undefined) ?? at
      yield { asked, at, length: end - at, cells }
      if (end === at) break
      for (const [i, walk] of walks.entries()) if (endOf(walk) === end) advance(i)
      at = end
      if (walks.every(walk => walk.now === undefined || walk.failed)) break
    }
  }
}

/** Says the same of a row, for comparison. */
const keyOf = (cell: Cell): string =>
  cell.kind === 'place' ? `${cell.dev}:${cell.addr}:${cell.said ?? ''}` : cell.kind === 'failed' ? cell.text : cell.kind

/** Kernels that say the same in every row: for each the number of its class, the first one's being 0. */
export function classesOf(takers: number, all: readonly Row[]): number[] {
  const keys = Array.from({ length: takers }, (_, i) => all.map(({ cells }) => keyOf(cells[i] as Cell)).join('\n'))
  const distinct = [...new Set(keys)]
  return keys.map(key => distinct.indexOf(key))
}

export const sameCell = (a: Cell, b: Cell): boolean => keyOf(a) === keyOf(b)
