/** Where a path of the log leads: as a careful reader takes it, and as the reference's replay does. facts: metadata 5, shadow replay */
import { childOf, DIRECTORY, FILE, type Tree } from './tree.ts'

/** `found` something; the last name is `missing`; a `parent` is missing; a parent is a `file`; the `path` itself is no good. */
export type Outcome = 'found' | 'missing' | 'parent' | 'file' | 'path'

/** Reused from path to path. */
export interface Target {
  /** what was found; or the directory where the name is missing */
  node: number
  /** the name in the path, where it is missing */
  from: number
  to: number
}

const SLASH = 0x2f
const DOT = 0x2e

const isDot = (bytes: Uint8Array, from: number, to: number): boolean => to - from === 1 && bytes[from] === DOT
const isDotDot = (bytes: Uint8Array, from: number, to: number): boolean => to - from === 2 && bytes[from] === DOT && bytes[from + 1] === DOT

function endOfName(bytes: Uint8Array, from: number, to: number): number {
  let end = from
  while (end < to && bytes[end] !== SLASH) end++
  return end
}

/** Names between single slashes, none of them empty, `.` or `..`, all but the last of them directories that are there. */
export function resolveStrict(tree: Tree, root: number, bytes: Uint8Array, from: number, to: number, target: Target): Outcome {
  let node = root
  for (let start = from; ; ) {
    const end = endOfName(bytes, start, to)
    if (end === start || isDot(bytes, start, end) || isDotDot(bytes, start, end)) return 'path'
    if (tree.columns.kind[node] === FILE) return 'file'
    const child = childOf(tree, node, bytes, start, end)
    target.node = child < 0 ? node : child
    target.from = start
    target.to = end
    if (child < 0) return end === to ? 'missing' : isClean(bytes, end + 1, to) ? 'parent' : 'path'
    if (end === to) return 'found'
    node = child
    start = end + 1
  }
}

/** Whether the rest of a path, behind a slash, has good names only. */
function isClean(bytes: Uint8Array, from: number, to: number): boolean {
  for (let start = from; ; ) {
    const end = endOfName(bytes, start, to)
    if (end === start || isDot(bytes, start, end) || isDotDot(bytes, start, end)) return false
    if (end >= to) return true
    start = end + 1
  }
}

/**
 * What the C library's realpath leaves in its buffer, whether it succeeds or not: it stops behind the first name that is not there
 * (`parent` when the path goes on behind it), or that is a file. facts: metadata 5, missing parent of a FILE
 */
export function resolveReference(tree: Tree, root: number, bytes: Uint8Array, from: number, to: number, target: Target): Outcome {
  let node = root
  for (let start = from; start < to; ) {
    const end = endOfName(bytes, start, to)
    const name = start
    start = end + 1
    if (end === name || isDot(bytes, name, end)) continue
    if (isDotDot(bytes, name, end)) {
      node = Math.max(0, tree.columns.parent[node] as number)
      continue
    }
    const child = childOf(tree, node, bytes, name, end)
    if (child < 0) {
      target.node = node
      target.from = name
      target.to = end
      return hasName(bytes, end, to) ? 'parent' : 'missing'
    }
    node = child
    if (tree.columns.kind[child] !== DIRECTORY) break
  }
  target.node = node
  return 'found'
}

function hasName(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== SLASH) return true
  return false
}
