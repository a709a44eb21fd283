/** Questions about the standalone ioctl ABI: an extension of the testee protocol. */
import { decode } from '../codec/decode.ts'
import { decodeIoctl, encodeIoctl, findCommand, LOWEST_ADDRESS, UserMemory } from '../codec/ioctl/index.ts'
import { mapOf } from '../kernel/map.ts'
import { fuse_famfs_fmap_push } from '../uapi/famfs/fmap.ts'
import type { IoctlDialectId } from '../uapi/index.ts'
import type { IoctlState, IoctlVerdict } from '../validate/ioctl/types.ts'
import { ioctlVerdict } from '../validate/ioctl/verdict.ts'
import { bytesOf, hexOf } from './hex.ts'
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

/** The state of file, mount and caller; the map of the inode is a map message of KABI 44. */
function stateIn(request: Json): IoctlState {
  const record = optional(request, 'state', (r, key) => object(r[key])) ?? {}
  const map = optional(record, 'map', (r, key) => mapOf(decode(fuse_famfs_fmap_push, bytesOf(text(r, key), key))))
  const options = optional(record, 'options', wideIn)
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

function decoded(request: Json, dialect: IoctlDialectId) {
  const { memory, address } = memoryIn(request)
  const layout = request.layout === 'early' ? ('early' as const) : ('final' as const)
  return { ...decodeIoctl(dialect, commandIn(request), memory, address, { layout }), address, layout }
}

/** The argument of a command, with what its pointers lead to in their place. */
export const ioctlValueOf = (request: Json, dialect: IoctlDialectId): Json => ({ value: plain(decoded(request, dialect).value) })

/** Decoded and encoded at the same address. */
export function ioctlRoundtripOf(request: Json, dialect: IoctlDialectId): Json {
  const { value, number: of, address, layout } = decoded(request, dialect)
  return { hex: hexOf(encodeIoctl(dialect, of, value, { base: address, layout }).bytes) }
}
