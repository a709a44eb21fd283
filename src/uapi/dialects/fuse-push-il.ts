/** Push dialect with interleaved extents, many devices and 4 KiB granularity (2026). facts: wire 4.3 */
import {
  arrayAllocates,
  chunkOneOf,
  counted,
  countedErrors,
  devIndexAtMost,
  eachExtent,
  eachGroup,
  eachStrip,
  endFits,
  extentsAtLeast,
  extTypeOneOf,
  fileSizeSigned,
  groupFits,
  headerFits,
  interleaved,
  lengthAligned,
  lengthsCoverFile,
  listFits,
  nbytesCoverFile,
  nbytesNotZero,
  nbytesSigned,
  nbytesSumFits,
  offsetAligned,
  simple,
  stripsBetween,
  stripsFit,
  stripsLongEnough,
  totalFits,
} from '../../schema/check.ts'
import { builtIn, type Dialect } from '../../schema/dialect.ts'
import { EINVAL, EIO, ENOMEM, ERANGE } from '../errno.ts'
import { fusePush } from './fuse-push.ts'

/** The push dialect with interleaved groups. */
export const fusePushIl: Dialect = /* @__PURE__ */ builtIn({
  ...fusePush,
  id: 'fuse-push-il',
  title: 'push series with interleaved extents (2026)',
  facts: 'wire 4.3',
  limits: { strips: 32, devIndex: 63, devSlots: 64, devShift: 64 },
  resolver: { end: EIO, simple: 'shift', groups: 'smaller', badDevice: 'flag', installFlags: true },
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, ERANGE),
    fileSizeSigned(EINVAL),
    extTypeOneOf([0, 1], EINVAL),
    simple(
      listFits(EINVAL),
      arrayAllocates(24, ENOMEM),
      eachExtent(counted(devIndexAtMost(63), offsetAligned('page'), lengthAligned('page')), endFits(EINVAL), totalFits(EINVAL)),
    ),
    interleaved(
      arrayAllocates(32, ENOMEM),
      eachGroup(
        groupFits(EINVAL),
        chunkOneOf(['page', 'pmd'], EINVAL),
        nbytesNotZero(EINVAL, 'nbytes'),
        nbytesSigned(EINVAL),
        stripsBetween(1, 32, EINVAL),
        stripsFit(EINVAL),
        eachStrip(counted(devIndexAtMost(63), offsetAligned('page'), lengthAligned('page')), endFits(EINVAL), totalFits(EINVAL)),
        stripsLongEnough(EINVAL),
        nbytesSumFits(EINVAL),
      ),
      nbytesCoverFile(EINVAL),
    ),
    countedErrors(EINVAL),
    lengthsCoverFile(EINVAL),
  ],
})
