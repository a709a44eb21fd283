/** What the f_type of statfs(2) tells user space about a mount: which ABI to speak. facts: today 3 */
import { FAMFS_SUPER_MAGIC } from './superblock.ts'

/** A file system that may hold famfs. */
export interface StatfsAbi {
  /** C name of the number */
  readonly name: string
  /** maps are given by ioctl, or by a FUSE server */
  readonly abi: 'ioctl' | 'fuse'
}

/** Every f_type that means famfs, or may: a FUSE mount is one of famfs only where its server says so. */
export const famfs_statfs_types: readonly (StatfsAbi & { readonly f_type: number })[] = [
  { f_type: Number(FAMFS_SUPER_MAGIC), name: 'FAMFS_SUPER_MAGIC', abi: 'ioctl' },
  { f_type: 0x87b282fe, name: 'FAMFS_STATFS_MAGIC_V1', abi: 'ioctl' },
  { f_type: 0x87b282fd, name: 'FAMFS_STATFS_MAGIC', abi: 'fuse' },
  { f_type: 0x65735546, name: 'FUSE_SUPER_MAGIC', abi: 'fuse' },
]

/**
 * What user space concludes from the f_type of a mount.
 *
 * ```ts
 * import { statfsAbi } from 'famfs-wire/uapi'
 *
 * statfsAbi(0x87b282ff)     // { name: 'FAMFS_SUPER_MAGIC', abi: 'ioctl' }
 * ```
 *
 * @param type f_type, a u32; as a negative number of 32 bits it means the same
 * @returns undefined: not famfs
 */
export function statfsAbi(type: number | bigint): StatfsAbi | undefined {
  if (typeof type !== 'bigint' && !Number.isInteger(type)) return undefined
  const unsigned = Number(BigInt.asUintN(32, BigInt(type)))
  const found = famfs_statfs_types.find(({ f_type }) => f_type === unsigned)
  return found === undefined ? undefined : { name: found.name, abi: found.abi }
}
