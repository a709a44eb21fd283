/** Reading a replayed tree: nodes by path, children, everything below. */

import { WireError } from '../../codec/errors.ts'
import { checkBytes } from '../../codec/input.ts'
import { encodeText } from '../../codec/text.ts'
import { latin1 } from '../bytes.ts'
import type { Replay } from './replay.ts'
import { resolveReference, resolveStrict } from './resolve.ts'
import { DIRECTORY, nameOf, pathTo } from './tree.ts'

/** A file or directory of a replayed tree. */
export interface Node {
  /** its number in the columns of the tree */
  readonly id: number
  readonly kind: 'file' | 'directory'
  /** bytes of its name; empty for the root */
  readonly name: Uint8Array
  /** below the mount point, without a leading slash */
  readonly path: Uint8Array
  /** slot of the entry that made it; -1 for the root */
  readonly entry: number
  /** bytes of a file, 0n for a directory */
  readonly size: bigint
  /** bytes of device that its extents take */
  readonly allocated: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** The node of that number. */
export function nodeOf({ tree, root }: Replay, id: number): Node {
  const { columns } = tree
  return {
    id,
    kind: columns.kind[id] === DIRECTORY ? 'directory' : 'file',
    name: id === root ? new Uint8Array(0) : nameOf(tree, id),
    path: pathTo(tree, id, root),
    entry: columns.entry[id] as number,
    size: columns.size[id] as bigint,
    allocated: columns.allocated[id] as number,
    mode: columns.mode[id] as number,
    uid: columns.uid[id] as number,
    gid: columns.gid[id] as number,
  }
}

const pathBytes = (path: string | Uint8Array): Uint8Array => (typeof path === 'string' ? bytesOfPath(path) : path)

function bytesOfPath(path: string): Uint8Array {
  const bytes = encodeText(path)
  if (bytes !== undefined) return bytes
  throw new WireError({ code: 'text', path: 'path', offset: 0, detail: 'has a lone surrogate that stands for no byte', actual: path })
}

/**
 * The node at a path below the mount point. Slashes in front, behind and doubled count as none; `..` leads nowhere.
 * @param path text stands for its bytes in UTF-8, and a lone surrogate U+DC80 to U+DCFF for a byte that is none
 * @throws WireError text for a lone surrogate that stands for no byte
 */
export function lookup(replay: Replay, path: string | Uint8Array): Node | undefined {
  if (typeof path !== 'string') checkBytes(path, 'path')
  const bytes = pathBytes(path)
  const target = { node: replay.root, from: 0, to: 0 }
  const clean = canonical(bytes)
  if (clean === undefined) return undefined
  if (clean.length === 0) return nodeOf(replay, replay.root)
  const outcome = resolveStrict(replay.tree, replay.root, clean, 0, clean.length, target)
  return outcome === 'found' ? nodeOf(replay, target.node) : undefined
}

/** Without slashes that say nothing and without `.`; undefined where there is a `..`. */
function canonical(bytes: Uint8Array): Uint8Array | undefined {
  const names = latin1(bytes)
    .split('/')
    .filter(name => name !== '' && name !== '.')
  if (names.includes('..')) return undefined
  return Uint8Array.from(names.join('/'), c => c.charCodeAt(0))
}

/** The node that an entry's path leads to in this replay, `..` and all; undefined when it leads to none. */
export function resolveEntryPath(replay: Replay, path: Uint8Array): Node | undefined {
  checkBytes(path, 'path')
  const find = replay.policy === 'strict' ? resolveStrict : resolveReference
  const target = { node: replay.root, from: 0, to: 0 }
  return find(replay.tree, replay.root, path, 0, path.length, target) === 'found' ? nodeOf(replay, target.node) : undefined
}

/** What is in a directory, in the order of the log. */
export function* children(replay: Replay, node: Node): Generator<Node> {
  const { firstChild, nextSibling } = replay.tree.columns
  for (let id = firstChild[node.id] as number; id >= 0; id = nextSibling[id] as number) yield nodeOf(replay, id)
}

function compare(a: Node, b: Node): number {
  const shorter = Math.min(a.name.length, b.name.length)
  for (let i = 0; i < shorter; i++) if (a.name[i] !== b.name[i]) return (a.name[i] as number) - (b.name[i] as number)
  return a.name.length - b.name.length
}

/** What is in a directory, by name, byte by byte. */
export const sortedChildren = (replay: Replay, node: Node): Node[] => [...children(replay, node)].sort(compare)

/** Everything below a directory (default: the mount point), each directory before what is in it, by name. */
export function* walk(replay: Replay, from: Node = nodeOf(replay, replay.root)): Generator<Node> {
  const open = sortedChildren(replay, from).reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    if (next.kind === 'directory') for (const child of sortedChildren(replay, next).reverse()) open.push(child)
  }
}
