/** For whom a message is made: what the generators ask of a dialect, read from its check list and limits. */
import type { Check, Step } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { HeaderRole, MapLayout } from '../schema/layout.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { dialectOf, type Machine, machineOf, type VerdictOptions } from '../validate/options.ts'
import { famfsLayout } from '../validate/parse.ts'

/** Page and PMD size of the machine, default x86-64. */
export type MachineOptions = Pick<VerdictOptions, 'pageSize' | 'pmdSize'>

export interface Target {
  readonly dialect: Dialect
  /** where the fields of its maps lie */
  readonly layout: MapLayout
  readonly machine: Machine
  /** what offsets and lengths must be a multiple of, in bytes */
  readonly unit: number
  /** chunk sizes for groups that this dialect takes */
  readonly chunks: readonly number[]
  /** what a map may hold: Infinity where only the buffer is a limit */
  readonly extents: number
  /** strips that a group may hold; 32 where the dialect has no groups, so that one can still be sent to it */
  readonly strips: number
  /** bytes that a reply may have at most */
  readonly most: number
}

/** All checks of a list, those inside its blocks too. */
export function* checksOf(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksOf(step.steps)
  }
}

/** The limit that three of four dialects share. facts: wire 3.6 */
const COMMON_STRIPS = 32

function unitOf(dialect: Dialect, machine: Machine): number {
  for (const { test } of checksOf(dialect.checks))
    if (test.op === 'unaligned' && test.x === 'se_offset') return test.unit === 'page' ? machine.pageSize : machine.pmdSize
  return machine.pmdSize
}

function chunksOf(dialect: Dialect, machine: Machine): number[] {
  for (const { test } of checksOf(dialect.checks))
    if (test.op === 'noneOf' && test.x === 'ie_chunk_size')
      return test.values.map(value => (value === 'page' ? machine.pageSize : value === 'pmd' ? machine.pmdSize : value))
  return [1, 2, 4].map(times => times * machine.pmdSize).filter(size => size <= 0xffffffff)
}

/** Where the fields of its maps lie. */
export const layoutOf = ({ map }: Dialect): MapLayout => map?.layout ?? famfsLayout

/**
 * What the generators need to know of a dialect.
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for impossible page sizes
 */
export function targetOf(dialect: Dialect | DialectName, options: MachineOptions = {}): Target {
  const found = dialectOf(dialect, 'GET_FMAP')
  const machine = machineOf(options)
  const { limits, reply } = found
  return {
    dialect: found,
    layout: layoutOf(found),
    machine,
    unit: unitOf(found, machine),
    chunks: chunksOf(found, machine),
    extents: limits.extents ?? Number.POSITIVE_INFINITY,
    strips: limits.strips ?? COMMON_STRIPS,
    most: reply.GET_FMAP?.most ?? 0,
  }
}

/** Simple extents or interleaved groups. */
export type FmapKind = 'simple' | 'interleaved'

/** Kinds of map that a dialect takes. */
export const kindsOf = (dialect: Dialect): readonly FmapKind[] => {
  const { kind } = layoutOf(dialect)
  if (kind !== undefined) return [kind]
  return dialect.limits.strips === undefined ? ['simple'] : ['simple', 'interleaved']
}

/** Whether maps of a dialect have a header field for this; those in the form of famfs have all but the room that a kernel keeps them in. */
export const hasField = (dialect: Dialect, role: HeaderRole): boolean =>
  dialect.map === undefined ? role !== 'meta_size' : dialect.map.layout.header.fields[role] !== undefined
