/** The `resolve` question of the testee protocol: a map as bytes, and look-ups in it, in order, on one file. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { verdict } from '../validate/verdict.ts'
import { type Resolution, resolveIn } from './resolve.ts'
import { type DeviceState, installed } from './state.ts'

/** A map with look-ups, as the testee protocol writes it. */
export interface ResolveRequest {
  readonly dialect: Dialect | DialectId
  /** body of a GET_FMAP reply */
  readonly bytes: Uint8Array
  /** byte of the file and bytes asked for, both as loff_t */
  readonly queries: readonly { readonly offset: bigint; readonly len: bigint }[]
  /** state of device 0 from before the look-ups on; default ready */
  readonly dev_state?: DeviceState
}

/** The JSON form of a {@link Resolution}: 64-bit numbers as decimal strings. */
export type ResolutionJson =
  | { readonly rc: number; readonly dev: number | null; readonly addr: string; readonly length: string }
  | { readonly rc: number }
  | { readonly oops: 'divide_error' }

/** A refused map has no results. Shapes: fixtures/kernel/FORMAT.md */
export interface ResolveAnswer {
  readonly errno: number
  readonly reason?: string
  readonly results: readonly ResolutionJson[]
}

/** The JSON form of a look-up's result. */
export const resolutionJson = (result: Resolution): ResolutionJson =>
  'addr' in result ? { rc: result.rc, dev: result.dev, addr: result.addr.toString(), length: result.length.toString() } : result

/**
 * What a kernel of the dialect answers: the verdict on the map, and for an accepted one the result of every look-up, each in the state that
 * the one before left behind.
 * @throws WireError code unsupported for a dialect without maps; never for the bytes
 */
export function resolveAnswer({ dialect, bytes, queries, dev_state = 'ready' }: ResolveRequest): ResolveAnswer {
  const judged = verdict(bytes, dialect)
  if ('reason' in judged) return { errno: judged.errno, reason: judged.reason, results: [] }
  let state = installed(judged.meta, dialect, { 0: dev_state })
  const results = queries.map(({ offset, len }) => {
    const resolved = resolveIn(judged.meta, offset, len, dialect, state)
    state = resolved.state
    return resolutionJson(resolved.result)
  })
  return { errno: 0, results }
}
