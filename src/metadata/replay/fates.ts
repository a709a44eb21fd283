/** What became of each entry in a replay. */

/**
 * - `made` a file or directory.
 * - `existed`: a directory, or in `reference` mode a file, is there already and stays as it is.
 * - `ignored`: a type that no replay acts upon.
 * - `bad`: sequence number or crc are wrong.
 * - `path`: empty, absolute, without an end; in `strict` mode also `.`, `..` and double slashes.
 * - `map`: an extent at offset 0 (`reference`), more extents or strips than the entry has room for (`strict`).
 * - `parent`: a directory of its path is missing.
 * - `conflict`: a file is where a directory should be, or a directory where a file should be.
 * - `duplicate` (`strict`): a file of that path is there already; the first one stays.
 * - `name`: longer than a file system takes.
 * - `stopped`: the replay ended at this entry or before it.
 */
export type Fate = 'made' | 'existed' | 'ignored' | 'bad' | 'path' | 'map' | 'parent' | 'conflict' | 'duplicate' | 'name' | 'stopped'

/** In the order of their numbers in {@link Replay.fates}. */
export const fateNames: readonly Fate[] = [
  'made',
  'existed',
  'ignored',
  'bad',
  'path',
  'map',
  'parent',
  'conflict',
  'duplicate',
  'name',
  'stopped',
]

export const MADE = 0
export const EXISTED = 1
export const IGNORED = 2
export const BAD = 3
export const PATH = 4
export const MAP = 5
export const PARENT = 6
export const CONFLICT = 7
export const DUPLICATE = 8
export const NAME = 9
export const STOPPED = 10

/** Fates that are no fault. */
export const isHarmless = (fate: number): boolean => fate <= IGNORED
