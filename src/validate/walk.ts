/** The slow form of the verdict, which owns every reason: the checks of a kernel, walked step by step with exact arithmetic. */
import type { Block, Check, Step, Test } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { GROUP_SIZE, HEADER_SIZE, headerFields } from './generated/fields.ts'
import { bitmapOf, extentShift, type Meta, type MetaExtent, type MetaGroup } from './meta.ts'
import { dialectOf, machineOf, type VerdictOptions, X86_64 } from './options.ts'
import { enterExtent, enterGroup, enterMap, leaveExtent, leaveGroup, locate, type Parse, type Place } from './parse.ts'
import { exact, type Registers } from './tests.ts'

/** The kernel takes the map and keeps `meta` in memory. */
export interface Accepted {
  readonly errno: 0
  readonly meta: Meta
}

/**
 * The kernel refuses the map. `path` is the field to blame, such as `extents[1].ie_strips[3].se_offset` (empty: the header as a whole),
 * `offset` its first byte, counted from the first byte given, and `length` its bytes, even where they are missing.
 */
export interface Refused extends Place {
  /** positive Linux errno */
  readonly errno: number
  /** which check failed, in the words of fixtures/kernel/FORMAT.md */
  readonly reason: string
  /** name of the step in the dialect's list; of counted errors the first that was counted */
  readonly check: string
}

/** What a kernel does with a map. */
export type Verdict = Accepted | Refused

interface Walk extends Parse {
  firstCounted: Refused | undefined
  readonly extents: MetaExtent[]
  /** of the group */
  strips: MetaExtent[]
  readonly groups: MetaGroup[]
}

/** True when the step's test fails, exactly. */
export const fails = (test: Test, p: Registers): boolean => (exact[test.op] as (test: Test, r: Registers) => boolean)(test, p)

function refuse(w: Walk, check: Check, errno: number): Refused {
  if (check.test.op === 'stripTooShort') enterExtent(w, w.shortStrip, w.group + GROUP_SIZE)
  const { name, reason, field } = check
  const counted = check.test.op === 'counted' ? w.firstCounted : undefined
  return counted === undefined ? { errno, reason, check: name, ...locate(w, field) } : { ...counted, errno, reason }
}

function runCheck(w: Walk, check: Check): Refused | undefined {
  if (!fails(check.test, w)) return undefined
  if (check.errno !== undefined) return refuse(w, check, check.errno)
  w.firstCounted ??= refuse(w, check, 0)
  return undefined
}

function run(w: Walk, steps: readonly Step[]): Refused | undefined {
  for (const step of steps) {
    const refused = step.kind === 'check' ? runCheck(w, step) : blocks[step.kind](w, step.steps)
    if (refused !== undefined) return refused
  }
  return undefined
}

function eachOf(w: Walk, steps: readonly Step[], count: bigint, first: number, into: MetaExtent[]): Refused | undefined {
  for (let i = 0; i < count; i++) {
    enterExtent(w, i, first)
    const refused = run(w, steps)
    if (refused !== undefined) return refused
    leaveExtent(w)
    const { se_devindex, se_offset, se_len } = w.values
    into.push({ dev_index: Number(se_devindex), offset: se_offset, len: se_len })
  }
  return undefined
}

function eachGroup(w: Walk, steps: readonly Step[]): Refused | undefined {
  for (let i = 0; i < w.values.nextents; i++) {
    enterGroup(w, i)
    w.strips = []
    const refused = run(w, steps)
    if (refused !== undefined) return refused
    const { ie_nstrips, ie_chunk_size, ie_nbytes } = w.values
    w.groups.push({ nstrips: Number(ie_nstrips), chunk_size: Number(ie_chunk_size), nbytes: ie_nbytes, strips: w.strips })
    leaveGroup(w)
  }
  return undefined
}

const blocks: { readonly [K in Block['kind']]: (w: Walk, steps: readonly Step[]) => Refused | undefined } = {
  simple: (w, steps) => (w.values.ext_type === 0n ? run(w, steps) : undefined),
  interleaved: (w, steps) => (w.values.ext_type === 1n ? run(w, steps) : undefined),
  eachExtent: (w, steps) => eachOf(w, steps, w.values.nextents, HEADER_SIZE, w.extents),
  eachStrip: (w, steps) => eachOf(w, steps, w.values.ie_nstrips, w.group + GROUP_SIZE, w.strips),
  eachGroup,
}

function metaOf(w: Walk, push: boolean): Meta {
  const { file_size, ext_type } = w.values
  const file_type = w.bytes[headerFields.file_type[0]] as number
  const dev_bitmap = bitmapOf(ext_type === 1n ? w.groups.flatMap(g => g.strips) : w.extents)
  if (ext_type === 1n) return { file_type, file_size, ext_type: 'interleaved', extents: w.groups, dev_bitmap }
  const shift = push ? { ext_shift: extentShift(w.extents) } : {}
  return { file_type, file_size, ext_type: 'simple', ...shift, extents: w.extents, dev_bitmap }
}

/** As {@link verdict} of `verdict.ts`, whatever the dialect, the length and the machine that this runs on. */
export function walkedVerdict(bytes: Uint8Array, dialect: Dialect | DialectId, options: VerdictOptions = X86_64): Verdict {
  const { checks, push } = dialectOf(dialect, 'GET_FMAP')
  const w: Walk = { ...enterMap(bytes, machineOf(options)), firstCounted: undefined, extents: [], strips: [], groups: [] }
  return run(w, checks) ?? { errno: 0, meta: metaOf(w, push) }
}
