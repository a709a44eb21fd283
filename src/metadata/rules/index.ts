/** The catalogue of everything that findings about an image can say. docs/rules.md shows it beside the rules about messages. */
import { logRules } from './log.ts'
import { mapRules } from './maps.ts'
import { pathRules } from './paths.ts'
import type { MediaRule } from './rule.ts'
import { superblockRules } from './superblock.ts'

/** All rules about images, in the order of the bytes. */
export const imageRules: readonly MediaRule[] = [...superblockRules, ...logRules, ...pathRules, ...mapRules]

const byId = new Map(imageRules.map(rule => [rule.id, rule]))

/** The rule of this id. @throws Error when there is none: that is a mistake of the caller */
export function imageRule(id: string): MediaRule {
  const rule = byId.get(id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  return rule
}

export type { MediaRule } from './rule.ts'
