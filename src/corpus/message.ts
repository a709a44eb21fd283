/** A message under the mutators' hands: its bytes, and where the fields lie that can be found in them. */
import { inspect, leaves } from '../codec/inspect.ts'
import type { LayoutPart, MapLayout } from '../schema/layout.ts'
import { fmapSchema } from './fmap.ts'
import type { Target } from './target.ts'

/** A number in a message. */
export interface Place {
  /** as famfs calls it, also where the form of the dialect has another name for it; the path has the field's own */
  readonly name: string
  readonly path: string
  readonly offset: number
  readonly length: number
  readonly reserved: boolean
}

/** A run of bytes that a mutation changed, added (length from the cut on) or took away (length 0, at the end). */
export interface Touched {
  readonly path: string
  readonly offset: number
  readonly length: number
}

export interface Message {
  readonly target: Target
  readonly bytes: Uint8Array
  /** in the order of the bytes; those before the fault where the bytes are not a whole map */
  readonly places: readonly Place[]
}

/** What famfs calls a field of this name at this path. */
function rolesIn({ header, group, extent }: MapLayout): (name: string, path: string) => string {
  const namesOf = (part: LayoutPart | undefined): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(part?.fields ?? {}).flatMap(([role, spot]) =>
        spot?.[2] === undefined || role.includes(':') ? [] : [[spot[2], role]],
      ),
    )
  const [head, ofGroup, ofExtent] = [header, group, extent].map(namesOf)
  return (name, path) => {
    const depth = path.split('[').length - 1
    const found = depth === 0 ? head?.get(name) : depth === 1 ? (ofGroup?.get(name) ?? ofExtent?.get(name)) : ofExtent?.get(name)
    return found ?? name
  }
}

/** Bytes taken apart, as far as that goes. */
export function messageOf(target: Target, bytes: Uint8Array): Message {
  const { tree } = inspect(fmapSchema(target.dialect), bytes)
  const places: Place[] = []
  const roleOf = rolesIn(target.layout)
  for (const { type, name, path, offset, value, reserved } of leaves(tree))
    if (type.kind === 'int' && value !== undefined) places.push({ name: roleOf(name, path), path, offset, length: type.size, reserved })
  return { target, bytes, places }
}

/** The number at a place. */
export function valueAt({ bytes }: Message, place: Place): bigint {
  let value = 0n
  for (let i = place.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[place.offset + i] ?? 0)
  return value
}

/** All places of that name. */
export const named = (message: Message, name: string): Place[] => message.places.filter(place => place.name === name)

/** The number in the only, or the first, field of that name; undefined where it is not there. */
export function first(message: Message, name: string): bigint | undefined {
  const place = message.places.find(p => p.name === name)
  return place === undefined ? undefined : valueAt(message, place)
}

/** The numbers in all fields of that name. */
export const all = (message: Message, name: string): bigint[] => named(message, name).map(place => valueAt(message, place))

/** The path of what a field is in, with the dot behind it. */
const parentOf = ({ path }: Place): string => path.slice(0, path.lastIndexOf('.') + 1)

/** The field of that name in the same extent, strip or group. */
export const beside = (message: Message, place: Place, name: string): Place | undefined =>
  message.places.find(p => p.name === name && parentOf(p) === parentOf(place))

/** A group of strips, with the places of its fields. */
export interface GroupPlaces {
  readonly nstrips: Place
  readonly chunk: Place
  readonly nbytes: Place
  readonly lengths: readonly Place[]
}

/** Groups that are there to the end of their fixed part. */
export function groupsOf(message: Message): GroupPlaces[] {
  return named(message, 'ie_nbytes').flatMap(nbytes => {
    const group = parentOf(nbytes)
    const [nstrips, chunk] = [beside(message, nbytes, 'ie_nstrips'), beside(message, nbytes, 'ie_chunk_size')]
    const lengths = named(message, 'se_len').filter(p => p.path.startsWith(group))
    return nstrips === undefined || chunk === undefined ? [] : [{ nstrips, chunk, nbytes, lengths }]
  })
}
