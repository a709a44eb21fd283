/** Series V2 (July 2025): the kernel offers a size, and a reply of 4 bytes asks for a larger one. facts: wire 4.1, 2.2 */
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

/** The dialect of series V2. */
export const fuseV2: Dialect = /* @__PURE__ */ builtIn({
  id: 'fuse-v2',
  title: 'series V2 (July 2025)',
  facts: 'wire 4.1',
  initBit: 42,
  init: { minor: 42, replyAlone: true },
  opcodes: { GET_FMAP: 53, GET_DAXDEV: 54 },
  request: { GET_FMAP: 'fuse_get_fmap_in', GET_DAXDEV: 'none' },
  reply: { GET_FMAP: { buffer: 4096, least: 56, most: 32768, offers: 'size' }, GET_DAXDEV: { exact: 280 } },
  sizeProbe: 'hint',
  push: false,
  trigger: 'OPEN',
  fatal: false,
  limits: { extents: 32, strips: 32, devIndex: 0, devSlots: 24, devShift: 31 },
  resolver: { end: 0, simple: 'signed', groups: 'smaller', badDevice: 'end' },
  habits: { acquireFails: 'free', asksAgain: true, mapTwice: EEXIST, mapRaced: EALREADY, deviceTwice: EALREADY },
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, EINVAL),
    extentsAtMost(32, E2BIG),
    extTypeOneOf([0, 1], EINVAL),
    simple(listFits(EINVAL), eachExtent(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd')))),
    interleaved(
      eachGroup(
        groupFits(EINVAL),
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
