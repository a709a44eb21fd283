/** The catalogue as a document: docs/rules.md. */
import type { Check, Step } from '../../schema/check.ts'
import { dialects, famfsDialectIds } from '../../uapi/dialects/index.ts'
import { E2BIG, EINVAL, ENOMEM, ERANGE } from '../../uapi/errno.ts'
import { rules } from './index.ts'
import { checkKey, type Rule } from './rule.ts'

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

function section(rule: Rule): string {
  const refused = answers(rule)
  const lines = [
    `### ${rule.id}`,
    '',
    `**${rule.title}.** ${rule.why}`,
    '',
    ...(refused.length === 0 ? [] : ['Refused by the parser of', '', ...refused, '']),
    `${severities(rule)} ${rule.otherwise}`,
    '',
    `Facts: ${rule.facts}. Error code of \`assertValid\`: \`${rule.code}\`.`,
  ]
  return `${lines.join('\n')}\n`
}

const HEAD = `# The rules

Made from the catalogue in src/validate/rules by \`npm run generate\`; do not edit.

A finding is an **error** when the kernel of the dialect that was asked about refuses the bytes or misbehaves with them, a **warning** when it
takes them but another published kernel refuses them, or when they are unsafe, and a **note** when they do no harm. Every finding names the
dialects whose kernels accept that much. "Counted" failures do not end the parse at once: the parser goes on, and other failures may come
first. Facts are those of docs/facts/wire.md. Every rule has a smallest message that breaks it and no other, and a neighbour that breaks none,
in fixtures/rules.
`

/** The whole catalogue as Markdown. */
export function renderRules(): string {
  const about = (title: string, prefix: string): string[] => [`## ${title}\n`, ...rules.filter(r => r.id.startsWith(prefix)).map(section)]
  return [HEAD, ...about('GET_FMAP replies', 'fmap/'), ...about('GET_DAXDEV replies', 'daxdev/')].join('\n')
}
