/** Rules about one simple extent or strip, and about extents among each other. */
import type { Registers } from '../tests.ts'
import type { Rule } from './rule.ts'

const S63 = 1n << 63n

const offPage =
  (name: 'se_offset' | 'se_len') =>
  (r: Registers): boolean =>
    r.values[name] % BigInt(r.machine.pageSize) !== 0n

const PAGE_WHY = 'A file system maps whole pages: no kernel can serve less.'
const PMD_WHY = 'V1 to V10 and the first push kernel map whole PMDs (2 MiB on x86-64); the second one is content with pages.'

export const extentRules: readonly Rule[] = [
  {
    id: 'fmap/devindex-shift',
    title: 'Device index beyond the width of the kernel’s shift',
    why: 'The kernel records the index with a shift before it looks at it: 1 << index in an int from 31 on, or a 64-bit shift from 64 on, is undefined behaviour in C.',
    checks: ['devIndexAtMost'],
    when: (r, { limits }) => r.values.se_devindex >= limits.devShift,
    severity: 'error',
    otherwise: 'Every kernel refuses it after the shift.',
    facts: 'wire 4.1 S4, 4.2',
    code: 'range',
    says: r => `se_devindex ${r.values.se_devindex} is shifted past the width of the type before it is refused`,
  },
  {
    id: 'fmap/devindex',
    title: 'Device index above the limit',
    why: 'V1 to V10 and the first push kernel take index 0 only, although their tables have more slots; the second push kernel takes 0 to 63.',
    checks: ['devIndexAtMost'],
    otherwise: 'fuse-push-il takes it when it is below 64.',
    facts: 'wire 3.6, 4.1 S5, 4.3',
    code: 'range',
    says: r => `se_devindex is ${r.values.se_devindex}, most kernels take 0 only`,
  },
  {
    id: 'fmap/offset-page',
    title: 'Device offset is not a multiple of the page size',
    why: PAGE_WHY,
    checks: ['offsetAligned:pmd', 'offsetAligned:page'],
    when: offPage('se_offset'),
    otherwise: 'No kernel takes it.',
    facts: 'wire 4.1 S5, 4.3',
    code: 'range',
    says: r => `se_offset ${r.values.se_offset} is not a multiple of the page size ${r.machine.pageSize}`,
  },
  {
    id: 'fmap/offset-pmd',
    title: 'Device offset is not a multiple of the PMD size',
    why: PMD_WHY,
    checks: ['offsetAligned:pmd'],
    otherwise: 'fuse-push-il takes it.',
    facts: 'wire 4.1 S5, 4.2',
    code: 'range',
    says: r => `se_offset ${r.values.se_offset} is not a multiple of the PMD size ${r.machine.pmdSize}`,
  },
  {
    id: 'fmap/length-page',
    title: 'Length is not a multiple of the page size',
    why: PAGE_WHY,
    checks: ['lengthAligned:pmd', 'lengthAligned:page'],
    when: offPage('se_len'),
    otherwise: 'No kernel takes it.',
    facts: 'wire 4.1 S5, 4.3',
    code: 'range',
    says: r => `se_len ${r.values.se_len} is not a multiple of the page size ${r.machine.pageSize}`,
  },
  {
    id: 'fmap/length-pmd',
    title: 'Length is not a multiple of the PMD size',
    why: PMD_WHY,
    checks: ['lengthAligned:pmd'],
    otherwise: 'fuse-push-il takes it.',
    facts: 'wire 4.1 S5, 4.2',
    code: 'range',
    says: r => `se_len ${r.values.se_len} is not a multiple of the PMD size ${r.machine.pmdSize}`,
  },
  {
    id: 'fmap/length-zero',
    title: 'Length is 0',
    why: 'An extent of no bytes maps nothing. It is legal, and often the trace of a field that was not filled.',
    checks: [],
    severity: 'note',
    otherwise: 'Every kernel takes it; fuse-push-il only where no chunk of the group falls on the strip.',
    facts: 'wire 4.1, 5.2',
    code: 'range',
    says: () => 'se_len is 0: nothing is mapped here',
  },
  {
    id: 'fmap/length-signed',
    title: 'Length is 2^63 or more',
    why: 'The resolvers compare lengths as signed numbers: V1 to V10 never choose such an extent, and the push kernels report more bytes than were asked for.',
    checks: [],
    severity: 'error',
    otherwise: 'No parser looks at the sign; the resolver misbehaves.',
    facts: 'wire 5.2, 5.4',
    code: 'range',
    says: r => `se_len ${r.values.se_len} is negative for the kernel's resolver`,
  },
  {
    id: 'fmap/end-wrap',
    title: 'The extent ends beyond 2^64',
    why: 'The end does not fit 64 bits: look-ups near it come out at the start of the device.',
    checks: ['endFits'],
    severity: 'error',
    otherwise: 'All but fuse-push-il take it and compute wrapped addresses.',
    facts: 'wire 4.1, 4.7 no. 23, 5.2',
    code: 'range',
    says: r => `se_offset ${r.values.se_offset} + se_len ${r.values.se_len} reaches 2^64`,
  },
  {
    id: 'fmap/overlap',
    title: 'Two extents share device memory',
    why: 'Two places of the file are then the same bytes, and writing one changes the other.',
    checks: [],
    severity: 'warning',
    otherwise: 'No kernel looks.',
    facts: 'wire 4.1, 4.3',
    code: 'range',
    says: (_, detail) => `overlaps ${detail}`,
  },
  {
    id: 'fmap/device-bounds',
    title: 'The extent ends beyond its device',
    why: 'No kernel knows the size of the device when it parses: access to what lies beyond fails later, with EIO or SIGBUS.',
    checks: [],
    severity: 'error',
    otherwise: 'No parser looks. Said only when the sizes of the devices are given.',
    facts: 'wire 4.1, 4.3',
    code: 'range',
    says: (r, detail) => `ends at ${r.values.se_offset + r.values.se_len}, ${detail}`,
  },
]

/** True for a length that the resolvers take for negative. */
export const isNegative = (length: bigint): boolean => length >= S63
