/**
 * Which published layout is this? The version number alone does not say, so every answer comes with what speaks for it. facts: metadata 1,
 * telling the layouts apart
 */

import { crc32 } from '../codec/crc32.ts'
import { checkBytes } from '../codec/input.ts'
import { type MediaLayout, mediaLayouts } from '../uapi/famfs/layouts/index.ts'
import { FAMFS_LOG_MAGIC } from '../uapi/famfs/log.ts'
import { FAMFS_SUPER_MAGIC, FAMFS_SUPER_MAGIC_45 } from '../uapi/famfs/superblock.ts'
import { longAt, u32At, u64At } from './bytes.ts'
import { entriesSpeak, nameSpeaks } from './detect-fields.ts'
import { shapeOf } from './shape.ts'

/** One thing that was looked at. */
export interface Evidence {
  readonly about: 'magic' | 'version' | 'superblock crc' | 'omf' | 'device count' | 'device name' | 'log header' | 'entry crc' | 'entries'
  readonly area: 'superblock' | 'log'
  readonly offset: number
  readonly length: number
  /** ids of the layouts that it fits; none when it is damaged or unknown */
  readonly fits: readonly string[]
  readonly message: string
}

/** The answer of {@link detectLayout}. */
export interface Detection {
  /** layouts that fit, oldest first; more than one where nothing on the media tells them apart, none where nothing published fits */
  readonly candidates: readonly MediaLayout[]
  /** the layout to read it by: the newest candidate, or the one that comes closest; undefined when nothing looks like famfs */
  readonly nearest: MediaLayout | undefined
  readonly evidence: readonly Evidence[]
  /** why more than one candidate remains, or why none does */
  readonly ambiguity?: string
}

interface State {
  candidates: readonly MediaLayout[]
  readonly evidence: Evidence[]
  readonly superblock: Uint8Array
  readonly log: Uint8Array
}

type Look = Omit<Evidence, 'fits'> & { readonly fits: readonly MediaLayout[] }

const ids = (layouts: readonly MediaLayout[]): string[] => layouts.map(l => l.id)

/**
 * Notes it; the candidates that it does not fit go, unless it fits none of them.
 * @returns whether it fits some candidates, fits other layouts only, or says nothing because what it looks at is damaged
 */
function narrow(state: State, look: Look): 'fits' | 'contradicts' | 'silent' {
  const left = state.candidates.filter(l => look.fits.includes(l))
  state.evidence.push({ ...look, fits: ids(look.fits) })
  if (left.length > 0) state.candidates = left
  if (left.length > 0) return 'fits'
  return look.fits.length > 0 ? 'contradicts' : 'silent'
}

const where = (predicate: (layout: MediaLayout) => boolean): MediaLayout[] => mediaLayouts.filter(predicate)

function lookAtMagic({ superblock }: State): Look {
  const magic = u64At(superblock, 0)
  const fits = where(l => l.magic === magic)
  const message = fits.length === 0 ? `0x${magic.toString(16)} is no magic of famfs` : `magic 0x${magic.toString(16)}`
  return { about: 'magic', area: 'superblock', offset: 0, length: 8, fits, message }
}

function lookAtVersion({ superblock }: State): Look {
  const version = u64At(superblock, 8)
  const fits = where(l => l.version === version)
  const message = `version ${version}${fits.length === 0 ? ', which was never published' : ''}`
  return { about: 'version', area: 'superblock', offset: 8, length: 8, fits, message }
}

/** First version whose tools compute and compare the crc of the superblock. facts: metadata 2 */
export const FIRST_WITH_SUPERBLOCK_CRC = 43n

function lookAtSuperblockCrc({ superblock }: State): Look {
  const at = [...new Set(mediaLayouts.map(l => shapeOf(l).superblock.crc))].filter(
    crc => superblock.length >= crc + 8 && u64At(superblock, crc) === BigInt(crc32(superblock, 0, crc)),
  )
  const fits = where(l => l.version >= FIRST_WITH_SUPERBLOCK_CRC && at.includes(shapeOf(l).superblock.crc))
  const offset = at[0] ?? 0
  const message = at.length === 0 ? 'the crc fits at no published place' : `the crc at byte ${at.join(' and ')} fits`
  return { about: 'superblock crc', area: 'superblock', offset, length: 8, fits, message }
}

/** Before version 48 there were two pairs of format numbers to tell apart. */
function lookAtOmf({ superblock, candidates }: State): Look | undefined {
  const withOmf = candidates.filter(l => l.omf !== undefined)
  const at = withOmf[0] === undefined ? undefined : shapeOf(withOmf[0]).superblock.omf
  if (at === undefined || new Set(withOmf.map(l => l.version)).size > 1) return undefined
  const [major, minor] = [u32At(superblock, at), u32At(superblock, at + 4)]
  const fits = where(l => l.omf?.[0] === major && l.omf[1] === minor)
  return { about: 'omf', area: 'superblock', offset: at, length: 8, fits, message: `on-media format ${major}.${minor}` }
}

/** The count of devices is 1 wherever there is one. */
function lookAtDeviceCount({ superblock, candidates }: State): Look {
  const countAt = (l: MediaLayout) => shapeOf(l).superblock.numDaxdevs
  const fits = candidates.filter(l => {
    const at = countAt(l)
    return at === undefined ? !candidates.some(o => isOne(superblock, countAt(o))) : isOne(superblock, at)
  })
  const offset = (fits[0] && countAt(fits[0])) ?? 0
  return {
    about: 'device count',
    area: 'superblock',
    offset,
    length: 4,
    fits,
    message: `a device count of 1 fits ${ids(fits).join(', ') || 'none'}`,
  }
}

const isOne = (bytes: Uint8Array, at: number | undefined): boolean => at !== undefined && u32At(bytes, at) === 1

const MASK = (1n << 64n) - 1n

/** Whether `last_index` follows from the log's length: exactly, or one too large as every mkfs wrote it until 2024-03-11. */
export function lastIndexFits(layout: MediaLayout, length: bigint, lastIndex: bigint): 'exact' | 'early' | undefined {
  const { header, entry } = shapeOf(layout)
  const slots = (length - BigInt(header.size)) / BigInt(entry.size)
  if (lastIndex === ((slots - 1n) & MASK)) return 'exact'
  return lastIndex === (slots & MASK) ? 'early' : undefined
}

function lookAtLogHeader({ log }: State): Look {
  const fitting = new Map<MediaLayout, string>()
  for (const layout of mediaLayouts) {
    const { header } = shapeOf(layout)
    const sealed = header.crc === undefined || longAt(log, header.crc) === BigInt(crc32(log, 0, header.crc.at))
    const fit = lastIndexFits(layout, u64At(log, header.length), u64At(log, header.lastIndex))
    if (log.length >= header.size && sealed && fit !== undefined && u64At(log, header.magic) === FAMFS_LOG_MAGIC) fitting.set(layout, fit)
  }
  const fits = [...fitting.keys()]
  const sizes = [...new Set(fits.map(l => `${shapeOf(l).entry.size}${fitting.get(l) === 'early' ? ' (last index one too large)' : ''}`))]
  const message = fits.length === 0 ? 'length and last index of the log fit no layout' : `slots of ${sizes.join(' or ')} bytes`
  return { about: 'log header', area: 'log', offset: 0, length: 48, fits, message }
}

function lookAtEntryCrc({ log }: State): Look {
  const fits = where(l => {
    const { header, entry } = shapeOf(l)
    if (entry.crc === undefined || log.length < header.size + entry.size) return false
    const slot = log.subarray(header.size, header.size + entry.size)
    return longAt(slot, entry.crc) === BigInt(crc32(slot, 0, entry.crc.at))
  })
  const message = fits.length === 0 ? 'the crc of the first entry fits no layout' : 'the crc of the first entry fits'
  return { about: 'entry crc', area: 'log', offset: 48, length: 0, fits, message }
}

/** Layouts whose bytes are the same in every way. facts: metadata 1 */
const sameBytes = (a: MediaLayout, b: MediaLayout): boolean =>
  a.superblock === b.superblock && a.header === b.header && a.entry === b.entry && a.version === b.version

function ambiguityOf({ candidates }: State): string | undefined {
  const [first, ...more] = candidates
  if (first === undefined || more.length === 0) return undefined
  const same = more.every(l => sameBytes(first, l))
  return same ? 'these layouts have the same bytes' : 'nothing on the media tells these layouts apart'
}

/**
 * Finds the layout of an image.
 * @param superblock the first bytes of the device, at least 256 for every test
 * @param log the first bytes of the log: its header, and the more entries the better the oldest layouts can be told apart
 * @returns every layout that fits, with the evidence; never throws for the bytes
 */
export function detectLayout(superblock: Uint8Array, log: Uint8Array): Detection {
  checkBytes(superblock, 'superblock')
  checkBytes(log, 'log')
  const state: State = { candidates: mediaLayouts, evidence: [], superblock, log }
  const magic = narrow(state, lookAtMagic(state)) === 'fits'
  state.candidates = mediaLayouts
  const published = narrow(state, lookAtVersion(state)) === 'fits'
  const crc = narrow(state, lookAtSuperblockCrc(state))
  const format = lookAtFormat(state)
  const header = narrow(state, lookAtLogHeader(state))
  if (header !== 'fits' || state.candidates.length > 1) narrow(state, lookAtEntryCrc(state))
  const contradicted = crc === 'contradicts' || !format || (crc === 'silent' && header === 'contradicts')
  if (published && !contradicted && state.candidates.length > 1) lookCloser(state)
  const famfs = magic || crc !== 'silent' || header !== 'silent' || looksLikeLog(log)
  const nearest = famfs ? state.candidates.at(-1) : undefined
  if (published && !contradicted && famfs) return answer(state, state.candidates, nearest, ambiguityOf(state))
  return answer(state, [], nearestTo(state, famfs), refusalOf(published, format, famfs))
}

function refusalOf(published: boolean, format: boolean, famfs: boolean): string {
  if (!famfs) return 'nothing here looks like famfs'
  if (!published) return 'no published layout has this version'
  return format
    ? 'the bytes are laid out as no layout of this version has them'
    : 'no published layout has this version with this on-media format'
}

/** @returns whether the format numbers can belong to the version */
function lookAtFormat(state: State): boolean {
  const look = lookAtOmf(state)
  if (look === undefined) return true
  return narrow(state, look) === 'fits' || new Set(state.candidates.map(l => l.omf?.join('.'))).size < 2
}

/** A 32-bit host is taken for the writer only where nothing else fits. */
function lookCloser(state: State): void {
  narrow(state, lookAtDeviceCount(state))
  for (const look of [nameSpeaks(state), entriesSpeak(state)]) if (look !== undefined) narrow(state, look)
  const usual = state.candidates.filter(l => l.wordSize === 64)
  if (usual.length > 0) state.candidates = usual
}

const looksLikeLog = (log: Uint8Array): boolean => log.length >= 8 && u64At(log, 0) === FAMFS_LOG_MAGIC

/** Where version and format exclude every layout: the newest one whose other marks fit. */
function nearestTo({ evidence }: State, famfs: boolean): MediaLayout | undefined {
  if (!famfs) return undefined
  const score = (l: MediaLayout): number => evidence.filter(e => e.fits.includes(l.id)).length
  return mediaLayouts.filter(l => l.wordSize === 64).reduce((best, l) => (score(l) >= score(best) ? l : best))
}

function answer(
  state: State,
  candidates: readonly MediaLayout[],
  nearest: MediaLayout | undefined,
  ambiguity: string | undefined,
): Detection {
  return { candidates, nearest, evidence: state.evidence, ...(ambiguity === undefined ? {} : { ambiguity }) }
}

/** Whether these eight bytes are a magic that a famfs superblock ever had. */
export const isSuperMagic = (magic: bigint): boolean => magic === FAMFS_SUPER_MAGIC || magic === FAMFS_SUPER_MAGIC_45
