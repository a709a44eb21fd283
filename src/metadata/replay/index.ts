/** From a log to the tree that it makes, the space that it takes, and the maps of its files. */
export {
  type Allocation,
  type AllocationOptions,
  allocationOf,
  bitmapOf,
  type Capacity,
  capacityOf,
} from './allocation.ts'
export { type DeviceIndex, deviceIndex, type OwnedRange } from './device-index.ts'
export type { ExtentColumns } from './extents.ts'
export { type Fate, fateNames } from './fates.ts'
export { type FmapOptions, fmapOfEntry, fmapsOfEntry, fusedReplyOfEntry, ioctlOfEntry, ioctlsOfEntry, mapOfEntry } from './fmap.ts'
export { children, lookup, type Node, nodeOf, resolveEntryPath, sortedChildren, walk } from './lookup.ts'
export type { Policy } from './maker.ts'
export { fateOf, type Replay, type ReplayDevice, type ReplayOptions, refusals, replay, replayNow } from './replay.ts'
export type { Tree } from './tree.ts'
