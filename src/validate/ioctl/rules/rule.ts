/** What a rule about calls of the ioctl ABI is. */
import type { RuleFacts } from '../../rules/rule.ts'
import type { Call } from '../call.ts'

/** A rule about calls. */
export interface IoctlRule extends RuleFacts {
  /** names of the steps of the dialects that refuse it; absent: none does */
  readonly checks?: readonly string[]
  /** the finding in words */
  readonly says: (call: Call) => string
}
