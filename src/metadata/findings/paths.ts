/** Everything to object to in the path of an entry, and in its place in the tree. facts: metadata 4 logplay, 5 */
import type { Place } from '../shape.ts'
import { type Field, type State, say } from './state.ts'
import { add, follow, parentOf } from './tree.ts'

const SLASH = 0x2f
const META = [...'.meta'].map(c => c.charCodeAt(0))

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true })

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Bytes before the NUL, or all of the field. */
export function pathLength(bytes: Uint8Array, from: number, size: number): number {
  let n = 0
  while (n < size && bytes[from + n] !== 0) n++
  return n
}

function startsInMeta(bytes: Uint8Array, from: number, length: number): boolean {
  return META.every((c, i) => bytes[from + i] === c) && (length === META.length || bytes[from + META.length] === SLASH)
}

type Object = (rule: string, message: () => string) => void

interface Path {
  /** first byte, counted from where the bytes of the slots start */
  readonly from: number
  readonly length: number
  /** of its field */
  readonly size: number
  readonly directory: boolean
}

/** What can be said without knowing other entries. @returns whether the path has a place in the tree */
function alone({ walk, slot }: State, object: Object, { from, length, size, directory }: Path): boolean {
  const { bytes } = slot
  const absolute = bytes[from] === SLASH
  if (length === 0) object('log/path-empty', () => 'the path is empty')
  else if (absolute) object('log/path-absolute', () => 'the path starts with a slash')
  if (length === size) object('log/path-unterminated', () => `${size} bytes without a NUL`)
  else if (length === size - 1) object('log/path-full', () => `a name of ${length} bytes, the most that fit, may have been cut`)
  if (length === 0) return false
  if (walk.up) object('log/path-escape', () => 'dot-dot components')
  else if (walk.depth === 0 && !absolute) object(directory ? 'log/directory-again' : 'log/path-root', () => 'the path names the root')
  else if (walk.spelled && !absolute) object('log/path-spelling', () => 'dot components or doubled slashes')
  if (walk.control) object('log/path-control', () => 'control characters')
  if (walk.wide && !isUtf8(bytes.subarray(from, from + length))) object('log/path-not-utf8', () => 'bytes that are not UTF-8')
  if (startsInMeta(bytes, from, length)) object('log/path-meta', () => 'a path in .meta')
  return !walk.up && walk.depth > 0 && !absolute
}

/** Follows the path of the slot that is looked at. @returns its length */
function walkPath({ tree, walk, slot }: State, { at, size }: Place): number {
  const from = slot.at + at
  const length = pathLength(slot.bytes, from, size)
  follow(tree, walk, slot.bytes, from, from + length)
  return length
}

const WORDS = { true: 'directory', false: 'file' } as const
const wordFor = (directory: boolean): string => WORDS[`${directory}`]

/** What only other entries tell. The directory .meta is there without an entry. */
function among(state: State, type: number, field: Field, directory: boolean): void {
  const { tree, walk, slot } = state
  const parent = parentOf(tree, walk)
  const meta = startsInMeta(slot.bytes, slot.at + field.at, field.length)
  if (parent === undefined && !meta) say(state, 'log/parent-missing', type, field, () => 'no entry before this one makes its directory')
  else if (parent !== undefined && parent !== 'root' && !parent.directory)
    say(state, 'log/parent-not-directory', type, { ...field, other: parent.entry }, () => `it lies in the file of entry ${parent.entry}`)
  const known = add(tree, walk, slot.index, directory)
  if (known === undefined) return
  const clash = known.directory !== directory
  const rule = clash ? 'log/kind-clash' : directory ? 'log/directory-again' : 'log/path-duplicate'
  say(state, rule, type, { ...field, other: known.entry }, () => `entry ${known.entry} made a ${wordFor(known.directory)} of the same path`)
}

/** Looks at the path of a file or directory. */
export function checkPath(state: State, place: Place, type: number, directory: boolean): void {
  const length = walkPath(state, place)
  const field: Field = { at: place.at, length: Math.max(1, length) }
  const object: Object = (rule, message) => say(state, rule, type, field, message)
  const path: Path = { from: state.slot.at + place.at, length, size: place.size, directory }
  if (alone(state, object, path)) among(state, type, field, directory)
}

/** Remembers the path of a damaged entry, so that what lies in it is not said to have no directory. */
export function rememberPath(state: State, place: Place, directory: boolean): void {
  walkPath(state, place)
  if (state.walk.depth > 0) add(state.tree, state.walk, state.slot.index, directory)
}
