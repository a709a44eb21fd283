/** Which step of a dialect a rule is about. */
import type { Check, Step } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { Rule } from '../validate/index.ts'
import { checkKey } from '../validate/rules/rule.ts'

function* checksIn(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksIn(step.steps)
  }
}

/** The step of that name; of several the first. */
export function checkNamed(name: string, dialect: Dialect): Check | undefined {
  for (const check of checksIn(dialect.checks)) if (check.name === name) return check
  return undefined
}

/** The first step of the dialect that refuses what the rule finds. */
export function checkOf(rule: Rule, dialect: Dialect): Check | undefined {
  for (const check of checksIn(dialect.checks)) if (rule.checks.includes(checkKey(check))) return check
  return undefined
}
