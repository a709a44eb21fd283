/** KABI 43 (August 2024 to April 2025): interleaved groups behind user pointers, and a whole map in one answer. facts: wire 9.6 */
import {
  countedErrors,
  devIndexAtMost,
  extentsAtLeast,
  extentsAtMost,
  extTypeOneOf,
  lengthAligned,
  lengthsCoverFile,
  offsetAligned,
  stripsBetween,
} from '../../schema/check.ts'
import type { Schema } from '../../schema/index.ts'
import { type IoctlDialect, type IoctlHandler, type IoctlHeader, ioctlDialect } from '../../schema/ioctl.ts'
import {
  allocates,
  type CallRemark,
  type CallStep,
  copyAnswer,
  copyArgument,
  copyExtents,
  copyGroups,
  copyStrips,
  counted,
  deviceStillWorks,
  deviceWorks,
  eachExtent,
  eachGroup,
  eachStrip,
  followsNull,
  groupsAtMost,
  hasOneGroup,
  interleaved,
  isSimple,
  nbytesCoverFileSigned,
  notMapped,
  notMappedMeanwhile,
  remark,
  simple,
  stripsAllocate,
  unlessNop,
} from '../../schema/ioctl-steps.ts'
import { E2BIG, EEXIST, EFAULT, EINVAL, ENODEV, ENOMEM } from '../errno.ts'
import {
  FAMFS_MAX_EXTENTS,
  FAMFS_MAX_STRIPS,
  famfs_extent_type,
  famfs_ioc_get_fmap,
  famfs_ioc_get_fmap_104,
  famfs_ioc_get_fmap_440,
  famfs_ioc_map,
} from '../famfs/ioctl.ts'
import { answerArgument, fmapArgument, ioctl } from '../famfs/ioctl-commands.ts'
import { IOC_READ, IOC_WRITE } from '../fuse/ioctl.ts'
import { beforeExtents, oldCommands } from './ioctl-42.ts'
import { allExtents, fileTypeKnown, getMap, mapChecks, noInode, nop } from './ioctl-rfc.ts'

/** Groups for which the driver has room; its look at `nextents` lets 2 pass at most. facts: wire 9.3, 9.6 */
const MAX_GROUPS = 4
/** Bytes of an extent in the driver's memory. */
const EXTENT = 24
const ANY = 2 ** 64

const header = (id: string, title: string, answer?: Schema<unknown, unknown>): IoctlHeader => ({
  id,
  title: `${title}`,
  commands: [
    ...oldCommands(famfs_ioc_map),
    ioctl('MAP_CREATE_V2', IOC_WRITE, 0x54, fmapArgument),
    ...(answer === undefined ? [] : [ioctl('MAP_GET_V2', IOC_READ, 0x55, answerArgument(answer))]),
  ],
  extentTypes: famfs_extent_type,
})

/** One extent is allocated, two are taken. facts: wire 9.6 */
const heapOverrun: CallRemark = remark('oneExtentAllocated', 'ioctl/heap-overrun', { op: 'indexFrom', min: 1 }, 'nextents')
/** Asked when a call enters: the inode is used before anything else, whatever the command. facts: wire 9.6 */
export const entry: readonly CallStep[] = [noInode, unlessNop(deviceWorks(ENODEV))]

/** The strips are copied into an array of 16, however many there are. facts: wire 9.6, 10 */
const stackOverrun = remark(
  'stripsOnStack',
  'ioctl/stack-overrun',
  { op: 'outside', x: 'ie_nstrips', min: 0, max: FAMFS_MAX_STRIPS },
  'ie_nstrips',
)
/** The resolver divides by both. facts: wire 5.3, 9.6 */
const divisors = [
  remark('chunkNotZero', 'ioctl/chunk-zero', { op: 'outside', x: 'ie_chunk_size', min: 1, max: ANY }, 'ie_chunk_size'),
  remark('stripsNotZero', 'ioctl/no-strips', { op: 'outside', x: 'ie_nstrips', min: 1, max: ANY }, 'ie_nstrips'),
]
/** No map of the file is no case that the driver thought of. facts: wire 9.6 */
const noMap = followsNull('mapUsed', 'ioctl/null-map', 'unmapped')

/** Two are taken, and MAP_GET_V2 answers for one only. facts: wire 9.6 */
const oneGroup = remark('oneGroupAnswered', 'ioctl/two-groups', { op: 'outside', x: 'nextents', min: 0, max: 1 }, 'nextents')

/** Between the count and the pointer. facts: wire 9.3 */
const padding = remark('paddingZero', 'ioctl/padding', { op: 'outside', x: 'padding', min: 0, max: 0 }, 'padding')

const extent = counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd'))

const createV2: IoctlHandler = {
  checks: [
    notMapped(EEXIST),
    deviceStillWorks(ENODEV),
    copyArgument(EFAULT),
    fileTypeKnown,
    padding,
    extentsAtLeast(1, EINVAL),
    extentsAtMost(FAMFS_MAX_EXTENTS, E2BIG),
    allocates(ENOMEM),
    extTypeOneOf([0, 1], EINVAL),
    simple(copyExtents, eachExtent(extent)),
    interleaved(
      oneGroup,
      groupsAtMost(MAX_GROUPS, EINVAL),
      copyGroups,
      eachGroup(
        counted(stripsBetween(0, FAMFS_MAX_STRIPS)),
        stackOverrun,
        ...divisors,
        copyStrips(FAMFS_MAX_STRIPS * EXTENT),
        stripsAllocate(EXTENT, ENOMEM),
        eachStrip(extent),
      ),
      nbytesCoverFileSigned(EINVAL),
    ),
    countedErrors(EINVAL),
    lengthsCoverFile(EINVAL),
    notMappedMeanwhile(EEXIST),
  ],
  effect: 'map',
}

/** KABI 43, as its last header and driver have it. */
export const ioctl43: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  id: 'ioctl-43',
  title: 'standalone, KABI 43 (August 2024 to April 2025)',
  facts: 'wire 9.6',
  kabi: 43,
  limits: { extents: FAMFS_MAX_EXTENTS, groups: FAMFS_MAX_EXTENTS, strips: FAMFS_MAX_STRIPS, devIndex: 0 },
  headers: [
    header('2025-04', 'final; famfs@cf98f09, 64db6d5', famfs_ioc_get_fmap),
    header('2024-10', 'September and October 2024; famfs@f5d50a8, 0ff5f93', famfs_ioc_get_fmap_440),
    header('2024-08-27', '27 August 2024; famfs@3aaeccd', famfs_ioc_get_fmap_104),
    header('2024-08-24', '24 August 2024; famfs@be95443'),
  ],
  entry,
  handlers: {
    MAP_CREATE: { checks: [...beforeExtents, ...mapChecks(heapOverrun)], effect: 'map' },
    MAP_GET: getMap,
    MAP_GETEXT: { checks: [noMap, isSimple(EINVAL), allExtents, copyAnswer], effect: 'answer', answer: 'famfs_extent' },
    NOP: nop,
    MAP_CREATE_V2: createV2,
    MAP_GET_V2: { checks: [noMap, hasOneGroup(EINVAL), copyAnswer], effect: 'answer', answer: 'famfs_ioc_get_fmap' },
  },
  resolver: { end: 0, endDevice: 0, simple: 'signed', groups: 'smaller', badDevice: 'end', failedMount: true, unsignedCut: true },
})
