/**
 * The notation for the standalone ioctl ABI: its commands, their arguments in user memory, its headers and its versions. Pure data, laid
 * beside facts wire 9.
 */
import type { Resolver } from './dialect.ts'
import type { Schema } from './fields.ts'
import type { CallRegister, CallStep } from './ioctl-steps.ts'
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
  readonly resolver: Resolver
}

/**
 * Define a version of the ioctl ABI. It is checked: every command of its newest header has a handler, and every handler a command.
 * @throws Error naming the dialect and the command
 */
export function ioctlDialect(definition: IoctlDialect): IoctlDialect {
  const names = definition.headers[0].commands.map(c => c.name)
  for (const name of names) if (!Object.hasOwn(definition.handlers, name)) throw new Error(`${definition.id}: ${name} has no handler`)
  for (const name of Object.keys(definition.handlers))
    if (!names.includes(name)) throw new Error(`${definition.id}: the handler ${name} belongs to no command`)
  return definition
}
