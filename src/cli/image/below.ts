/** Files and directories below a directory, which stays the same one whatever happens to its name: nothing is followed out of it. */
import { closeSync, constants, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { Failure, REFUSED } from '../command.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_WRONLY, O_CREAT, O_EXCL } = constants
const DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
const NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW

/** A file that is being written. */
interface NewFile {
  readonly fd: number
  remove(): void
  close(): void
}

export interface Below {
  /** Makes a file that is not there yet. */
  newFile(path: Uint8Array): NewFile
  makeDirectory(path: Uint8Array): void
  /** Runs it with the directory open. */
  inDirectory(path: Uint8Array, use: (fd: number) => void): void
  close(): void
}

const NAMES_NOBODY: ReadonlySet<string> = new Set(['', '.', '..'])

/** The names of a path, byte for byte in Latin-1. They come from a replay that refuses `..`; that is not relied upon. */
function namesOf(path: Uint8Array): string[] {
  const names = Buffer.from(path).toString('latin1').split('/')
  if (names.some(name => NAMES_NOBODY.has(name) || name.includes('\0'))) throw new Failure('its path leads elsewhere', { exit: REFUSED })
  return names
}

/** A name in an open directory. The kernel walks from the directory itself, as openat(2) does. */
const inside = (fd: number, name: string): Buffer => Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), Buffer.from(name, 'latin1')])

/**
 * Everything below a directory is made and opened name by name, each in the open directory above it.
 * @throws Failure where there is no /proc to do it with
 */
export function belowDirectory(target: string): Below {
  if (!existsSync('/proc/self/fd'))
    throw new Failure('files are extracted through /proc/self/fd, and there is none', { hint: 'mount /proc, or extract on Linux' })
  const top = openSync(target, O_RDONLY | O_DIRECTORY)

  /** Runs it with the directory that the names lead to. */
  const within = <T>(names: readonly string[], use: (fd: number) => T): T => {
    let fd = top
    try {
      for (const name of names) {
        const next = openSync(inside(fd, name), DIRECTORY)
        if (fd !== top) closeSync(fd)
        fd = next
      }
      return use(fd)
    } finally {
      if (fd !== top) closeSync(fd)
    }
  }

  const above = <T>(path: Uint8Array, use: (fd: number, name: string) => T): T => {
    const names = namesOf(path)
    const name = names.pop() as string
    return within(names, fd => use(fd, name))
  }

  return {
    newFile(path) {
      const fd = above(path, (directory, name) => openSync(inside(directory, name), NEW_FILE, 0o600))
      return {
        fd,
        remove: () => above(path, (directory, name) => rmSync(inside(directory, name), { force: true })),
        close: () => closeSync(fd),
      }
    },
    makeDirectory: path => above(path, (fd, name) => mkdirSync(inside(fd, name), 0o700)),
    inDirectory: (path, use) => within(namesOf(path), use),
    close: () => closeSync(top),
  }
}
