/**
 * The notation for what a kernel does with an ioctl: small named steps in the order in which the driver takes them. Pure data, laid beside
 * facts wire 9. Checks of maps are those of check.ts where they are the same.
 */
import type { Check, SmallField, Test, Unit, WideField } from './check.ts'
import type { Errno } from './errno.ts'

/** Numbers of an argument that no FUSE message has, or whose place there is reserved. */
export type CallField = 'file_type' | 'fmap_version' | 'fmap_size' | 'daxdev_index' | 'daxdev_path_len' | 'flags' | 'padding'
/** Everything that a step of a call can look at. */
export type CallRegister = SmallField | WideField | CallField

/** A condition outside of the argument under which a step fails; a caller of the model says which of them hold. */
export type Situation =
  /** the file has no inode */
  | 'noInode'
  /** the device has failed before the call; the driver looks when a call enters */
  | 'deviceFailed'
  /** the device fails between that look and the next one of the driver */
  | 'deviceFailsLate'
  /** the inode has a map */
  | 'mapped'
  /** another call gives the inode a map while this one is at work */
  | 'mappedLate'
  /** the inode has no map */
  | 'unmapped'
  /** the map of the inode is not one of simple extents */
  | 'notSimple'
  /** the map of the inode is interleaved and has not exactly one group */
  | 'notOneGroup'
  /** the map of the inode has more than one extent or group */
  | 'manyExtents'
  /** the kernel is out of memory */
  | 'noMemory'
  /** the caller lacks CAP_SYS_RAWIO */
  | 'notCapable'
  /** the slot of the device table holds a device, be it one with a memory error */
  | 'slotValid'
  /** taking a device for this slot failed before */
  | 'slotFailed'
  /** the path leads to something that is no character device */
  | 'notCharacterDevice'
  /** the mount that the path leads through forbids devices */
  | 'devicesForbidden'
  /** the path leads to a character device that is no dax device */
  | 'notDax'
  /** there is no memory for the name of the device */
  | 'noNameMemory'

/** The condition under which a step of a call fails. */
export type CallTest =
  | Test
  | { readonly op: 'situation'; readonly is: Situation }
  /** the mount does not permit it: this bit of the options is clear */
  | { readonly op: 'optionClear'; readonly bit: number }
  /** a number of the argument lies outside, bounds inclusive */
  | { readonly op: 'outside'; readonly x: CallField; readonly min: number; readonly max: number }
  /** an offset of 0 in a file that is not the superblock */
  | { readonly op: 'zeroOffset' }
  /** a length that is no multiple of the unit, in any extent but the last */
  | { readonly op: 'unalignedBeforeLast'; readonly unit: Unit }
  /** the list has an extent with at least this index */
  | { readonly op: 'indexFrom'; readonly min: number }
  /** so many elements of so many bytes exceed what kmalloc gives, or 64 bits */
  | { readonly op: 'tooLarge'; readonly x: 'ie_nstrips' | 'nextents'; readonly bytes: number }
  /** the path has no NUL within its length */
  | { readonly op: 'pathTooLong' }
  /** the first byte of the path is a NUL */
  | { readonly op: 'pathEmpty' }
  /** the look-up of the path, or taking the device, ends with this errno of the caller's choice */
  | { readonly op: 'given'; readonly what: 'lookup' | 'acquire' }

/** One step that ends the call with an errno, or (counted) adds to the failures that a later step asks for. */
export interface CallCheck {
  readonly kind: 'check'
  readonly name: string
  readonly test: CallTest
  /** register whose field is to blame; empty: none */
  readonly field: CallRegister | ''
  /** absent: counted. 0: the call is done. `given`: the errno comes with the situation */
  readonly errno?: Errno | 0 | 'given'
}

/** What is copied between the kernel and the user, in the words of the commands. */
export type CopyPart = 'argument' | 'message' | 'extents' | 'groups' | 'strips' | 'path' | 'answer'

/** A copy. Without an errno the driver returns the number of bytes that were not copied, as a positive result. */
export interface CallCopy {
  readonly kind: 'copy'
  readonly name: string
  readonly part: CopyPart
  readonly errno?: Errno
  /** bytes of the place in the kernel: a longer copy is refused before its first byte. facts: wire 9.6 */
  readonly room?: number
}

/** Something that this kernel lets pass, and what is wrong with it: a rule of the catalogue. */
export interface CallRemark {
  readonly kind: 'remark'
  readonly name: string
  readonly test: CallTest
  readonly field: CallRegister | ''
  readonly rule: string
  /** nothing follows: the kernel follows a null pointer */
  readonly oops?: true
}

/** Steps for one kind of map, for every element of it, or for every command but NOP. */
export interface CallBlock {
  readonly kind: 'simple' | 'interleaved' | 'eachExtent' | 'eachGroup' | 'eachStrip' | 'unlessNop'
  readonly steps: readonly CallStep[]
}

/** A step of a call. */
export type CallStep = Check | CallCheck | CallCopy | CallRemark | CallBlock

const block =
  (kind: CallBlock['kind']) =>
  (...steps: readonly (CallStep | readonly CallStep[])[]): CallBlock => ({ kind, steps: steps.flat() })

/** Steps for a map of simple extents. */
export const simple = block('simple')
/** Steps for a map of interleaved groups. */
export const interleaved = block('interleaved')
/** Steps for every simple extent, in order; then its length is added to `total`. */
export const eachExtent = block('eachExtent')
/** Steps for every group, in order; then its ie_nbytes is added to `logical`. */
export const eachGroup = block('eachGroup')
/** Steps for every strip of the group, in order; then its length is added to `total`. */
export const eachStrip = block('eachStrip')
/** Steps for every command but NOP. */
export const unlessNop = block('unlessNop')
/** Failures that do not end the call: `countedErrors` does so later. */
export const counted = (...checks: readonly (Check | CallCheck)[]): readonly (Check | CallCheck)[] => checks

const situation = (name: string, is: Situation, errno: Errno | 0): CallCheck => ({
  kind: 'check',
  name,
  test: { op: 'situation', is },
  field: '',
  errno,
})

/** The file has an inode. */
export const hasInode = (errno: Errno): CallCheck => situation('hasInode', 'noInode', errno)
/** No device of the mount has failed. */
export const deviceWorks = (errno: Errno): CallCheck => situation('deviceWorks', 'deviceFailed', errno)
/** The driver looks a second time. */
export const deviceStillWorks = (errno: Errno): CallCheck => situation('deviceStillWorks', 'deviceFailsLate', errno)
/** The inode has no map yet. */
export const notMapped = (errno: Errno): CallCheck => situation('notMapped', 'mapped', errno)
/** Nor has it got one meanwhile. */
export const notMappedMeanwhile = (errno: Errno): CallCheck => situation('notMappedMeanwhile', 'mappedLate', errno)
/** The inode has a map. */
export const isMapped = (errno: Errno): CallCheck => situation('isMapped', 'unmapped', errno)
/** Its map is one of simple extents. */
export const isSimple = (errno: Errno): CallCheck => situation('isSimple', 'notSimple', errno)
/** Its map, if interleaved, has exactly one group. */
export const hasOneGroup = (errno: Errno): CallCheck => situation('hasOneGroup', 'notOneGroup', errno)
/** Memory can be had. */
export const allocates = (errno: Errno): CallCheck => situation('allocates', 'noMemory', errno)
/** The caller has CAP_SYS_RAWIO. */
export const isCapable = (errno: Errno): CallCheck => situation('isCapable', 'notCapable', errno)
/** The call is done when the slot holds a device already: no path is compared, and a memory error of the device makes no difference. */
export const slotIsFree: CallCheck = { ...situation('slotIsFree', 'slotValid', 0), field: 'daxdev_index' }

/** The mount permits the operation. */
export const permitted = (bit: number, errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'permitted',
  test: { op: 'optionClear', bit },
  field: '',
  errno,
})

/** A number of the argument lies between these, inclusive. */
export const between = (name: string, x: CallField, min: number, max: number, errno: Errno): CallCheck => ({
  kind: 'check',
  name,
  test: { op: 'outside', x, min, max },
  field: x,
  errno,
})

/** Only the superblock lies at offset 0. */
export const offsetNotZero = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'offsetNotZero',
  test: { op: 'zeroOffset' },
  field: 'se_offset',
  errno,
})
/** All lengths but the last are multiples of the unit. */
export const lengthAlignedBeforeLast = (unit: Unit): CallCheck => ({
  kind: 'check',
  name: 'lengthAlignedBeforeLast',
  test: { op: 'unalignedBeforeLast', unit },
  field: 'se_len',
})
/** A count of 64 bits is at least this. */
export const countAtLeast = (min: number, errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'extentsAtLeast',
  test: { op: 'outside', x: 'nextents', min, max: 2 ** 64 },
  field: 'nextents',
  errno,
})
/** `nextents` as a number of groups is at most this. */
export const groupsAtMost = (max: number, errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'groupsAtMost',
  test: { op: 'outside', x: 'nextents', min: 0, max },
  field: 'nextents',
  errno,
})
const fitsKmalloc = (name: string, x: 'nextents' | 'ie_nstrips', bytes: number, errno: Errno): CallCheck => ({
  kind: 'check',
  name,
  test: { op: 'tooLarge', x, bytes },
  field: x,
  errno,
})
/** The kernel can allocate its array of extents or groups. */
export const listAllocates = (bytes: number, errno: Errno): CallCheck => fitsKmalloc('arrayAllocates', 'nextents', bytes, errno)
/** The kernel can allocate its array of strips. */
export const stripsAllocate = (bytes: number, errno: Errno): CallCheck => fitsKmalloc('stripsAllocate', 'ie_nstrips', bytes, errno)
/** `se_devindex` is at most this, at once. */
export const deviceInTable = (max: number, errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'devIndexAtMost',
  test: { op: 'outside', x: 'se_devindex', min: 0, max },
  field: 'se_devindex',
  errno,
})
/** A group has strips. */
export const hasStrips = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'hasStrips',
  test: { op: 'outside', x: 'ie_nstrips', min: 1, max: 0xffff_ffff },
  field: 'ie_nstrips',
  errno,
})
/** A chunk has bytes. */
export const chunkNotZero = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'chunkNotZero',
  test: { op: 'outside', x: 'ie_chunk_size', min: 1, max: 0xffff_ffff },
  field: 'ie_chunk_size',
  errno,
})
/** A chunk is a page or what a PMD entry maps. */
export const chunkIsUnit = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'chunkIsUnit',
  test: { op: 'noneOf', x: 'ie_chunk_size', values: ['page', 'pmd'] },
  field: 'ie_chunk_size',
  errno,
})
/** file_size minus the sum of ie_nbytes is not positive as a signed 64-bit number. */
export const nbytesCoverFileSigned = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'nbytesCoverFileSigned',
  test: { op: 'positiveDifference', a: 'file_size', b: 'logical' },
  field: 'file_size',
  errno,
})
/** The path ends within its length. */
export const pathEnds = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'pathEnds',
  test: { op: 'pathTooLong' },
  field: 'daxdev_path_len',
  errno,
})
/** The path has a first byte. */
export const pathNotEmpty = (errno: Errno): CallCheck => ({
  kind: 'check',
  name: 'pathNotEmpty',
  test: { op: 'pathEmpty' },
  field: 'daxdev_path_len',
  errno,
})
/** There is memory for a copy of the path. */
export const pathAllocates = (errno: Errno): CallCheck => situation('pathAllocates', 'noMemory', errno)
/** The path leads to a character device. */
export const isCharacterDevice = (errno: Errno): CallCheck => situation('characterDevice', 'notCharacterDevice', errno)
/** The mount on which it lies permits devices. */
export const mountAllowsDevices = (errno: Errno): CallCheck => situation('mountAllowsDevices', 'devicesForbidden', errno)
/** Taking a device for this slot has not failed before. */
export const slotNotFailed = (errno: Errno): CallCheck => ({ ...situation('slotNotFailed', 'slotFailed', errno), field: 'daxdev_index' })
/** The character device is a dax device. */
export const isDax = (errno: Errno): CallCheck => situation('isDax', 'notDax', errno)
/** There is memory for the name of the device. */
export const nameAllocates = (errno: Errno): CallCheck => situation('nameAllocates', 'noNameMemory', errno)

/** The path leads to a device that may be opened, or its errno. */
export const pathFound: CallCheck = { kind: 'check', name: 'pathFound', test: { op: 'given', what: 'lookup' }, field: '', errno: 'given' }
/** The device can be taken for this mount alone, or its errno. */
export const deviceTaken: CallCheck = {
  kind: 'check',
  name: 'deviceTaken',
  test: { op: 'given', what: 'acquire' },
  field: '',
  errno: 'given',
}

const copy = (name: string, part: CopyPart, errno?: Errno): CallCopy =>
  errno === undefined ? { kind: 'copy', name, part } : { kind: 'copy', name, part, errno }

/** The struct that the number of the command names. */
export const copyArgument = (errno: Errno): CallCopy => copy('copyArgument', 'argument', errno)
/** `fmap_size` bytes from the argument on. */
export const copyMessage = (errno: Errno): CallCopy => copy('copyMessage', 'message', errno)
/** The list of simple extents that the argument points to; what was not copied is the result. */
export const copyExtents: CallCopy = copy('copyExtents', 'extents')
/** The groups that the argument points to; what was not copied is the result. */
export const copyGroups: CallCopy = copy('copyGroups', 'groups')
/** The strips that the group points to, into an array of `room` bytes; what was not copied is the result. */
export const copyStrips = (room: number): CallCopy => ({ ...copy('copyStrips', 'strips'), room })
/** The path that the argument points to. */
export const copyPath = (errno: Errno): CallCopy => copy('copyPath', 'path', errno)
/** The answer, to the user; what was not copied is the result. */
export const copyAnswer: CallCopy = copy('copyAnswer', 'answer')

/** Something that is let pass; see {@link CallRemark}. */
export const remark = (name: string, rule: string, test: CallTest, field: CallRegister | '' = ''): CallRemark => ({
  kind: 'remark',
  name,
  rule,
  test,
  field,
})
/** The kernel follows a null pointer. */
export const followsNull = (name: string, rule: string, is: Situation): CallRemark => ({
  ...remark(name, rule, { op: 'situation', is }),
  oops: true,
})
