/** Commands of the ioctl ABI by name and number: which dialect has them, and what else a number means. facts: wire 9.1 */

import type { IoctlCommand, IoctlDialect, IoctlHeader } from '../../schema/ioctl.ts'
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { fuseDeviceIoctls, iocParts } from '../../uapi/fuse/ioctl.ts'
import { unknownDialect } from '../dialects.ts'
import { WireError } from '../errors.ts'
import { named } from '../names.ts'
import { structOf } from './fields.ts'

const PREFIX = /^FAMFSIOC_/

const unsupported = (path: string, detail: string): WireError => new WireError({ code: 'unsupported', path, offset: 0, detail })

/** Eight digits, as the headers' macros come out. */
export const ioctlText = (number: number): string => `0x${number.toString(16).padStart(8, '0')}`

/**
 * The version of that id, or the value given.
 * @throws WireError code unsupported when there is none
 */
export function ioctlDialectOf(dialect: IoctlDialect | IoctlDialectId): IoctlDialect {
  if (typeof dialect === 'object' && dialect !== null) return dialect
  const found = named(ioctlDialects, dialect)
  if (found === undefined) throw unknownDialect(dialect, ioctlDialects)
  return found
}

/** A command of a header by name or number. */
export const findIn = (commands: readonly IoctlCommand[], command: string | number): IoctlCommand | undefined =>
  commands.find(c => (typeof command === 'number' ? c.number === command : c.name === String(command).replace(PREFIX, '')))

/** A command of a dialect by name (with or without `FAMFSIOC_`) or number, older headers included; undefined where it has none. */
export function findCommand(dialect: IoctlDialect | IoctlDialectId, command: string | number): IoctlCommand | undefined {
  for (const { commands } of ioctlDialectOf(dialect).headers) {
    const found = findIn(commands, command)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * A command of a dialect by name or number.
 * @throws WireError code unsupported that says what the dialect has, and who else has the command
 */
export function commandOf(dialect: IoctlDialect | IoctlDialectId, command: string | number): IoctlCommand {
  const own = ioctlDialectOf(dialect)
  const found = findCommand(own, command)
  if (found !== undefined) return found
  const others = Object.values<IoctlDialect>(ioctlDialects).filter(d => findCommand(d, command) !== undefined)
  const what = typeof command === 'number' ? ioctlText(command) : command
  const has = own.headers[0].commands.map(c => `${c.name} ${ioctlText(c.number)}`).join(', ')
  const elsewhere = others.length === 0 ? '' : `; it is a command of ${others.map(d => d.id).join(', ')}`
  throw unsupported('command', `${own.id} has no command ${what}, it has ${has}${elsewhere}`)
}

/** One meaning of an ioctl number. */
export interface IoctlUse {
  readonly dialect: string
  /** of which header of the dialect */
  readonly header: string
  /** C name */
  readonly name: string
  /** C name of the struct that the size is that of; absent: none */
  readonly struct?: string
  readonly number: number
}

/** An ioctl number, taken apart. */
export interface IoctlNumber {
  readonly number: number
  /** as user space sees it: what the caller passes is read (`write`), written (`read`) or both by the kernel */
  readonly direction: 'none' | 'write' | 'read' | 'read and write'
  readonly type: number
  readonly nr: number
  /** bytes of the argument */
  readonly size: number
  /** who means what by it */
  readonly uses: readonly IoctlUse[]
  /** other numbers that differ in direction or size only: what a kernel that does not know this one may take for a relative */
  readonly relatives: readonly IoctlUse[]
}

const DIRECTIONS = ['none', 'write', 'read', 'read and write'] as const

const structName = ({ argument }: IoctlCommand): { readonly struct?: string } =>
  argument === undefined ? {} : { struct: structOf(argument.schema).name }

/** Every command of every header, and those of the FUSE device. */
function everyUse(): IoctlUse[] {
  const famfs = Object.values<IoctlDialect>(ioctlDialects).flatMap(({ id, headers }) =>
    headers.flatMap((header: IoctlHeader) =>
      header.commands.map(c => ({ dialect: id, header: header.id, name: `FAMFSIOC_${c.name}`, ...structName(c), number: c.number })),
    ),
  )
  const fuse = Object.entries(fuseDeviceIoctls).map(([name, number]) => ({ dialect: 'fuse', header: 'fuse.h', name, number }))
  return [...famfs, ...fuse]
}

/**
 * What an ioctl number says, and who means what by it: the same number can be another command of another version, or the same command with
 * another argument.
 * @param number 32 bits
 * @throws WireError code range for what is no number of 32 bits
 */
export function explainIoctl(number: number): IoctlNumber {
  if (!Number.isInteger(number) || number < 0 || number > 0xffff_ffff)
    throw new WireError({ code: 'range', path: 'number', offset: 0, detail: `an ioctl number has 32 bits, not ${number}`, actual: number })
  const { direction, type, number: nr, size } = iocParts(number)
  const all = everyUse()
  const related = (use: IoctlUse): boolean => use.number !== number && (use.number & 0xffff) === (number & 0xffff)
  return {
    number,
    direction: DIRECTIONS[direction] as IoctlNumber['direction'],
    type,
    nr,
    size,
    uses: all.filter(use => use.number === number),
    relatives: all.filter(related),
  }
}
