/** famfs_daxdev_table_add: what the reference's device table says to each ADD_DAXDEV entry. facts: metadata 4, ADD_DAXDEV */
import { u32At, uuidAt } from '../bytes.ts'
import type { DaxdevShape } from '../shape.ts'
import { today } from './superblock.ts'

const { entry } = today
const shape = entry.daxdev as DaxdevShape
const ADD_DAXDEV = 3
const EEXIST = -17
const ENOSPC = -28
const ERANGE = -34

/** Slots of the table, as in every kernel that has one. */
export const DAXDEV_SLOTS = 24

/** What the reference says to one ADD_DAXDEV entry. */
export interface DaxdevResult {
  /** number of the log entry */
  readonly index: number
  readonly rc: number
}

export interface DaxdevTable {
  slot(slot: Uint8Array, index: number): void
  /** one result per ADD_DAXDEV entry */
  readonly results: readonly DaxdevResult[]
}

/** @param primaryUuid uuid of the device in slot 0, which the caller fills */
export function daxdevTable(primaryUuid: string): DaxdevTable {
  const uuids = [primaryUuid]
  const results: DaxdevResult[] = []
  const add = (slot: Uint8Array): number => {
    const uuid = uuidAt(slot, shape.uuid)
    if (uuids.length >= DAXDEV_SLOTS) return ENOSPC
    if (u32At(slot, shape.index) !== uuids.length) return ERANGE
    if (uuids.includes(uuid)) return EEXIST
    uuids.push(uuid)
    return 0
  }
  return {
    results,
    slot(slot, index) {
      if (u32At(slot, entry.type) === ADD_DAXDEV) results.push({ index, rc: add(slot) })
    },
  }
}
