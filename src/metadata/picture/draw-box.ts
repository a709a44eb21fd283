/** Boxes of a row as drawings, with titles that say exactly what they are. */
import { sized } from '../../codec/printable.ts'
import { printed, SMALL, text } from '../../kernel/svg.ts'
import type { Box, FullBox, PartBox } from './boxes.ts'
import { fillOf, ownersText, stripOf } from './files.ts'
import { FREE, LOG, SUPERBLOCK } from './parts.ts'
import { BAR, COLOURS, CROWDS, FILL, LEFT } from './style.ts'
import type { DeviceDrawing, View } from './view.ts'

/** Where a row stands, and what it is a row of. */
export interface Place {
  readonly view: View
  readonly drawing: DeviceDrawing
  /** first byte of the row, and bytes that fill its line */
  readonly start: number
  readonly span: number
  readonly y: number
  readonly height: number
}

export const hexOf = (offset: number): string => `0x${BigInt(offset).toString(16)}`
export const rangeText = (start: number, end: number): string => `${hexOf(start)} to ${hexOf(end)} (${sized(BigInt(end) - BigInt(start))})`

const rounded = (x: number): number => Math.round(x * 10) / 10

/** Pixel of a byte. */
export const xOf = ({ start, span }: Place, byte: number): number => rounded(LEFT + ((byte - start) / span) * BAR)

/** Narrowest box. */
const LEAST_WIDTH = 4

/** The pixels of a box; what is too narrow to be seen is a little wider than it should be. */
function pixelsOf(place: Place, { start, end }: PartBox): [number, number] {
  const [x, right] = [xOf(place, start), xOf(place, end)]
  return right - x >= LEAST_WIDTH
    ? [x, right]
    : [Math.min(x, LEFT + BAR - LEAST_WIDTH), Math.min(x, LEFT + BAR - LEAST_WIDTH) + LEAST_WIDTH]
}

/** A rectangle, from one pixel to another. */
export function rect(x: number, end: number, y: number, height: number, fill: string, more = ''): string {
  return `<rect x="${x}" y="${rounded(y)}" width="${rounded(Math.max(end - x, 0))}" height="${rounded(height)}" fill="${fill}"${more}/>`
}

export const titled = (title: string, drawing: string): string => `<g><title>${printed(title)}</title>${drawing}</g>`

const LOUD = ` stroke="${COLOURS.loud}" stroke-width="2"`
const LINE = ` stroke="${COLOURS.border}" stroke-width=".8"`

/** The last part of a path, which is what tells files apart. */
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const LEAST_NAME = 5

/** The longest of the labels that has room, else a part of the last. */
function fitting(labels: readonly string[], width: number): string {
  const room = Math.floor((width - 6) / SMALL)
  const whole = labels.find(label => [...label].length <= room)
  if (whole !== undefined) return whole
  const last = [...(labels.at(-1) ?? '')]
  return room >= LEAST_NAME ? `${last.slice(0, room - 1).join('')}…` : ''
}

/** How a part with one owner looks, and what it is called. */
export interface Look {
  readonly fill: string
  readonly over?: string
  readonly kind: 'in' | 'light'
  readonly title: string
  readonly labels: readonly string[]
}

function fileLook({ view }: Place, extent: number): Look {
  const { replay, files } = view
  const node = replay.extents.node[extent] as number
  const file = files.views.get(node)
  const fill = fillOf(files, node)
  if (file === undefined) return { fill, kind: 'in', title: 'a file', labels: [] }
  const strip = stripOf(replay, file, extent)
  const names = [file.path, baseName(file.path)]
  if (strip === undefined) return { fill, kind: 'in', title: `"${file.path}"`, labels: names }
  const { number, of } = strip
  return {
    fill,
    over: FILL.strip,
    kind: 'in',
    title: `"${file.path}", strip ${number} of ${of}`,
    labels: [...names.map(name => `${name} · strip ${number} of ${of}`), `strip ${number}`, `${number}`],
  }
}

/** How the bytes of an owner look. */
export function lookOf(place: Place, owner: number): Look {
  if (owner === FREE) return { fill: COLOURS.free, kind: 'in', title: 'free', labels: [] }
  if (owner === SUPERBLOCK) return { fill: COLOURS.superblock, kind: 'light', title: 'superblock', labels: ['superblock', 'sb'] }
  if (owner === LOG) return { fill: COLOURS.logFree, kind: 'in', title: 'log', labels: ['log'] }
  return fileLook(place, owner)
}

/** The used part of the log, over the whole of it. */
function usedLog(place: Place, { start, end }: PartBox): string {
  const { view, drawing, y, height } = place
  const log = view.replay.image.log
  const from = drawing.device.meta.find(range => range.owner === LOG)?.start
  if (log === undefined || from === undefined) return ''
  const stop = Math.min(end, from + log.shape.header.size + log.used * log.shape.entry.size)
  if (stop <= start) return ''
  const x = xOf(place, start)
  return rect(x, Math.max(x + 2, xOf(place, stop)), y, height, COLOURS.log)
}

/** Whose the bytes of a part with several owners are. */
export const overlapTitle = ({ view: { replay, files }, drawing }: Place, part: number): string =>
  `OVERLAP of ${ownersText(replay, files, drawing.parts, part)}`

function overlapBox(place: Place, box: PartBox): string {
  const shape = rect(...pixelsOf(place, box), place.y, place.height, FILL.overlap, LOUD)
  return titled(`${overlapTitle(place, box.part)}: ${rangeText(box.start, box.end)}`, shape)
}

function partBox(place: Place, box: PartBox): string {
  const { drawing, y, height } = place
  const { parts, device } = drawing
  const owner = parts.owner[box.part] as number
  if (owner === FREE) return ''
  if ((parts.depth[box.part] as number) > 1) return overlapBox(place, box)
  const { fill, over, kind, title, labels } = lookOf(place, owner)
  const [x, end] = pixelsOf(place, box)
  const isBeyond = box.start >= device.size
  const pattern = over === undefined ? '' : rect(x, end, y, height, over)
  const marks = isBeyond ? rect(x, end, y, height, FILL.beyond, LOUD) : ''
  const used = owner === LOG ? usedLog(place, box) : ''
  const label = isBeyond || height < SMALL * 2 ? '' : fitting(labels, end - x)
  const word = label === '' ? '' : text(rounded(x + 4), y + height / 2 + 3.5, kind, printed(label))
  const where = isBeyond ? ', BEYOND THE END of the device' : ''
  return titled(`${title}: ${rangeText(box.start, box.end)}${where}`, rect(x, end, y, height, fill, LINE) + pattern + used + marks + word)
}

/** Lowest height that can be seen. */
const SEEN = 3
/** What is left between two places, so that they can be told apart. */
const GAP = 1

function fullTitle({ view: { files } }: Place, { start, end, used, shared, beyond, files: nodes }: FullBox): string {
  const names = nodes.slice(0, 3).map(node => files.views.get(node)?.path)
  const named = names.filter(name => name !== undefined).map(name => `"${name}"`)
  const list = `${named.join(', ')}${nodes.length > named.length ? ' ...' : ''}`
  const what = nodes.length === 0 ? '' : `, ${nodes.length} file${nodes.length === 1 ? '' : 's'}: ${list}`
  const overlap = shared > 0 ? `, ${sized(shared)} of it by more than one: OVERLAP` : ''
  const behind = beyond > 0 ? `, ${sized(beyond)} BEYOND THE END of the device` : ''
  return `${rangeText(start, end)}: ${sized(used)} used${overlap}${behind}${what}`
}

/** The colour of a place: of its only file, of so many files, or of none. */
function crowdFill({ view }: Place, { files }: FullBox): string {
  const [only] = files
  if (only === undefined) return COLOURS.log
  return files.length === 1
    ? fillOf(view.files, only)
    : (CROWDS[Math.min(CROWDS.length - 1, Math.floor(Math.log2(files.length) / 2))] as string)
}

/** How full a place is: from the bottom up. A place that is not what it should be is full. */
function fullBox(place: Place, box: FullBox): string {
  const { y, height } = place
  const { start, end, used, shared, beyond, files } = box
  const [x, right] = [xOf(place, start), xOf(place, end) - GAP]
  const level = shared > 0 ? height : Math.max(SEEN, (used / (end - start)) * height)
  const colour = shared > 0 ? FILL.overlap : crowdFill(place, box)
  const shape = rect(x, right, y + height - level, level, colour, files.length === 1 ? LINE : '')
  const marks = beyond > 0 ? rect(x, right, y, height, FILL.beyond, LOUD) : ''
  const frame = shared > 0 ? rect(x, right, y, height, 'none', LOUD) : ''
  return titled(fullTitle(place, box), shape + marks + frame)
}

/** A box of a row. */
export const drawBox = (place: Place, box: Box): string => (box.kind === 'part' ? partBox(place, box) : fullBox(place, box))
