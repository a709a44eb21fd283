/** What names and entries say where sizes and sums leave more than one layout. facts: metadata 1, telling the layouts apart */
import type { MediaLayout } from '../uapi/famfs/layouts/index.ts'
import { u32At } from './bytes.ts'
import type { Evidence } from './detect.ts'
import { type EntryShape, shapeOf } from './shape.ts'

type Look = Omit<Evidence, 'fits'> & { readonly fits: readonly MediaLayout[] }

interface Images {
  readonly candidates: readonly MediaLayout[]
  readonly superblock: Uint8Array
  readonly log: Uint8Array
}

/** mkfs fills the whole name field with zeros: what follows the name is zero up to the end of the field. */
export function nameSpeaks({ candidates, superblock }: Images): Look | undefined {
  const places = candidates.map(l => shapeOf(l).superblock.devName)
  const [first] = places
  if (first === undefined || new Set(places.map(p => p.size)).size < 2) return undefined
  const nul = superblock.indexOf(0, first.at)
  const end = nul === -1 ? superblock.length : nul
  const fits = candidates.filter(l => {
    const { at, size } = shapeOf(l).superblock.devName
    const stale = superblock.subarray(Math.min(end, at + size), at + size).some(b => b !== 0)
    return !stale && (end <= at + size || size === Math.max(...places.map(p => p.size)))
  })
  const message = `a device name of ${end - first.at} bytes`
  return { about: 'device name', area: 'superblock', offset: first.at, length: end - first.at, fits, message }
}

const printable = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x20 && byte !== 0x7f
const MODES = 0x1_0000

/** Entries at most that are looked at. */
const LOOKED_AT = 64

/** Where ACCESS entries have the name of a host. facts: metadata-layouts L00 */
const HOSTNAME_AT = 16
const HOSTNAME_SIZE = 32

/** ASCII up to a NUL, and zeros behind it. */
function isHostname(field: Uint8Array): boolean {
  const nul = field.indexOf(0)
  const end = nul === -1 ? field.length : nul
  return end > 0 && field.every((b, i) => (i < end ? b > 0x20 && b < 0x7f : b === 0))
}

/** Whether this slot reads as a sound entry of the shape: a path that starts with text where the path is, a mode where the mode is. */
function sounds(slot: Uint8Array, entry: EntryShape): boolean | undefined {
  const kind = entry.kinds[u32At(slot, entry.type)]
  if (kind === 'access') return isHostname(slot.subarray(HOSTNAME_AT, HOSTNAME_AT + HOSTNAME_SIZE))
  const owner = kind === 'file' ? entry.file : kind === 'mkdir' ? entry.mkdir : undefined
  if (owner === undefined) return undefined
  const mode = owner.mode === undefined ? 0 : u32At(slot, owner.mode)
  return printable(slot[owner.path.at]) && mode < MODES
}

/** Layouts with slots of the same size, told apart by what their fields would hold. */
export function entriesSpeak({ candidates, log }: Images): Look | undefined {
  const score = (layout: MediaLayout): number => {
    const { header, entry } = shapeOf(layout)
    let sound = 0
    for (let i = 0; i < LOOKED_AT; i++) {
      const at = header.size + i * entry.size
      if (at + entry.size > log.length) break
      const slot = log.subarray(at, at + entry.size)
      if (slot.every(b => b === 0)) break
      const judged = sounds(slot, entry)
      sound += judged === undefined ? 0 : judged ? 1 : -1
    }
    return sound
  }
  const scores = candidates.map(score)
  const best = Math.max(...scores)
  if (best <= 0 || scores.every(s => s === best)) return undefined
  const fits = candidates.filter((_, i) => scores[i] === best)
  return {
    about: 'entries',
    area: 'log',
    offset: 48,
    length: 0,
    fits,
    message: `paths and modes lie where ${fits.map(l => l.id).join(', ')} has them`,
  }
}
