/** What a rule about superblock and log is. */
import type { RuleFacts, Severity } from '../../validate/rules/index.ts'

/**
 * One thing that a careful reader of an image objects to. error: the tools of the reference, its daemon or the kernel refuse it, misbehave
 * or lose something. warning: accepted, but hardly what was meant. note: harmless so far. `otherwise` says what the reference does.
 */
export interface MediaRule extends RuleFacts {
  readonly severity: Severity
}
