/** What comes of taking a device: in the form of fixtures/ioctl/FORMAT.md. */
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { installDevice } from '../../validate/ioctl/install.ts'
import type { IoctlState } from '../../validate/ioctl/types.ts'
import { type Json, number, oneOf, optional, text } from '../record.ts'
import { wideIn } from './numbers.ts'

/** What a slot is before it, in the words of the vectors. */
const SLOTS = ['free', 'ready', 'error', 'failed-before'] as const

function slotIn(request: Json, index: bigint): IoctlState {
  const slot = optional(request, 'slot', (r, key) => oneOf(r, key, SLOTS)) ?? 'free'
  if (slot === 'ready') return { slots: [Number(index)] }
  return slot === 'free' ? {} : { devices: { [index.toString()]: slot === 'error' ? 'error' : 'failed' } }
}

/** The answer to `install`; undefined: nobody has read what the driver does. */
export function installAnswer(request: Json, dialect: IoctlDialectId): Json | undefined {
  if (ioctlDialects[dialect].installDevice === undefined) return undefined
  const index = wideIn(request, 'index')
  const heldBy = optional(request, 'held', (r, key) => oneOf(r, key, ['self'] as const))
  const state: IoctlState = {
    ...slotIn(request, index),
    lookup: optional(request, 'lookup', number) ?? 0,
    acquire: optional(request, 'acquire', number) ?? 0,
    node: optional(request, 'node', (r, key) => oneOf(r, key, ['dax', 'character', 'other'] as const)) ?? 'dax',
    mountForbidsDevices: request.nodev === true,
    nameAllocates: request.name_allocates !== false,
    ...(heldBy === undefined ? {} : { heldBy }),
  }
  const { errno, slot } = installDevice(dialect, { index, path: text(request, 'path'), state })
  return slot === undefined ? { errno } : { errno, slot }
}
