/** Results as files: whole or not at all. */
import { randomBytes } from 'node:crypto'
import { existsSync, fstatSync, linkSync, realpathSync, renameSync, rmSync, type Stats, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
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

/** What a file that is written must not be, whatever is asked for: a device, a directory, or what is read. */
export interface Output {
  /** a file that is there already may be replaced */
  readonly force?: boolean | undefined
  /** operands that name what is read; standard input always counts as read */
  readonly reads: readonly (string | undefined)[]
}

/** An option of every command that writes a file which is made anew. */
export const forceOption = { force: { type: 'boolean', help: 'replaces FILE where it is there already' } } as const

const STDIN_FD = 0

function statOf(read: string | number | undefined): Stats | undefined {
  try {
    return typeof read === 'number' ? fstatSync(read) : read === undefined ? undefined : statSync(read)
  } catch {
    return undefined
  }
}

/**
 * Whether one of the operands, or standard input, is this file.
 * @param reads operands; those that name no file are none
 */
export const isRead = (there: Stats, reads: Output['reads']): boolean =>
  [...reads, STDIN_FD].some(read => {
    const stats = statOf(read)
    return stats !== undefined && stats.dev === there.dev && stats.ino === there.ino
  })

/** The file that is to be made, links followed, and whether it is there. @throws Failure when it must not be made */
function fileFor(path: string, { force, reads }: Output): { readonly path: string; readonly replace: boolean } {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there === undefined) return { path, replace: false }
  if (there.isDirectory()) throw fileFailure(path, 'EISDIR')
  if (!there.isFile())
    throw new Failure(`${path}: is no regular file, and no other is written`, { hint: 'without -o it goes to standard output' })
  if (isRead(there, reads)) throw new Failure(`${path}: is what is read, and that is never replaced`, { hint: 'name another file' })
  if (force !== true) throw new Failure(`${path}: exists already`, { hint: '--force replaces it' })
  return { path: realpathSync(path), replace: true }
}

/**
 * Writes a file whole, or nothing. One that exists is replaced with `force` alone; what is read, and what is no regular file, never.
 * @throws Failure when it cannot or must not be written
 */
export async function writeWhole(path: string, bytes: Uint8Array, output: Output): Promise<void> {
  try {
    const { path: name, replace } = fileFor(path, output)
    await wholeFile(name, partial => writeFile(partial, bytes, { flag: 'wx' }), { replace })
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
