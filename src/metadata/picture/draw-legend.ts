/** What stands below the rows: the colours, the files, and what is wrong. */
import { sized } from '../../codec/printable.ts'
import { printed, text } from '../../kernel/svg.ts'
import { isHarmless } from '../replay/fates.ts'
import { rangeText, rect } from './draw-box.ts'
import { drawTo, type Pen } from './draw-device.ts'
import { fillOf, ownersText } from './files.ts'
import { BAR, COLOURS, CROWDS, FILL, LEFT, MARGIN } from './style.ts'
import type { DeviceDrawing, Trouble, View } from './view.ts'

const SWATCH = 24
const LINE = 19
const COLUMN = 440

function swatch(x: number, y: number, fill: string, over = ''): string {
  const border = ` stroke="${COLOURS.border}" stroke-width=".8"`
  return rect(x, x + SWATCH, y, 13, fill, border) + (over === '' ? '' : rect(x, x + SWATCH, y, 13, over))
}

/** Colours that are no file's. */
interface Kind {
  readonly fill: string
  readonly over?: string
  readonly word: string
  shown(view: View): boolean
}

const someBox = (view: View, full: boolean): boolean =>
  view.devices.some(({ lines }) => lines.some(({ boxes }) => boxes.some(box => (box.kind === 'full') === full)))
const always = (): boolean => true

const KINDS: readonly Kind[] = [
  { fill: COLOURS.superblock, word: 'superblock', shown: always },
  { fill: COLOURS.log, word: 'log, in use', shown: always },
  { fill: COLOURS.logFree, word: 'log, free', shown: always },
  { fill: COLOURS.free, word: 'free', shown: always },
  { fill: CROWDS[1], word: 'many files: how full; darker: more of them', shown: view => someBox(view, true) },
  {
    fill: COLOURS.free,
    over: FILL.strip,
    word: 'strip of an interleaved file',
    shown: view => [...view.files.views.values()].some(file => (file.entry?.interleaved.length ?? 0) > 0),
  },
  { fill: FILL.overlap, word: 'OVERLAP: more than one owner', shown: view => view.devices.some(d => d.overlapCount > 0) },
  { fill: COLOURS.free, over: FILL.beyond, word: 'BEYOND the end of the device', shown: view => view.devices.some(d => d.beyondCount > 0) },
]

function drawKinds(pen: Pen, view: View): void {
  let x = MARGIN
  for (const { fill, over, word, shown } of KINDS) {
    if (!shown(view)) continue
    drawTo(pen, swatch(x, pen.y, fill, over), text(x + SWATCH + 7, pen.y + 10.5, 'small', word))
    x += SWATCH + 24 + word.length * 6.5
  }
  pen.y += LINE + 4
}

/** Most characters of a path. */
const PATH = 40

function shortened(path: string): string {
  const characters = [...path]
  return characters.length <= PATH ? path : `${characters.slice(0, 12).join('')}…${characters.slice(13 - PATH).join('')}`
}

function drawFiles(pen: Pen, view: View): void {
  const { named, files, fileCount } = view
  const half = Math.ceil(named.length / 2)
  const top = pen.y
  for (const [i, node] of named.entries()) {
    const file = files.views.get(node)
    if (file === undefined) continue
    const x = MARGIN + (i < half ? 0 : COLUMN + 44)
    const y = top + (i % half) * LINE
    const over = (file.entry?.interleaved.length ?? 0) > 0 ? FILL.strip : ''
    const words = `${printed(shortened(file.path))}  <tspan fill="#666666">${printed(file.how)}</tspan>`
    drawTo(pen, swatch(x, y, fillOf(files, node), over), text(x + SWATCH + 7, y + 10.5, 'small', words))
  }
  pen.y = top + half * LINE
  const rest = fileCount - named.length
  if (rest > 0) {
    drawTo(
      pen,
      text(
        MARGIN,
        pen.y + 10.5,
        'small',
        `${named.length === 0 ? '' : 'and '}${rest} ${named.length === 0 ? '' : 'more '}file${rest === 1 ? '' : 's'}`,
      ),
    )
    pen.y += LINE
  }
}

function troubleLine(view: View, { device, parts }: DeviceDrawing, { start, end, part }: Trouble, kind: string): string {
  const where = view.devices.length > 1 ? `device ${device.index} ` : ''
  return `${kind} ${where}${rangeText(start, end)}: ${ownersText(view.replay, view.files, parts, part)}`
}

function drawTroubles(pen: Pen, view: View): void {
  const write = (words: string): void => {
    drawTo(pen, text(MARGIN, pen.y + 10.5, 'loud', printed(words)))
    pen.y += LINE
  }
  for (const drawing of view.devices) {
    const { overlaps, overlapCount, beyond, beyondCount } = drawing
    for (const each of overlaps) write(troubleLine(view, drawing, each, 'OVERLAP'))
    if (overlapCount > overlaps.length) write(`and ${overlapCount - overlaps.length} more overlaps`)
    for (const each of beyond) write(troubleLine(view, drawing, each, 'BEYOND'))
    if (beyondCount > beyond.length) write(`and ${beyondCount - beyond.length} more beyond the end`)
  }
  const { wildCount } = view.replay.extents
  const refused = view.replay.fates.reduce((sum, fate) => sum + (isHarmless(fate) ? 0 : 1), 0)
  if (refused > 0) write(`${refused} of ${view.replay.fates.length} entries are not drawn, as no file or directory came of them`)
  if (wildCount > 0) write(`${wildCount} extents end beyond 2^53 bytes and are not drawn`)
  if (view.hidden > 0) write(`${view.hidden} more devices are not drawn`)
}

/** Everything below the rows. */
export function drawLegend(pen: Pen, view: View): void {
  pen.y += 8
  drawTo(pen, `<line x1="${MARGIN}" y1="${pen.y}" x2="${LEFT + BAR}" y2="${pen.y}" stroke="${COLOURS.faint}"/>`)
  pen.y += 12
  const top = pen.y
  drawTroubles(pen, view)
  if (pen.y > top) pen.y += 6
  drawKinds(pen, view)
  drawFiles(pen, view)
}

/** The picture in a sentence. */
export function summaryOf({ devices, fileCount, replay }: View): string {
  const sum = (of: (device: (typeof devices)[number]) => number): number => devices.reduce((total, device) => total + of(device), 0)
  const [size, used] = [sum(d => d.device.size), sum(d => d.used)]
  const share = size === 0 ? '' : ` (${((used / size) * 100).toFixed(1)}%)`
  const overlaps = sum(d => d.overlapCount)
  const beyond = sum(d => d.beyondCount)
  const troubles = `${overlaps > 0 ? ` · ${overlaps} OVERLAPPING` : ''}${beyond > 0 ? ` · ${beyond} BEYOND THE END` : ''}`
  const files = `${fileCount} file${fileCount === 1 ? '' : 's'}`
  return `layout ${replay.image.layout.id} · ${files} · ${sized(BigInt(used))} of ${sized(BigInt(size))} used${share}${troubles}`
}
