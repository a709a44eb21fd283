/** Series V1 (RFC, April 2025): the kernel asks while it looks the file up, and a reply is always one page. facts: wire 4.1, 2.1 */
import {
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
import { E2BIG, EALREADY, EEXIST, EINVAL } from '../errno.ts'

/** The dialect of series V1. */
export const fuseV1: Dialect = /* @__PURE__ */ builtIn({
  id: 'fuse-v1',
  title: 'series V1 (RFC, April 2025)',
  facts: 'wire 4.1',
  initBit: 42,
  init: { minor: 42, replyAlone: true },
  opcodes: { GET_FMAP: 53, GET_DAXDEV: 54 },
  request: { GET_FMAP: 'none', GET_DAXDEV: 'none' },
  reply: { GET_FMAP: { buffer: 4096, exact: true, least: 4096, most: 4096 }, GET_DAXDEV: { exact: 280 } },
  sizeProbe: 'none',
  push: false,
  trigger: 'LOOKUP',
  fatal: false,
  limits: { extents: 2, strips: 16, devIndex: 0, devSlots: 24, devShift: 31 },
  resolver: { end: 0, simple: 'signed', groups: 'smaller', badDevice: 'end' },
  habits: { acquireFails: 'free', asksAgain: true, mapTwice: EEXIST, mapRaced: EALREADY, deviceTwice: EALREADY },
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, EINVAL),
    extentsAtMost(2, E2BIG),
    extTypeOneOf([0, 1], EINVAL),
    simple(listFits(EINVAL), eachExtent(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd')))),
    interleaved(
      eachGroup(
        groupFits(EINVAL),
        nbytesNotZero(EINVAL),
        stripsFit(EINVAL),
        counted(stripsBetween(1, 16)),
        eachStrip(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd'))),
      ),
      stripsCoverFileSigned(EINVAL),
    ),
    countedErrors(EINVAL),
    lengthsCoverFile(EINVAL),
  ],
})
