/** `image yaml-check`: a shadow file judged: what the reader of the reference says, what it describes, and everything to object to. */
import { attempt } from '../../codec/errors.ts'
import { plainEntry } from '../../metadata/plain.ts'
import { readShadowYaml, type ShadowReading, type ShadowVerdict, type YamlFinding } from '../../metadata/yaml/read/index.ts'
import type { Paint, Style } from '../color.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { readInput } from '../input.ts'
import { jsonText } from '../json-text.ts'
import { quote } from '../values.ts'
import { asksForReply, checkReplyOptions, printReplies, printReply } from './fmap.ts'
import { whatText } from './log.ts'
import { count, shown } from './nodes.ts'
import type { Call, Tool } from './sub.ts'

const CODES: Readonly<Record<string, string>> = {
  '-1': 'refuses it with -1',
  '-22': 'refuses it with -22 (EINVAL)',
  '-75': 'refuses it with -75 (EOVERFLOW)',
  undefined: 'does something that nothing defines',
  endless: 'never returns',
}

const placeText = ({ line, column, offset }: Pick<ShadowVerdict, 'line' | 'column' | 'offset'>): string =>
  `line ${line}, column ${column}, byte ${offset}`

function verdictLines(verdict: ShadowVerdict, paint: Paint): string[] {
  if (verdict.rc === 0) return [`the reader of the reference ${paint('good', 'accepts it')}`]
  return [
    `the reader of the reference ${paint('error', CODES[String(verdict.rc)] ?? `returns ${verdict.rc}`)}: ${verdict.why ?? ''}`,
    `      ${paint('dim', placeText(verdict))}`,
  ]
}

const STYLES: Readonly<Record<YamlFinding['severity'], Style>> = { error: 'error', warning: 'warning', note: 'dim' }

function findingLines(found: readonly YamlFinding[], paint: Paint): string[] {
  const of = (severity: YamlFinding['severity']): number => found.filter(finding => finding.severity === severity).length
  const sum = `${count(of('error'), 'error')}, ${count(of('warning'), 'warning')}, ${count(of('note'), 'note')}`
  return [
    `${paint('label', 'findings')} ${sum}`,
    ...found.flatMap(finding => {
      const { rule, severity, path, message } = finding
      const where = path === '' ? '' : ` of ${quote(path).slice(1, -1)}`
      return [
        `  ${paint(STYLES[severity], severity)} ${paint('strong', rule)}${where}: ${quote(message).slice(1, -1).replaceAll('\\"', '"')}`,
        `      ${paint('dim', placeText(finding))}`,
      ]
    }),
  ]
}

/** @throws Failure for a text that nobody can follow */
function readOf(bytes: Uint8Array, name: string): ShadowReading {
  const reading = attempt(() => readShadowYaml(bytes))
  if (reading.ok) return reading.value
  throw new Failure(`${name}: byte ${reading.error.offset}: ${reading.error.detail}`, { exit: REFUSED })
}

/** Only the bytes of the reply that was asked for. */
async function replyOnly({ verdict, entry }: ShadowReading, name: string, call: Call): Promise<number> {
  if (entry === undefined)
    throw new Failure(`${name}: the reader of the reference ${CODES[String(verdict.rc)]}: ${verdict.why}`, {
      exit: REFUSED,
      hint: `${placeText(verdict)}; famfs-wire image yaml-check without --dialect says more`,
    })
  await printReply(entry, name, call)
  return GOOD
}

async function start(call: Call): Promise<number> {
  const { operands, values, io, paint } = call
  checkReplyOptions(values)
  const { name, bytes } = await readInput(operands[0], { format: 'raw' }, io)
  const reading = readOf(bytes, name)
  if (asksForReply(values)) return replyOnly(reading, name, call)
  const { verdict, entry, findings } = reading
  const exit = verdict.rc === 0 && findings.every(finding => finding.severity !== 'error') ? GOOD : REFUSED
  if (values.json === true) {
    const file = entry === undefined ? {} : { file: plainEntry(entry, shown) }
    await io.print(`${jsonText({ good: exit === GOOD, verdict, ...file, findings })}\n`)
    return exit
  }
  await io.print(`${verdictLines(verdict, paint).join('\n')}\n`)
  if (entry !== undefined) {
    await io.print(`  ${whatText(entry)}\n\n`)
    await printReplies(entry, call)
    await io.print('\n')
  }
  await io.print(`${findingLines(findings, paint).join('\n')}\n`)
  return exit
}

export const yamlCheck: Tool = {
  options: ['dialect', 'dialect-file', 'as', 'json'],
  about: [
    'FILE is a shadow file, as famfs keeps one for each file and image yaml writes it; - or nothing is standard input. Exit code 1 when the reader refuses it or there is an error to object to.',
  ],
  examples: [
    ['famfs-wire image yaml IMAGE PATH | famfs-wire image yaml-check', 'what came out of a log goes in again'],
    ['famfs-wire image yaml-check shadow/root/file --dialect fuse-v10', 'the reply that a kernel is sent for it'],
  ],
  operands: [0, 1],
  start,
}
