/** What a decode saw: a tree of everything that was read, with path, byte range and value, also up to a fault. */
import type { Schema } from '../schema/fields.ts'
import type { EnumTable, FieldData, FlagTable, Type } from '../schema/types.ts'
import type { Context } from './context.ts'
import { read } from './decode.ts'
import { attempt, pathOf, type WireError } from './errors.ts'
import { type List, longList } from './long.ts'
import type { Reread, Tracer } from './reader.ts'

/** One field, element or struct. */
export interface TreeNode {
  /** last step of `path`: a field name or `[index]` */
  readonly name: string
  readonly path: string
  /** byte range, counted from the first byte given */
  readonly offset: number
  length: number
  readonly type: Type
  /** decoded value; undefined where the fault struck inside */
  value: unknown
  readonly doc?: string
  readonly names?: EnumTable | FlagTable
  readonly reserved: boolean
  readonly children: TreeNode[]
}

/** What {@link inspect} gives. */
export interface Inspection<V> {
  readonly tree: TreeNode
  /** the whole value, or with `error` what was decoded before it */
  readonly value: V | undefined
  readonly error?: WireError
}

/** A node whose children are perhaps not kept, but made again whenever they are asked for. */
export interface LargeNode extends Omit<TreeNode, 'children'> {
  readonly children: Nodes
}

/** Children of a node, in the order of the bytes. */
export type Nodes = Pick<List<LargeNode>, 'length' | 'at' | typeof Symbol.iterator>

/** What `inspectLarge` gives. */
export interface LargeInspection extends Omit<Inspection<unknown>, 'tree'> {
  readonly tree: LargeNode
}

/**
 * Decodes and keeps the tree. Never throws on bad bytes: the fault is in `error`, the tree ends where it struck.
 * @throws WireError unsupported for anything but a Uint8Array
 */
export function inspect<V>(schema: Schema<V, unknown>, bytes: Uint8Array, context: Context = {}): Inspection<V> {
  // without a reader that tells of lists every node has all its children
  return treeOf(schema, trace => read(schema.type, bytes, context, trace)) as Inspection<V>
}

/** The tree of what `reading` tells, and what it returns. */
export function treeOf({ type }: Schema<unknown, unknown>, reading: (trace: Tracer) => unknown): LargeInspection {
  const top: Growing = { name: '', path: '', offset: 0, length: 0, type, value: undefined, reserved: false, children: [] }
  const result = attempt(() => reading(treeBuilder(top)))
  const [first] = [...top.children]
  // refused before anything was read: these are no bytes
  if (first === undefined && !result.ok) throw result.error
  const tree = seenThrough(first as Growing)
  if (result.ok) return { tree, value: result.value }
  return { tree, value: result.error.partial, error: result.error }
}

/** Unions and regions have no name of their own: what they hold takes their place. */
const transparent = (type: Type): boolean => type.kind === 'union' || type.kind === 'region'

type Growing = { -readonly [K in keyof LargeNode]: LargeNode[K] }

function seenThrough(node: LargeNode): LargeNode {
  const { children } = node
  if (!Array.isArray(children)) return node
  const [held] = children as LargeNode[]
  if (transparent(node.type) && held !== undefined) return seenThrough(held)
  children.forEach((child: LargeNode, i) => {
    children[i] = seenThrough(child)
  })
  return node
}

/** A node that is being read, where its children go, and the field that it is. */
interface Frame {
  readonly node: Growing
  children: LargeNode[]
  readonly about: FieldData | undefined
}

function frameOf(node: Growing, about: FieldData | undefined): Frame {
  const children: LargeNode[] = []
  node.children = children
  return { node, children, about }
}

function treeBuilder(top: Growing, aboutTop?: FieldData): Tracer {
  const open: Frame[] = [frameOf(top, aboutTop)]
  return {
    enter(type, offset, path, field) {
      const parent = open.at(-1) as Frame
      const step = path.at(-1)
      const about = field ?? (transparent(parent.node.type) ? parent.about : undefined)
      const name = step === undefined ? '' : typeof step === 'number' ? `[${step}]` : step
      const node: Growing = {
        name,
        path: pathOf(path),
        offset,
        length: 0,
        type,
        value: undefined,
        reserved: about?.role === 'reserved',
        children: [],
        ...(about?.doc === undefined ? {} : { doc: about.doc }),
        ...(about?.names === undefined ? {} : { names: about.names }),
      }
      parent.children.push(node)
      open.push(frameOf(node, about))
    },
    leave(value, end) {
      const { node } = open.pop() as Frame
      node.value = value
      node.length = end - node.offset
    },
    list(length, reread) {
      const frame = open.at(-1) as Frame
      frame.children = []
      frame.node.children = nodesOf(frame, length, reread)
    },
  }
}

/** The nodes of a list that is not kept, and after them what the fault left of the element that it struck. */
function nodesOf({ node, children: struck, about }: Frame, length: number, reread: Reread): Nodes {
  const kept = longList(length, (from, to): LargeNode[] => {
    const list: Growing = { ...node, children: [] }
    reread(from, to, treeBuilder(list, about))
    return Array.from(list.children, seenThrough)
  })
  return {
    get length() {
      return length + struck.length
    },
    at(index) {
      const i = index < 0 ? length + struck.length + index : index
      if (i < 0) return undefined
      const late = struck[i - length]
      return late === undefined ? kept.at(i) : seenThrough(late)
    },
    *[Symbol.iterator]() {
      yield* kept
      yield* struck.map(seenThrough)
    },
  }
}

/** The child of that name. */
export function childNamed({ children }: LargeNode, name: string): LargeNode | undefined {
  for (const child of children) if (child.name === name) return child
  return undefined
}

/** Every node of the tree, parents before children, in the order of the bytes. */
export function* nodes<N extends LargeNode>(tree: N): Generator<N> {
  yield tree
  for (const child of tree.children) yield* nodes(child as N)
}

/** The innermost nodes: the fields themselves. */
export function* leaves<N extends LargeNode>(tree: N): Generator<N> {
  for (const node of nodes(tree)) if (node.children.length === 0 && node.type.kind !== 'struct') yield node
}
