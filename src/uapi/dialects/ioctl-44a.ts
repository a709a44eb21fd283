/** KABI 44, first header: devices are registered by file descriptor. facts: wire 9.1, 9.7 */
import { type IoctlDialect, ioctlDialect } from '../../schema/ioctl.ts'
import { famfs_ioc_get_fmap } from '../famfs/ioctl.ts'
import { answerArgument, daxdevFdArgument, fuseMessageArgument, ioctl } from '../famfs/ioctl-commands.ts'
import { IOC_NONE, IOC_READ, IOC_WRITE } from '../fuse/ioctl.ts'
import { entry } from './ioctl-43.ts'
import { createMap, limits44, resolver44 } from './ioctl-44.ts'
import { nop } from './ioctl-rfc.ts'

/** KABI 44a. What its driver does with MAP_GET_V2 and DAXDEV_OPEN has not been read. */
export const ioctl44a: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  id: 'ioctl-44a',
  title: 'standalone, KABI 44a (2026): DAXDEV_OPEN by file descriptor',
  facts: 'wire 9.7',
  kabi: 44,
  limits: limits44,
  headers: [
    {
      id: '44a',
      title: 'KABI 44, first variant',
      commands: [
        ioctl('NOP', IOC_NONE, 0x53),
        ioctl('MAP_CREATE', IOC_WRITE, 0x50, fuseMessageArgument),
        ioctl('MAP_GET_V2', IOC_READ, 0x55, answerArgument(famfs_ioc_get_fmap)),
        ioctl('DAXDEV_OPEN', IOC_WRITE, 0x56, daxdevFdArgument),
      ],
    },
  ],
  entry,
  handlers: { NOP: nop, MAP_CREATE: createMap(), MAP_GET_V2: { effect: 'answer' }, DAXDEV_OPEN: { effect: 'device' } },
  resolver: resolver44,
})
