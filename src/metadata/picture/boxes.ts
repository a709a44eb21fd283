/** What stands in one row: parts as they are, and where these are too narrow to be seen, how full the place is. */
import type { Replay } from '../replay/replay.ts'
import { FREE, type Parts } from './parts.ts'

/** Places of a row that can stand for what is too narrow. */
export const SLOTS = 64
/** Narrowest part that is drawn as it is beside others, in places. */
const NARROW = 0.25

/** One part, or a piece of it. */
export interface PartBox {
  readonly kind: 'part'
  readonly part: number
  readonly start: number
  readonly end: number
}

/** A place with several parts that are too narrow to be drawn. */
export interface FullBox {
  readonly kind: 'full'
  readonly start: number
  readonly end: number
  /** bytes with an owner */
  readonly used: number
  /** bytes with more than one */
  readonly shared: number
  /** bytes with an owner that lie behind the end of the device */
  readonly beyond: number
  /** nodes of the files in it, ascending by their first byte */
  readonly files: readonly number[]
}

/** A box of a row. */
export type Box = PartBox | FullBox

/** A row that is looked at. */
interface Line {
  readonly replay: Replay
  readonly parts: Parts
  readonly start: number
  readonly end: number
  /** bytes of a place, whole ones */
  readonly slot: number
  readonly first: number
}

const startOf = ({ parts }: Line, part: number): number => parts.start[part] as number
const endOf = ({ parts }: Line, part: number): number => parts.start[part + 1] as number

/** The parts of a row, cut to it. */
function* partsIn(line: Line, from: number, to: number, first: number): Generator<PartBox> {
  for (let part = first; part < line.parts.count && startOf(line, part) < to; part++) {
    const start = Math.max(from, startOf(line, part))
    const end = Math.min(to, endOf(line, part))
    if (start < end) yield { kind: 'part', part, start, end }
  }
}

/** Which places have too much in them: several owned parts, one of them narrow. */
function crowded(line: Line): Uint8Array {
  const { start, end, slot, parts } = line
  const owned = new Uint32Array(SLOTS)
  const narrow = new Uint8Array(SLOTS)
  for (const box of partsIn(line, start, end, line.first)) {
    if (parts.owner[box.part] === FREE) continue
    const first = Math.floor((box.start - start) / slot)
    const last = Math.min(SLOTS - 1, Math.ceil((box.end - start) / slot) - 1)
    const isNarrow = (box.end - box.start) / slot < NARROW
    for (let i = first; i <= last; i++) {
      owned[i] = (owned[i] as number) + 1
      if (isNarrow) narrow[i] = 1
    }
  }
  return narrow.map((isNarrow, i) => (isNarrow === 1 && (owned[i] as number) > 1 ? 1 : 0))
}

/** What a place holds, and the part that its end lies in. */
function fullBox(line: Line, start: number, end: number, first: number): { readonly box: FullBox; readonly next: number } {
  const { parts, replay } = line
  const files = new Set<number>()
  let [used, shared, beyond, next] = [0, 0, 0, first]
  for (const box of partsIn(line, start, end, first)) {
    const owner = parts.owner[box.part] as number
    const other = parts.other[box.part] as number
    if (owner !== FREE) used += box.end - box.start
    if (owner !== FREE && box.start >= parts.size) beyond += box.end - box.start
    if ((parts.depth[box.part] as number) > 1) shared += box.end - box.start
    for (const extent of [owner, other]) if (extent >= 0) files.add(replay.extents.node[extent] as number)
    next = box.part
  }
  return { box: { kind: 'full', start, end, used, shared, beyond, files: [...files] }, next }
}

/** The boxes of the row from `start` to `end`, of which `span` bytes would fill the line; `first` is the part that holds its first byte. */
export function boxesOf(
  replay: Replay,
  parts: Parts,
  { start, end, first }: { readonly start: number; readonly end: number; readonly first: number },
  span: number,
): Box[] {
  const slot = Math.max(1, Math.ceil(span / SLOTS))
  const line: Line = { replay, parts, start, end, slot, first }
  const full = crowded(line)
  const boxes: Box[] = []
  let at = start
  let part = first
  const partsTo = (to: number): void => {
    for (const box of partsIn(line, at, to, part)) {
      boxes.push(box)
      part = box.part
    }
    at = to
  }
  for (let i = 0; i < SLOTS; i++) {
    if (full[i] === 0) continue
    partsTo(Math.min(end, start + i * slot))
    const { box, next } = fullBox(line, at, Math.min(end, at + slot), part)
    boxes.push(box)
    part = next
    at = box.end
  }
  partsTo(end)
  return boxes
}
