/** At which moment of the careful walk each step is asked, of which dialects, and which rules it can break. */
import { expect, test } from 'vitest'
import {
  devBitBelow,
  devices,
  eachExtent,
  eachGroup,
  interleaved,
  lastPage,
  lengthsCoverFile,
  metaHolds,
  nextContinues,
  otherPages,
  type Step,
  stripsInAllAtMost,
  totalFits,
} from '../src/schema/check.ts'
import { dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { bpfDialects } from '../src/uapi/dialects/known.ts'
import { type Stages, stagesOf } from '../src/validate/findings/stages.ts'

const EINVAL = 22

/** One line a step: its name, the bits of the lists that have it, the rules without their chapter, and the field to blame. */
const told = (stages: Stages): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(stages)
      .filter(([, asked]) => asked.length > 0)
      .map(([stage, asked]) => [
        stage,
        asked.map(({ check, rules, mask }) =>
          [check.name, mask.toString(2), rules.map(({ id }) => id.replace(/.*\//, '')).join('|'), check.field].join(' '),
        ),
      ]),
  )

const listsOf = (all: readonly (readonly Step[])[]) => all.map((steps, i) => ({ steps, bits: 1 << i }))

test('steps of the famfs form: fuse-v1 is bit 0, fuse-push-il bit 7', () => {
  expect(told(stagesOf(listsOf(famfsDialectIds.map(id => dialects[id].checks)), 'fmap'))).toEqual({
    map: [
      'headerFits 11111111 truncated ',
      'extentsAtLeast 11111111 no-extents nextents',
      'extentsAtMost 1 too-many-extents nextents',
      'extTypeOneOf 10111111 ext-type ext_type',
      'extentsAtMost 111110 too-many-extents nextents',
      'extTypeOneOf 1000000 no-interleave|ext-type ext_type',
      'fileSizeSigned 10000000 file-size-signed file_size',
    ],
    simple: ['listFits 11111111 truncated nextents', 'arrayAllocates 11000000 allocation nextents'],
    interleaved: ['arrayAllocates 10000000 allocation nextents'],
    eachExtent: [
      'devIndexAtMost 1111111 devindex-shift|devindex se_devindex',
      'offsetAligned 1111111 offset-page|offset-pmd se_offset',
      'lengthAligned 1111111 length-page|length-pmd se_len',
      'devIndexAtMost 10000000 devindex-shift|devindex se_devindex',
      'offsetAligned 10000000 offset-page se_offset',
      'lengthAligned 10000000 length-page se_len',
      'endFits 10000000 end-wrap se_len',
      'totalFits 10000000 sum-wrap se_len',
    ],
    eachGroup: [
      'groupFits 10111111 truncated nextents',
      'nbytesNotZero 10111111 nbytes-zero ie_nbytes',
      'stripsFit 10111111 truncated ie_nstrips',
      'stripsBetween 1 strip-count ie_nstrips',
      'stripsBetween 10111110 strip-count ie_nstrips',
      'chunkAligned 110000 chunk-pmd ie_chunk_size',
      'chunkOneOf 10000000 chunk-zero|chunk-size ie_chunk_size',
      'nbytesSigned 10000000 nbytes-signed ie_nbytes',
    ],
    eachStrip: [
      'devIndexAtMost 111111 devindex-shift|devindex se_devindex',
      'offsetAligned 111111 offset-page|offset-pmd se_offset',
      'lengthAligned 111111 length-page|length-pmd se_len',
      'devIndexAtMost 10000000 devindex-shift|devindex se_devindex',
      'offsetAligned 10000000 offset-page se_offset',
      'lengthAligned 10000000 length-page se_len',
      'endFits 10000000 end-wrap se_len',
      'totalFits 10000000 sum-wrap se_len',
    ],
    groupEnd: ['stripsLongEnough 10000000 strip-short se_len', 'nbytesSumFits 10000000 sum-wrap ie_nbytes'],
    interleavedEnd: [
      'stripsCoverFileSigned 111111 remainder-signed|file-size-uncovered file_size',
      'nbytesCoverFile 10000000 nbytes-uncovered file_size',
      'lengthsCoverFile 11111111 file-size-uncovered file_size',
    ],
    end: ['lengthsCoverFile 11111111 file-size-uncovered file_size'],
  })
})

test('steps of the programs: dax_simple is bit 0, dax_interleave bit 1', () => {
  expect(told(stagesOf(listsOf(Object.values(bpfDialects).map(({ checks }) => checks)), 'bpf'))).toEqual({
    map: [
      'envelopeFits 11 truncated ',
      'metaAtMost 11 meta-large meta_size',
      'metaAllocates 11 meta-allocation meta_size',
      'headerFits 11 truncated ',
      'extentsAtMost 1 too-many-extents nextents',
      'extentsAtMost 10 too-many-extents nextents',
    ],
    simple: ['extentFits 1 truncated nextents'],
    eachExtent: ['devBitBelow 11 devindex se_devindex'],
    eachGroup: [
      'groupFits 10 truncated nextents',
      'stripsBetween 10 strip-count ie_nstrips',
      'chunkNotZero 10 chunk-zero ie_chunk_size',
      'extentFits 10 truncated ie_nstrips',
    ],
    eachStrip: ['devBitBelow 11 devindex se_devindex', 'stripsInAllAtMost 10 strip-count se_devindex'],
    interleavedEnd: [
      'metaHolds 10 meta-small meta_size',
      'metaHolds 10 meta-small meta_size',
      'metaHolds 11 meta-small meta_size',
      'metaHolds 1 meta-small meta_size',
    ],
    end: ['metaHolds 11 meta-small meta_size', 'metaHolds 1 meta-small meta_size'],
  })
})

/** Which stage each step of one list comes to. */
const placesOf = (...steps: readonly Step[]): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(stagesOf(listsOf([steps]), 'fmap'))
      .filter(([, asked]) => asked.length > 0)
      .map(([stage, asked]) => [stage, asked.map(({ check }) => check.name)]),
  )

test('what the last page is asked waits for the end, what the others are asked for theirs', () => {
  expect(placesOf(lastPage(totalFits(EINVAL)))).toEqual({ end: ['totalFits'], interleavedEnd: ['totalFits'] })
  expect(placesOf(interleaved(lastPage(totalFits(EINVAL))))).toEqual({ interleaved: ['totalFits'] })
  // a comparison of sums, too, is asked on each of the others
  expect(placesOf(otherPages(nextContinues(EINVAL), lengthsCoverFile(EINVAL)))).toEqual({
    pageEnd: ['nextContinues', 'nextContinues', 'lengthsCoverFile'],
  })
})

test('a comparison of sums inside of groups is of maps of groups only', () => {
  const holds = metaHolds(8, { pieces: 24 }, EINVAL)
  expect(placesOf(interleaved(holds))).toEqual({ interleavedEnd: ['metaHolds'] })
  expect(placesOf(interleaved(eachGroup(holds)))).toEqual({ interleavedEnd: ['metaHolds'] })
  expect(placesOf(eachExtent(holds))).toEqual({ end: ['metaHolds'], interleavedEnd: ['metaHolds'] })
})

test('devices are asked one by one, with the index to blame; anything else about all of them at the end', () => {
  const each = stagesOf(listsOf([[devices(devBitBelow(24, EINVAL))]]), 'bpf')
  expect(each.eachStrip).toEqual(each.eachExtent)
  expect(each.eachExtent.map(({ check }) => check.test)).toEqual([{ op: 'outside', x: 'dev_bit', min: 0, max: 23 }])
  expect(placesOf(devices(stripsInAllAtMost(512, EINVAL)))).toEqual({ end: ['stripsInAllAtMost'], interleavedEnd: ['stripsInAllAtMost'] })
})

test('one step of two lists is asked once, for both; another limit is another step', () => {
  const [a, b] = [stripsInAllAtMost(512, EINVAL), stripsInAllAtMost(513, EINVAL)]
  const { map } = stagesOf(
    [
      { steps: [a], bits: 1 },
      { steps: [a, b], bits: 4 },
    ],
    'bpf',
  )
  expect(map.map(({ check, mask }) => [check, mask])).toEqual([
    [a, 5],
    [b, 4],
  ])
})
