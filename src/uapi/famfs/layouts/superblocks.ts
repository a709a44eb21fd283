/** All published superblocks, group by group. facts: metadata 2, superblocks of older layouts */
import { struct } from '../../../schema/index.ts'
import { famfs_daxdev, famfs_daxdev_l00, famfs_daxdev_l01, famfs_superblock, superblockParts } from '../superblock.ts'

const { head, logLen, allocUnit, omf, uuid, devUuid, systemUuid, crc, devlist, daxdev, daxdevI386 } = superblockParts
const name = 'famfs_superblock'

/** By the first layout that has it. */
export const superblocks = {
  L00: struct(name, { ...head, ...crc, ...devlist(famfs_daxdev_l00) }),
  L01: struct(name, { ...head, ...crc, ...devlist(famfs_daxdev_l01) }),
  L02: struct(name, { ...head, ...uuid, ...crc, ...devlist(famfs_daxdev_l01) }),
  L03: struct(name, { ...head, ...logLen, ...uuid, ...crc, ...devlist(famfs_daxdev_l01) }),
  L07: struct(name, { ...head, ...logLen, ...uuid, ...systemUuid, ...crc, ...devlist(famfs_daxdev_l01) }),
  L09: struct(name, { ...head, ...logLen, ...uuid, ...systemUuid, ...crc, ...devlist(famfs_daxdev) }),
  L12: struct(name, { ...head, ...logLen, ...uuid, ...systemUuid, ...crc, ...daxdev }),
  L13: struct(name, { ...head, ...logLen, ...uuid, ...devUuid, ...systemUuid, ...crc, ...daxdev }),
  L17: struct(name, { ...head, ...logLen, ...omf, ...uuid, ...devUuid, ...systemUuid, ...crc, ...daxdev }),
  /** since L16, but for L17 */
  L18: famfs_superblock,
  /** L24 as a 32-bit host writes it */
  i386: struct(name, { ...head, ...logLen, ...allocUnit, ...omf, ...uuid, ...devUuid, ...systemUuid, ...crc, ...daxdevI386 }),
}
