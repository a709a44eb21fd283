/**
 * The notation for the standalone ioctl ABI: its commands, their arguments in user memory, its headers and its versions. Pure data, laid
 * beside facts wire 9.
 */
import type { Resolver } from './dialect.ts'
import type { Schema } from './fields.ts'
import type { FileOperations } from './ioctl-operations.ts'
import type { CallRegister, CallStep } from './ioctl-steps.ts'
import { placesOf } from './layout.ts'
import { fixedSize } from './size.ts'
import type { EnumTable, FlagTable } from './types.ts'

/** Registers and the fields of a struct that they are read from. */
export type Loads = Readonly<Partial<Record<CallRegister, string>>>

/** A struct of the argument, and what is read of it. */
export interface CallPart {
  readonly schema: Schema<unknown, unknown>
  readonly loads: Loads
}

/** What a user pointer points to. */
export interface Pointer {
  /** field that holds it */
  readonly field: string
  /** name of what it points to, in values and paths */
  readonly as: string
  /** the elements; absent: text that ends with a NUL, and `count` is its length without it */
  readonly to?: Schema<unknown, unknown>
  /** field that counts the elements */
  readonly count: string
  /** it does so only where a field has this value */
  readonly when?: { readonly field: string; readonly equals: number }
  /** pointers in the elements */
  readonly pointers?: readonly Pointer[]
}

/** What the argument of a command points to. */
export interface IoctlArgument {
  /** the struct whose size is in the number */
  readonly schema: Schema<unknown, unknown>
  /** all that lies there, where that is more than the struct */
  readonly whole?: Schema<unknown, unknown>
  readonly pointers?: readonly Pointer[]
  /** pointers of an older header with the same number */
  readonly early?: readonly Pointer[]
  readonly loads: Loads
  readonly extent?: CallPart & { readonly as: string; readonly first: number }
  readonly group?: CallPart & { readonly as: string; readonly first: number }
}

/** What an accepted call does. */
export type IoctlEffect = 'nothing' | 'map' | 'device' | 'answer'

/** What a command answers: the head of the map, its extents, all of it, or the options. */
export type IoctlAnswer = 'famfs_ioc_map' | 'famfs_extent' | 'famfs_ioc_get_fmap'

/** One command of a header. */
export interface IoctlCommand {
  /** C name without `FAMFSIOC_` */
  readonly name: string
  /** `IOC_NONE`, `IOC_WRITE`, `IOC_READ` or both of them */
  readonly direction: number
  readonly nr: number
  /** bytes of the argument, 0 to 16383 */
  readonly size: number
  /** all of that in one number */
  readonly number: number
  readonly argument?: IoctlArgument
}

/** What the kernels of a dialect do with a command. */
export interface IoctlHandler {
  /** in the order of the driver; absent: nobody has read it */
  readonly checks?: readonly CallStep[]
  readonly effect: IoctlEffect
  readonly answer?: IoctlAnswer
}

/** A published header. */
export interface IoctlHeader {
  readonly id: string
  /** when and where */
  readonly title: string
  readonly commands: readonly IoctlCommand[]
  /** values of `extent_type`, where it has that field */
  readonly extentTypes?: EnumTable
}

/** Limits of a driver; absent: none. */
export interface IoctlLimits {
  readonly extents?: number
  readonly groups?: number
  readonly strips?: number
  /** highest device index */
  readonly devIndex: number
  /** slots of the device table; absent: a mount has one device */
  readonly devSlots?: number
  /** bytes of a map message */
  readonly message?: number
}

/** One version of the ABI. */
export interface IoctlDialect {
  readonly id: string
  readonly title: string
  /** section of the fact sheet */
  readonly facts: string
  /** FAMFS_KABI_VERSION; absent: the header has none */
  readonly kabi?: number
  readonly limits: IoctlLimits
  /** published headers, the last one first: its commands are those of the dialect */
  readonly headers: readonly [IoctlHeader, ...IoctlHeader[]]
  /** what is asked of every command but NOP before its handler runs */
  readonly entry: readonly CallStep[]
  /** by command name */
  readonly handlers: Readonly<Record<string, IoctlHandler>>
  /** what a mount permits, and what of it from the start; absent: everything */
  readonly options?: { readonly bits: FlagTable; readonly initial: bigint }
  /** what is asked before a file operation; absent: nobody has read it */
  readonly operations?: FileOperations
  /** how a mount takes a device, its own first one and those of DAXDEV_OPEN; absent: nobody has read it */
  readonly installDevice?: readonly CallStep[]
  readonly resolver: Resolver
}

const wrong = (dialect: string, command: string, what: string): Error => new Error(`${dialect}: ${command} ${what}`)

/** A struct of fixed size that has these fields. */
function checkStruct({ type }: Schema<unknown, unknown>, fields: readonly string[], fail: (what: string) => Error): void {
  if (type.kind !== 'struct' || fixedSize(type) === undefined) throw fail('copies what is no struct of fixed size')
  const names = placesOf(type).map(p => p.name)
  const missing = fields.find(field => !names.includes(field))
  if (missing !== undefined) throw fail(`reads ${missing}, which ${type.name} does not have`)
}

function checkPointers(schema: Schema<unknown, unknown>, pointers: readonly Pointer[], fail: (what: string) => Error): void {
  for (const { field, count, to, pointers: inner = [] } of pointers) {
    checkStruct(schema, [field, count], fail)
    if (to === undefined) continue
    checkStruct(to, [], fail)
    checkPointers(to, inner, fail)
  }
}

function checkArgument({ schema, loads, pointers = [], early = [], extent, group }: IoctlArgument, fail: (what: string) => Error): void {
  for (const part of [{ schema, loads }, extent, group]) if (part !== undefined) checkStruct(part.schema, Object.values(part.loads), fail)
  for (const list of [pointers, early]) checkPointers(schema, list, fail)
}

function* stepsIn(steps: readonly CallStep[]): Generator<CallStep> {
  for (const step of steps) {
    yield step
    if ('steps' in step) yield* stepsIn(step.steps)
  }
}

/** What steps of these kinds, or copies of these parts, need of the argument. */
const NEEDS: Readonly<Record<string, (argument: IoctlArgument | undefined) => unknown>> = {
  eachExtent: argument => argument?.extent,
  eachStrip: argument => argument?.extent,
  eachGroup: argument => argument?.group,
  extents: argument => argument?.pointers?.find(p => p.as === argument.extent?.as),
  groups: argument => argument?.pointers?.find(p => p.as === argument.group?.as),
  strips: argument => argument?.pointers?.flatMap(p => p.pointers ?? []).find(p => p.as === 'ie_strips'),
  path: argument => argument?.pointers?.find(p => p.as === 'daxdev_path'),
}

/** No step may look for what the argument has not. */
function checkSteps({ checks = [] }: IoctlHandler, argument: IoctlArgument | undefined, fail: (what: string) => Error): void {
  for (const step of stepsIn(checks)) {
    const kind = step.kind === 'copy' ? step.part : step.kind
    if (NEEDS[kind]?.(argument) === undefined && kind in NEEDS) throw fail(`has a step ${kind}, and its argument has no place for that`)
  }
}

/**
 * Define a version of the ioctl ABI. It is checked: every command of its newest header has a handler, and every handler a command; what a driver
 * copies are structs of fixed size with the fields that it reads, and no step looks for what the argument has not.
 * @throws Error naming the dialect and the command
 */
export function ioctlDialect(definition: IoctlDialect): IoctlDialect {
  const { id, headers, handlers } = definition
  for (const { name, argument } of headers.flatMap(h => h.commands))
    if (argument !== undefined) checkArgument(argument, what => wrong(id, name, what))
  const { commands } = headers[0]
  for (const { name, argument } of commands) {
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
    if (handler === undefined) throw new Error(`${id}: ${name} has no handler`)
    checkSteps(handler, argument, what => wrong(id, name, what))
  }
  for (const name of Object.keys(handlers))
    if (!commands.some(c => c.name === name)) throw new Error(`${id}: the handler ${name} belongs to no command`)
  return definition
}
