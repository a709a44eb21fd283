/** One message in one line, as a server's debug log would have it. */
import type { Inspection, TreeNode } from '../codec/inspect.ts'
import { leaves } from '../codec/inspect.ts'
import { bytesText, flagNames, quote, valueWords } from './values.ts'

const PREFIX = /^(FUSE_FAMFS_|FUSE_|FATTR_|FOPEN_|O_)/
/** More flags than this are shown as a number. */
const MOST_FLAGS = 4
/** Leaves looked at; no line has room for more. */
const MOST_PARTS = 24

type Summary = (body: TreeNode) => string | undefined

const valuesOf = (node: TreeNode | undefined): Readonly<Record<string, unknown>> =>
  typeof node?.value === 'object' && node.value !== null ? (node.value as Readonly<Record<string, unknown>>) : {}
const childrenOf = (node: TreeNode, name: string): readonly TreeNode[] => node.children.find(c => c.name === name)?.children ?? []
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
const size = (value: unknown): string => (typeof value === 'bigint' ? (bytesText(value) ?? `${value}`) : String(value))

/** `0@0x40000000+2 MiB`: device, offset on it, length. */
const extentText = (node: TreeNode): string => {
  const { se_devindex, se_offset, se_len } = valuesOf(node)
  return `${se_devindex}@0x${typeof se_offset === 'bigint' ? se_offset.toString(16) : ''}+${size(se_len)}`
}

const groupText = (node: TreeNode): string => {
  const strips = childrenOf(node, 'ie_strips')
  return `${count(strips.length, 'strip')} of ${size(BigInt(Number(valuesOf(node).ie_chunk_size)))} chunks [${strips.map(extentText).join(', ')}]`
}

const mapSummary: Summary = body => {
  const { file_size, ext_type } = valuesOf(body)
  const extents = childrenOf(body, 'extents')
  if (file_size === undefined || extents.length === 0) return undefined
  const what = ext_type === 1 ? count(extents.length, 'group') : count(extents.length, 'extent')
  return `file of ${size(file_size)}, ${what}: ${extents
    .slice(0, MOST_PARTS)
    .map(ext_type === 1 ? groupText : extentText)
    .join(', ')}`
}

const namesSummary: Summary = body => {
  const entries = childrenOf(body, 'entries')
  const names = entries.map(e => valuesOf(e).name ?? valuesOf(e.children.find(c => c.name === 'dirent')).name)
  return entries.length === 0
    ? undefined
    : `${entries.length} entries: ${names
        .slice(0, MOST_PARTS)
        .map(n => quote(String(n)))
        .join(' ')}`
}

/** Bodies that are better told than listed, by the name of their struct. */
const TOLD: Readonly<Record<string, Summary>> = { fuse_famfs_fmap: mapSummary, READDIR: namesSummary, READDIRPLUS: namesSummary }

/** What the body says: its fields that are not zero and not reserved. */
export function bodySummary(inspection: Inspection<unknown>): string {
  const body = inspection.tree.children.find(c => c.name === 'body') ?? inspection.tree
  const told = body.type.kind === 'struct' ? TOLD[body.type.name]?.(body) : undefined
  return told ?? listed(body)
}

function listed(body: TreeNode): string {
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
  return `${name} ${unit ?? (BigInt(value) >= 1n << 40n ? `0x${value.toString(16)}` : first)}`
}

const enumText = (leaf: TreeNode, name: string): string => {
  const [number, word] = valueWords(leaf)
  return word?.startsWith('(') === true ? `${name} ${number}` : `${name} ${word?.replace(PREFIX, '')}`
}
