/** The files of a picture: their colours, what they are called, and how they lie. */
import { sized } from '../../codec/printable.ts'
import { decodeText } from '../../codec/text.ts'
import { FILLS } from '../../kernel/svg.ts'
import { logOf, oneEntry } from '../entries.ts'
import { type FileEntry, fileOf } from '../entry.ts'
import { nodeOf } from '../replay/lookup.ts'
import type { Replay } from '../replay/replay.ts'
import { FILE } from '../replay/tree.ts'
import type { Reading } from '../source.ts'
import { FREE, LOG, type Parts, SUPERBLOCK } from './parts.ts'

/** The light fills, and a deeper one of each. */
const TONES = [...FILLS, '#6fa8d0', '#f2ab66', '#7fc06b', '#b893c9', '#e3d25c', '#da8fbd', '#8cc795', '#b3b3b3'] as const

/** A file that is drawn. */
export interface FileView {
  readonly node: number
  /** as text, nothing in it escaped */
  readonly path: string
  /** how large it is and how it lies, in words */
  readonly how: string
  readonly entry: FileEntry | undefined
}

/** What files there are, and how each looks. */
export interface FileViews {
  /** the colour of each node; files have colours in the order of the log, so appended ones change none */
  readonly fills: Uint8Array
  /** those that can be told apart, by node */
  readonly views: ReadonlyMap<number, FileView>
}

export const fillOf = ({ fills }: FileViews, node: number): string => TONES[fills[node] as number] as string

/** Ranks of files, as places in {@link TONES}. */
function fillsOf({ tree }: Replay): Uint8Array {
  const fills = new Uint8Array(tree.count)
  let rank = 0
  for (let node = 0; node < tree.count; node++) if (tree.columns.kind[node] === FILE) fills[node] = rank++ % TONES.length
  return fills
}

const plural = (count: number | bigint, one: string): string => `${count} ${one}${Number(count) === 1 ? '' : 's'}`

function howOf({ size, extents, interleaved: [group] }: FileEntry): string {
  const bytes = sized(size ?? 0n)
  if (group !== undefined) return `${bytes} in ${plural(group.nstrips, 'strip')}, chunks of ${sized(group.chunkSize)}`
  return `${bytes} in ${plural(extents.length, 'extent')}`
}

function* fileView(replay: Replay, node: number): Reading<FileView> {
  const { path, entry: slot } = nodeOf(replay, node)
  const entry = fileOf(yield* oneEntry(logOf(replay.image), slot))
  return { node, path: decodeText(path, 0, path.length), how: entry === undefined ? '' : howOf(entry), entry }
}

/** Reads the entries of these files. */
export function* fileViews(replay: Replay, nodes: Iterable<number>): Reading<FileViews> {
  const views = new Map<number, FileView>()
  for (const node of nodes) views.set(node, yield* fileView(replay, node))
  return { fills: fillsOf(replay), views }
}

/** Strip of a file. */
export interface StripView {
  readonly number: number
  readonly of: number
}

/** Which strip an extent is; undefined for the extents of files that are not interleaved. */
export function stripOf({ extents }: Replay, view: FileView, extent: number): StripView | undefined {
  const strips = view.entry?.interleaved[0]?.strips ?? []
  const number = strips.findIndex(
    strip => Number(strip.offset) === extents.start[extent] && Math.min(0xffff_ffff, Number(strip.devindex)) === extents.device[extent],
  )
  return number < 0 ? undefined : { number, of: strips.length }
}

/** Who an owner is, in words. */
function ownerText({ extents }: Replay, { views }: FileViews, owner: number): string {
  if (owner === SUPERBLOCK) return 'superblock'
  if (owner === LOG) return 'log'
  const view = views.get(extents.node[owner] as number)
  return view === undefined ? 'a file' : `"${view.path}"`
}

/** Whose the bytes of a part are, in words. */
export function ownersText(replay: Replay, files: FileViews, { owner, other, depth }: Parts, part: number): string {
  const known = [owner[part] as number, other[part] as number].filter(each => each !== FREE)
  const more = (depth[part] as number) - known.length
  return `${known.map(each => ownerText(replay, files, each)).join(' and ')}${more > 0 ? ` and ${more} more` : ''}`
}
