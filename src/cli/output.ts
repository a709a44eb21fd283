/** Results as files: whole or not at all. */
import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure, type Io } from './command.ts'
import { codeOf, fileFailure } from './file-failure.ts'
import { orUndone } from './undo.ts'

/** Errors of file systems that have no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** Gives the file its name unless somebody else has taken that meanwhile. @throws an error EEXIST then */
function publishNew(partial: string, path: string): void {
  try {
    linkSync(partial, path)
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error) ?? '')) throw error
    if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' })
    renameSync(partial, path)
  }
}

/**
 * Makes a file by way of a temporary one beside it, so that nobody ever sees a part of it: when `fill` fails or the process is ended by a
 * signal, nothing is left.
 * @param fill makes the file at the path that it is given, and writes it
 * @throws Failure when it cannot be written; what `fill` throws
 */
export async function wholeFile<T>(
  path: string,
  fill: (partial: string) => Promise<T>,
  { replace = true }: { readonly replace?: boolean } = {},
): Promise<T> {
  const partial = join(dirname(path), `.famfs-wire-${randomBytes(4).toString('hex')}.partial`)
  const undo = (): void => rmSync(partial, { force: true })
  try {
    return await orUndone(undo, async () => {
      const result = await fill(partial)
      if (replace) renameSync(partial, path)
      else publishNew(partial, path)
      undo()
      return result
    })
  } catch (error) {
    throw writeFailure(path, error)
  }
}

/**
 * Writes a file whole. What is there and is no regular file (a pipe, a device) is written to as it is.
 * @throws Failure when it cannot be written
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || there.isFile()) return wholeFile(path, partial => writeFile(partial, bytes, { flag: 'wx' }))
  try {
    await writeFile(path, bytes)
  } catch (error) {
    throw writeFailure(path, error)
  }
}

/** What an error of the operating system means for a file that was to be written; every other error as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const code = codeOf(error)
  if (code === undefined) return error
  return code === 'ENOENT'
    ? new Failure(`${path}: could not be written, there is no directory ${dirname(path)}`)
    : fileFailure(path, code, 'could not be written')
}

/**
 * Raw bytes to standard output.
 * @throws Failure when that is a terminal
 */
export async function printRaw(bytes: Uint8Array, io: Io): Promise<void> {
  if (io.outputIsTerminal) throw new Failure('raw bytes do not belong on a terminal', { hint: '--hex prints hex, -o FILE writes a file' })
  await io.print(bytes)
}
