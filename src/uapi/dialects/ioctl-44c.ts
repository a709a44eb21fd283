/** KABI 44, third header: the map message has names of its own, with the same bytes. facts: wire 9.1, 9.7 */
import { type IoctlDialect, ioctlDialect } from '../../schema/ioctl.ts'
import { famfs_ioc_ext_type } from '../famfs/ioctl.ts'
import { iocMessageArgument } from '../famfs/ioctl-commands.ts'
import { ioctl44b, threeCommands } from './ioctl-44b.ts'

/** KABI 44c. What its driver does with DAXDEV_OPEN has not been read. */
export const ioctl44c: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  ...ioctl44b,
  id: 'ioctl-44c',
  title: 'standalone, KABI 44c (2026): structs of its own',
  headers: [{ id: '44c', title: 'KABI 44, third variant', commands: threeCommands(iocMessageArgument), extentTypes: famfs_ioc_ext_type }],
})
