/** How the kernels differ around the parser, as data. facts: wire 4.4, 4.5 */
import type { Dialect } from '../../schema/dialect.ts'
import { EALREADY, EEXIST } from '../../uapi/errno.ts'

export interface Habits {
  /**
   * a device of the table that cannot be acquired: `free` leaves the slot as it was, `flag` remembers the failure, `valid` marks the slot
   * valid besides, so that the kernel never asks again. facts: wire 4.5 step 10
   */
  readonly acquireFails: 'free' | 'flag' | 'valid'
  /** the map is asked for though the file has one. facts: wire 2.1 */
  readonly asksAgain: boolean
  /** errno of a second map for a file; nobody sees it. facts: wire 4.4 */
  readonly mapTwice: number
  /** errno when another open(2) installed a map while this one asked for devices; nobody sees it. facts: wire 4.4 */
  readonly mapRaced: number
  /** errno of a second answer about a device */
  readonly deviceTwice: number
  /** slots of the device table where the dialect does not say */
  readonly slots: number
}

const V1: Habits = { acquireFails: 'free', asksAgain: true, mapTwice: EEXIST, mapRaced: EALREADY, deviceTwice: EALREADY, slots: 24 }
const V4: Habits = { ...V1, acquireFails: 'flag', asksAgain: false, mapTwice: 0, mapRaced: 0, deviceTwice: 0 }
const V7: Habits = { ...V4, acquireFails: 'valid' }
/** 64 slots: the capture `push/index-0x40`, also for the dialect whose published text does not say. */
const PUSH: Habits = { ...V4, slots: 64 }

const habits: Readonly<Record<string, Habits>> = {
  'fuse-v1': V1,
  'fuse-v2': V1,
  'fuse-v3': V4,
  'fuse-v4': V4,
  'fuse-push': PUSH,
  'fuse-push-il': PUSH,
}

/** Those of a dialect; of one made by a user: those of the newest series of its kind. */
export function habitsOf({ id, push, limits }: Dialect): Habits {
  const own = habits[id] ?? (push ? PUSH : V7)
  return limits.devSlots === undefined ? own : { ...own, slots: limits.devSlots }
}
