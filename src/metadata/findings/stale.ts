/** Bytes of an entry that carry nothing: which they are, and whether they are zero. facts: metadata 3, entry */
import { layoutOf } from '../../codec/layout.ts'
import { u32At, u64AsNumber } from '../bytes.ts'
import type { EntryShape, LayoutShape, ListShape, Place } from '../shape.ts'
import { chosen } from './field.ts'
import { pathLength } from './paths.ts'
import { firstNonZero } from './slots.ts'
import { type State, say } from './state.ts'

/** Bytes from, and up to. */
export type Unused = readonly [from: number, to: number]

const PADDING = /\bpadding\d*$/

/** What no field of an entry of this type covers; lists count as covered. */
function uncovered({ layout, entry }: LayoutShape, type: number, extType: number): Unused[] {
  const covered = new Uint8Array(entry.size)
  for (const { path, offset, size, type: word } of layoutOf(layout.entry)) {
    if (!chosen(path, { body: type, map: extType })) continue
    const whole = /^(struct|union)/.test(word) && !path.endsWith(']')
    if (!whole && !PADDING.test(path)) covered.fill(1, offset, (offset as number) + (size as number))
  }
  const ranges: Unused[] = []
  for (let from = covered.indexOf(0); from >= 0; from = covered.indexOf(0, from)) {
    const next = covered.indexOf(1, from)
    const to = next < 0 ? entry.size : next
    ranges.push([from, to])
    from = to
  }
  return ranges
}

function unusedFor({ unused, shape }: State, type: number, extType: number): readonly Unused[] {
  const key = 2 * type + extType
  const known = unused.get(key)
  if (known !== undefined) return known
  const made = uncovered(shape, type, extType)
  unused.set(key, made)
  return made
}

/** A check of one range. */
function range(state: State, type: number, extType: number, [from, to]: Unused): void {
  const { bytes, at } = state.slot
  const found = firstNonZero(bytes, at + from, at + to) - at
  if (found >= 0)
    say(state, 'log/stale', type, { at: found, length: to - found, extType }, () => `not zero from byte ${found} of the entry on`)
}

/** Behind the elements in use. */
const restOf = ({ at, stride, capacity }: ListShape, count: number): Unused => [
  at + Math.min(count, capacity) * stride,
  at + capacity * stride,
]

function restOfMap({ slot }: State, { file }: EntryShape, extType: number): Unused {
  if (extType === 1 && file.interleaved !== undefined)
    return restOf(file.interleaved.strips, u64AsNumber(slot.bytes, slot.at + file.interleaved.nstrips))
  return file.simple === undefined ? [0, 0] : restOf(file.simple, u32At(slot.bytes, slot.at + file.nextents))
}

/**
 * Looks for bytes that are not zero and should be.
 * @param path the field of the path, where the entry has one
 * @param extType how the map of a file is stored; undefined when it is no file
 */
export function checkStale(state: State, type: number, path?: Place, extType?: number): void {
  const { slot, shape } = state
  const check = (unused: Unused): void => range(state, type, extType ?? 0, unused)
  unusedFor(state, type, extType ?? 0).forEach(check)
  if (path !== undefined) check([path.at + pathLength(slot.bytes, slot.at + path.at, path.size), path.at + path.size])
  if (extType !== undefined) check(restOfMap(state, shape.entry, extType))
}
