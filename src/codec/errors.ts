/** The one error that bytes and values can cause. */

/**
 * What is wrong.
 * truncated: the bytes end inside a field. trailing: bytes are left over. length: a length field contradicts the bytes. count: a count
 * contradicts the elements or the room for them. tag: no case for this value. range: a value does not fit its field. text: not
 * representable as this text. padding: bytes that must be zero are not. missing: a field was not given. unsupported: the schema, dialect
 * or version cannot carry it. fault: a user pointer leads to memory that is not mapped.
 */
export type WireErrorCode =
  | 'truncated'
  | 'trailing'
  | 'length'
  | 'count'
  | 'tag'
  | 'range'
  | 'text'
  | 'padding'
  | 'missing'
  | 'unsupported'
  | 'fault'

/** Everything known about one fault. Offsets count from the first byte given; `path` reads like `extents[1].strips[3].se_offset`. */
export interface WireErrorInit {
  readonly code: WireErrorCode
  readonly path: string
  readonly offset: number
  /** bytes concerned, from `offset` on */
  readonly length?: number
  /** what a person should know, without code, path and offset */
  readonly detail: string
  readonly expected?: unknown
  readonly actual?: unknown
  /** what was decoded before the fault */
  readonly partial?: unknown
}

/** Thrown for every refusal of bytes or values, and never anything else. Its message can be acted upon as it stands. */
export class WireError extends Error {
  readonly code: WireErrorCode
  readonly path: string
  readonly offset: number
  readonly length: number
  readonly detail: string
  readonly expected: unknown
  readonly actual: unknown
  readonly partial: unknown

  constructor(init: WireErrorInit) {
    super(`${init.code} at ${init.path === '' ? 'the top' : init.path} (byte ${init.offset}): ${init.detail}`)
    this.name = 'WireError'
    this.code = init.code
    this.path = init.path
    this.offset = init.offset
    this.length = init.length ?? 0
    this.detail = init.detail
    this.expected = init.expected
    this.actual = init.actual
    this.partial = init.partial
  }

  /** Plain JSON: bigints as decimal strings, bytes as hex; what is nested deeper than 16 levels is left out. */
  toJSON(): Record<string, unknown> {
    const { code, path, offset, length, detail, expected, actual, partial, message } = this
    return { code, path, offset, length, message, detail, expected: plain(expected), actual: plain(actual), partial: plain(partial) }
  }
}

/** As `hex` of input.ts, of what is known to be bytes. */
export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')

function plain(value: unknown, levels = 16): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return hexOf(value)
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return '...'
  if (Array.isArray(value)) return value.map(v => plain(v, levels - 1))
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v, levels - 1)]))
}

/** A path from its steps: names joined by dots, indices in brackets. */
export function pathOf(steps: readonly (string | number)[]): string {
  return steps.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '')
}

/** The result of the non-throwing twins. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError }

/** Runs `f`; a {@link WireError} becomes a result, anything else is a bug and goes on. */
export function attempt<T>(f: () => T): Result<T> {
  try {
    return { ok: true, value: f() }
  } catch (error) {
    if (error instanceof WireError) return { ok: false, error }
    throw error
  }
}
