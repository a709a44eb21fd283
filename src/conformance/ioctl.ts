/** Questions about the standalone ioctl ABI: an extension of the testee protocol. */
import { decodeIoctl, encodeIoctl, findCommand, LOWEST_ADDRESS, UserMemory } from '../codec/ioctl/index.ts'
import { decodeIoctlJson } from '../codec/json/ioctl.ts'
import { mapCommandOf } from '../kernel/ioctl/to.ts'
import { lookUps } from '../kernel/resolve-answer.ts'
import type { Devices } from '../kernel/state.ts'
import { type IoctlDialectId, ioctlDialects } from '../uapi/index.ts'
import type { IoctlVerdict } from '../validate/ioctl/types.ts'
import { ioctlVerdict } from '../validate/ioctl/verdict.ts'
import { tableOf } from './driver/lookups.ts'
import { mapRegions } from './driver/memory.ts'
import { wideIn } from './driver/numbers.ts'
import { stateIn } from './driver/state.ts'
import { bytesOf, hexOf } from './hex.ts'
import { lookUpsIn } from './lookups.ts'
import { bad, type Json, optional, text } from './record.ts'

const commandIn = (request: Json): string | number => (typeof request.message === 'number' ? request.message : text(request, 'message'))

/** Whether the message is a command of the version, and not a struct. */
export const isCommand = (request: Json, dialect: IoctlDialectId): boolean =>
  typeof request.message === 'number' || findCommand(dialect, text(request, 'message')) !== undefined

function memoryIn(request: Json): { readonly memory: UserMemory; readonly address: bigint } {
  const address = optional(request, 'base', wideIn) ?? LOWEST_ADDRESS
  const memory = new UserMemory().map(address, bytesOf(text(request, 'hex'), 'hex'))
  return { memory: request.memory === undefined ? memory : mapRegions(memory, request, 'memory'), address }
}

/** bigints as decimal strings, bytes as hex. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return hexOf(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

function told(verdict: Exclude<IoctlVerdict, { readonly unread: string }>): Json {
  const hazards = verdict.hazards.length === 0 ? {} : { hazards: verdict.hazards.map(h => h.rule) }
  if ('oops' in verdict) return { oops: verdict.oops, reason: verdict.check, ...hazards }
  if ('residue' in verdict) return { residue: verdict.residue.toString(), reason: verdict.check, ...hazards }
  if ('check' in verdict) return { errno: verdict.errno, reason: verdict.check, ...hazards }
  const { map, device, written } = verdict
  return {
    errno: 0,
    ...(map === undefined ? {} : { meta: plain(map) as Json }),
    ...(device === undefined ? {} : { device: plain(device) }),
    ...(written === undefined ? {} : { written: hexOf(written.bytes) }),
    ...hazards,
  }
}

/** What a driver does with a call; undefined: nobody has read it. */
export function ioctlVerdictOf(request: Json, dialect: IoctlDialectId): Json | undefined {
  const verdict = ioctlVerdict(dialect, { command: commandIn(request), ...memoryIn(request), state: stateIn(request) })
  return 'unread' in verdict ? undefined : told(verdict)
}

/** The early groups of MAP_CREATE_V2, or those of the last header. */
const layoutIn = (request: Json): 'early' | 'final' => (request.layout === 'early' ? 'early' : 'final')

function decoded(request: Json, dialect: IoctlDialectId) {
  const { memory, address } = memoryIn(request)
  const layout = layoutIn(request)
  return { ...decodeIoctl(dialect, commandIn(request), memory, address, { layout }), address, layout }
}

/** The argument of a command, with what its pointers lead to in their place. */
export const ioctlValueOf = (request: Json, dialect: IoctlDialectId): Json => ({ value: plain(decoded(request, dialect).value) })

/** Decoded and encoded at the same address. */
export function ioctlRoundtripOf(request: Json, dialect: IoctlDialectId): Json {
  const { value, number: of, address, layout } = decoded(request, dialect)
  return { hex: hexOf(encodeIoctl(dialect, of, value, { base: address, layout }).bytes) }
}

/** Argument and what it points to, from `base` on, with the offsets of its pointers. */
export function ioctlEncodingOf(request: Json, dialect: IoctlDialectId): Json {
  const layout = layoutIn(request)
  const base = optional(request, 'base', wideIn) ?? LOWEST_ADDRESS
  const value = decodeIoctlJson(dialect, commandIn(request), request.value, layout)
  const { bytes, relocations } = encodeIoctl(dialect, commandIn(request), value, { base, layout })
  return { hex: hexOf(bytes), relocations }
}

/** The device table of the mount: `state.slots` are taken, and `devices` says more of them. */
function devicesOf(request: Json, dialect: IoctlDialectId, named: Devices = {}): Devices {
  const { slots = [0] } = stateIn(request)
  const taken = Object.fromEntries(slots.map(slot => [slot, 'ready' as const]))
  return tableOf(dialect, slots.includes(0) ? { ...taken, ...named } : { 0: 'missing', ...taken, ...named })
}

/**
 * Look-ups in the map that the inode has after the call; undefined: nobody has read what the driver does.
 * @throws WireError code tag for a command that gives no map
 */
export function ioctlResolveOf(request: Json, dialect: IoctlDialectId): Json | undefined {
  const command = optional(request, 'message', commandIn) ?? mapCommandOf(ioctlDialects[dialect])
  const lookedFor = lookUpsIn(request)
  const verdict = ioctlVerdict(dialect, { command, ...memoryIn(request), state: stateIn(request) })
  if ('unread' in verdict) return undefined
  if ('check' in verdict) return { ...told(verdict), results: [] }
  if (verdict.map === undefined) throw bad('tag', 'message', 'gives no map to a file', 'a command that does', request.message)
  return { errno: 0, results: lookUps(verdict.map, dialect, { ...lookedFor, devices: devicesOf(request, dialect, lookedFor.devices) }) }
}
