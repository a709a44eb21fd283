/** Where reads of one file come from: in the form of fixtures/ioctl/FORMAT.md. */
import { LOWEST_ADDRESS, UserMemory } from '../../codec/ioctl/index.ts'
import { healthy, readFrom, type State } from '../../kernel/index.ts'
import { mapCommandOf } from '../../kernel/ioctl/to.ts'
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { ioctlVerdict } from '../../validate/ioctl/verdict.ts'
import { bytesOf } from '../hex.ts'
import { devicesIn } from '../lookups.ts'
import { machineIn } from '../machine.ts'
import { type Json, list, object, optional, text } from '../record.ts'
import { toldCall } from './call.ts'
import { tableOf } from './lookups.ts'
import { hexNumbers, wideIn } from './numbers.ts'

/** Bytes of every read. */
const COUNT = 8n

/** Devices that the mount has, where the request does not say. */
const DEVICES = { 0: 'ready', 1: 'ready' } as const

/** The answer to `reads`: one result for each, in order on one file; undefined: nobody has read what the driver does. */
export function readsAnswer(request: Json, dialect: IoctlDialectId): Json | undefined {
  if (ioctlDialects[dialect].operations === undefined) return undefined
  const memory = new UserMemory().map(LOWEST_ADDRESS, bytesOf(text(request, 'hex'), 'hex'))
  const machine = machineIn(request)
  const command = mapCommandOf(ioctlDialects[dialect])
  const verdict = ioctlVerdict(dialect, { command, address: LOWEST_ADDRESS, memory }, machine)
  if (!verdict.ok || verdict.map === undefined) return { ...toldCall(verdict), results: [] }
  const { map } = verdict
  let state: State = { ...healthy(map), devices: tableOf(dialect, optional(request, 'devices', devicesIn) ?? DEVICES) }
  const results = list(request, 'reads').map(value => {
    const read = readFrom(dialect, map, wideIn(object(value), 'offset'), COUNT, state, machine)
    state = read.state
    return hexNumbers(read.outcome)
  })
  return { errno: 0, results }
}
