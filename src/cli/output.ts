/** Results as files: whole or not at all. */
import { randomBytes } from 'node:crypto'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure, type Io } from './command.ts'
import { fileFailure } from './input.ts'

/**
 * Writes a file by way of a temporary one beside it, so that nobody ever sees a part of it. What is there and is no regular file (a pipe, a
 * device) is written to as it is.
 * @throws Failure when it cannot be written
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`)
  try {
    const there = await stat(path).catch(() => undefined)
    if (there !== undefined && !there.isFile()) return await writeFile(path, bytes)
    await writeFile(partial, bytes, { flag: 'wx' })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw writeFailure(path, error)
  }
}

function writeFailure(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
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
