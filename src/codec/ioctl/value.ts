/** What an ioctl argument says, with what its pointers lead to in the place of the pointers. */
import type { Input } from '../../schema/index.ts'
import type { fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import type { famfs_ioc_daxdev_fd, famfs_ioc_map, famfs_ioc_opts, famfs_ioc_simple_extent } from '../../uapi/famfs/ioctl.ts'

/** A `famfs_ioc_simple_extent`. */
export type IoctlExtent = Input<typeof famfs_ioc_simple_extent>

/** A `famfs_ioc_interleaved_ext` and its strips. */
export interface IoctlGroup {
  /** filled in from the strips when absent */
  readonly ie_nstrips?: bigint
  readonly ie_chunk_size: bigint
  /** absent in the early layout, which has no such field */
  readonly ie_nbytes?: bigint
  /** the strips; a number is a raw user pointer */
  readonly ie_strips: readonly IoctlExtent[] | bigint
}

interface FmapHead {
  readonly fioc_file_size: bigint
  readonly fioc_file_type: number
  /** filled in when absent */
  readonly fioc_nextents?: number
  readonly padding?: number
}

/** A `famfs_ioc_fmap` with its extents or groups: the argument of MAP_CREATE_V2. */
export type IoctlFmap = FmapHead &
  (
    | { readonly fioc_ext_type: 0; readonly kse: readonly IoctlExtent[] | bigint }
    | { readonly fioc_ext_type: 1; readonly kie: readonly IoctlGroup[] }
    | { readonly fioc_ext_type: number; readonly kse: bigint }
  )

/** A `famfs_ioc_daxdev` with its path: the argument of DAXDEV_OPEN from 44b on. */
export interface IoctlDaxdev {
  readonly daxdev_index: bigint
  /** the path; a number is a raw user pointer */
  readonly daxdev_path: string | bigint
  /** filled in from the path when absent */
  readonly daxdev_path_len?: number
  readonly flags: number
}

/** The argument of any command. NOP has none: `undefined`. */
export type IoctlValue =
  | Input<typeof famfs_ioc_map>
  | IoctlFmap
  | Input<typeof fuse_famfs_fmap_push>
  | IoctlDaxdev
  | Input<typeof famfs_ioc_daxdev_fd>
  | Input<typeof famfs_ioc_opts>
  | undefined
