/** What the search for findings knows while it goes over an image. */
import { uuidAt } from '../bytes.ts'
import type { Image } from '../image.ts'
import type { LogFrame } from '../scan.ts'
import { type EntryShape, type InterleavedShape, type LayoutShape, type ListShape, shapeOf } from '../shape.ts'
import { type Collector, report, type Spot } from './collect.ts'
import { type Extents, extents } from './extents.ts'
import { fieldAt } from './field.ts'
import type { Slot } from './slots.ts'
import type { Unused } from './stale.ts'
import { type Tree, tree, type Walk, walk } from './tree.ts'

/** Further devices by index, with their bytes: those that the reference's table takes. */
export type Devices = Map<number, number>

export interface State {
  readonly c: Collector
  readonly image: Image
  readonly shape: LayoutShape
  readonly frame: LogFrame
  /** the slot that is looked at */
  readonly slot: Slot
  readonly unit: number
  /** first byte of the device behind superblock and log */
  readonly metadataEnd: number
  /** first byte behind the primary device; Infinity where its size is not known */
  readonly deviceEnd: number
  readonly devices: Devices
  /** of the devices in the table, the primary one among them */
  readonly uuids: Set<string>
  readonly tree: Tree
  readonly walk: Walk
  readonly extents: Extents
  /** which bytes of an entry carry nothing, by twice its type plus that of its map */
  readonly unused: Map<number, readonly Unused[]>
  /** slots at the end so far that are all zero */
  zeros: number
}

export type Fixed = Pick<State, 'c' | 'image' | 'frame' | 'unit' | 'metadataEnd' | 'deviceEnd' | 'devices'>

/** The device in slot 0 of the table, which no entry adds. */
function primaryOf({ layout, superblockBytes }: Image): string[] {
  const { superblock } = shapeOf(layout)
  const { devUuid, size } = superblock
  return devUuid === undefined || superblockBytes.length < size ? [] : [uuidAt(superblockBytes, devUuid)]
}

export function stateFor(fixed: Fixed): State {
  return {
    ...fixed,
    shape: fixed.frame.shape,
    slot: { bytes: new Uint8Array(0), at: 0, index: 0, faults: 0 },
    uuids: new Set(primaryOf(fixed.image)),
    tree: tree(),
    walk: walk(),
    extents: extents(),
    unused: new Map(),
    zeros: 0,
  }
}

/** First byte of a slot in the log. */
export const slotOffset = ({ header, entry }: LayoutShape, index: number): number => header.size + index * entry.size

/** A field of an entry. */
export interface Field {
  readonly at: number
  readonly length: number
  /** index in the innermost list */
  readonly element?: number
  /** interleaved, where that decides what the bytes are called */
  readonly extType?: number
  readonly other?: number
}

/** The place of a field of entry `index`; `type` is the type of the entry. */
export function spotIn(shape: LayoutShape, index: number, type: number, field: Field): Spot {
  const { at, length, element = 0, extType = 0, other } = field
  const { entry, layout } = shape
  const back = element === 0 ? 0 : element * listIn(entry, extType).stride
  const name = fieldAt(layout.entry, at - back, { body: type, map: extType }, element)
  return {
    area: 'log',
    offset: slotOffset(shape, index) + at,
    length,
    entry: index,
    path: `entries[${index}].${name}`,
    ...(other === undefined ? {} : { other }),
  }
}

/** The list that an element is in; only layouts that have it have elements. */
export const listIn = ({ file }: EntryShape, extType: number): ListShape =>
  extType === 1 ? (file.interleaved as InterleavedShape).strips : (file.simple as ListShape)

/** A finding in the slot that is looked at. */
export function say(state: State, rule: string, type: number, field: Field, message: () => string): void {
  report(state.c, rule, () => spotIn(state.shape, state.slot.index, type, field), message)
}
