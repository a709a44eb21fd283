/** Series V8 to V10 (March 2026). Its patches speak of 7.46, and announce 45; mainline 7.46 is something else. facts: wire 4.1, today 1 */
import {
  chunkAligned,
  counted,
  countedErrors,
  devIndexAtMost,
  eachExtent,
  eachGroup,
  eachStrip,
  extentsAtLeast,
  extentsAtMost,
  extTypeOneOf,
  groupFits,
  headerFits,
  interleaved,
  lengthAligned,
  lengthsCoverFile,
  listFits,
  nbytesNotZero,
  offsetAligned,
  simple,
  stripsBetween,
  stripsCoverFileSigned,
  stripsFit,
} from '../../schema/check.ts'
import { builtIn, type Dialect } from '../../schema/dialect.ts'
import { EINVAL, EIO, ERANGE } from '../errno.ts'
import { FAMFS_KERNEL_MINOR } from '../famfs/constants.ts'

/** The dialect of series V8 to V10. */
export const fuseV10: Dialect = /* @__PURE__ */ builtIn({
  id: 'fuse-v10',
  title: 'series V8 to V10 (March 2026), 7.46 in its patches, not mainline 7.46',
  facts: 'wire 4.1',
  initBit: 43,
  init: { minor: FAMFS_KERNEL_MINOR },
  opcodes: { GET_FMAP: 54, GET_DAXDEV: 55 },
  request: { GET_FMAP: 'none', GET_DAXDEV: 'none' },
  reply: { GET_FMAP: { buffer: 4096, least: 4096, most: 4096 }, GET_DAXDEV: { exact: 280 } },
  sizeProbe: 'none',
  push: false,
  trigger: 'OPEN',
  fatal: true,
  limits: { extents: 32, strips: 32, devIndex: 0, devSlots: 24, devShift: 31 },
  resolver: { end: EIO, simple: 'signed', groups: 'smaller', chunkUnit: 'pmd', badDevice: 'flag' },
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, ERANGE),
    extentsAtMost(32, ERANGE),
    extTypeOneOf([0, 1], EINVAL),
    simple(listFits(EINVAL), eachExtent(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd')))),
    interleaved(
      eachGroup(
        groupFits(EINVAL),
        chunkAligned('pmd', EINVAL),
        nbytesNotZero(EINVAL),
        stripsFit(EINVAL),
        counted(stripsBetween(1, 32)),
        eachStrip(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd'))),
      ),
      stripsCoverFileSigned(EINVAL),
    ),
    countedErrors(EINVAL),
    lengthsCoverFile(EINVAL),
  ],
})
