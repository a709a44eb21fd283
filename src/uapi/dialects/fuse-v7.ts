/** Series V7 (January 2026): the first that looks at the chunk size. facts: wire 4.1 */
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
import { E2BIG, EINVAL, EIO } from '../errno.ts'
import { fuseV4 } from './fuse-v4.ts'

/** The dialect of series V7. */
export const fuseV7: Dialect = /* @__PURE__ */ builtIn({
  ...fuseV4,
  id: 'fuse-v7',
  title: 'series V7 (January 2026)',
  resolver: { end: EIO, simple: 'signed', groups: 'smaller', chunkUnit: 'pmd', badDevice: 'flag' },
  habits: {},
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, EINVAL),
    extentsAtMost(32, E2BIG),
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
