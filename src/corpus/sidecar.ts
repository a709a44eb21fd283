/** What is known about the cases of a corpus: how each was made, what every kernel does with it, and what belongs together. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { knownDialects } from '../uapi/dialects/known.ts'
import { findings } from '../validate/findings/index.ts'
import { dialectOf } from '../validate/options.ts'
import { predictOpen } from '../validate/reply.ts'
import type { Severity } from '../validate/rules/index.ts'
import { type Verdict, verdict } from '../validate/verdict.ts'
import type { CorpusCase } from './corpus.ts'
import type { MachineOptions } from './target.ts'
import { replyOf, requestOf } from './transport.ts'

/** A {@link Verdict} without what the kernel keeps. */
export type SidecarVerdict =
  | { readonly errno: 0 }
  | { readonly errno: number; readonly reason: string; readonly path: string; readonly offset: number; readonly length: number }

/** The record beside a case. Plain JSON. */
export interface Sidecar extends Omit<CorpusCase, 'bytes'> {
  readonly seed: string
  /** bytes of the map */
  readonly length: number
  /** by dialect, those with this form of the map: what the parser of its kernel says, without regard to the size of the reply */
  readonly verdicts: Readonly<Record<string, SidecarVerdict>>
  /** by dialect: what a careful peer finds, rule ids by severity, each once, in the order of the alphabet */
  readonly findings: Readonly<Record<string, SidecarFindings>>
  /** with a kernel of the corpus's own dialect, when this map is the only reply: what open(2) returns, and what became of the map */
  readonly open: SidecarOpen
}

/** Rule ids; severities without any are left out. */
export type SidecarFindings = { readonly [S in Severity]?: readonly string[] }

/** Positive errnos or 0; null: the kernel comes back for a larger buffer, or still waits. */
export interface SidecarOpen {
  readonly errno: number | null
  readonly map: number | null
}

/** Every exchange has the same numbers, so that they do not make inputs differ that are the same. */
export const UNIQUE = 4n
export const NODEID = 2n

/** With which arguments a corpus was made. */
export interface CorpusOrigin extends MachineOptions {
  readonly dialect: Dialect | DialectName
  readonly seed: string | number
}

/** The published dialects that read the same form of the map: another one would take other fields from the same bytes. */
function alike(dialect: Dialect | DialectName): Dialect[] {
  const { map } = dialectOf(dialect, 'GET_FMAP')
  return Object.values(knownDialects).filter(d => d.reply.GET_FMAP !== undefined && d.map === map)
}

function opened({ bytes }: CorpusCase, { dialect, ...origin }: CorpusOrigin): SidecarOpen {
  const request = requestOf(dialect, bytes.length, UNIQUE, NODEID)
  const { openErrno, mapErrno } = predictOpen(dialect, [{ request, replies: [replyOf(bytes, UNIQUE)] }], origin)
  return { errno: openErrno ?? null, map: mapErrno ?? null }
}

function briefly(v: Verdict): SidecarVerdict {
  if (v.ok) return { errno: 0 }
  const { errno, reason, path, offset, length } = v
  return { errno, reason, path, offset, length }
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']

function found(bytes: Uint8Array, dialect: Dialect | DialectName, options: MachineOptions): SidecarFindings {
  const all = findings(bytes, dialect, { ...options, limit: 1 })
  const rulesOf = (severity: Severity): string[] => [...new Set(all.filter(f => f.severity === severity).map(f => f.rule))].sort()
  return Object.fromEntries(SEVERITIES.map(severity => [severity, rulesOf(severity)] as const).filter(([, ids]) => ids.length > 0))
}

/**
 * The record of a case.
 * @param origin the arguments with which the corpus was made
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for impossible page sizes
 */
export function sidecarOf(case_: CorpusCase, origin: CorpusOrigin): Sidecar {
  const { bytes, ...about } = case_
  const { dialect, seed, ...machine } = origin
  const asked = Object.entries<Dialect | DialectName>({
    ...Object.fromEntries(alike(dialect).map(d => [d.id, d])),
    [case_.dialect]: dialect,
  })
  return {
    ...about,
    seed: String(seed),
    length: bytes.length,
    verdicts: Object.fromEntries(asked.map(([id, d]) => [id, briefly(verdict(bytes, d, machine))])),
    findings: Object.fromEntries(asked.map(([id, d]) => [id, found(bytes, d, machine)])),
    open: opened(case_, origin),
  }
}

/** One line of the manifest: which files belong together. Names are the sha1 of their contents. */
export interface ManifestCase {
  readonly fmap: string
  readonly reply: string
  readonly request: string
  readonly category: string
  /** what the parser of the corpus's own dialect answers: 0, or a positive errno */
  readonly errno: number
}

/** manifest.json */
export interface Manifest {
  readonly format: 'famfs-wire corpus'
  readonly version: 1
  readonly dialect: string
  readonly seed: string
  readonly count: number
  /** of the machine for which the maps are aligned */
  readonly pageSize: number
  readonly pmdSize: number
  /** bytes of all maps together */
  readonly bytes: number
  readonly categories: Readonly<Record<string, number>>
  readonly cases: readonly ManifestCase[]
}
