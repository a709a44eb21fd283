/** What a decode saw: a tree of everything that was read, with path, byte range and value, also up to a fault. */
import type { Schema } from '../schema/fields.ts'
import type { EnumTable, FieldData, FlagTable, Type } from '../schema/types.ts'
import type { Context } from './context.ts'
import { read } from './decode.ts'
import { attempt, pathOf, type WireError } from './errors.ts'
import type { Tracer } from './reader.ts'

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

/**
 * Decodes and keeps the tree. Never throws on bad bytes: the fault is in `error`, the tree ends where it struck.
 */
export function inspect<V>(schema: Schema<V, unknown>, bytes: Uint8Array, context: Context = {}): Inspection<V> {
  const top: TreeNode = { name: '', path: '', offset: 0, length: 0, type: schema.type, value: undefined, reserved: false, children: [] }
  const result = attempt(() => read(schema.type, bytes, context, treeBuilder(top)) as V)
  const tree = seenThrough(top.children[0] as TreeNode)
  if (result.ok) return { tree, value: result.value }
  return { tree, value: result.error.partial as V | undefined, error: result.error }
}

/** Unions and regions have no name of their own: what they hold takes their place. */
const transparent = (type: Type): boolean => type.kind === 'union' || type.kind === 'region'

function seenThrough(node: TreeNode): TreeNode {
  const [held] = node.children
  if (transparent(node.type) && held !== undefined) return seenThrough(held)
  node.children.forEach((child, i) => {
    node.children[i] = seenThrough(child)
  })
  return node
}

function treeBuilder(top: TreeNode): Tracer {
  const open: TreeNode[] = [top]
  const fields: (FieldData | undefined)[] = [undefined]
  return {
    enter(type, offset, path, field) {
      const step = path.at(-1)
      const about = field ?? (transparent((open.at(-1) as TreeNode).type) ? fields.at(-1) : undefined)
      const name = step === undefined ? '' : typeof step === 'number' ? `[${step}]` : step
      const node: TreeNode = {
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
      ;(open.at(-1) as TreeNode).children.push(node)
      open.push(node)
      fields.push(about)
    },
    leave(value, end) {
      fields.pop()
      const node = open.pop() as TreeNode
      node.value = value
      node.length = end - node.offset
    },
  }
}

/** Every node of the tree, parents before children, in the order of the bytes. */
export function* nodes(tree: TreeNode): Generator<TreeNode> {
  yield tree
  for (const child of tree.children) yield* nodes(child)
}

/** The innermost nodes: the fields themselves. */
export function* leaves(tree: TreeNode): Generator<TreeNode> {
  for (const node of nodes(tree)) if (node.children.length === 0 && node.type.kind !== 'struct') yield node
}
