/**
 * A directory tree as columns of numbers: about a hundred bytes per node and its name, whatever a log of a million entries makes of it.
 * Children are found through one hash table for the whole tree, whose seed nobody can know before.
 */

/** The root, always there. */
export const ROOT = 0
export const DIRECTORY = 1
export const FILE = 2

/** Columns of a tree; one element per node. */
export interface Columns {
  readonly parent: Int32Array
  /** {@link DIRECTORY} or {@link FILE} */
  readonly kind: Uint8Array
  /** slot of the entry that made it, -1 where none did */
  readonly entry: Int32Array
  readonly nameAt: Float64Array
  readonly nameLength: Uint16Array
  /** of name and parent: what the hash table goes by */
  readonly hash: Uint32Array
  /** -1: none */
  readonly firstChild: Int32Array
  readonly lastChild: Int32Array
  readonly nextSibling: Int32Array
  readonly size: BigUint64Array
  readonly mode: Uint32Array
  readonly uid: Uint32Array
  readonly gid: Uint32Array
  /** bytes of device that its extents take; inexact above 2^53 */
  readonly allocated: Float64Array
}

/** Directories and files that a log makes. */
export interface Tree {
  columns: Columns
  count: number
  names: Uint8Array
  namesUsed: number
  /** open addressing; 0 is free, else node + 1 */
  table: Int32Array
  readonly seed: number
}

const START = 64

const column = {
  i32: (n: number) => new Int32Array(n),
  u32: (n: number) => new Uint32Array(n),
}

const columnsFor = (n: number): Columns => ({
  parent: column.i32(n),
  kind: new Uint8Array(n),
  entry: column.i32(n),
  nameAt: new Float64Array(n),
  nameLength: new Uint16Array(n),
  hash: column.u32(n),
  firstChild: column.i32(n),
  lastChild: column.i32(n),
  nextSibling: column.i32(n),
  size: new BigUint64Array(n),
  mode: column.u32(n),
  uid: column.u32(n),
  gid: column.u32(n),
  allocated: new Float64Array(n),
})

/** The same columns with twice the room. */
function enlarged(columns: Columns): Columns {
  const larger = columnsFor(columns.parent.length * 2)
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    const into: { set(from: unknown): void } = larger[name] as never
    into.set(columns[name])
  }
  return larger
}

/** A tree of nothing but its root. */
export function emptyTree(): Tree {
  const tree: Tree = {
    columns: columnsFor(START),
    count: 0,
    names: new Uint8Array(1024),
    namesUsed: 0,
    table: new Int32Array(START * 2),
    seed: (Math.random() * 0x1_0000_0000) >>> 0,
  }
  append(tree, DIRECTORY, -1, -1)
  return tree
}

function append(tree: Tree, kind: number, parent: number, entry: number): number {
  const node = tree.count++
  if (node === tree.columns.parent.length) tree.columns = enlarged(tree.columns)
  const { columns } = tree
  columns.kind[node] = kind
  columns.parent[node] = parent
  columns.entry[node] = entry
  columns.firstChild[node] = -1
  columns.lastChild[node] = -1
  columns.nextSibling[node] = -1
  return node
}

function hash(seed: number, parent: number, bytes: Uint8Array, from: number, to: number): number {
  let h = seed ^ Math.imul(parent + 1, 0x9e3779b1)
  for (let i = from; i < to; i++) {
    h = Math.imul(h ^ (bytes[i] as number), 0x85ebca6b)
    h ^= h >>> 13
  }
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35)
  return (h ^ (h >>> 15)) >>> 0
}

function isNamed(tree: Tree, node: number, bytes: Uint8Array, from: number, to: number): boolean {
  const { columns, names } = tree
  const length = to - from
  if (columns.nameLength[node] !== length) return false
  const at = columns.nameAt[node] as number
  for (let i = 0; i < length; i++) if (names[at + i] !== bytes[from + i]) return false
  return true
}

/** The child of that name, or -1. */
export function childOf(tree: Tree, parent: number, bytes: Uint8Array, from: number, to: number): number {
  const { table, columns } = tree
  const mask = table.length - 1
  const wanted = hash(tree.seed, parent, bytes, from, to)
  for (let at = wanted & mask; ; at = (at + 1) & mask) {
    const node = (table[at] as number) - 1
    if (node < 0) return -1
    if (columns.hash[node] === wanted && columns.parent[node] === parent && isNamed(tree, node, bytes, from, to)) return node
  }
}

function enter({ table, columns }: Tree, node: number): void {
  const mask = table.length - 1
  let slot = (columns.hash[node] as number) & mask
  while (table[slot] !== 0) slot = (slot + 1) & mask
  table[slot] = node + 1
}

function rehash(tree: Tree): void {
  tree.table = new Int32Array(tree.table.length * 2)
  for (let node = 1; node < tree.count; node++) enter(tree, node)
}

function keepName(tree: Tree, bytes: Uint8Array, from: number, to: number): number {
  const at = tree.namesUsed
  if (at + to - from > tree.names.length) {
    const larger = new Uint8Array(Math.max(tree.names.length * 2, at + to - from))
    larger.set(tree.names)
    tree.names = larger
  }
  for (let i = from; i < to; i++) tree.names[at + i - from] = bytes[i] as number
  tree.namesUsed += to - from
  return at
}

/** Adds a child; the caller has seen that there is none of that name. */
export function addChild(tree: Tree, kind: number, parent: number, entry: number, bytes: Uint8Array, from: number, to: number): number {
  const at = keepName(tree, bytes, from, to)
  const node = append(tree, kind, parent, entry)
  const { columns } = tree
  columns.nameAt[node] = at
  columns.nameLength[node] = to - from
  columns.hash[node] = hash(tree.seed, parent, bytes, from, to)
  const before = columns.lastChild[parent] as number
  if (before < 0) columns.firstChild[parent] = node
  else columns.nextSibling[before] = node
  columns.lastChild[parent] = node
  if (tree.count * 2 > tree.table.length) rehash(tree)
  else enter(tree, node)
  return node
}

/** The bytes of a node's name; a view. */
export function nameOf(tree: Tree, node: number): Uint8Array {
  const at = tree.columns.nameAt[node] as number
  return tree.names.subarray(at, at + (tree.columns.nameLength[node] as number))
}

/** The path from `root` to a node, without a leading slash; `..` where it does not lie below it. */
export function pathTo(tree: Tree, node: number, root: number = ROOT): Uint8Array {
  const below: Uint8Array[] = []
  const dots = Uint8Array.of(0x2e, 0x2e)
  const above = ancestors(tree, root)
  let at = node
  for (; !above.includes(at) && at >= 0; at = tree.columns.parent[at] as number) below.unshift(nameOf(tree, at))
  const ups = above.indexOf(at)
  return joined([...Array.from({ length: Math.max(0, ups) }, () => dots), ...below])
}

function ancestors(tree: Tree, node: number): number[] {
  const list: number[] = []
  for (let at = node; at >= 0; at = tree.columns.parent[at] as number) list.push(at)
  return list
}

function joined(names: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    Math.max(
      0,
      names.reduce((sum, n) => sum + n.length + 1, -1),
    ),
  )
  let at = 0
  for (const name of names) {
    if (at > 0) bytes[at++] = 0x2f
    bytes.set(name, at)
    at += name.length
  }
  return bytes
}
