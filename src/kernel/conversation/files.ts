/** A persistent table by node id: a change copies a path of a few small nodes, so that a state with many files stays cheap. */

/** A leaf holds one entry, a branch up to 32 children by the next five bits of the key. */
type Node<V> = { readonly key: bigint; readonly value: V } | { readonly children: readonly (Node<V> | undefined)[] }

/** Values by node id (u64); never changed, {@link put} and {@link drop} return a new one. */
export interface Table<V> {
  readonly root: Node<V> | undefined
}

export const emptyTable: Table<never> = { root: undefined }

/** A key as two numbers: shifting bigints is slow. */
interface Key {
  readonly key: bigint
  readonly low: number
  readonly high: number
}

const U32 = 2 ** 32

function keyOf(node: bigint): Key {
  const key = BigInt.asUintN(64, node)
  const number = Number(key)
  if (number <= Number.MAX_SAFE_INTEGER) return { key, low: number >>> 0, high: Math.floor(number / U32) }
  return { key, low: Number(BigInt.asUintN(32, key)), high: Number(key >> 32n) }
}

/** Levels 0 to 6 take the low word (the last of them its two upper bits), those from 7 on the high word. */
const LOW_LEVELS = 7

const slotOf = ({ low, high }: Key, level: number): number =>
  (level < LOW_LEVELS ? low >>> (5 * level) : high >>> (5 * (level - LOW_LEVELS))) & 31

/** The value of a key, or undefined. */
export function get<V>(table: Table<V>, at: bigint): V | undefined {
  const key = keyOf(at)
  let node = table.root
  for (let level = 0; node !== undefined; level++) {
    if ('key' in node) return node.key === key.key ? node.value : undefined
    node = node.children[slotOf(key, level)]
  }
  return undefined
}

function withChild<V>(children: readonly (Node<V> | undefined)[], slot: number, child: Node<V> | undefined): Node<V> {
  const copy = children.slice()
  copy[slot] = child
  return { children: copy }
}

const BRANCH: readonly undefined[] = new Array(32).fill(undefined)

function putAt<V>(node: Node<V> | undefined, key: Key, value: V, level: number): Node<V> {
  if (node === undefined || ('key' in node && node.key === key.key)) return { key: key.key, value }
  const slot = slotOf(key, level)
  if ('key' in node) return putAt(withChild<V>(BRANCH, slotOf(keyOf(node.key), level), node), key, value, level)
  return withChild(node.children, slot, putAt(node.children[slot], key, value, level + 1))
}

function dropAt<V>(node: Node<V> | undefined, key: Key, level: number): Node<V> | undefined {
  if (node === undefined) return undefined
  if ('key' in node) return node.key === key.key ? undefined : node
  const slot = slotOf(key, level)
  return withChild(node.children, slot, dropAt(node.children[slot], key, level + 1))
}

/** The table with this value at the key. */
export const put = <V>(table: Table<V>, key: bigint, value: V): Table<V> => ({
  root: putAt(table.root, keyOf(key), value, 0),
})

/** The table without the key. */
export const drop = <V>(table: Table<V>, key: bigint): Table<V> => ({ root: dropAt(table.root, keyOf(key), 0) })
