/** The state of file, mount, caller and path that a call depends on, as requests give it. */
import type { IoctlState, SlotTrouble } from '../../validate/ioctl/types.ts'
import { type Json, list, number, object, oneOf, optional } from '../record.ts'
import { installedIn } from './map.ts'
import { wideIn } from './numbers.ts'

const TROUBLES: readonly SlotTrouble[] = ['failed', 'error']

const slotsIn = (record: Json, key: string): readonly number[] => list(record, key).map(slot => number({ [key]: slot }, key))

const devicesIn = (record: Json, key: string): Readonly<Record<string, SlotTrouble>> => {
  const slots = object(record[key])
  return Object.fromEntries(Object.keys(slots).map(index => [index, oneOf(slots, index, TROUBLES)]))
}

type Readers = { readonly [K in keyof IoctlState]-?: (record: Json, key: string) => Exclude<IoctlState[K], undefined> }

/** How each member is read. */
const members: Readers = {
  inode: (record, key) => record[key] !== false,
  device: (record, key) => oneOf(record, key, ['works', 'failed', 'fails'] as const),
  map: installedIn,
  i_size: wideIn,
  race: (record, key) => record[key] === true,
  options: wideIn,
  rawio: (record, key) => record[key] !== false,
  outOfMemory: (record, key) => record[key] === true,
  slots: slotsIn,
  lookup: number,
  acquire: number,
  devices: devicesIn,
  node: (record, key) => oneOf(record, key, ['dax', 'character', 'other'] as const),
  mountForbidsDevices: (record, key) => record[key] === true,
  heldBy: (record, key) => oneOf(record, key, ['self'] as const),
  nameAllocates: (record, key) => record[key] !== false,
}

/** @throws WireError naming the member that is not what it should be */
export function stateIn(request: Json): IoctlState {
  const record = optional(request, 'state', (r, key) => object(r[key])) ?? {}
  const found = Object.entries(members).map(([name, read]) => [name, optional<unknown>(record, name, read)] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}
