/** A call under way: what has been copied, the numbers that the driver has read of it, and the way to the field to blame. */
import { type FieldPlace, fieldPlaces, sizeOf } from '../../codec/ioctl/fields.ts'
import type { AddressSpace } from '../../codec/ioctl/index.ts'
import type { CallPart, IoctlArgument, IoctlCommand, IoctlDialect, IoctlHandler, Pointer } from '../../schema/ioctl.ts'
import type { CallRegister } from '../../schema/ioctl-steps.ts'
import { numberAt } from '../bytes.ts'
import type { MetaExtent, MetaGroup } from '../meta.ts'
import type { Machine } from '../options.ts'
import type { Registers } from '../tests.ts'
import type { IoctlHazard, IoctlPlace, IoctlState } from './types.ts'

/** Bytes that were copied out of the caller's memory. */
export interface Window {
  readonly bytes: Uint8Array
  readonly address: bigint
}

export const NOTHING: Window = { bytes: new Uint8Array(), address: 0n }

/** What a step found: its name, and where. */
export interface Failure extends IoctlPlace {
  readonly check: string
}

/** An argument with parts that are empty where it has none. */
export type Argument = IoctlArgument & Required<Pick<IoctlArgument, 'pointers' | 'extent' | 'group'>>

/** A struct of which nothing is read. */
export const NO_PART: Argument['extent'] = { schema: { type: { kind: 'struct', name: 'none', fields: [] } }, loads: {}, as: '', first: 0 }

export interface Call extends Registers {
  readonly dialect: IoctlDialect
  /** undefined: the number is none of the dialect's */
  readonly command: IoctlCommand | undefined
  readonly handler: IoctlHandler
  readonly argument: Argument
  readonly address: bigint
  readonly memory: AddressSpace
  readonly state: IoctlState
  readonly machine: Machine
  bytes: Uint8Array
  size: number
  values: Record<CallRegister, bigint>
  firstCounted: Failure | undefined
  head: Window
  /** simple extents; groups; strips of the group */
  list: Window
  groups: Window
  strips: Window
  path: Window
  /** -1: not in a group */
  groupIndex: number
  index: number
  /** first byte of the extent or strip in its window */
  at: number
  /** bytes of strips that may still be followed: groups can share them */
  budget: number
  /** some of the map could not be read: sums mean nothing */
  partial: boolean
  readonly hazards: IoctlHazard[]
  /** addresses of the groups, and of the first strip of each */
  readonly groupsAt: bigint[]
  readonly stripsAt: bigint[]
  readonly extents: MetaExtent[]
  readonly kept: MetaGroup[]
  groupStrips: MetaExtent[]
}

const REGISTERS: readonly CallRegister[] = [
  'nextents',
  'ext_type',
  'file_size',
  'ie_nstrips',
  'ie_chunk_size',
  'ie_nbytes',
  'se_devindex',
  'se_offset',
  'se_len',
  'total',
  'logical',
  'file_type',
  'fmap_version',
  'fmap_size',
  'daxdev_index',
  'daxdev_path_len',
  'flags',
  'padding',
]

export const zeros = (): Record<CallRegister, bigint> =>
  Object.fromEntries(REGISTERS.map(name => [name, 0n])) as Record<CallRegister, bigint>

const placesOf = new Map<unknown, ReadonlyMap<string, FieldPlace>>()

/** Where the fields of a part lie; looked up once for each schema. */
export function places({ schema }: Pick<CallPart, 'schema'>): ReadonlyMap<string, FieldPlace> {
  const known = placesOf.get(schema) ?? fieldPlaces(schema)
  placesOf.set(schema, known)
  return known
}

/** The number in a field of the struct that starts at `at` of a window. */
function fieldIn(part: CallPart, field: string, { bytes }: Window, at: number): bigint {
  const [offset, size] = places(part).get(field) as FieldPlace
  return numberAt(bytes, at + offset, size)
}

/** Registers from the struct that starts at `at` of a window. */
export function load(call: Call, part: CallPart, window: Window, at: number): void {
  for (const [register, field] of Object.entries(part.loads) as [CallRegister, string][])
    call.values[register] = fieldIn(part, field, window, at)
}

/** The value of that of the pointers in a struct at `at` of a window which leads to the list of this name. */
export const pointerIn = (part: CallPart, pointers: readonly Pointer[], as: string, window: Window, at: number): bigint =>
  fieldIn(part, (pointers.find(p => p.as === as) as Pointer).field, window, at)

/** Reads the extent or strip at `at` of a window. */
export function enterExtent(call: Call, index: number, window: Window, at: number): void {
  call.index = index
  call.at = at
  load(call, call.argument.extent, window, at)
}

/** Whether the walk is in a group. */
const inGroup = (call: Call): boolean => call.groupIndex >= 0

/** Path of the group that the walk is in. */
export const groupPath = ({ argument, groupIndex }: Call): string => `${argument.group.as}[${groupIndex}]`
const extentPath = (call: Call): string =>
  inGroup(call) ? `${groupPath(call)}.ie_strips[${call.index}]` : `${call.argument.extent.as}[${call.index}]`

/** The field that a register was read from. */
function fieldAt(part: CallPart, register: CallRegister, prefix: string, { address }: Window, at: number): IoctlPlace | undefined {
  const field = part.loads[register]
  if (field === undefined) return undefined
  const [offset, length] = places(part).get(field) as FieldPlace
  return { path: `${prefix}${field}`, address: address + BigInt(at + offset), length }
}

const NOWHERE: IoctlPlace = { path: '', length: 0 }

/** Where the register that a step blames was read from. */
export function locate(call: Call, register: CallRegister | ''): IoctlPlace {
  const { argument, head } = call
  if (register === '') return NOWHERE
  return (
    fieldAt(argument.extent, register, `${extentPath(call)}.`, inGroup(call) ? call.strips : call.list, call.at) ??
    fieldAt(argument.group, register, `${groupPath(call)}.`, call.groups, call.group) ??
    fieldAt(argument, register, '', head, 0) ??
    NOWHERE
  )
}

/** Bytes of an extent in the argument. */
export const extentSize = ({ argument }: Call): number => sizeOf(argument.extent.schema)
/** Bytes of the head of a group in the argument. */
export const groupSize = ({ argument }: Call): number => sizeOf(argument.group.schema)
