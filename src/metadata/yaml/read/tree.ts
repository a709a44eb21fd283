/** The events of a text as a tree, as far as they go: for everything that a careful reader looks at. */
import type { Event } from './events.ts'

/** A scalar, an alias, a list or a mapping. */
export interface Node {
  readonly kind: 'scalar' | 'alias' | 'list' | 'mapping'
  readonly event: Event
  /** elements of a list; keys and values of a mapping in turn */
  readonly items: Node[]
  /** its end was seen */
  whole: boolean
}

/** A key with its value, which is missing where the text stops. */
export interface Pair {
  readonly key: Node
  readonly value: Node | undefined
}

/** What the events say. */
export interface Texts {
  readonly documents: readonly { readonly start: Event; readonly roots: Node[] }[]
  /** where the parser stops, if it does */
  readonly error: Event | undefined
}

/** Makes the tree. */
export function treeOf(events: Iterable<Event>): Texts {
  const documents: { start: Event; roots: Node[] }[] = []
  const open: Node[] = []
  let error: Event | undefined
  for (const event of events) {
    if (event.type === 'document') documents.push({ start: event, roots: [] })
    else if (event.type === 'error') error = event
    else if (event.type === 'mapping end' || event.type === 'list end') {
      const node = open.pop()
      if (node !== undefined) node.whole = true
    } else if (event.type !== 'document end' && event.type !== 'end') {
      const node: Node = { kind: event.type, event, items: [], whole: event.type === 'scalar' || event.type === 'alias' }
      const into = open.at(-1)?.items ?? documents.at(-1)?.roots
      into?.push(node)
      if (!node.whole) open.push(node)
    }
  }
  return { documents, error }
}

/** Keys and values of a mapping; nothing of anything else. */
export function* pairsOf({ kind, items }: Node): Generator<Pair> {
  if (kind !== 'mapping') return
  for (let i = 0; i < items.length; i += 2) yield { key: items[i] as Node, value: items[i + 1] }
}

/** All nodes, each before what is in it. */
export function* nodesIn(roots: readonly Node[]): Generator<Node> {
  const open = [...roots].reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    open.push(...[...next.items].reverse())
  }
}
