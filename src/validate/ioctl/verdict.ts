/** What a kernel does with an ioctl: its checks, in their order, over the argument and the memory that it points to. */

import { findIn, ioctlDialectOf } from '../../codec/ioctl/command.ts'
import { LOWEST_ADDRESS, UserMemory } from '../../codec/ioctl/index.ts'
import { decodeText } from '../../codec/text.ts'
import type { IoctlCommand, IoctlDialect, IoctlHandler } from '../../schema/ioctl.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { EBUSY, ENOTTY } from '../../uapi/errno.ts'
import { bitmapOf } from '../meta.ts'
import { machineOf, type VerdictOptions, X86_64 } from '../options.ts'
import { famfsLayout } from '../parse.ts'
import { answerOf } from './answer.ts'
import { type Argument, type Call, NO_PART, NOTHING, zeros } from './call.ts'
import { ruleNamed } from './rules/index.ts'
import type { InstalledMap, IoctlCall, IoctlDone, IoctlHazard, IoctlState, IoctlVerdict } from './types.ts'
import { type Ending, run } from './walk.ts'

/** Bytes of strips that are followed for one call: what a model is asked about is hostile. */
const BUDGET = 0x100_0000

const NO_ARGUMENT: Argument = { ...NO_PART, pointers: [], extent: NO_PART, group: NO_PART }
const NO_HANDLER: IoctlHandler = { effect: 'nothing' }

/** The command in the header that the driver was built with: numbers of older headers mean nothing to it. */
export const commandIn = (dialect: IoctlDialect, command: string | number): IoctlCommand | undefined =>
  findIn(dialect.headers[0].commands, command)

/** A call before its first step. */
export function enter(
  dialect: IoctlDialect,
  command: IoctlCommand | undefined,
  { address, memory, state = {} }: Omit<IoctlCall, 'command'>,
  options: VerdictOptions,
): Call {
  return {
    dialect,
    command,
    handler: (command === undefined ? undefined : dialect.handlers[command.name]) ?? NO_HANDLER,
    argument: { ...NO_ARGUMENT, ...command?.argument },
    address,
    memory,
    state,
    machine: machineOf(options),
    bytes: NOTHING.bytes,
    size: 0,
    values: zeros(),
    layout: famfsLayout,
    group: 0,
    extent: 0,
    firstCounted: undefined,
    shortStrip: -1,
    head: NOTHING,
    list: NOTHING,
    groups: NOTHING,
    strips: NOTHING,
    path: NOTHING,
    groupIndex: -1,
    index: 0,
    at: 0,
    budget: BUDGET,
    partial: false,
    hazards: [],
    groupsAt: [],
    stripsAt: [],
    extents: [],
    kept: [],
    groupStrips: [],
  }
}

/** What the driver keeps of the map. */
export function mapOf({ values, extents, kept, argument }: Call): InstalledMap {
  const about = { file_size: values.file_size, file_type: Number(values.file_type) }
  // a driver without groups stores no type: its maps are simple, whatever the argument says
  return values.ext_type === 1n && argument.group !== NO_PART
    ? { ...about, ext_type: 'interleaved', extents: kept }
    : { ...about, ext_type: 'simple', extents }
}

/** Remarks that say that the kernel suffers, not those that are for a careful caller only. */
const grave = ({ hazards }: Call): readonly IoctlHazard[] => hazards.filter(h => ruleNamed(h.rule).severity === 'error')

/** The map, and where a mount can have more than one device which of them it uses. */
function kept(call: Call): Pick<IoctlDone, 'map' | 'dev_bitmap'> {
  const map = mapOf(call)
  if (call.dialect.limits.devSlots === undefined) return { map }
  return { map, dev_bitmap: bitmapOf(map.ext_type === 'simple' ? map.extents : map.extents.flatMap(g => g.strips)) }
}

/** The driver remembers that it could not take the device, unless this very mount holds it. facts: ioctl-44e 4 row 9 */
export const failsToTake = ({ acquire, heldBy }: IoctlState, check: string): boolean =>
  check === 'deviceTaken' && !(acquire === EBUSY && heldBy === 'self')

/** A slot for which taking a device failed: by this call, or before. facts: ioctl-44e 4 */
function failedSlot(call: Call, check: string): { readonly slotFailed?: number } {
  const { state, values, handler } = call
  if (handler.effect !== 'device') return {}
  if (failsToTake(state, check)) return { slotFailed: Number(values.daxdev_index) }
  const before = Object.entries(state.devices ?? {}).find(([, trouble]) => trouble === 'failed')
  return before === undefined ? {} : { slotFailed: Number(before[0]) }
}

function done(call: Call): IoctlVerdict {
  const hazards = grave(call)
  const { effect } = call.handler
  if (effect === 'map') return { ok: true, errno: 0, ...kept(call), hazards }
  if (effect === 'answer') return { ok: true, errno: 0, written: { address: call.address, bytes: answerOf(call) }, hazards }
  if (effect === 'nothing') return { ok: true, errno: 0, hazards }
  const { path, values } = call
  const end = path.bytes.indexOf(0)
  return {
    ok: true,
    errno: 0,
    device: { index: values.daxdev_index, ...(end < 0 ? {} : { path: decodeText(path.bytes, 0, end) }) },
    hazards,
  }
}

function ended(call: Call, ending: Exclude<Ending, { kind: 'blind' }>): IoctlVerdict {
  const hazards = grave(call)
  if (ending.kind === 'oops') return { ok: false, oops: 'null_dereference', check: ending.check, hazards }
  if (ending.kind === 'residue') {
    const { kind: _kind, written, ...residue } = ending
    return { ok: false, ...residue, ...(written === undefined ? {} : { written: { address: call.address, bytes: written } }), hazards }
  }
  const { kind: _kind, errno, ...at } = ending
  // the slot of the device was taken already: the call is done
  return errno === 0
    ? { ok: true, errno: 0, device: { index: call.values.daxdev_index }, hazards }
    : { ok: false, errno, ...at, ...failedSlot(call, at.check), hazards }
}

/**
 * What a kernel of this dialect does with a call: its errno, or the positive rest of a copy that failed, or an oops; when it succeeds, the
 * map that the inode has then, the device that was registered, or the bytes that were written (memory itself is not changed).
 *
 * What the argument cannot decide is input: see {@link IoctlState}. Commands of which nobody has read what the driver does are answered
 * with `unread`. A number that is no command of the dialect's last header is ENOTTY, however near it is to one.
 *
 * @param dialect a version of the ioctl ABI or its id
 * @param options page and PMD size and the largest allocation of that machine
 * @throws WireError code unsupported for an unknown dialect, code range for options out of range; never for the call
 */
export function ioctlVerdict(dialect: IoctlDialect | IoctlDialectId, call: IoctlCall, options: VerdictOptions = X86_64): IoctlVerdict {
  const own = ioctlDialectOf(dialect)
  const command = commandIn(own, call.command)
  const c = enter(own, command, call, options)
  const w = { call: c, listener: undefined }
  const refusal = run(w, own.entry)
  if (refusal !== undefined && refusal.kind !== 'blind') return ended(c, refusal)
  if (command === undefined) return { ok: false, errno: ENOTTY, check: 'commandKnown', path: '', length: 0, hazards: [] }
  if (c.handler.checks === undefined)
    return { ok: false, unread: `what the driver of ${own.id} does with ${command.name} has not been read`, hazards: [] }
  const ending = run(w, c.handler.checks)
  return ending === undefined || ending.kind === 'blind' ? done(c) : ended(c, ending)
}

/** {@link ioctlVerdict} of an argument that lies in one piece, as `encodeIoctl` makes it. */
export const verdictOfPayload = (
  dialect: IoctlDialect | IoctlDialectId,
  { number, bytes, base = LOWEST_ADDRESS }: { readonly number: number; readonly bytes: Uint8Array; readonly base?: bigint },
  state: IoctlCall['state'] = {},
  options: VerdictOptions = X86_64,
): IoctlVerdict => ioctlVerdict(dialect, { command: number, address: base, memory: new UserMemory().map(base, bytes), state }, options)
