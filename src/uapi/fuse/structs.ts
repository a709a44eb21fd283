/** Every struct of <linux/fuse.h>, and the forms that famfs gives some of them, by name. */
import type { Schema } from '../../schema/index.ts'
import * as attr from './attr.ts'
import * as device from './device.ts'
import * as dir from './dir.ts'
import * as extensions from './extensions.ts'
import * as file from './file.ts'
import * as header from './header.ts'
import * as init from './init.ts'
import * as uring from './io_uring.ts'
import * as ioctl from './ioctl.ts'
import * as notify from './notify.ts'
import * as xattr from './xattr.ts'

/** Declared with the C name of a struct, but whole messages: a head and what it counts. */
const WHOLE_MESSAGES: readonly string[] = [
  'fuse_famfs_fmap',
  'fuse_famfs_fmap_push',
  'fuse_bpf_simple_fmap',
  'fuse_bpf_interleave_fmap',
  'dax_simple_fmap',
  'dax_interleave_fmap',
  'fuse_uring_cmd_area',
  'fuse_uring_request_header',
]

const C_NAME = /^(fuse|cuse|famfs|dax)_/

const isStruct = (value: unknown): value is Schema<unknown> =>
  typeof value === 'object' && value !== null && 'type' in value && (value as Schema<unknown>).type.kind === 'struct'

/** The structs among the exports of a module that declares them. */
export const structsOf = (module: object): [string, Schema<unknown>][] =>
  Object.entries(module).filter(
    (entry): entry is [string, Schema<unknown>] => isStruct(entry[1]) && C_NAME.test(entry[0]) && !WHOLE_MESSAGES.includes(entry[0]),
  )

/** Those of FUSE. */
export const fuseStructs: readonly (readonly [string, Schema<unknown>])[] = [
  header,
  init,
  attr,
  dir,
  file,
  xattr,
  device,
  notify,
  extensions,
  ioctl,
  uring,
].flatMap(structsOf)
