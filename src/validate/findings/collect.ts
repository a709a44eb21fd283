/** Findings are gathered here: by rule, with what each dialect says, and never too many of one kind. */
import type { LayoutPart, MapLayout } from '../../schema/layout.ts'
import type { Asking } from '../options.ts'
import type { Place } from '../parse.ts'
import type { Rule, Severity } from '../rules/index.ts'

/** One thing that a careful peer objects to. */
export interface Finding extends Place {
  /** id in the rule catalogue, such as `fmap/offset-pmd` */
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  /** ids of the compared dialects whose kernels do not refuse this (they may refuse something else in the same bytes) */
  readonly acceptedBy: readonly string[]
  /** further findings of this rule and severity that were left out */
  readonly more?: number
  /** of a map in pages: index of the page that path and offset are in; absent: the first */
  readonly page?: number
}

/** A dialect that can be asked about maps. */
export type Famfs = Asking<'GET_FMAP'>

export interface Collector {
  /** the dialect that is asked, and its bit */
  readonly dialect: Famfs
  readonly own: number
  /** the message as the dialect calls its fields */
  readonly wording: (message: string) => string
  /** index of the page that the walk is in */
  page: number
  /** the compared dialects by bit */
  readonly dialects: readonly Famfs[]
  /** bits of the dialects that take no message of this kind, whatever it says */
  never: number
  /** most findings of one rule and severity */
  readonly limit: number
  readonly found: Finding[]
  readonly counts: Map<Rule, Record<Severity, number>>
}

/** How grave a rule is here; undefined: not worth a word. */
function severityOf({ own }: Collector, rule: Rule, refusedBy: number): Severity | undefined {
  if ((refusedBy & own) !== 0 || rule.severity === 'error') return 'error'
  if (rule.ownOnly) return undefined
  return refusedBy !== 0 ? 'warning' : rule.severity
}

/** Bits of the compared dialects for which the condition holds. */
export const bitsOf = (dialects: readonly Famfs[], holds: (d: Famfs) => boolean): number =>
  dialects.reduce((bits, d, i) => (holds(d) ? bits | (1 << i) : bits), 0)

/** The names of a form's own fields in the place of those that famfs gives them. */
export function wordingOf({ header, group, extent }: MapLayout): (message: string) => string {
  const named = ({ fields }: LayoutPart): [string, string][] =>
    Object.entries(fields).flatMap(([role, spot]) => (spot?.[2] === undefined ? [] : [[role, spot[2]]]))
  const names = new Map([header, ...(group === undefined ? [] : [group]), extent].flatMap(named))
  return message => message.replace(/[a-z]\w+/g, word => names.get(word) ?? word)
}

/** One more finding of this kind; the result counts it. */
function count({ counts }: Collector, rule: Rule, severity: Severity): number {
  const own = counts.get(rule) ?? { error: 0, warning: 0, note: 0 }
  counts.set(rule, own)
  own[severity]++
  return own[severity]
}

/** Adds a finding unless it is not worth a word or there are too many of its kind. `refusedBy` has a bit for each dialect. */
export function report(c: Collector, rule: Rule, refusedBy: number, at: () => Place, message: () => string, fixed?: Severity): void {
  const severity = fixed ?? severityOf(c, rule, refusedBy)
  if (severity === undefined || count(c, rule, severity) > c.limit) return
  const refuse = refusedBy | c.never
  const acceptedBy = c.dialects.filter((_, bit) => (refuse & (1 << bit)) === 0).map(d => d.id)
  c.found.push({ rule: rule.id, severity, ...at(), message: c.wording(message()), acceptedBy, ...(c.page > 0 && { page: c.page }) })
}

/** All findings in the order of the bytes; the last of a kind says how many more there are. */
export function finish({ found, counts, limit }: Collector): Finding[] {
  const left = new Map<string, number>()
  for (const [{ id }, own] of counts) for (const [severity, n] of Object.entries(own)) left.set(`${id} ${severity}`, n - limit)
  const last = new Map(found.map((f, i) => [`${f.rule} ${f.severity}`, i]))
  for (const [key, i] of last) {
    const more = left.get(key) as number
    if (more > 0) found[i] = { ...(found[i] as Finding), more }
  }
  return found.sort((a, b) => (a.page ?? 0) - (b.page ?? 0) || a.offset - b.offset)
}
