/** The one registry of C structs: FUSE, famfs on the wire and on the media, its ioctl ABI and BPF variant, fuse-iomap. */
import type { Schema } from '../schema/index.ts'
import * as bpf from './famfs/bpf.ts'
import * as daxdev from './famfs/daxdev.ts'
import * as fmap from './famfs/fmap.ts'
import * as famfsIoctl from './famfs/ioctl.ts'
import * as log from './famfs/log.ts'
import * as superblock from './famfs/superblock.ts'
import { fuseStructs, structsOf } from './fuse/structs.ts'
import * as iomap from './iomap/structs.ts'

/**
 * Every C struct by its C name; where a dialect or an older layout has its own form of one, that form by the C name and a word for it (`_push`,
 * `_bpf`, `_rfc`, `_l01`). The layout of each is proved by the C compiler in the tests.
 */
export const structs: Readonly<Record<string, Schema<unknown>>> = Object.fromEntries([
  ...fuseStructs,
  ...[fmap, daxdev, superblock, log, bpf, famfsIoctl, iomap].flatMap(structsOf),
])
