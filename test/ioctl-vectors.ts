/** The vectors of fixtures/ioctl, read and asked. */
import { readFileSync } from 'node:fs'
import { decodeIoctl, encodeIoctl, type IoctlValue, UserMemory } from '../src/codec/ioctl/index.ts'
import { type DeviceState, type FileMap, fileBad, healthy, resolutionJson, resolveIn } from '../src/kernel/index.ts'
import { cutToFile } from '../src/kernel/ioctl/access.ts'
import { rulesOf } from '../src/kernel/state.ts'
import type { IoctlDialectId } from '../src/uapi/index.ts'
import { type FamfsOperation, optionErrno } from '../src/validate/ioctl/options.ts'
import type { InstalledMap, IoctlState, IoctlVerdict } from '../src/validate/ioctl/types.ts'
import { ioctlVerdict } from '../src/validate/ioctl/verdict.ts'

type Json = Readonly<Record<string, unknown>>

export interface IoctlVector {
  readonly id: string
  /** rows of facts wire 9, as in rules.json */
  readonly rules: readonly string[]
  readonly dialect: IoctlDialectId
  readonly kind: 'call' | 'lookup' | 'file' | 'cut' | 'option' | 'encoding'
  readonly expect: unknown
  readonly [member: string]: unknown
}

export interface IoctlRuleRow {
  readonly rule: string
  readonly says: string
  readonly dialects: readonly IoctlDialectId[]
  /** ids by dialect, of vectors made by hand or answered by the drivers' own code */
  readonly vectors: Readonly<Partial<Record<IoctlDialectId, readonly string[]>>>
  readonly shadowed?: string
}

const folder = new URL('../fixtures/ioctl/', import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

const linesOf = <T>(name: string): T[] =>
  text(name)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as T)

export const ioctlVectors: readonly IoctlVector[] = linesOf('vectors.jsonl')

/** A vector that a driver's own code answered: fixtures/ioctl/FORMAT.md. */
export interface AnsweredVector {
  readonly id: string
  readonly dialect: IoctlDialectId
  readonly kind: string
  readonly expect?: unknown
  readonly queries?: readonly Json[]
  readonly [member: string]: unknown
}

/** Files of them. */
export const ANSWERED = ['ioctl-43', 'ioctl-43-late', 'ioctl-44d', 'ioctl-44d-kernel', 'ioctl-44e'] as const
export const answeredIn = (file: (typeof ANSWERED)[number]): AnsweredVector[] => linesOf(`${file}.jsonl`)
export const answeredVectors: readonly AnsweredVector[] = ANSWERED.flatMap(answeredIn)
export const ioctlRuleRows: readonly IoctlRuleRow[] = JSON.parse(text('rules.json')) as IoctlRuleRow[]

const unhex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const wide = (value: bigint): string => `0x${value.toString(16)}`

/** `0x` strings as bigints, everywhere. */
export function parsed(value: unknown): unknown {
  if (typeof value === 'string') return /^0x[0-9a-f]+$/.test(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(parsed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, parsed(member)]))
}

/** The same backwards. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') return wide(value)
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, written(member)]))
}

export const memoryIn = (regions: Json): UserMemory => {
  const memory = new UserMemory()
  for (const [address, digits] of Object.entries(regions)) memory.map(BigInt(address), unhex(String(digits)))
  return memory
}

export const callIn = (v: IoctlVector) => ({
  command: Number(v.command),
  address: BigInt(String(v.address)),
  memory: memoryIn(v.memory as Json),
  state: (parsed(v.state) ?? {}) as IoctlState,
})

/** A verdict in the words of the vectors; a path only where the vector has one. */
function told(verdict: IoctlVerdict, expected: Json): Json {
  const hazards = verdict.hazards.length === 0 ? {} : { hazards: verdict.hazards.map(h => h.rule) }
  const path = 'path' in verdict && expected.path !== undefined ? { path: verdict.path } : {}
  if ('unread' in verdict) return { unread: true }
  if ('oops' in verdict) return { oops: verdict.oops, check: verdict.check, ...hazards }
  if ('residue' in verdict) return { residue: verdict.residue.toString(), check: verdict.check, ...path, ...hazards }
  if ('check' in verdict) return { errno: verdict.errno, check: verdict.check, ...path, ...hazards }
  const { map, device, written: bytes } = verdict
  return {
    errno: 0,
    ...(map === undefined ? {} : { map: written(map) }),
    ...(device === undefined ? {} : { device: written(device) }),
    ...(bytes === undefined ? {} : { written: hex(bytes.bytes) }),
    ...hazards,
  }
}

function call(v: IoctlVector): unknown {
  const machine = (v.machine ?? {}) as { kmallocMax?: number }
  return told(ioctlVerdict(v.dialect, callIn(v), machine), v.expect as Json)
}

function lookup(v: IoctlVector): unknown {
  const map = parsed(v.map) as FileMap
  const file = v.file === undefined ? healthy(map).file : (parsed(v.file) as ReturnType<typeof healthy>['file'])
  const devices = (v.devices ?? {}) as Record<number, DeviceState>
  const { result, state } = resolveIn(map, BigInt(String(v.offset)), BigInt(String(v.len)), v.dialect, { devices, file })
  if (state.file.error !== (v.flag === true || file.error)) return { flag: state.file.error }
  const json = resolutionJson(result) as Json
  return 'addr' in json ? { ...json, addr: wide(BigInt(String(json.addr))), length: wide(BigInt(String(json.length))) } : json
}

function file(v: IoctlVector): unknown {
  const map = v.map === undefined ? undefined : (parsed(v.map) as FileMap)
  const { errno, file } = fileBad(map, parsed(v.file) as ReturnType<typeof healthy>['file'], rulesOf(v.dialect))
  return { errno, error: file.error }
}

const cut = (v: IoctlVector): unknown =>
  wide(cutToFile(BigInt(String(v.position)), BigInt(String(v.count)), BigInt(String(v.i_size)), v.dialect))

const option = (v: IoctlVector): unknown => ({
  errno:
    v.options === undefined
      ? optionErrno(v.operation as FamfsOperation)
      : optionErrno(v.operation as FamfsOperation, BigInt(String(v.options))),
})

/** What it encodes to; the decoded value must be the given one. */
function encoding(v: IoctlVector): unknown {
  const value = parsed(v.value) as IoctlValue
  const layout = (v.layout ?? 'final') as 'early' | 'final'
  const base = BigInt(String(v.base))
  const payload = encodeIoctl(v.dialect, Number(v.command), value, { base, layout })
  const memory = new UserMemory().map(base, unhex(String(v.hex)))
  return {
    hex: hex(payload.bytes),
    relocations: payload.relocations,
    value: decodeIoctl(v.dialect, Number(v.command), memory, base, { layout }).value,
  }
}

export const kinds: Readonly<Record<IoctlVector['kind'], (v: IoctlVector) => unknown>> = { call, lookup, file, cut, option, encoding }

/** The maps that calls install, for whoever wants more of them. */
export const installedIn = (v: IoctlVector): InstalledMap | undefined => (parsed(v.expect) as { map?: InstalledMap }).map
