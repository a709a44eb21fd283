/** From the answer about a map to the installed map: size probe, parser, devices. facts: wire 2.2, 4.4 */
import { EINVAL } from '../../uapi/errno.ts'
import { daxdevRequest, fmapRequest } from '../../validate/asking.ts'
import { type Asking, dialectOf } from '../../validate/options.ts'
import { type Ending, mapStep } from '../../validate/reply.ts'
import type { FileMap } from '../map.ts'
import { healthy, piecesOf } from '../state.ts'
import { installDevice } from './devices.ts'
import { emit, fileOf, keepFile, send, type Turn } from './turn.ts'
import type { After, Caller, Purpose } from './types.ts'

type Ended = Exclude<Ending, { kind: 'pending' }>

/** How the request for a map ended. */
export interface MapDone {
  /** errno of the map; 0 when the file has one now */
  readonly errno: number
  readonly after: After
}

/** Only a kernel with famfs gets here: INIT saw to that. */
const asking = (turn: Turn): Asking<'GET_FMAP'> => dialectOf(turn.state.dialect, 'GET_FMAP')

const FIRST_ATTEMPT = 0

/** Ask for the map of a file. `at`: what the header calls the file (its inode number in fuse-v1). facts: wire 2.1 */
export function askForMap(turn: Turn, node: bigint, at: bigint, by: Caller, after: After): void {
  const { opcodes, reply } = asking(turn)
  const body = fmapRequest(turn.state.dialect, reply.GET_FMAP.buffer)
  send(turn, { opcode: opcodes.GET_FMAP ?? 0, node: at, by, body }, { kind: 'map', node, attempt: FIRST_ATTEMPT, after })
}

/** The answer to GET_FMAP. Undefined while the conversation about the map goes on. */
export function mapAnswered(
  turn: Turn,
  purpose: Purpose & { readonly kind: 'map' },
  request: Uint8Array,
  ending: Ended,
  by: Caller,
  at: bigint,
): MapDone | undefined {
  const { attempt, after, node, before } = purpose
  const dialect = asking(turn)
  const { machine } = turn.state
  if (ending.kind === 'errno') {
    emit(turn, { effect: 'log', what: 'map-request', errno: ending.errno })
    return { errno: ending.errno, after }
  }
  const next = mapStep(dialect, request, ending.body, attempt, machine, before)
  const ask = (size: number, offset: bigint, then: Partial<typeof purpose>): undefined => {
    const body = fmapRequest(dialect, size, offset)
    send(turn, { opcode: dialect.opcodes.GET_FMAP ?? 0, node: at, by, body }, { ...purpose, ...then })
  }
  if (next.step === 'again') return ask(next.size, purpose.offset ?? 0n, { attempt: attempt + 1 })
  if (next.step === 'more')
    return ask(dialect.reply.GET_FMAP.buffer, next.next, { attempt: FIRST_ATTEMPT, before: next.before, offset: next.next })
  if (next.step === 'failed') {
    const what = next.size === undefined ? 'map-short' : attempt > 0 ? 'map-grew' : 'map-too-large'
    emit(turn, { effect: 'log', what, errno: next.errno })
    return { errno: next.errno, after }
  }
  const { verdict } = next
  if (!verdict.ok) {
    emit(turn, { effect: 'log', what: 'map-refused', errno: verdict.errno, refused: verdict })
    return { errno: verdict.errno, after }
  }
  return devicesOf(turn, node, verdict.meta, after, by, NO_DEVICE)
}

/** Devices are looked for by the bits of a 64-bit map. facts: wire 4.1 S4, 7.6 */
const indexesOf = (map: FileMap): number[] => [...new Set(piecesOf(map).map(p => p.dev_index & 63))].sort((a, b) => a - b)

/** No device was asked for yet. */
const NO_DEVICE = -1

/** Asks for the next device behind `last` that the table does not have, or installs the map. */
function devicesOf(turn: Turn, node: bigint, map: FileMap, after: After, by: Caller, last: number): MapDone | undefined {
  const { dialect, slots, habits } = turn.state
  const already = fileOf(turn, node)?.map !== undefined
  const unknown = indexesOf(map).filter(i => slots[i]?.valid !== true)
  const index = dialect.push || already ? undefined : unknown.find(i => i > last)
  if (index === undefined) return install(turn, node, map, after, unknown, last === NO_DEVICE ? habits.mapTwice : habits.mapRaced)
  if (index >= habits.slots && dialect.reply.GET_DAXDEV?.fatal === true) {
    emit(turn, { effect: 'log', what: 'device-index', errno: EINVAL, index })
    return { errno: EINVAL, after }
  }
  const request = daxdevRequest(dialect, index)
  send(turn, { opcode: dialect.opcodes.GET_DAXDEV ?? 0, by, ...request }, { kind: 'device', node, map, index, after })
  return undefined
}

/** The answer to GET_DAXDEV: good or bad, the open goes on, unless the dialect says otherwise. facts: wire 4.4, 7.3 */
export function deviceAnswered(turn: Turn, purpose: Purpose & { readonly kind: 'device' }, ending: Ended, by: Caller): MapDone | undefined {
  const { node, map, after, index } = purpose
  const errno = installDevice(turn, index, ending)
  if (errno !== 0 && turn.state.dialect.reply.GET_DAXDEV?.fatal === true) return { errno, after }
  return devicesOf(turn, node, map, after, by, index)
}

/** The map becomes that of the file, unless it has one: the first one stays, and `twice` is the errno. facts: wire 4.4 */
function install(turn: Turn, node: bigint, map: FileMap, after: After, unknown: readonly number[], twice: number): MapDone {
  const { dialect, slots } = turn.state
  const file = fileOf(turn, node)
  if (file?.map !== undefined) {
    emit(turn, { effect: 'mapped', node, map, discarded: true, errno: twice })
    return { errno: twice, after }
  }
  // a device that could not be acquired does not count as missing: capture `push/dev-null`
  const missing = dialect.resolver?.installFlags === true && unknown.some(i => slots[i]?.failed !== true)
  if (missing) emit(turn, { effect: 'log', what: 'device-missing' })
  keepFile(turn, { ...file, node, map, state: { ...healthy(map).file, error: missing } })
  emit(turn, { effect: 'mapped', node, map, discarded: false, errno: 0 })
  return { errno: 0, after }
}
