/** What a famfs, or a layout of it, cannot hold: nothing is made, unless --skip-unsupported leaves it out. */
import { Failure, type Io, REFUSED } from '../command.ts'
import { count } from './nodes.ts'
import type { Values } from './sub.ts'

/** One thing that cannot be carried. */
export interface Unsupported {
  /** a path, ready to be shown, or what else people call it */
  readonly what: string
  readonly why: string
}

/** Most that are named one by one. */
const SHOWN = 20

/**
 * Names everything that cannot be carried.
 * @param where what it was found in
 * @throws Failure unless it is to be left out
 */
export function refuseOrSkip(things: readonly Unsupported[], where: string, values: Values, io: Pick<Io, 'warn'>): void {
  if (things.length === 0) return
  const skips = values['skip-unsupported'] === true
  for (const { what, why } of things.slice(0, SHOWN)) io.warn(`${what}: ${skips ? 'left out: ' : ''}${why}\n`)
  if (things.length > SHOWN) io.warn(`and ${things.length - SHOWN} more\n`)
  if (skips) return
  throw new Failure(`${where}: ${count(things.length, 'thing')} cannot be carried, so nothing was made`, {
    exit: REFUSED,
    hint: things.length === 1 ? '--skip-unsupported leaves it out' : '--skip-unsupported leaves them out',
  })
}
