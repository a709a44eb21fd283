/**
 * Other names of the dialects, for input. Series of patches that a kernel reads alike share one dialect; `fuse-7.46` was the id of `fuse-v10`
 * until mainline FUSE took that number without famfs. facts: wire 4.1, today 1
 */
import type { DialectId } from './index.ts'

/** Alias to id. Nothing prints an alias as the name of a dialect. */
export const dialectAliases = {
  'fuse-v5': 'fuse-v4',
  'fuse-v6': 'fuse-v4',
  'fuse-v8': 'fuse-v10',
  'fuse-v9': 'fuse-v10',
  'fuse-7.46': 'fuse-v10',
} as const satisfies Readonly<Record<string, DialectId>>

/** A second name of a built-in dialect. */
export type DialectAlias = keyof typeof dialectAliases

/** What a function takes for the name of a built-in dialect: its id, or an alias. */
export type DialectName = DialectId | DialectAlias

/** The id that a name stands for: itself where it is no alias. */
export const dialectIdOf = (name: string): string => (Object.hasOwn(dialectAliases, name) ? dialectAliases[name as DialectAlias] : name)
