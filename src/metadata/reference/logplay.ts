/**
 * The reference's replay of a log: first the checks that a dry run makes, then (shadow) the tree that it builds. facts: metadata 4, logplay;
 * 5, shadow replay
 */
import { latin1, u32At, u64At, untilNul } from '../bytes.ts'
import { fusedMessage } from '../message.ts'
import type { EntryShape, ListShape } from '../shape.ts'
import { readBackResult, type ShadowExtent, type ShadowFile, type ShadowInterleaved, shadowYaml, writerFault } from '../yaml/shadow.ts'
import { type Outcome, returned, type Undefined, undefinedBehaviour } from './outcome.ts'
import { filesBelow, makeDirectory, makeFile, type ShadowNode, shadowRoot } from './shadow-tree.ts'
import { today } from './superblock.ts'

const { entry } = today
const { file } = entry
const mkdir = entry.mkdir as NonNullable<EntryShape['mkdir']>
const simple = file.simple as ListShape
const inter = file.interleaved as NonNullable<EntryShape['file']['interleaved']>
const FILE = 0
const MKDIR = 1
const SLASH = 0x2f

/** Extents whose offset lies wholly inside the copy of the entry that replay checks: one more than the array has. facts: metadata 4, ext-17 */
const OFFSETS_INSIDE = Math.floor((entry.size - simple.at - simple.offset - 8) / simple.stride) + 1
/** Extents that lie wholly inside it. */
const EXTENTS_INSIDE = Math.floor((entry.size - simple.at) / simple.stride)

/** The path as strlen finds it: up to a NUL, wherever that comes; undefined when it would leave the entry. */
function pathIn(slot: Uint8Array, at: number): Uint8Array | undefined {
  const path = untilNul(slot, at, entry.size)
  return at + path.length === entry.size ? undefined : path
}

const isRelative = (path: Uint8Array): boolean => path.length > 0 && path[0] !== SLASH

/** A replay on its way through the log. */
export interface Logplay {
  /** takes the slots in order, each checked before */
  slot(slot: Uint8Array, bad: boolean): void
  readonly outcome: Outcome | undefined
  /** the result when all slots were taken */
  finish(): Outcome
}

interface State {
  errors: number
  outcome: Outcome | undefined
}

interface Doing {
  file(state: State, path: Uint8Array, slot: Uint8Array): void
  mkdir(state: State, path: Uint8Array): void
}

/** Counts what is wrong with a file's path and first extents; the extents are looked at whatever their type. */
function fileErrors(path: Uint8Array, slot: Uint8Array): number | Undefined {
  const nextents = u32At(slot, file.nextents)
  if (nextents > OFFSETS_INSIDE) return undefinedBehaviour(`${nextents} extents are checked, ${OFFSETS_INSIDE} lie in the entry`)
  let errors = isRelative(path) ? 0 : 1
  for (let i = 0; i < nextents; i++) {
    const at = simple.at + i * simple.stride + simple.offset
    if (u32At(slot, at) === 0 && u32At(slot, at + 4) === 0) errors++
  }
  return errors
}

function takeFile(state: State, slot: Uint8Array, doing: Doing): void {
  const path = pathIn(slot, file.path.at)
  if (path === undefined) {
    state.outcome = undefinedBehaviour('a path without an end is read beyond the entry')
    return
  }
  const errors = fileErrors(path, slot)
  if (typeof errors !== 'number') state.outcome = errors
  else if (errors > 0) state.errors += errors
  else doing.file(state, path, slot)
}

function takeMkdir(state: State, slot: Uint8Array, doing: Doing): void {
  const path = pathIn(slot, mkdir.path.at)
  if (path === undefined) state.outcome = undefinedBehaviour('a path without an end is read beyond the entry')
  else if (!isRelative(path)) state.errors++
  else doing.mkdir(state, path)
}

function logplay(doing: Doing): Logplay {
  const state: State = { errors: 0, outcome: undefined }
  return {
    get outcome() {
      return state.outcome
    },
    slot(slot, bad) {
      if (state.outcome !== undefined) return
      if (slot.length < entry.size) state.outcome = undefinedBehaviour('a slot is read that does not lie inside the log')
      else if (bad) state.outcome = returned(-1)
      else {
        const type = u32At(slot, entry.type)
        if (type === FILE) takeFile(state, slot, doing)
        else if (type === MKDIR) takeMkdir(state, slot, doing)
      }
    },
    finish: () => state.outcome ?? returned(state.errors),
  }
}

const nothing: Doing = { file: () => undefined, mkdir: () => undefined }

/** The dry run: nothing is made. */
export const dryRun = (): Logplay => logplay(nothing)

function extentsIn(slot: Uint8Array, list: ListShape, count: number): ShadowExtent[] {
  const extents: ShadowExtent[] = []
  for (let i = 0; i < count; i++) {
    const at = list.at + i * list.stride
    const devindex = list.devindex === undefined ? 0n : u64At(slot, at + list.devindex)
    extents.push({ devindex, offset: u64At(slot, at + list.offset), length: u64At(slot, at + list.length) })
  }
  return extents
}

function interleavedIn(slot: Uint8Array): ShadowInterleaved {
  const nstrips = u64At(slot, inter.nstrips)
  const listed = Number(BigInt.asIntN(32, nstrips))
  const count = Math.max(0, Math.min(listed, inter.strips.capacity))
  return { nstrips, chunkSize: u64At(slot, inter.chunk), strips: extentsIn(slot, inter.strips, count) }
}

/** A file's entry as the YAML writer sees it. */
function shadowFileIn(slot: Uint8Array, path: Uint8Array): ShadowFile {
  const nextents = u32At(slot, file.nextents)
  const extType = u32At(slot, file.extType as number)
  return {
    path,
    size: u64At(slot, file.size as number),
    flags: u32At(slot, file.flags),
    mode: u32At(slot, file.mode as number),
    uid: u32At(slot, file.uid as number),
    gid: u32At(slot, file.gid as number),
    extType,
    nextents,
    extents: extType === 0 ? extentsIn(slot, simple, Math.min(nextents, EXTENTS_INSIDE)) : [],
    interleaved: extType === 1 && nextents > 0 ? [interleavedIn(slot)] : [],
  }
}

/** What replay kept of a file: the slot of its entry, for the texts that are only made when somebody wants them. */
interface Kept {
  readonly slot: Uint8Array
  readonly pathLength: number
  /** the writer failed: the file stays empty */
  readonly empty: boolean
}

/** A file that the shadow replay made. */
export interface ShadowResult {
  /** below the shadow root, one character per byte */
  readonly path: string
  readonly yaml: string
  /** 0, or why a lookup of it fails in the daemon */
  readonly lookup: number
  /** GET_FMAP reply; undefined when the lookup fails */
  readonly message: Uint8Array | undefined
}

function resultOf(path: string, { slot, pathLength, empty }: Kept): ShadowResult {
  const shadow = shadowFileIn(slot, slot.subarray(file.path.at, file.path.at + pathLength))
  const yaml = empty ? undefined : shadowYaml(shadow)
  if (yaml?.outcome !== 'returned') return { path, yaml: '', lookup: -1, message: undefined }
  const lookup = readBackResult(shadow)
  return { path, yaml: yaml.result, lookup, message: lookup === 0 ? fusedMessage(shadow) : undefined }
}

/** A shadow replay, and the files under its root. */
export interface ShadowPlay extends Logplay {
  files(): Generator<ShadowResult>
}

/**
 * The shadow replay, run by root into an empty shadow directory.
 * @param still the slots handed in stay as they are, so that they need not be copied
 */
export function shadowPlay(still: boolean): ShadowPlay {
  const root: ShadowNode<Kept> = shadowRoot()
  const play = logplay({
    file(state, path, slot) {
      const made = makeFile(root, latin1(path))
      if ('failed' in made) state.errors++
      if (!('made' in made)) return
      const fault = writerFault(shadowFileIn(slot, path))
      const kept = still ? slot : slot.slice()
      made.made.content = { slot: kept, pathLength: path.length, empty: fault !== undefined }
      if (fault !== undefined) state.outcome = fault
    },
    mkdir(state, path) {
      if ('failed' in makeDirectory(root, latin1(path))) state.errors++
    },
  })
  return {
    get outcome() {
      return play.outcome
    },
    slot: play.slot,
    finish: play.finish,
    *files() {
      for (const { path, node } of filesBelow(root)) if (node.content !== undefined) yield resultOf(path, node.content)
    },
  }
}
