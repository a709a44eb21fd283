/** All dialects of the FUSE family, by id. Which one a peer speaks is always said, never guessed: INIT cannot tell them apart. facts: wire 1.3 */
import type { Dialect } from '../../schema/dialect.ts'
import { fuse } from './fuse.ts'
import { fusePush } from './fuse-push.ts'
import { fusePushIl } from './fuse-push-il.ts'
import { fuseV1 } from './fuse-v1.ts'
import { fuseV2 } from './fuse-v2.ts'
import { fuseV3 } from './fuse-v3.ts'
import { fuseV4 } from './fuse-v4.ts'
import { fuseV7 } from './fuse-v7.ts'
import { fuseV10 } from './fuse-v10.ts'

/** In the order of their publication, mainline without famfs first. */
export const dialects = {
  fuse,
  'fuse-v1': fuseV1,
  'fuse-v2': fuseV2,
  'fuse-v3': fuseV3,
  'fuse-v4': fuseV4,
  'fuse-v7': fuseV7,
  'fuse-v10': fuseV10,
  'fuse-push': fusePush,
  'fuse-push-il': fusePushIl,
} as const satisfies Readonly<Record<string, Dialect>>

/** Ids of the built-in dialects. */
export type DialectId = keyof typeof dialects

/** The ids of all dialects that have famfs, oldest first. */
export const famfsDialectIds = [
  'fuse-v1',
  'fuse-v2',
  'fuse-v3',
  'fuse-v4',
  'fuse-v7',
  'fuse-v10',
  'fuse-push',
  'fuse-push-il',
] as const satisfies readonly DialectId[]

export type { Dialect } from '../../schema/dialect.ts'
export { fuse, fusePush, fusePushIl, fuseV1, fuseV2, fuseV3, fuseV4, fuseV7, fuseV10 }
