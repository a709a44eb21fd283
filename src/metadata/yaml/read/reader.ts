/**
 * The reader of the reference's daemon, famfs_parse_shadow_yaml, over the events of libyaml: what it takes, what it overlooks, and where it
 * gives up. It fills a struct that is the body of a log entry, so the body of a slot is what is filled here. facts: metadata 5, reader
 */
import { quote } from '../../../codec/printable.ts'
import { today } from '../../reference/superblock.ts'
import type { ListShape } from '../../shape.ts'
import type { Event } from './events.ts'
import { strtoull } from './number.ts'

/** YAML that it does not expect, or that is none. */
export const BAD_YAML = -1
const EINVAL = -22
const EOVERFLOW = -75

/** Longest key of which its copy has an end. */
const MOST_KEY = 78
const MOST_PATH = 79
const MOST_EXTENTS = 16

const { entry } = today
const { file } = entry

/** How the reader ends. `at` is a place in the text. */
export type Ending =
  | { readonly rc: 0 }
  | { readonly rc: number; readonly at: number; readonly why: string }
  | { readonly rc: 'undefined' | 'endless'; readonly at: number; readonly why: string }

/** What C jumps to its end for. */
class Stop extends Error {
  readonly ending: Ending

  constructor(rc: number | 'undefined' | 'endless', { at }: Event, why: string) {
    super(why)
    this.ending = { rc, at, why }
  }
}

/** A reading on its way. */
interface Reader {
  readonly events: Iterator<Event, unknown>
  last: Event
  readonly slot: Uint8Array
  readonly view: DataView
}

/** A string to C: it ends at a NUL. */
const cString = ({ value }: Event): string => {
  const nul = value.indexOf('\0')
  return nul < 0 ? value : value.slice(0, nul)
}

function next(reader: Reader): Event {
  const step = reader.events.next()
  if (step.done === true) throw new Stop('endless', reader.last, 'it waits for the end of a mapping or list, and the text is at its end')
  const event = step.value
  reader.last = event
  if (event.type === 'error') throw new Stop(BAD_YAML, event, `libyaml stops: ${event.value}`)
  return event
}

function expect(reader: Reader, type: Event['type'], where: string): Event {
  const event = next(reader)
  if (event.type === type) return event
  throw new Stop(BAD_YAML, event, `${where}: expected ${article(type)}, found ${article(event.type)}`)
}

const article = (type: Event['type']): string =>
  type.endsWith('end') ? `the end of the ${type === 'end' ? 'text' : type.slice(0, -4)}` : `a${type === 'alias' ? 'n' : ''} ${type}`

const numberOf = (reader: Reader, key: string): bigint => strtoull(cString(expect(reader, 'scalar', key))).value

const put32 = ({ view }: Reader, at: number, value: bigint): void => view.setUint32(at, Number(BigInt.asUintN(32, value)), true)
const put64 = ({ view }: Reader, at: number, value: bigint): void => view.setBigUint64(at, value, true)

/** strncpy: what is shorter is filled up with zeros. */
function putPath({ slot }: Reader, text: string): void {
  const bytes = new TextEncoder().encode(text).subarray(0, MOST_PATH)
  slot.fill(0, file.path.at, file.path.at + MOST_PATH)
  slot.set(bytes, file.path.at)
}

/** A key of a list, which is copied without its end when it is too long. */
function listKey(event: Event): string {
  const key = cString(event)
  if (new TextEncoder().encode(key).length <= MOST_KEY) return key
  throw new Stop('undefined', event, 'the copy of so long a key has no end')
}

/** What both lists do between two events: they delete an event that no value was put into yet. */
function tidy(touched: boolean, event: Event): void {
  if (!touched)
    throw new Stop('undefined', event, 'an event is deleted before there is one: the first thing in a list is no key that it knows')
}

/** What one of the two lists does with what is in it. */
interface List {
  readonly where: string
  /** Takes the value of a key; false for a key that it does not know. */
  take(key: string, event: Event): boolean
  /** A mapping starts, though not the first one. */
  open(event: Event): void
  close(event: Event): void
}

/** The loop of both lists. Whatever else comes is overlooked, and the first list that ends, ends it. */
function readList(reader: Reader, { where, take, open, close }: List): void {
  expect(reader, 'list', where)
  expect(reader, 'mapping', where)
  let touched = false
  for (;;) {
    const event = next(reader)
    if (event.type === 'scalar') touched = take(listKey(event), event) || touched
    else if (event.type === 'mapping') open(event)
    else if (event.type === 'mapping end') close(event)
    tidy(touched, event)
    if (event.type === 'list end') break
  }
  expect(reader, 'mapping end', `behind ${where}`)
}

/** famfs_parse_file_simple_ext_list. @returns how many it found */
function readExtents(reader: Reader, { at: first, stride, offset, length, devindex = 0 }: ListShape): number {
  const places = new Map([
    ['offset', offset],
    ['length', length],
    ['devindex', devindex],
  ])
  const got = new Set<string>()
  let found = 0
  readList(reader, {
    where: 'simple_ext_list',
    take(key, event) {
      const place = places.get(key)
      if (place === undefined) return false
      const value = numberOf(reader, key)
      if (found >= MOST_EXTENTS) throw new Stop('undefined', event, `extent ${found} is written behind the end of the list`)
      put64(reader, first + found * stride + place, value)
      got.add(key)
      return true
    },
    open(event) {
      if (found >= MOST_EXTENTS) throw new Stop(EOVERFLOW, event, `more than ${MOST_EXTENTS} extents`)
    },
    close(event) {
      if (!got.has('offset') || !got.has('length')) throw new Stop(EINVAL, event, 'an extent without offset or length')
      got.clear()
      found++
    },
  })
  return found
}

/** famfs_parse_file_striped_ext_list. There is room for one interleaved extent, and nothing that says so. */
function readStriped(reader: Reader): void {
  const { interleaved } = file
  if (interleaved === undefined) return
  const numbers = new Map([
    ['nstrips', interleaved.nstrips],
    ['chunk_size', interleaved.chunk],
  ])
  let found = 0
  const checkRoom = (event: Event): void => {
    if (found > 0) throw new Stop('undefined', event, 'a second interleaved extent is written behind the end of the map')
  }
  readList(reader, {
    where: 'striped_ext_list',
    take(key, event) {
      const place = numbers.get(key)
      if (place === undefined && key !== 'simple_ext_list') return false
      if (place === undefined) {
        checkRoom(event)
        const strips = readExtents(reader, interleaved.strips)
        const wanted = reader.view.getBigUint64(interleaved.nstrips, true)
        if (BigInt(strips) !== wanted) throw new Stop(EINVAL, event, `nstrips is ${wanted}, there are ${strips}`)
        found++
        return false
      }
      const value = numberOf(reader, key)
      checkRoom(event)
      put64(reader, place, value)
      return true
    },
    open(event) {
      if (found >= MOST_EXTENTS) throw new Stop(EOVERFLOW, event, `more than ${MOST_EXTENTS} extents`)
    },
    close() {
      found++
    },
  })
}

const ATTRIBUTES = new Map([
  ['flags', file.flags],
  ['mode', file.mode],
  ['uid', file.uid],
  ['gid', file.gid],
  ['nextents', file.nextents],
])

/** A key of the file with its value. */
function readKey(reader: Reader, event: Event): void {
  const key = cString(event)
  const attribute = ATTRIBUTES.get(key)
  if (attribute !== undefined) put32(reader, attribute, numberOf(reader, key))
  else if (key === 'size') put64(reader, file.size ?? 0, numberOf(reader, key))
  else if (key === 'path') putPath(reader, cString(expect(reader, 'scalar', key)))
  else if (key === 'simple_ext_list' && file.simple !== undefined) {
    put32(reader, file.extType ?? 0, 0n)
    const found = readExtents(reader, file.simple)
    const wanted = reader.view.getUint32(file.nextents, true)
    if (found !== wanted) throw new Stop(EINVAL, event, `nextents is ${wanted} so far, there are ${found}`)
  } else if (key === 'striped_ext_list') {
    put32(reader, file.extType ?? 0, 1n)
    readStriped(reader)
  } else throw new Stop(EINVAL, event, `a key that it does not know: ${quote(key)}`)
}

/** famfs_parse_file_yaml: up to the first end of a mapping, which behind a list is that of the whole text. */
function readFile(reader: Reader): void {
  expect(reader, 'mapping', 'file')
  for (;;) {
    const event = next(reader)
    if (event.type === 'mapping end') return
    if (event.type === 'scalar') readKey(reader, event)
  }
}

function readText(reader: Reader): void {
  const where = 'the text'
  expect(reader, 'document', where)
  expect(reader, 'mapping', where)
  if (cString(expect(reader, 'scalar', where)) === 'file') readFile(reader)
  expect(reader, 'document end', where)
  expect(reader, 'end', where)
}

/** What the reader says, and the slot that it has filled so far. */
export interface ReadBack {
  readonly ending: Ending
  /** a log entry of today whose body is what was read; without sequence number and crc */
  readonly slot: Uint8Array
}

/** Reads the events of a text. */
export function readEvents(events: Iterable<Event>): ReadBack {
  const slot = new Uint8Array(entry.size)
  const none: Event = { type: 'end', at: 0, end: 0, value: '' }
  const reader: Reader = { events: events[Symbol.iterator](), last: none, slot, view: new DataView(slot.buffer) }
  try {
    readText(reader)
    return { ending: { rc: 0 }, slot }
  } catch (error) {
    if (error instanceof Stop) return { ending: error.ending, slot }
    throw error
  }
}
