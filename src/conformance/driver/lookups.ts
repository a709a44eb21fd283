/** Look-ups in the map that a call gives its file, with what happens between them. */
import { type FileMap, healthy, resolveIn, type State } from '../../kernel/index.ts'
import { type Devices, rulesOf } from '../../kernel/state.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { devicesIn } from '../lookups.ts'
import { machineIn } from '../machine.ts'
import { bad, type Json, list, object, oneOf, optional } from '../record.ts'
import { madeCall, toldCall } from './call.ts'
import { hexNumbers, wideIn } from './numbers.ts'

/** Every slot of the table: those that are not named are free, but for the primary device's, which a mount takes. */
export function tableOf(dialect: IoctlDialectId, named: Devices = { 0: 'ready' }): Devices {
  const { slots } = rulesOf(dialect)
  if (!Number.isFinite(slots)) return named
  return { ...Object.fromEntries(Array.from({ length: slots }, (_, i) => [i, i === 0 ? 'ready' : 'missing'] as const)), ...named }
}

/** What happens to the mount or the file between two look-ups. */
function happened(event: Json, state: State): State {
  if (event.device !== undefined) return { ...state, mountFailed: oneOf(event, 'device', ['works', 'failed'] as const) === 'failed' }
  if (event.i_size !== undefined) return { ...state, file: { ...state.file, i_size: wideIn(event, 'i_size') } }
  if (typeof event.dax === 'boolean') return { ...state, file: { ...state.file, dax: event.dax } }
  throw bad('tag', 'queries.event', 'must have device, i_size or dax', ['device', 'i_size', 'dax'], Object.keys(event).join())
}

/** Queries in order on one file; an event is answered by nothing. */
function answered(map: FileMap, dialect: IoctlDialectId, request: Json): Json[] {
  const machine = machineIn(request)
  const results: Json[] = []
  let state: State = { ...healthy(map), devices: tableOf(dialect, optional(request, 'devices', devicesIn)) }
  for (const query of list(request, 'queries').map(object)) {
    if (query.event !== undefined) {
      state = happened(object(query.event), state)
      continue
    }
    const found = resolveIn(map, wideIn(query, 'offset'), wideIn(query, 'len'), dialect, state, machine)
    state = found.state
    results.push({ ...(hexNumbers(found.result) as Json), ...(state.file.error ? { flag: true } : {}) })
  }
  return results
}

/**
 * The answer to `lookups`: `errno` 0 and one result for each query that is no event, or the answer to the call and no results; undefined: nobody
 * has read what the driver does.
 * @throws WireError for a call that gives no map, and for members that are not what they should be
 */
export function lookupsAnswer(request: Json, dialect: IoctlDialectId): Json | undefined {
  const verdict = madeCall(request, dialect)
  const told = toldCall(verdict)
  if (told === undefined) return undefined
  if (told.errno !== 0) return { ...told, results: [] }
  if (!('map' in verdict) || verdict.map === undefined)
    throw bad('tag', 'command', 'gives no map to a file', 'a command that does', request.command)
  return { errno: 0, results: answered(verdict.map, dialect, request) }
}
