/** Series V4 to V6 (January 2026): as V3 on the wire; reads interleaved maps with a variable that was never set. facts: wire 0.6, 5 */
import { builtIn, type Dialect } from '../../schema/dialect.ts'
import { EIO } from '../errno.ts'
import { fuseV3 } from './fuse-v3.ts'

/** The dialect of series V4 to V6. */
export const fuseV4: Dialect = /* @__PURE__ */ builtIn({
  ...fuseV3,
  id: 'fuse-v4',
  title: 'series V4 to V6 (January 2026)',
  resolver: { end: EIO, simple: 'signed', groups: 'broken', badDevice: 'flag' },
})
