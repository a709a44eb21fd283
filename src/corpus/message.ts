/** A message under the mutators' hands: its bytes, and where the fields lie that can be found in them. */
import { inspect, leaves } from '../codec/inspect.ts'
import { fmapSchema } from './fmap.ts'
import type { Target } from './target.ts'

/** A number in a message. */
export interface Place {
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

/** Bytes taken apart, as far as that goes. */
export function messageOf(target: Target, bytes: Uint8Array): Message {
  const { tree } = inspect(fmapSchema(target.dialect), bytes)
  const places: Place[] = []
  for (const { type, name, path, offset, value, reserved } of leaves(tree))
    if (type.kind === 'int' && value !== undefined) places.push({ name, path, offset, length: type.size, reserved })
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
    const group = nbytes.path.slice(0, -nbytes.name.length)
    const at = (name: string): Place | undefined => message.places.find(p => p.path === group + name)
    const [nstrips, chunk] = [at('ie_nstrips'), at('ie_chunk_size')]
    const lengths = named(message, 'se_len').filter(p => p.path.startsWith(group))
    return nstrips === undefined || chunk === undefined ? [] : [{ nstrips, chunk, nbytes, lengths }]
  })
}
