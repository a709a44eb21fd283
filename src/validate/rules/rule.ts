/** What a rule of the catalogue is: one thing that a careful peer objects to, why, and what the kernels make of it. */
import type { WireErrorCode } from '../../codec/errors.ts'
import type { Check } from '../../schema/check.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Registers } from '../tests.ts'

/** error: this dialect's kernel refuses it or misbehaves. warning: accepted here, refused or unsafe elsewhere. note: harmless so far. */
export type Severity = 'error' | 'warning' | 'note'

/** What every rule of every catalogue tells about itself. */
export interface RuleFacts {
  /** such as `fmap/offset-pmd` */
  readonly id: string
  readonly title: string
  /** why it matters, in one or two sentences */
  readonly why: string
  /** how grave it is where nobody refuses it */
  readonly severity?: Severity
  /** what those do that take it */
  readonly otherwise: string
  /** section of the fact sheet */
  readonly facts: string
  /** code of the WireError that stands for it */
  readonly code: WireErrorCode
}

/** A rule about messages. */
export interface Rule extends RuleFacts {
  /** steps of the dialects' check lists that refuse it, as `checkKey` names them */
  readonly checks: readonly string[]
  /** several rules may name one step: the first whose condition holds is the one */
  readonly when?: (r: Registers, dialect: Dialect) => boolean
  /** how grave it is where this dialect's kernel takes it; absent: a warning when another one refuses it, else nothing */
  readonly severity?: Severity
  /** said only when this dialect's kernel refuses it: for what is a choice, not an accident */
  readonly ownOnly?: true
  /** the finding in words; `detail` is what only the place of the finding knows */
  readonly says: (r: Registers, detail: string) => string
}

/** A step by what matters for a rule: its name, the unit of an alignment, the values of a choice. */
export function checkKey({ name, test }: Check): string {
  if (test.op === 'unaligned') return `${name}:${test.unit}`
  return test.op === 'noneOf' ? `${name}:${test.values.join('|')}` : name
}
