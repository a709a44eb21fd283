/** Everything that a careful peer should object to, also where the kernel looks away. */
import { write } from '../../codec/encode.ts'
import { WireError } from '../../codec/errors.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Input } from '../../schema/infer.ts'
import { type DialectId, famfsDialectIds } from '../../uapi/dialects/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import { dialectOf, machineOf, type VerdictOptions } from '../options.ts'
import { enterMap } from '../parse.ts'
import { ruleNamed } from '../rules/index.ts'
import { type Collector, type Famfs, type Finding, finish } from './collect.ts'
import { walkDaxdev } from './daxdev.ts'
import { walkMap } from './map.ts'
import { type Stages, stagesOf } from './stages.ts'
import { tableFor } from './table.ts'

/** Sizes of the machine, and of its devices where they are known. */
export interface FindingOptions extends VerdictOptions {
  /** bytes that each device has, by index: extents that end beyond are found only where this is known */
  readonly deviceSizes?: Readonly<Record<number, bigint>>
  /** the dialects to compare with; default: all published ones */
  readonly against?: readonly (Dialect | DialectId)[]
  /** most findings of one rule and severity, default 20: the last of them says how many more there are */
  readonly limit?: number
}

const LIMIT = 20

const published: readonly Famfs[] = /* @__PURE__ */ famfsDialectIds.map(id => dialectOf(id, 'GET_FMAP'))

/** Conditions are looked for whether a compared dialect has a step for them or not. */
function stagesFor(compared: readonly Famfs[]): Stages {
  const bit = (x: Famfs): number => (compared.includes(x) ? 1 << compared.indexOf(x) : 0)
  return stagesOf([...new Set([...published, ...compared])], bit)
}

/** Those of the usual comparison, made when they are first asked for. */
let usual: Stages | undefined

function usualStages(): Stages {
  usual ??= stagesFor(published)
  return usual
}

function collectorOf(dialect: Famfs, { against, limit = LIMIT }: FindingOptions): Collector {
  const others = against === undefined ? published : against.map(d => dialectOf(d, 'GET_FMAP'))
  const compared = others.includes(dialect) ? others : [...others, dialect]
  return { dialect, own: 1 << compared.indexOf(dialect), dialects: compared, limit, never: 0, found: [], counts: new Map() }
}

const machineOptions = ({ against, deviceSizes, limit, ...machine }: FindingOptions): VerdictOptions => machine

/**
 * Everything to object to in the body of a GET_FMAP reply, in the order of the bytes. An `error` is what this dialect's kernel refuses or
 * misbehaves on, a `warning` what another one refuses or what is unsafe there, a `note` is harmless so far. Each finding names the
 * published dialects whose kernels would accept that much. Takes n log n time and about three times the memory of the bytes.
 *
 * @param bytes the body after fuse_out_header
 * @param dialect a dialect or its id
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for options out of range; never for the bytes
 */
export function findings(bytes: Uint8Array, dialect: Dialect | DialectId, options: FindingOptions = {}): Finding[] {
  const d = dialectOf(dialect, 'GET_FMAP')
  const c = collectorOf(d, options)
  const stages = c.dialects === published ? usualStages() : stagesFor(c.dialects)
  const parse = enterMap(bytes, machineOf(machineOptions(options)))
  walkMap({ ...parse, c, stages, table: tableFor(bytes.length), deviceSizes: options.deviceSizes ?? {}, firstStrip: 0n })
  return finish(c)
}

/**
 * Everything to object to in the body of a GET_DAXDEV reply: length, reserved words, index, and the name and its end.
 *
 * @param bytes the body after fuse_out_header
 * @throws WireError code unsupported for a dialect whose kernel never asks for devices (the push dialects); never for the bytes
 */
export function findingsDaxdev(bytes: Uint8Array, dialect: Dialect | DialectId, options: FindingOptions = {}): Finding[] {
  const c = collectorOf(dialectOf(dialectOf(dialect, 'GET_DAXDEV'), 'GET_FMAP'), options)
  walkDaxdev(c, enterMap(bytes, machineOf(machineOptions(options))))
  return finish(c)
}

/** A map as it is encoded: with `reserved0` in the pull dialects, with `fmap_size` in the push ones. */
export type MapInput = Input<typeof fuse_famfs_fmap> | Input<typeof fuse_famfs_fmap_push>

/**
 * Throws on the first finding of severity error.
 *
 * @param message the body of a GET_FMAP reply, or its value (in the form of the dialect), which is encoded first
 * @throws WireError with the code of the rule, the place and the message of the finding; or as `encode` does for a value
 */
export function assertValid(
  message: Uint8Array | Input<typeof fuse_famfs_fmap>,
  dialect: Dialect | DialectId,
  options: FindingOptions = {},
): void {
  const { push } = dialectOf(dialect, 'GET_FMAP')
  const bytes = message instanceof Uint8Array ? message : write((push ? fuse_famfs_fmap_push : fuse_famfs_fmap).type, message)
  const error = findings(bytes, dialect, options).find(f => f.severity === 'error')
  if (error === undefined) return
  const { path, offset, length, rule } = error
  throw new WireError({ code: ruleNamed(rule).code, path, offset, length, detail: `${error.message} (${rule})` })
}

export type { Finding } from './collect.ts'
