/** A dialect of the famfs FUSE protocol: what one kernel sends, takes and refuses. Data; nothing in the library asks for a version. */
import type { Step, Unit } from './check.ts'
import type { Schema } from './fields.ts'
import type { MapFormat } from './layout.ts'
import type { EnumTable, FlagTable } from './types.ts'

/** What follows the header of a request: nothing, a struct of this library by its C name, or a schema that the dialect brings along. */
export type RequestShape = 'none' | 'fuse_get_fmap_in' | 'fuse_getxattr_in' | Schema<unknown, unknown>

/** How a map is answered. */
export interface FmapReply {
  /** bytes offered in the first request */
  readonly buffer: number
  /** the reply body has exactly `buffer` bytes */
  readonly exact?: true
  /** least and most bytes that a size probe may ask for; both are `buffer` where there is no probe */
  readonly least: number
  readonly most: number
  /** field of the request that says how many bytes are offered; absent: it does not say */
  readonly offers?: string
  /** a map comes in pages: the request says where to go on, and a page where the next one starts, or that it is the last */
  readonly more?: {
    /** field of the request; 0 in the first one */
    readonly request: string
    /** what stands in the field of the role `next` of a page that is the last */
    readonly last: bigint
  }
}

/** How a device is asked for and answered. */
export interface DeviceReply {
  /** bytes of the body of the reply */
  readonly exact: number
  /** field of the request that holds the index of the device; absent: the nodeid in its header does */
  readonly index?: string
  /** the body of the reply; absent: fuse_daxdev_out */
  readonly body?: Schema<unknown, unknown>
  /** the field of the body with the path of the device; absent: `name` */
  readonly name?: string
  /** the kernel ends the name with a NUL in its last byte */
  readonly ends?: true
  /** whatever goes wrong with a device fails the map */
  readonly fatal?: true
}

/** What the kernel's parser counts up to. facts: wire 3.6 */
export interface Limits {
  /** absent: no limit in the parser */
  readonly extents?: number
  /** absent: no interleaved maps */
  readonly strips?: number
  /** highest device index that is accepted */
  readonly devIndex: number
  /** slots of the device table; absent: not known */
  readonly devSlots?: number
  /** device indices below this are recorded without a shift past the width of the type. facts: wire 4.1 S4, 4.2 */
  readonly devShift: number
}

/** How a kernel turns a file offset into a range of a device. facts: wire 5, 6.2 */
export interface Resolver {
  /** errno when nothing holds the offset (the "end case"): some kernels say 0, with a length of 0 */
  readonly end: number
  /** the same for maps of groups, where it is another. facts: wire 9.6 */
  readonly groupsEnd?: number
  /** slot that is named all the same where nothing holds the offset; absent: no device. facts: wire 9.6 */
  readonly endDevice?: number
  /** the address is then the offset in the file, not 0 */
  readonly endAddress?: 'offset'
  /** nothing is filled in when nothing holds the offset */
  readonly bare?: true
  /** how lengths of simple extents compare: as s64, as u64, or as u64 behind a shift where all extents are alike */
  readonly simple: 'signed' | 'unsigned' | 'shift'
  /** where a group ends: at the smaller of ie_nbytes and file_size, or at a variable that was never set. Absent: no groups */
  readonly groups?: 'smaller' | 'broken'
  /** a group of no bytes is passed over instead of being the end case, and one without chunk size or strips is the end case instead of an oops */
  readonly guarded?: true
  /** how the rest of a piece compares with the length asked for: as u64 where it says so, else as s64 */
  readonly lengths?: 'unsigned'
  /** a chunk size that is no multiple of it is EINVAL */
  readonly chunkUnit?: Unit
  /** a look-up behind the end of its strip is EIO, and lengths end there */
  readonly stripBound?: true
  /** a device that cannot be used: the end case; its own errno and the error flag of the file; the errno alone; or nobody looks */
  readonly badDevice: 'end' | 'flag' | 'errno' | 'ignored'
  /** one device with a memory error ends every look-up of the mount */
  readonly failedMount?: true
  /** a strip on a device that is not in the table counts as that, too; otherwise it is the end case */
  readonly missingStrip?: 'flag'
  /** a map is installed with its error flag set while one of its devices is not in the table */
  readonly installFlags?: true
  /** a look-up does not ask for the state of the file */
  readonly anyFile?: true
  /** read, write and mmap look at the size and at DAX before the error flag, and either of them sets it. facts: wire 9.4 */
  readonly sizeFirst?: true
  /** system calls do not compare the size of the inode with that of the map. facts: wire 7.4 */
  readonly anySize?: true
  /** read and write are cut by an unsigned difference: not at all behind the end of the file. facts: wire 9.4 */
  readonly unsignedCut?: true
}

/** How kernels differ around the parser. facts: wire 4.4, 4.5 */
export interface Habits {
  /**
   * a device of the table that cannot be acquired: `free` leaves the slot as it was, `flag` remembers the failure, `valid` marks the slot
   * valid besides, so that the kernel never asks again (the default). facts: wire 4.5 step 10
   */
  readonly acquireFails?: 'free' | 'flag' | 'valid'
  /** the map is asked for though the file has one. facts: wire 2.1 */
  readonly asksAgain?: true
  /** errno of a second map for a file, default 0; nobody sees it. facts: wire 4.4 */
  readonly mapTwice?: number
  /** errno when another open(2) installed a map while this one asked for devices, default 0; nobody sees it. facts: wire 4.4 */
  readonly mapRaced?: number
  /** errno of a second answer about a device, default 0 */
  readonly deviceTwice?: number
  /** slots of the device table as far as `limits.devSlots` does not say, which is then not known from the text of the kernel */
  readonly slots?: number
}

/** INIT, where it is more than a bit. facts: wire 1, 7.1 */
export interface InitShape {
  /** minor that the kernel announces; absent: the newest. facts: wire 1.1 */
  readonly minor?: number
  /** the reply alone decides, whether or not the bit was offered. facts: wire 1.3 */
  readonly replyAlone?: true
  /** the body of the reply; absent: fuse_init_out */
  readonly reply?: Schema<unknown, unknown>
  /** names of flags that mean something else elsewhere, by bit number (0 to 63) */
  readonly flags?: Readonly<Record<string, number>>
  /** the reply must hold this text in this field too (as far as the field goes), or famfs stays off and the mount goes on without it */
  readonly named?: { readonly field: string; readonly value: string }
}

/** An opcode that a dialect brings along; no reply: the kernel waits for none. */
export interface OwnMessage {
  readonly opcode: number
  readonly request: Schema<unknown, unknown>
  readonly reply: Schema<unknown, unknown> | undefined
}

/** A notification that a dialect brings along. */
export interface OwnNotification {
  readonly code: number
  readonly body: Schema<unknown, unknown>
}

/** Everything that tells one kernel from another. `defineDialect` makes one of your own and checks it. */
export interface Dialect {
  /** lower case letters, digits, dots and dashes */
  readonly id: string
  readonly title: string
  /** why there are no verdicts; absent: its kernels were read or asked */
  readonly provisional?: string
  /** section of the fact sheet, or where else it is described */
  readonly facts: string
  /** INIT flag bit that negotiates famfs; absent: this kernel has no famfs */
  readonly initBit?: number
  readonly init?: InitShape
  /** absent: this kernel's header has no such opcode */
  readonly opcodes: { readonly GET_FMAP?: number; readonly GET_DAXDEV?: number }
  readonly request: { readonly GET_FMAP: RequestShape; readonly GET_DAXDEV: RequestShape }
  /** GET_DAXDEV absent: the kernel never asks for devices, the server pushes them */
  readonly reply: { readonly GET_FMAP?: FmapReply; readonly GET_DAXDEV?: DeviceReply }
  /** opcodes besides GET_FMAP and GET_DAXDEV, by name */
  readonly messages?: Readonly<Record<string, OwnMessage>>
  /** notifications besides those of mainline, by name */
  readonly notifications?: Readonly<Record<string, OwnNotification>>
  /** tables of names in place of those of mainline, by the name of the table */
  readonly names?: Readonly<Record<string, EnumTable | FlagTable>>
  /** the form of a map; absent: that of famfs, which `push` tells apart */
  readonly map?: MapFormat
  /** how a server says that the map needs a larger buffer: not at all, by a body of 4 bytes, or by fmap_size in the header */
  readonly sizeProbe: 'none' | 'hint' | 'header'
  /** the word at header offset 12 of a famfs map is fmap_size, and devices are registered by ioctl */
  readonly push: boolean
  /** what the kernel is doing when it asks for a map */
  readonly trigger?: 'LOOKUP' | 'OPEN'
  /** a failed or refused map fails open(2) */
  readonly fatal: boolean
  readonly limits: Limits
  /** the kernel's parser, in its order */
  readonly checks: readonly Step[]
  /** absent: this kernel has no maps */
  readonly resolver?: Resolver
  /** absent: those of the newest pull series, which are the defaults of each */
  readonly habits?: Habits
}

/** A dialect of this library, as it stands: the tests put each through `defineDialect`, so that no program has to carry its checks. */
export const builtIn = <const D extends Dialect>(d: D): D => d
