/** What a picture of a map shows, before it is drawn: devices, the pieces on them in the order of their addresses, and their chunks. */
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import type { FileMap, InterleavedMap, SimpleMap } from './map.ts'
import { roomOf } from './ranges.ts'
import { byDevice, type Piece } from './render-devices.ts'
import type { Cell, FileCell, Picture, RenderOptions } from './render-views.ts'
import { hex, plural, size } from './render-words.ts'
import { ceilDiv, greatest, least } from './wide.ts'

/** Colours that there are. */
export const TONES = 8n

const data = (offset: bigint, length: bigint, tone: bigint, note: string): Cell => {
  return { kind: 'data', offset, length, tone: Number(tone % TONES), count: 1n, note }
}
const slack = (offset: bigint, length: bigint): Cell => ({ kind: 'slack', offset, length, tone: 0, count: 0n, note: '' })

/** The first and last of `total`, and what lies between them as one. */
function* shown<T>(total: bigint, most: number, cell: (i: bigint) => T, more: (from: bigint, count: bigint) => T): Generator<T> {
  const head = BigInt(Math.ceil((most - 1) / 2))
  const tail = BigInt(most - 1) - head
  const all = total <= BigInt(most)
  const stop = all ? total : head
  for (let i = 0n; i < stop; i++) yield cell(i)
  if (all) return
  yield more(head, total - head - tail)
  for (let i = total - tail; i < total; i++) yield cell(i)
}

/** Where a group stands in the file: its first byte, how many bytes of the file it holds, and how many stripes stand before it. */
interface GroupView {
  readonly group: MetaGroup
  readonly index: number
  readonly base: bigint
  readonly bytes: bigint
  readonly chunk: bigint
  readonly strips: bigint
  readonly stripes: bigint
}

/** Chunk `number` of the group, which may be cut by the end of the file. */
function chunkCell({ base, bytes, chunk, strips, stripes }: GroupView, number: bigint): Cell {
  const start = number * chunk
  const stripe = number / strips
  const length = least(chunk, bytes - start)
  return data(base + start, length, stripes + stripe, length < chunk ? `stripe ${stripe}, ${size(length)}` : `stripe ${stripe}`)
}

const gapCell = (from: Cell, count: bigint): Cell => ({ ...from, kind: 'more', count })

/** Chunks of the file in the group; none where they have no size, or no strip takes them. */
const chunksIn = ({ chunk, strips, bytes }: GroupView): bigint => (chunk === 0n || strips === 0n ? 0n : ceilDiv(bytes, chunk))

/** The same cell, marked where it does not fit into its strip. */
function fitted(view: GroupView, number: bigint): Cell {
  const { strips, chunk, group } = view
  const cell = chunkCell(view, number)
  const end = (number / strips) * chunk + cell.length
  return end > (group.strips[Number(number % strips)] as MetaExtent).len ? { ...cell, kind: 'beyond' } : cell
}

/** Bytes of a strip up to the end of the last chunk in it. */
function usedIn(view: GroupView, index: bigint): bigint {
  const { strips, chunk } = view
  const chunks = chunksIn(view)
  if (chunks <= index) return 0n
  const row = ceilDiv(chunks - index, strips) - 1n
  return row * chunk + chunkCell(view, row * strips + index).length
}

function stripCells(view: GroupView, strip: MetaExtent, index: bigint, most: number): Cell[] {
  const chunks = chunksIn(view)
  const rows = chunks > index ? ceilDiv(chunks - index, view.strips) : 0n
  const at = (row: bigint): Cell => fitted(view, row * view.strips + index)
  const cells = [...shown(rows, most, at, (row, count) => gapCell(at(row), count))]
  const used = usedIn(view, index)
  return used < strip.len ? [...cells, slack(strip.offset + used, strip.len - used)] : cells
}

function extentCells({ offset, len }: MetaExtent, tone: bigint, base: bigint, fileSize: bigint): Cell[] {
  const used = least(len, greatest(fileSize - base, 0n))
  const cells = used > 0n ? [data(base, used, tone, size(used))] : []
  return used < len ? [...cells, slack(offset + used, len - used)] : cells
}

/** Most pieces of a large map are never drawn: what is in them is made when it is. */
interface Drawn {
  readonly pieces: Piece[]
  readonly file: readonly (() => FileCell)[]
  readonly faults: readonly string[]
}

const stripName = (map: FileMap, group: number, strip: bigint | number): string =>
  map.extents.length === 1 ? `strip ${strip}` : `group ${group} strip ${strip}`

function groupViews(map: InterleavedMap): GroupView[] {
  let [base, stripes] = [0n, 0n]
  return map.extents.map((group, index) => {
    const bytes = least(group.nbytes, greatest(map.file_size - base, 0n))
    const view = { group, index, base, bytes, chunk: BigInt(group.chunk_size), strips: BigInt(group.strips.length), stripes }
    base += group.nbytes
    stripes += view.strips === 0n ? 0n : ceilDiv(chunksIn(view), view.strips)
    return view
  })
}

/** Bytes of the file without a place, in the row of the file. */
const nowhere = (offset: bigint, length: bigint, name: string): FileCell => ({ ...slack(offset, length), kind: 'nowhere', name })

function groupFaults(map: InterleavedMap, view: GroupView): string[] {
  const { bytes, chunk, strips, index, group } = view
  const which = map.extents.length === 1 ? 'the group' : `group ${index}`
  if (bytes === 0n) return []
  if (strips === 0n) return [`${which} has no strips`]
  if (chunk === 0n) return [`${which} has chunks of 0 bytes: kernels divide by that`]
  return group.strips.flatMap(({ len }, i) => {
    const used = usedIn(view, BigInt(i))
    return used > len ? [`${stripName(map, index, i)} is too short: the file needs ${size(used)} of it, it has ${size(len)}`] : []
  })
}

function drawGroups(map: InterleavedMap, most: number): Drawn {
  const views = groupViews(map)
  const pieces = views.flatMap(view =>
    view.group.strips.map((strip, i) => ({
      dev: strip.dev_index,
      addr: strip.offset,
      len: strip.len,
      name: () => stripName(map, view.index, i),
      cells: () => stripCells(view, strip, BigInt(i), most),
    })),
  )
  const file = views.flatMap(view => {
    const { strips, bytes, index, base } = view
    const chunks = chunksIn(view)
    if (chunks === 0n && bytes > 0n) return [() => nowhere(base, bytes, '')]
    const one = (number: bigint): FileCell => ({ ...fitted(view, number), name: stripName(map, index, number % strips) })
    return [...shown(chunks, most, one, (from, count) => ({ ...gapCell(one(from), count), name: '' }))].map(cell => () => cell)
  })
  return { pieces, file, faults: views.flatMap(view => groupFaults(map, view)) }
}

function drawExtents(map: SimpleMap): Drawn {
  let base = 0n
  const pieces: Piece[] = []
  const file: (() => FileCell)[] = []
  for (const [i, extent] of map.extents.entries()) {
    const { dev_index: dev, offset: addr, len } = extent
    const at = base
    const name = (): string => `extent ${i}`
    const cells = (): Cell[] => extentCells(extent, BigInt(i), at, map.file_size)
    pieces.push({ dev, addr, len, name, cells })
    if (len > 0n && at < map.file_size) file.push(() => ({ ...(cells()[0] as Cell), name: name() }))
    base += len
  }
  return { pieces, file, faults: [] }
}

/** A list of cells with its middle as one. */
function shortened(cells: readonly (() => FileCell)[], most: number): FileCell[] {
  const at = (i: bigint): FileCell => (cells[Number(i)] as () => FileCell)()
  return [...shown(BigInt(cells.length), most, at, (from, count) => ({ ...gapCell(at(from), count), name: '' }))]
}

/** A map in one line: its size, and how many extents or groups it has. */
export function mapTitle(map: FileMap): string {
  const file = `file of ${plural(map.file_size, 'byte')} (${hex(map.file_size)})`
  if (map.ext_type === 'simple') return `${file} in ${plural(map.extents.length, 'simple extent')}`
  const groups = map.extents.map(g => `${plural(g.strips.length, 'strip')}, chunks of ${size(BigInt(g.chunk_size))}`)
  return `${file} in ${plural(groups.length, 'group')}: ${[...new Set(groups)].slice(0, 3).join('; ')}`
}

const within = (value: number, from: number, to: number): number => Math.min(Math.max(Math.floor(value), from), to)

/** More of what is wrong is counted, not told. */
const MOST_FAULTS = 6

const told = (faults: readonly string[]): readonly string[] =>
  faults.length <= MOST_FAULTS ? faults : [...faults.slice(0, MOST_FAULTS), `and ${faults.length - MOST_FAULTS} more`]

/** Everything that a picture shows; bounded in size, whatever the map. */
export function picture(map: FileMap, { chunks = 8, pieces = 32 }: RenderOptions): Picture {
  const most = within(chunks, 3, 64)
  const drawn = map.ext_type === 'simple' ? drawExtents(map) : drawGroups(map, most)
  const devices = byDevice(drawn.pieces, within(pieces, 1, 1024))
  const room = roomOf(map)
  const short = map.file_size > room
  const file = shortened(drawn.file, most + 3)
  return {
    title: mapTitle(map),
    file: short ? [...file, nowhere(room, map.file_size - room, '')] : file,
    devices: devices.shown,
    faults: told([
      ...(short ? [`the map ends at ${size(room)}, the file at ${size(map.file_size)}`] : []),
      ...drawn.faults,
      ...devices.faults,
    ]),
  }
}
