/** The fields of a tree, and those of two trees of one schema beside each other. */
import { type LargeNode, type Nodes, nodes } from '../codec/inspect.ts'

const isField = ({ children, value, type }: LargeNode): boolean =>
  children.length === 0 && value !== undefined && type.kind !== 'struct' && type.kind !== 'array'

/** The innermost nodes with a value, in the order of the bytes. */
export function* fields(tree: LargeNode): Generator<LargeNode> {
  for (const node of nodes(tree)) if (isField(node)) yield node
}

/** Every field of `a` with that of the same path in `b`, in the order of `a`. Neither tree is kept: both are gone through together. */
export function* fieldPairs(a: LargeNode, b: LargeNode | undefined): Generator<readonly [LargeNode, LargeNode | undefined]> {
  if (isField(a)) yield [a, b !== undefined && isField(b) ? b : undefined]
  const partner = a.type.kind === 'array' ? inOrder(b?.children ?? []) : byName(b?.children ?? [])
  for (const child of a.children) yield* fieldPairs(child, partner(child.name))
}

/** Fields of a struct: there are few. */
function byName(children: Nodes): (name: string) => LargeNode | undefined {
  const all = new Map(Array.from(children, child => [child.name, child]))
  return name => all.get(name)
}

const indexIn = (name: string): number => Number(name.slice(1, -1))

/** Elements, which are asked for in order; some may be missing. */
function inOrder(children: Nodes): (name: string) => LargeNode | undefined {
  const rest = children[Symbol.iterator]()
  let next = rest.next()
  return name => {
    while (next.done !== true && indexIn(next.value.name) < indexIn(name)) next = rest.next()
    return next.done !== true && next.value.name === name ? next.value : undefined
  }
}
