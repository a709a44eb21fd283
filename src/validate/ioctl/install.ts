/** How a mount takes a device: the function that mount(2) and DAXDEV_OPEN call. facts: ioctl-44e 4 */
import { WireError } from '../../codec/errors.ts'
import { ioctlDialectOf } from '../../codec/ioctl/command.ts'
import { LOWEST_ADDRESS, UserMemory } from '../../codec/ioctl/index.ts'
import { encodeText } from '../../codec/text.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import type { VerdictOptions } from '../options.ts'
import type { IoctlState } from './types.ts'
import { enter, failsToTake } from './verdict.ts'
import { run } from './walk.ts'

/** A device that a mount is to take. */
export interface DeviceInstall {
  /** slot of the device table; the mount's own device is 0. A u64 */
  readonly index: bigint
  /** as the kernel has copied it, without its NUL */
  readonly path: string
  /** what path and slot are; `slots` default none */
  readonly state?: IoctlState
}

/** What comes of it. */
export interface DeviceInstalled {
  /** 0, or a positive Linux errno */
  readonly errno: number
  /** name of the step that decided; absent: all were taken, or the slot was valid already */
  readonly check?: string
  /** the slot after it: `failed` says that taking a device for it has failed; absent: the table has no such slot */
  readonly slot?: 'free' | 'valid' | 'failed'
}

function slotBefore({ slots = [], devices = {} }: IoctlState, index: bigint): 'free' | 'valid' | 'failed' {
  const trouble = devices[index.toString()]
  if (trouble === 'failed') return 'failed'
  return trouble === 'error' || slots.some(slot => BigInt(slot) === index) ? 'valid' : 'free'
}

/**
 * What a driver does when it is to take a device for a slot of its table, at mount or by DAXDEV_OPEN.
 *
 * ```ts
 * import { installDevice } from 'famfs-wire/kernel'
 *
 * installDevice('ioctl-44d', { index: 1n, path: '/dev/null', state: { node: 'character' } })
 * // { errno: 19, check: 'isDax', slot: 'free' }
 * ```
 *
 * @param dialect a version of the ioctl ABI or its id
 * @throws WireError code unsupported for an unknown dialect or one whose driver nobody has read, code text for a path with a NUL or a lone surrogate
 */
export function installDevice(
  dialect: IoctlDialect | IoctlDialectId,
  { index, path, state = {} }: DeviceInstall,
  options: VerdictOptions = {},
): DeviceInstalled {
  const own = ioctlDialectOf(dialect)
  const steps = own.installDevice
  if (steps === undefined)
    throw new WireError({
      code: 'unsupported',
      path: 'dialect',
      offset: 0,
      detail: `nobody has read how a driver of ${own.id} takes devices`,
    })
  const text = encodeText(path)
  if (text === undefined || text.includes(0))
    throw new WireError({ code: 'text', path: 'path', offset: 0, detail: 'a path holds no NUL and no lone surrogate', actual: path })
  const held: IoctlState = { ...state, slots: state.slots ?? [] }
  const call = enter(own, undefined, { address: LOWEST_ADDRESS, memory: new UserMemory(), state: held }, options)
  call.values.daxdev_index = index
  call.path = { bytes: Uint8Array.of(...text, 0), address: LOWEST_ADDRESS }
  const ending = run({ call, listener: undefined }, steps)
  const inTable = index < BigInt(own.limits.devSlots ?? 0)
  const before = slotBefore(held, index)
  const slot = (after: typeof before): Pick<DeviceInstalled, 'slot'> => (inTable ? { slot: after } : {})
  if (ending?.kind !== 'errno') return { errno: 0, ...slot('valid') }
  const { errno, check } = ending
  if (errno === 0) return { errno, ...slot(before) }
  return { errno, check, ...slot(failsToTake(held, check) ? 'failed' : before) }
}
