/** Series V4 to V6 (January 2026): as V3 on the wire; differs in how it resolves offsets. facts: wire 0.6, 5 */
import { type Dialect, dialect } from '../../schema/dialect.ts'
import { fuseV3 } from './fuse-v3.ts'

export const fuseV4: Dialect = /* @__PURE__ */ dialect({ ...fuseV3, id: 'fuse-v4', title: 'series V4 to V6 (January 2026)' })
