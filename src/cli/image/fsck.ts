/** `image fsck`: what the tools of the reference return for an image, beside everything that a careful reader objects to. */
import {
  type ImageFinding,
  imageFindings,
  memoryArea,
  type Outcome,
  type ReferenceVerdicts,
  referenceVerdicts,
} from '../../metadata/index.ts'
import type { Paint, Style } from '../color.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { table } from '../table.ts'
import { quote } from '../values.ts'
import { count, shortBy, warnOfShort } from './nodes.ts'
import type { Opened } from './open.ts'
import type { Sub, Values, Work } from './sub.ts'

type Judge = Exclude<keyof ReferenceVerdicts, 'files' | 'famfs_daxdev_table_add'>

interface Meaning {
  /** return values in words */
  readonly words: Readonly<Record<number, string>>
  /** of any other */
  readonly otherwise: string
  /** whether it speaks against the image */
  readonly bad: (rc: number) => boolean
}

const notZero = (rc: number): boolean => rc !== 0
const REFUSES = { [-1]: 'refuses it' }
const fsckMeaning: Meaning = { words: { 0: 'good', ...REFUSES }, otherwise: 'units allocated twice', bad: notZero }
const playMeaning: Meaning = { words: { 0: 'good', ...REFUSES }, otherwise: 'errors', bad: notZero }

const MEANINGS: Readonly<Record<Judge, Meaning>> = {
  famfs_check_super: { words: { 0: 'good', 1: 'another version', [-1]: 'bad' }, otherwise: '', bad: notZero },
  famfs_get_role: { words: { 1: 'owner', 2: 'client', 3: 'no valid superblock' }, otherwise: '', bad: rc => rc === 3 },
  famfs_validate_log_header: { words: { 0: 'good', [-1]: 'bad' }, otherwise: '', bad: notZero },
  famfs_validate_log_entry_each: { words: { 0: 'good' }, otherwise: 'bad entries', bad: notZero },
  famfs_build_bitmap: fsckMeaning,
  famfs_fsck_scan: fsckMeaning,
  famfs_fsck_mmap: fsckMeaning,
  famfs_fsck_read: fsckMeaning,
  logplay_dry_run: playMeaning,
  logplay_shadow: playMeaning,
}

const judges = Object.keys(MEANINGS) as Judge[]

const speaksAgainst = (outcome: Outcome<unknown>, { bad }: Meaning): boolean => outcome.outcome !== 'returned' || bad(outcome.rc)

function outcomeText(outcome: Outcome<unknown>, { words, otherwise }: Meaning): [string, string] {
  if (outcome.outcome === 'returned') return [String(outcome.rc), words[outcome.rc] ?? otherwise]
  return [outcome.outcome === 'aborted' ? 'aborts' : 'undefined', outcome.why]
}

function verdictLines(verdicts: ReferenceVerdicts, paint: Paint): string[] {
  const rows = judges.map(name => {
    const meaning = MEANINGS[name]
    const [rc, words] = outcomeText(verdicts[name], meaning)
    return [`  ${name}`, rc, paint(speaksAgainst(verdicts[name], meaning) ? 'error' : 'good', words)]
  })
  return [
    paint('label', 'the tools of the reference'),
    ...table([{ title: '' }, { title: '', align: 'right' }, { title: '' }], rows, paint).slice(1),
  ]
}

const STYLES: Readonly<Record<ImageFinding['severity'], Style>> = { error: 'error', warning: 'warning', note: 'dim' }

function findingLines(found: readonly ImageFinding[], paint: Paint): string[] {
  return found.flatMap(({ rule, severity, area, offset, length, path, file, message, more }) => {
    const place = `${area} bytes ${offset}..${offset + length}${path === '' ? '' : `, ${path}`}`
    const whose = file === undefined ? '' : ` of ${quote(file)}`
    return [
      `  ${paint(STYLES[severity], severity)} ${paint('strong', rule)}${whose}: ${message}`,
      `      ${paint('dim', place)}`,
      ...(more === undefined ? [] : [`      ${more} more of this kind`]),
    ]
  })
}

function summaryOf(found: readonly ImageFinding[]): string {
  const of = (severity: ImageFinding['severity']): number =>
    found.filter(f => f.severity === severity).reduce((sum, f) => sum + 1 + (f.more ?? 0), 0)
  return `${count(of('error'), 'error')}, ${count(of('warning'), 'warning')}, ${count(of('note'), 'note')}`
}

/** With the name of the file as all commands print it. */
const nameShown = (finding: ImageFinding): ImageFinding =>
  finding.file === undefined ? finding : { ...finding, file: quote(finding.file).slice(1, -1) }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A uuid that no owner has: some host, whose tools look at the superblock before they take it for a client's. */
const SOME_HOST = ''

function hostIn(values: Values): string {
  const host = values['host-uuid']
  if (host !== undefined && !UUID.test(host))
    throw new Failure(`--host-uuid: expected a uuid such as 01234567-89ab-cdef-0123-456789abcdef, found ${host}`)
  return host?.toLowerCase() ?? SOME_HOST
}

const judged = (image: Opened, host: string): Promise<ReferenceVerdicts> =>
  referenceVerdicts({ superblock: image.superblock, log: image.log?.area ?? memoryArea(new Uint8Array(0)) }, host)

async function run({ image, values, io, paint }: Work): Promise<number> {
  const verdicts = await judged(image, hostIn(values))
  const short = shortBy(image, values)
  const found = await imageFindings(image, short === undefined ? {} : { deviceSize: BigInt(short.has) })
  const refused = judges.some(name => speaksAgainst(verdicts[name], MEANINGS[name]))
  const exit = refused || found.some(f => f.severity === 'error') ? REFUSED : GOOD
  if (values.json === true) {
    const { files, ...reference } = verdicts
    await io.print(`${jsonText({ good: exit === GOOD, layout: image.layout.id, reference, findings: found.map(nameShown) })}\n`)
    return exit
  }
  warnOfShort(image, values, io)
  const lines = [...verdictLines(verdicts, paint), `${paint('label', 'findings')} ${summaryOf(found)}`, ...findingLines(found, paint)]
  await io.print(`${lines.join('\n')}\n`)
  return exit
}

export const fsck: Sub = {
  tellsGuess: true,
  options: ['host-uuid', 'json'],
  operands: [0, 0],
  run,
}
