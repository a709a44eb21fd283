/** One message in one line, as a server's debug log would have it. */
import { childNamed, type LargeInspection, type LargeNode, leaves, type Nodes } from '../codec/inspect.ts'
import { bytesText, flagNames, quote, valueWords } from './values.ts'

const PREFIX = /^(FUSE_FAMFS_|FUSE_|FATTR_|FOPEN_|O_)/
/** More flags than this are shown as a number. */
const MOST_FLAGS = 4
/** Leaves looked at; no line has room for more. */
const MOST_PARTS = 24

type Summary = (body: LargeNode) => string | undefined

const valuesOf = (node: LargeNode | undefined): Readonly<Record<string, unknown>> =>
  typeof node?.value === 'object' && node.value !== null ? (node.value as Readonly<Record<string, unknown>>) : {}
const childrenOf = (node: LargeNode, name: string): Nodes => childNamed(node, name)?.children ?? []

/** The first ones of a list, each in words; a line has no room for more. */
function* firstOf<T>(list: Nodes, words: (node: LargeNode) => T): Generator<T> {
  let left = MOST_PARTS
  for (const node of list) {
    if (left-- === 0) return
    yield words(node)
  }
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
const size = (value: unknown): string => (typeof value === 'bigint' ? (bytesText(value) ?? `${value}`) : String(value))

/** `0@0x40000000+2 MiB`: device, offset on it, length. */
const extentText = (node: LargeNode): string => {
  const { se_devindex, se_offset, se_len } = valuesOf(node)
  return `${se_devindex}@0x${typeof se_offset === 'bigint' ? se_offset.toString(16) : ''}+${size(se_len)}`
}

const groupText = (node: LargeNode): string => {
  const strips = childrenOf(node, 'ie_strips')
  return `${count(strips.length, 'strip')} of ${size(BigInt(Number(valuesOf(node).ie_chunk_size)))} chunks [${Array.from(strips, extentText).join(', ')}]`
}

const mapSummary: Summary = body => {
  const { file_size, ext_type } = valuesOf(body)
  const extents = childrenOf(body, 'extents')
  if (file_size === undefined || extents.length === 0) return undefined
  const what = ext_type === 1 ? count(extents.length, 'group') : count(extents.length, 'extent')
  return `file of ${size(file_size)}, ${what}: ${[...firstOf(extents, ext_type === 1 ? groupText : extentText)].join(', ')}`
}

const namesSummary: Summary = body => {
  const entries = childrenOf(body, 'entries')
  if (entries.length === 0) return undefined
  const names = firstOf(entries, e => valuesOf(e).name ?? valuesOf(childNamed(e, 'dirent')).name)
  return `${entries.length} entries: ${Array.from(names, name => quote(String(name))).join(' ')}`
}

/** Bodies that are better told than listed, by the name of their struct. */
const TOLD: Readonly<Record<string, Summary>> = { fuse_famfs_fmap: mapSummary, READDIR: namesSummary, READDIRPLUS: namesSummary }

/** What the body says: its fields that are not zero and not reserved. */
export function bodySummary(inspection: LargeInspection): string {
  const body = childNamed(inspection.tree, 'body') ?? inspection.tree
  const told = body.type.kind === 'struct' ? TOLD[body.type.name]?.(body) : undefined
  return told ?? listed(body)
}

function listed(body: LargeNode): string {
  const parts: string[] = []
  for (const leaf of leaves(body)) {
    const part = leaf.reserved || leaf.value === undefined ? undefined : leafSummary(leaf, nameIn(leaf, body))
    if (part !== undefined) parts.push(part)
    if (parts.length === MOST_PARTS) break
  }
  return parts.join(', ')
}

/** The path below the body. */
const nameIn = (leaf: LargeNode, body: LargeNode): string =>
  body.path !== '' && leaf.path.startsWith(`${body.path}.`) ? leaf.path.slice(body.path.length + 1) : leaf.path

function leafSummary(leaf: LargeNode, name: string): string | undefined {
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

const enumText = (leaf: LargeNode, name: string): string => {
  const [number, word] = valueWords(leaf)
  return word?.startsWith('(') === true ? `${name} ${number}` : `${name} ${word?.replace(PREFIX, '')}`
}
