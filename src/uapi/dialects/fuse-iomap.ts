/** fuse-iomap, the neighbour that may carry famfs one day: experimental, on a public branch. No kernel was asked. facts: today 4 */
import { builtIn, type Dialect } from '../../schema/dialect.ts'
import { byLength } from '../../schema/index.ts'
import { empty } from '../fuse/opcodes.ts'
import { FUSE_IOMAP_INIT_BIT, FUSE_IOMAP_MINOR, fuse_iomap_attr_flags } from '../iomap/names.ts'
import {
  fuse_freezefs_in,
  fuse_iomap_begin_in,
  fuse_iomap_begin_out,
  fuse_iomap_config_in,
  fuse_iomap_config_out,
  fuse_iomap_dev_inval_out,
  fuse_iomap_end_in,
  fuse_iomap_inval_mappings_out,
  fuse_iomap_ioend_in,
  fuse_iomap_ioend_out,
  fuse_iomap_upsert_mappings_out,
  fuse_shutdownfs_in,
} from '../iomap/structs.ts'

/** The messages of fuse-iomap beside those of mainline. */
export const fuseIomap = /* @__PURE__ */ builtIn({
  id: 'fuse-iomap',
  title: 'fuse-iomap: provisional, numbers of an experimental branch (2026)',
  facts: 'today 4',
  provisional: 'fuse-iomap is experimental: its structs are described, but what its kernel takes and refuses is not known',
  init: { minor: FUSE_IOMAP_MINOR, flags: { FUSE_IOMAP: FUSE_IOMAP_INIT_BIT } },
  opcodes: {},
  request: { GET_FMAP: 'none', GET_DAXDEV: 'none' },
  reply: {},
  messages: {
    FREEZE_FS: { opcode: 4089, request: fuse_freezefs_in, reply: empty },
    UNFREEZE_FS: { opcode: 4090, request: byLength({ 0: empty }, fuse_freezefs_in), reply: empty },
    SHUTDOWN_FS: { opcode: 4091, request: fuse_shutdownfs_in, reply: empty },
    IOMAP_CONFIG: { opcode: 4092, request: fuse_iomap_config_in, reply: fuse_iomap_config_out },
    IOMAP_IOEND: { opcode: 4093, request: fuse_iomap_ioend_in, reply: fuse_iomap_ioend_out },
    IOMAP_BEGIN: { opcode: 4094, request: fuse_iomap_begin_in, reply: fuse_iomap_begin_out },
    IOMAP_END: { opcode: 4095, request: fuse_iomap_end_in, reply: empty },
  },
  notifications: {
    IOMAP_DEV_INVAL: { code: 99, body: fuse_iomap_dev_inval_out },
    IOMAP_UPSERT_MAPPINGS: { code: 100, body: fuse_iomap_upsert_mappings_out },
    IOMAP_INVAL_MAPPINGS: { code: 101, body: fuse_iomap_inval_mappings_out },
  },
  names: { fuse_attr_flags: fuse_iomap_attr_flags },
  sizeProbe: 'none',
  push: false,
  fatal: false,
  limits: { devIndex: 0, devShift: 64 },
  checks: [],
}) satisfies Dialect
