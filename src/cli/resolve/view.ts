/** Look-ups as tables: what one kernel says, or where several differ. */
import type { FileMap } from '../../kernel/map.ts'
import type { PageSize } from '../../kernel/pages.ts'
import { hex, size } from '../../kernel/render-words.ts'
import type { Paint } from '../color.ts'
import { idsOf } from '../dialects.ts'
import type { Machine } from '../machine.ts'
import { type Column, table } from '../table.ts'
import { errnoName, safe } from '../values.ts'
import type { Range } from './ask.ts'
import type { AnyDialect, Judgement } from './judge.ts'
import { type Cell, classesOf, type Row, sameCell } from './lookups.ts'
import { type Pages, pagesOf } from './pages.ts'

/** Everything that a table shows. */
export interface Shown extends Judgement {
  readonly map: FileMap
  readonly ranges: readonly Range[]
  readonly rows: readonly Row[]
  readonly machine: Machine
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const letter = (i: number): string => LETTERS[i] ?? `#${i}`

const span = (from: bigint, length: bigint): string => `${hex(from)}..${hex(from + length)}`
const asked = ({ offset, length }: Range): string => `${hex(offset)}+${length < 4096n ? length : size(length)}`

const bytesText = (length: bigint): string => (length < 1024n ? `${length}` : size(length))

/** Behind the file and behind the map a fault is SIGBUS; elsewhere a map without a page is wrong. facts: wire 5.1 */
function pageName({ size: bytes, larger }: PageSize): string {
  if (bytes > 0) return size(BigInt(bytes))
  const why = larger.at(-1)?.why
  return why === 'file-end' || why === 'unmapped' ? 'SIGBUS' : 'none'
}

/** `2M, 4K from 0x600000`. */
const pagesText = ({ runs }: Pages): string =>
  runs.length === 0 ? '-' : runs.map((run, i) => (i === 0 ? pageName(run) : `${pageName(run)} from ${hex(run.at)}`)).join(', ')

/** What stands in the way of the next larger page, at the first byte of the row. */
function whyText({ runs }: Pages): string {
  const next = runs[0]?.larger.at(-1)
  return next === undefined ? '' : `${size(BigInt(next.size))}: ${next.why}`
}

/** What is wrong with the map here; or bytes that no file has: read(2) does not ask for them. facts: wire 5.1 */
function noteText(map: FileMap, { at, length }: Row, { fault }: Pages): string {
  if (fault !== undefined) return fault
  if (length === 0n || at + length <= map.file_size) return ''
  return at >= map.file_size ? 'behind the file' : `behind the file from ${hex(map.file_size)} on`
}

const placeText = ({ addr, said }: Cell & { readonly kind: 'place' }, length: bigint): string =>
  said === undefined ? span(addr, length) : `${span(addr, length)} (it says ${hex(said)} bytes)`

interface Lines {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

/** Columns before and behind what the kernels say. */
function framed(
  { map, ranges, rows, machine }: Shown,
  columns: readonly Column[],
  paint: Paint,
  cells: (row: Row) => readonly string[],
): Lines {
  const several = ranges.length > 1
  const body = rows.map((row, i) => {
    const range = ranges[row.asked] as Range
    const starts = rows[i - 1]?.asked !== row.asked
    const pages = pagesOf(map, row, machine)
    const head = several ? [starts ? asked(range) : ''] : []
    const where = row.length === 0n ? [hex(row.at), ''] : [span(row.at, row.length), bytesText(row.length)]
    return [...head, ...where, ...cells(row), pagesText(pages), whyText(pages), paint('warning', noteText(map, row, pages))]
  })
  const head: Column[] = several ? [{ title: 'look-up' }] : []
  const all = [
    ...head,
    { title: 'file' },
    { title: 'bytes', align: 'right' as const },
    ...columns,
    { title: 'page' },
    { title: 'no larger page' },
  ]
  return { columns: [...all, { title: '' }], rows: body }
}

function oneAnswer(shown: Shown, paint: Paint): Lines {
  return framed(shown, [{ title: 'device', align: 'right' }, { title: 'address' }], paint, ({ cells, length }) => {
    const cell = cells[0] as Cell
    if (cell.kind === 'place') return [`${cell.dev}`, placeText(cell, length)]
    return ['', cell.kind === 'failed' ? paint('error', cell.text) : '']
  })
}

function severalAnswers(shown: Shown, firsts: readonly number[], paint: Paint): Lines {
  const columns = firsts.map((_, i) => ({ title: `${letter(i)}: device address` }))
  return framed(shown, columns, paint, ({ cells, length }) => {
    const reference = cells[firsts[0] as number] as Cell
    return firsts.map(taker => {
      const cell = cells[taker] as Cell
      const text = cell.kind === 'place' ? `${cell.dev} ${placeText(cell, length)}` : cell.kind === 'failed' ? cell.text : ''
      if (cell.kind === 'stopped' || sameCell(cell, reference)) return cell.kind === 'failed' ? paint('error', text) : text
      return paint('changed', `≠ ${text}`)
    })
  })
}

/** Who says what: classes of kernels that say the same, and kernels that refuse the map. */
function legend({ takers, ...others }: Shown, classes: readonly number[], paint: Paint): string[] {
  const count = Math.max(...classes, -1) + 1
  const members = Array.from({ length: count }, (_, c) => takers.filter((_t, i) => classes[i] === c).map(({ dialect }) => dialect.id))
  const lines =
    count === 1
      ? [`${takers.length > 1 ? 'alike in ' : ''}${(members[0] ?? []).join(', ')}`]
      : members.map((ids, i) => `${paint('strong', letter(i))}  ${ids.join(', ')}`)
  return [...lines, ...refusalLines(others, paint)]
}

/** Dialects of which one thing is said, together, in the order of the first. */
function alike<T extends { readonly dialect: AnyDialect }>(all: readonly T[], textOf: (one: T) => string): [string, AnyDialect[]][] {
  const groups = new Map<string, AnyDialect[]>()
  for (const one of all) groups.set(textOf(one), [...(groups.get(textOf(one)) ?? []), one.dialect])
  return [...groups]
}

/** Who refuses the map, and who cannot be given it; those with one reason on one line. */
export function refusalLines({ refusers, unasked }: Omit<Judgement, 'takers'>, paint: Paint): string[] {
  const refusals = alike(refusers, ({ errno, check, place }) => `${errnoName(errno)} at ${place} (${check})`)
  const said = refusals.map(([text, all]) => {
    const [errno = '', ...rest] = text.split(' ')
    const verb = all.length === 1 ? 'refuses' : 'refuse'
    return `${paint('error', `${idsOf(all)} ${verb} the map: ${errno}`)} ${rest.join(' ')}`
  })
  const rest = alike(unasked, ({ why }) => why)
  return [...said, ...rest.map(([why, all]) => `${paint('dim', `${idsOf(all)} cannot be given it:`)} ${safe(why)}`)]
}

/** Why the page of the only row is no larger, in full. */
function pageDetails(shown: Shown, paint: Paint): string[] {
  const [row] = shown.rows
  if (row === undefined || shown.rows.length > 1) return []
  const [run] = pagesOf(shown.map, row, shown.machine).runs
  return (run?.larger ?? []).map(({ size: bytes, detail }) => paint('dim', `no page of ${size(BigInt(bytes))}: ${detail}`))
}

/** The table, and who says what in it. */
export function lookupLines(shown: Shown, paint: Paint): string[] {
  const classes = classesOf(shown.takers.length, shown.rows)
  const firsts = [...new Set(classes)].map(c => classes.indexOf(c))
  const { columns, rows } = firsts.length === 1 ? oneAnswer(shown, paint) : severalAnswers(shown, firsts, paint)
  const used = columns.map((column, i) => column.title !== '' || rows.some(row => row[i] !== ''))
  const kept = <T>(cells: readonly T[]): T[] => cells.filter((_, i) => used[i])
  const lines = rows.length === 0 ? [] : [...table(kept(columns), rows.map(kept), paint), ...pageDetails(shown, paint), '']
  return [...lines, ...legend(shown, classes, paint)]
}
