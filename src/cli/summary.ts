/** One message in one line, as a server's debug log would have it. */
import type { Inspection, TreeNode } from '../codec/inspect.ts'
import { leaves } from '../codec/inspect.ts'
import { bytesText, flagNames, quote, valueWords } from './values.ts'

const PREFIX = /^(FUSE_FAMFS_|FUSE_|FATTR_|FOPEN_|O_)/
/** More flags than this are shown as a number. */
const MOST_FLAGS = 4
/** Leaves looked at; no line has room for more. */
const MOST_PARTS = 24

/** What the body says: its fields that are not zero and not reserved. */
export function bodySummary(inspection: Inspection<unknown>): string {
  const body = inspection.tree.children.find(c => c.name === 'body') ?? inspection.tree
  const parts: string[] = []
  for (const leaf of leaves(body)) {
    const part = leaf.reserved || leaf.value === undefined ? undefined : leafSummary(leaf, nameIn(leaf, body))
    if (part !== undefined) parts.push(part)
    if (parts.length === MOST_PARTS) break
  }
  return parts.join(', ')
}

/** The path below the body. */
const nameIn = (leaf: TreeNode, body: TreeNode): string =>
  body.path !== '' && leaf.path.startsWith(`${body.path}.`) ? leaf.path.slice(body.path.length + 1) : leaf.path

function leafSummary(leaf: TreeNode, name: string): string | undefined {
  const { value, names, type } = leaf
  if (value === 0 || value === 0n) return names?.kind === 'enum' ? enumText(leaf, name) : undefined
  if (typeof value === 'string') return value === '' ? undefined : name === 'name' ? quote(value) : `${name} ${quote(value)}`
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : `${name} ${value.length} bytes`
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  if (names?.kind === 'flags') {
    const set = flagNames(value, names, type.kind === 'int' ? type.size : 8).map(n => n.replace(PREFIX, ''))
    return `${name} ${set.length <= MOST_FLAGS ? set.join('|') : `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`}`
  }
  if (names?.kind === 'enum') return enumText(leaf, name)
  const [first, second] = valueWords(leaf)
  const unit = second?.startsWith('(') === true && bytesText(value) === second.slice(1, -1) ? second.slice(1, -1) : undefined
  return `${name} ${unit ?? first}`
}

const enumText = (leaf: TreeNode, name: string): string => {
  const [number, word] = valueWords(leaf)
  return word?.startsWith('(') === true ? `${name} ${number}` : `${name} ${word?.replace(PREFIX, '')}`
}
