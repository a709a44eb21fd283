/**
 * `famfs-wire/validate`: what each published kernel does with famfs messages, and everything that a careful peer should object to.
 */
export { type DialectId, dialects, famfsDialectIds } from '../uapi/dialects/index.ts'
export { verdictBlob } from './blob.ts'
export { type DaxdevAccepted, type DaxdevVerdict, verdictDaxdev } from './daxdev.ts'
export { verdictErrno } from './errno.ts'
export {
  assertValid,
  type Finding,
  type FindingOptions,
  findings,
  findingsDaxdev,
  type MapInput,
  type MapInputOf,
} from './findings/index.ts'
export { type Meta, type MetaExtent, type MetaGroup, type MetaJson, metaJson } from './meta.ts'
export type { VerdictOptions } from './options.ts'
export { verdictPages } from './pages.ts'
export { type Ending, type Exchange, type Exchanged, exchange, type OpenOptions, type OpenPrediction, predictOpen } from './reply.ts'
export { type Rule, rules, type Severity } from './rules/index.ts'
export { renderRules } from './rules/render.ts'
export { type ShapeFinding, shapeFindings } from './shape.ts'
export { type Accepted, type Refused, type Verdict, verdict } from './verdict.ts'
