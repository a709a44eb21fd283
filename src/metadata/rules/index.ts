/** The catalogue of everything that findings about an image can say. docs/rules.md shows it beside the rules about messages. */
import type { Chapter } from '../../validate/rules/render.ts'
import { logRules } from './log.ts'
import { mapRules } from './maps.ts'
import { pathRules } from './paths.ts'
import type { MediaRule } from './rule.ts'
import { superblockRules } from './superblock.ts'
import { yamlRules } from './yaml.ts'

/** All rules about images, in the order of the bytes. */
export const imageRules: readonly MediaRule[] = [...superblockRules, ...logRules, ...pathRules, ...mapRules]

const INTRO =
  'In images a finding is an **error** when the tools of the reference, its daemon or a kernel refuse it, misbehave or lose something, a **warning** when it is taken but hardly what was meant, and a **note** when it does no harm so far.'

/** The chapters of docs/rules.md. */
export const imageChapters: readonly Chapter[] = [
  { title: 'Superblocks', intro: INTRO, rules: superblockRules },
  { title: 'Logs and their entries', intro: 'Severities are those of superblocks.', rules: logRules },
  { title: 'Paths in the log', intro: 'Severities are those of superblocks.', rules: pathRules },
  { title: 'Maps in the log', intro: 'Severities are those of superblocks.', rules: mapRules },
  { title: 'Shadow files', intro: 'Severities are those of superblocks. Offsets are bytes of the YAML file.', rules: yamlRules },
]

const byId = new Map(imageRules.map(rule => [rule.id, rule]))

/** The rule of this id. @throws Error when there is none: that is a mistake of the caller */
export function imageRule(id: string): MediaRule {
  const rule = byId.get(id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  return rule
}

export type { MediaRule } from './rule.ts'
export { yamlRules } from './yaml.ts'
