/** The device table: filled by the answers to GET_DAXDEV, or by the server through an ioctl. facts: wire 4.5, 4.6 */
import { EACCES, EBUSY, EINVAL, EIO, ENODEV, ENOENT, EOPNOTSUPP } from '../../uapi/errno.ts'
import { verdictDaxdev } from '../../validate/daxdev.ts'
import type { Ending } from '../../validate/reply.ts'
import type { DeviceState } from '../state.ts'
import { emit, type Turn } from './turn.ts'
import type { Conversation, Named, Slot } from './types.ts'

const NOT_THERE: Named = { kind: 'errno', errno: ENOENT }

/** What a name leads to now. */
export const namedOf = ({ names }: Conversation, name: string): Named => (Object.hasOwn(names, name) ? names[name] : undefined) ?? NOT_THERE

/** errno of looking a name up as a dax device, before it is acquired. facts: wire 4.5 steps 5 to 7, 9 */
function lookUpErrno(named: Named): number {
  if (named.kind === 'errno') return named.errno
  if (named.kind === 'other') return EINVAL
  if (named.nodev === true) return EACCES
  return named.device === undefined && named.acquire === undefined ? ENODEV : 0
}

/** A device has one holder: this connection itself may be it. facts: wire 4.6 step 9 */
const holds = ({ slots }: Conversation, device: string): boolean =>
  Object.values(slots).some(s => s.valid && !s.failed && s.device === device)

const acquireErrno = (state: Conversation, named: Named): number =>
  named.kind !== 'character' ? 0 : (named.acquire ?? (named.device !== undefined && holds(state, named.device) ? EBUSY : 0))

const deviceState = ({ valid, failed }: Slot): DeviceState => (!valid ? 'missing' : failed ? 'busy' : 'ready')

function fill(turn: Turn, index: number, slot: Slot): void {
  const { state } = turn
  state.slots = { ...state.slots, [index]: slot }
  state.devices = { ...state.devices, [index]: deviceState(slot) }
}

/** A table without any device: look-ups see every slot as missing. */
export const emptyDevices = (slots: number): Readonly<Record<number, DeviceState>> =>
  Object.fromEntries(Array.from({ length: slots }, (_, i) => [i, 'missing']))

/** The dax device was found; acquire it. errno as the kernel's own function has it. facts: wire 4.5 steps 10, 11 */
function acquire(turn: Turn, index: number, name: string, named: Named): number {
  const { habits } = turn.state
  const errno = acquireErrno(turn.state, named)
  const device = named.kind === 'character' && named.device !== undefined ? { device: named.device } : {}
  if (errno === 0) {
    fill(turn, index, { name, ...device, valid: true, failed: false })
    return 0
  }
  emit(turn, { effect: 'log', what: 'device-acquire', errno, index })
  if (habits.acquireFails === 'free') return errno
  const valid = habits.acquireFails === 'valid'
  fill(turn, index, { name, valid, failed: true })
  return valid ? 0 : EBUSY
}

/** errno inside the kernel; open(2) never shows it. */
function install(turn: Turn, index: number, ending: Exclude<Ending, { kind: 'pending' }>): number {
  const { state } = turn
  if (index >= state.habits.slots) {
    emit(turn, { effect: 'log', what: 'device-index', errno: EINVAL, index })
    return EINVAL
  }
  if (ending.kind === 'errno') {
    emit(turn, { effect: 'log', what: 'device-request', errno: ending.errno, index })
    return ending.errno
  }
  if (state.slots[index]?.valid === true) return state.habits.deviceTwice
  const verdict = verdictDaxdev(ending.body, state.dialect)
  if (!verdict.ok) return badName(turn, index, verdict.errno)
  const { name } = verdict.meta
  const named = namedOf(state, name)
  const errno = lookUpErrno(named)
  return errno === 0 ? acquire(turn, index, name, named) : badName(turn, index, errno)
}

function badName(turn: Turn, index: number, errno: number): number {
  emit(turn, { effect: 'log', what: 'device-name', errno, index })
  return errno
}

/** The answer about a device: its errno, which most kernels drop. */
export function installDevice(turn: Turn, index: number, ending: Exclude<Ending, { kind: 'pending' }>): number {
  const errno = install(turn, index, ending)
  if (errno !== 0 && turn.state.dialect.reply.GET_DAXDEV?.fatal !== true)
    emit(turn, { effect: 'log', what: 'device-dropped', errno, index })
  return errno
}

/** FUSE_DEV_IOC_DAXDEV_OPEN. facts: wire 4.6 */
export function pushDevice(turn: Turn, index: bigint, name: string, named: Named): number {
  const { state } = turn
  if (!state.settled.famfs) return EOPNOTSUPP
  if (named.kind === 'errno') return named.errno
  if (named.kind === 'other') return EINVAL
  const slot = index < BigInt(state.habits.slots) ? state.slots[Number(index)] : undefined
  if (index >= BigInt(state.habits.slots)) {
    emit(turn, { effect: 'log', what: 'device-index', errno: EINVAL })
    return pushFailed(turn, EINVAL)
  }
  if (slot?.valid === true) return 0
  if (slot?.failed === true) return EIO
  return acquirePushed(turn, Number(index), name, named)
}

function acquirePushed(turn: Turn, index: number, name: string, named: Named & { readonly kind: 'character' }): number {
  if (named.device === undefined && named.acquire === undefined) return pushFailed(turn, ENODEV)
  const own = named.acquire === undefined
  const errno = acquireErrno(turn.state, named)
  if (errno === 0) {
    fill(turn, index, { name, ...(named.device === undefined ? {} : { device: named.device }), valid: true, failed: false })
    return 0
  }
  emit(turn, { effect: 'log', what: 'device-acquire', errno, index })
  if (!(own && errno === EBUSY)) fill(turn, index, { name, valid: false, failed: true })
  return pushFailed(turn, errno)
}

function pushFailed(turn: Turn, errno: number): number {
  emit(turn, { effect: 'log', what: 'push-failed', errno })
  return errno
}

/** A memory failure: every slot with this device answers EHWPOISON from now on. facts: wire 6.2 */
export function poison(turn: Turn, device: string): void {
  const { slots, devices } = turn.state
  const hit = Object.entries(slots).filter(([, slot]) => slot.valid && slot.device === device)
  turn.state.devices = { ...devices, ...Object.fromEntries(hit.map(([index]) => [index, 'error' as const])) }
}
