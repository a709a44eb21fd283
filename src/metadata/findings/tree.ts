/**
 * The paths of a log, remembered as 64 bits each: two sums with seeds of their own in every table, so that nobody can write a log whose
 * paths meet, and chance needs some four thousand million of them.
 */

/** A path on its way through the bytes; one is used over and over. */
export interface Walk {
  a: number
  b: number
  /** the same for the directory that it lies in */
  parentA: number
  parentB: number
  /** components that count */
  depth: number
  /** dot-dot components */
  up: boolean
  /** dot components, doubled slashes, a slash at the end */
  spelled: boolean
  control: boolean
  /** bytes above 127 */
  wide: boolean
}

export const walk = (): Walk => ({ a: 0, b: 0, parentA: 0, parentB: 0, depth: 0, up: false, spelled: false, control: false, wide: false })

const SLASH = 0x2f
const DOT = 0x2e
const DELETE = 0x7f
const FIRST_PRINTABLE = 0x20

export interface Tree {
  readonly seed: number
  count: number
  /** two words of a path each; places without an owner are free */
  a: Uint32Array
  b: Uint32Array
  /** entry + 1; 0 is free */
  owner: Uint32Array
  directory: Uint8Array
}

const FIRST_SIZE = 1024

const tableOf = (size: number) => ({
  a: new Uint32Array(size),
  b: new Uint32Array(size),
  owner: new Uint32Array(size),
  directory: new Uint8Array(size),
})

export const tree = (): Tree => ({ seed: Math.floor(Math.random() * 0x1_0000_0000), count: 0, ...tableOf(FIRST_SIZE) })

/** Every bit of the input changes half of those of the result (the end of murmur3). */
function mixed(h: number): number {
  const x = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  const y = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (y ^ (y >>> 16)) >>> 0
}

function take(w: Walk, byte: number): void {
  w.a = Math.imul(w.a ^ byte, 0x01000193)
  w.b = Math.imul(w.b + byte, 0x9e3779b1) ^ (w.b >>> 15)
}

function component(w: Walk, bytes: Uint8Array, from: number, to: number): void {
  const dots = bytes[from] === DOT && (to - from === 1 || (to - from === 2 && bytes[from + 1] === DOT))
  if (to === from || dots) {
    if (to - from === 2) w.up = true
    else w.spelled = true
    return
  }
  w.parentA = w.a
  w.parentB = w.b
  w.depth++
  take(w, SLASH)
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (byte < FIRST_PRINTABLE || byte === DELETE) w.control = true
    if (byte > DELETE) w.wide = true
    take(w, byte)
  }
}

/** Follows a path; what it was before is forgotten. */
export function follow({ seed }: Tree, w: Walk, bytes: Uint8Array, from: number, to: number): void {
  w.a = seed
  w.b = mixed(seed + 1)
  w.depth = 0
  w.up = false
  w.spelled = false
  w.control = false
  w.wide = false
  for (let start = from; start <= to; ) {
    let end = start
    while (end < to && bytes[end] !== SLASH) end++
    component(w, bytes, start, end)
    start = end + 1
  }
}

/** The place of a path in the table: its own, or the free one where it belongs. */
function placeOf({ a, b, owner }: Tree, x: number, y: number): number {
  const mask = owner.length - 1
  let place = mixed(x ^ mixed(y)) & mask
  while (owner[place] !== 0 && (a[place] !== x >>> 0 || b[place] !== y >>> 0)) place = (place + 1) & mask
  return place
}

function grow(t: Tree): void {
  const { a, b, owner, directory } = t
  Object.assign(t, tableOf(owner.length * 2))
  for (let i = 0; i < owner.length; i++)
    if (owner[i] !== 0) put(t, a[i] as number, b[i] as number, owner[i] as number, directory[i] as number)
}

function put(t: Tree, x: number, y: number, owner: number, directory: number): void {
  const place = placeOf(t, x, y)
  t.a[place] = x
  t.b[place] = y
  t.owner[place] = owner
  t.directory[place] = directory
}

/** Who made a path first. */
export interface Known {
  readonly entry: number
  readonly directory: boolean
}

function knownAt({ owner, directory }: Tree, place: number): Known | undefined {
  const who = owner[place] as number
  return who === 0 ? undefined : { entry: who - 1, directory: directory[place] === 1 }
}

/** Who made the directory that the path lies in; the root is always there, as `root`. */
export function parentOf(t: Tree, w: Walk): Known | 'root' | undefined {
  return w.depth < 2 ? 'root' : knownAt(t, placeOf(t, w.parentA, w.parentB))
}

/** Adds the path, unless it is there. @returns who made it before */
export function add(t: Tree, w: Walk, entry: number, directory: boolean): Known | undefined {
  const known = knownAt(t, placeOf(t, w.a, w.b))
  if (known !== undefined) return known
  if (++t.count * 2 > t.owner.length) grow(t)
  put(t, w.a, w.b, entry + 1, directory ? 1 : 0)
  return undefined
}
