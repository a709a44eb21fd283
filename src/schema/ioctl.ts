/**
 * The notation for the standalone ioctl ABI: commands, their arguments in user memory, and what a kernel does with a call, step by step.
 * Pure data, laid beside facts wire 9. Checks of maps are those of check.ts where they are the same.
 */
import type { Block, Check, SmallField, Test, Unit, WideField } from './check.ts'
import type { Resolver } from './dialect.ts'
import type { Schema } from './fields.ts'
import type { EnumTable, FlagTable } from './types.ts'

/** Numbers of an argument that no FUSE message has, or whose place there is reserved. */
export type CallField = 'file_type' | 'fmap_version' | 'fmap_size' | 'daxdev_index' | 'daxdev_path_len' | 'flags'
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
  /** the kernel is out of memory */
  | 'noMemory'
  /** the caller lacks CAP_SYS_RAWIO */
  | 'notCapable'
  /** the slot of the device table is taken by a working device */
  | 'slotValid'

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
  readonly errno?: number | 'given'
}

/** What is copied between the kernel and the user, in the words of the commands. */
export type CopyPart = 'argument' | 'message' | 'extents' | 'groups' | 'strips' | 'path' | 'answer'

/** A copy. Without an errno the driver returns the number of bytes that were not copied, as a positive result. */
export interface CallCopy {
  readonly kind: 'copy'
  readonly name: string
  readonly part: CopyPart
  readonly errno?: number
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

/** Steps for one kind of map, or for every element of it. */
export interface CallBlock {
  readonly kind: Block['kind']
  readonly steps: readonly CallStep[]
}

/** A step of a call. */
export type CallStep = Check | CallCheck | CallCopy | CallRemark | Block | CallBlock

const block =
  (kind: Block['kind']) =>
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
/** Failures that do not end the call: `countedErrors` does so later. */
export const counted = (...checks: readonly (Check | CallCheck)[]): readonly (Check | CallCheck)[] => checks

const situation = (name: string, is: Situation, errno: number): CallCheck => ({
  kind: 'check',
  name,
  test: { op: 'situation', is },
  field: '',
  errno,
})

/** The file has an inode. */
export const hasInode = (errno: number): CallCheck => situation('hasInode', 'noInode', errno)
/** No device of the mount has failed. */
export const deviceWorks = (errno: number): CallCheck => situation('deviceWorks', 'deviceFailed', errno)
/** The driver looks a second time. */
export const deviceStillWorks = (errno: number): CallCheck => situation('deviceStillWorks', 'deviceFailsLate', errno)
/** The inode has no map yet. */
export const notMapped = (errno: number): CallCheck => situation('notMapped', 'mapped', errno)
/** Nor has it got one meanwhile. */
export const notMappedMeanwhile = (errno: number): CallCheck => situation('notMappedMeanwhile', 'mappedLate', errno)
/** The inode has a map. */
export const isMapped = (errno: number): CallCheck => situation('isMapped', 'unmapped', errno)
/** Its map is one of simple extents. */
export const isSimple = (errno: number): CallCheck => situation('isSimple', 'notSimple', errno)
/** Its map, if interleaved, has exactly one group. */
export const hasOneGroup = (errno: number): CallCheck => situation('hasOneGroup', 'notOneGroup', errno)
/** Memory can be had. */
export const allocates = (errno: number): CallCheck => situation('allocates', 'noMemory', errno)
/** The caller has CAP_SYS_RAWIO. */
export const isCapable = (errno: number): CallCheck => situation('isCapable', 'notCapable', errno)
/** The call is done when the slot holds a working device already: neither path nor device is looked at. */
export const slotIsFree: CallCheck = { ...situation('slotIsFree', 'slotValid', 0), field: 'daxdev_index' }

/** The mount permits the operation. */
export const permitted = (bit: number, errno: number): CallCheck => ({
  kind: 'check',
  name: 'permitted',
  test: { op: 'optionClear', bit },
  field: '',
  errno,
})

/** A number of the argument lies between these, inclusive. */
export const between = (name: string, x: CallField, min: number, max: number, errno: number): CallCheck => ({
  kind: 'check',
  name,
  test: { op: 'outside', x, min, max },
  field: x,
  errno,
})

/** Only the superblock lies at offset 0. */
export const offsetNotZero = (errno: number): CallCheck => ({
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
/** `nextents` as a number of groups is at most this. */
export const groupsAtMost = (max: number, errno: number): CallCheck => ({
  kind: 'check',
  name: 'groupsAtMost',
  test: { op: 'outside', x: 'nextents', min: 0, max },
  field: 'nextents',
  errno,
})
const fitsKmalloc = (name: string, x: 'nextents' | 'ie_nstrips', bytes: number, errno: number): CallCheck => ({
  kind: 'check',
  name,
  test: { op: 'tooLarge', x, bytes },
  field: x,
  errno,
})
/** The kernel can allocate its array of extents or groups. */
export const listAllocates = (bytes: number, errno: number): CallCheck => fitsKmalloc('arrayAllocates', 'nextents', bytes, errno)
/** The kernel can allocate its array of strips. */
export const stripsAllocate = (bytes: number, errno: number): CallCheck => fitsKmalloc('stripsAllocate', 'ie_nstrips', bytes, errno)
/** `se_devindex` is at most this, at once. */
export const deviceInTable = (max: number, errno: number): CallCheck => ({
  kind: 'check',
  name: 'devIndexAtMost',
  test: { op: 'outside', x: 'se_devindex', min: 0, max },
  field: 'se_devindex',
  errno,
})
/** A chunk has bytes. */
export const chunkNotZero = (errno: number): CallCheck => ({
  kind: 'check',
  name: 'chunkNotZero',
  test: { op: 'outside', x: 'ie_chunk_size', min: 1, max: 0xffff_ffff },
  field: 'ie_chunk_size',
  errno,
})
/** file_size minus the sum of ie_nbytes is not positive as a signed 64-bit number. */
export const nbytesCoverFileSigned = (errno: number): CallCheck => ({
  kind: 'check',
  name: 'nbytesCoverFileSigned',
  test: { op: 'positiveDifference', a: 'file_size', b: 'logical' },
  field: 'file_size',
  errno,
})
/** The path ends within its length. */
export const pathEnds = (errno: number): CallCheck => ({
  kind: 'check',
  name: 'pathEnds',
  test: { op: 'pathTooLong' },
  field: 'daxdev_path_len',
  errno,
})
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

const copy = (name: string, part: CopyPart, errno?: number): CallCopy =>
  errno === undefined ? { kind: 'copy', name, part } : { kind: 'copy', name, part, errno }

/** The struct that the number of the command names. */
export const copyArgument = (errno: number): CallCopy => copy('copyArgument', 'argument', errno)
/** `fmap_size` bytes from the argument on. */
export const copyMessage = (errno: number): CallCopy => copy('copyMessage', 'message', errno)
/** The list of simple extents that the argument points to; what was not copied is the result. */
export const copyExtents: CallCopy = copy('copyExtents', 'extents')
/** The groups that the argument points to; what was not copied is the result. */
export const copyGroups: CallCopy = copy('copyGroups', 'groups')
/** The strips that the group points to; what was not copied is the result. */
export const copyStrips: CallCopy = copy('copyStrips', 'strips')
/** The path that the argument points to. */
export const copyPath = (errno: number): CallCopy => copy('copyPath', 'path', errno)
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

/** Registers and the fields of a struct that they are read from. */
export type Loads = Readonly<Partial<Record<CallRegister, string>>>

/** A struct of the argument, and what is read of it. */
export interface CallPart {
  readonly schema: Schema<unknown, unknown>
  readonly loads: Loads
}

/** What a user pointer points to. */
export interface Pointer {
  /** field that holds it */
  readonly field: string
  /** name of what it points to, in values and paths */
  readonly as: string
  /** the elements; absent: text that ends with a NUL, and `count` is its length without it */
  readonly to?: Schema<unknown, unknown>
  /** field that counts the elements */
  readonly count: string
  /** it does so only where a field has this value */
  readonly when?: { readonly field: string; readonly equals: number }
  /** pointers in the elements */
  readonly pointers?: readonly Pointer[]
}

/** What the argument of a command points to. */
export interface IoctlArgument {
  /** the struct whose size is in the number */
  readonly schema: Schema<unknown, unknown>
  /** all that lies there, where that is more than the struct */
  readonly whole?: Schema<unknown, unknown>
  readonly pointers?: readonly Pointer[]
  /** pointers of an older header with the same number */
  readonly early?: readonly Pointer[]
  readonly loads: Loads
  readonly extent?: CallPart & { readonly as: string; readonly first: number }
  readonly group?: CallPart & { readonly as: string; readonly first: number }
}

/** What an accepted call does. */
export type IoctlEffect = 'nothing' | 'map' | 'device' | 'answer'

/** What a command answers: the head of the map, its extents, all of it, or the options. */
export type IoctlAnswer = 'famfs_ioc_map' | 'famfs_extent' | 'famfs_ioc_get_fmap'

/** One command of a header. */
export interface IoctlCommand {
  /** C name without `FAMFSIOC_` */
  readonly name: string
  /** `IOC_NONE`, `IOC_WRITE`, `IOC_READ` or both of them */
  readonly direction: number
  readonly nr: number
  /** bytes of the argument, 0 to 16383 */
  readonly size: number
  /** all of that in one number */
  readonly number: number
  readonly argument?: IoctlArgument
}

/** What the kernels of a dialect do with a command. */
export interface IoctlHandler {
  /** in the order of the driver; absent: nobody has read it */
  readonly checks?: readonly CallStep[]
  readonly effect: IoctlEffect
  readonly answer?: IoctlAnswer
}

/** A published header. */
export interface IoctlHeader {
  readonly id: string
  /** when and where */
  readonly title: string
  readonly commands: readonly IoctlCommand[]
  /** values of `extent_type`, where it has that field */
  readonly extentTypes?: EnumTable
}

/** Limits of a driver; absent: none. */
export interface IoctlLimits {
  readonly extents?: number
  readonly groups?: number
  readonly strips?: number
  /** highest device index */
  readonly devIndex: number
  /** slots of the device table; absent: a mount has one device */
  readonly devSlots?: number
  /** bytes of a map message */
  readonly message?: number
}

/** One version of the ABI. */
export interface IoctlDialect {
  readonly id: string
  readonly title: string
  /** section of the fact sheet */
  readonly facts: string
  /** FAMFS_KABI_VERSION; absent: the header has none */
  readonly kabi?: number
  readonly limits: IoctlLimits
  /** published headers, the last one first: its commands are those of the dialect */
  readonly headers: readonly [IoctlHeader, ...IoctlHeader[]]
  /** what is asked of every command but NOP before its handler runs */
  readonly entry: readonly CallStep[]
  /** by command name */
  readonly handlers: Readonly<Record<string, IoctlHandler>>
  /** what a mount permits, and what of it from the start; absent: everything */
  readonly options?: { readonly bits: FlagTable; readonly initial: bigint }
  readonly resolver: Resolver
}

/**
 * Define a version of the ioctl ABI. It is checked: every command of its newest header has a handler, and every handler a command.
 * @throws Error naming the dialect and the command
 */
export function ioctlDialect(definition: IoctlDialect): IoctlDialect {
  const names = definition.headers[0].commands.map(c => c.name)
  for (const name of names) if (!Object.hasOwn(definition.handlers, name)) throw new Error(`${definition.id}: ${name} has no handler`)
  for (const name of Object.keys(definition.handlers))
    if (!names.includes(name)) throw new Error(`${definition.id}: the handler ${name} belongs to no command`)
  return definition
}
