/** A log that is being built: what is in it, what is free, and the next slot. */
import { FAMFS_ALLOC_UNIT } from '../../uapi/famfs/superblock.ts'
import type { Target } from '../replay/resolve.ts'
import type { Tree } from '../replay/tree.ts'
import type { LayoutShape } from '../shape.ts'
import { refusal } from './refusal.ts'
import type { Space } from './space.ts'

/** State of a build; changes with every entry. */
export interface Session {
  readonly shape: LayoutShape
  /** bytes of the primary device */
  readonly deviceSize: bigint
  /** bytes of a unit */
  readonly unit: number
  /** whole units of the device */
  readonly units: number
  /** slots that the log may use */
  readonly slots: number
  /** whatever the reference would do with it */
  readonly unchecked: boolean
  readonly tree: Tree
  readonly root: number
  readonly target: Target
  /** units in use on any device: the reference has one bitmap for all. facts: metadata 4, fsck */
  readonly space: Space
  /** uuid of each device by its index, and its bytes */
  readonly devices: { readonly uuid: string; readonly size: bigint }[]
  /** number of the next slot */
  next: number
  /** where the next search for a free place starts, in units */
  position: number
  /** the bucket that is tried first */
  bucket: number
}

/** Bytes that every length is rounded up to, whatever the unit. facts: metadata 6, contiguous */
export const GRAIN = Number(FAMFS_ALLOC_UNIT)

/** Slots may be used up to `last_index`, and only those that lie in the log. */
export function takeSlot(session: Session): number {
  if (session.next >= session.slots)
    throw refusal('range', 'famfs_log_next_index', `the log is full: all of its ${session.slots} slots are in use`, session.next)
  return session.next++
}
