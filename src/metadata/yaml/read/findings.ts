/** Everything that a careful reader of a shadow file objects to, whatever the reference's reader makes of it. */
import type { Severity } from '../../../validate/rules/index.ts'
import { yamlRules } from '../../rules/yaml.ts'
import { strtoull } from './number.ts'
import { byteAt, placeAt, type Text } from './text.ts'
import { type Node, nodesIn, type Pair, pairsOf, type Texts } from './tree.ts'

/** One thing to object to in a shadow file. */
export interface YamlFinding {
  /** id in the catalogue, `yaml/...` */
  readonly rule: string
  readonly severity: Severity
  /** first byte in the file, and bytes from there on */
  readonly offset: number
  readonly length: number
  /** of the first byte, from 1; columns count characters */
  readonly line: number
  readonly column: number
  /** keys that lead there: `file.simple_ext_list[0].offset`; empty outside of the mapping */
  readonly path: string
  readonly message: string
}

const severities = new Map(yamlRules.map(({ id, severity }) => [id, severity]))

/** Who hears of a finding: at a range of characters of the text. */
type Say = (rule: string, at: number, end: number, path: string, message: string) => void

const sayOf = (text: Text, into: YamlFinding[]): Say => {
  return (rule, at, end, path, message) => {
    const offset = byteAt(text, at)
    const severity = severities.get(rule) ?? 'error'
    into.push({ rule, severity, offset, length: byteAt(text, end) - offset, ...placeAt(text, at), path, message })
  }
}

/** What a key of a mapping is for. */
interface Field {
  readonly kind: 'text' | 'number' | 'list'
  /** bits of a number */
  readonly bits?: 32 | 64
  /** without it there is no map, or only an attribute that stays 0 */
  readonly needed: 'map' | 'attribute' | 'never'
}

const number = (bits: 32 | 64, needed: Field['needed']): Field => ({ kind: 'number', bits, needed })

const FILE: ReadonlyMap<string, Field> = new Map([
  ['path', { kind: 'text', needed: 'attribute' }],
  ['size', number(64, 'attribute')],
  ['flags', number(32, 'attribute')],
  ['mode', number(32, 'attribute')],
  ['uid', number(32, 'attribute')],
  ['gid', number(32, 'attribute')],
  ['nextents', number(32, 'map')],
  ['simple_ext_list', { kind: 'list', needed: 'never' }],
  ['striped_ext_list', { kind: 'list', needed: 'never' }],
])

const EXTENT: ReadonlyMap<string, Field> = new Map([
  ['devindex', number(64, 'never')],
  ['offset', number(64, 'map')],
  ['length', number(64, 'map')],
])

const STRIPED: ReadonlyMap<string, Field> = new Map([
  ['nstrips', number(64, 'map')],
  ['chunk_size', number(64, 'map')],
  ['simple_ext_list', { kind: 'list', needed: 'map' }],
])

const MOST_EXTENTS = 16
const MOST_PATH = 79

/** A mapping that is looked at. */
interface Mapping {
  readonly node: Node
  readonly path: string
  readonly fields: ReadonlyMap<string, Field>
  readonly pairs: readonly Pair[]
}

const textOf = ({ kind, event }: Node): string | undefined => (kind === 'scalar' ? event.value : undefined)
const mappingOf = (node: Node, path: string, fields: Mapping['fields']): Mapping => ({ node, path, fields, pairs: [...pairsOf(node)] })

const valueAt = ({ pairs }: Mapping, key: string): Node | undefined => pairs.find(pair => textOf(pair.key) === key)?.value

const lengthOf = (text: string): number => new TextEncoder().encode(text).length

function checkNumber(say: Say, node: Node, bits: 32 | 64, path: string): void {
  const { at, end, value: written } = node.event
  const { value, odd } = strtoull(written)
  if (odd !== undefined && odd !== 'negative')
    say('yaml/number', at, end, path, `${JSON.stringify(written)}: ${odd}; it is read as ${value}`)
  else if (bits === 32 && !fits32(value)) say('yaml/number-wide', at, end, path, `${written} becomes ${BigInt.asUintN(32, value)}`)
}

/** The writer prints signed numbers. */
const fits32 = (value: bigint): boolean => BigInt.asUintN(32, value) === value || BigInt.asIntN(32, value) === BigInt.asIntN(64, value)

const article = ({ kind }: Node): string => (kind === 'alias' ? 'an alias' : `a ${kind}`)

const WORDS = { text: 'a scalar', number: 'a scalar', list: 'a list' } as const

function checkValue(say: Say, node: Node, { kind, bits = 64 }: Field, path: string): void {
  const { at, end, value } = node.event
  if (node.kind !== (kind === 'list' ? 'list' : 'scalar')) say('yaml/kind', at, end, path, `${article(node)}, should be ${WORDS[kind]}`)
  else if (kind === 'number') checkNumber(say, node, bits, path)
  else if (kind === 'text') {
    const nul = value.indexOf('\0')
    const length = lengthOf(value)
    if (nul >= 0) say('yaml/path-long', at, end, path, 'a NUL in it ends it')
    else if (length > MOST_PATH) say('yaml/path-long', at, end, path, `${length} bytes, of which ${MOST_PATH} are kept`)
  }
}

/** A key that no mapping of this kind has. */
function sayUnknown(say: Say, { fields, path }: Mapping, key: Node): void {
  const { at, end, value } = key.event
  if (key.kind !== 'scalar') say('yaml/kind', at, end, path, `${article(key)} as a key`)
  else say(fields === FILE ? 'yaml/key-unknown' : 'yaml/key-ignored', at, end, path, `there is no key ${JSON.stringify(value)}`)
}

function checkKeys(say: Say, mapping: Mapping): void {
  const { node, path, fields, pairs } = mapping
  const seen = new Set<string>()
  for (const { key, value } of pairs) {
    const name = textOf(key)
    const field = name === undefined ? undefined : fields.get(name)
    if (name === undefined || field === undefined) sayUnknown(say, mapping, key)
    else if (value !== undefined) checkValue(say, value, field, `${path}.${name}`)
    if (name !== undefined && seen.has(name)) say('yaml/key-twice', key.event.at, key.event.end, `${path}.${name}`, 'it was there before')
    if (name !== undefined) seen.add(name)
  }
  if (!node.whole) return
  for (const [name, { needed }] of fields) {
    if (seen.has(name) || needed === 'never') continue
    const rule = needed === 'map' ? 'yaml/key-missing' : 'yaml/attribute-missing'
    say(rule, node.event.at, node.event.end, path, `there is no ${name}`)
  }
}

const LISTS = ['simple_ext_list', 'striped_ext_list'] as const

/** The count first, then the list, and nothing behind it. */
function checkOrder(say: Say, { path, pairs }: Mapping, count: string, lists: readonly string[]): void {
  const names = pairs.map(pair => textOf(pair.key))
  const first = names.findIndex(name => name !== undefined && lists.includes(name))
  if (first < 0) return
  const { key } = pairs[first] as Pair
  if (names.indexOf(count) > first)
    say('yaml/key-order', key.event.at, key.event.end, `${path}.${names[first]}`, `${count} has to stand before it`)
  const behind = pairs[first + 1]?.key.event
  if (behind !== undefined) say('yaml/key-order', behind.at, behind.end, path, `nothing may stand behind ${names[first]}`)
}

/** A count beside what it counts; of an interleaved map it is 1. */
function checkCount(say: Say, mapping: Mapping, count: string, list: Node): void {
  const node = valueAt(mapping, count)
  if (node === undefined || node.kind !== 'scalar' || list.kind !== 'list' || !list.whole) return
  const { value } = strtoull(node.event.value)
  if (value !== BigInt(list.items.length))
    say('yaml/count', node.event.at, node.event.end, `${mapping.path}.${count}`, `it is ${value}, there are ${list.items.length}`)
}

function checkMost(say: Say, list: Node, most: number, path: string): void {
  const first = list.items[most]
  if (first !== undefined) say('yaml/too-many', first.event.at, first.event.end, path, `there is room for ${most}`)
}

function* elements(say: Say, list: Node, path: string, fields: Mapping['fields']): Generator<Mapping> {
  for (const [i, node] of list.items.entries()) {
    const at = `${path}[${i}]`
    if (node.kind === 'mapping') yield mappingOf(node, at, fields)
    else say('yaml/kind', node.event.at, node.event.end, at, `${article(node)}, should be a mapping`)
  }
}

function checkExtents(say: Say, list: Node, path: string): void {
  checkMost(say, list, MOST_EXTENTS, path)
  if (list.whole && list.items.length === 0) say('yaml/key-missing', list.event.at, list.event.end, path, 'there is no extent in it')
  for (const extent of elements(say, list, path, EXTENT)) checkKeys(say, extent)
}

function checkStriped(say: Say, list: Node, path: string): void {
  checkMost(say, list, 1, path)
  if (list.whole && list.items.length === 0)
    say('yaml/key-missing', list.event.at, list.event.end, path, 'there is no interleaved extent in it')
  for (const striped of elements(say, list, path, STRIPED)) {
    checkKeys(say, striped)
    checkOrder(say, striped, 'nstrips', ['simple_ext_list'])
    const strips = valueAt(striped, 'simple_ext_list')
    if (strips === undefined) continue
    checkCount(say, striped, 'nstrips', strips)
    checkExtents(say, strips, `${striped.path}.simple_ext_list`)
  }
}

function checkFile(say: Say, node: Node): void {
  const file = mappingOf(node, 'file', FILE)
  checkKeys(say, file)
  checkOrder(say, file, 'nextents', LISTS)
  const lists = LISTS.filter(name => valueAt(file, name) !== undefined)
  if (lists.length === 0 && node.whole)
    say('yaml/key-missing', node.event.at, node.event.end, 'file', `there is no ${LISTS.join(' and no ')}`)
  for (const name of lists) {
    const list = valueAt(file, name) as Node
    checkCount(say, file, 'nextents', list)
    const check = name === 'simple_ext_list' ? checkExtents : checkStriped
    check(say, list, `file.${name}`)
  }
}

function checkDocument(say: Say, { documents, error }: Texts): void {
  const [first, second] = documents
  if (second !== undefined) say('yaml/document', second.start.at, second.start.at, '', 'a second document')
  const root = first?.roots[0]
  if (root === undefined) {
    if (error === undefined) say('yaml/document', 0, 0, '', 'there is no document')
    return
  }
  const { event, kind } = root
  if (kind !== 'mapping') return say('yaml/document', event.at, event.end, '', `${article(root)}, should be a mapping`)
  for (const { key, value } of pairsOf(root)) {
    if (textOf(key) !== 'file') say('yaml/document', key.event.at, key.event.end, '', 'a key that is not file')
    else if (value?.kind === 'mapping') checkFile(say, value)
    else if (value !== undefined) say('yaml/kind', value.event.at, value.event.end, 'file', `${article(value)}, should be a mapping`)
  }
  if (root.whole && root.items.length === 0) say('yaml/document', event.at, event.end, '', 'there is no key file')
}

function checkBytes(text: Text, into: YamlFinding[]): void {
  const { bad, cut } = text
  const add = (rule: string, offset: number, length: number, message: string): void => {
    const at = new TextDecoder().decode(text.bytes.subarray(text.mark, offset)).length
    into.push({ rule, severity: severities.get(rule) ?? 'error', offset, length, ...placeAt(text, at), path: '', message })
  }
  if (cut !== undefined) add('yaml/cut', cut.offset, cut.length, cut.why)
  if (bad !== undefined) add('yaml/bytes', bad.offset, bad.length, bad.why)
}

/** Everything to object to, in the order of the bytes. */
export function findingsOf(text: Text, tree: Texts): YamlFinding[] {
  const found: YamlFinding[] = []
  checkBytes(text, found)
  if (text.bad !== undefined) return found
  const say = sayOf(text, found)
  checkDocument(say, tree)
  for (const { event } of nodesIn(tree.documents.flatMap(document => document.roots)))
    if (event.decorated === true || event.type === 'alias')
      say('yaml/decoration', event.at, event.end, '', `${event.type === 'alias' ? 'an alias' : 'an anchor or a tag'}`)
  if (tree.error !== undefined) say('yaml/syntax', tree.error.at, tree.error.end, '', tree.error.value)
  return found.sort((a, b) => a.offset - b.offset)
}
