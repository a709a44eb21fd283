/** The look-ups of a `resolve` request: which bytes of the file, and in what state the device is. */
import type { ResolveRequest } from '../kernel/resolve-answer.ts'
import type { DeviceState, Devices } from '../kernel/state.ts'
import { bad, type Json, list, object, optional, text } from './record.ts'

const STATES: readonly DeviceState[] = ['ready', 'missing', 'busy', 'error']

/** 64 bits as a decimal string, with a sign or without. */
function wideIn(record: Json, key: string, path: string): bigint {
  const digits = text(record, key)
  if (!/^-?\d{1,20}$/.test(digits)) throw bad('tag', path, 'must be 64 bits as a decimal string', 'decimal digits', digits)
  const value = BigInt(digits)
  if (value >= 1n << 64n || value < -(1n << 63n)) throw bad('range', path, `${digits} has more than 64 bits`, '64 bits', digits)
  return value
}

function queryIn(value: unknown, i: number): ResolveRequest['queries'][number] {
  const query = object(value)
  return { offset: wideIn(query, 'offset', `queries[${i}].offset`), len: wideIn(query, 'len', `queries[${i}].len`) }
}

function stateIn(record: Json, key: string): DeviceState {
  const state = text(record, key) as DeviceState
  if (!STATES.includes(state)) throw bad('tag', key, `unknown state ${state}; known are ${STATES.join(', ')}`, STATES, state)
  return state
}

/** States of devices by index. */
export function devicesIn(record: Json, key: string): Devices {
  const named = object(record[key])
  return Object.fromEntries(Object.keys(named).map(index => [Number(index), stateIn(named, index)]))
}

/** @throws WireError naming the member that is missing or is not what it should be */
export function lookUpsIn(request: Json): Pick<ResolveRequest, 'queries' | 'dev_state' | 'devices'> {
  const queries = list(request, 'queries').map(queryIn)
  const dev_state = optional(request, 'dev_state', stateIn)
  const devices = optional(request, 'devices', devicesIn)
  return { queries, ...(dev_state === undefined ? {} : { dev_state }), ...(devices === undefined ? {} : { devices }) }
}
