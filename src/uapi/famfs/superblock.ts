/** The famfs superblock: the first 2 MiB of the primary device. facts: metadata 2 */
import { array, bytes, chars, flagSet, nested, type Schema, struct, u32, u64 } from '../../schema/index.ts'

/** `ts_magic` since version 46. facts: metadata 1, L10 */
export const FAMFS_SUPER_MAGIC = 0x87b282ffn
/** `ts_magic` up to version 45. facts: metadata 1, L00 */
export const FAMFS_SUPER_MAGIC_45 = 0x09211963n
/** Bytes that the superblock occupies on the device, whatever its struct takes of them. facts: metadata, device map */
export const FAMFS_SUPERBLOCK_SIZE = 0x200000
/** Where every published mkfs puts the log. facts: metadata, device map */
export const FAMFS_LOG_OFFSET = 0x200000
/** Log length unless mkfs is told otherwise; also the least that it takes. facts: metadata 2, log length rules */
export const FAMFS_LOG_LEN = 0x800000
/** What mkfs writes into `ts_alloc_unit`. facts: metadata 2 */
export const FAMFS_ALLOC_UNIT = 0x200000
/** The two units that a superblock may name. facts: metadata 4, check_super 5 */
export const FAMFS_ALLOC_UNITS: readonly bigint[] = [4096n, 0x200000n]

/** Defined, never written, never read. facts: metadata 2 */
export const famfs_sb_flags = flagSet('famfs_sb_flags', { FAMFS_PRIMARY_SB: 0, FAMFS_SECONDARY_SB: 1 })

/** A uuid, in the order of its text (RFC 4122), whatever the name of its C type says. facts: metadata 2 */
export const uuid_le = bytes(16)

const name = (length: number) => chars(length).doc('path of the device, zero filled; no NUL when it fills the field')
const ddUuid = uuid_le.doc('never written by any code')

/** The device record of L00: no uuid yet. */
export const famfs_daxdev_l00 = struct('famfs_daxdev', { dd_size: u64, dd_daxdev: name(32) })
/** The device record of L01 to L08. */
export const famfs_daxdev_l01 = struct('famfs_daxdev', { dd_size: u64, dd_uuid: ddUuid, dd_daxdev: name(32) })
/** The device record since L09; there has never been more than one. */
export const famfs_daxdev = struct('famfs_daxdev', { dd_size: u64.doc('bytes; a size_t'), dd_uuid: ddUuid, dd_daxdev: name(64) })
/** The same on a 32-bit host. facts: metadata 2, word size */
export const famfs_daxdev_i386 = struct('famfs_daxdev', { dd_size: u32.doc('bytes; a size_t'), dd_uuid: ddUuid, dd_daxdev: name(64) })

/**
 * The fields of all superblocks, in groups that came and went together. Everything before `ts_crc` is in the crc, nothing after it is.
 * facts: metadata 2, superblocks of older layouts
 */
export const superblockParts = {
  head: {
    ts_magic: u64.doc('FAMFS_SUPER_MAGIC; all 64 bits are compared'),
    ts_version: u64.doc('48 is the only one that the tools of today take'),
    ts_log_offset: u64.doc('always 0x200000; the raw reader does not look at it'),
  },
  logLen: { ts_log_len: u64.doc('bytes of the whole log, its header included') },
  allocUnit: { ts_alloc_unit: u64.doc('4096 or 2 MiB') },
  omf: {
    ts_omf_ver_major: u32.doc('on-media format; printed, never compared'),
    ts_omf_ver_minor: u32,
  },
  uuid: { ts_uuid: uuid_le.doc('of the file system') },
  devUuid: { ts_dev_uuid: uuid_le.doc('of the device') },
  systemUuid: { ts_system_uuid: uuid_le.doc('of the host that owns the log') },
  crc: { ts_crc: u64.doc('crc32 of all bytes before it; the upper half must be zero') },
  devlist: <V, I>(daxdev: Schema<V, I>) => ({
    ts_num_daxdevs: u32.doc('always 1'),
    ts_sb_flags: u32.flags(famfs_sb_flags),
    ts_devlist: array(daxdev, 1),
  }),
  daxdev: {
    ts_sb_flags: u32.flags(famfs_sb_flags, 'not written by mkfs: what was on the media before'),
    padding: u32.reserved('not written by mkfs'),
    ts_daxdev: nested(famfs_daxdev),
  },
  daxdevI386: { ts_sb_flags: u32.flags(famfs_sb_flags), ts_daxdev: nested(famfs_daxdev_i386) },
}

const { head, logLen, allocUnit, omf, uuid, devUuid, systemUuid, crc, daxdev } = superblockParts

/** The superblock of today, 200 bytes, the same since L18. What follows it in its 2 MiB is not written by mkfs. facts: metadata 2 */
export const famfs_superblock = struct('famfs_superblock', {
  ...head,
  ...logLen,
  ...allocUnit,
  ...omf,
  ...uuid,
  ...devUuid,
  ...systemUuid,
  ...crc,
  ...daxdev,
})
