/**
 * The notation for what a kernel checks: small named steps in the order in which the kernel takes them, and the dialect that owns them.
 * Pure data. The verdict engine walks it, the fast form is generated from it, and a reader can lay it beside facts wire 4.1 to 4.3.
 */
import type { Errno } from './errno.ts'

/** A size that depends on the machine: the page, or what one entry of the middle page table maps. facts: wire 0.4 */
export type Unit = 'page' | 'pmd'

/**
 * Values that a step can look at, of 32 bits in the famfs formats. `groups` and `pieces` count the groups, and the extents or strips of the
 * whole map, up to the one that the parser is at; `dev_bit` is se_devindex modulo 64.
 */
export type SmallField =
  | 'nextents'
  | 'ext_type'
  | 'ie_nstrips'
  | 'ie_chunk_size'
  | 'se_devindex'
  | 'meta_size'
  | 'groups'
  | 'pieces'
  | 'dev_bit'
/**
 * u64 values that a step can look at. `total` and `logical` are the sums so far of `se_len` and `ie_nbytes`, modulo 2^64; `dev_bitmap` has a
 * bit for each device so far (its index modulo 64); `next` is where the next page of the map starts.
 */
export type WideField = 'file_size' | 'ie_nbytes' | 'se_offset' | 'se_len' | 'total' | 'logical' | 'dev_bitmap' | 'next'
/**
 * What must lie inside the bytes given: what stands before the map, the header, the list of simple extents or one of them, the head of a group,
 * the strips of a group.
 */
export type Part = 'envelope' | 'header' | 'list' | 'extent' | 'group' | 'strips'

/** The condition under which a step fails. Every `op` has one exact and one generated meaning, side by side in validate/tests.ts. */
export type Test =
  | { readonly op: 'pastEnd'; readonly part: Part }
  | { readonly op: 'outside'; readonly x: SmallField | 'dev_bitmap'; readonly min: number; readonly max: number }
  | { readonly op: 'noneOf'; readonly x: SmallField; readonly values: readonly (number | Unit)[] }
  | { readonly op: 'cannotAllocate'; readonly x: SmallField; readonly bytes: number }
  | { readonly op: 'unaligned'; readonly x: 'ie_chunk_size' | 'se_offset' | 'se_len'; readonly unit: Unit }
  | { readonly op: 'zero'; readonly x: WideField | 'ie_chunk_size' }
  | { readonly op: 'aboveS63'; readonly x: WideField }
  | { readonly op: 'carry'; readonly a: WideField; readonly b: WideField }
  | { readonly op: 'lessThan'; readonly a: WideField; readonly b: WideField }
  | { readonly op: 'positiveDifference'; readonly a: WideField; readonly b: WideField }
  | {
      readonly op: 'belowSum'
      readonly x: SmallField
      readonly plus: number
      readonly terms: readonly (readonly [x: SmallField, times: number])[]
    }
  | { readonly op: 'stripTooShort' }
  | { readonly op: 'counted' }

/** The field whose bytes are to blame, by its role; empty for the whole header. */
export type Guilty =
  | 'meta_size'
  | 'next'
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
  readonly errno?: Errno
}

/** Steps for one kind of map, for every element of it, for the page that ends it, or for those that come after the parser. */
export interface Block {
  readonly kind: 'simple' | 'interleaved' | 'eachExtent' | 'eachGroup' | 'eachStrip' | 'lastPage' | 'otherPages' | 'devices'
  readonly steps: readonly Step[]
}

/** A check, or a block of steps. */
export type Step = Check | Block

const check = (name: string, test: Test, reason: string, field: Guilty, errno?: Errno): Check =>
  errno === undefined ? { kind: 'check', name, test, reason, field } : { kind: 'check', name, test, reason, field, errno }

const block =
  (kind: Block['kind']) =>
  (...steps: readonly (Step | readonly Step[])[]): Block => ({ kind, steps: steps.flat() })

/** What stands before the map is there. */
export const envelopeFits = (errno: Errno): Check => check('envelopeFits', { op: 'pastEnd', part: 'envelope' }, 'underflow', '', errno)
/** The bytes of the header are there. */
export const headerFits = (errno: Errno): Check => check('headerFits', { op: 'pastEnd', part: 'header' }, 'underflow', '', errno)
/** `nextents` is at least this. */
export const extentsAtLeast = (min: number, errno: Errno): Check =>
  check('extentsAtLeast', { op: 'outside', x: 'nextents', min, max: 0xffffffff }, 'nextents_zero', 'nextents', errno)
/** `nextents` is at most this. */
export const extentsAtMost = (max: number, errno: Errno): Check =>
  check('extentsAtMost', { op: 'outside', x: 'nextents', min: 0, max }, 'nextents_max', 'nextents', errno)
/** file_size does not exceed 2^63-1. */
export const fileSizeSigned = (errno: Errno): Check =>
  check('fileSizeSigned', { op: 'aboveS63', x: 'file_size' }, 'file_size_lfs', 'file_size', errno)
/** `ext_type` is one of these. */
export const extTypeOneOf = (values: readonly number[], errno: Errno): Check =>
  check('extTypeOneOf', { op: 'noneOf', x: 'ext_type', values }, 'ext_type', 'ext_type', errno)

/** Steps for a map of simple extents. */
export const simple = /* @__PURE__ */ block('simple')
/** Steps for a map of interleaved groups. */
export const interleaved = /* @__PURE__ */ block('interleaved')
/** Steps for every simple extent, in order; then its length is added to `total`. Needs {@link listFits} before it, or {@link extentFits} first. */
export const eachExtent = /* @__PURE__ */ block('eachExtent')
/** Steps for every group, in order; then its ie_nbytes is added to `logical`. {@link groupFits} comes first. */
export const eachGroup = /* @__PURE__ */ block('eachGroup')
/** Steps for every strip of the group, in order; then its length is added to `total`. Needs {@link stripsFit} before it, or {@link extentFits} first. */
export const eachStrip = /* @__PURE__ */ block('eachStrip')
/** Steps for the page that ends the map; in a dialect without pages, for every reply. */
export const lastPage = /* @__PURE__ */ block('lastPage')
/** Steps for every page after which the kernel asks for another. */
export const otherPages = /* @__PURE__ */ block('otherPages')
/** Steps after the parser, when the kernel looks for the devices of the map: it may have asked for some of them before one fails. */
export const devices = /* @__PURE__ */ block('devices')
/** Failures that do not end the parse: {@link countedErrors} does so later. */
export const counted = (...checks: readonly Check[]): readonly Check[] => checks

/** The extent or strip at hand is there. */
export const extentFits = (errno: Errno): Check => check('extentFits', { op: 'pastEnd', part: 'extent' }, 'underflow', 'se_devindex', errno)
/** All `nextents` simple extents are there. */
export const listFits = (errno: Errno): Check => check('listFits', { op: 'pastEnd', part: 'list' }, 'underflow', 'nextents', errno)
/** The kernel can allocate its array of `nextents` elements of so many bytes: bounded by the kmallocMax option, never from 2^31 elements on. */
export const arrayAllocates = (bytes: number, errno: Errno): Check =>
  check('arrayAllocates', { op: 'cannotAllocate', x: 'nextents', bytes }, 'enomem', 'nextents', errno)

/** The head of the group is there. */
export const groupFits = (errno: Errno): Check => check('groupFits', { op: 'pastEnd', part: 'group' }, 'underflow', 'nextents', errno)
/** A multiple of the unit; 0 passes. */
export const chunkAligned = (unit: Unit, errno: Errno): Check =>
  check('chunkAligned', { op: 'unaligned', x: 'ie_chunk_size', unit }, 'chunk_align', 'ie_chunk_size', errno)
/** `ie_chunk_size` is not 0. */
export const chunkNotZero = (errno: Errno): Check =>
  check('chunkNotZero', { op: 'zero', x: 'ie_chunk_size' }, 'chunk_size', 'ie_chunk_size', errno)
/** `ie_chunk_size` is exactly one of these. */
export const chunkOneOf = (values: readonly Unit[], errno: Errno): Check =>
  check('chunkOneOf', { op: 'noneOf', x: 'ie_chunk_size', values }, 'chunk_size', 'ie_chunk_size', errno)
/** The golden vectors name this failure differently where the limit of 2^63-1 belongs to it. */
export const nbytesNotZero = (errno: Errno, reason: 'nbytes_zero' | 'nbytes' = 'nbytes_zero'): Check =>
  check('nbytesNotZero', { op: 'zero', x: 'ie_nbytes' }, reason, 'ie_nbytes', errno)
/** `ie_nbytes` does not exceed 2^63-1. */
export const nbytesSigned = (errno: Errno): Check => check('nbytesSigned', { op: 'aboveS63', x: 'ie_nbytes' }, 'nbytes', 'ie_nbytes', errno)
/** `ie_nstrips` lies between these, inclusive. Counted where no errno is given. */
export const stripsBetween = (min: number, max: number, errno?: Errno): Check =>
  check('stripsBetween', { op: 'outside', x: 'ie_nstrips', min, max }, errno === undefined ? 'ext_errors' : 'nstrips', 'ie_nstrips', errno)
/** The strips of all groups up to the one at hand are at most this many. */
export const stripsInAllAtMost = (max: number, errno: Errno): Check =>
  check('stripsInAllAtMost', { op: 'outside', x: 'pieces', min: 0, max }, 'nstrips', 'se_devindex', errno)
/** All strips of the group are there. */
export const stripsFit = (errno: Errno): Check => check('stripsFit', { op: 'pastEnd', part: 'strips' }, 'underflow', 'ie_nstrips', errno)
/** Every strip holds its last chunk of the group. Needs {@link chunkOneOf} before it: it divides by the chunk size. */
export const stripsLongEnough = (errno: Errno): Check => check('stripsLongEnough', { op: 'stripTooShort' }, 'strip_small', 'se_len', errno)
/** The sum of `ie_nbytes` does not carry out of 64 bits. */
export const nbytesSumFits = (errno: Errno): Check =>
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
export const endFits = (errno: Errno): Check => check('endFits', { op: 'carry', a: 'se_offset', b: 'se_len' }, 'overflow', 'se_len', errno)
/** The running sum of lengths stays below 2^64. */
export const totalFits = (errno: Errno): Check => check('totalFits', { op: 'carry', a: 'total', b: 'se_len' }, 'overflow', 'se_len', errno)

/** file_size minus the sum of the strip lengths is not positive as a signed 64-bit number. */
export const stripsCoverFileSigned = (errno: Errno): Check =>
  check('stripsCoverFileSigned', { op: 'positiveDifference', a: 'file_size', b: 'total' }, 'size_remainder', 'file_size', errno)
/** The sum of ie_nbytes reaches file_size. */
export const nbytesCoverFile = (errno: Errno): Check =>
  check('nbytesCoverFile', { op: 'lessThan', a: 'logical', b: 'file_size' }, 'coverage', 'file_size', errno)
/** No counted failure happened. */
export const countedErrors = (errno: Errno): Check => check('countedErrors', { op: 'counted' }, 'ext_errors', '', errno)
/** The sum of lengths, modulo 2^64, reaches file_size. */
export const lengthsCoverFile = (errno: Errno): Check =>
  check('lengthsCoverFile', { op: 'lessThan', a: 'total', b: 'file_size' }, 'file_size', 'file_size', errno)

/** `meta_size` is at most this. */
export const metaAtMost = (max: number, errno: Errno): Check =>
  check('metaAtMost', { op: 'outside', x: 'meta_size', min: 0, max }, 'meta_size', 'meta_size', errno)
/** The kernel can allocate `meta_size` bytes. */
export const metaAllocates = (errno: Errno): Check =>
  check('metaAllocates', { op: 'cannotAllocate', x: 'meta_size', bytes: 1 }, 'enomem', 'meta_size', errno)
/** `meta_size` is at least `plus`, and so much more for each of the `terms`: what the parser keeps of the map up to here fits. */
export const metaHolds = (plus: number, terms: { readonly [K in SmallField]?: number }, errno: Errno): Check => {
  const list = Object.entries(terms) as [SmallField, number][]
  return check('metaHolds', { op: 'belowSum', x: 'meta_size', plus, terms: list }, 'meta_small', 'meta_size', errno)
}
/** No device has a bit from this one (at most 53) on in the bitmap. */
export const devBitBelow = (bit: number, errno: Errno): Check =>
  check('devBitBelow', { op: 'outside', x: 'dev_bitmap', min: 0, max: 2 ** bit - 1 }, 'dev_slots', '', errno)
/** The next page starts where the extents so far end. */
export const nextContinues = (errno: Errno): readonly Check[] => [
  check('nextContinues', { op: 'lessThan', a: 'next', b: 'total' }, 'next', 'next', errno),
  check('nextContinues', { op: 'lessThan', a: 'total', b: 'next' }, 'next', 'next', errno),
]
