/**
 * A YAML text as the events that libyaml hands to the reader, in order, up to where it stops. The text is taken apart by the package `yaml`;
 * where YAML 1.2 and libyaml's 1.1 part, the difference is here.
 */
import { Composer, type Document, isAlias, isCollection, isMap, isPair, isScalar, type ParsedNode, Parser, visit } from 'yaml'
import { WireError } from '../../../codec/errors.ts'
import { badDirective, badEscape, isEarly, placeOf, type Stop, tabsIn } from './stop.ts'
import { byteAt, type Text } from './text.ts'

/** What libyaml found. `at` and `end` are places in the text. */
export interface Event {
  readonly type: 'document' | 'document end' | 'mapping' | 'mapping end' | 'list' | 'list end' | 'scalar' | 'alias' | 'end' | 'error'
  readonly at: number
  readonly end: number
  /** of a scalar: its text; of an error: why it stops */
  readonly value: string
  /** an anchor or a tag stands before it; neither says anything to the reader */
  readonly decorated?: true
}

/** Levels that are followed. A shadow file has five. */
const DEEPEST = 64

type Token = ReturnType<Parser['parse']> extends Generator<infer T> ? T : never

function* inside(token: Token): Generator<Token> {
  if (token.type === 'document' && token.value !== undefined) yield token.value
  if (!('items' in token)) return
  for (const item of token.items) {
    if ('key' in item && item.key != null) yield item.key
    if (item.value !== undefined) yield item.value
  }
}

/** Refuses what is nested so deep that composing it would take the stack with it. */
function checkDepth(text: Text, tokens: readonly Token[]): void {
  const open: (readonly [token: Token, depth: number])[] = tokens.map(token => [token, 0])
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next
    if (depth > DEEPEST) {
      const detail = `nested deeper than ${DEEPEST} levels, a shadow file has five`
      throw new WireError({ code: 'range', path: '', offset: byteAt(text, token.offset), detail, expected: DEEPEST })
    }
    for (const each of inside(token)) open.push([each, depth + 1])
  }
}

const rangeOf = ({ range }: ParsedNode): readonly [at: number, end: number] => [range[0], range[1]]

function decoration(node: ParsedNode): { readonly decorated?: true } {
  const anchor = 'anchor' in node && node.anchor !== undefined
  const tag = !isAlias(node) && node.tag !== undefined && !/^tag:yaml.org,2002:(?:str|map|seq)$/.test(node.tag)
  return anchor || tag ? { decorated: true } : {}
}

const emptyAt = (at: number): Event => ({ type: 'scalar', at, end: at, value: '' })

/** The events of a node and of everything in it. */
function* nodeEvents(node: ParsedNode | null, place: number): Generator<Event> {
  if (node === null) return yield emptyAt(place)
  const [at, end] = rangeOf(node)
  if (isAlias(node)) return yield { type: 'alias', at, end, value: node.source }
  if (isScalar(node)) {
    const value = typeof node.value === 'string' ? node.value : (node.source ?? '')
    return yield { type: 'scalar', at, end, value, ...decoration(node) }
  }
  if (isCollection(node)) yield* collectionEvents(node, at, end)
}

function* collectionEvents(node: Extract<ParsedNode, { items: unknown[] }>, at: number, end: number): Generator<Event> {
  const type = isMap(node) ? 'mapping' : 'list'
  yield { type, at, end: node.flow === true ? end : at + 1, value: '', ...decoration(node) }
  for (const item of node.items) {
    if (!isPair(item)) yield* nodeEvents(item as ParsedNode, at)
    else {
      const { key, value } = item as { readonly key: ParsedNode | null; readonly value: ParsedNode | null }
      yield* nodeEvents(key, value === null ? at : rangeOf(value)[0])
      yield* nodeEvents(value, key === null ? at : rangeOf(key)[1])
    }
  }
  yield { type: `${type} end`, at: end, end, value: '' }
}

/** A document: what is in it, and where the parser stops in it. */
interface Parsed {
  readonly events: readonly Event[]
  readonly stop: Stop | undefined
}

const firstOf = (errors: Document.Parsed['errors']): Stop | undefined =>
  errors
    .map(({ pos, message, code }) => ({ at: pos[0], why: message, code }))
    .reduce<Stop | undefined>((a, b) => (a !== undefined && a.at <= b.at ? a : b), undefined)

const earliest = (stops: readonly (Stop | undefined)[]): Stop | undefined =>
  stops.filter(stop => stop !== undefined).sort((a, b) => a.at - b.at)[0]

/** A value of a block without a key: YAML 1.2 has an empty key there. */
function keyless(contents: ParsedNode | null): Stop | undefined {
  let found: Stop | undefined
  visit(contents, {
    Pair(_, { key, srcToken }, path) {
      const parent = path.at(-1)
      if (srcToken === undefined || srcToken.key != null || !isMap(parent) || parent.flow === true) return
      if (srcToken.start.some(token => token.type === 'explicit-key-ind')) return
      const colon = srcToken.sep?.find(token => token.type === 'map-value-ind')
      if (colon === undefined) return
      found = {
        at: Math.min(colon.offset, isScalar(key) ? (key.range?.[0] ?? colon.offset) : colon.offset),
        why: 'a value without a key',
        code: '',
      }
      return visit.BREAK
    },
  })
  return found
}

function parsed(document: Document.Parsed): Parsed {
  const [from, , end] = document.range
  const contents = [...nodeEvents(document.contents as ParsedNode | null, from)]
  const start: Event = { type: 'document', at: from, end: from, value: '' }
  const stop = earliest([firstOf(document.errors), keyless(document.contents as ParsedNode | null)])
  return { events: [start, ...contents, { type: 'document end', at: end, end, value: '' }], stop }
}

const OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  merge: false,
  version: '1.1',
  keepSourceTokens: true,
} as const

/** Line ends that YAML 1.1 knows besides, a mark at the start of a line, and blank lines of spaces behind the start of a document. */
const inLines = (text: string): string =>
  text
    .replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, '\n')
    .replace(/^\ufeff/gm, ' ')
    .replace(/^---[ \t]*\n(?:[ ]+\n)+/gm, lines => lines.slice(0, 4) + lines.slice(4).replaceAll(' ', '\n'))

const SAYS_NOTHING = new Set(['space', 'newline', 'comment'])

/** Without what follows a document and is none: libyaml passes over further ends, which would make empty documents here. */
function* withoutIdleEnds(tokens: Iterable<Token>): Generator<Token> {
  let before = false
  let idle = false
  for (const token of tokens) {
    if (token.type === 'document') {
      idle = before && token.value === undefined && token.start.every(each => SAYS_NOTHING.has(each.type))
      before = true
    }
    if (!idle || !(token.type === 'document' || token.type === 'doc-end')) yield token
  }
}

/** A directive that no document follows. */
function idleDirective(tokens: readonly Token[]): Stop | undefined {
  const last = tokens.findLastIndex(token => token.type === 'document')
  const idle = tokens.slice(last + 1).find(token => token.type === 'directive')
  return idle && { at: idle.offset, why: 'a directive without a document', code: 'BAD_DIRECTIVE' }
}

interface Stream {
  readonly text: string
  readonly documents: readonly Parsed[]
  /** where it stops outside of documents */
  readonly stop: Stop | undefined
}

function streamOf(text: Text): Stream {
  const lines = inLines(text.text)
  const tokens = [...withoutIdleEnds(new Parser().parse(lines))]
  checkDepth(text, tokens)
  const composer = new Composer(OPTIONS)
  const documents = Array.from(composer.compose(tokens), parsed)
  const events = documents.flatMap(document => document.events)
  const stop = earliest([
    firstOf(composer.streamInfo().errors),
    idleDirective(tokens),
    badDirective(lines),
    badEscape(lines, events),
    tabsIn(lines, events),
  ])
  return { text: lines, documents, stop }
}

/** Column of a character, from 0. */
const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1)

/** The ends that libyaml sees before an error: of what stands further right than the token in the way. */
function* endsBefore(text: string, stop: Stop, open: readonly Event[]): Generator<Event> {
  if (isEarly(text, stop)) return
  const column = columnOf(text, placeOf(text, stop.at))
  for (const { type, at } of [...open].reverse()) {
    if (columnOf(text, at) <= column) return
    yield { type: type === 'list' ? 'list end' : 'mapping end', at: stop.at, end: stop.at, value: '' }
  }
}

const errorAt = ({ at, why }: Stop): Event => ({ type: 'error', at, end: at, value: why })

/** The events of one document; true when libyaml stops in it. */
function* upToStop(text: string, { events, stop }: Parsed, outer: Stop | undefined): Generator<Event, boolean> {
  const first = stop === undefined || (outer !== undefined && outer.at < stop.at) ? outer : stop
  const open: Event[] = []
  for (const event of events) {
    if (first !== undefined && event.at >= first.at) break
    if (event.type === 'mapping' || event.type === 'list') open.push(event)
    else if (event.type.endsWith('end')) open.pop()
    yield event
    if (event === events.at(-1) && stop === undefined) return false
  }
  if (first === undefined) return false
  yield* endsBefore(text, first, open)
  yield errorAt(first)
  return true
}

/**
 * The events of a text; the last one is `end` or `error`.
 * @throws WireError range when it is nested deeper than 64 levels
 */
export function* eventsOf(text: Text): Generator<Event> {
  if (text.bad !== undefined) return yield errorAt({ at: 0, why: text.bad.why, code: '' })
  const { documents, stop, text: lines } = streamOf(text)
  for (const document of documents) if (yield* upToStop(lines, document, stop)) return
  if (stop !== undefined) yield errorAt(stop)
  else yield { type: 'end', at: lines.length, end: lines.length, value: '' }
}
