/**
 * Requests as JSON: what people write by hand, and what `famfs-wire image log --json` prints of an image of today, so that entries can be
 * carried from one to the other. docs/image-json.md
 */
import { WireError, type WireErrorCode } from '../../codec/errors.ts'
import { unescaped } from '../../codec/printable.ts'
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import type { Source } from '../source.ts'
import type { Interleave, NewDevice, NewDirectory, NewEntry, NewFile, NewMap, NewOwned } from './request.ts'

/** How JSON becomes requests. */
export interface ReadOptions {
  /** the content of a file that is named by `from`; without it there is a refusal */
  readonly content?: (file: string) => Source
}

type Json = Readonly<Record<string, unknown>>

const refuse = (code: WireErrorCode, path: string, detail: string, actual?: unknown): WireError =>
  new WireError({ code, path, offset: 0, detail, ...(actual === undefined ? {} : { actual }) })

/** A value as a message shows it: not all of a long one. */
function brief(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function objectAt(value: unknown, path: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw refuse('tag', path, `must be an object, is ${brief(value)}`, value)
}

function listAt(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw refuse('tag', path, `must be a list, is ${brief(value)}`, value)
}

function textAt(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  throw refuse('tag', path, `must be a text, is ${brief(value)}`, value)
}

function booleanAt(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value
  throw refuse('tag', path, `must be true or false, is ${brief(value)}`, value)
}

const NUMBER = /^(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20})([kmgt]?)(?:i?b)?$/i
const UNITS = ['', 'k', 'm', 'g', 't']

/** A number, or a text such as `"4096"`, `"0x1000"` or `"2M"`. */
function wideAt(value: unknown, path: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  const [, digits, unit = ''] = (typeof value === 'string' ? NUMBER.exec(value) : null) ?? []
  const wide = digits === undefined ? undefined : BigInt(digits) << BigInt(10 * UNITS.indexOf(unit.toLowerCase()))
  if (wide !== undefined && wide < 1n << 64n) return wide
  throw refuse('range', path, `must be a number from 0 to 2^64-1, or a text with one, as "4096" or "2M", is ${brief(value)}`, value)
}

const MOST_SMALL = 0xffff_ffff

function smallAt(value: unknown, path: string): number {
  const wide = wideAt(value, path)
  if (wide <= MOST_SMALL) return Number(wide)
  throw refuse('range', path, `must fit into 32 bits, is ${brief(value)}`, value)
}

/** A number that need not be a bigint. */
function safeAt(value: unknown, path: string): number {
  const wide = wideAt(value, path)
  if (wide <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(wide)
  throw refuse('range', path, `must be below 2^53, is ${brief(value)}`, value)
}

/** A text is octal, as in `"0644"`. */
function modeAt(value: unknown, path: string): number {
  if (typeof value !== 'string') return smallAt(value, path)
  if (/^[0-7]{1,11}$/.test(value)) return smallAt(Number.parseInt(value, 8), path)
  throw refuse('range', path, `must be octal, as "0644", is ${brief(value)}`, value)
}

function hexAt(value: unknown, path: string): Uint8Array {
  const text = textAt(value, path)
  if (text.length % 2 !== 0 || /[^0-9a-fA-F]/.test(text))
    throw refuse('text', path, `must be pairs of hex digits, is ${brief(value)}`, value)
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

type Reader<T> = (value: unknown, path: string) => T

/** The field read, as a property of that name; nothing where it is absent. */
function optional<T, N extends string>(from: Json, at: string, field: string, name: N, read: Reader<T>): { [K in N]?: T } {
  const value = from[field]
  return value === undefined ? {} : ({ [name]: read(value, `${at}.${field}`) } as { [K in N]?: T })
}

function needed<T>(from: Json, at: string, field: string, read: Reader<T>): T {
  const value = from[field]
  if (value === undefined) throw refuse('missing', `${at}.${field}`, 'is missing')
  return read(value, `${at}.${field}`)
}

/** @param more fields that are there for no reason and do no harm */
function known(from: Json, at: string, fields: readonly string[], more: readonly string[] = []): void {
  const stray = Object.keys(from).find(field => !fields.includes(field) && !more.includes(field))
  if (stray !== undefined) throw refuse('tag', `${at}.${stray}`, `is not known; there are ${fields.join(', ')}`, from[stray])
}

/** A path as it is printed: `\xNN` is a byte that is not UTF-8. */
function nameAt(value: unknown, path: string): string | Uint8Array {
  const text = textAt(value, path)
  const bytes = unescaped(text)
  if (bytes !== undefined) return text.includes('\\') ? bytes : text
  throw refuse(
    'text',
    path,
    `has a lone surrogate, which stands for no byte; bytes that are not UTF-8 are written as \\xNN: ${brief(text)}`,
    text,
  )
}

/** `path_hex` has the bytes, whatever they are. */
const pathAt = (from: Json, at: string): string | Uint8Array =>
  from.path_hex === undefined ? needed(from, at, 'path', nameAt) : hexAt(from.path_hex, `${at}.path_hex`)

const ownedAt = (from: Json, at: string): NewOwned => ({
  path: pathAt(from, at),
  ...optional(from, at, 'mode', 'mode', modeAt),
  ...optional(from, at, 'uid', 'uid', smallAt),
  ...optional(from, at, 'gid', 'gid', smallAt),
  ...optional(from, at, 'parents', 'parents', booleanAt),
})

const EXTENT = ['devindex', 'offset', 'len']

function extentAt(value: unknown, at: string): MetaExtent {
  const from = objectAt(value, at)
  known(from, at, EXTENT)
  const { dev_index = 0 } = optional(from, at, 'devindex', 'dev_index', smallAt)
  return { dev_index, offset: needed(from, at, 'offset', wideAt), len: needed(from, at, 'len', wideAt) }
}

const eachAt = <T>(value: unknown, at: string, read: Reader<T>): T[] => listAt(value, at).map((one, i) => read(one, `${at}[${i}]`))

const GROUP = ['nstrips', 'chunk_size', 'nbytes', 'strips']

function groupAt(value: unknown, at: string): MetaGroup {
  const from = objectAt(value, at)
  known(from, at, GROUP)
  const strips = eachAt(needed(from, at, 'strips', listAt), `${at}.strips`, extentAt)
  const { nstrips = strips.length } = optional(from, at, 'nstrips', 'nstrips', smallAt)
  const room = (strips[0]?.len ?? 0n) * BigInt(strips.length)
  const { nbytes = room } = optional(from, at, 'nbytes', 'nbytes', wideAt)
  return { nstrips, chunk_size: needed(from, at, 'chunk_size', safeAt), nbytes, strips }
}

function mapAt(from: Json, at: string): { map?: NewMap } {
  if (from.extents !== undefined && from.interleaved !== undefined)
    throw refuse('tag', `${at}.interleaved`, 'a file has extents or interleaved ones, not both')
  if (from.extents !== undefined) return { map: { ext_type: 'simple', extents: eachAt(from.extents, `${at}.extents`, extentAt) } }
  if (from.interleaved === undefined) return {}
  return { map: { ext_type: 'interleaved', extents: eachAt(from.interleaved, `${at}.interleaved`, groupAt) } }
}

const INTERLEAVE = ['buckets', 'strips', 'chunk', 'order']

function interleaveAt(value: unknown, at: string): Interleave {
  const from = objectAt(value, at)
  known(from, at, INTERLEAVE)
  return {
    buckets: needed(from, at, 'buckets', smallAt),
    strips: needed(from, at, 'strips', smallAt),
    chunk: needed(from, at, 'chunk', smallAt),
    ...optional(from, at, 'order', 'order', (order, path) => eachAt(order, path, smallAt)),
  }
}

function contentAt({ content }: ReadOptions): Reader<Source> {
  return (value, path) => {
    const file = textAt(value, path)
    if (content === undefined) throw refuse('unsupported', path, 'there are no files to take a content from')
    return content(file)
  }
}

/** What `image log --json` prints besides: said again by the entry itself, or by the image that it comes from. */
const FROM_LOG = ['index', 'seqnum', 'type', 'crc', 'computed_crc', 'offset', 'faults', 'path_terminated', 'ext_type', 'nextents']

const OWNED = ['kind', 'path', 'path_hex', 'mode', 'uid', 'gid']

const KINDS: Readonly<Record<NewEntry['kind'], readonly string[]>> = {
  mkdir: [...OWNED, 'parents'],
  file: [...OWNED, 'parents', 'size', 'flags', 'extents', 'interleaved', 'interleave', 'from'],
  add_daxdev: ['kind', 'dd_size', 'dd_uuid', 'dd_index'],
}

function kindAt(from: Json, at: string): NewEntry['kind'] {
  const kind = needed(from, at, 'kind', textAt)
  if (Object.hasOwn(KINDS, kind)) return kind as NewEntry['kind']
  throw refuse('tag', `${at}.kind`, `must be ${Object.keys(KINDS).join(', ')}, is ${brief(kind)}`, kind)
}

const directoryAt = (from: Json, at: string): NewDirectory => ({ kind: 'mkdir', ...ownedAt(from, at) })

const fileAt = (from: Json, at: string, options: ReadOptions): NewFile => ({
  kind: 'file',
  ...ownedAt(from, at),
  ...optional(from, at, 'size', 'size', wideAt),
  ...optional(from, at, 'flags', 'flags', smallAt),
  ...mapAt(from, at),
  ...optional(from, at, 'interleave', 'interleave', interleaveAt),
  ...optional(from, at, 'from', 'content', contentAt(options)),
})

const deviceAt = (from: Json, at: string): NewDevice => ({
  kind: 'add_daxdev',
  size: needed(from, at, 'dd_size', wideAt),
  uuid: needed(from, at, 'dd_uuid', textAt),
  ...optional(from, at, 'dd_index', 'index', smallAt),
})

function requestAt(value: unknown, at: string, options: ReadOptions): NewEntry {
  const from = objectAt(value, at)
  const kind = kindAt(from, at)
  known(from, at, KINDS[kind], FROM_LOG)
  if (Array.isArray(from.faults) && from.faults.length > 0)
    throw refuse('unsupported', `${at}.faults`, `this entry was damaged where it comes from: ${brief(from.faults)}`, from.faults)
  if (kind === 'mkdir') return directoryAt(from, at)
  return kind === 'file' ? fileAt(from, at, options) : deviceAt(from, at)
}

/**
 * Requests out of JSON: a list of objects, or one object. Names are those of `famfs-wire image log --json`, whose lines are taken as they are;
 * numbers may be texts, `"0x200000"` or `"2M"`, modes octal texts. What is not known is refused, never left out.
 *
 * ```ts
 * import { createImage, readRequests } from 'famfs-wire/metadata'
 *
 * const entries = readRequests(JSON.parse('[{"kind":"file","path":"a/b","size":"2M","mode":"0600","parents":true}]'))
 * const image = createImage({ deviceSize: 4n << 30n, entries })
 * ```
 *
 * @param value parsed JSON
 * @throws WireError tag, range, text, missing or unsupported, with a path like `entries[3].extents[0].offset`
 */
export function readRequests(value: unknown, options: ReadOptions = {}): NewEntry[] {
  const list = Array.isArray(value) ? value : [value]
  return list.map((one, i) => requestAt(one, `entries[${i}]`, options))
}
