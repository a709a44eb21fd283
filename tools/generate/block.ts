/** Access to the blocks of the scratch memory: which typed array, and which element of it. */
import type { IntType } from '../../src/schema/types.ts'
import { type Place, refuse } from './model.ts'
import type { Namer } from './text.ts'

/** Functions that several messages of a module share, by name. */
export type Shared = Map<string, readonly string[]>

export function share(shared: Shared, name: string, lines: readonly string[]): void {
  const known = shared.get(name)
  if (known !== undefined && known.join('\n') !== lines.join('\n')) throw new Error(`two different functions would be called ${name}`)
  shared.set(name, lines)
}

/** What an emitter must keep for it. */
export interface Indexing {
  readonly lines: string[]
  readonly names: Namer
  /** variables that hold a base divided by 2, 4 or 8; forgotten when the base moves or their block ends */
  readonly indices: Map<string, string>
}

/** Views of a block: the name in functions, and the class. */
export const VIEWS = {
  b8: 'Uint8Array',
  b16: 'Uint16Array',
  b32: 'Uint32Array',
  b64: 'BigUint64Array',
  i32: 'Int32Array',
  i64: 'BigInt64Array',
} as const

/** The view that holds such integers. */
const viewOf = (type: IntType): keyof typeof VIEWS =>
  type.size === 8 ? (type.signed ? 'i64' : 'b64') : type.size === 4 ? (type.signed ? 'i32' : 'b32') : type.size === 2 ? 'b16' : 'b8'

export const element = (type: IntType, index: string): string => `${viewOf(type)}[${index}]`

/** Fill of elements `from` up to `to` with zeros. */
export const clear = (type: IntType, from: string, to: string): string =>
  `${viewOf(type)}.fill(${type.size === 8 ? '0n' : '0'}, ${from}, ${to})`

const moduleName = (side: 'in' | 'out', view: string): string => `${side}${view.toUpperCase()}`

/**
 * The lines of a function behind declarations of the views that it uses. They are constants of the module and locals of the function:
 * engines fold the one into the code where modules are loaded as they are, the other is what remains of that where they were bundled.
 */
export function withViews(side: 'in' | 'out', lines: readonly string[]): string[] {
  const used = Object.keys(VIEWS).filter(view => lines.some(line => new RegExp(`\\b${view}\\b`).test(line)))
  return [...used.map(view => `const ${view} = ${moduleName(side, view)}`), ...lines]
}

/** The views of a module that its functions use. */
export function moduleViews(lines: readonly string[]): string[] {
  const text = lines.join('\n')
  return (['in', 'out'] as const).flatMap(side =>
    Object.entries(VIEWS)
      .filter(([view]) => text.includes(moduleName(side, view)))
      .map(([view, type]) => `const ${moduleName(side, view)} = /* @__PURE__ */ new ${type}(${side === 'in' ? 'incoming' : 'outgoing'})`),
  )
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
