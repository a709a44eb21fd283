/** A map as a drawing: the file as a row of chunks, and device by device the extents and strips that hold them. */
import type { FileMap } from './map.ts'
import { picture } from './render-picture.ts'
import type { Cell, DeviceView, FileCell, PieceView, RenderOptions } from './render-views.ts'
import { hex, size } from './render-words.ts'
import { FILLS, hatch, LARGE, printed, SMALL, svgDocument, TITLE, text } from './svg.ts'

/** Lengths in pixels. */
const MARGIN = 24
const LABEL = 104
const CELL = 92
const HEIGHT = 40
const GAP = 44
const TOUCHING = 4
const ROW = 84
const WIDTH = 1240

const WRONG = '#c0392b'

const KINDS = { slack: 'url(#slack)', beyond: '#ff9d8a', nowhere: '#ffe3dc', more: '#ffffff' } as const

const fillOf = ({ kind, tone }: Pick<Cell, 'kind' | 'tone'>): string => (kind === 'data' ? (FILLS[tone] as string) : KINDS[kind])

const titleOf = (cell: Cell): string => {
  if (cell.kind === 'slack') return `${size(cell.length)} from ${hex(cell.offset)} on the device: allocated, no byte of the file`
  if (cell.kind === 'more') return `${cell.count} chunks from byte ${hex(cell.offset)} of the file on`
  const where = `bytes ${hex(cell.offset)} to ${hex(cell.offset + cell.length)} of the file`
  if (cell.kind === 'nowhere') return `${where}: the map has no place for them`
  return cell.kind === 'beyond' ? `${where}, behind the end of the strip` : where
}

/** First byte of the file above, a smaller word below; what has no room is in the title. */
function cellLabels(cell: Cell, x: number, y: number, width: number, under: string): string {
  const middle = (kind: string, word: string): string => text(x + width / 2, y + HEIGHT / 2 + 4, kind, word)
  if (cell.kind === 'more') return middle('mid', `… ${cell.count} more …`)
  if (cell.kind === 'slack') return size(cell.length).length * SMALL < width - 8 ? middle('over', size(cell.length)) : ''
  const at = [size(cell.offset), hex(cell.offset)].find(each => each.length * LARGE < width - 8) ?? '…'
  const small = [under, under.replace(/,.*/, '')].find(each => each.length * SMALL < width - 8) ?? ''
  return text(x + 6, y + 17, 'at', at) + (small === '' ? '' : text(x + 6, y + 32, 'small', small))
}

function box(cell: Cell, x: number, y: number, width: number, under: string): string {
  const dash = cell.kind === 'more' || cell.kind === 'nowhere' || cell.kind === 'beyond' ? ' stroke-dasharray="3 3"' : ''
  const rect = `<rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" fill="${fillOf(cell)}" stroke="#444444"${dash}/>`
  return `<g><title>${titleOf(cell)}</title>${rect}${cellLabels(cell, x, y, width, under)}</g>`
}

/** What has been drawn so far, and where the next thing goes. */
interface Pen {
  readonly parts: string[]
  x: number
  y: number
  right: number
}

const drawTo = (pen: Pen, part: string): void => {
  pen.parts.push(part)
}

function nextRow(pen: Pen): void {
  pen.x = MARGIN + LABEL
  pen.y += ROW
}

/** The row of the file: under every chunk stands who holds it. Ticks at the borders, the last one is the end of the file. */
function drawFile(pen: Pen, cells: readonly FileCell[], fileSize: bigint): void {
  drawTo(pen, text(MARGIN, pen.y + 25, 'row', 'file'))
  for (const cell of cells) {
    if (pen.x + CELL > WIDTH - MARGIN) nextRow(pen)
    drawTo(pen, box(cell, pen.x, pen.y, CELL, cell.name.replace(/group (\d+) strip/, 'g$1 strip')))
    pen.x += CELL
  }
  drawTo(pen, text(pen.x + 6, pen.y + 25, 'end', `ends at ${size(fileSize)}`))
  pen.right = Math.max(pen.right, pen.x + 130)
}

const pieceLabel = ({ name, addr, len, fault }: PieceView): string =>
  `${name} · ${hex(addr)} + ${size(len)}${fault === '' ? '' : ` · ${fault}`}`

/** A piece is at least as wide as what stands above it. */
const pieceWidth = (piece: PieceView): number => Math.max(piece.cells.length * CELL, Math.ceil(pieceLabel(piece).length * SMALL) + 8)

/** The border goes around what is really in the piece; chunks behind its end stand outside. */
function drawPiece(pen: Pen, piece: PieceView): void {
  const { cells, fault } = piece
  const width = pieceWidth(piece)
  const each = width / Math.max(cells.length, 1)
  const inside = cells.length === 0 ? width : Math.max(1, cells.filter(({ kind }) => kind !== 'beyond').length * each)
  drawTo(pen, text(pen.x, pen.y - 6, fault === '' ? 'small' : 'wrong', pieceLabel(piece)))
  for (const [i, cell] of cells.entries()) drawTo(pen, box(cell, pen.x + i * each, pen.y, each, cell.note))
  const stroke = fault === '' ? '#111111' : WRONG
  drawTo(pen, `<rect x="${pen.x}" y="${pen.y}" width="${inside}" height="${HEIGHT}" fill="none" stroke="${stroke}" stroke-width="2"/>`)
  pen.x += width
  pen.right = Math.max(pen.right, pen.x)
}

/** Memory between two pieces: shown where there is some, with its size where that has room. */
function drawGap(pen: Pen, before: PieceView, piece: PieceView): void {
  const bytes = piece.addr - before.addr - before.len
  if (bytes > 0n) {
    const small = size(bytes).length * SMALL < GAP - 2 ? text(pen.x + GAP / 2, pen.y + 32, 'mid', size(bytes)) : ''
    const dots = text(pen.x + GAP / 2, pen.y + 20, 'mid', '···')
    drawTo(pen, `<g><title>${size(bytes)} that are not of this file</title>${dots}${small}</g>`)
  }
  pen.x += bytes === 0n ? TOUCHING : GAP
}

function drawDevice(pen: Pen, { dev, pieces, hidden }: DeviceView): void {
  drawTo(pen, text(MARGIN, pen.y + 25, 'row', `device ${dev}`))
  for (const [i, piece] of pieces.entries()) {
    const before = pieces[i - 1]
    const room = WIDTH - MARGIN - pen.x - GAP
    if (before !== undefined && pieceWidth(piece) > room) nextRow(pen)
    else if (before !== undefined) drawGap(pen, before, piece)
    drawPiece(pen, piece)
  }
  if (hidden > 0) drawTo(pen, text(pen.x + 8, pen.y + 25, 'end', `and ${hidden} more`))
  pen.right = Math.max(pen.right, pen.x + (hidden > 0 ? 120 : 0))
}

const LEGEND: readonly (readonly [kind: Cell['kind'], word: string])[] = [
  ['slack', 'allocated, but no byte of the file lies there'],
  ['beyond', 'behind the end of its strip'],
  ['nowhere', 'the map has no place for it'],
]

/** A line of its own, under everything that is there. */
function drawLine(pen: Pen, kind: string, content: string): void {
  drawTo(pen, text(pen.x, pen.y + 11, kind, content))
  pen.right = Math.max(pen.right, pen.x + Math.ceil(content.length * SMALL))
  pen.y += 20
}

function drawLegend(pen: Pen, cells: readonly Cell[], colours: string, faults: readonly string[]): void {
  pen.x = MARGIN + LABEL
  drawLine(pen, 'small', colours)
  for (const [kind, word] of LEGEND) {
    if (!cells.some(each => each.kind === kind)) continue
    const key = `<rect x="${pen.x}" y="${pen.y}" width="24" height="14" fill="${fillOf({ kind, tone: 0 })}" stroke="#444444"/>`
    drawTo(pen, key + text(pen.x + 32, pen.y + 11, 'small', word))
    pen.y += 20
  }
  for (const fault of faults) drawLine(pen, 'wrong', fault)
}

const STYLE = [
  '.wrong,.over{font-size:10.5px}',
  '.over{text-anchor:middle;stroke:#f4f4f4;stroke-width:4px;paint-order:stroke}',
  `.wrong{fill:${WRONG}}`,
].join('')

const SLACK = hatch('slack', '#f4f4f4', '#bbbbbb')

/**
 * A picture of a map as an SVG document, without scripts or outside references. The file stands on top as a row of chunks with their first
 * bytes, below it device after device with its extents and strips by address; chunks of one stripe have one colour. Middles of long rows
 * are left out. Every box has a title with exact numbers. What is wrong with the map - overlaps, strips that are too short - is marked, and said
 * below.
 *
 * @param map any map, however odd
 * @param options how much is drawn
 */
export function renderSvg(map: FileMap, options: RenderOptions = {}): string {
  const { title: about, file, devices, faults } = picture(map, options)
  const title = options.name === undefined ? about : `${printed(options.name)}: ${about}`
  const pen: Pen = { parts: [], x: MARGIN + LABEL, y: MARGIN + 40, right: 480 }
  drawTo(pen, text(MARGIN, MARGIN + 12, 'title', title))
  pen.right = Math.max(pen.right, MARGIN + Math.ceil(title.length * TITLE))
  drawFile(pen, file, map.file_size)
  for (const device of devices) {
    nextRow(pen)
    drawDevice(pen, device)
  }
  pen.y += HEIGHT + 24
  const cells = [...file, ...devices.flatMap(({ pieces }) => pieces.flatMap(piece => piece.cells))]
  const colours = map.ext_type === 'simple' ? 'one colour: one extent' : 'one colour: one stripe, a chunk on every strip'
  drawLegend(pen, cells, `${colours} · in each box its first byte of the file · not to scale`, faults)
  return svgDocument({ width: pen.right + MARGIN, height: pen.y + MARGIN - 12, title, style: STYLE, defs: SLACK, parts: pen.parts })
}
