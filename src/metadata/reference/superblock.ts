/** What the tools of today make of a superblock and of a log header, whatever layout these really have. facts: metadata 4, 5 */

import { crc32 } from '../../codec/crc32.ts'
import { checkBytes } from '../../codec/input.ts'
import { currentLayout } from '../../uapi/famfs/layouts/index.ts'
import { FAMFS_LOG_MAGIC } from '../../uapi/famfs/log.ts'
import { FAMFS_ALLOC_UNITS, FAMFS_SUPER_MAGIC } from '../../uapi/famfs/superblock.ts'
import { u64At, uuidAt } from '../bytes.ts'
import { shapeOf } from '../shape.ts'

/** The layout that the tools of today know, as offsets. */
export const today = shapeOf(currentLayout)

const { superblock: sb, header } = today
const allocUnitAt = sb.allocUnit as number
const systemUuidAt = sb.systemUuid as number
const headerCrc = header.crc as { readonly at: number }

/** Crc that the reference computes over a superblock. */
export const superblockCrc = (bytes: Uint8Array): number => crc32(bytes, 0, sb.crc)

/** Crc that the reference computes over a log header. */
export const logHeaderCrc = (bytes: Uint8Array): number => crc32(bytes, 0, headerCrc.at)

/**
 * famfs_check_super: 0 good, 1 another version, -1 anything else. facts: metadata 4, check_super
 * @param bytes at least the 200 bytes of the superblock
 */
export function checkSuper(bytes: Uint8Array): 0 | 1 | -1 {
  checkBytes(bytes)
  if (u64At(bytes, 0) !== FAMFS_SUPER_MAGIC) return -1
  if (u64At(bytes, 8) !== currentLayout.version) return 1
  if (u64At(bytes, sb.crc) !== BigInt(superblockCrc(bytes))) return -1
  return FAMFS_ALLOC_UNITS.includes(u64At(bytes, allocUnitAt)) ? 0 : -1
}

/** The host that made the file system and alone may append to its log. */
export const FAMFS_MASTER = 1
/** Any other host. */
export const FAMFS_CLIENT = 2
/** No superblock that is good. */
export const FAMFS_NOSUPER = 3

/**
 * famfs_get_role of a host. Without a uuid of its own a host is a client before the superblock is even looked at. facts: metadata 5, role
 * @param hostUuid text form, in either case
 */
export function roleOf(bytes: Uint8Array, hostUuid: string | undefined): 1 | 2 | 3 {
  checkBytes(bytes)
  if (hostUuid === undefined) return FAMFS_CLIENT
  if (checkSuper(bytes) !== 0) return FAMFS_NOSUPER
  return uuidAt(bytes, systemUuidAt) === hostUuid.toLowerCase() ? FAMFS_MASTER : FAMFS_CLIENT
}

/** famfs_validate_log_header: 0 or -1. facts: metadata 4, validate_log_header */
export function validateLogHeader(bytes: Uint8Array): 0 | -1 {
  checkBytes(bytes)
  if (u64At(bytes, header.magic) !== FAMFS_LOG_MAGIC) return -1
  return u64At(bytes, headerCrc.at) === BigInt(logHeaderCrc(bytes)) ? 0 : -1
}
