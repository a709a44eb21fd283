/** The RFC of February 2024: the first ioctl ABI, one device, simple extents, low command numbers. facts: wire 9.4 */
import { countedErrors, extentsAtMost, lengthsCoverFile, offsetAligned } from '../../schema/check.ts'
import { type IoctlDialect, type IoctlHandler, ioctlDialect } from '../../schema/ioctl.ts'
import {
  allocates,
  type CallRemark,
  type CallStep,
  copyAnswer,
  copyArgument,
  countAtLeast,
  counted,
  eachExtent,
  followsNull,
  hasInode,
  isMapped,
  lengthAlignedBeforeLast,
  notMapped,
  notMappedMeanwhile,
  offsetNotZero,
  remark,
} from '../../schema/ioctl-steps.ts'
import { E2BIG, EBADF, EEXIST, EFAULT, EINVAL, ENOMEM, ENOSPC } from '../errno.ts'
import { FAMFS_MAX_EXTENTS, famfs_extent, famfs_extent_type_rfc, famfs_ioc_map_rfc } from '../famfs/ioctl.ts'
import { answerArgument, ioctl, mapArgument } from '../famfs/ioctl-commands.ts'
import { IOC_NONE, IOC_READ, IOC_WRITE } from '../fuse/ioctl.ts'

/** What no driver of the old form looks at. facts: wire 9.4 */
export const lastLengthFree: CallRemark = remark(
  'lastLengthFree',
  'ioctl/last-length',
  { op: 'unaligned', x: 'se_len', unit: 'pmd' },
  'se_len',
)

/** Stored, and compared with that of the superblock alone. facts: wire 9.4 */
export const fileTypeKnown: CallRemark = remark(
  'fileTypeKnown',
  'ioctl/file-type',
  { op: 'outside', x: 'file_type', min: 0, max: 2 },
  'file_type',
)
/** Never read: whatever stands there is a map of simple extents. facts: wire 9.4 */
export const extentTypeRead = (simple: number): CallRemark =>
  remark('extentTypeRead', 'ioctl/extent-type', { op: 'noneOf', x: 'ext_type', values: [simple] }, 'ext_type')

/** The extents of a `famfs_ioc_map`, and everything behind them, the same in every driver that takes one. facts: wire 9.4, 6 to 10 */
export const mapChecks = (...more: readonly CallStep[]): readonly CallStep[] => [
  eachExtent(offsetNotZero(EINVAL), ...more, counted(offsetAligned('pmd'), lengthAlignedBeforeLast('pmd')), lastLengthFree),
  lengthsCoverFile(EINVAL),
  countedErrors(EINVAL),
  notMapped(EEXIST),
  notMappedMeanwhile(EEXIST),
]

/** The inode is used without a look at it. facts: wire 9.4, 9.6 */
export const noInode = followsNull('inodeUsed', 'ioctl/null-inode', 'noInode')

/** MAP_GET: the head of the map. facts: wire 9.4 */
export const getMap: IoctlHandler = { checks: [isMapped(EINVAL), copyAnswer], effect: 'answer', answer: 'famfs_ioc_map' }
/** The number promises one extent, and all are written. facts: wire 9.2 */
export const allExtents: CallRemark = remark('oneExtentPromised', 'ioctl/getext-size', { op: 'situation', is: 'manyExtents' })
/** MAP_GETEXT: all extents, whatever the number says about the size of one. facts: wire 9.2, 9.4 */
export const getExtents: IoctlHandler = { checks: [isMapped(EINVAL), allExtents, copyAnswer], effect: 'answer', answer: 'famfs_extent' }
/** NOP: tells that a file is one of famfs. facts: wire 9.4 */
export const nop: IoctlHandler = { checks: [], effect: 'nothing' }

/** The RFC. */
export const ioctlRfc: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  id: 'ioctl-rfc',
  title: 'standalone, RFC (February 2024)',
  facts: 'wire 9.4',
  limits: { extents: FAMFS_MAX_EXTENTS, devIndex: 0 },
  headers: [
    {
      id: '2024-02',
      title: 'RFC 07/20, 23 February 2024; famfs@053ceec',
      commands: [
        ioctl('MAP_CREATE', IOC_WRITE, 0x01, mapArgument(famfs_ioc_map_rfc)),
        ioctl('MAP_GET', IOC_READ, 0x02, answerArgument(famfs_ioc_map_rfc)),
        ioctl('MAP_GETEXT', IOC_READ, 0x03, answerArgument(famfs_extent)),
        ioctl('NOP', IOC_NONE, 0x04),
      ],
      extentTypes: famfs_extent_type_rfc,
    },
  ],
  entry: [],
  handlers: {
    MAP_CREATE: {
      checks: [
        copyArgument(EFAULT),
        extentTypeRead(famfs_extent_type_rfc.values.SIMPLE_DAX_EXTENT),
        fileTypeKnown,
        countAtLeast(1, ENOSPC),
        extentsAtMost(FAMFS_MAX_EXTENTS, E2BIG),
        hasInode(EBADF),
        allocates(ENOMEM),
        ...mapChecks(),
      ],
      effect: 'map',
    },
    MAP_GET: { ...getMap, checks: [noInode, ...(getMap.checks ?? [])] },
    MAP_GETEXT: { ...getExtents, checks: [noInode, ...(getExtents.checks ?? [])] },
    NOP: nop,
  },
  resolver: { end: 0, endAddress: 'offset', simple: 'signed', badDevice: 'ignored', anyFile: true, sizeFirst: true, unsignedCut: true },
})
