/** What a call of the ioctl ABI depends on, and what comes of it. */
import type { AddressSpace } from '../../codec/ioctl/index.ts'
import type { Errno } from '../../schema/errno.ts'
import type { MetaExtent, MetaGroup } from '../meta.ts'

interface MapHead {
  readonly file_size: bigint
  /** absent: a regular file */
  readonly file_type?: number
}

/** A map as a driver keeps it. A `FileMap` of `famfs-wire/kernel` is one. */
export type InstalledMap =
  | (MapHead & { readonly ext_type: 'simple'; readonly extents: readonly MetaExtent[] })
  | (MapHead & { readonly ext_type: 'interleaved'; readonly extents: readonly MetaGroup[] })

/** `failed`: taking a device for the slot failed before. `error`: its device has reported a memory error, and so has failed the mount. */
export type SlotTrouble = 'failed' | 'error'

/** Everything outside of the argument; the default is a new file on a mount where all is well, and a caller who may do everything. */
export interface IoctlState {
  /** the file has an inode; default true */
  readonly inode?: boolean
  /** `fails`: works when the call enters, and fails before the driver looks again; default `works` */
  readonly device?: 'works' | 'failed' | 'fails'
  /** the map that the inode has; default none */
  readonly map?: InstalledMap
  /** size of the inode in bytes; default the map's file_size */
  readonly i_size?: bigint
  /** another call gives the inode a map while this one is at work; default false */
  readonly race?: boolean
  /** option bits of the mount (44d); default those that it starts with */
  readonly options?: bigint
  /** the caller has CAP_SYS_RAWIO; default true */
  readonly rawio?: boolean
  /** the kernel has no memory left; default false */
  readonly outOfMemory?: boolean
  /** slots of the device table that hold a working device; default slot 0 */
  readonly slots?: readonly number[]
  /** errno of the look-up of a path: it is the file system's to decide; default 0 */
  readonly lookup?: number
  /** errno of taking the device; default 0 */
  readonly acquire?: number
  /** slots by index in decimal, where there is trouble; default none */
  readonly devices?: Readonly<Record<string, SlotTrouble>>
  /** what the path leads to: a dax device, another character device, or something else; default a dax device */
  readonly node?: 'dax' | 'character' | 'other'
  /** the mount on which the path ends forbids devices; default false */
  readonly mountForbidsDevices?: boolean
  /** who holds the device where `acquire` is EBUSY: this very mount, or another; default another */
  readonly heldBy?: 'self'
  /** there is memory for the name of the device; default true */
  readonly nameAllocates?: boolean
}

/** A call. */
export interface IoctlCall {
  /** name of the command, or any number */
  readonly command: string | number
  /** what the caller passes: an address in `memory` */
  readonly address: bigint
  readonly memory: AddressSpace
  readonly state?: IoctlState
}

/** A field of the argument or of what it points to; empty and without address where no field is to blame. */
export interface IoctlPlace {
  /** such as `kie[0].ie_strips[1].len` */
  readonly path: string
  /** of its first byte, even where that is not mapped */
  readonly address?: bigint
  readonly length: number
}

/** Something that the kernel does not refuse and suffers from. */
export interface IoctlHazard extends IoctlPlace {
  /** id in the rule catalogue */
  readonly rule: string
}

interface Common {
  /** what went wrong inside of the kernel on the way; the result is what follows if it survives that */
  readonly hazards: readonly IoctlHazard[]
}

/** The call succeeds. */
export interface IoctlDone extends Common {
  readonly ok: true
  readonly errno: 0
  /** the map that the inode has now */
  readonly map?: InstalledMap
  /** bit n: the map uses device n; only where a mount can have more than one */
  readonly dev_bitmap?: bigint
  /** the device that is in the table now */
  readonly device?: { readonly index: bigint; readonly path?: string }
  /** what the kernel wrote into the caller's memory */
  readonly written?: { readonly address: bigint; readonly bytes: Uint8Array }
}

/** The call fails with an errno. */
export interface IoctlRefused extends Common, IoctlPlace {
  readonly ok: false
  /** positive Linux errno */
  readonly errno: Errno
  /** name of the step of the dialect; of counted errors the first that was counted */
  readonly check: string
  /** DAXDEV_OPEN: the slot for which it failed to take a device, else the first for which a call before failed to. Calls for it are EIO */
  readonly slotFailed?: number
}

/**
 * A copy failed, and the call returns how many bytes were left, cut to 32 bits with a sign: a positive number, or a negative one that is
 * no errno, but taken for one from -4095 to -1. facts: wire 9.6
 */
export interface IoctlResidue extends Common, IoctlPlace {
  readonly ok: false
  readonly errno?: undefined
  readonly residue: bigint
  readonly check: string
  /** the copy was longer than its place in the kernel, and was refused before its first byte */
  readonly copySizeChecked?: true
  /** bytes that reached the caller's memory before */
  readonly written?: { readonly address: bigint; readonly bytes: Uint8Array }
}

/** The kernel oopses. */
export interface IoctlOops extends Common {
  readonly ok: false
  readonly errno?: undefined
  readonly oops: 'null_dereference'
  readonly check: string
}

/** Nobody has read what this driver does with this command. */
export interface IoctlUnread extends Common {
  readonly ok: false
  readonly errno?: undefined
  readonly unread: string
}

/**
 * What a kernel does with a call; narrows by `ok` and by comparing `errno` with 0. Of those that are not `ok`, only a refusal has an `errno`;
 * `residue`, `oops` and `unread` are in one form each.
 */
export type IoctlVerdict = IoctlDone | IoctlRefused | IoctlResidue | IoctlOops | IoctlUnread
