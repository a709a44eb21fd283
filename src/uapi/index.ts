/**
 * `famfs-wire/uapi`: what the bytes are. Declarations only, with the names of the C headers: FUSE up to 7.46, what famfs adds to it, the
 * standalone ioctl ABI and the BPF variant of famfs, and the dialects of all of them.
 */
import type { Schema } from '../schema/index.ts'
import * as bpf from './famfs/bpf.ts'
import * as daxdev from './famfs/daxdev.ts'
import * as fmap from './famfs/fmap.ts'
import * as famfsIoctl from './famfs/ioctl.ts'
import * as attr from './fuse/attr.ts'
import * as device from './fuse/device.ts'
import * as dir from './fuse/dir.ts'
import * as extensions from './fuse/extensions.ts'
import * as file from './fuse/file.ts'
import * as header from './fuse/header.ts'
import * as init from './fuse/init.ts'
import * as uring from './fuse/io_uring.ts'
import * as ioctl from './fuse/ioctl.ts'
import * as notify from './fuse/notify.ts'
import * as xattr from './fuse/xattr.ts'

/** Declared with the C name of a struct, but a whole message: a head and what it counts. */
const WHOLE_MESSAGES: readonly string[] = [
  'fuse_famfs_fmap',
  'fuse_famfs_fmap_push',
  'fuse_bpf_simple_fmap',
  'fuse_bpf_interleave_fmap',
  'dax_simple_fmap',
  'dax_interleave_fmap',
]

const isStruct = (value: unknown): value is Schema<unknown> =>
  typeof value === 'object' && value !== null && 'type' in value && (value as Schema<unknown>).type.kind === 'struct'

function structsOf(module: object): [string, Schema<unknown>][] {
  return Object.entries(module).filter(
    (entry): entry is [string, Schema<unknown>] =>
      isStruct(entry[1]) && /^(fuse|cuse|famfs|dax)_/.test(entry[0]) && !WHOLE_MESSAGES.includes(entry[0]),
  )
}

/**
 * Every C struct by its C name; where a dialect has its own form of one, that form by the C name and the dialect's word (`_push`, `_bpf`, `_rfc`).
 * The layout of each is proved by the C compiler in the tests.
 */
export const structs: Readonly<Record<string, Schema<unknown>>> = Object.fromEntries(
  [header, init, attr, dir, file, xattr, device, notify, extensions, ioctl, uring, fmap, daxdev, bpf, famfsIoctl].flatMap(structsOf),
)

export * from './dialects/aliases.ts'
export * from './dialects/index.ts'
export * from './dialects/ioctl.ts'
export * from './dialects/known.ts'
export * from './errno.ts'
export * from './famfs/bpf.ts'
export * from './famfs/daxdev.ts'
export * from './famfs/fmap.ts'
export * from './famfs/ioctl.ts'
export { type FamfsMessage, famfsMessages } from './famfs/messages.ts'
export * from './fuse/attr.ts'
export * from './fuse/codes.ts'
export * from './fuse/constants.ts'
export * from './fuse/device.ts'
export * from './fuse/dir.ts'
export * from './fuse/extensions.ts'
export * from './fuse/file.ts'
export * from './fuse/flags.ts'
export * from './fuse/header.ts'
export * from './fuse/init.ts'
export * from './fuse/io_uring.ts'
export * from './fuse/ioctl.ts'
export * from './fuse/linux.ts'
export * from './fuse/message.ts'
export * from './fuse/notify.ts'
export * from './fuse/opcodes.ts'
export * from './fuse/version.ts'
export * from './fuse/xattr.ts'
