/** The rule catalogue: everything that findings can say. docs/rules.md is made from it. */
import type { Check } from '../../schema/check.ts'
import { daxdevRules } from './daxdev.ts'
import { extentRules } from './extents.ts'
import { groupRules } from './groups.ts'
import { headerRules } from './header.ts'
import { checkKey, type Rule } from './rule.ts'
import { sumRules } from './sums.ts'

/** All rules, in the order of the message. */
export const rules: readonly Rule[] = [...headerRules, ...extentRules, ...groupRules, ...sumRules, ...daxdevRules]

const byId = new Map(rules.map(rule => [rule.id, rule]))

/** A rule that this library says by itself. */
export const ruleNamed = (id: string): Rule => byId.get(id) as Rule

/**
 * The rules that name a step: the first whose condition holds is the one that it breaks. A step with values that no published dialect
 * has breaks the rules of its name.
 */
export function rulesOfCheck(check: Check): readonly Rule[] {
  const named = rules.filter(rule => rule.checks.includes(checkKey(check)))
  return named.length > 0 ? named : rules.filter(rule => rule.checks.some(key => key.startsWith(`${check.name}:`)))
}

export type { Rule, RuleFacts, Severity } from './rule.ts'
