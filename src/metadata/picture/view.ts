/** What a picture of an image shows, before it is drawn. */
import type { Replay } from '../replay/replay.ts'
import type { Reading } from '../source.ts'
import { type Box, boxesOf } from './boxes.ts'
import { type DeviceView, devicesOf } from './devices.ts'
import { type FileViews, fileViews } from './files.ts'
import { FREE, type Parts, partsOf } from './parts.ts'
import { type Row, rowsOf } from './rows.ts'

/** A row with what stands in it. */
export interface Line extends Row {
  readonly boxes: readonly Box[]
}

/** A range with more than one owner, or behind the end of its device. */
export interface Trouble {
  readonly start: number
  readonly end: number
  readonly part: number
}

/** A device as it is drawn. */
export interface DeviceDrawing {
  readonly device: DeviceView
  readonly parts: Parts
  /** the whole device in one line */
  readonly whole: Line
  /** bytes of a row */
  readonly span: number
  readonly lines: readonly Line[]
  /** bytes with an owner, below the end of the device */
  readonly used: number
  readonly overlaps: readonly Trouble[]
  readonly beyond: readonly Trouble[]
  readonly overlapCount: number
  readonly beyondCount: number
}

/** An image as it is drawn. */
export interface View {
  readonly replay: Replay
  readonly devices: readonly DeviceDrawing[]
  /** devices that are left out */
  readonly hidden: number
  /** files on these devices */
  readonly fileCount: number
  /** nodes of the files that the legend names, in the order of the log */
  readonly named: readonly number[]
  readonly files: FileViews
}

/** Rows of a device that is drawn alone; of several all together have twice as many. */
const MOST_ROWS = 40
const LEAST_ROWS = 6
/** Ranges that a list names. */
const MOST_TROUBLES = 8
/** Files that the legend names. */
const MOST_NAMED = 24

interface Troubles {
  readonly overlaps: Trouble[]
  readonly beyond: Trouble[]
  overlapCount: number
  beyondCount: number
  used: number
}

function troublesOf(device: DeviceView, parts: Parts): Troubles {
  const found: Troubles = { overlaps: [], beyond: [], overlapCount: 0, beyondCount: 0, used: 0 }
  for (let i = 0; i < parts.count; i++) {
    const depth = parts.depth[i] as number
    if (depth === 0) continue
    const [start, end] = [parts.start[i] as number, parts.start[i + 1] as number]
    const trouble = { start, end, part: i }
    if (start < device.size) found.used += end - start
    if (depth > 1 && ++found.overlapCount <= MOST_TROUBLES) found.overlaps.push(trouble)
    if (start >= device.size && ++found.beyondCount <= MOST_TROUBLES) found.beyond.push(trouble)
  }
  return found
}

function deviceDrawing(replay: Replay, device: DeviceView, most: number): DeviceDrawing {
  const parts = partsOf(replay, device)
  const { span, rows } = rowsOf(parts, device.unit, most)
  const all: Row = { start: 0, end: parts.start[parts.count] as number, count: 1, first: 0 }
  const whole = { ...all, boxes: boxesOf(replay, parts, all, all.end) }
  const lines = rows.map(row => ({ ...row, boxes: row.count > 1 ? [] : boxesOf(replay, parts, row, span) }))
  return { device, parts, whole, span, lines, ...troublesOf(device, parts) }
}

/** Nodes of files with a box of their own, and of those that lists name. */
function* shownNodes({ extents }: Replay, { parts, lines, whole, overlaps, beyond }: DeviceDrawing): Generator<number> {
  const owners = function* (): Generator<number> {
    for (const { boxes, first, count } of [whole, ...lines]) {
      if (count > 1) yield parts.owner[first] as number
      for (const box of boxes) if (box.kind === 'part') yield parts.owner[box.part] as number
    }
    for (const { part } of [...overlaps, ...beyond]) yield* [parts.owner[part] as number, parts.other[part] as number]
  }
  for (const owner of owners()) if (owner > FREE) yield extents.node[owner] as number
}

/** Nodes of the first few files that crowded places hold: for their titles. */
const TITLED = 3
function* titledNodes({ lines }: DeviceDrawing): Generator<number> {
  for (const { boxes } of lines) for (const box of boxes) if (box.kind === 'full') yield* box.files.slice(0, TITLED)
}

/** The largest, in the order of the log. */
function largest({ tree }: Replay, nodes: ReadonlySet<number>): number[] {
  const bytes = (node: number): number => tree.columns.allocated[node] as number
  return [...nodes]
    .sort((a, b) => bytes(b) - bytes(a) || a - b)
    .slice(0, MOST_NAMED)
    .sort((a, b) => a - b)
}

function countFiles({ extents }: Replay, devices: readonly DeviceDrawing[]): number {
  const drawn = new Set(devices.map(d => d.device.index))
  const files = new Set<number>()
  for (let i = 0; i < extents.count; i++) if (drawn.has(extents.device[i] as number)) files.add(extents.node[i] as number)
  return files.size
}

/** Everything that a picture shows; bounded in size, whatever the log. */
export function* viewOf(replay: Replay, device: number | 'all'): Reading<View> {
  const { views, hidden } = devicesOf(replay, device)
  const most = Math.max(LEAST_ROWS, Math.floor((views.length === 1 ? MOST_ROWS : 2 * MOST_ROWS) / views.length))
  const devices = views.map(each => deviceDrawing(replay, each, most))
  const shown = new Set(devices.flatMap(each => [...shownNodes(replay, each)]))
  const titled = devices.flatMap(each => [...titledNodes(each)])
  const files = yield* fileViews(replay, new Set([...shown, ...titled]))
  return { replay, devices, hidden, fileCount: countFiles(replay, devices), named: largest(replay, shown), files }
}
