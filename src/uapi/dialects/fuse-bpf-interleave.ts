/** The BPF variant with the program dax_interleave (April 2026). facts: wire 7.1 to 7.6, dialects.md */
import {
  chunkNotZero,
  devBitBelow,
  devices,
  eachGroup,
  eachStrip,
  envelopeFits,
  extentFits,
  extentsAtMost,
  groupFits,
  headerFits,
  interleaved,
  metaAllocates,
  metaAtMost,
  metaHolds,
  stripsBetween,
  stripsInAllAtMost,
} from '../../schema/check.ts'
import { builtIn } from '../../schema/dialect.ts'
import { mapFormat } from '../../schema/layout.ts'
import { EINVAL, EIO, ENOMEM } from '../errno.ts'
import { FUSE_DAX_FMAP_META_MAX, fuse_bpf_interleave_fmap, fuse_init_out_bpf } from '../famfs/bpf.ts'
import { FAMFS_KERNEL_MINOR } from '../famfs/constants.ts'
import { fuseBpfSimple } from './fuse-bpf-simple.ts'

/** The BPF variant with dax_interleave. */
export const fuseBpfInterleave = /* @__PURE__ */ builtIn({
  ...fuseBpfSimple,
  id: 'fuse-bpf-interleave',
  title: 'BPF variant with the program dax_interleave (April 2026)',
  init: { minor: FAMFS_KERNEL_MINOR, reply: fuse_init_out_bpf, named: { field: 'ops_name', value: 'dax_interleave' } },
  map: mapFormat(fuse_bpf_interleave_fmap, {
    envelope: 8,
    names: {
      nextents: 'n_iexts',
      ie_nstrips: 'nstrips',
      ie_chunk_size: 'chunk_size',
      ie_nbytes: 'nbytes',
      se_devindex: 'dev_index',
      se_offset: 'offset',
      se_len: 'len',
    },
    chapter: 'bpf',
  }),
  limits: { extents: 16, strips: 32, devIndex: 23, devSlots: 24, devShift: 64 },
  resolver: {
    end: EIO,
    bare: true,
    simple: 'unsigned',
    groups: 'smaller',
    guarded: true,
    lengths: 'unsigned',
    badDevice: 'errno',
    missingStrip: 'flag',
    anyFile: true,
    anySize: true,
  },
  checks: [
    envelopeFits(EINVAL),
    metaAtMost(FUSE_DAX_FMAP_META_MAX, EINVAL),
    metaAllocates(ENOMEM),
    headerFits(EINVAL),
    extentsAtMost(16, EINVAL),
    metaHolds(8, {}, EINVAL),
    interleaved(
      eachGroup(
        groupFits(EINVAL),
        stripsBetween(1, 32, EINVAL),
        chunkNotZero(EINVAL),
        metaHolds(8, { groups: 32 }, EINVAL),
        eachStrip(stripsInAllAtMost(512, EINVAL), extentFits(EINVAL), metaHolds(8, { nextents: 32, pieces: 24 }, EINVAL)),
      ),
    ),
    devices(devBitBelow(24, EINVAL)),
  ],
})
