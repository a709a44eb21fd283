/** Everything that a careful reader should object to in an image, also where the tools of the reference look away. */
import { decodeText } from '../../codec/text.ts'
import { FAMFS_LOG_OFFSET } from '../../uapi/famfs/superblock.ts'
import { u32At } from '../bytes.ts'
import type { Image } from '../image.ts'
import { logRange } from '../log-range.ts'
import { checkSlot, frameLog, type LogFrame } from '../scan.ts'
import { type LayoutShape, shapeOf } from '../shape.ts'
import { type Reading, run, runNow } from '../source.ts'
import { type Collector, collector, finish, type ImageFinding, report } from './collect.ts'
import { checkEntry } from './entry.ts'
import { overlaps } from './extents.ts'
import { checkHeader, sayHeader } from './header.ts'
import { pathLength } from './paths.ts'
import { walkSlots } from './slots.ts'
import { type Field, listIn, type State, slotOffset, spotIn, stateFor } from './state.ts'
import { checkSuperblock } from './superblock.ts'

/** Sizes and limits that findings about an image go by. */
export interface ImageFindingOptions {
  /** most findings of one rule, default 20: the last of them says how many more there are */
  readonly limit?: number
  /** bytes that the device really has, instead of what the superblock says */
  readonly deviceSize?: bigint
}

const LIMIT = 20

/** Files are type 0 in every layout. */
const FILE = 0

/** Where an extent of the table is, as a field. */
function fieldOf({ extents }: State, i: number, length: number, other?: number): { readonly entry: number; readonly field: Field } {
  const [entry, at, mixed] = [extents.entry[i] as number, extents.at[i] as number, extents.element[i] as number]
  const place = { at, length, element: mixed >> 1, extType: mixed & 1 }
  return { entry, field: other === undefined ? place : { ...place, other } }
}

function sayExtent(state: State, rule: string, i: number, message: () => string, length = 8, other?: number): void {
  const { entry, field } = fieldOf(state, i, length, other)
  report(state.c, rule, () => spotIn(state.shape, entry, FILE, field), message)
}

/** What only all entries together tell about extents. */
function together(state: State): void {
  const { extents, devices } = state
  const { start, end, device, entry } = extents
  for (let i = 0; i < extents.count; i++) {
    const index = device[i] as number
    if (index === 0) continue
    const size = devices.get(index)
    if (size === undefined) sayDevice(state, i, index)
    else if ((end[i] as number) > size)
      sayExtent(state, 'log/extent-beyond', i, () => `bytes ${start[i]} to ${end[i]}, device ${index} ends at ${size}`, 16)
  }
  overlaps(extents, (later, earlier) => {
    const shared = [Math.max(start[later] as number, start[earlier] as number), Math.min(end[later] as number, end[earlier] as number)]
    const who = entry[earlier] as number
    sayExtent(
      state,
      'log/extent-overlap',
      later,
      () => `shares bytes ${shared[0]} to ${shared[1]} of device ${device[later]} with entry ${who}`,
      16,
      who,
    )
  })
}

function sayDevice(state: State, i: number, index: number): void {
  const { field, entry } = fieldOf(state, i, 8)
  const list = listIn(state.shape.entry, field.extType as number)
  const at = field.at - list.offset + (list.devindex as number)
  report(
    state.c,
    'log/device-unknown',
    () => spotIn(state.shape, entry, FILE, { ...field, at }),
    () => `no entry puts a device with index ${index} into the table`,
  )
}

/** The end of the used slots: next_index against what is there. */
function* tail(state: State): Reading<void> {
  const { frame, shape, zeros, c } = state
  const { used, slots, area, header } = frame
  const at = shape.header.nextIndex
  if (zeros > 0)
    sayHeader(
      c,
      frame,
      'log/next-index-unwritten',
      at,
      () => `next_index is ${header.nextIndex}, the slots from ${used - zeros} on were never written`,
    )
  if (used >= slots) return
  const { size } = shape.entry
  const slot = yield { from: area, offset: slotOffset(shape, used), length: size }
  if (slot.length === size && checkSlot(shape, slot, used) === 0)
    sayHeader(c, frame, 'log/next-index-short', at, () => `next_index is ${header.nextIndex}, but slot ${used} holds a good entry`)
}

/** Whether the header is still the one that was read first. */
function* headerMoved({ frame, shape, c }: State): Reading<void> {
  if (frame.area.still === true) return
  const now = (yield* frameLog(shape, frame.area))?.header
  const before = frame.header
  const same = now !== undefined && Object.entries(now).every(([name, value]) => before[name as keyof typeof before] === value)
  if (!same) sayHeader(c, frame, 'log/changing', 0, () => 'the header was written while the log was read', shape.header.size)
}

/** Paths of the entries that findings are about. */
function* namesFor(c: Collector, frame: LogFrame): Reading<Map<number, string>> {
  const { shape, area } = frame
  const names = new Map<number, string>()
  const wanted = new Set(c.drafts.flatMap(({ entry, other }) => [entry, other]).filter(entry => entry !== undefined))
  for (const index of wanted) {
    const slot = yield { from: area, offset: slotOffset(shape, index), length: shape.entry.size }
    const name = nameIn(shape, slot)
    if (name !== undefined) names.set(index, name)
  }
  return names
}

function nameIn({ entry }: LayoutShape, slot: Uint8Array): string | undefined {
  const kind = entry.kinds[u32At(slot, entry.type)]
  const place = kind === 'file' ? entry.file.path : kind === 'mkdir' ? entry.mkdir?.path : undefined
  const length = place === undefined ? 0 : pathLength(slot, place.at, Math.min(place.size, slot.length - place.at))
  return place === undefined || length === 0 ? undefined : decodeText(slot, place.at, place.at + length)
}

function* searching(image: Image, { limit = LIMIT, deviceSize }: ImageFindingOptions): Reading<ImageFinding[]> {
  const c = collector(limit)
  const sb = checkSuperblock(c, image)
  const { log: frame, logOffset } = image
  if (frame === undefined) {
    const { size } = shapeOf(image.layout).header
    report(
      c,
      'log/cut',
      () => ({ area: 'log', offset: 0, length: 0, path: '' }),
      () => `not even the ${size} bytes of the log's header are there`,
    )
    return finish(c, { logOffset, names: new Map() })
  }
  checkHeader(c, image, frame, sb)
  const where = logRange(image)
  const size = deviceSize ?? sb.deviceSize
  const state = stateFor({
    c,
    image,
    frame,
    unit: sb.unit,
    metadataEnd: FAMFS_LOG_OFFSET + where.end - where.start,
    deviceEnd: size === undefined ? Number.POSITIVE_INFINITY : Number(size),
    devices: new Map(),
  })
  yield* walkSlots(frame, state.slot, () => checkEntry(state))
  together(state)
  yield* tail(state)
  yield* headerMoved(state)
  return finish(c, { logOffset, names: yield* namesFor(c, frame) })
}

/**
 * Everything to object to in an open image: superblock, log header, every used entry, its path and its map, and what only all entries
 * together tell (paths that meet, extents that overlap). Time grows with the entries and what they hold; memory is some dozen bytes per
 * path and per extent. Each finding has its rule (docs/rules.md), the first byte on the device, the entry and the path of its file.
 * Bytes can be anything; nothing is thrown for them.
 * @throws the error of the source when it cannot be read
 */
export const imageFindings = (image: Image, options: ImageFindingOptions = {}): Promise<ImageFinding[]> => run(searching(image, options))

/** As {@link imageFindings}, for an image in memory. */
export const imageFindingsNow = (image: Image, options: ImageFindingOptions = {}): ImageFinding[] => runNow(searching(image, options))

export type { ImageFinding, Part } from './collect.ts'
