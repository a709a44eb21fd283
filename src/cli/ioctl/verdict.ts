/** `ioctl verdict`: what each driver does with a call. */
import { hex } from '../../codec/input.ts'
import { ioctlText } from '../../codec/ioctl/index.ts'
import { type IoctlDialectId, ioctlDialectIds } from '../../uapi/dialects/ioctl.ts'
import { type IoctlFinding, ioctlFindings } from '../../validate/ioctl/findings.ts'
import type { InstalledMap, IoctlCall, IoctlVerdict } from '../../validate/ioctl/types.ts'
import { ioctlVerdict } from '../../validate/ioctl/verdict.ts'
import type { VerdictOptions } from '../../validate/options.ts'
import { type Paint, pageWidth, type Style, wrap } from '../color.ts'
import { Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { dialectsOf } from '../dialects.ts'
import { jsonText } from '../json-text.ts'
import { machineOf } from '../machine.ts'
import { suggestion } from '../near.ts'
import { table } from '../table.ts'
import { errnoName, safe, spacedHex } from '../values.ts'
import { warnLosses } from './form.ts'
import { addressText, ioctlDialectNamed, names, typed } from './names.ts'
import { memoryOf, stateOf } from './payload.ts'
import { formNamed, mapFrom } from './source.ts'
import { type Call, machineNames, memoryNames, type Sub, stateNames, type Values } from './sub.ts'

interface Judged {
  readonly dialect: IoctlDialectId
  readonly verdict: IoctlVerdict
  readonly findings: readonly IoctlFinding[]
}

/** What the versions say to a call. */
const judge = (ids: readonly IoctlDialectId[], call: IoctlCall, machine: VerdictOptions): Judged[] =>
  ids.map(dialect => ({ dialect, verdict: ioctlVerdict(dialect, call, machine), findings: ioctlFindings(dialect, call, machine) }))

/** The call is accepted and nobody suffers. */
const isGood = ({ verdict, findings }: Judged): boolean =>
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
function verdictLines(all: readonly Judged[], call: IoctlCall, columns: number, paint: Paint): string[] {
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
    ...writtenLines(all, columns, paint),
    ...findingLines(all, columns, paint),
  ]
}

/** What kernels write into the caller's memory; the same bytes once. */
function writtenLines(all: readonly Judged[], columns: number, paint: Paint): string[] {
  const told = new Map<string, { readonly ids: IoctlDialectId[]; readonly address: bigint; readonly bytes: Uint8Array }>()
  for (const { dialect, verdict } of all) {
    if (!('written' in verdict) || verdict.written === undefined) continue
    const { address, bytes } = verdict.written
    const known = told.get(hex(bytes))
    if (known === undefined) told.set(hex(bytes), { ids: [dialect], address, bytes })
    else known.ids.push(dialect)
  }
  return [...told.values()].flatMap(({ ids, address, bytes }) => [
    '',
    `${paint('strong', `written at ${addressText(address)}, ${bytes.length} bytes`)}  ${paint('dim', ids.join(', '))}`,
    ...rowsOf(bytes, columns),
  ])
}

/** Bytes in rows that fit, but for zeros at the end. */
function rowsOf(bytes: Uint8Array, columns: number): string[] {
  const size = Math.max(8, Math.floor((columns - 2) / 48) * 16)
  const end = Math.min(bytes.length, Math.ceil((bytes.findLastIndex(b => b !== 0) + 1) / size) * size)
  const rows = Array.from(
    { length: Math.ceil(end / size) },
    (_, i) => `  ${spacedHex(bytes.subarray(i * size, Math.min(end, (i + 1) * size)))}`,
  )
  return end === bytes.length ? rows : [...rows, `  and ${bytes.length - end} bytes of zeros`]
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

/** The map that the inode has, where one is given. */
async function installedIn(values: Values, io: Io): Promise<InstalledMap | undefined> {
  if (values.map === undefined) {
    const stray = (['image', 'line', 'from', 'dialect-file'] as const).find(name => values[name] !== undefined)
    if (stray !== undefined) throw new Failure(`--${stray} is about the map of the inode: --map is missing`)
    return undefined
  }
  if (values.mapped === true) throw new Failure('--map and --mapped do not go together')
  const known = await dialectsOf(values)
  const from = values.from === undefined ? undefined : formNamed('from', values.from, known)
  const { map, fileType, lost } = await mapFrom(values.map, from, known, { from: values.from, image: values.image, line: values.line }, io)
  warnLosses(lost, io)
  return { ...map, file_type: fileType }
}

function commandNamed(name: string): string | number {
  const what = typed(name)
  if (typeof what === 'number' || names.includes(what)) return what
  throw new Failure(`unknown command ${name}`, { hint: suggestion(what, names, `there are ${names.join(', ')}`) })
}

async function run({ values, operands: [name = '', operand], io, paint }: Call): Promise<number> {
  const command = commandNamed(name)
  const ids = values.dialect === undefined ? ioctlDialectIds : [ioctlDialectNamed(values.dialect)]
  const state = stateOf(values, await installedIn(values, io))
  const { memory, address } = await memoryOf(operand, values, io)
  const call = { command, memory, address, state }
  const all = judge(ids, call, machineOf(values))
  if (values.json === true) await io.print(`${jsonText(all)}\n`)
  else await io.print(`${verdictLines(all, call, pageWidth(io), paint).join('\n')}\n`)
  return all.every(isGood) ? GOOD : REFUSED
}

export const verdict: Sub = {
  options: ['dialect', ...memoryNames, 'format', 'map', 'from', 'dialect-file', 'image', 'line', ...stateNames, ...machineNames, 'json'],
  about: [
    'Answers for every version unless --dialect names one: the errno, or the positive rest of a copy, or an oops; the bytes that the driver writes; then the findings. Exit code 1 unless all accept it without an error among the findings.',
    'What the bytes do not decide is said by options: the map that the inode has (--map in the form --from, with --image a path in that image), its size, the device, who calls. Of memory that a driver writes, every byte must be given.',
  ],
  examples: [
    ['famfs-wire ioctl verdict MAP_GETEXT 00 -d ioctl-43', 'a null pointer in the kernel'],
    [
      'head -c 448 /dev/zero | famfs-wire ioctl verdict MAP_GET_V2 -d 43 --map fixtures/examples/two-strips.hex',
      'what a driver answers about that map',
    ],
  ],
  operands: [1, 2],
  run,
}
