/** Names and numbers of commands and versions, as people type them. */
import { findCommand, ioctlText } from '../../codec/ioctl/index.ts'
import type { IoctlCommand, IoctlDialect } from '../../schema/ioctl.ts'
import { type IoctlDialectId, ioctlDialectIds, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { oneOf } from '../args.ts'
import { Failure } from '../command.ts'
import { suggestion } from '../near.ts'

export const allDialects: readonly IoctlDialect[] = Object.values(ioctlDialects)

/** @throws Failure when there is no such version */
export function ioctlDialectNamed(id: string): IoctlDialectId {
  const found = ioctlDialectIds.find(d => d === id || d === `ioctl-${id}`)
  if (found === undefined)
    throw new Failure(`unknown ioctl dialect ${id}`, { hint: suggestion(id, ioctlDialectIds, `there are ${ioctlDialectIds.join(', ')}`) })
  return found
}

/** A number where the operand is one, else the name in capitals. */
export const typed = (operand: string): string | number =>
  /^(0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/.test(operand) ? Number(operand) : operand.toUpperCase().replace(/^FAMFSIOC_/, '')

export const names = [...new Set(allDialects.flatMap(d => d.headers.flatMap(h => h.commands.map(c => c.name))))]

/** @throws Failure when nobody has the command, or the version has not */
export function commandOfDialect(operand: string, id: IoctlDialectId): IoctlCommand {
  const what = typed(operand)
  const found = findCommand(id, what)
  if (found !== undefined) return found
  const others = ioctlDialectIds.filter(d => findCommand(d, what) !== undefined)
  const shown = typeof what === 'number' ? ioctlText(what) : what
  throw new Failure(`${id} has no command ${shown}`, {
    hint: others.length > 0 ? `${others.join(', ')} has` : suggestion(String(what), names, `there are ${names.join(', ')}`),
  })
}

/** Address of a byte. */
export const addressText = (address: bigint): string => `0x${address.toString(16)}`

const DIRECTIONS = ['-', 'w', 'r', 'rw'] as const
/** `w 56`: who reads what the caller passes, and how many bytes. */
export const shapeText = ({ direction, size }: Pick<IoctlCommand, 'direction' | 'size'>): string =>
  direction === 0 ? '-' : `${DIRECTIONS[direction]} ${size}`

/** @throws Failure when no version is named, or none that there is */
export function dialectIn({ dialect }: { readonly dialect?: string | undefined }): IoctlDialectId {
  if (dialect === undefined) throw new Failure('which version? --dialect says it', { hint: `there are ${ioctlDialectIds.join(', ')}` })
  return ioctlDialectNamed(dialect)
}

/** Which groups MAP_CREATE_V2 has. */
export const layoutIn = ({ layout }: { readonly layout?: string | undefined }): 'early' | 'final' =>
  oneOf('layout', layout ?? 'final', ['early', 'final'])
