/** All versions of the standalone ioctl ABI, by id. KABI 44 is five of them, KABI 43 two: its number alone does not tell which. facts: wire 11 no. 13 */
import type { IoctlDialect } from '../../schema/ioctl.ts'
import { ioctl42 } from './ioctl-42.ts'
import { ioctl43 } from './ioctl-43.ts'
import { ioctl43Late } from './ioctl-43-late.ts'
import { ioctl44a } from './ioctl-44a.ts'
import { ioctl44b } from './ioctl-44b.ts'
import { ioctl44c } from './ioctl-44c.ts'
import { ioctl44d } from './ioctl-44d.ts'
import { ioctl44e } from './ioctl-44e.ts'
import { ioctlRfc } from './ioctl-rfc.ts'

/** In the order of their publication. */
export const ioctlDialects = {
  'ioctl-rfc': ioctlRfc,
  'ioctl-42': ioctl42,
  'ioctl-43': ioctl43,
  'ioctl-43-late': ioctl43Late,
  'ioctl-44a': ioctl44a,
  'ioctl-44b': ioctl44b,
  'ioctl-44c': ioctl44c,
  'ioctl-44d': ioctl44d,
  'ioctl-44e': ioctl44e,
} as const satisfies Readonly<Record<string, IoctlDialect>>

/** Ids of the versions of the ioctl ABI. */
export type IoctlDialectId = keyof typeof ioctlDialects

/** All of them, in the order of their publication. */
export const ioctlDialectIds: readonly IoctlDialectId[] = /* @__PURE__ */ Object.keys(ioctlDialects) as IoctlDialectId[]

export type { IoctlCommand, IoctlDialect, IoctlHeader } from '../../schema/ioctl.ts'
export { ioctl42, ioctl43, ioctl43Late, ioctl44a, ioctl44b, ioctl44c, ioctl44d, ioctl44e, ioctlRfc }
