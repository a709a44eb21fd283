/** KABI 44, second header: devices are registered by path. facts: wire 9.1, 9.7 */
import { type IoctlArgument, type IoctlCommand, type IoctlDialect, ioctlDialect } from '../../schema/ioctl.ts'
import { daxdevArgument, fuseMessageArgument, ioctl } from '../famfs/ioctl-commands.ts'
import { IOC_NONE, IOC_WRITE } from '../fuse/ioctl.ts'
import { entry } from './ioctl-43.ts'
import { createMap, limits44, resolver44 } from './ioctl-44.ts'
import { nop } from './ioctl-rfc.ts'

/** The three commands of 44b and 44c. */
export const threeCommands = (message: IoctlArgument): readonly IoctlCommand[] => [
  ioctl('NOP', IOC_NONE, 0x53),
  ioctl('MAP_CREATE', IOC_WRITE, 0x50, message),
  ioctl('DAXDEV_OPEN', IOC_WRITE, 0x56, daxdevArgument),
]

/** KABI 44b. What its driver does with DAXDEV_OPEN has not been read. */
export const ioctl44b: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  id: 'ioctl-44b',
  title: 'standalone, KABI 44b (2026): DAXDEV_OPEN by path',
  facts: 'wire 9.7',
  kabi: 44,
  limits: limits44,
  headers: [{ id: '44b', title: 'KABI 44, second variant', commands: threeCommands(fuseMessageArgument) }],
  entry,
  handlers: { NOP: nop, MAP_CREATE: createMap(), DAXDEV_OPEN: { effect: 'device' } },
  resolver: resolver44,
})
