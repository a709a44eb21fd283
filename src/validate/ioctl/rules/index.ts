/** The catalogue of rules about calls of the ioctl ABI. */
import { callRules } from './call.ts'
import { mapRules } from './map.ts'
import type { IoctlRule } from './rule.ts'

/** All rules about calls: the call itself, then the map that it gives. */
export const ioctlRules: readonly IoctlRule[] = [...callRules, ...mapRules]

const byId = new Map(ioctlRules.map(rule => [rule.id, rule]))
const byCheck = new Map(ioctlRules.flatMap(rule => (rule.checks ?? []).map(check => [check, rule] as const)))

/** A rule that a dialect or this library names. */
export const ruleNamed = (id: string): IoctlRule => byId.get(id) as IoctlRule
/** The rule that a step is about; undefined for the step that counts failures. */
export const ruleOfStep = (name: string): IoctlRule | undefined => byCheck.get(name)

export { unknownCommand } from './call.ts'
export type { IoctlRule } from './rule.ts'
