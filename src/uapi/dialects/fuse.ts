/** FUSE as mainline Linux has it, without famfs. */
import { builtIn, type Dialect } from '../../schema/dialect.ts'

/** Mainline FUSE without famfs. */
export const fuse: Dialect = /* @__PURE__ */ builtIn({
  id: 'fuse',
  title: 'mainline FUSE without famfs',
  facts: 'wire 10',
  opcodes: {},
  request: { GET_FMAP: 'none', GET_DAXDEV: 'none' },
  reply: {},
  sizeProbe: 'none',
  push: false,
  fatal: false,
  limits: { devIndex: 0, devShift: 64 },
  checks: [],
})
