/** The arguments as bytes: Node.js decodes them, and puts U+FFFD in the place of what is not UTF-8. */
import { readFileSync } from 'node:fs'
import { bytesShown } from '../codec/printable.ts'
import { Failure } from './command.ts'

const REPLACED = '\ufffd'
const NUL = 0

/** The arguments of this process as the kernel has them; undefined where it does not tell. */
export function rawArguments(): Uint8Array[] | undefined {
  try {
    const line = readFileSync('/proc/self/cmdline')
    const parts: Uint8Array[] = []
    for (let at = 0; at < line.length; ) {
      const end = line.indexOf(NUL, at)
      const stop = end < 0 ? line.length : end
      parts.push(line.subarray(at, stop))
      at = stop + 1
    }
    return parts
  } catch {
    return undefined
  }
}

const HINT = 'a name in an image is written with \\xNN for such a byte; a file is named by a symbolic link or a directory above it'

/**
 * Whether every argument is the one that was given.
 * @param argv the last arguments of this process, as Node.js has them
 * @param raw all arguments as bytes; undefined where they are not known
 * @throws Failure for one that is not UTF-8: its bytes are lost, and another file might have the name that is left
 */
export function checkArguments(argv: readonly string[], raw: (() => readonly Uint8Array[] | undefined) | undefined): void {
  if (!argv.some(arg => arg.includes(REPLACED))) return
  const bytes = raw?.()?.slice(-argv.length)
  for (const [i, arg] of argv.entries()) {
    if (!arg.includes(REPLACED)) continue
    const given = bytes?.[i]
    if (given === undefined)
      throw new Failure(`argument ${i + 1}, "${arg}": has U+FFFD, which stands for bytes that are not UTF-8`, { hint: HINT })
    if (!Buffer.from(arg).equals(given)) throw new Failure(`argument ${i + 1}, "${bytesShown(given)}": is not UTF-8`, { hint: HINT })
  }
}
