/** The rule catalogue: everything that findings can say. docs/rules.md is made from it. */
import type { Check, Step } from '../../schema/check.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { dialects, famfsDialectIds } from '../../uapi/dialects/index.ts'
import { bpfDialects } from '../../uapi/dialects/known.ts'
import { bpfRules } from './bpf.ts'
import { bpfCareful } from './bpf-extents.ts'
import { daxdevRules } from './daxdev.ts'
import { extentRules } from './extents.ts'
import { groupRules } from './groups.ts'
import { headerRules } from './header.ts'
import { checkKey, type Rule } from './rule.ts'
import { sumRules } from './sums.ts'

/** All rules, in the order of the message. */
export const rules: readonly Rule[] = [...headerRules, ...extentRules, ...groupRules, ...sumRules, ...bpfRules, ...daxdevRules]

const byId = new Map(rules.map(rule => [rule.id, rule]))

/** A rule that this library says by itself. */
export const ruleNamed = (id: string): Rule => byId.get(id) as Rule

/** The chapters about maps: that of the famfs form, and those of others. */
export type Chapter = 'fmap' | 'bpf'

/** A rule of a chapter; undefined where the chapter has none of this name. */
export const ruleIn = (chapter: Chapter, name: string): Rule | undefined => byId.get(`${chapter}/${name}`)

/** What a careful peer asks of maps besides the steps of the dialect's own kernel, by chapter. */
export const carefulSteps: Readonly<Record<Chapter, readonly (readonly Step[])[]>> = {
  fmap: famfsDialectIds.map(id => dialects[id].checks),
  bpf: [bpfCareful],
}

/** The dialects whose kernels a rule is about, oldest first. */
export function dialectsOf({ id }: Rule): readonly Dialect[] {
  const famfs: readonly Dialect[] = famfsDialectIds.map(known => dialects[known])
  const bpf: readonly Dialect[] = Object.values(bpfDialects)
  if (id.startsWith('daxdev/')) return [...famfs, ...bpf].filter(d => d.reply.GET_DAXDEV !== undefined)
  return id.startsWith('bpf/') ? bpf : famfs
}

/**
 * The rules of a chapter that name a step: the first whose condition holds is the one that it breaks. A step with values that no published
 * dialect has breaks the rules of its name.
 */
export function rulesOfCheck(check: Check, chapter: Chapter): readonly Rule[] {
  const own = rules.filter(rule => rule.id.startsWith(`${chapter}/`))
  const named = own.filter(rule => rule.checks.includes(checkKey(check)))
  return named.length > 0 ? named : own.filter(rule => rule.checks.some(key => key.startsWith(`${check.name}:`)))
}

export type { Rule, RuleFacts, Severity } from './rule.ts'
