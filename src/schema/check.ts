/**
 * The notation for what a kernel checks: small named steps in the order in which the kernel takes them, and the dialect that owns them.
 * Pure data. The verdict engine walks it, the fast form is generated from it, and a reader can lay it beside facts wire 4.1 to 4.3.
 */

/** A size that depends on the machine: the page, or what one entry of the middle page table maps. facts: wire 0.4 */
export type Unit = 'page' | 'pmd'

/** u32 values that a step can look at. */
export type SmallField = 'nextents' | 'ext_type' | 'ie_nstrips' | 'ie_chunk_size' | 'se_devindex'
/** u64 values that a step can look at; `total` and `logical` are the sums so far of `se_len` and `ie_nbytes`, modulo 2^64. */
export type WideField = 'file_size' | 'ie_nbytes' | 'se_offset' | 'se_len' | 'total' | 'logical'
/** What must lie inside the bytes given: the header, the list of simple extents, the head of a group, the strips of a group. */
export type Part = 'header' | 'list' | 'group' | 'strips'

/** The condition under which a step fails. Every `op` has one exact and one generated meaning, side by side in validate/tests.ts. */
export type Test =
  | { readonly op: 'pastEnd'; readonly part: Part }
  | { readonly op: 'outside'; readonly x: SmallField; readonly min: number; readonly max: number }
  | { readonly op: 'noneOf'; readonly x: SmallField; readonly values: readonly (number | Unit)[] }
  | { readonly op: 'cannotAllocate'; readonly x: SmallField; readonly bytes: number }
  | { readonly op: 'unaligned'; readonly x: 'ie_chunk_size' | 'se_offset' | 'se_len'; readonly unit: Unit }
  | { readonly op: 'zero'; readonly x: WideField }
  | { readonly op: 'aboveS63'; readonly x: WideField }
  | { readonly op: 'carry'; readonly a: WideField; readonly b: WideField }
  | { readonly op: 'lessThan'; readonly a: WideField; readonly b: WideField }
  | { readonly op: 'positiveDifference'; readonly a: WideField; readonly b: WideField }
  | { readonly op: 'stripTooShort' }
  | { readonly op: 'counted' }

/** The field whose bytes are to blame; empty for the whole header. */
export type Guilty =
  | 'ext_type'
  | 'nextents'
  | 'file_size'
  | 'ie_nstrips'
  | 'ie_chunk_size'
  | 'ie_nbytes'
  | 'se_devindex'
  | 'se_offset'
  | 'se_len'
  | ''

/** One step: fails when its test holds. Decisive steps end the parse with `errno`; a counted one adds to the count that `countedErrors` asks. */
export interface Check {
  readonly kind: 'check'
  readonly name: string
  readonly test: Test
  /** name of the failure in the golden vectors */
  readonly reason: string
  readonly field: Guilty
  /** absent: counted */
  readonly errno?: number
}

/** Steps for one kind of map, or for every element of it. */
export interface Block {
  readonly kind: 'simple' | 'interleaved' | 'eachExtent' | 'eachGroup' | 'eachStrip'
  readonly steps: readonly Step[]
}

/** A check, or a block of steps. */
export type Step = Check | Block

const check = (name: string, test: Test, reason: string, field: Guilty, errno?: number): Check =>
  errno === undefined ? { kind: 'check', name, test, reason, field } : { kind: 'check', name, test, reason, field, errno }

const block =
  (kind: Block['kind']) =>
  (...steps: readonly (Step | readonly Step[])[]): Block => ({ kind, steps: steps.flat() })

/** The 32 bytes of the header are there. */
export const headerFits = (errno: number): Check => check('headerFits', { op: 'pastEnd', part: 'header' }, 'underflow', '', errno)
/** `nextents` is at least this. */
export const extentsAtLeast = (min: number, errno: number): Check =>
  check('extentsAtLeast', { op: 'outside', x: 'nextents', min, max: 0xffffffff }, 'nextents_zero', 'nextents', errno)
/** `nextents` is at most this. */
export const extentsAtMost = (max: number, errno: number): Check =>
  check('extentsAtMost', { op: 'outside', x: 'nextents', min: 0, max }, 'nextents_max', 'nextents', errno)
/** file_size does not exceed 2^63-1. */
export const fileSizeSigned = (errno: number): Check =>
  check('fileSizeSigned', { op: 'aboveS63', x: 'file_size' }, 'file_size_lfs', 'file_size', errno)
/** `ext_type` is one of these. */
export const extTypeOneOf = (values: readonly number[], errno: number): Check =>
  check('extTypeOneOf', { op: 'noneOf', x: 'ext_type', values }, 'ext_type', 'ext_type', errno)

/** Steps for a map of simple extents. */
export const simple = block('simple')
/** Steps for a map of interleaved groups. */
export const interleaved = block('interleaved')
/** Steps for every simple extent, in order; then its length is added to `total`. Needs {@link listFits} before it. */
export const eachExtent = block('eachExtent')
/** Steps for every group, in order; then its ie_nbytes is added to `logical`. {@link groupFits} comes first. */
export const eachGroup = block('eachGroup')
/** Steps for every strip of the group, in order; then its length is added to `total`. Needs {@link stripsFit} before it. */
export const eachStrip = block('eachStrip')
/** Failures that do not end the parse: {@link countedErrors} does so later. */
export const counted = (...checks: readonly Check[]): readonly Check[] => checks

/** All `nextents` simple extents are there. */
export const listFits = (errno: number): Check => check('listFits', { op: 'pastEnd', part: 'list' }, 'underflow', 'nextents', errno)
/** The kernel can allocate its array of `nextents` elements of so many bytes: bounded by the kmallocMax option, never from 2^31 elements on. */
export const arrayAllocates = (bytes: number, errno: number): Check =>
  check('arrayAllocates', { op: 'cannotAllocate', x: 'nextents', bytes }, 'enomem', 'nextents', errno)

/** The head of the group is there. */
export const groupFits = (errno: number): Check => check('groupFits', { op: 'pastEnd', part: 'group' }, 'underflow', 'nextents', errno)
/** A multiple of the unit; 0 passes. */
export const chunkAligned = (unit: Unit, errno: number): Check =>
  check('chunkAligned', { op: 'unaligned', x: 'ie_chunk_size', unit }, 'chunk_align', 'ie_chunk_size', errno)
/** `ie_chunk_size` is exactly one of these. */
export const chunkOneOf = (values: readonly Unit[], errno: number): Check =>
  check('chunkOneOf', { op: 'noneOf', x: 'ie_chunk_size', values }, 'chunk_size', 'ie_chunk_size', errno)
/** The golden vectors name this failure differently where the limit of 2^63-1 belongs to it. */
export const nbytesNotZero = (errno: number, reason: 'nbytes_zero' | 'nbytes' = 'nbytes_zero'): Check =>
  check('nbytesNotZero', { op: 'zero', x: 'ie_nbytes' }, reason, 'ie_nbytes', errno)
/** `ie_nbytes` does not exceed 2^63-1. */
export const nbytesSigned = (errno: number): Check =>
  check('nbytesSigned', { op: 'aboveS63', x: 'ie_nbytes' }, 'nbytes', 'ie_nbytes', errno)
/** `ie_nstrips` lies between these, inclusive. Counted where no errno is given. */
export const stripsBetween = (min: number, max: number, errno?: number): Check =>
  check('stripsBetween', { op: 'outside', x: 'ie_nstrips', min, max }, errno === undefined ? 'ext_errors' : 'nstrips', 'ie_nstrips', errno)
/** All strips of the group are there. */
export const stripsFit = (errno: number): Check => check('stripsFit', { op: 'pastEnd', part: 'strips' }, 'underflow', 'ie_nstrips', errno)
/** Every strip holds its last chunk of the group. Needs {@link chunkOneOf} before it: it divides by the chunk size. */
export const stripsLongEnough = (errno: number): Check => check('stripsLongEnough', { op: 'stripTooShort' }, 'strip_small', 'se_len', errno)
/** The sum of `ie_nbytes` does not carry out of 64 bits. */
export const nbytesSumFits = (errno: number): Check =>
  check('nbytesSumFits', { op: 'carry', a: 'logical', b: 'ie_nbytes' }, 'overflow', 'ie_nbytes', errno)

/** `se_devindex` is at most this. */
export const devIndexAtMost = (max: number): Check =>
  check('devIndexAtMost', { op: 'outside', x: 'se_devindex', min: 0, max }, 'ext_errors', 'se_devindex')
/** `se_offset` is a multiple of the unit. */
export const offsetAligned = (unit: Unit): Check =>
  check('offsetAligned', { op: 'unaligned', x: 'se_offset', unit }, 'ext_errors', 'se_offset')
/** `se_len` is a multiple of the unit; 0 passes. */
export const lengthAligned = (unit: Unit): Check => check('lengthAligned', { op: 'unaligned', x: 'se_len', unit }, 'ext_errors', 'se_len')
/** se_offset + se_len stays below 2^64. */
export const endFits = (errno: number): Check => check('endFits', { op: 'carry', a: 'se_offset', b: 'se_len' }, 'overflow', 'se_len', errno)
/** The running sum of lengths stays below 2^64. */
export const totalFits = (errno: number): Check => check('totalFits', { op: 'carry', a: 'total', b: 'se_len' }, 'overflow', 'se_len', errno)

/** file_size minus the sum of the strip lengths is not positive as a signed 64-bit number. */
export const stripsCoverFileSigned = (errno: number): Check =>
  check('stripsCoverFileSigned', { op: 'positiveDifference', a: 'file_size', b: 'total' }, 'size_remainder', 'file_size', errno)
/** The sum of ie_nbytes reaches file_size. */
export const nbytesCoverFile = (errno: number): Check =>
  check('nbytesCoverFile', { op: 'lessThan', a: 'logical', b: 'file_size' }, 'coverage', 'file_size', errno)
/** No counted failure happened. */
export const countedErrors = (errno: number): Check => check('countedErrors', { op: 'counted' }, 'ext_errors', '', errno)
/** The sum of lengths, modulo 2^64, reaches file_size. */
export const lengthsCoverFile = (errno: number): Check =>
  check('lengthsCoverFile', { op: 'lessThan', a: 'total', b: 'file_size' }, 'file_size', 'file_size', errno)
