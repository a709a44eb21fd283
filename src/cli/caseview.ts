/** One open(2) on a real kernel, message by message, with what the kernel and this library made of it. */
import { caseMessages, type OpenCase, type PlacedMessage, walk } from '../conformance/capture.ts'
import { type Verdict, verdict } from '../validate/verdict.ts'
import { type Paint, wrap } from './color.ts'
import { look, type Shown, title, viewOf } from './message.ts'
import { subjectOf } from './subject.ts'
import { errnoName } from './values.ts'

export interface Page {
  readonly paint: Paint
  readonly columns: number
  /** every element of a map */
  readonly all: boolean
}

const OUT_HEADER = 16
/** A refused map is shown whole. */
const SHORT = 128
/** Conversations in a report. */
const MOST = 3

const maps = (of: OpenCase): OpenCase['exchanges'] => of.exchanges.filter(e => e.op === 'GET_FMAP')

/** What the parser says of the last map of the first open(2); undefined where none arrived. */
function mapVerdict(of: OpenCase): Verdict | undefined {
  const last = maps(of).at(-1)
  return last === undefined || last.reply.length <= OUT_HEADER || last.writeErrno !== 0
    ? undefined
    : verdict(last.reply.subarray(OUT_HEADER), of.dialect)
}

/** What a reader should see: a map with strips and its device, a map that is refused for one field, and a map that takes two requests. */
const WORTH: readonly ((of: OpenCase) => boolean)[] = [
  of => {
    const said = mapVerdict(of)
    return said !== undefined && 'meta' in said && said.meta.ext_type === 'interleaved' && of.exchanges.some(e => e.op === 'GET_DAXDEV')
  },
  of => {
    const said = mapVerdict(of)
    return (
      said !== undefined &&
      'path' in said &&
      said.path.includes('.') &&
      of.openErrno === said.errno &&
      maps(of).every(e => e.reply.length <= SHORT)
    )
  },
  of => maps(of).length > 1 && of.openErrno === 0,
]

/** Cases to show: those that disagree, then one of each kind. */
export function casesToShow(cases: readonly OpenCase[], disagreeing: ReadonlySet<string>): OpenCase[] {
  const bad = cases.filter(c => disagreeing.has(c.id))
  const good = WORTH.flatMap(worth => cases.find(c => !disagreeing.has(c.id) && worth(c)) ?? [])
  return [...bad, ...good].slice(0, MOST)
}

/** The messages of the first open(2) of a case in hex and fields, then its end. */
export function caseLines(of: OpenCase, page: Page): string[] {
  const messages = [...walk(caseMessages({ ...of, followUps: [] }))]
  return [...messages.flatMap(m => [...messageLines(m, page), '']), ...outcomeLines(of, page)]
}

function messageLines(m: PlacedMessage, page: Page): string[] {
  const { paint, columns, all } = page
  const shown = lookAt(m)
  const arrow = m.direction === 'request' ? '→ the kernel sends' : '← the server answers'
  const taken =
    m.direction === 'request' || m.writeErrno === 0 ? '' : paint('warning', `, refused by the device: ${errnoName(m.writeErrno ?? 0)}`)
  const head = `${paint(m.direction === 'request' ? 'name' : 'good', arrow)} ${paint('strong', title(shown))}, ${m.bytes.length} bytes${taken}`
  return [head, ...Array.from(viewOf(shown, { paint, columns: columns - 2, all }), line => `  ${line}`)]
}

function lookAt({ direction, dialect, connection, bytes }: PlacedMessage): Shown {
  const asked = 'opcode' in connection && typeof connection.opcode === 'number' ? connection : undefined
  const known = asked === undefined ? { dialect } : { dialect, opcode: Number(asked.opcode), request: asked.request }
  return look(subjectOf(direction, known), bytes)
}

function outcomeLines(of: OpenCase, { paint, columns }: Page): string[] {
  const rows = [
    ['the kernel', `open(2) ${of.openErrno === 0 ? 'succeeds' : `fails with ${errnoName(of.openErrno)} (${of.openErrno})`}`],
    ['famfs-wire', saidOf(of)],
    ...of.log.slice(0, 2).map(line => ['kernel log', line]),
  ]
  return rows.flatMap(([who = '', text = '']) =>
    wrap(text, columns - 14).map((line, i) => `${paint(who === 'kernel log' ? 'dim' : 'strong', (i === 0 ? who : '').padEnd(12))}${line}`),
  )
}

function saidOf(of: OpenCase): string {
  const said = mapVerdict(of)
  if (said === undefined) return 'no map reaches the parser'
  if (said.ok) {
    const { meta } = said
    const kept =
      meta.ext_type === 'simple'
        ? `${meta.extents.length} extents`
        : meta.extents.map(g => `${g.nstrips} strips of ${g.chunk_size} byte chunks`).join(', ')
    return `${of.dialect.id} takes the map: ${meta.file_size} bytes in ${kept}`
  }
  const place =
    said.path === ''
      ? 'the header'
      : `${said.path} (bytes ${OUT_HEADER + said.offset} to ${OUT_HEADER + said.offset + said.length - 1} of the reply)`
  return `${of.dialect.id} refuses the map with ${errnoName(said.errno)} (${said.errno}), ${said.reason}: ${said.check} fails at ${place}`
}
