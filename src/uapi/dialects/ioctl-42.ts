/** KABI 42 (April 2024): the RFC with other numbers, and calls that end when the device has failed. facts: wire 9.5 */
import { extentsAtMost } from '../../schema/check.ts'
import type { EnumTable, Schema } from '../../schema/index.ts'
import { type IoctlCommand, type IoctlDialect, ioctlDialect } from '../../schema/ioctl.ts'
import {
  allocates,
  type CallStep,
  copyArgument,
  countAtLeast,
  deviceStillWorks,
  deviceWorks,
  hasInode,
  unlessNop,
} from '../../schema/ioctl-steps.ts'
import { E2BIG, EBADF, EFAULT, ENODEV, ENOMEM, ENOSPC } from '../errno.ts'
import {
  FAMFS_MAX_EXTENTS,
  famfs_extent,
  famfs_extent_type_42,
  famfs_extent_type_rfc,
  famfs_ioc_map_42,
  famfs_ioc_map_rfc,
} from '../famfs/ioctl.ts'
import { answerArgument, ioctl, mapArgument } from '../famfs/ioctl-commands.ts'
import { IOC_NONE, IOC_READ, IOC_WRITE } from '../fuse/ioctl.ts'
import { extentTypeRead, fileTypeKnown, getExtents, getMap, mapChecks, nop } from './ioctl-rfc.ts'

/** The four commands from 0x50 on: 0x01 to 0x04 belong to others. facts: wire 9.1 */
export const oldCommands = (map: Schema<unknown, unknown>): readonly IoctlCommand[] => [
  ioctl('MAP_CREATE', IOC_WRITE, 0x50, mapArgument(map)),
  ioctl('MAP_GET', IOC_READ, 0x51, answerArgument(map)),
  ioctl('MAP_GETEXT', IOC_READ, 0x52, answerArgument(famfs_extent)),
  ioctl('NOP', IOC_NONE, 0x53),
]

/** Asked when a call enters. facts: wire 9.5 */
const entry: readonly CallStep[] = [unlessNop(hasInode(EBADF), deviceWorks(ENODEV))]

/** MAP_CREATE with a `famfs_ioc_map`, up to its extents. */
export const beforeExtents: readonly CallStep[] = [
  deviceStillWorks(ENODEV),
  copyArgument(EFAULT),
  extentTypeRead(famfs_extent_type_42.values.SIMPLE_DAX_EXTENT),
  fileTypeKnown,
  countAtLeast(1, ENOSPC),
  extentsAtMost(FAMFS_MAX_EXTENTS, E2BIG),
  allocates(ENOMEM),
]

const header = (id: string, title: string, map: Schema<unknown, unknown>, extentTypes: EnumTable) => ({
  id,
  title,
  commands: oldCommands(map),
  extentTypes,
})

/** KABI 42. */
export const ioctl42: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  id: 'ioctl-42',
  title: 'standalone, KABI 42 (April 2024)',
  facts: 'wire 9.5',
  kabi: 42,
  limits: { extents: FAMFS_MAX_EXTENTS, devIndex: 0 },
  headers: [
    header('2024-04', 'KABI 42; famfs@9c0c5b8', famfs_ioc_map_42, famfs_extent_type_42),
    header('2024-03', 'March 2024, without a version; famfs@97a4d7c', famfs_ioc_map_rfc, famfs_extent_type_rfc),
  ],
  entry,
  handlers: {
    MAP_CREATE: { checks: [...beforeExtents, ...mapChecks()], effect: 'map' },
    MAP_GET: getMap,
    MAP_GETEXT: getExtents,
    NOP: nop,
  },
  resolver: { end: 0, simple: 'signed', badDevice: 'end', unsignedCut: true },
})
