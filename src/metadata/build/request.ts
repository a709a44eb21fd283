/** What a builder can be asked to put into a log. */
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import type { Source } from '../source.ts'

/** Attributes of files and directories. */
export interface NewOwned {
  /** below the mount point, without a leading slash, at most 79 bytes; text is written as UTF-8 */
  readonly path: string | Uint8Array
  /** permission bits; default 0o644 for files, 0o755 for directories */
  readonly mode?: number
  /** default 0 */
  readonly uid?: number
  /** default 0 */
  readonly gid?: number
  /** makes the directories of the path that are missing, with mode 0o755 and this owner; a directory that is there already is no error */
  readonly parents?: boolean
}

/** A directory. */
export interface NewDirectory extends NewOwned {
  readonly kind: 'mkdir'
}

/** Where a file lies; the maps of `famfs-wire/kernel` are of this shape, `plan` makes them. `len` counts bytes of device. */
export type NewMap =
  | { readonly ext_type: 'simple'; readonly extents: readonly MetaExtent[] }
  | { readonly ext_type: 'interleaved'; readonly extents: readonly MetaGroup[] }

/** Strips over buckets, as the reference's allocator makes them. facts: metadata 6 */
export interface Interleave {
  /** equal parts of the device, 1 to 64, of at least 1 GiB each */
  readonly buckets: number
  /** strips, each in a bucket of its own */
  readonly strips: number
  /** bytes of a chunk: a power of two, a multiple of the allocation unit */
  readonly chunk: number
  /**
   * The order in which buckets are tried, of 0 to `buckets` - 1. Default: in turn, from the one behind the last that was used. The reference
   * shuffles them by the clock.
   */
  readonly order?: readonly number[]
}

/** A file; it never changes its size or place. */
export interface NewFile extends NewOwned {
  readonly kind: 'file'
  /** bytes, at least 1; default: those of `content` */
  readonly size?: bigint | number
  /** default 2, as every writer stores. facts: metadata 3 */
  readonly flags?: number
  /** where it lies; default: allocated */
  readonly map?: NewMap
  /** allocates strips; default: one extent, first fit */
  readonly interleave?: Interleave
  /** what is copied into it before its entry counts */
  readonly content?: Source
}

/** A further device. */
export interface NewDevice {
  readonly kind: 'add_daxdev'
  /** bytes */
  readonly size: bigint | number
  readonly uuid: string
  /** default: the next one */
  readonly index?: number
}

/** One thing to add to a log. */
export type NewEntry = NewDirectory | NewFile | NewDevice
