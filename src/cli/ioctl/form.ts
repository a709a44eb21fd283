/** An argument as it is printed, and what it has no place for. */
import { hex } from '../../codec/input.ts'
import { type IoctlPayload, ioctlText } from '../../codec/ioctl/index.ts'
import type { Loss } from '../../kernel/ioctl/from.ts'
import type { Io } from '../command.ts'
import { safe } from '../values.ts'
import { addressText } from './names.ts'

/** Everything that a caller needs, and the bytes. */
export const formJson = (dialect: string, command: string, { number, bytes, base, relocations }: IoctlPayload) => ({
  dialect,
  command,
  number: ioctlText(number),
  base: addressText(base),
  relocations,
  hex: bytes,
})

/** The same as a comment and a line of hex, which every command reads back. */
export function formText(dialect: string, command: string, { number, bytes, base, relocations }: IoctlPayload): string {
  const pointers = relocations.length === 0 ? 'no pointers' : `pointers at ${relocations.join(', ')}`
  return `# ${ioctlText(number)} ${command} of ${dialect}, ${bytes.length} bytes at ${addressText(base)}, ${pointers}\n${hex(bytes)}\n`
}

/** Says on standard error what is lost. */
export function warnLosses(lost: readonly Loss[], io: Io): void {
  for (const { path, why } of lost) io.warn(`note: ${path === '' ? '' : `${safe(path)}: `}${safe(why)}\n`)
}
