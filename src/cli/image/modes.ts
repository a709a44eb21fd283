/** Modes and maps in a few words. */
import { sized } from '../../codec/printable.ts'
import type { Extent, FileEntry } from '../../metadata/entry.ts'

/** `rw-r--r--`; bits above these in front. */
export function rights(mode: number): string {
  const text = [6, 3, 0].map(shift => 'rwx'.replace(/./g, (c, i: number) => ((mode >>> (shift + 2 - i)) & 1 ? c : '-'))).join('')
  return mode >>> 9 === 0 ? text : `${text}+0${(mode & ~0o777) >>> 0 === 0 ? '0' : ((mode & ~0o777) >>> 0).toString(8)}`
}

export { sized } from '../../codec/printable.ts'

const extentText = ({ devindex, offset, length }: Extent): string => `${devindex}@0x${offset.toString(16)}+${sized(length)}`

const SHOWN = 4

function listText(extents: readonly Extent[]): string {
  const more = extents.length > SHOWN ? `, ${extents.length - SHOWN} more` : ''
  return `${extents.slice(0, SHOWN).map(extentText).join(', ')}${more}`
}

/** The map of a file in one line. */
export function mapText({ extType, nextents, extents, interleaved }: FileEntry): string {
  const [group] = interleaved
  if (extType === 0) return nextents === 0 ? 'no extents' : `${nextents} extent${nextents === 1 ? '' : 's'}: ${listText(extents)}`
  if (group !== undefined) return `interleaved, ${group.nstrips} strips, chunks of ${sized(group.chunkSize)}: ${listText(group.strips)}`
  return `a map of type ${extType} with ${nextents} extents`
}
