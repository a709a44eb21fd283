/** The `resolve` question of the testee protocol: a map as bytes, and look-ups in it, in order, on one file. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import type { VerdictOptions } from '../validate/options.ts'
import { verdict } from '../validate/verdict.ts'
import type { FileMap } from './map.ts'
import { type Resolution, resolveIn } from './resolve.ts'
import { type DeviceState, type Devices, installed, type ResolvingDialect } from './state.ts'

/** A map with look-ups, as the testee protocol writes it. */
export interface ResolveRequest {
  readonly dialect: Dialect | DialectName
  /** body of a GET_FMAP reply */
  readonly bytes: Uint8Array
  /** byte of the file and bytes asked for, both as loff_t */
  readonly queries: readonly { readonly offset: bigint; readonly len: bigint }[]
  /** state of device 0 from before the look-ups on; default ready */
  readonly dev_state?: DeviceState
  /** states of devices by index from before the look-ups on; default ready */
  readonly devices?: Devices
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

/** The results of look-ups in a map that was just installed, each in the state that the one before left behind. */
export function lookUps(
  map: FileMap,
  dialect: ResolvingDialect,
  { queries, dev_state, devices }: Pick<ResolveRequest, 'queries' | 'dev_state' | 'devices'>,
  options?: VerdictOptions,
): ResolutionJson[] {
  let state = installed(map, dialect, { ...devices, ...(dev_state === undefined ? {} : { 0: dev_state }) })
  return queries.map(({ offset, len }) => {
    const resolved = resolveIn(map, offset, len, dialect, state, options)
    state = resolved.state
    return resolutionJson(resolved.result)
  })
}

/**
 * What a kernel of the dialect answers: the verdict on the map, and for an accepted one the result of every look-up, each in the state that
 * the one before left behind.
 * @throws WireError code unsupported for a dialect without maps; never for the bytes
 */
export function resolveAnswer({ dialect, bytes, ...asked }: ResolveRequest, options?: VerdictOptions): ResolveAnswer {
  const judged = verdict(bytes, dialect, options)
  if (!judged.ok) return { errno: judged.errno, reason: judged.reason, results: [] }
  return { errno: 0, results: lookUps(judged.meta, dialect, asked, options) }
}
