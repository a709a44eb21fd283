/** What goes into a conversation with a famfs kernel and what comes out. Plain values, so that a state can be kept, compared and printed. */
import type { Dialect } from '../../schema/dialect.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import type { VerdictOptions } from '../../validate/options.ts'
import type { Room } from '../../validate/reply.ts'
import type { Refused, Walk } from '../../validate/walk.ts'
import type { FileMap } from '../map.ts'
import type { MountSide } from '../negotiate/settle.ts'
import type { DeviceState, FileState } from '../state.ts'
import type { Table } from './files.ts'
import type { KnownHabits } from './habits.ts'
import type { KernelTraits } from './kernels.ts'

/**
 * What a path or a file descriptor leads to: the kernel looks it up, this model cannot. `errno`: the look-up itself fails. `other`: no
 * character device. `character`: one, which may stand on a mount that forbids devices (`nodev`), be no dax device (`device` absent), or
 * refuse to be acquired (`acquire`: the errno). facts: wire 4.5, 4.6
 */
export type Named =
  | { readonly kind: 'errno'; readonly errno: number }
  | { readonly kind: 'other' }
  | { readonly kind: 'character'; readonly device?: string; readonly nodev?: true; readonly acquire?: number }

/** Who makes a system call: stands in the header of the requests that it causes. */
export interface Caller {
  readonly uid: number
  readonly gid: number
  readonly pid: number
}

/** What INIT settled. */
export interface Settled {
  /** negotiated minor */
  readonly minor: number
  /** the 64 flag bits of the reply as the kernel reads them */
  readonly flags: bigint
  /** maps are asked for */
  readonly famfs: boolean
}

/** One slot of the device table. Not valid and no `failed`: it was never filled, or the attempt left no trace. */
export interface Slot {
  readonly name: string
  /** the dax device behind it; absent where it could not be acquired */
  readonly device?: string
  readonly valid: boolean
  /** it could not be acquired, and the kernel remembers that */
  readonly failed: boolean
}

/** A regular file that the kernel knows. */
export interface KnownFile {
  readonly node: bigint
  /** parent and name by which it was found last: needed to look it up again after ESTALE */
  readonly parent?: bigint
  readonly name?: string
  /** undefined: the kernel has no map (yet) */
  readonly map?: FileMap
  readonly state: FileState
}

/** What an inode is, as far as it matters. */
export type NodeKind = 'regular' | 'directory' | 'other'

/** An inode that the kernel has in memory. */
export interface KnownNode {
  /** S_IFMT bits of its mode; they never change */
  readonly type: number
  /** the low 32 bits of the generation under which it was found */
  readonly generation: number
  /** answers that named it, less those that FORGET gave back */
  readonly lookups: bigint
  /** an answer about it made no sense: every call on it gives EIO until it is dropped */
  readonly bad?: true
  /** tells it from others that had or get the same node id */
  readonly serial: number
  /** open(2) calls with a smaller number have their handle of another inode, which had the node id before */
  readonly since: number
}

/** A name that the kernel has in memory; `node` 0: it is known not to be there. */
export interface KnownName {
  readonly parent: bigint
  readonly name: string
  readonly node: bigint
  /** of the inode that it stands for */
  readonly serial?: number | undefined
}

/** open(2) under way. */
export interface Opening {
  readonly id: number
  readonly node: bigint
  readonly flags: number
  readonly by: Caller
  /** it is the second try after ESTALE */
  readonly again: boolean
}

/** What goes on once the map of a file is settled: an open(2), or a look-up (which may itself be the first half of a second open). */
export type After =
  | { readonly kind: 'open'; readonly opening: Opening; readonly fh: bigint }
  | { readonly kind: 'lookup'; readonly reopen: Opening | undefined }

/** What the kernel does when a request of it ends. */
export type Purpose =
  | { readonly kind: 'init' }
  | { readonly kind: 'lookup'; readonly parent: bigint; readonly name: string; readonly reopen: Opening | undefined }
  | { readonly kind: 'attributes' }
  | { readonly kind: 'statx' }
  | { readonly kind: 'cuse' }
  | { readonly kind: 'open'; readonly opening: Opening }
  /** it makes, moves, removes or lists names */
  | { readonly kind: 'names' }
  | { readonly kind: 'ioctl' }
  | {
      readonly kind: 'map'
      readonly node: bigint
      readonly attempt: number
      readonly after: After
      /** of a map in pages: those before this one, and where this one starts */
      readonly before?: Walk
      readonly offset?: bigint
    }
  | { readonly kind: 'device'; readonly node: bigint; readonly map: FileMap; readonly index: number; readonly after: After }
  | { readonly kind: 'nothing' }

/** What the header of a request says. */
export interface RequestHead {
  readonly opcode: number
  readonly unique: bigint
  readonly node: bigint
  readonly by: Caller
}

/** A request that waits for its answer. */
export interface Waiting {
  readonly head: RequestHead
  readonly bytes: Uint8Array
  readonly room: Room
  readonly purpose: Purpose
}

/** Everything that one kernel knows of one connection. Made by {@link conversation}, changed by {@link step} only. */
export interface Conversation {
  readonly dialect: Dialect
  readonly habits: KnownHabits
  readonly machine: VerdictOptions
  readonly mount: MountSide
  /** `new`: no INIT yet. `up`: settled. `refused`: INIT failed, every call gives ECONNREFUSED. `gone`: unmounted */
  readonly phase: 'new' | 'up' | 'refused' | 'gone'
  readonly settled: Settled
  /** minor that the kernel announces */
  readonly announced: number
  /** how a kernel that announces it behaves where kernels differ */
  readonly traits: KernelTraits
  /** highest code of a notification that the kernel knows; undefined: the codes of the minor that it announces */
  readonly newestNotify: number | undefined
  /** of the next request */
  readonly unique: bigint
  readonly waiting: ReadonlyMap<bigint, Waiting>
  /** the device table */
  readonly slots: Readonly<Record<number, Slot>>
  /** the same as look-ups see it */
  readonly devices: Readonly<Record<number, DeviceState>>
  readonly files: Table<KnownFile>
  /** inodes and names in memory, as far as messages tell */
  readonly nodes: Table<KnownNode>
  /**
   * look-ups that come back by a FORGET of their own, by node and count: of inodes that another one has replaced, and of entries that the kernel
   * did not take; the value says how often
   */
  readonly owed: Table<Table<number>>
  readonly dentries: Table<readonly KnownName[]>
  /** what names lead to; one that is not here does not exist (ENOENT) */
  readonly names: Readonly<Record<string, Named>>
  /** bytes of each dax device; one that is not here has no end */
  readonly sizes: Readonly<Record<string, bigint>>
  /** open(2) calls so far */
  readonly opens: number
  /** inodes so far */
  readonly serials: number
}

/** What a conversation begins with. */
export interface ConversationOptions {
  readonly dialect: Dialect | DialectName
  /** what INIT settled; absent: begin with the event `mount` */
  readonly settled?: Partial<Settled>
  readonly names?: Readonly<Record<string, Named>>
  readonly sizes?: Readonly<Record<string, bigint>>
  readonly machine?: VerdictOptions
  /** highest code of a notification that the kernel knows, where the minor that it announces does not tell (facts: wire 1.1) */
  readonly newestNotify?: number
  /** options of the mount that INIT depends on */
  readonly mount?: MountSide
}

/** What happens to the kernel: a system call of a process, a write of the server, or something outside. */
export type Event =
  /** a file system is mounted: the kernel sends INIT. `request`: this very INIT, header included */
  | { readonly event: 'mount'; readonly request?: Uint8Array; readonly capable?: boolean; readonly userNamespace?: boolean }
  | { readonly event: 'lookup'; readonly parent: bigint; readonly name: string; readonly by?: Caller }
  /** open(2) of a regular file that was looked up; `flags` as Linux on x86-64 numbers them */
  | { readonly event: 'open'; readonly node: bigint; readonly flags?: number; readonly by?: Caller }
  /** a request that some system call causes, whole: any opcode, also LOOKUP, OPEN and FORGET; its `unique` is taken as it stands */
  | { readonly event: 'ask'; readonly request: Uint8Array }
  /** the server writes these bytes to the fuse device */
  | { readonly event: 'write'; readonly bytes: Uint8Array }
  /** the server hands a device over (FUSE_DEV_IOC_DAXDEV_OPEN); `named`: what its file descriptor leads to */
  | { readonly event: 'push'; readonly index: bigint; readonly name: string; readonly named?: Named }
  /** read(2), write(2), mmap(2), or the first touch of a mapped page; `flags` those of the open(2) */
  | {
      readonly event: 'access'
      readonly op: Access
      readonly node: bigint
      readonly offset: bigint
      readonly length: bigint
      readonly flags?: number
      /** `id` of the open(2) whose file descriptor is used; absent: a new one */
      readonly handle?: number
    }
  /** the size of the inode changes (truncate, O_TRUNC, or a server that says so) */
  | { readonly event: 'resize'; readonly node: bigint; readonly size: bigint }
  /** the inode is dropped from memory */
  | { readonly event: 'forget'; readonly node: bigint; readonly count?: bigint }
  /** a dax device reports a memory failure */
  | { readonly event: 'poison'; readonly device: string }
  /** what names lead to has changed */
  | { readonly event: 'names'; readonly names: Readonly<Record<string, Named>> }
  /** requests that nobody recorded went by: the next one has this unique */
  | { readonly event: 'skip'; readonly unique: bigint }
  | { readonly event: 'unmount' }

/** How a process uses a file; `call` is any other call on the inode, such as fstat(2), fsync(2), ftruncate(2). */
export type Access = 'read' | 'write' | 'mmap' | 'fault' | 'call'

/** A range of a device that an access reaches. */
export interface Piece {
  /** byte of the file */
  readonly at: bigint
  readonly device: string
  readonly offset: bigint
  readonly length: bigint
}

/** Why a map failed: named as the reasons of verdicts, or as one of the rules around the parser. */
export type LogClass =
  | 'map-request'
  | 'map-short'
  | 'map-too-large'
  | 'map-grew'
  | 'map-refused'
  | 'device-request'
  | 'device-name'
  | 'device-acquire'
  | 'device-dropped'
  | 'device-missing'
  | 'device-index'
  | 'push-failed'
  | 'file-device-missing'
  | 'file-device-failed'
  | 'file-device-error'
  | 'file-size'

/** A record of a directory as getdents64(2) has it. */
export interface ListedEntry {
  readonly ino: bigint
  readonly off: bigint
  readonly type: number
  readonly name: string
}

/** What the kernel does. */
export type Effect =
  | { readonly effect: 'request'; readonly opcode: number; readonly unique: bigint; readonly node: bigint; readonly bytes: Uint8Array }
  /**
   * what write(2) on the fuse device returns; `or`: of a notification, what it returns instead where the kernel has dropped from memory what
   * messages told it, or is older than the rule
   */
  | { readonly effect: 'written'; readonly errno: number; readonly or?: readonly number[] }
  | { readonly effect: 'connected'; readonly settled: Settled }
  | { readonly effect: 'refused'; readonly errno: number }
  | { readonly effect: 'looked-up'; readonly node: bigint; readonly errno: number }
  /** what a system call gets of an answer, where that is not what the answer says: the kernel does not believe it */
  | { readonly effect: 'disbelieved'; readonly opcode: number; readonly node: bigint; readonly errno: number }
  /** look-ups that the kernel will give back by a FORGET of their own */
  | { readonly effect: 'owes'; readonly node: bigint; readonly count: bigint }
  /** what getdents64(2) gets of an answer: the records before the first wrong one, which makes the errno where it is the first */
  | { readonly effect: 'listed'; readonly node: bigint; readonly entries: readonly ListedEntry[]; readonly errno: number }
  | { readonly effect: 'opened'; readonly id: number; readonly node: bigint; readonly errno: number }
  /** the kernel keeps this map; `discarded`: it had one already and keeps that */
  | { readonly effect: 'mapped'; readonly node: bigint; readonly map: FileMap; readonly discarded: boolean; readonly errno: number }
  /** what FUSE_DEV_IOC_DAXDEV_OPEN returns */
  | { readonly effect: 'pushed'; readonly index: bigint; readonly errno: number }
  /**
   * what an access comes to: bytes done before the errno (a partial transfer returns them and no error), and where they lie. `fuse`: the
   * file has no map, the server is asked as for any other file. `signal`: 7 is SIGBUS
   */
  | {
      readonly effect: 'accessed'
      readonly op: Access
      readonly node: bigint
      readonly errno: number
      readonly bytes: bigint
      readonly pieces: readonly Piece[]
      readonly fuse: boolean
      readonly signal?: number
      /** the kernel divides by zero */
      readonly oops?: 'divide_error'
    }
  | { readonly effect: 'log'; readonly what: LogClass; readonly errno?: number; readonly index?: number; readonly refused?: Refused }

/** What one event comes to: the state after it, and what was done on the way, in order. */
export interface Stepped {
  readonly state: Conversation
  readonly effects: readonly Effect[]
}
