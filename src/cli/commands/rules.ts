/** `famfs-wire rules`: the catalogue of everything that findings can say. */

import { imageRules, yamlRules } from '../../metadata/rules/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { rules as messageRules, type Rule } from '../../validate/index.ts'
import { refusedBy, refusersOf } from '../../validate/ioctl/rules/chapter.ts'
import { type IoctlRule, ioctlRules } from '../../validate/ioctl/rules/index.ts'
import { dialectsOf, type RuleFacts } from '../../validate/rules/index.ts'
import { checkText } from '../checktext.ts'
import { type Paint, padEnd, pageWidth, painter, wrap } from '../color.ts'
import { command, Failure, GOOD } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { suggestion } from '../near.ts'
import { checkOf } from '../rulefacts.ts'
import { table } from '../table.ts'

/** All catalogues: messages, ioctl calls, images, and shadow files. */
const all: readonly RuleFacts[] = [...messageRules, ...ioctlRules, ...imageRules, ...yamlRules]

const isAboutCalls = (rule: RuleFacts): rule is IoctlRule => rule.id.startsWith('ioctl/')
const isAboutMessages = (rule: RuleFacts): rule is Rule => 'checks' in rule && !isAboutCalls(rule)

export const rules = command({
  usage: ['[ID] [--json]'],
  about: [
    'Without an operand the list of rules. With an id: what it finds, why that matters, and what the kernel of each dialect does, who refuses it (ioctl/), or, for rules about images and shadow files (superblock/, log/, yaml/), what the tools of the reference do. The end of an id is enough where it is unique: offset-pmd for fmap/offset-pmd.',
  ],
  options: { json: { type: 'boolean', help: 'the rules as JSON' } },
  operands: 1,
  examples: [
    ['famfs-wire rules', 'the list'],
    ['famfs-wire rules fmap/chunk-zero', 'why a chunk size of 0 is an error'],
  ],
  async run({ values, positionals }, io) {
    const paint = painter(values.color, io)
    const [id] = positionals
    const chosen = id === undefined ? undefined : ruleCalled(id)
    if (values.json === true) await io.print(`${jsonText(chosen === undefined ? all.map(ruleJson) : ruleJson(chosen))}\n`)
    else await io.print(`${(chosen === undefined ? list(paint) : explained(chosen, paint, pageWidth(io))).join('\n')}\n`)
    return GOOD
  },
})

function ruleCalled(id: string): RuleFacts {
  const ends = all.filter(rule => rule.id === id || rule.id.endsWith(`/${id}`))
  // the variant has a rule of its own for many a famfs rule, by the same name
  const others = ends.filter(rule => !rule.id.startsWith('bpf/'))
  const found = others.length > 0 ? others : ends
  const [rule] = found
  if (rule !== undefined && found.length === 1) return rule
  if (found.length > 1) throw new Failure(`${id} is the end of several rules: ${found.map(r => r.id).join(', ')}`)
  throw new Failure(`unknown rule ${id}`, {
    hint: suggestion(
      id,
      all.map(r => r.id),
      'famfs-wire rules lists them',
    ),
  })
}

function list(paint: Paint): string[] {
  const rows = all.map(rule => [
    paint('name', rule.id),
    refusers(rule),
    paint(STYLES[rule.severity ?? 'none'], rule.severity ?? '-'),
    rule.title,
  ])
  return [...table([{ title: 'rule' }, { title: 'checked by' }, { title: 'else' }, { title: 'what it finds' }], rows, paint), '', ...LEGEND]
}

const STYLES = { error: 'error', warning: 'warning', note: 'dim', none: 'dim' } as const

const LEGEND = [
  'checked by: kernels whose parser has a check for it; there it is an error.',
  'else: how grave it is where the kernel takes it; - is a warning when another kernel checks it.',
  `${all.length} rules; famfs-wire rules ID explains one.`,
]

/** How many kernels check it, of those that ask for the message. */
function refusers(rule: RuleFacts): string {
  if (isAboutCalls(rule)) return share(refusersOf(rule).length, Object.keys(ioctlDialects).length)
  if (!isAboutMessages(rule)) return '-'
  const asked = dialectsOf(rule)
  return share(asked.filter(d => actionOf(rule, d).refuses).length, asked.length)
}

const share = (n: number, of: number): string => (n === 0 ? '-' : n === of ? 'all' : `${n} of ${of}`)

/** What the kernel of a dialect does. */
function actionOf(rule: Rule, dialect: Dialect): { readonly refuses: boolean; readonly text: string } {
  const check = checkOf(rule, dialect)
  if (check === undefined) return { refuses: false, text: 'has no check for it' }
  return { refuses: true, text: checkText(check) }
}

function explained(rule: RuleFacts, paint: Paint, columns: number): string[] {
  const indent = (text: string): string[] => wrap(text, columns - 2).map(line => `  ${line}`)
  const kernels =
    !isAboutMessages(rule) || rule.checks.length === 0
      ? refusals(rule, paint, columns)
      : ['', paint('strong', 'kernels'), ...dialectsOf(rule).map(d => `  ${padEnd(paint('name', d.id), 12)}  ${action(rule, d, paint)}`)]
  return [
    `${paint('name', rule.id)}: ${paint('strong', rule.title)}`,
    '',
    ...indent(rule.why),
    ...kernels,
    '',
    paint('strong', 'otherwise'),
    ...indent(rule.otherwise),
    '',
    `${paint('strong', 'facts')} ${rule.facts}`,
  ]
}

/** Which drivers of the ioctl ABI refuse it. */
function refusals(rule: RuleFacts, paint: Paint, columns: number): string[] {
  const lines = isAboutCalls(rule) ? refusedBy(rule) : []
  return lines.length === 0
    ? []
    : ['', paint('strong', 'refused by'), ...lines.flatMap(line => wrap(line.slice(2), columns - 2)).map(l => `  ${l}`)]
}

function action(rule: Rule, dialect: Dialect, paint: Paint): string {
  const { refuses, text } = actionOf(rule, dialect)
  return refuses ? `checks: ${text}` : paint('dim', text)
}

function ruleJson(rule: RuleFacts): Record<string, unknown> {
  const { id, title, why, severity, otherwise, facts, code } = rule
  if (isAboutCalls(rule)) return { id, title, why, severity: severity ?? null, otherwise, facts, code, refused: refusedBy(rule) }
  if (!isAboutMessages(rule)) return { id, title, why, severity, otherwise, facts, code }
  const kernels = Object.fromEntries(dialectsOf(rule).map(d => [d.id, checkOf(rule, d)?.name ?? null]))
  return { id, title, why, severity: severity ?? null, otherwise, facts, code, checks: kernels }
}
