/** Questions about the standalone ioctl ABI: an extension of the testee protocol. */
import { decode } from '../codec/decode.ts'
import { decodeIoctl, encodeIoctl, findCommand, LOWEST_ADDRESS, UserMemory } from '../codec/ioctl/index.ts'
import { decodeIoctlJson } from '../codec/json/ioctl.ts'
import { fromFmap } from '../kernel/ioctl/from.ts'
import { mapCommandOf } from '../kernel/ioctl/to.ts'
import { lookUps } from '../kernel/resolve-answer.ts'
import { fuse_famfs_fmap_push } from '../uapi/famfs/fmap.ts'
import { type IoctlDialectId, ioctlDialects } from '../uapi/index.ts'
import type { InstalledMap, IoctlState, IoctlVerdict } from '../validate/ioctl/types.ts'
import { ioctlVerdict } from '../validate/ioctl/verdict.ts'
import { bytesOf, hexOf } from './hex.ts'
import { lookUpsIn } from './lookups.ts'
import { bad, type Json, list, number, object, optional, text } from './record.ts'

/** 64 bits as a decimal string. */
function wideIn(record: Json, key: string): bigint {
  const digits = text(record, key)
  if (!/^\d{1,20}$/.test(digits) || BigInt(digits) >= 1n << 64n)
    throw bad('tag', key, 'must be 64 bits as a decimal string', 'decimal digits', digits)
  return BigInt(digits)
}

const commandIn = (request: Json): string | number => (typeof request.message === 'number' ? request.message : text(request, 'message'))

/** Whether the message is a command of the version, and not a struct. */
export const isCommand = (request: Json, dialect: IoctlDialectId): boolean =>
  typeof request.message === 'number' || findCommand(dialect, text(request, 'message')) !== undefined

function memoryIn(request: Json): { readonly memory: UserMemory; readonly address: bigint } {
  const address = optional(request, 'base', wideIn) ?? LOWEST_ADDRESS
  const memory = new UserMemory().map(address, bytesOf(text(request, 'hex'), 'hex'))
  for (const region of optional(request, 'memory', list) ?? []) {
    const more = object(region)
    memory.map(wideIn(more, 'address'), bytesOf(text(more, 'hex'), 'memory'))
  }
  return { memory, address }
}

const DEVICES = ['works', 'failed', 'fails'] as const

function deviceIn(record: Json, key: string): (typeof DEVICES)[number] {
  const found = DEVICES.find(d => d === record[key])
  if (found === undefined) throw bad('tag', key, `must be ${DEVICES.join(', ')}`, DEVICES, record[key])
  return found
}

/** The map of the inode, as a map message of KABI 44. */
function installedIn(record: Json, key: string): InstalledMap {
  const { map, fileType } = fromFmap(decode(fuse_famfs_fmap_push, bytesOf(text(record, key), key)))
  return { ...map, file_type: fileType }
}

/** The state of file, mount and caller. */
function stateIn(request: Json): IoctlState {
  const record = optional(request, 'state', (r, key) => object(r[key])) ?? {}
  const map = optional(record, 'map', installedIn)
  const options = optional(record, 'options', wideIn)
  const i_size = optional(record, 'i_size', wideIn)
  const slots = optional(record, 'slots', (r, key) => list(r, key).map(slot => number({ [key]: slot }, key)))
  return {
    inode: record.inode !== false,
    race: record.race === true,
    rawio: record.rawio !== false,
    outOfMemory: record.outOfMemory === true,
    device: optional(record, 'device', deviceIn) ?? 'works',
    lookup: optional(record, 'lookup', number) ?? 0,
    acquire: optional(record, 'acquire', number) ?? 0,
    ...(map === undefined ? {} : { map }),
    ...(options === undefined ? {} : { options }),
    ...(i_size === undefined ? {} : { i_size }),
    ...(slots === undefined ? {} : { slots }),
  }
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
  return { errno: 0, results: lookUps(verdict.map, dialect, lookedFor) }
}
