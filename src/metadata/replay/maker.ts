/** One entry of the log, done to the tree: straight from the bytes of its slot, without an object for any. */
import { u32At, u64AsNumber, u64At } from '../bytes.ts'
import type { EntryShape, FileShape, ListShape, Place } from '../shape.ts'
import { codePoints } from '../yaml/scalar.ts'
import { addExtent, addWild, type ExtentColumns, isExact } from './extents.ts'
import { CONFLICT, DUPLICATE, EXISTED, IGNORED, MADE, MAP, NAME, PARENT, PATH, STOPPED } from './fates.ts'
import { type Outcome, resolveReference, resolveStrict, type Target } from './resolve.ts'
import { addChild, DIRECTORY, FILE, type Tree } from './tree.ts'

/** How duplicates, order and missing parents are taken. */
export type Policy = 'strict' | 'reference'

/** A replay on its way through the log. */
export interface Maker {
  readonly policy: Policy
  readonly tree: Tree
  readonly root: number
  readonly extents: ExtentColumns
  readonly target: Target
  /** what the reference's return value would count */
  errors: number
  /** why the replay ends here */
  stop: string | undefined
}

interface Span {
  readonly from: number
  readonly to: number
}

/** Longest name that a Linux file system takes. */
const NAME_MAX = 255
const SLASH = 0x2f
const U32_MAX = 0xffff_ffff

/** Where the path of a slot ends; undefined when it has no end where this policy looks for one. */
function spanOf({ policy }: Maker, bytes: Uint8Array, slot: number, path: Place, size: number): Span | undefined {
  const from = slot + path.at
  const limit = policy === 'strict' ? from + path.size : slot + size
  let to = from
  while (to < limit && bytes[to] !== 0) to++
  return to === limit ? undefined : { from, to }
}

const isRelative = (bytes: Uint8Array, { from, to }: Span): boolean => to > from && bytes[from] !== SLASH

function resolve(maker: Maker, bytes: Uint8Array, { from, to }: Span): Outcome {
  const find = maker.policy === 'strict' ? resolveStrict : resolveReference
  return find(maker.tree, maker.root, bytes, from, to, maker.target)
}

/** An end of the replay that no return value describes. */
function ends(maker: Maker, why: string): number {
  maker.stop = why
  return STOPPED
}

function failed(maker: Maker, fate: number): number {
  maker.errors++
  return fate
}

const isTooLong = ({ target }: Maker): boolean => target.to - target.from > NAME_MAX

function add(maker: Maker, kind: number, index: number, bytes: Uint8Array): number {
  const { node, from, to } = maker.target
  return addChild(maker.tree, kind, node, index, bytes, from, to)
}

const FAILURES: Readonly<Record<Exclude<Outcome, 'found' | 'missing'>, number>> = { parent: PARENT, file: CONFLICT, path: PATH }

/** Does a MKDIR entry. */
export function makeDirectory(maker: Maker, entry: EntryShape, bytes: Uint8Array, slot: number, index: number): number {
  const { mkdir } = entry
  if (mkdir === undefined) return IGNORED
  const span = spanOf(maker, bytes, slot, mkdir.path, entry.size)
  if (span === undefined)
    return maker.policy === 'strict' ? failed(maker, PATH) : ends(maker, 'a path without an end is read beyond the entry')
  if (!isRelative(bytes, span)) return failed(maker, PATH)
  const outcome = resolve(maker, bytes, span)
  const { columns } = maker.tree
  if (outcome === 'found') return columns.kind[maker.target.node] === DIRECTORY ? EXISTED : failed(maker, CONFLICT)
  if (isTooLong(maker)) return failed(maker, NAME)
  if (outcome !== 'missing') return failed(maker, FAILURES[outcome])
  putOwner(maker.tree, add(maker, DIRECTORY, index, bytes), mkdir, bytes, slot)
  return MADE
}

interface OwnerPlaces {
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly mode: number | undefined
}

function putOwner({ columns }: Tree, node: number, { uid, gid, mode }: OwnerPlaces, bytes: Uint8Array, slot: number): void {
  if (uid !== undefined) columns.uid[node] = u32At(bytes, slot + uid)
  if (gid !== undefined) columns.gid[node] = u32At(bytes, slot + gid)
  if (mode !== undefined) columns.mode[node] = u32At(bytes, slot + mode)
}

/** The checks of the reference before it makes a file: offsets, whatever the type of the map; undefined behaviour where they lie outside. */
function zeroOffsets({ simple, nextents }: FileShape, size: number, bytes: Uint8Array, slot: number): number | undefined {
  if (simple === undefined) return 0
  const count = u32At(bytes, slot + nextents)
  if (count > Math.floor((size - simple.at - simple.offset - 8) / simple.stride) + 1) return undefined
  let zeros = 0
  for (let i = 0; i < count; i++) {
    const at = slot + simple.at + i * simple.stride + simple.offset
    if (u32At(bytes, at) === 0 && u32At(bytes, at + 4) === 0) zeros++
  }
  return zeros
}

/** The list that a map consists of, and how many of it there are. */
interface Listed {
  readonly list: ListShape
  readonly count: number
}

/** Extents or strips in use; undefined where there is no list for this type, or no interleaved extent. */
function listOf(file: FileShape, bytes: Uint8Array, slot: number): Listed | undefined {
  const type = file.extType === undefined ? 0 : u32At(bytes, slot + file.extType)
  const count = u32At(bytes, slot + file.nextents)
  if (type === 0) return file.simple && { list: file.simple, count }
  if (type !== 1 || file.interleaved === undefined || count === 0) return undefined
  const { strips, nstrips } = file.interleaved
  return { list: strips, count: count > 1 ? Number.POSITIVE_INFINITY : u64AsNumber(bytes, slot + nstrips) }
}

/** Does a FILE entry. */
export function makeFile(maker: Maker, entry: EntryShape, bytes: Uint8Array, slot: number, index: number): number {
  const { file } = entry
  const strict = maker.policy === 'strict'
  const span = spanOf(maker, bytes, slot, file.path, entry.size)
  if (span === undefined) return strict ? failed(maker, PATH) : ends(maker, 'a path without an end is read beyond the entry')
  const listed = listOf(file, bytes, slot)
  const refused = strict ? strictMap(listed) : referenceMap(maker, entry, bytes, slot)
  if (refused === STOPPED) return refused
  if (!isRelative(bytes, span)) return failed(maker, PATH)
  if (refused !== undefined) return strict ? failed(maker, refused) : refused
  const outcome = resolve(maker, bytes, span)
  if (outcome === 'found') return occupied(maker)
  if (strict && outcome !== 'missing') return failed(maker, FAILURES[outcome])
  if (isTooLong(maker)) return failed(maker, NAME)
  const node = add(maker, FILE, index, bytes)
  putFile(maker, node, file, bytes, slot)
  if (listed !== undefined) putExtents(maker, node, index, listed, bytes, slot)
  return strict || isWritable(bytes.subarray(span.from, span.to)) ? MADE : ends(maker, 'the YAML library refuses a path that is not UTF-8')
}

const strictMap = (listed: Listed | undefined): number | undefined =>
  listed !== undefined && listed.count > listed.list.capacity ? MAP : undefined

function referenceMap(maker: Maker, entry: EntryShape, bytes: Uint8Array, slot: number): number | undefined {
  const zeros = zeroOffsets(entry.file, entry.size, bytes, slot)
  if (zeros === undefined) return ends(maker, 'more extents are looked at than lie in the entry')
  maker.errors += zeros
  return zeros === 0 ? undefined : MAP
}

function occupied(maker: Maker): number {
  const isFile = maker.tree.columns.kind[maker.target.node] === FILE
  if (!isFile) return failed(maker, CONFLICT)
  return maker.policy === 'strict' ? failed(maker, DUPLICATE) : EXISTED
}

function isWritable(path: Uint8Array): boolean {
  for (const byte of path) if (byte >= 0x80) return codePoints(path) !== undefined
  return true
}

function putFile(maker: Maker, node: number, file: FileShape, bytes: Uint8Array, slot: number): void {
  const { tree } = maker
  putOwner(tree, node, file, bytes, slot)
  if (file.size !== undefined) tree.columns.size[node] = u64At(bytes, slot + file.size)
}

function putExtents(maker: Maker, node: number, index: number, { list, count }: Listed, bytes: Uint8Array, slot: number): void {
  const { columns } = maker.tree
  const most = Math.min(count, list.capacity)
  for (let i = 0; i < most; i++) {
    const at = slot + list.at + i * list.stride
    const start = u64AsNumber(bytes, at + list.offset)
    const length = u64AsNumber(bytes, at + list.length)
    if (length === 0) continue
    columns.allocated[node] = (columns.allocated[node] as number) + length
    if (isExact(start, start + length)) addExtent(maker.extents, node, deviceAt(bytes, at, list), start, start + length)
    else addWild(maker.extents, index, u64At(bytes, at + list.offset), u64At(bytes, at + list.length))
  }
}

const deviceAt = (bytes: Uint8Array, at: number, { devindex }: ListShape): number =>
  devindex === undefined ? 0 : Math.min(U32_MAX, u64AsNumber(bytes, at + devindex))
