/** Findings about an image are gathered here: by rule, and never too many of one kind. */
import { quote } from '../../codec/printable.ts'
import type { Severity } from '../../validate/rules/index.ts'
import { imageRule } from '../rules/index.ts'

/** The part of an image that a finding is in. */
export type Part = 'superblock' | 'log'

/** One thing that a careful reader of an image objects to. */
export interface ImageFinding {
  /** id in the rule catalogue, such as `log/extent-overlap` */
  readonly rule: string
  readonly severity: Severity
  readonly area: Part
  /** first byte: on the device, or in the file where superblock and log came as a file each */
  readonly offset: number
  /** bytes concerned */
  readonly length: number
  /** number of the log entry, from 0 */
  readonly entry?: number
  /** the field by its C names, such as `entries[2].famfs_fm.fm_fmap.se[0].se_offset` */
  readonly path: string
  /** path of the file or directory that the entry is about; a byte that is not UTF-8 is U+DC00 + byte */
  readonly file?: string
  readonly message: string
  /** further findings of this rule that were left out */
  readonly more?: number
}

/** Where a finding is; `offset` counts from the start of its part. */
export interface Spot {
  readonly area: Part
  readonly offset: number
  readonly length: number
  readonly path: string
  readonly entry?: number
  /** another entry that has to do with it */
  readonly other?: number
}

/** A finding that does not yet know the names of files. */
export interface Draft extends Spot {
  readonly rule: string
  readonly message: string
}

export interface Collector {
  /** most findings of one rule that are kept */
  readonly limit: number
  readonly drafts: Draft[]
  readonly counts: Map<string, number>
}

export const collector = (limit: number): Collector => ({ limit, drafts: [], counts: new Map() })

/** Adds a finding; place and message are only made for one that is kept, and at once, so that they may look at bytes that go away. */
export function report(c: Collector, rule: string, spot: () => Spot, message: () => string): void {
  const count = (c.counts.get(rule) ?? 0) + 1
  c.counts.set(rule, count)
  if (count <= c.limit) c.drafts.push({ rule, message: message(), ...spot() })
}

export interface Naming {
  /** first byte of the log on the device */
  readonly logOffset: number
  /** path of an entry's file or directory */
  readonly names: ReadonlyMap<number, string>
}

function named({ rule, message, area, offset, length, path, entry, other }: Draft, { logOffset, names }: Naming): ImageFinding {
  const file = entry === undefined ? undefined : names.get(entry)
  const who = other === undefined ? undefined : names.get(other)
  return {
    rule,
    severity: imageRule(rule).severity,
    area,
    offset: area === 'log' ? logOffset + offset : offset,
    length,
    ...(entry === undefined ? {} : { entry }),
    path,
    ...(file === undefined ? {} : { file }),
    message: who === undefined ? message : `${message} (${quote(who)})`,
  }
}

/** All findings, those of the superblock first, in the order of the bytes; the last of a rule says how many more there are. */
export function finish({ drafts, counts, limit }: Collector, naming: Naming): ImageFinding[] {
  const found = drafts.map(draft => named(draft, naming))
  const last = new Map(found.map((f, i) => [f.rule, i]))
  for (const [rule, i] of last) {
    const more = (counts.get(rule) as number) - limit
    if (more > 0) found[i] = { ...(found[i] as ImageFinding), more }
  }
  const rank = (f: ImageFinding) => (f.area === 'log' ? 1 : 0)
  return found.sort((a, b) => rank(a) - rank(b) || a.offset - b.offset)
}
