/** Errors of the operating system in words. */
import { Failure } from './command.ts'

/** What messages call standard input. */
export const STDIN = 'standard input'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a directory',
  EACCES: 'may not be opened (permission denied)',
  EPERM: 'may not be opened (permission denied)',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'there is no such file (a part of its path is not a directory)',
  EEXIST: 'exists already',
  ESTALE: 'became shorter while it was read',
  ENOSPC: 'could not be written, the device is full',
  EROFS: 'could not be written, the file system is read-only',
}

/** The code of an error of the operating system, `ENOENT`; undefined for any other error. WireErrors have codes, too, in small letters. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined

const SHOWN = 120
/** A path for a message: its beginning. */
export const shorten = (path: string): string => (path.length > SHOWN ? `${path.slice(0, SHOWN)}…` : path)

/** What an error of the file system means. */
export const fileFailure = (path: string, code: string, otherwise = 'cannot be read'): Failure =>
  new Failure(`${shorten(path)}: ${REASONS[code] ?? `${otherwise} (${code})`}`, {
    hint: code === 'EISDIR' ? 'name a file' : undefined,
  })
