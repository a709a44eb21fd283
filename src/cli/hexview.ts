/** Hex beside the decoded tree: one row per field, or several where it is long, in the order of the bytes. */
import type { WireError } from '../codec/errors.ts'
import type { LargeInspection, LargeNode } from '../codec/inspect.ts'
import { clip, type Paint, padEnd, padStart, type Style, width, wrap } from './color.ts'
import { type Run, unusedRuns } from './hexgaps.ts'
import { ascii, safe, spacedHex, valueWords } from './values.ts'

export interface View {
  readonly paint: Paint
  /** columns of the page */
  readonly columns: number
  /** show every element and every byte */
  readonly all: boolean
  /** replaces the words of a value, for what only the caller knows (opcode names of a dialect) */
  readonly words?: (node: LargeNode) => string[] | undefined
}

/** Bytes in a row. */
const ROW = 8
const HEX_COLUMNS = ROW * 3 - 1
/** Elements of an array that are shown from its start; the last one is shown too. */
const SHOWN_ELEMENTS = 8
/** Rows of one field. */
const SHOWN_ROWS = 4
/** A field whose name is wider moves its own value only. */
const WIDEST_FIELD = 34

/** One line before it is laid out. */
interface Row {
  readonly offset: number | undefined
  readonly bytes: Uint8Array
  readonly field: string
  readonly words: readonly string[]
  readonly doc: string | undefined
  readonly style: 'field' | 'heading' | 'quiet' | 'loud' | 'note' | 'error'
}

const EMPTY = new Uint8Array()
const row = (style: Row['style'], more: Partial<Row>): Row => ({
  offset: undefined,
  bytes: EMPTY,
  field: '',
  words: [],
  doc: undefined,
  style,
  ...more,
})

const withinWide = (columns: number): number => (columns <= WIDE_VALUE ? columns : 0)

/** The lines of the view, made as they are asked for. A fault is shown where it struck, and what was not decoded after it. */
export function* hexView(inspection: LargeInspection, bytes: Uint8Array, view: View): Generator<string> {
  const unused = [...unusedRuns(inspection.tree, bytes)]
  const rows = (): Iterable<Row> => withFault(withUnused(treeRows(inspection.tree, bytes, view, 0), unused, bytes, view), inspection, bytes)
  const widths = widthsOf(rows(), bytes)
  const head = [padStart('byte', widths.offset), padEnd('hex', HEX_COLUMNS), padEnd('field', widths.field), 'value'].join('  ')
  yield view.paint('dim', head)
  for (const r of rows()) yield* layOut(r, view, widths)
}

/** Columns that fit all rows. */
function widthsOf(rows: Iterable<Row>, bytes: Uint8Array): Widths {
  let [field, value] = [5, VALUE_COLUMNS]
  for (const r of rows) {
    if (r.style !== 'note' && r.style !== 'error') field = Math.max(field, width(r.field))
    if (r.style !== 'heading') value = Math.max(value, withinWide(width(r.words.join(' '))))
  }
  return { offset: Math.max(4, String(bytes.length).length), field: Math.min(WIDEST_FIELD, field), value }
}

const PADS = '  '

function* treeRows(node: LargeNode, bytes: Uint8Array, view: View, depth: number, of = ''): Generator<Row> {
  const label = PADS.repeat(depth) + of + node.name
  if (isPlainArray(node)) yield* arrayOfNumbers(node, bytes, view, label)
  else if (node.type.kind === 'array') yield* elementRows(node, bytes, view, depth, of + node.name)
  else if (node.children.length > 0 || node.type.kind === 'struct') {
    if (node.name !== '' && (node.length > 0 || node.value === undefined))
      yield row('heading', { offset: node.offset, field: label, words: [headingOf(node)], doc: node.doc })
    for (const child of node.children) if (isThere(child, node)) yield* treeRows(child, bytes, view, node.name === '' ? depth : depth + 1)
  } else if (node.value !== undefined) yield* leafRows(node, bytes, view, label)
}

/** Empty fields that the value leaves out are not shown. */
const isThere = (child: LargeNode, parent: LargeNode): boolean =>
  child.length > 0 ||
  child.value === undefined ||
  typeof parent.value !== 'object' ||
  parent.value === null ||
  Object.hasOwn(parent.value, child.name)

const headingOf = (node: LargeNode): string =>
  [node.type.kind === 'struct' ? node.type.name : '', node.length > 0 ? `${node.length} bytes` : ''].filter(s => s !== '').join(', ')

function isPlainArray(node: LargeNode): boolean {
  if (node.type.kind !== 'array' || node.children.length === 0 || node.value === undefined) return false
  for (const { type, value } of node.children) if (type.kind !== 'int' || value === undefined) return false
  return true
}

/** Numbers in a row, as `0 x 11` where they are all the same. */
function* arrayOfNumbers(node: LargeNode, bytes: Uint8Array, view: View, label: string): Generator<Row> {
  const values = Array.from(node.children, c => String(c.value))
  const same = new Set(values).size === 1
  const words = same ? [`${values[0]} × ${values.length}`] : values
  const style = node.reserved ? (values.every(v => v === '0') ? 'quiet' : 'loud') : 'field'
  yield* byteRows(node, bytes.subarray(node.offset, node.offset + node.length), { field: label, words, style, doc: node.doc }, view)
}

/** The elements of an array, each under its own name; many are summed up but for the first and the last. */
function* elementRows(node: LargeNode, bytes: Uint8Array, view: View, depth: number, name: string): Generator<Row> {
  const { children } = node
  const all = view.all || children.length <= SHOWN_ELEMENTS + 2
  let from = 0
  for (const child of children) {
    if (!all && from === SHOWN_ELEMENTS) break
    yield* treeRows(child, bytes, view, depth, name)
    from++
  }
  const last = children.at(-1)
  const skipped = children.at(from)
  if (skipped === undefined || last === undefined) return
  yield row('note', {
    offset: skipped.offset,
    field: `${PADS.repeat(depth)}… ${indexOf(last) - from} more elements, ${last.offset - skipped.offset} bytes; --all shows them`,
  })
  yield* treeRows(last, bytes, view, depth, name)
}

/** Number of an element; of a list that is known not to fit not all are in the tree. */
const indexOf = (node: LargeNode): number => Number(node.name.slice(1, -1))

function* leafRows(node: LargeNode, bytes: Uint8Array, view: View, label: string): Generator<Row> {
  const zero = node.value === 0 || node.value === 0n
  const style = node.reserved ? (zero ? 'quiet' : 'loud') : 'field'
  const words = view.words?.(node) ?? valueWords(node)
  yield* byteRows(node, bytes.subarray(node.offset, node.offset + node.length), { field: label, words, style, doc: node.doc }, view)
}

/** The first row names the field, those below it go on with its bytes. */
function* byteRows(node: LargeNode, bytes: Uint8Array, first: Pick<Row, 'field' | 'words' | 'style' | 'doc'>, view: View): Generator<Row> {
  yield { ...first, offset: node.offset, bytes: bytes.subarray(0, ROW) }
  const isText = node.type.kind === 'bytes'
  const used = view.all ? bytes.length : trimmedLength(bytes)
  const shown = view.all ? used : Math.min(used, ROW * SHOWN_ROWS)
  for (let at = ROW; at < shown; at += ROW) {
    const part = bytes.subarray(at, at + ROW)
    yield row(first.style === 'field' ? 'field' : 'quiet', {
      offset: node.offset + at,
      bytes: part,
      words: isText ? [`|${ascii(part)}|`] : [],
    })
  }
  const next = Math.max(ROW, Math.ceil(shown / ROW) * ROW)
  if (next < bytes.length) yield row('note', { offset: node.offset + next, field: restOf(bytes.subarray(next)) })
}

const restOf = (rest: Uint8Array): string =>
  rest.every(b => b === 0) ? `… ${rest.length} zero bytes` : `… ${rest.length} more bytes; --all shows them`

/** The rows, and bytes that belong to no field where they stand. */
function* withUnused(rows: Iterable<Row>, runs: readonly Run[], bytes: Uint8Array, view: View): Generator<Row> {
  let next = 0
  for (const r of rows) {
    for (let run = runs[next]; run !== undefined && (r.offset ?? 0) > run.start; run = runs[++next]) yield* unusedRows(run, bytes, view)
    yield r
  }
  for (const run of runs.slice(next)) yield* unusedRows(run, bytes, view)
}

function* unusedRows({ start, end }: Run, bytes: Uint8Array, view: View): Generator<Row> {
  const shown = view.all ? end : Math.min(end, start + ROW * SHOWN_ROWS)
  for (let at = start; at < shown; at += ROW) {
    const part = bytes.subarray(at, Math.min(at + ROW, shown))
    yield row('loud', { offset: at, bytes: part, field: at === start ? 'unused' : '', words: [`|${ascii(part)}|`] })
  }
  if (shown < end) yield row('note', { offset: shown, field: restOf(bytes.subarray(shown, end)) })
}

/** Bytes without the zeros that fill the end. */
function trimmedLength(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}

/** End of what the tree covers. */
function decodedEnd(tree: LargeNode): number {
  let end = tree.offset + tree.length
  for (const child of tree.children) end = Math.max(end, decodedEnd(child))
  return end
}

/** The rows, the fault after the row of its bytes, and what was not decoded at the end. */
function* withFault(rows: Iterable<Row>, { error, tree }: LargeInspection, bytes: Uint8Array): Generator<Row> {
  if (error === undefined) return yield* rows
  const decoded = Math.min(bytes.length, decodedEnd(tree))
  const fault = faultRow(error)
  let told = false
  for (const r of rows) {
    if (!told && error.offset < decoded && r.style !== 'heading' && (r.offset ?? 0) > error.offset) {
      yield fault
      told = true
    }
    yield r
  }
  if (!told) yield fault
  const end = decoded === bytes.length ? Math.max(error.offset, 0) : decoded
  if (error.offset >= decoded || decoded < bytes.length) yield* restRows(bytes.subarray(end), end)
}

function faultRow({ code, path, offset, detail }: WireError): Row {
  const place = path === '' ? 'the top' : path
  return row('error', { offset, field: safe(`✗ ${code} at ${place} (byte ${offset}): ${detail}`) })
}

function* restRows(rest: Uint8Array, from: number): Generator<Row> {
  const shown = Math.min(rest.length, ROW * SHOWN_ROWS)
  for (let at = 0; at < shown; at += ROW)
    yield row('note', { offset: from + at, bytes: rest.subarray(at, at + ROW), field: at === 0 ? 'not decoded' : '' })
  if (shown < rest.length) yield row('note', { offset: from + shown, field: restOf(rest.subarray(shown)) })
}

const NAME_STYLES: Readonly<Record<Row['style'], Style>> = {
  field: 'name',
  heading: 'strong',
  quiet: 'dim',
  loud: 'warning',
  note: 'dim',
  error: 'error',
}
const VALUE_STYLES: Readonly<Record<Row['style'], Style>> = {
  field: 'plain',
  heading: 'dim',
  quiet: 'dim',
  loud: 'warning',
  note: 'dim',
  error: 'error',
}
/** Docs stand in a column of their own when they have this much room. */
const LEAST_DOC = 28
const VALUE_COLUMNS = 12
/** Values wider than this do not move the column of the docs. */
const WIDE_VALUE = 36

interface Widths {
  readonly offset: number
  readonly field: number
  readonly value: number
}

function layOut(r: Row, view: View, widths: Widths): string[] {
  const { paint } = view
  const offset = paint('dim', padStart(r.offset === undefined ? '' : String(r.offset), widths.offset))
  const hexPart = paint(r.style === 'quiet' || r.style === 'note' ? 'dim' : 'plain', padEnd(spacedHex(r.bytes), HEX_COLUMNS))
  const before = `${offset}  ${hexPart}  `
  const margin = widths.offset + HEX_COLUMNS + widths.field + 6
  if (r.style === 'error') return errorLines(r.field, offset, view, widths)
  if (r.style === 'note') return [`${before}${paint('dim', r.field)}`.trimEnd()]
  const room = Math.max(12, view.columns - margin)
  const lines = fill(r.words, room)
  const first = paint(VALUE_STYLES[r.style], lines[0] ?? '')
  const docRoom = room - Math.max(widths.value, width(first)) - 2
  const doc = r.doc !== undefined && lines.length <= 1 && docRoom >= LEAST_DOC ? `  ${paint('dim', clip(r.doc, docRoom))}` : ''
  const rest = lines.slice(1).map(line => `${' '.repeat(margin)}${paint(VALUE_STYLES[r.style], line)}`)
  const value = doc === '' ? first : padEnd(first, widths.value)
  return [`${before}${paint(NAME_STYLES[r.style], padEnd(r.field, widths.field))}  ${value}${doc}`.trimEnd(), ...rest]
}

function errorLines(text: string, offset: string, view: View, widths: Widths): string[] {
  const lines = wrap(text, view.columns - widths.offset - 2)
  return lines.map((line, i) => `${i === 0 ? offset : ' '.repeat(widths.offset)}  ${view.paint('error', line)}`)
}

/** Words in lines of at most `columns`; a word that is too long is cut. */
function fill(words: readonly string[], columns: number): string[] {
  const lines: string[] = []
  for (const word of words.flatMap(w => broken(w, columns))) {
    const last = lines.at(-1)
    if (last !== undefined && width(last) + 1 + width(word) <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function broken(word: string, columns: number): string[] {
  const characters = [...word]
  const parts: string[] = []
  for (let at = 0; at < characters.length; at += columns) parts.push(characters.slice(at, at + columns).join(''))
  return parts
}
