/** A persistent table by node id: a change copies a path of a few small nodes, so that a state with many files stays cheap. */

const WIDTH = 5n
const MASK = 31n

/** A leaf holds one entry, a branch up to 32 children by the next five bits of the key. */
type Node<V> = { readonly key: bigint; readonly value: V } | { readonly children: readonly (Node<V> | undefined)[] }

/** Values by node id (u64); never changed, {@link put} and {@link drop} return a new one. */
export interface Table<V> {
  readonly root: Node<V> | undefined
}

export const emptyTable: Table<never> = { root: undefined }

const slotOf = (key: bigint, level: bigint): number => Number((key >> (level * WIDTH)) & MASK)

/** The value of a key, or undefined. */
export function get<V>(table: Table<V>, key: bigint): V | undefined {
  let node = table.root
  for (let level = 0n; node !== undefined; level++) {
    if ('key' in node) return node.key === key ? node.value : undefined
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

function putAt<V>(node: Node<V> | undefined, key: bigint, value: V, level: bigint): Node<V> {
  if (node === undefined || ('key' in node && node.key === key)) return { key, value }
  const slot = slotOf(key, level)
  if ('key' in node) return putAt(withChild<V>(BRANCH, slotOf(node.key, level), node), key, value, level)
  return withChild(node.children, slot, putAt(node.children[slot], key, value, level + 1n))
}

function dropAt<V>(node: Node<V> | undefined, key: bigint, level: bigint): Node<V> | undefined {
  if (node === undefined) return undefined
  if ('key' in node) return node.key === key ? undefined : node
  const slot = slotOf(key, level)
  return withChild(node.children, slot, dropAt(node.children[slot], key, level + 1n))
}

/** The table with this value at the key. */
export const put = <V>(table: Table<V>, key: bigint, value: V): Table<V> => ({
  root: putAt(table.root, BigInt.asUintN(64, key), value, 0n),
})

/** The table without the key. */
export const drop = <V>(table: Table<V>, key: bigint): Table<V> => ({ root: dropAt(table.root, BigInt.asUintN(64, key), 0n) })
