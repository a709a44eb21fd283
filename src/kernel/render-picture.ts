/** What a picture of a map shows, before it is drawn: devices, the pieces on them in the order of their addresses, and their chunks. */
import type { MetaExtent, MetaGroup } from '../validate/meta.ts'
import type { FileMap } from './map.ts'
import { ceilDiv, greatest, least } from './wide.ts'

/**
 * A box. `data`: bytes of the file. `slack`: allocated to it, but none of its bytes lies there. `more`: chunks that are left out.
 * `beyond`: bytes of the file that would lie behind the end of their strip.
 */
export interface Cell {
  readonly kind: 'data' | 'slack' | 'more' | 'beyond'
  /** first byte of the file; of slack the first byte on the device instead */
  readonly offset: bigint
  readonly length: bigint
  /** decides on the colour, 0 to {@link TONES} - 1: by the stripe of a group, or by the extent */
  readonly tone: number
  /** chunks that it stands for, when left out */
  readonly count: bigint
  /** a smaller word for it: its stripe, and its bytes where they are not a whole chunk */
  readonly note: string
}

/** An extent or strip. */
export interface PieceView {
  readonly name: string
  readonly dev: number
  readonly addr: bigint
  readonly len: bigint
  readonly cells: readonly Cell[]
}

/** A part of the file in the file's own row. */
export interface FileCell extends Cell {
  /** the piece that holds it */
  readonly name: string
}

export interface DeviceView {
  readonly dev: number
  readonly pieces: readonly PieceView[]
  /** pieces that are left out, behind the last one shown */
  readonly hidden: number
}

export interface Picture {
  readonly title: string
  readonly file: readonly FileCell[]
  readonly devices: readonly DeviceView[]
}

/** How a map is drawn. */
export interface RenderOptions {
  /** what the file is called; stands before the title of a drawing */
  readonly name?: string
  /** most chunks that are drawn of a strip, and about as many in the row of the file; the middle is left out. 3 to 64, default 8 */
  readonly chunks?: number
  /** most extents and strips that are drawn of a device. 1 to 1024, default 32 */
  readonly pieces?: number
}

/** Colours that there are. */
export const TONES = 8n

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const

/** Bytes in the largest unit that divides them: `2M`, `4097`. */
export function size(bytes: bigint): string {
  let rest = bytes
  let unit = 0
  while (rest !== 0n && rest % 1024n === 0n && unit < UNITS.length - 1) {
    rest /= 1024n
    unit++
  }
  return `${rest}${UNITS[unit]}`
}

export const hex = (value: bigint): string => `0x${value.toString(16)}`

const plural = (count: number | bigint, one: string): string => `${count} ${one}${Number(count) === 1 ? '' : 's'}`

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

/** Where a group stands in the file: its first byte, and how many bytes of the file it holds. */
interface GroupView {
  readonly group: MetaGroup
  readonly index: number
  readonly base: bigint
  readonly bytes: bigint
  readonly chunk: bigint
  readonly strips: bigint
}

/** Chunk `number` of the group, which may be cut by the end of the file. */
function chunkCell({ base, bytes, chunk, strips }: GroupView, number: bigint): Cell {
  const start = number * chunk
  const stripe = number / strips
  const length = least(chunk, bytes - start)
  return data(base + start, length, stripe, length < chunk ? `stripe ${stripe}, ${size(length)}` : `stripe ${stripe}`)
}

const gapCell = (from: Cell, count: bigint): Cell => ({ ...from, kind: 'more', count })

function stripCells(view: GroupView, strip: MetaExtent, index: bigint, most: number): Cell[] {
  const { bytes, chunk, strips } = view
  const chunks = chunk === 0n ? 0n : ceilDiv(bytes, chunk)
  const rows = chunks > index ? ceilDiv(chunks - index, strips) : 0n
  const at = (row: bigint): Cell => {
    const cell = chunkCell(view, row * strips + index)
    return row * chunk + cell.length > strip.len ? { ...cell, kind: 'beyond' } : cell
  }
  const cells = [...shown(rows, most, at, (row, count) => gapCell(at(row), count))]
  const used = rows === 0n ? 0n : (rows - 1n) * chunk + at(rows - 1n).length
  return used < strip.len ? [...cells, slack(strip.offset + used, strip.len - used)] : cells
}

function extentCells({ offset, len }: MetaExtent, tone: bigint, base: bigint, fileSize: bigint): Cell[] {
  const used = least(len, greatest(fileSize - base, 0n))
  const cells = used > 0n ? [data(base, used, tone, size(used))] : []
  return used < len ? [...cells, slack(offset + used, len - used)] : cells
}

interface Drawn {
  readonly pieces: PieceView[]
  readonly file: FileCell[]
}

const stripName = (map: FileMap, group: number, strip: bigint | number): string =>
  map.extents.length === 1 ? `strip ${strip}` : `group ${group} strip ${strip}`

function groupViews(map: FileMap & { readonly ext_type: 'interleaved' }): GroupView[] {
  let base = 0n
  return map.extents.map((group, index) => {
    const bytes = least(group.nbytes, greatest(map.file_size - base, 0n))
    const view = { group, index, base, bytes, chunk: BigInt(group.chunk_size), strips: BigInt(group.strips.length) }
    base += group.nbytes
    return view
  })
}

function drawGroups(map: FileMap & { readonly ext_type: 'interleaved' }, most: number): Drawn {
  const views = groupViews(map)
  const pieces = views.flatMap(view =>
    view.group.strips.map((strip, i) => ({
      name: stripName(map, view.index, i),
      dev: strip.dev_index,
      addr: strip.offset,
      len: strip.len,
      cells: stripCells(view, strip, BigInt(i), most),
    })),
  )
  const file = views.flatMap(view => {
    const { chunk, strips, bytes, index } = view
    const chunks = chunk === 0n || strips === 0n ? 0n : ceilDiv(bytes, chunk)
    const named = (cell: Cell, number: bigint): FileCell => ({ ...cell, name: stripName(map, index, number % strips) })
    const one = (number: bigint): FileCell => named(chunkCell(view, number), number)
    return [...shown(chunks, most, one, (from, count) => ({ ...gapCell(one(from), count), name: '' }))]
  })
  return { pieces, file }
}

function drawExtents(map: FileMap & { readonly ext_type: 'simple' }): Drawn {
  let base = 0n
  const pieces: PieceView[] = []
  const file: FileCell[] = []
  for (const [i, extent] of map.extents.entries()) {
    const cells = extentCells(extent, BigInt(i), base, map.file_size)
    const name = `extent ${i}`
    pieces.push({ name, dev: extent.dev_index, addr: extent.offset, len: extent.len, cells })
    for (const cell of cells) if (cell.kind === 'data') file.push({ ...cell, name })
    base += extent.len
  }
  return { pieces, file }
}

/** A list of cells with its middle as one. */
function shortened(cells: readonly FileCell[], most: number): FileCell[] {
  const at = (i: bigint): FileCell => cells[Number(i)] as FileCell
  return [...shown(BigInt(cells.length), most, at, (from, count) => ({ ...gapCell(at(from), count), name: '' }))]
}

function byDevice(pieces: readonly PieceView[], most: number): DeviceView[] {
  const devices = new Map<number, PieceView[]>()
  for (const piece of pieces) {
    const list = devices.get(piece.dev)
    if (list === undefined) devices.set(piece.dev, [piece])
    else list.push(piece)
  }
  return [...devices]
    .sort(([a], [b]) => a - b)
    .map(([dev, list]) => {
      const sorted = list.sort((a, b) => (a.addr < b.addr ? -1 : 1))
      return { dev, pieces: sorted.slice(0, most), hidden: Math.max(0, sorted.length - most) }
    })
}

/** A map in one line: its size, and how many extents or groups it has. */
export function mapTitle(map: FileMap): string {
  const file = `file of ${plural(map.file_size, 'byte')} (${hex(map.file_size)})`
  if (map.ext_type === 'simple') return `${file} in ${plural(map.extents.length, 'simple extent')}`
  const groups = map.extents.map(g => `${plural(g.strips.length, 'strip')}, chunks of ${size(BigInt(g.chunk_size))}`)
  return `${file} in ${plural(groups.length, 'group')}: ${[...new Set(groups)].slice(0, 3).join('; ')}`
}

const within = (value: number, from: number, to: number): number => Math.min(Math.max(Math.floor(value), from), to)

/** Everything that a picture shows; bounded in size, whatever the map. */
export function picture(map: FileMap, { chunks = 8, pieces = 32 }: RenderOptions): Picture {
  const cells = within(chunks, 3, 64)
  const drawn = map.ext_type === 'simple' ? drawExtents(map) : drawGroups(map, cells)
  return { title: mapTitle(map), file: shortened(drawn.file, cells + 3), devices: byDevice(drawn.pieces, within(pieces, 1, 1024)) }
}
