/** KABI 44, fourth header: numbers from 0x50 on, and a mount that permits what its option bits say. facts: wire 9.1, 9.7 */
import { type IoctlDialect, type IoctlHandler, ioctlDialect } from '../../schema/ioctl.ts'
import {
  between,
  type CallStep,
  copyArgument,
  copyPath,
  deviceTaken,
  isCapable,
  isCharacterDevice,
  isDax,
  mountAllowsDevices,
  nameAllocates,
  pathAllocates,
  pathEnds,
  pathFound,
  pathNotEmpty,
  permitted,
  slotIsFree,
  slotNotFailed,
} from '../../schema/ioctl-steps.ts'
import { EACCES, EFAULT, EINVAL, EIO, ENODEV, ENOMEM, EPERM } from '../errno.ts'
import { FAMFS_DAXDEV_PATH_MAX, FAMFS_OPT_DEFAULT, famfs_ioc_ext_type, famfs_opts } from '../famfs/ioctl.ts'
import { daxdevArgument, iocMessageArgument, ioctl, optsArgument } from '../famfs/ioctl-commands.ts'
import { IOC_NONE, IOC_READ, IOC_WRITE } from '../fuse/ioctl.ts'
import { entry } from './ioctl-43.ts'
import { createMap, DEV_SLOTS, limits44, resolver44 } from './ioctl-44.ts'
import { operations44d } from './ioctl-44-operations.ts'
import { nop } from './ioctl-rfc.ts'

/** How a mount takes a device, its own first one and those of DAXDEV_OPEN: the last steps of both. facts: ioctl-44e 4 */
export const installDevice: readonly CallStep[] = [
  pathNotEmpty(EINVAL),
  pathFound,
  isCharacterDevice(EINVAL),
  mountAllowsDevices(EACCES),
  between('indexInTable', 'daxdev_index', 0, DEV_SLOTS - 1, EINVAL),
  slotIsFree,
  slotNotFailed(EIO),
  isDax(ENODEV),
  deviceTaken,
  nameAllocates(ENOMEM),
]

/** DAXDEV_OPEN by path. facts: wire 9.7, ioctl-44e 4 */
export const openDevice: IoctlHandler = {
  checks: [
    isCapable(EPERM),
    copyArgument(EFAULT),
    between('flagsZero', 'flags', 0, 0, EINVAL),
    between('indexInTable', 'daxdev_index', 0, DEV_SLOTS - 1, EINVAL),
    slotIsFree,
    between('pathLength', 'daxdev_path_len', 1, FAMFS_DAXDEV_PATH_MAX, EINVAL),
    copyPath(EFAULT),
    pathEnds(EINVAL),
    pathAllocates(ENOMEM),
    ...installDevice,
  ],
  effect: 'device',
}

/** MAP_CREATE has an option bit of its own. */
export const mapPermitted: readonly CallStep[] = [permitted(famfs_opts.bits.FAMFS_OPT_MAP_CREATE, EPERM)]

/** Who may call them and what they check has not been read. */
const unread: IoctlHandler = { effect: 'answer' }

/** KABI 44d. */
export const ioctl44d: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  id: 'ioctl-44d',
  title: 'standalone, KABI 44d (2026): option bits, numbers from 0x50 on',
  facts: 'wire 9.7',
  kabi: 44,
  limits: limits44,
  headers: [
    {
      id: '44d',
      title: 'KABI 44, fourth variant',
      commands: [
        ioctl('NOP', IOC_NONE, 0x50),
        ioctl('MAP_CREATE', IOC_WRITE, 0x51, iocMessageArgument),
        ioctl('DAXDEV_OPEN', IOC_WRITE, 0x52, daxdevArgument),
        ioctl('GET_OPTS', IOC_READ, 0x53, optsArgument),
        ioctl('SET_OPTS', IOC_READ | IOC_WRITE, 0x54, optsArgument),
        ioctl('CLEAR_OPTS', IOC_READ | IOC_WRITE, 0x55, optsArgument),
      ],
      extentTypes: famfs_ioc_ext_type,
    },
  ],
  entry,
  handlers: {
    NOP: nop,
    MAP_CREATE: createMap(mapPermitted),
    DAXDEV_OPEN: openDevice,
    GET_OPTS: unread,
    SET_OPTS: unread,
    CLEAR_OPTS: unread,
  },
  options: { bits: famfs_opts, initial: FAMFS_OPT_DEFAULT },
  operations: operations44d,
  installDevice,
  resolver: resolver44,
})
