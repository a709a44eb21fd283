/** <linux/fuse.h> as a whole, as of any minor: every struct, constant and enumeration by its name. facts: fixtures/uapi */
import type { Schema } from '../../schema/index.ts'
import type { EnumTable, FlagTable, Since } from '../../schema/types.ts'
import * as codes from './codes.ts'
import * as sizes from './constants.ts'
import * as extensions from './extensions.ts'
import * as flags from './flags.ts'
import * as header from './header.ts'
import * as init from './init.ts'
import * as uring from './io_uring.ts'
import * as ioctl from './ioctl.ts'
import { fuseStructs } from './structs.ts'
import { FUSE_KERNEL_MINOR_VERSION, FUSE_KERNEL_VERSION } from './version.ts'

/** What a header of one minor defines. */
export interface LinuxFuse {
  readonly minor: number
  /** by C name */
  readonly structs: Readonly<Record<string, Schema<unknown>>>
  /** object-like macros, as unsigned 64-bit numbers */
  readonly constants: Readonly<Record<string, bigint>>
  /** enumeration, name, value */
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** the first minor of the younger values, by enumeration */
  readonly since: Readonly<Record<string, Since>>
}

const C_NAME = /^(fuse|cuse)_/
/** Names of this library: halves of the 64 flags of INIT, and the form of a struct that a series of famfs has. */
const NOT_IN_HEADER = ['fuse_init_flags', 'fuse_init_flags2', 'fuse_backing_map_push']

const inHeader = (name: string): boolean => C_NAME.test(name) && !NOT_IN_HEADER.includes(name)

const tablesOf = <T extends EnumTable | FlagTable>(modules: readonly object[], kind: T['kind']): [string, T][] =>
  modules.flatMap(module =>
    Object.entries(module).filter(
      (entry): entry is [string, T] =>
        inHeader(entry[0]) && typeof entry[1] === 'object' && entry[1] !== null && 'kind' in entry[1] && entry[1].kind === kind,
    ),
  )

const allEnums = tablesOf<EnumTable>([codes, extensions, uring], 'enum')
const allFlags = tablesOf<FlagTable>([flags, init, uring], 'flags')

/** Numbers that are no bits of a word, and from which minor on the younger ones are there. */
const plain: Readonly<Record<string, number | bigint>> = {
  ...sizes,
  FUSE_KERNEL_VERSION,
  FUSE_ROOT_ID: header.FUSE_ROOT_ID,
  FUSE_UNIQUE_RESEND: header.FUSE_UNIQUE_RESEND,
  FUSE_INVALID_UIDGID: header.FUSE_INVALID_UIDGID,
  FUSE_MIN_READ_BUFFER: header.FUSE_MIN_READ_BUFFER,
  FUSE_IOCTL_MAX_IOV: flags.FUSE_IOCTL_MAX_IOV,
  FUSE_DEV_IOC_MAGIC: ioctl.FUSE_DEV_IOC_MAGIC,
  FUSE_URING_IN_OUT_HEADER_SZ: uring.FUSE_URING_IN_OUT_HEADER_SZ,
  FUSE_URING_OP_IN_OUT_SZ: uring.FUSE_URING_OP_IN_OUT_SZ,
  ...ioctl.fuseDeviceIoctls,
}

const plainSince: Since = {
  FUSE_UNIQUE_RESEND: 40,
  FUSE_DEV_IOC_BACKING_OPEN: 40,
  FUSE_DEV_IOC_BACKING_CLOSE: 40,
  FUSE_INVALID_UIDGID: 41,
  FUSE_URING_IN_OUT_HEADER_SZ: 42,
  FUSE_URING_OP_IN_OUT_SZ: 42,
  FUSE_DEV_IOC_SYNC_INIT: 45,
}

/** Names of famfs in tables of this library: no header of mainline has them. */
const OF_FAMFS = [init.FAMFS_INIT_FLAG, 'FUSE_DEV_IOC_DAXDEV_OPEN']
/** Until 7.41 the enumeration of notifications ended with their number; two later codes had to be added below it. */
const LAST_CODE_MAX = 41

const younger = (since: Since | undefined, name: string, minor: number): boolean => (since?.[name] ?? 0) > minor

const valuesAt = ({ values, since }: EnumTable, minor: number): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !younger(since, name, minor)))

function enumsAt(minor: number): Record<string, Record<string, number>> {
  const list = allEnums.map(([name, table]): [string, Record<string, number>] => [name, valuesAt(table, minor)])
  const enums = Object.fromEntries(list.filter(([, values]) => Object.keys(values).length > 0))
  const codes = enums.fuse_notify_code ?? {}
  if (minor <= LAST_CODE_MAX) codes.FUSE_NOTIFY_CODE_MAX = Math.max(...Object.values(codes)) + 1
  return enums
}

function constantsAt(minor: number): Record<string, bigint> {
  const bits = allFlags.flatMap(([, { bits, since }]) =>
    Object.entries(bits)
      .filter(([name]) => !younger(since, name, minor))
      .map(([name, bit]): [string, bigint] => [name, 1n << BigInt(bit)]),
  )
  const numbers = Object.entries(plain)
    .filter(([name]) => !younger(plainSince, name, minor))
    .map(([name, value]): [string, bigint] => [name, BigInt(value)])
  const all = [...numbers, ...bits, ['FUSE_KERNEL_MINOR_VERSION', BigInt(minor)] as [string, bigint]]
  return Object.fromEntries(all.filter(([name]) => !OF_FAMFS.includes(name)))
}

const since: Readonly<Record<string, Since>> = Object.fromEntries(allEnums.map(([name, table]) => [name, table.since ?? {}]))

/**
 * What <linux/fuse.h> of a minor defines; `layoutOf(schema, minor)` shows a struct as that header has it.
 * @param minor 38 to 46: what is older than 38 counts as always there; default the newest
 * @throws TypeError when minor is no whole number
 */
export function linuxFuse(minor: number = FUSE_KERNEL_MINOR_VERSION): LinuxFuse {
  if (!Number.isInteger(minor)) throw new TypeError(`minor must be a whole number, such as ${FUSE_KERNEL_MINOR_VERSION}`)
  const structs = fuseStructs.filter(([name, { type }]) => inHeader(name) && type.kind === 'struct' && (type.since ?? 0) <= minor)
  return { minor, structs: Object.fromEntries(structs), constants: constantsAt(minor), enums: enumsAt(minor), since }
}
