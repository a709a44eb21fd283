/** Everything that a careful peer should object to, also where the kernel looks away. */

import { write } from '../../codec/encode.ts'
import { WireError } from '../../codec/errors.ts'
import { checkBytes } from '../../codec/input.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Input } from '../../schema/infer.ts'
import { type MapFormat, type MapLayout, mapFormat } from '../../schema/layout.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { famfsDialectIds } from '../../uapi/dialects/index.ts'
import type { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import { fmapBody } from '../../uapi/famfs/messages.ts'
import { dialectOf, machineOf, type VerdictOptions } from '../options.ts'
import { enterMap } from '../parse.ts'
import { type Chapter, carefulSteps, ruleNamed } from '../rules/index.ts'
import { type Collector, type Famfs, type Finding, finish, wordingOf } from './collect.ts'
import { walkDaxdev } from './daxdev.ts'
import { type MapWalk, walkMap, walkOverlaps } from './map.ts'
import { type Stages, stagesOf } from './stages.ts'
import { tableFor } from './table.ts'

/** Sizes of the machine, and of its devices where they are known. */
export interface FindingOptions extends VerdictOptions {
  /** bytes that each device has, by index: extents that end beyond are found only where this is known */
  readonly deviceSizes?: Readonly<Record<number, bigint>>
  /** the dialects to compare with; default: all published ones */
  readonly against?: readonly (Dialect | DialectName)[]
  /** most findings of one rule and severity, default 20: the last of them says how many more there are */
  readonly limit?: number
}

const LIMIT = 20

const published: readonly Famfs[] = /* @__PURE__ */ famfsDialectIds.map(id => dialectOf(id, 'GET_FMAP'))

const chapterOf = ({ map }: Famfs): Chapter => map?.chapter ?? 'fmap'

/** Conditions are looked for whether a compared dialect has a step for them or not. */
function stagesFor(compared: readonly Famfs[], chapter: Chapter): Stages {
  const own = compared.map(({ checks }, i) => ({ steps: checks, bits: 1 << i }))
  const careful = carefulSteps[chapter].map(steps => ({ steps, bits: 0 }))
  return stagesOf([...careful, ...own], chapter)
}

/** Those of comparisons that were made before; most are of the dialects of this library. */
const known = new WeakMap<readonly Famfs[] | Famfs, Stages>()

function stagesOfAll(compared: readonly Famfs[], chapter: Chapter): Stages {
  const key = compared.length === 1 ? (compared[0] as Famfs) : compared
  const stages = known.get(key) ?? stagesFor(compared, chapter)
  known.set(key, stages)
  return stages
}

const layouts = /* @__PURE__ */ new WeakMap<object, MapLayout>()

/** The form of the map of a dialect, with the words that should be 0. */
function layoutOf(dialect: Famfs): MapLayout {
  const body = fmapBody(dialect)
  const layout = dialect.map?.layout ?? layouts.get(body) ?? mapFormat(body).layout
  layouts.set(body, layout)
  return layout
}

/** Only dialects with one form of the map can be compared: another one would read other fields in the same bytes. */
function others(dialect: Famfs, { against }: FindingOptions): readonly Famfs[] {
  const found = against?.map(d => dialectOf(d, 'GET_FMAP')) ?? (dialect.map === undefined ? published : [])
  const strange = found.find(d => d.map !== dialect.map)
  if (strange === undefined) return found
  const detail = `dialects ${dialect.id} and ${strange.id} have different forms of the map`
  throw new WireError({ code: 'unsupported', path: 'options.against', offset: 0, detail })
}

function collectorOf(dialect: Famfs, options: FindingOptions, all = others(dialect, options)): Collector {
  const dialects = all.includes(dialect) ? all : [...all, dialect]
  const { limit = LIMIT } = options
  const own = 1 << dialects.indexOf(dialect)
  return { dialect, own, dialects, limit, never: 0, found: [], counts: new Map(), page: 0, wording: wordingOf(layoutOf(dialect)) }
}

const machineOptions = ({ against, deviceSizes, limit, ...machine }: FindingOptions): VerdictOptions => machine

/**
 * Everything to object to in the body of a GET_FMAP reply, in the order of the bytes. An `error` is what this dialect's kernel refuses or
 * misbehaves on, a `warning` what another one refuses or what is unsafe there, a `note` is harmless so far. Each finding names the
 * published dialects whose kernels would accept that much; a dialect with its own form of the map is compared with those of `against` only.
 * Takes n log n time and about three times the memory of the bytes.
 *
 * @param bytes the body after fuse_out_header, or of a map in pages all of them, in order
 * @param dialect a dialect or its id
 * @throws WireError code unsupported for a dialect without GET_FMAP, or compared ones whose maps have another form; code range for options
 * out of range; never for the bytes
 */
export function findings(
  bytes: Uint8Array | readonly Uint8Array[],
  dialect: Dialect | DialectName,
  options: FindingOptions = {},
): Finding[] {
  const d = dialectOf(dialect, 'GET_FMAP')
  const c = collectorOf(d, options)
  const pages: readonly Uint8Array[] = bytes instanceof Uint8Array || !Array.isArray(bytes) ? [bytes as Uint8Array] : bytes
  for (const page of pages) checkBytes(page)
  const layout = layoutOf(d)
  const chapter = chapterOf(d)
  const table = tableFor(
    pages.reduce((sum, page) => sum + page.length, 0),
    layout,
  )
  const machine = machineOf(machineOptions(options))
  const shared = { c, chapter, stages: stagesOfAll(c.dialects, chapter), table, deviceSizes: options.deviceSizes ?? {}, firstStrip: 0n }
  let w: MapWalk | undefined
  for (const [i, page] of pages.entries()) {
    c.page = i
    w = { ...enterMap(page, machine, layout, w?.values), ...shared }
    if (!walkMap(w)) break
  }
  if (w !== undefined) walkOverlaps(w)
  return finish(c)
}

/**
 * Everything to object to in the body of a GET_DAXDEV reply: length, reserved words, index, and the name and its end.
 *
 * @param bytes the body after fuse_out_header
 * @throws WireError code unsupported for a dialect whose kernel never asks for devices (the push dialects); never for the bytes
 */
export function findingsDaxdev(bytes: Uint8Array, dialect: Dialect | DialectName, options: FindingOptions = {}): Finding[] {
  const d = dialectOf(dialectOf(dialect, 'GET_DAXDEV'), 'GET_FMAP')
  const c = collectorOf(d, options)
  walkDaxdev(c, enterMap(bytes, machineOf(machineOptions(options)), layoutOf(d)))
  return finish(c)
}

/** A map as it is encoded: with `reserved0` in the pull dialects, with `fmap_size` in the push ones. */
export type MapInput = Input<typeof fuse_famfs_fmap> | Input<typeof fuse_famfs_fmap_push>

/** The same for a dialect that brings its own form of the map. */
export type MapInputOf<D> = D extends { readonly map: MapFormat<unknown, infer I> } ? I : MapInput

/**
 * Throws on the first finding of severity error.
 *
 * @param message the body of a GET_FMAP reply (or all pages of it), or its value in the form of the dialect, which is encoded first
 * @throws WireError with the code of the rule, the place and the message of the finding; or as `encode` does for a value
 */
export function assertValid<D extends Dialect | DialectName>(
  message: Uint8Array | readonly Uint8Array[] | MapInputOf<D>,
  dialect: D,
  options: FindingOptions = {},
): void {
  const isBytes = ArrayBuffer.isView(message) || Array.isArray(message)
  const bytes = isBytes ? (message as Uint8Array) : write(fmapBody(dialectOf(dialect, 'GET_FMAP')).type, message)
  const error = findings(bytes, dialect, options).find(f => f.severity === 'error')
  if (error === undefined) return
  const { path, offset, length, rule } = error
  throw new WireError({ code: ruleNamed(rule).code, path, offset, length, detail: `${error.message} (${rule})` })
}

export type { Finding } from './collect.ts'
