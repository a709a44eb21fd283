/** One writer at a time, without another program: a file beside the image that only one process can make. */
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Failure, REFUSED } from '../command.ts'
import { codeOf } from '../file-failure.ts'

/** Who has made a lock file. */
interface Owner {
  readonly host: string
  /** changes with every start of the machine */
  readonly boot: string
  readonly pid: number
  /** when the process was started, since numbers of processes come again */
  readonly started: string
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Field 22 of /proc/PID/stat, counted behind the name, which may have anything in it; empty where there is no such process. */
const startOf = (pid: number): string => {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

const self = (): Owner => ({
  host: hostname(),
  boot: textOf('/proc/sys/kernel/random/boot_id').trim(),
  pid: process.pid,
  started: startOf(process.pid),
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** Whether the process that made it is gone for sure. Of another host nothing is known. */
function isStale(text: string): boolean {
  const [host, boot, pid, started] = text.split('\n')
  const own = self()
  if (host !== own.host) return false
  if (boot !== own.boot) return true
  return !isAlive(Number(pid)) || (started !== '' && startOf(Number(pid)) !== started)
}

/** Makes the lock file, whole. @returns false when there is one */
function make(lock: string, partial: string): boolean {
  const { host, boot, pid, started } = self()
  writeFileSync(partial, `${[host, boot, pid, started].join('\n')}\n`, { flag: 'wx', mode: 0o644 })
  try {
    linkSync(partial, lock)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(partial, { force: true })
  }
}

/** Takes away a lock whose owner is gone; one that was made anew meanwhile is put back. */
function takeAway(lock: string, stale: string, aside: string): void {
  try {
    renameSync(lock, aside)
    if (textOf(aside) !== stale) linkSync(aside, lock)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

const HINT = '--no-lock writes without a lock, where nothing else writes to the image'

/** A lock that is held. */
export interface Lock {
  release(): void
}

/**
 * Locks an image file against every other famfs-wire.
 * @throws Failure when another process has it, or no lock can be made
 */
export function lockOf(image: string): Lock {
  const path = realpathSync(image)
  const lock = join(dirname(path), `.${basename(path)}.famfs-wire-lock`)
  const own = `${lock}-${process.pid}`
  try {
    for (let tries = 0; tries < 3; tries++) {
      if (make(lock, own)) return { release: () => rmSync(lock, { force: true }) }
      const text = textOf(lock)
      if (text === '') continue
      if (!isStale(text)) {
        const [host, , pid] = text.split('\n')
        throw new Failure(`${image}: is being written to by process ${pid} of ${host}`, {
          exit: REFUSED,
          hint: `let that end first; if there is none, remove ${lock}`,
        })
      }
      takeAway(lock, text, own)
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${image}: cannot be locked: ${error instanceof Error ? error.message : String(error)}`, {
      exit: REFUSED,
      hint: HINT,
    })
  }
  throw new Failure(`${image}: is being locked by others`, { exit: REFUSED, hint: 'try again' })
}
