/** `ioctl verdict`: what each driver does with a call. */
import { ioctlText } from '../../codec/ioctl/index.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { type IoctlFinding, ioctlFindings } from '../../validate/ioctl/findings.ts'
import type { IoctlCall, IoctlVerdict } from '../../validate/ioctl/types.ts'
import { ioctlVerdict } from '../../validate/ioctl/verdict.ts'
import { type Paint, type Style, wrap } from '../color.ts'
import { table } from '../table.ts'
import { errnoName, safe } from '../values.ts'
import { addressText } from './names.ts'

export interface Judged {
  readonly dialect: IoctlDialectId
  readonly verdict: IoctlVerdict
  readonly findings: readonly IoctlFinding[]
}

/** What the versions say to a call. */
export const judge = (ids: readonly IoctlDialectId[], call: IoctlCall): Judged[] =>
  ids.map(dialect => ({ dialect, verdict: ioctlVerdict(dialect, call), findings: ioctlFindings(dialect, call) }))

/** The call is accepted and nobody suffers. */
export const isGood = ({ verdict, findings }: Judged): boolean =>
  'errno' in verdict && verdict.errno === 0 && findings.every(f => f.severity !== 'error')

function words(verdict: IoctlVerdict): readonly [Style, string] {
  if ('unread' in verdict) return ['dim', 'not known: nobody has read the driver']
  if ('oops' in verdict) return ['error', `oops: ${verdict.oops}`]
  if ('residue' in verdict) return ['warning', `returns ${verdict.residue}, bytes that were not copied`]
  return verdict.errno === 0 ? ['good', 'accepted'] : ['error', errnoName(verdict.errno)]
}

function placeText(verdict: IoctlVerdict): string {
  if (!('path' in verdict)) return ''
  return verdict.address === undefined ? verdict.path : `${verdict.path} at ${addressText(verdict.address)}`.trim()
}

/** The table of verdicts, and behind it the findings of one version. */
export function verdictLines(all: readonly Judged[], call: IoctlCall, columns: number, paint: Paint): string[] {
  const rows = all.map(({ dialect, verdict }) => [
    paint('name', dialect),
    paint(...words(verdict)),
    'check' in verdict ? verdict.check : '',
    placeText(verdict),
    verdict.hazards.map(h => h.rule).join(', '),
  ])
  const head = [{ title: 'dialect' }, { title: 'result' }, { title: 'check' }, { title: 'where' }, { title: 'the kernel suffers from' }]
  const what = typeof call.command === 'number' ? ioctlText(call.command) : call.command
  return [
    `${paint('strong', what)} with its argument at ${addressText(call.address)}`,
    '',
    ...table(head, rows, paint),
    ...findingLines(all, columns, paint),
  ]
}

const STYLES = { error: 'error', warning: 'warning', note: 'dim' } as const

/** Findings that every version has are told once. */
function findingLines(all: readonly Judged[], columns: number, paint: Paint): string[] {
  const told = new Map<string, { readonly finding: IoctlFinding; readonly ids: string[] }>()
  for (const { dialect, findings } of all)
    for (const finding of findings) {
      const key = `${finding.rule} ${finding.severity} ${finding.path} ${finding.message}`
      const known = told.get(key)
      if (known === undefined) told.set(key, { finding, ids: [dialect] })
      else known.ids.push(dialect)
    }
  if (told.size === 0) return ['', 'no findings']
  return [...told.values()].flatMap(({ finding: { rule, severity, path, message, more }, ids }) => [
    '',
    `${paint(STYLES[severity], severity)}  ${paint('name', rule)}  ${safe(path)}  ${paint('dim', ids.join(', '))}`,
    ...wrap(`${safe(message)}${more === undefined ? '' : ` (and ${more} more)`}`, columns - 2).map(line => `  ${line}`),
  ])
}
