/** The slow form of the verdict, which owns every reason: the checks of a kernel, walked step by step with exact arithmetic. */
import type { Block, Check, Step, Test } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { Errno } from '../schema/errno.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { extentShift, type Meta, type MetaExtent, type MetaGroup } from './meta.ts'
import { type Asking, dialectOf, machineOf, type VerdictOptions, X86_64 } from './options.ts'
import { enterExtent, enterGroup, enterMap, famfsLayout, leaveExtent, leaveGroup, locate, type Parse, type Place } from './parse.ts'
import { exact, firstStrip, type Registers, spotOf } from './tests.ts'

/** The kernel takes the map and keeps `meta` in memory. */
export interface Accepted {
  readonly ok: true
  readonly errno: 0
  readonly meta: Meta
  /** where the kernel asks for the next page; absent: the map is whole */
  readonly next?: bigint
}

/**
 * The kernel refuses the map. `path` is the field to blame, such as `extents[1].ie_strips[3].se_offset` (empty: the header as a whole),
 * `offset` its first byte, counted from the first byte given, and `length` its bytes, even where they are missing.
 */
export interface Refused extends Place {
  readonly ok: false
  /** positive Linux errno */
  readonly errno: Errno
  /** which check failed, in the words of fixtures/kernel/FORMAT.md */
  readonly reason: string
  /** name of the step in the dialect's list; of counted errors the first that was counted */
  readonly check: string
  /** index of the page that is to blame; absent: the first, or the only one */
  readonly page?: number
}

/** What a kernel does with a map; narrows by `ok`, and by comparing `errno` with 0. */
export type Verdict = Accepted | Refused

/** A failure that a later step turns into a refusal. */
export type Counted = Omit<Refused, 'ok' | 'errno' | 'reason'>

/** A walk over a page of a map, and what it has found. */
export interface Walk extends Parse {
  readonly dialect: Asking<'GET_FMAP'>
  /** leaves out what comes after the parser */
  readonly parserOnly?: true
  /** which page of the map it is */
  readonly page: number
  refused: Refused | undefined
  firstCounted: Counted | undefined
  readonly extents: MetaExtent[]
  /** of the group */
  strips: MetaExtent[]
  readonly found: MetaGroup[]
}

/** True when the step's test fails, exactly. */
export const fails = (test: Test, p: Registers): boolean => (exact[test.op] as (test: Test, r: Registers) => boolean)(test, p)

function blame(w: Walk, { name, test, field }: Check): Counted {
  if (test.op === 'stripTooShort') enterExtent(w, w.shortStrip, firstStrip(w))
  return { check: name, ...locate(w, field) }
}

function runCheck(w: Walk, check: Check): Refused | undefined {
  if (!fails(check.test, w)) return undefined
  if (check.errno === undefined) {
    w.firstCounted ??= blame(w, check)
    return undefined
  }
  const counted = check.test.op === 'counted' ? w.firstCounted : undefined
  return { ok: false, errno: check.errno, reason: check.reason, ...(counted ?? blame(w, check)) }
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
    const chunk_size = spotOf(w.layout.group, 'ie_chunk_size')[1] > 4 ? ie_chunk_size : Number(ie_chunk_size)
    w.found.push({ nstrips: Number(ie_nstrips), chunk_size, nbytes: ie_nbytes, strips: w.strips })
    leaveGroup(w)
  }
  return undefined
}

const blocks: { readonly [K in Block['kind']]: (w: Walk, steps: readonly Step[]) => Refused | undefined } = {
  simple: (w, steps) => (w.values.ext_type === 0n ? run(w, steps) : undefined),
  interleaved: (w, steps) => (w.values.ext_type === 1n ? run(w, steps) : undefined),
  eachExtent: (w, steps) => eachOf(w, steps, w.values.nextents, w.layout.header.size, w.extents),
  eachStrip: (w, steps) => eachOf(w, steps, w.values.ie_nstrips, firstStrip(w), w.strips),
  eachGroup,
  lastPage: (w, steps) => (nextOf(w) === undefined ? run(w, steps) : undefined),
  otherPages: (w, steps) => (nextOf(w) === undefined ? undefined : run(w, steps)),
  devices: (w, steps) => (w.parserOnly ? undefined : run(w, steps)),
}

/** Where the next page starts; undefined behind the last one. */
export const nextOf = ({ values, dialect }: Pick<Walk, 'values' | 'dialect'>): bigint | undefined => {
  const { more } = dialect.reply.GET_FMAP
  return more && values.next !== more.last ? values.next : undefined
}

function metaOf(w: Walk): Meta {
  const { file_size, ext_type, dev_bitmap } = w.values
  const spot = w.layout.header.fields.file_type
  const head = { ...(spot && { file_type: w.bytes[spot[0]] as number }), file_size }
  if (ext_type === 1n) return { ...head, ext_type: 'interleaved', extents: w.found, dev_bitmap }
  const shift = w.dialect.push ? { ext_shift: extentShift(w.extents) } : {}
  return { ...head, ext_type: 'simple', ...shift, extents: w.extents, dev_bitmap }
}

/** A page of a map through the check list of the dialect. `start`: what is not as at the start of a map. */
export function walkPage(bytes: Uint8Array, dialect: Asking<'GET_FMAP'>, options: VerdictOptions, start: Partial<Walk> = {}): Walk {
  const w = {
    ...enterMap(bytes, machineOf(options), dialect.map?.layout ?? famfsLayout, start.values),
    dialect,
    page: 0,
    extents: [],
    strips: [],
    found: [],
    ...start,
  } as Walk
  w.refused = run(w, dialect.checks)
  return w
}

/** What a walk has come to. */
export function verdictOf(w: Walk): Verdict {
  const next = nextOf(w)
  return w.refused ?? { ok: true, errno: 0, meta: metaOf(w), ...(next !== undefined && { next }) }
}

/**
 * As `verdict` of `famfs-wire/validate`, step by step whatever the dialect, the length and the machine that this runs on: what a kernel of this
 * dialect does with the body of a GET_FMAP reply.
 */
export const walkedVerdict = (bytes: Uint8Array, dialect: Dialect | DialectName, options: VerdictOptions = X86_64): Verdict =>
  verdictOf(walkPage(bytes, dialectOf(dialect, 'GET_FMAP'), options))
