/** Series V3 (January 2026): new numbers, no size in the request; parses as V2 does. facts: wire 0.6, 2.1 */
import { builtIn, type Dialect } from '../../schema/dialect.ts'
import { FAMFS_KERNEL_MINOR } from '../famfs/constants.ts'
import { fuseV2 } from './fuse-v2.ts'

/** The dialect of series V3. */
export const fuseV3: Dialect = /* @__PURE__ */ builtIn({
  ...fuseV2,
  id: 'fuse-v3',
  title: 'series V3 (January 2026)',
  initBit: 43,
  init: { minor: FAMFS_KERNEL_MINOR },
  opcodes: { GET_FMAP: 54, GET_DAXDEV: 55 },
  request: { GET_FMAP: 'none', GET_DAXDEV: 'none' },
  reply: { GET_FMAP: { buffer: 4096, least: 4096, most: 4096 }, GET_DAXDEV: { exact: 280 } },
  sizeProbe: 'none',
  fatal: true,
  habits: { acquireFails: 'flag' },
})
