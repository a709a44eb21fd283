/** Which messages have a fast path, and in which module. */
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../../src/uapi/famfs/fmap.ts'
import type { Family } from './model.ts'

const extents = { 0: 'Simple', 1: 'Interleaved' }

export const families: readonly Family[] = [
  {
    file: 'fmap',
    title: 'The GET_FMAP reply.',
    messages: [
      { name: 'Fmap', value: 'FuseFamfsFmap', type: fuse_famfs_fmap.type, from: ['famfs/fmap.ts', 'fuse_famfs_fmap'], cases: extents },
      {
        name: 'FmapPush',
        value: 'FuseFamfsFmapPush',
        type: fuse_famfs_fmap_push.type,
        from: ['famfs/fmap.ts', 'fuse_famfs_fmap_push'],
        cases: extents,
      },
    ],
  },
]
