/** Push dialect, simple extents only (2026): devices are registered by ioctl, the header carries the size of the map. facts: wire 4.2 */
import {
  arrayAllocates,
  counted,
  countedErrors,
  devIndexAtMost,
  eachExtent,
  extentsAtLeast,
  extTypeOneOf,
  headerFits,
  lengthAligned,
  lengthsCoverFile,
  listFits,
  offsetAligned,
  simple,
} from '../../schema/check.ts'
import { builtIn, type Dialect } from '../../schema/dialect.ts'
import { EINVAL, EIO, ENOMEM, ERANGE } from '../errno.ts'
import { FAMFS_KERNEL_MINOR } from '../famfs/constants.ts'

/** The push dialect of simple extents. */
export const fusePush: Dialect = /* @__PURE__ */ builtIn({
  id: 'fuse-push',
  title: 'push series, simple extents (2026)',
  facts: 'wire 4.2',
  initBit: 43,
  init: { minor: FAMFS_KERNEL_MINOR },
  opcodes: { GET_FMAP: 54, GET_DAXDEV: 55 },
  request: { GET_FMAP: 'fuse_getxattr_in', GET_DAXDEV: 'none' },
  reply: { GET_FMAP: { buffer: 4096, least: 32, most: 16777216, offers: 'size' } },
  sizeProbe: 'header',
  push: true,
  trigger: 'OPEN',
  fatal: true,
  limits: { devIndex: 0, devShift: 64 },
  resolver: { end: EIO, simple: 'shift', badDevice: 'flag', installFlags: true },
  // 64 slots: the capture `push/index-0x40`, also where the published text does not say
  habits: { acquireFails: 'flag', slots: 64 },
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, ERANGE),
    extTypeOneOf([0], EINVAL),
    simple(
      listFits(EINVAL),
      arrayAllocates(24, ENOMEM),
      eachExtent(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd'))),
    ),
    countedErrors(EINVAL),
    lengthsCoverFile(EINVAL),
  ],
})
