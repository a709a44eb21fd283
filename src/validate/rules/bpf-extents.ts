/** What a careful peer asks of the maps of the BPF variant besides kernel and program, and the rules about one extent or strip. */
import {
  chunkAligned,
  devIndexAtMost,
  eachExtent,
  eachGroup,
  eachStrip,
  endFits,
  extentsAtLeast,
  fileSizeSigned,
  interleaved,
  lengthAligned,
  lengthsCoverFile,
  nbytesCoverFile,
  nbytesNotZero,
  nbytesSumFits,
  offsetAligned,
  type Step,
  simple,
  stripsLongEnough,
  totalFits,
} from '../../schema/check.ts'
import { EINVAL } from '../../uapi/errno.ts'
import type { Rule } from './rule.ts'

export const NOBODY = 'Neither kernel nor program looks.'

const PIECE = [devIndexAtMost(63), offsetAligned('page'), offsetAligned('pmd'), lengthAligned('page'), endFits(EINVAL), totalFits(EINVAL)]

/** What a careful peer asks besides the steps of kernel and program, which refuse none of it; the errno is that of a peer that does. */
export const bpfCareful: readonly Step[] = [
  extentsAtLeast(1, EINVAL),
  fileSizeSigned(EINVAL),
  simple(eachExtent(PIECE)),
  interleaved(
    eachGroup(chunkAligned('page', EINVAL), nbytesNotZero(EINVAL), eachStrip(PIECE), stripsLongEnough(EINVAL), nbytesSumFits(EINVAL)),
    nbytesCoverFile(EINVAL),
  ),
  lengthsCoverFile(EINVAL),
]

const offPage =
  (name: 'se_offset' | 'se_len'): NonNullable<Rule['when']> =>
  r =>
    r.values[name] % BigInt(r.machine.pageSize) !== 0n

export const bpfExtentRules: readonly Rule[] = [
  {
    id: 'bpf/offset-page',
    title: 'Device offset is not a multiple of the page size',
    why: 'A page table maps whole pages: faults there fail, reads and writes move bytes that are not aligned as the file is.',
    checks: ['offsetAligned:pmd', 'offsetAligned:page'],
    when: offPage('se_offset'),
    severity: 'warning',
    otherwise: NOBODY,
    facts: 'wire 7.6',
    code: 'range',
    says: r => `se_offset ${r.values.se_offset} is not a multiple of the page size ${r.machine.pageSize}`,
  },
  {
    id: 'bpf/offset-pmd',
    title: 'Device offset is not a multiple of the PMD size',
    why: 'No large page can be mapped there. The kernels with a form of their own refuse it.',
    checks: ['offsetAligned:pmd'],
    severity: 'note',
    otherwise: NOBODY,
    facts: 'wire 4.1 S5, 7.6',
    code: 'range',
    says: r => `se_offset ${r.values.se_offset} is not a multiple of the PMD size ${r.machine.pmdSize}`,
  },
  {
    id: 'bpf/length-page',
    title: 'Length is not a multiple of the page size',
    why: 'The page at its end belongs to the next extent, too, and can be mapped for neither.',
    checks: ['lengthAligned:page'],
    severity: 'warning',
    otherwise: NOBODY,
    facts: 'wire 7.6',
    code: 'range',
    says: r => `se_len ${r.values.se_len} is not a multiple of the page size ${r.machine.pageSize}`,
  },
  {
    id: 'bpf/length-zero',
    title: 'Length is 0',
    why: 'An extent of no bytes maps nothing. It is legal, and often the trace of a field that was not filled.',
    checks: [],
    severity: 'note',
    otherwise: NOBODY,
    facts: 'wire 7.6',
    code: 'range',
    says: () => 'se_len is 0: nothing is mapped here',
  },
  {
    id: 'bpf/end-wrap',
    title: 'The extent ends beyond 2^64',
    why: 'The end does not fit 64 bits: look-ups near it come out at the start of the device.',
    checks: ['endFits'],
    severity: 'error',
    otherwise: 'No program looks, and addresses wrap.',
    facts: 'wire 7.6',
    code: 'range',
    says: r => `se_offset ${r.values.se_offset} + se_len ${r.values.se_len} reaches 2^64`,
  },
  {
    id: 'bpf/sum-wrap',
    title: 'A running sum reaches 2^64',
    why: 'No file offset reaches what lies behind.',
    checks: ['totalFits', 'nbytesSumFits'],
    severity: 'warning',
    otherwise: NOBODY,
    facts: 'wire 7.6',
    code: 'range',
    says: () => 'the sum up to here reaches 2^64',
  },
  {
    id: 'bpf/overlap',
    title: 'Two extents share device memory',
    why: 'Two places of the file are then the same bytes, and writing one changes the other.',
    checks: [],
    severity: 'warning',
    otherwise: NOBODY,
    facts: 'wire 7.6',
    code: 'range',
    says: (_, detail) => `overlaps ${detail}`,
  },
  {
    id: 'bpf/device-bounds',
    title: 'The extent ends beyond its device',
    why: 'Access to what lies beyond fails later, with EIO or SIGBUS.',
    checks: [],
    severity: 'error',
    otherwise: 'No parser looks. Said only when the sizes of the devices are given.',
    facts: 'wire 7.6',
    code: 'range',
    says: (r, detail) => `ends at ${r.values.se_offset + r.values.se_len}, ${detail}`,
  },
]
