/** The devices of an image: how large they are, what they are called, and what is on them besides files. */
import { decodeText } from '../../codec/text.ts'
import { FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { untilNul } from '../bytes.ts'
import { logRange } from '../log-range.ts'
import { deviceAt } from '../replay/allocation.ts'
import type { Replay } from '../replay/replay.ts'
import { shapeOf } from '../shape.ts'
import { LOG, SUPERBLOCK } from './parts.ts'

/** A device. */
export interface DeviceView {
  readonly index: number
  /** what it is called, not escaped */
  readonly name: string
  /** bytes; 0 where nothing says so */
  readonly size: number
  /** bytes of an allocation unit */
  readonly unit: number
  readonly meta: readonly { readonly start: number; readonly end: number; readonly owner: number }[]
}

/** Devices that are drawn at most: as many as a table has. facts: metadata 4, ADD_DAXDEV */
const MOST_DEVICES = 24

/** The path of the device in the superblock. */
function primaryName({ image }: Replay): string {
  const { at, size } = shapeOf(image.layout).superblock.devName
  const bytes = untilNul(image.superblockBytes, at, Math.min(at + size, image.superblockBytes.length))
  return decodeText(bytes, 0, bytes.length)
}

function metaOf({ image }: Replay): DeviceView['meta'] {
  return [
    { start: 0, end: FAMFS_SUPERBLOCK_SIZE, owner: SUPERBLOCK },
    { ...logRange(image), owner: LOG },
  ]
}

/** Indexes of devices that entries add or extents name. */
function indexesOf({ devices, extents }: Replay): number[] {
  const found = new Set([0, ...devices.map(d => d.index)])
  for (let i = 0; i < extents.count; i++) found.add(extents.device[i] as number)
  return [...found].sort((a, b) => a - b)
}

function deviceView(replay: Replay, index: number): DeviceView {
  const { size, unit } = deviceAt(replay, index)
  const known = replay.devices.find(d => d.index === index)
  if (index === 0) return { index, name: primaryName(replay), size, unit, meta: metaOf(replay) }
  return { index, name: known === undefined ? 'no entry adds it' : `uuid ${known.uuid}`, size, unit, meta: [] }
}

/** Devices to draw, and how many more there are. */
export interface Devices {
  readonly views: readonly DeviceView[]
  readonly hidden: number
}

/** One device, or all that there are. */
export function devicesOf(replay: Replay, device: number | 'all'): Devices {
  const indexes = device === 'all' ? indexesOf(replay) : [device]
  const views = indexes.slice(0, MOST_DEVICES).map(index => deviceView(replay, index))
  return { views, hidden: indexes.length - views.length }
}
