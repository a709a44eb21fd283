/** The numbers and tables of names of famfs and fuse-iomap, for headers of other languages; those of FUSE are in {@link linuxFuse}. */
import type { EnumTable, FlagTable } from '../schema/types.ts'
import * as bpf from './famfs/bpf.ts'
import * as constants from './famfs/constants.ts'
import * as daxdev from './famfs/daxdev.ts'
import * as fmap from './famfs/fmap.ts'
import * as famfsIoctl from './famfs/ioctl.ts'
import * as log from './famfs/log.ts'
import * as superblock from './famfs/superblock.ts'
import { FAMFS_INIT_FLAG, fuse_init_flags64 } from './fuse/init.ts'
import { fuseDeviceIoctls } from './fuse/ioctl.ts'
import * as iomap from './iomap/names.ts'

const modules: readonly object[] = [constants, fmap, daxdev, superblock, log, bpf, famfsIoctl, iomap]
const exported: readonly (readonly [string, unknown])[] = modules.flatMap(module => Object.entries(module))

const isTable = <K extends 'enum' | 'flags'>(value: unknown, kind: K): value is Extract<EnumTable | FlagTable, { kind: K }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind

/** Enumerations by the name of their export; a second form of one has the ending of its dialect. */
export const ownEnumerations: readonly (readonly [string, EnumTable])[] = exported.filter((entry): entry is [string, EnumTable] =>
  isTable(entry[1], 'enum'),
)

/** Tables of flags by the name of their export. */
export const ownFlags: readonly (readonly [string, FlagTable])[] = exported.filter((entry): entry is [string, FlagTable] =>
  isTable(entry[1], 'flags'),
)

const MACRO = /^(FUSE|FAMFS)_[A-Z0-9_]+$/
const enumerators = new Set(ownEnumerations.flatMap(([, { values }]) => Object.keys(values)))

/** Numbers that are in no table, the calls on /dev/fuse of both among them. */
export const ownConstants: Readonly<Record<string, bigint>> = Object.fromEntries([
  ...exported
    .filter((entry): entry is [string, number | bigint] => MACRO.test(entry[0]) && ['number', 'bigint'].includes(typeof entry[1]))
    .filter(([name]) => !enumerators.has(name))
    .map(([name, value]): [string, bigint] => [name, BigInt(value)]),
  ['FUSE_DEV_IOC_DAXDEV_OPEN', BigInt(fuseDeviceIoctls.FUSE_DEV_IOC_DAXDEV_OPEN)],
  ...Object.entries(iomap.fuseIomapIoctls).map(([name, value]): [string, bigint] => [name, BigInt(value)]),
  [FAMFS_INIT_FLAG, 1n << BigInt(fuse_init_flags64.bits[FAMFS_INIT_FLAG])],
])
