/**
 * The BPF variant with the program dax_simple (April 2026): the map is a blob, its form is the program's. What the fact sheet leaves open (the
 * errno of the limits, the order of the steps) is that of the program's source. facts: wire 7.1 to 7.6, dialects.md
 */
import {
  devBitBelow,
  devices,
  eachExtent,
  envelopeFits,
  extentFits,
  extentsAtMost,
  headerFits,
  metaAllocates,
  metaAtMost,
  metaHolds,
  simple,
} from '../../schema/check.ts'
import { builtIn } from '../../schema/dialect.ts'
import { mapFormat } from '../../schema/layout.ts'
import { EINVAL, EIO, ENOMEM } from '../errno.ts'
import {
  FUSE_DAX_FMAP_META_MAX,
  fuse_bpf_simple_fmap,
  fuse_get_daxdev_in_bpf,
  fuse_get_daxdev_out,
  fuse_init_out_bpf,
} from '../famfs/bpf.ts'
import { FAMFS_KERNEL_MINOR } from '../famfs/constants.ts'

/** The BPF variant with dax_simple. */
export const fuseBpfSimple = /* @__PURE__ */ builtIn({
  id: 'fuse-bpf-simple',
  title: 'BPF variant with the program dax_simple (April 2026)',
  facts: 'wire 7',
  initBit: 43,
  init: { minor: FAMFS_KERNEL_MINOR, reply: fuse_init_out_bpf, named: { field: 'ops_name', value: 'dax_simple' } },
  opcodes: { GET_FMAP: 54, GET_DAXDEV: 55 },
  request: { GET_FMAP: 'none', GET_DAXDEV: fuse_get_daxdev_in_bpf },
  reply: {
    GET_FMAP: { buffer: 262144, least: 262144, most: 262144 },
    GET_DAXDEV: { exact: 256, index: 'daxdev_index', body: fuse_get_daxdev_out, ends: true, fatal: true },
  },
  map: mapFormat(fuse_bpf_simple_fmap, {
    envelope: 8,
    names: { nextents: 'n_extents', se_devindex: 'dev_index', se_offset: 'offset', se_len: 'len' },
    chapter: 'bpf',
  }),
  sizeProbe: 'none',
  push: false,
  trigger: 'OPEN',
  fatal: true,
  limits: { extents: 2048, devIndex: 23, devSlots: 24, devShift: 64 },
  resolver: { end: EIO, bare: true, simple: 'unsigned', lengths: 'unsigned', badDevice: 'errno', anyFile: true, anySize: true },
  habits: { acquireFails: 'valid', mapTwice: 0, deviceTwice: 0 },
  checks: [
    envelopeFits(EINVAL),
    metaAtMost(FUSE_DAX_FMAP_META_MAX, EINVAL),
    metaAllocates(ENOMEM),
    headerFits(EINVAL),
    extentsAtMost(2048, EINVAL),
    metaHolds(8, {}, EINVAL),
    simple(eachExtent(extentFits(EINVAL), metaHolds(8, { pieces: 24 }, EINVAL))),
    devices(devBitBelow(24, EINVAL)),
  ],
})
