/** What the four headers of KABI 44 have in common: a map is the message of the push dialects, in memory. facts: wire 9.7 */
import {
  type Check,
  chunkAligned,
  countedErrors,
  extentsAtLeast,
  extTypeOneOf,
  groupFits,
  lengthAligned,
  lengthsCoverFile,
  listFits,
  nbytesNotZero,
  offsetAligned,
  stripsCoverFileSigned,
  stripsFit,
  type Unit,
} from '../../schema/check.ts'
import type { Resolver } from '../../schema/dialect.ts'
import type { IoctlHandler, IoctlLimits } from '../../schema/ioctl.ts'
import {
  allocates,
  between,
  type CallStep,
  chunkNotZero,
  copyArgument,
  copyMessage,
  counted,
  deviceInTable,
  deviceStillWorks,
  eachExtent,
  eachGroup,
  eachStrip,
  hasStrips,
  interleaved,
  listAllocates,
  notMapped,
  notMappedMeanwhile,
  remark,
  simple,
  stripsAllocate,
} from '../../schema/ioctl-steps.ts'
import { EEXIST, EFAULT, EFBIG, EINVAL, EIO, ENODEV, ENOMEM } from '../errno.ts'
import { FAMFS_FMAP_VERSION } from '../famfs/fmap.ts'

/** Slots of the device table; the indices of a map fit in 64 bits. facts: wire 9.7 */
export const DEV_SLOTS = 64
/** Bytes of the largest map message. facts: wire 9.7, 8 */
const MESSAGE_MAX = 0x400000
const HEADER = 32
/** Bytes of an extent and of a group in the driver's memory. */
const EXTENT = 24
const GROUP = 32
const U32_MAX = 0xffff_ffff

export const limits44: IoctlLimits = { devIndex: DEV_SLOTS - 1, devSlots: DEV_SLOTS, message: MESSAGE_MAX }

/** Stored and never looked at. facts: wire 3.1 */
const fileType = remark('fileTypeKnown', 'ioctl/file-type', { op: 'outside', x: 'file_type', min: 0, max: 2 }, 'file_type')

/** What the drivers of KABI 44 differ in. facts: ioctl-44e 3 */
export interface Granularity {
  /** every offset and length is a multiple of it */
  readonly unit: Unit
  /** what a chunk may be */
  readonly chunk: readonly (Check | CallStep)[]
}

/** 44a to 44d: everything in units of what a PMD entry maps. facts: wire 9.7 */
const PMD: Granularity = { unit: 'pmd', chunk: [chunkNotZero(EINVAL), chunkAligned('pmd', EINVAL)] }

const extent = (unit: Unit): readonly CallStep[] => [
  deviceInTable(DEV_SLOTS - 1, EINVAL),
  ...counted(offsetAligned(unit), lengthAligned(unit)),
]

/**
 * MAP_CREATE of KABI 44: a header, then as many bytes as it says. The driver's three arrays are no rows of the fact sheet's table; they
 * stand where the driver takes them, see fixtures/ioctl/PROVENANCE.md.
 * @param permission what is asked before the header is copied
 */
export const createMap = (permission: readonly CallStep[] = [], { unit, chunk }: Granularity = PMD): IoctlHandler => ({
  checks: [
    notMapped(EEXIST),
    deviceStillWorks(ENODEV),
    ...permission,
    copyArgument(EFAULT),
    between('versionIsOne', 'fmap_version', FAMFS_FMAP_VERSION, FAMFS_FMAP_VERSION, EINVAL),
    between('sizeAtLeast', 'fmap_size', HEADER, U32_MAX, EINVAL),
    between('sizeAtMost', 'fmap_size', 0, MESSAGE_MAX, EFBIG),
    extentsAtLeast(1, EINVAL),
    allocates(ENOMEM),
    copyMessage(EFAULT),
    fileType,
    extTypeOneOf([0, 1], EINVAL),
    simple(listFits(EINVAL), listAllocates(EXTENT, ENOMEM), eachExtent(extent(unit))),
    interleaved(
      listAllocates(GROUP, ENOMEM),
      eachGroup(
        groupFits(EINVAL),
        ...chunk,
        nbytesNotZero(EINVAL),
        hasStrips(EINVAL),
        stripsFit(EINVAL),
        stripsAllocate(EXTENT, ENOMEM),
        eachStrip(extent(unit)),
      ),
      stripsCoverFileSigned(EINVAL),
    ),
    countedErrors(EINVAL),
    lengthsCoverFile(EINVAL),
    notMappedMeanwhile(EEXIST),
  ],
  effect: 'map',
})

/** facts: wire 9.7, end */
export const resolver44: Resolver = {
  end: EIO,
  endDevice: 0,
  simple: 'signed',
  groups: 'smaller',
  stripBound: true,
  badDevice: 'flag',
  missingStrip: 'flag',
  failedMount: true,
}
