/** Access to the blocks of the scratch memory: which typed array, and which element of it. */
import type { IntType } from '../../src/schema/types.ts'
import { type Place, refuse } from './model.ts'
import type { Namer } from './text.ts'

/** What an emitter must keep for it. */
export interface Indexing {
  readonly lines: string[]
  readonly names: Namer
  /** variables that hold a base divided by 2, 4 or 8; forgotten when the base moves or their block ends */
  readonly indices: Map<string, string>
}

/** An element of the view of a block that holds such integers. */
export function block(side: 'in' | 'out', type: IntType, element: string): string {
  const signed = type.signed && type.size >= 4 ? 'S' : ''
  return `${side}${signed}${type.size * 8}[${element}]`
}

const SHIFT = { 1: 0, 2: 1, 4: 2, 8: 3 } as const
const UNIT = ['', 'half', 'word', 'long'] as const

/** The index of the integer of `size` bytes that lies at a place; alignment is proved here. */
export function index(e: Indexing, size: IntType['size'], place: Place): string {
  if (place.offset % size !== 0 || place.align < size) refuse(`an integer of ${size} bytes that is not aligned`)
  if (place.base === undefined) return String(place.offset / size)
  const base = size === 1 ? place.base : divided(e, place.base, SHIFT[size])
  return place.offset === 0 ? base : `${base} + ${place.offset / size}`
}

function divided(e: Indexing, base: string, shift: number): string {
  const key = `${base} >> ${shift}`
  const known = e.indices.get(key)
  if (known !== undefined) return known
  const name = e.names.fresh(UNIT[shift] ?? 'unit')
  e.lines.push(`const ${name} = ${key}`)
  e.indices.set(key, name)
  return name
}
