/** Replaying a log: every entry once, in order, into a tree and the list of all extents. */
import { u32At, u64At, uuidAt } from '../bytes.ts'
import { logOf } from '../entries.ts'
import type { Image } from '../image.ts'
import { checkTwice, eachPiece, type LogFrame, type Piece, typeOf } from '../scan.ts'
import type { DaxdevShape, EntryKind, EntryShape } from '../shape.ts'
import { type Reading, run, runNow } from '../source.ts'
import { type ExtentColumns, noExtents } from './extents.ts'
import { BAD, type Fate, fateNames, IGNORED, isHarmless, MADE, STOPPED } from './fates.ts'
import { type Maker, makeDirectory, makeFile, type Policy } from './maker.ts'
import { addChild, DIRECTORY, emptyTree, ROOT, type Tree } from './tree.ts'

/** How a log is replayed. */
export interface ReplayOptions {
  /**
   * `strict` (the default): bad entries are left out; a path must be relative, without empty, `.` and `..` names, all its directories made
   * before; of two files with one path the first stays. `reference`: as the shadow replay of today's tools, with all its ways. facts: metadata 5
   */
  readonly policy?: Policy
}

/** A device that an entry adds. */
export interface ReplayDevice {
  readonly entry: number
  readonly index: number
  readonly size: bigint
  readonly uuid: string
}

/** What a log makes. The tree is one of columns: `lookup`, `children` and `walk` read it. */
export interface Replay {
  readonly image: Image
  readonly policy: Policy
  readonly tree: Tree
  /** node of the mount point; in `reference` mode paths with `..` can leave it */
  readonly root: number
  readonly extents: ExtentColumns
  readonly devices: readonly ReplayDevice[]
  /** one per slot in use: the place of its fate in `fateNames` */
  readonly fates: Uint8Array
  /** entries that were refused; in `reference` mode what the reference's replay returns, -1 when a bad entry ends it */
  readonly errors: number
  /** why it ended before the last entry, if it did */
  readonly stopped?: string
}

const latinNames = (name: string): Uint8Array => Uint8Array.from(name, c => c.charCodeAt(0))

/** The reference replays into `<shadow>/root`; what lies above that is taken to be empty. */
function rootFor(tree: Tree, policy: Policy): number {
  if (policy === 'strict') return ROOT
  return ['shadow', 'root'].reduce((parent, name) => addChild(tree, DIRECTORY, parent, -1, latinNames(name), 0, name.length), ROOT)
}

function makerFor(policy: Policy): Maker {
  const tree = emptyTree()
  return {
    policy,
    tree,
    root: rootFor(tree, policy),
    extents: noExtents(),
    target: { node: 0, from: 0, to: 0 },
    errors: 0,
    stop: undefined,
  }
}

interface Taking {
  readonly maker: Maker
  readonly entry: EntryShape
  readonly devices: ReplayDevice[]
  fates: Uint8Array
  count: number
}

/** Devices that are kept; a table has 24. facts: metadata 4, ADD_DAXDEV */
const MOST_DEVICES = 4096

function takeDevice(taking: Taking, { size, uuid, index }: DaxdevShape, bytes: Uint8Array, slot: number, number: number): number {
  if (taking.devices.length >= MOST_DEVICES) return IGNORED
  const device = { entry: number, index: u32At(bytes, slot + index), size: u64At(bytes, slot + size), uuid: uuidAt(bytes, slot + uuid) }
  taking.devices.push(device)
  return IGNORED
}

function takeSlot(taking: Taking, kind: EntryKind | undefined, bytes: Uint8Array, slot: number, index: number): number {
  const { maker, entry } = taking
  if (kind === 'file') return makeFile(maker, entry, bytes, slot, index)
  if (kind === 'mkdir') return makeDirectory(maker, entry, bytes, slot, index)
  if (kind === 'add_daxdev' && entry.daxdev !== undefined) return takeDevice(taking, entry.daxdev, bytes, slot, index)
  return IGNORED
}

function takeBad(maker: Maker): number {
  if (maker.policy === 'strict') maker.errors++
  else {
    maker.errors = -1
    maker.stop = 'a bad entry ends the replay'
  }
  return BAD
}

function note(taking: Taking, fate: number): void {
  if (taking.count === taking.fates.length) {
    const larger = new Uint8Array(taking.fates.length * 2)
    larger.set(taking.fates)
    taking.fates = larger
  }
  taking.fates[taking.count++] = fate
}

function takePiece(log: LogFrame, taking: Taking, { bytes, first, count }: Piece, bad: ReadonlySet<number>): void {
  const { entry } = log.shape
  const { maker } = taking
  for (let i = 0; i < count; i++) {
    const slot = i * entry.size
    if (maker.stop !== undefined) note(taking, STOPPED)
    else if (bad.has(first + i)) note(taking, takeBad(maker))
    else note(taking, takeSlot(taking, entry.kinds[typeOf(log.shape, bytes, slot)], bytes, slot, first + i))
  }
}

/** Media that others write: checked and used must be the same bytes. */
function* takeChecked(log: LogFrame, taking: Taking, piece: Piece): Reading<void> {
  const still = log.area.still === true
  const bytes = still ? piece.bytes : piece.bytes.slice()
  const bad = new Set<number>()
  const again = checkTwice(log, { ...piece, bytes }, ({ index }) => bad.add(index))
  if (again !== undefined) yield* again
  takePiece(log, taking, { ...piece, bytes }, bad)
}

function* replaying(image: Image, { policy = 'strict' }: ReplayOptions): Reading<Replay> {
  const log = logOf(image)
  const maker = makerFor(policy)
  const taking: Taking = { maker, entry: log.shape.entry, devices: [], fates: new Uint8Array(1024), count: 0 }
  yield* eachPiece(log, 0, log.used, piece => takeChecked(log, taking, piece))
  const { tree, root, extents, errors, stop } = maker
  const fates = taking.fates.subarray(0, taking.count)
  return { image, policy, tree, root, extents, devices: taking.devices, fates, errors, ...(stop === undefined ? {} : { stopped: stop }) }
}

/**
 * Replays the log of an open image. Memory is about 100 bytes per file or directory and 24 per extent, besides a piece of the log.
 * @throws WireError truncated when there is no log
 */
export const replay = (image: Image, options: ReplayOptions = {}): Promise<Replay> => run(replaying(image, options))

/** As {@link replay}, for an image in memory. */
export const replayNow = (image: Image, options: ReplayOptions = {}): Replay => runNow(replaying(image, options))

/** What became of the entry in a slot; undefined for a slot that is not in use. */
export const fateOf = ({ fates }: Replay, index: number): Fate | undefined => {
  const fate = fates[index]
  return fate === undefined ? undefined : fateNames[fate]
}

/** All entries that were refused, in order, with their fate. */
export function* refusals({ fates }: Replay): Generator<{ readonly index: number; readonly fate: Fate }> {
  for (let index = 0; index < fates.length; index++) {
    const fate = fates[index] ?? MADE
    if (!isHarmless(fate)) yield { index, fate: fateNames[fate] as Fate }
  }
}
