/** Who else has a file or device in use: what the kernel tells about mounts, loop devices, holders and locks. */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { type FileDevice, openFileDevice } from '../../metadata/build/index.ts'
import { Failure, REFUSED } from '../command.ts'
import { codeOf } from '../file-failure.ts'
import { writeFailure } from '../output.ts'

/** The text of a file of the kernel; empty where there is none. */
function told(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Major and minor number of a device, as the kernel's files write them. */
const numbersOf = (dev: number): readonly [major: number, minor: number] => [
  (dev >> 8) & 0xfff,
  (dev & 0xff) | (Math.floor(dev / 0x1000) & 0xfff00),
]

/** Whether both are the same device or file. */
function isSame(a: Stats, b: Stats): boolean {
  const isDevice = (s: Stats): boolean => s.isBlockDevice() || s.isCharacterDevice()
  if (isDevice(a) || isDevice(b)) return a.isBlockDevice() === b.isBlockDevice() && isDevice(a) === isDevice(b) && a.rdev === b.rdev
  return a.dev === b.dev && a.ino === b.ino
}

/** What mountinfo has for space, tab, newline and backslash. */
const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

interface Mount {
  /** `major:minor` of the file system; of a block device where it lies on one */
  readonly numbers: string
  readonly at: string
  readonly source: string
}

/** The lines of /proc/self/mountinfo. */
export function mountsIn(mountinfo: string): Mount[] {
  return mountinfo
    .split('\n')
    .filter(line => line.includes(' - '))
    .map(line => {
      const [before = '', behind = ''] = line.split(' - ')
      const [, , numbers = '', , at = ''] = before.split(' ')
      const [, source = ''] = behind.split(' ')
      return { numbers, at: unescaped(at), source: unescaped(source) }
    })
}

function mountOf(stats: Stats): string | undefined {
  const numbers = stats.isBlockDevice() ? numbersOf(stats.rdev).join(':') : undefined
  for (const mount of mountsIn(told('/proc/self/mountinfo'))) {
    if (mount.numbers === numbers) return mount.at
    const source = mount.source.startsWith('/') ? statOf(mount.source) : undefined
    if (source !== undefined && isSame(source, stats)) return mount.at
  }
  return undefined
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** The loop device that shows this file as a block device. */
function loopOf(stats: Stats): string | undefined {
  for (const name of namesIn('/sys/block').filter(n => n.startsWith('loop'))) {
    const backing = told(`/sys/block/${name}/loop/backing_file`).replace(/\n$/, '')
    const file = backing === '' ? undefined : statOf(backing)
    if (file !== undefined && isSame(file, stats)) return `/dev/${name}`
  }
  return undefined
}

interface Lock {
  readonly kind: string
  readonly pid: number
  /** `major:minor:inode`, the first two in hex */
  readonly file: string
}

/** The lines of /proc/locks, without those that wait. */
export function locksIn(text: string): Lock[] {
  return text.split('\n').flatMap(line => {
    const [, kind, pid, file] = /^\d+: (\S+)\s+\S+\s+\S+\s+(-?\d+) (\S+)/.exec(line) ?? []
    return kind === undefined || file === undefined ? [] : [{ kind, pid: Number(pid), file }]
  })
}

function lockOf({ dev, ino }: Stats): string | undefined {
  const hex = numbersOf(dev).map(n => n.toString(16).padStart(2, '0'))
  const file = `${hex.join(':')}:${ino}`
  const lock = locksIn(told('/proc/locks')).find(l => l.file === file)
  if (lock === undefined) return undefined
  const name = told(`/proc/${lock.pid}/comm`).trim()
  return lock.pid > 0 ? `process ${lock.pid}${name === '' ? '' : ` (${name})`}` : 'another process'
}

/** What is made of a block device: parts of LVM, RAID, encryption. */
function holdersOf({ rdev }: Stats): string[] {
  return namesIn(`/sys/dev/block/${numbersOf(rdev).join(':')}/holders`)
}

/** Why a file or device is not to be written to, with what to do about it. */
interface Held {
  readonly why: string
  readonly hint: string
}

const UNMOUNT = 'unmount it first; to a mounted famfs its own tools add'

/** Who has a file or device in use, as far as the kernel tells; undefined when nobody is known. */
function heldBy(path: string): Held | undefined {
  const stats = statOf(path)
  if (stats === undefined) return undefined
  const mount = mountOf(stats)
  if (mount !== undefined) return { why: `is mounted at ${mount}`, hint: UNMOUNT }
  if (stats.isBlockDevice()) {
    const holders = holdersOf(stats)
    return holders.length === 0 ? undefined : { why: `is a part of ${holders.join(', ')}`, hint: 'name a device of which nothing is made' }
  }
  if (!stats.isFile()) return undefined
  const loop = loopOf(stats)
  if (loop !== undefined) return { why: `is shown as ${loop}`, hint: `write to ${loop}, or take that away first: losetup -d ${loop}` }
  const locker = lockOf(stats)
  return locker === undefined ? undefined : { why: `is locked by ${locker}`, hint: 'let that end first' }
}

/** @throws Failure when somebody is known to have it in use */
export function checkFree(path: string): void {
  const held = heldBy(path)
  if (held !== undefined) throw new Failure(`${path}: ${held.why}`, { exit: REFUSED, hint: held.hint })
}

/** What can be done with a DAX character device. */
export const DAX_HINT = 'a DAX character device can only be mapped: daxio --input FILE --output DEVICE copies an image onto it'

/**
 * A block device for this process alone, as long as it is open.
 * @throws Failure when somebody else has it, or it cannot be opened
 */
export async function openExclusively(path: string): Promise<FileDevice> {
  try {
    return await openFileDevice(path, { exclusive: true })
  } catch (error) {
    if (codeOf(error) !== 'EBUSY') throw writeFailure(path, error)
    throw new Failure(`${path}: is in use: mounted somewhere, or a part of another device`, { exit: REFUSED, hint: UNMOUNT })
  }
}

/** A lock on a file, to be given back. */
export interface Lease {
  release(): void
}

/** What the flock command says when somebody else has the lock. */
const TAKEN = 1

/**
 * Locks a file against other writers (flock, exclusive). The lock belongs to the open file, so the flock command can take it on behalf of this
 * process; where there is none, nothing is locked.
 * @returns undefined when somebody else has it
 */
export function leaseOf(path: string): Lease | undefined {
  const fd = openSync(realpathSync(path), 'r+')
  const { status } = spawnSync('flock', ['--exclusive', '--nonblock', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  if (status !== TAKEN) return { release: () => closeSync(fd) }
  closeSync(fd)
  return undefined
}
