/** The rules about calls as chapters of docs/rules.md. */
import type { IoctlDialect } from '../../../schema/ioctl.ts'
import type { CallBlock, CallRemark, CallStep } from '../../../schema/ioctl-steps.ts'
import { ioctlDialects } from '../../../uapi/dialects/ioctl.ts'
import { ENOTTY } from '../../../uapi/errno.ts'
import { answerLines, type Chapter, type ChapterRule } from '../../rules/render.ts'
import { callRules } from './call.ts'
import { mapRules } from './map.ts'
import type { IoctlRule } from './rule.ts'

type Leaf = Exclude<CallStep, CallBlock>
type Refusing = Exclude<Leaf, CallRemark>

/** Steps without their blocks. */
function* leaves(steps: readonly CallStep[]): Generator<Leaf> {
  for (const step of steps) {
    if ('steps' in step) yield* leaves(step.steps)
    else yield step
  }
}

/** All steps of a version, with the command that they belong to; those of the entry belong to all. */
export function* stepsOf({ entry, handlers }: IoctlDialect): Generator<readonly [command: string | undefined, step: Leaf]> {
  for (const step of leaves(entry)) yield [undefined, step]
  for (const [name, { checks = [] }] of Object.entries(handlers)) for (const step of leaves(checks)) yield [name, step]
}

/** What a step that fails answers; undefined: counted. */
function answerOf(step: Refusing): number | string | undefined {
  if (step.kind === 'copy') return step.errno ?? 'a positive number'
  return step.errno === 'given' ? 'the errno of the look-up or the device' : step.errno
}

type Refusal = readonly [who: string, answer: number | string | undefined]

/** Who refuses it with what: a version, or a version and a command. */
function refusals({ checks = [] }: IoctlRule): Refusal[] {
  const all = Object.values<IoctlDialect>(ioctlDialects)
  if (checks.includes('commandKnown')) return all.map(d => [d.id, ENOTTY])
  const named = all.flatMap(d =>
    [...stepsOf(d)].flatMap(([command, step]): Refusal[] =>
      step.kind !== 'remark' && checks.includes(step.name) ? [[command === undefined ? d.id : `${d.id} ${command}`, answerOf(step)]] : [],
    ),
  )
  // what is asked of every command needs no command by name
  const whole = new Set(named.map(([who]) => who))
  return named.filter(([who]) => !who.includes(' ') || !whole.has(who.split(' ')[0] as string))
}

/** Who refuses it, and how. */
export const refusedBy = (rule: IoctlRule): string[] => answerLines(refusals(rule))

/** The versions that refuse it in any command. */
export const refusersOf = (rule: IoctlRule): string[] => [...new Set(refusals(rule).map(([who]) => who.split(' ')[0] as string))]

const withAnswers = (rule: IoctlRule): ChapterRule => ({ ...rule, refused: refusedBy(rule) })

const INTRO =
  'In calls a finding is an **error** when the driver of the version that was asked about refuses the call or suffers from it, a **warning** when another version refuses the same bytes or suffers from them, or when they are unsafe, and a **note** when they do no harm. Rules about GET_FMAP replies hold for maps in calls, too, as far as no driver has a step for them: fmap/overlap, fmap/end-wrap and their like.'

/** The chapters about the ioctl ABI. */
export const ioctlChapters: readonly Chapter[] = [
  { title: 'Ioctl calls', intro: INTRO, rules: callRules.map(withAnswers) },
  { title: 'Maps in ioctl calls', intro: 'Severities are those of calls.', rules: mapRules.map(withAnswers) },
]
