/** The catalogue as a document: docs/rules.md. */
import type { Check, Step } from '../../schema/check.ts'
import { dialects, famfsDialectIds } from '../../uapi/dialects/index.ts'
import { E2BIG, EINVAL, ENOMEM, ERANGE } from '../../uapi/errno.ts'
import { rules } from './index.ts'
import { checkKey, type Rule, type RuleFacts } from './rule.ts'

const NAMES: Readonly<Record<number, string>> = { [E2BIG]: 'E2BIG', [EINVAL]: 'EINVAL', [ENOMEM]: 'ENOMEM', [ERANGE]: 'ERANGE' }

function* checksOf(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksOf(step.steps)
  }
}

/** A counted step lets the parser go on, and EINVAL comes later. */
const answerOf = ({ errno }: Check): string => (errno === undefined ? 'EINVAL (counted)' : `${NAMES[errno]}`)

/** What the dialects answer that have a step for this rule, those with one answer together. */
function answers(rule: Rule): string[] {
  const byAnswer = new Map<string, string[]>()
  for (const id of famfsDialectIds) {
    const own = [...checksOf(dialects[id].checks)].filter(check => rule.checks.includes(checkKey(check)))
    for (const answer of new Set(own.map(answerOf))) byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), id])
  }
  return [...byAnswer].map(([answer, ids]) => `- ${answer}: ${ids.join(', ')}`)
}

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

const otherRule = (rule: RuleFacts): string => section(rule, [], `Severity: ${rule.severity}.`, `Facts: ${rule.facts}.`)

/** Rules of another catalogue, under a title. */
export interface Chapter {
  readonly title: string
  readonly intro: string
  readonly rules: readonly RuleFacts[]
}

const HEAD = `# The rules

Made from the catalogues in src/validate/rules and src/metadata/rules by \`npm run generate\`; do not edit. Facts are those of docs/facts.
Every rule about messages has a smallest message that breaks it and no other, and a neighbour that breaks none, in fixtures/rules; every rule
about images has changes there that break it in an image which breaks none.

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
  return [HEAD, ...about('GET_FMAP replies', 'fmap/'), ...about('GET_DAXDEV replies', 'daxdev/'), ...others].join('\n')
}
