/** How far the copy of many files into an image is. */
import type { NewEntry, Progress } from '../../metadata/build/index.ts'
import { areaOf } from '../../metadata/index.ts'
import type { Io } from '../command.ts'
import { pulseOf } from '../progress.ts'
import { sized } from './modes.ts'
import { shown } from './nodes.ts'

/** Bytes that are copied for an entry. */
export const contentSize = (entry: NewEntry): number =>
  entry.kind === 'file' && entry.content !== undefined ? areaOf(entry.content).size : 0

/** Says how far the copy of the contents of all entries is, for `CopyOptions.progress`. */
export function copying(entries: readonly NewEntry[], io: Pick<Io, 'progress'>): (progress: Progress) => unknown {
  const total = entries.reduce((sum, entry) => sum + contentSize(entry), 0)
  const pulse = pulseOf(io)
  let [before, last] = [0, 0]
  let file: Uint8Array | undefined
  return ({ path, done }) => {
    if (path !== file) before += last
    file = path
    last = Number(done)
    if (before + last >= total) return pulse.end()
    return pulse.beat(() => `copied ${sized(before + last)} of ${sized(total)}, ${shown(path)}`)
  }
}
