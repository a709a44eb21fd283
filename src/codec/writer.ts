/** A growing output, and the slots in it that are filled later. */
import type { IntType } from '../schema/types.ts'
import type { Context } from './context.ts'
import { pathOf, WireError, type WireErrorCode } from './errors.ts'

/** A field that something behind it counts or measures. */
export interface Slot {
  readonly at: number
  readonly path: string
  readonly name: string
  readonly type: IntType
  /** the value given for it; undefined asks for it to be filled */
  readonly given: number | bigint | undefined
  readonly fill: 'message' | undefined
  settled: boolean
}

export interface SlotScope {
  [name: string]: Slot | SlotScope
}

/** State of one encoding walk. */
export interface Writer {
  out: Uint8Array
  view: DataView
  pos: number
  readonly little: boolean
  readonly context: Context
  readonly broken: ReadonlySet<string>
  readonly path: (string | number)[]
  /** values as they were written, one object per open struct */
  readonly scopes: Record<string, unknown>[]
  readonly slotScopes: SlotScope[]
  readonly slots: Slot[]
}

const INITIAL_SIZE = 256

export function openWriter(context: Context, broken: readonly string[]): Writer {
  const out = new Uint8Array(INITIAL_SIZE)
  return {
    out,
    view: new DataView(out.buffer),
    pos: 0,
    little: context.littleEndian !== false,
    context,
    broken: new Set(broken),
    path: [],
    scopes: [],
    slotScopes: [],
    slots: [],
  }
}

export function refuse(
  w: Writer,
  code: WireErrorCode,
  detail: string,
  about: { expected?: unknown; actual?: unknown; path?: string; offset?: number } = {},
): WireError {
  return new WireError({ code, path: pathOf(w.path), offset: w.pos, detail, ...about })
}

/** Makes room for `size` bytes, zeroed, and moves behind them; the result is where they start. */
export function reserve(w: Writer, size: number): number {
  const needed = w.pos + size
  if (needed > w.out.length) {
    const grown = new Uint8Array(Math.max(needed, w.out.length * 2))
    grown.set(w.out.subarray(0, w.pos))
    w.out = grown
    w.view = new DataView(grown.buffer)
  }
  const start = w.pos
  w.pos = needed
  return start
}

export function writeBytes(w: Writer, bytes: Uint8Array): void {
  const start = reserve(w, bytes.length)
  w.out.set(bytes, start)
}

/** Writes an integer at `at`, which must be reserved. */
export function putInt(w: Writer, type: IntType, at: number, value: number | bigint, path: string = pathOf(w.path)): void {
  if (!fitsInt(type, value)) {
    const [low, high] = bounds(type)
    const needs = type.size === 8 ? `a bigint from ${low} to ${high}` : `an integer from ${low} to ${high}`
    throw refuse(w, 'range', `needs ${needs}, got ${describe(value)}`, { path, offset: at, expected: needs, actual: value })
  }
  if (type.size === 8) w.view.setBigUint64(at, BigInt.asUintN(64, value as bigint), w.little)
  else if (type.size === 4) w.view.setUint32(at, value as number, w.little)
  else if (type.size === 2) w.view.setUint16(at, value as number, w.little)
  else w.view.setUint8(at, value as number)
}

function bounds(type: IntType): [bigint, bigint] {
  const bits = BigInt(type.size * 8)
  return type.signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n]
}

function fitsInt(type: IntType, value: unknown): boolean {
  if (type.size === 8 ? typeof value !== 'bigint' : !Number.isInteger(value)) return false
  const [low, high] = bounds(type)
  return (value as number) >= low && (value as number) <= high
}

/** A value as an error message shows it. */
export function describe(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value)
  return typeof value === 'string'
    ? `the string ${JSON.stringify(value)}`
    : Array.isArray(value)
      ? 'an array'
      : `a value of type ${typeof value}`
}
