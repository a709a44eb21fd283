/** Look-ups made and printed: as a table, or as JSON. */
import { mapTitle } from '../../kernel/render-picture.ts'
import { renderText } from '../../kernel/render-text.ts'
import type { RenderOptions } from '../../kernel/render-views.ts'
import { hex } from '../../kernel/render-words.ts'
import type { Devices } from '../../kernel/state.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { integer } from '../args.ts'
import { clip, type Paint, painter } from '../color.ts'
import { GOOD, type Io, REFUSED } from '../command.ts'
import { askingFor, type Dialects, famfsDialectNamed, haveOneForm } from '../dialects.ts'
import { jsonText } from '../json-text.ts'
import { mistaken } from '../judged.ts'
import { type Machine, machineOf } from '../machine.ts'
import { anyDialectNamed } from '../subject.ts'
import { safe } from '../values.ts'
import { deviceStates, type Range } from './ask.ts'
import { stepJson } from './json.ts'
import { type AnyDialect, type Judgement, judge, type Taker } from './judge.ts'
import { type Cell, type Question, type Row, rows, sameCell } from './lookups.ts'
import type { NamedMap, Reading } from './maps.ts'
import type { Values } from './options.ts'
import { lookupLines, refusalLines } from './view.ts'

/** Who looks up, in which state, and how it is shown. */
export interface Plan {
  readonly dialects: readonly AnyDialect[]
  /** they were named: one that cannot be given the map is no answer to the question */
  readonly named: boolean
  readonly devices: Devices
  readonly machine: Machine
  /** rows to make at most */
  readonly most: number
  readonly json: boolean
  /** undefined: on a terminal, for a whole file */
  readonly drawn: boolean | undefined
  readonly paint: (io: Io) => Paint
}

const MOST = '1024'

function resolvingNamed(id: string, among: Dialects): AnyDialect {
  const found = anyDialectNamed(id, among)
  return typeof found === 'string' ? ioctlDialects[found] : famfsDialectNamed(id, among)
}

/** @throws Failure for a form that no dialect has */
export function readingOf({ form, dialect = [] }: Values, among: Dialects): Reading {
  if (form !== undefined) return { among, form: famfsDialectNamed(form, among) }
  const [first] = dialect.filter(id => Object.hasOwn(among, id))
  return { among, form: first === undefined ? fuseV10 : famfsDialectNamed(first, among) }
}

/** @throws Failure for values that mean nothing */
export function planOf(values: Values, among: Dialects): Plan {
  return {
    dialects:
      values.dialect === undefined
        ? [...askingFor('GET_FMAP', among), ...Object.values<AnyDialect>(ioctlDialects)]
        : [...new Set(values.dialect.map(id => resolvingNamed(id, among)))],
    named: values.dialect !== undefined,
    devices: deviceStates(values['dev-state'] ?? []),
    machine: machineOf(values),
    most: Number(integer('most', values.most ?? MOST, 1n, 1n << 32n)),
    json: values.json === true,
    drawn: values.picture,
    paint: io => painter(values.color, io),
  }
}

/** All bytes of the file; none where it has none, or where no kernel takes the map. */
function wholeFile([taker]: readonly Taker[]): Range[] {
  return taker === undefined || taker.map.file_size === 0n ? [] : [{ offset: 0n, length: taker.map.file_size }]
}

interface Asked extends Judgement {
  readonly map: NamedMap
  readonly question: Question
}

/** Every kernel found a place for it, the same one. */
const isGood = ({ cells }: Row): boolean => cells.every(cell => cell.kind === 'place' && sameCell(cell, cells[0] as Cell))

/** Makes the look-ups and prints them. The exit code. */
export async function printLookups(
  map: NamedMap,
  asked: readonly Range[],
  plan: Plan & { readonly picture: RenderOptions },
  io: Io,
): Promise<number> {
  const judged = judge(map, plan.dialects, plan.machine)
  const { takers, refusers, unasked } = judged
  const ranges = asked.length > 0 ? asked : wholeFile(takers)
  const all = { map, ...judged, question: { ranges, devices: plan.devices, machine: plan.machine } }
  const good = plan.json ? await printJson(all, plan, io) : await printTable(all, plan, asked.length === 0, io)
  const answered = takers.length > 0 && refusers.length === 0 && !(plan.named && unasked.length > 0)
  return good && answered ? GOOD : REFUSED
}

/** Whether all kernels found everything in the same places. */
async function printJson({ takers, refusers, unasked, question }: Asked, { most, machine }: Plan, io: Io): Promise<boolean> {
  for (const { place, ...refuser } of refusers) await io.print(`${jsonText({ ...refuser, dialect: refuser.dialect.id }, 0)}\n`)
  for (const { dialect, why } of unasked) await io.print(`${jsonText({ dialect: dialect.id, unasked: why }, 0)}\n`)
  const lines: string[] = []
  let [made, good] = [0, true]
  for (const row of rows(takers, question, step => lines.push(`${jsonText(stepJson(step, takers, machine), 0)}\n`))) {
    for (const line of lines.splice(0)) await io.print(line)
    good = good && isGood(row)
    if (++made >= most) break
  }
  return good
}

const NAME_COLUMNS = 60

/** What the map is, and whether it may be none. */
function headLines({ map: { name, map, body, form } }: Asked, asked: readonly AnyDialect[], paint: Paint): string[] {
  const title = map.ok ? mapTitle(map.value) : `${body.bytes.length} bytes, no map: ${map.error.message}`
  const note = mistaken(
    body,
    asked.filter((d): d is Dialect => !('handlers' in d) && haveOneForm(d, form)),
  )
  return [`${paint('strong', safe(clip(name, NAME_COLUMNS)))}: ${title}`, ...(note === undefined ? [] : [paint('warning', note)])]
}

/** Whether all kernels found everything in the same places. */
async function printTable(asked: Asked, plan: Plan & { readonly picture: RenderOptions }, isWhole: boolean, io: Io): Promise<boolean> {
  const { map, takers, refusers, unasked, question } = asked
  const { machine, most, dialects } = plan
  const paint = plan.paint(io)
  const lines = headLines(asked, dialects, paint)
  const drawn = plan.drawn ?? (isWhole && io.outputIsTerminal)
  if (drawn && map.map.ok) lines.push('', ...renderText(map.map.value, plan.picture).trimEnd().split('\n').slice(2))
  const made: Row[] = []
  let cut: Row | undefined
  for (const row of rows(takers, question, () => {})) {
    if (made.length < most) made.push(row)
    else cut = row
    if (cut !== undefined) break
  }
  const [first] = takers
  const said =
    first === undefined
      ? refusalLines({ refusers, unasked }, paint)
      : lookupLines({ map: first.map, takers, refusers, unasked, rows: made, ranges: question.ranges, machine }, paint)
  await io.print(`${[...lines, '', ...said, ...more(cut, paint)].join('\n')}\n`)
  return made.every(isGood)
}

const more = (cut: Row | undefined, paint: Paint): string[] =>
  cut === undefined
    ? []
    : [paint('warning', `stopped before byte ${hex(cut.at)} of the file: --most N makes more rows, OFFSET+LENGTH chooses a range`)]
