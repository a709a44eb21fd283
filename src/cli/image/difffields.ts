/** Two images compared: superblock, log header and the entries, slot by slot. */

import { bytesShown } from '../../codec/printable.ts'
import { uuidAt } from '../../metadata/bytes.ts'
import { deviceOf, directoryOf, type Entry, type Extent, entries, fileOf, type Owned } from '../../metadata/index.ts'
import { flatStruct } from '../../metadata/plain.ts'
import { fixedSize, type Schema } from '../../schema/index.ts'
import { shown } from './nodes.ts'
import type { Opened } from './open.ts'

/** One difference; a side is undefined where only the other one has it. */
export interface Difference {
  readonly part: 'superblock' | 'log' | 'entries' | 'tree' | 'content'
  /** of a field, or a path, ready to be shown */
  readonly name: string
  readonly a?: string
  readonly b?: string
  /** what there is to say where neither side has a value to show */
  readonly note?: string
}

export type Fields = Readonly<Record<string, string>>

/** What only one of two has, or both have differently. */
export function* differing(part: Difference['part'], prefix: string, a: Fields, b: Fields): Generator<Difference> {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [a[name], b[name]]
    if (left === right) continue
    yield { part, name: `${prefix}${name}`, ...(left === undefined ? {} : { a: left }), ...(right === undefined ? {} : { b: right }) }
  }
}

/** Fields of a struct by their C names; what a cut image lacks is zero. */
function fieldsIn(schema: Schema<unknown>, bytes: Uint8Array): Fields {
  const whole = new Uint8Array(fixedSize(schema.type) ?? 0)
  whole.set(bytes.subarray(0, whole.length))
  return flatStruct(schema.type, whole, bytesShown)
}

/** Runs of bytes that differ. */
function* byteDifferences(part: Difference['part'], prefix: string, a: Uint8Array, b: Uint8Array): Generator<Difference> {
  for (let at = 0; at < a.length; at++) {
    if (a[at] === b[at]) continue
    const start = at
    while (at < a.length && a[at] !== b[at]) at++
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(start, at)).toString('hex')
    yield { part, name: `${prefix}bytes[${start}..${at}]`, a: hex(a), b: hex(b) }
  }
}

/** Superblocks and log headers; where all fields are the same, bytes that belong to none. */
export async function* headDifferences(a: Opened, b: Opened): AsyncGenerator<Difference> {
  const superblock = ({ layout, superblockBytes }: Opened): Fields => ({
    layout: layout.id,
    ...fieldsIn(layout.superblock, superblockBytes),
  })
  const header = async ({ layout, log }: Opened): Promise<Fields> =>
    log === undefined ? {} : fieldsIn(layout.header, await log.area.read(0, fixedSize(layout.header.type) ?? 0))
  const fields = [...differing('superblock', '', superblock(a), superblock(b))]
  const size = fixedSize(a.layout.superblock.type) ?? 0
  yield* fields.length > 0
    ? fields
    : byteDifferences('superblock', '', a.superblockBytes.subarray(0, size), b.superblockBytes.subarray(0, size))
  yield* differing('log', '', await header(a), await header(b))
}

const extentText = ({ devindex, offset, length }: Extent): string => `${devindex}@0x${offset.toString(16)}+0x${length.toString(16)}`
const listText = (extents: readonly Extent[]): string => extents.map(extentText).join(', ')

/** The whole map of a file, in one line. */
function mapOf(entry: Entry): string {
  const file = fileOf(entry)
  if (file === undefined) return ''
  const { extType, nextents, extents, interleaved } = file
  if (extType === 0) return `${nextents} simple: ${listText(extents)}`
  const groups = interleaved.map(
    ({ nstrips, chunkSize, strips }) => `${nstrips} strips, chunk 0x${chunkSize.toString(16)}: ${listText(strips)}`,
  )
  return extType === 1 ? `${nextents} interleaved: ${groups.join('; ')}` : `type ${extType}, ${nextents} extents`
}

const numbers = (fields: Readonly<Record<string, number | bigint | undefined>>): Fields =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))

const ownerOf = ({ mode, uid, gid }: Owned): Fields => ({
  ...(mode === undefined ? {} : { mode: `0${mode.toString(8)}` }),
  ...numbers({ uid, gid }),
})

/** What a file or directory is, besides its path. */
export function attributesOf(entry: Entry): Fields {
  const file = fileOf(entry)
  if (file !== undefined) return { ...numbers({ size: file.size, flags: file.flags }), ...ownerOf(file), map: mapOf(entry) }
  const directory = directoryOf(entry)
  return directory === undefined ? {} : ownerOf(directory)
}

/** What an entry says, whatever its layout. */
function fieldsOf(entry: Entry): Fields {
  const device = deviceOf(entry)
  const path = (fileOf(entry) ?? directoryOf(entry))?.path
  return {
    kind: entry.kind,
    ...(path === undefined ? {} : { path: shown(path) }),
    ...(device === undefined ? attributesOf(entry) : { size: `${device.size}`, uuid: uuidAt(device.uuid, 0), index: `${device.index}` }),
    ...(entry.faults.length === 0 ? {} : { faults: entry.faults.join(', ') }),
  }
}

/** An entry that only one side has. */
function summaryOf(entry: Entry): string {
  const { kind, path, size } = fieldsOf(entry)
  return [kind, path === undefined ? undefined : `"${path}"`, size].filter(text => text !== undefined).join(' ')
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

function* slotDifferences(a: Entry, b: Entry): Generator<Difference> {
  let any = false
  for (const difference of differing('entries', `${a.index}.`, fieldsOf(a), fieldsOf(b))) {
    any = true
    yield difference
  }
  if (!any && a.layout.entry === b.layout.entry) yield* byteDifferences('entries', `${a.index}.`, a.bytes, b.bytes)
}

/** Numbers of slots that hold the same bytes in both logs. */
export interface SameSlots {
  has(index: number): boolean
}

/**
 * The entries, slot by slot.
 * @returns which slots are the same
 */
export async function* entryDifferences(a: Opened, b: Opened): AsyncGenerator<Difference, SameSlots> {
  const same = new Uint8Array(Math.min(a.log?.used ?? 0, b.log?.used ?? 0))
  const alike = a.layout.entry === b.layout.entry
  const [left, right] = [a, b].map(image => (image.log === undefined ? none() : entries(image))) as [
    AsyncGenerator<Entry>,
    AsyncGenerator<Entry>,
  ]
  for (;;) {
    const [{ value: one }, { value: other }] = [await left.next(), await right.next()] as [{ value?: Entry }, { value?: Entry }]
    if (one === undefined && other === undefined) break
    if (one === undefined || other === undefined) {
      const entry = (one ?? other) as Entry
      yield { part: 'entries', name: `${entry.index}`, ...(one === undefined ? { b: summaryOf(entry) } : { a: summaryOf(entry) }) }
    } else if (alike && isSame(one.bytes, other.bytes)) same[one.index] = 1
    else yield* slotDifferences(one, other)
  }
  return { has: index => same[index] === 1 }
}

async function* none(): AsyncGenerator<Entry> {}
