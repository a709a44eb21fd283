/** The catalogue as a document: docs/rules.md. */
import type { Check, Step } from '../../schema/check.ts'
import * as errnos from '../../uapi/errno.ts'
import { dialectsOf, rules } from './index.ts'
import { checkKey, type Rule, type RuleFacts } from './rule.ts'

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(errnos).map(([name, number]) => [number, name]))

function* checksOf(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksOf(step.steps)
  }
}

/**
 * Answers in the order in which they were found, those who give one together: `- EINVAL: fuse-v1, fuse-v2`. A counted step (undefined) lets
 * the parser go on, and EINVAL comes later.
 */
export function answerLines(answers: Iterable<readonly [id: string, errno: number | undefined | string]>): string[] {
  const byAnswer = new Map<string, Set<string>>()
  for (const [id, errno] of answers) {
    const answer = errno === undefined ? 'EINVAL (counted)' : typeof errno === 'string' ? errno : `${NAMES.get(errno)}`
    byAnswer.set(answer, (byAnswer.get(answer) ?? new Set()).add(id))
  }
  return [...byAnswer].map(([answer, ids]) => `- ${answer}: ${[...ids].join(', ')}`)
}

/** What the dialects answer that have a step for this rule, those with one answer together. */
const answers = (rule: Rule): string[] =>
  answerLines(
    dialectsOf(rule).flatMap(({ id, checks }) =>
      [...checksOf(checks)].filter(c => rule.checks.includes(checkKey(c))).map(c => [id, c.errno] as const),
    ),
  )

/** How grave it is: an error where a parser refuses it, else as the rule says. */
function severities(rule: Rule): string {
  if (rule.checks.length === 0) return `Severity: ${rule.severity}.`
  if (rule.ownOnly) return 'Severity: error where it is refused, otherwise nothing is said.'
  return `Severity: error where it is refused, otherwise ${rule.severity ?? 'a warning as long as a compared dialect refuses it'}.`
}

const section = ({ id, title, why, otherwise }: RuleFacts, refused: readonly string[], severity: string, facts: string): string =>
  `${[`### ${id}`, '', `**${title}.** ${why}`, '', ...refused, `${severity} ${otherwise}`, '', facts].join('\n')}\n`

function messageRule(rule: Rule): string {
  const refused = answers(rule)
  const facts = `Facts: ${rule.facts}. Error code of \`assertValid\`: \`${rule.code}\`.`
  return section(rule, refused.length === 0 ? [] : ['Refused by the parser of', '', ...refused, ''], severities(rule), facts)
}

/** A rule of a chapter. */
export interface ChapterRule extends RuleFacts {
  /** who refuses it with which errno, as {@link answerLines} says it */
  readonly refused?: readonly string[]
}

function otherRule(rule: ChapterRule): string {
  const { refused = [], severity } = rule
  const grave =
    severity === undefined ? 'error where it is refused, otherwise a warning where a compared version refuses the same bytes' : severity
  const lines = refused.length === 0 ? [] : ['Refused by the driver of', '', ...refused, '']
  return section(rule, lines, `Severity: ${grave}.`, `Facts: ${rule.facts}.`)
}

/** Rules of another catalogue, under a title. */
export interface Chapter {
  readonly title: string
  readonly intro: string
  readonly rules: readonly ChapterRule[]
}

const HEAD = `# The rules

Made from the catalogues in src/validate/rules, src/validate/ioctl/rules and src/metadata/rules by \`npm run generate\`; do not edit. Facts are those of docs/facts.
Every rule about messages has a smallest message that breaks it and no other, and a neighbour that breaks none, in fixtures/rules; every rule
about images has changes there that break it in an image which breaks none, every rule about shadow files a text that breaks it, and every
rule about ioctl calls a call and a neighbour in fixtures/ioctl.

In messages a finding is an **error** when the kernel of the dialect that was asked about refuses the bytes or misbehaves with them, a
**warning** when it takes them but another published kernel refuses them, or when they are unsafe, and a **note** when they do no harm. Every
finding names the dialects whose kernels accept that much. "Counted" failures do not end the parse at once: the parser goes on, and other
failures may come first.
`

/** The catalogue as Markdown, with the chapters of others behind it. */
export function renderRules(chapters: readonly Chapter[] = []): string {
  const about = (title: string, prefix: string): string[] => [
    `## ${title}\n`,
    ...rules.filter(r => r.id.startsWith(prefix)).map(messageRule),
  ]
  const others = chapters.flatMap(({ title, intro, rules }) => [`## ${title}\n`, `${intro}\n`, ...rules.map(otherRule)])
  return [
    HEAD,
    ...about('GET_FMAP replies', 'fmap/'),
    ...about('GET_FMAP replies of the BPF variant', 'bpf/'),
    ...about('GET_DAXDEV replies', 'daxdev/'),
    ...others,
  ].join('\n')
}
