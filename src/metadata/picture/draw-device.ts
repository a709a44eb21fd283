/** A device as a drawing: all of it in one bar, its log, and its bytes in rows. */
import { sized } from '../../codec/printable.ts'
import { printed, text } from '../../kernel/svg.ts'
import type { Image } from '../image.ts'
import { logRange } from '../log-range.ts'
import { isHarmless } from '../replay/fates.ts'
import type { LogFrame } from '../scan.ts'
import type { DeviceView } from './devices.ts'
import { drawBox, hexOf, type Look, lookOf, overlapTitle, type Place, rangeText, rect, titled, xOf } from './draw-box.ts'
import { FREE } from './parts.ts'
import { BAR, COLOURS, FILL, FOLD, HEIGHT, LEFT, MARGIN, STEP } from './style.ts'
import type { DeviceDrawing, Line, View } from './view.ts'

/** What has been drawn, and how far down. */
export interface Pen {
  readonly parts: string[]
  y: number
}

const RIGHT = LEFT + BAR
const NOTE = RIGHT + 10
/** Base line of a row's text, below its upper edge. */
const BASE = HEIGHT / 2 + 3.5

export const drawTo = (pen: Pen, ...parts: readonly string[]): void => {
  for (const part of parts) if (part !== '') pen.parts.push(part)
}

/** What lies on the line before the boxes: free bytes up to the end of the device, nothing behind it. */
function ground(place: Place, line: Pick<Line, 'start' | 'end'>): string {
  const { drawing, y, height } = place
  const { size } = drawing.device
  const inside = Math.min(line.end, size)
  const free =
    inside > line.start ? rect(xOf(place, line.start), xOf(place, inside), y, height, COLOURS.free, ` stroke="${COLOURS.faint}"`) : ''
  const from = Math.max(line.start, size)
  const nothing = line.end > from ? rect(xOf(place, from), xOf(place, line.end), y, height, FILL.nothing, ` stroke="${COLOURS.faint}"`) : ''
  return free + nothing
}

/** The end of the device, where something lies behind it. */
function endMark(place: Place, line: Pick<Line, 'start' | 'end'>): string {
  const { drawing, y, height } = place
  const { size } = drawing.device
  if (drawing.beyondCount === 0 || size < line.start || size >= line.end) return ''
  const x = xOf(place, size)
  const mark = `<line x1="${x}" y1="${y - 3}" x2="${x}" y2="${y + height + 3}" stroke="${COLOURS.loud}" stroke-width="3"/>`
  return titled(`end of the device: ${hexOf(size)}`, mark)
}

function rowNote({ drawing, view }: Place, line: Line): string {
  const { parts } = drawing
  const isOver = line.boxes.some(box => (box.kind === 'full' ? box.shared > 0 : (parts.depth[box.part] as number) > 1))
  const isOut = line.boxes.some(box => (box.kind === 'full' ? box.beyond > 0 : box.start >= parts.size && parts.owner[box.part] !== FREE))
  if (isOver || isOut) return [isOver ? 'OVERLAP' : '', isOut ? 'BEYOND' : ''].filter(word => word !== '').join(' ')
  if (!line.boxes.some(box => box.kind === 'full')) return ''
  const files = new Set(
    line.boxes.flatMap(box => {
      if (box.kind === 'full') return box.files
      const owner = parts.owner[box.part] as number
      return owner < 0 ? [] : [view.replay.extents.node[owner] as number]
    }),
  )
  return `${files.size} file${files.size === 1 ? '' : 's'}`
}

function drawLine(pen: Pen, place: Place, line: Line): void {
  drawTo(pen, text(LEFT - 8, pen.y + BASE, 'off', hexOf(line.start)), ground(place, line))
  for (const box of line.boxes) drawTo(pen, drawBox(place, box))
  drawTo(pen, endMark(place, line))
  const note = rowNote(place, line)
  if (note !== '') drawTo(pen, text(NOTE, pen.y + BASE, /[A-Z]/.test(note) ? 'loud' : 'small', note))
}

/** What all of these rows show. */
function foldLook(place: Place, { first, start }: Line): Look {
  const { parts, device } = place.drawing
  const owner = parts.owner[first] as number
  if ((parts.depth[first] as number) > 1) return { fill: FILL.overlap, kind: 'in', title: overlapTitle(place, first), labels: [] }
  if (start < device.size) return lookOf(place, owner)
  if (owner === FREE) return { fill: FILL.nothing, kind: 'in', title: 'nothing, behind the end', labels: [] }
  const look = lookOf(place, owner)
  return { ...look, over: FILL.beyond, title: `${look.title}, BEYOND THE END` }
}

const DASHES = 'stroke-dasharray="6 4"'

/** Rows that would all look alike: one that looks torn. */
function drawFold(pen: Pen, place: Place, line: Line): void {
  const { start, end, count } = line
  const { fill, over, kind, title } = foldLook(place, line)
  const words = `${count} rows: ${title}, ${sized(BigInt(end) - BigInt(start))}`
  const bar = [fill, over].map(each => (each === undefined ? '' : rect(LEFT, RIGHT, pen.y, FOLD, each))).join('')
  const edge = fill === COLOURS.free ? COLOURS.faint : COLOURS.dim
  const edges = [pen.y, pen.y + FOLD].map(y => `<line x1="${LEFT}" y1="${y}" x2="${RIGHT}" y2="${y}" stroke="${edge}" ${DASHES}/>`)
  const half = words.length * 3.1 + 8
  const middle = LEFT + BAR / 2
  const paper = fill === FILL.overlap || over === FILL.beyond ? rect(middle - half, middle + half, pen.y, FOLD, '#ffffff') : ''
  const label = text(middle, pen.y + FOLD / 2 + 3.5, kind === 'light' ? 'foldlight' : 'fold', printed(words))
  drawTo(pen, titled(`${title}: ${rangeText(start, end)}`, bar + edges.join('') + paper + label))
}

function drawRows(pen: Pen, view: View, drawing: DeviceDrawing): void {
  const { lines, span } = drawing
  for (const line of lines) {
    const place = { view, drawing, start: line.start, span, y: pen.y, height: HEIGHT }
    if (line.count > 1) {
      drawFold(pen, place, line)
      pen.y += FOLD + STEP - HEIGHT
    } else {
      drawLine(pen, place, line)
      pen.y += STEP
    }
  }
}

/** The whole device as one bar. */
function drawWhole(pen: Pen, view: View, drawing: DeviceDrawing): void {
  const { whole, device } = drawing
  const place = { view, drawing, start: 0, span: whole.end, y: pen.y, height: HEIGHT }
  drawTo(pen, text(LEFT - 8, pen.y + BASE, 'off', 'the device'), ground(place, whole))
  for (const box of whole.boxes) drawTo(pen, drawBox(place, box))
  drawTo(pen, endMark(place, whole), text(NOTE, pen.y + BASE, 'small', device.size === 0 ? 'no known size' : sized(BigInt(device.size))))
  pen.y += STEP + 6
}

/** Pixels at which the log has entries that were refused. */
function refusedAt({ replay }: View, slots: number): number[] {
  const pixels = new Set<number>()
  for (const [index, fate] of replay.fates.entries()) if (!isHarmless(fate)) pixels.add(Math.floor((index / slots) * BAR))
  return [...pixels]
}

/** Slots that the log has, also where the file that holds it was cut. */
function slotsOf(image: Image, { header, shape, used }: LogFrame): number {
  const { start, end } = logRange(image)
  const fit = Math.floor((end - start - shape.header.size) / shape.entry.size)
  return Math.max(used, Math.min(Number(header.lastIndex) + 1, fit))
}

/** The slots of the log as one bar. */
function drawLog(pen: Pen, view: View): void {
  const { image } = view.replay
  const { log } = image
  const slots = log === undefined ? 0 : slotsOf(image, log)
  if (log === undefined || slots === 0) return
  const { used } = log
  const end = used === 0 ? LEFT : Math.max(LEFT + 2, LEFT + (used / slots) * BAR)
  const bar = rect(LEFT, RIGHT, pen.y, HEIGHT, COLOURS.logFree, ` stroke="${COLOURS.border}" stroke-width=".8"`)
  drawTo(pen, text(LEFT - 8, pen.y + BASE, 'off', 'log'))
  drawTo(pen, titled(`the log: ${used} of ${slots} slots in use`, bar + rect(LEFT, end, pen.y, HEIGHT, COLOURS.log)))
  const ticks = refusedAt(view, slots).map(x => rect(LEFT + x, LEFT + x + 2, pen.y - 3, HEIGHT + 6, COLOURS.loud))
  if (ticks.length > 0) drawTo(pen, titled('entries that nothing came of', ticks.join('')))
  drawTo(pen, text(NOTE, pen.y + BASE, 'small', `${used} of ${slots} slots`))
  pen.y += STEP + 6
}

const headingOf = ({ index, name, size }: DeviceView): string => `device ${index} · ${name}${size === 0 ? '' : ` · ${sized(BigInt(size))}`}`

/** A device, from its heading to its last row. */
export function drawDevice(pen: Pen, view: View, drawing: DeviceDrawing): void {
  const { device, whole, span } = drawing
  const alone = view.devices.length === 1 && device.index === 0
  if (!alone) drawTo(pen, text(MARGIN, pen.y + 12, 'row', printed(headingOf(device))))
  pen.y += alone ? 0 : 26
  if (whole.end === 0) return
  drawWhole(pen, view, drawing)
  if (device.index === 0) drawLog(pen, view)
  drawTo(pen, text(LEFT - 8, pen.y + 10, 'off', 'first byte'), text(LEFT, pen.y + 10, 'small', `one row: ${sized(span)}`))
  pen.y += 18
  drawRows(pen, view, drawing)
}
