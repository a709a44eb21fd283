/** Devices in files, and the contents of directories, for Node. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { sizeOf } from '../node.ts'
import type { Area } from '../source.ts'
import { isMeta, isUtf8, MOST_PATH } from './check.ts'
import type { Device } from './device.ts'
import type { NewEntry } from './request.ts'

/** A file or block device that is read and written. */
export interface FileDevice extends Device {
  read(offset: number, length: number): Uint8Array
  write(offset: number, bytes: Uint8Array): void
  flush(): void
  /** closes the file */
  close(): void
}

/** How a file or device is opened for writing. */
export interface FileDeviceOptions {
  /** makes the file, which must not be there yet, with this many bytes, none of them on disk */
  readonly create?: number
  /** of a block device: nobody else may have it in use, mounted or as a part of another device, and nobody can while it is open (O_EXCL) */
  readonly exclusive?: boolean
}

const HELD = constants.O_RDWR | constants.O_EXCL

/** A copy of bytes of a file; its memory is not cleared first, as all of it is written. */
function readAt(fd: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  let done = 0
  while (done < length) {
    const got = readSync(fd, bytes, done, length - done, offset + done)
    if (got === 0) break
    done += got
  }
  return bytes.subarray(0, done)
}

function writeAt(fd: number, offset: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, offset + done)
}

/**
 * Opens an image file or a block device for reading and writing. `flush` is fsync: what it returns from survives a power failure.
 * A DAX character device cannot be written this way: it has no write().
 * @throws the error of the operating system
 */
export function fileDevice(path: string, { create, exclusive = false }: FileDeviceOptions = {}): FileDevice {
  const fd = openSync(path, create !== undefined ? 'wx+' : exclusive ? HELD : 'r+')
  try {
    if (create !== undefined) ftruncateSync(fd, create)
    const device = {
      size: sizeOf(fstatSync(fd)),
      read: (offset: number, length: number) => readAt(fd, offset, length),
      write: (offset: number, bytes: Uint8Array) => writeAt(fd, offset, bytes),
      flush: () => fsyncSync(fd),
      close: () => closeSync(fd),
    }
    return create === undefined ? device : { ...device, zero: () => undefined }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/**
 * The bytes of a file, as many as it had when it was looked at; it is open only while it is read.
 * @throws the error of the operating system from `read`; an Error with code ESTALE for a file that has become shorter
 */
export function contentArea(path: string | Buffer, size: number): Area {
  return {
    size,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset))
      const fd = openSync(path, 'r')
      try {
        const bytes = readAt(fd, offset, wanted)
        if (bytes.length < wanted) throw Object.assign(new Error(`${path}: became shorter while it was read`), { code: 'ESTALE' })
        return bytes
      } finally {
        closeSync(fd)
      }
    },
  }
}

/** What a famfs cannot hold, and why. */
export interface LeftOut {
  /** below the directory */
  readonly path: Uint8Array
  readonly why:
    | 'empty file'
    | 'symbolic link'
    | 'special file'
    | 'path of more than 79 bytes'
    | 'path that is not UTF-8'
    | 'name of famfs itself'
}

/** What is below a directory. */
export interface DirectoryRequests {
  /** parents first, by name; files with their content, which is read when it is copied */
  readonly entries: readonly NewEntry[]
  readonly leftOut: readonly LeftOut[]
  /** names of files that have another name here, too: each becomes a file of its own */
  readonly hardLinks: number
}

/** How a directory is read. */
export interface DirectoryOptions {
  /** takes paths that are not UTF-8, which `createImage` takes `unchecked` only */
  readonly unchecked?: boolean
}

const PERMISSIONS = 0o777

function whyNotPath(path: Uint8Array, unchecked: boolean): LeftOut['why'] | undefined {
  if (path.length > MOST_PATH) return 'path of more than 79 bytes'
  if (isMeta(path)) return 'name of famfs itself'
  return unchecked || isUtf8(path) ? undefined : 'path that is not UTF-8'
}

function whyNot(path: Uint8Array, entry: Dirent, stats: Stats | undefined, unchecked: boolean): LeftOut['why'] | undefined {
  if (entry.isSymbolicLink()) return 'symbolic link'
  if (stats === undefined) return 'special file'
  return whyNotPath(path, unchecked) ?? (stats.isFile() && stats.size === 0 ? 'empty file' : undefined)
}

const joined = (parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts.flatMap((p, i) => (i === 0 ? [p] : [Buffer.from('/'), p])))

type Dirent = ReturnType<typeof namesIn>[number]

const namesIn = (directory: Buffer) =>
  readdirSync(directory, { encoding: 'buffer', withFileTypes: true }).sort((a, b) => Buffer.compare(a.name, b.name))

/**
 * Everything below a directory as requests for {@link createImage} and `appendEntries`. Empty files, symbolic links, devices, pipes and
 * sockets have no form in famfs, longer paths no room, `.meta` belongs to the file system: they are listed, for the caller to decide.
 * Holes are read as zeros, which a sparse copy leaves out again. Of modes the nine bits of permissions are taken.
 * @throws the error of the operating system
 */
export function directoryRequests(directory: string, { unchecked = false }: DirectoryOptions = {}): DirectoryRequests {
  const entries: NewEntry[] = []
  const leftOut: LeftOut[] = []
  const linked = new Set<string>()
  let hardLinks = 0
  const open: Buffer[][] = [[]]
  for (let names = open.pop(); names !== undefined; names = open.pop()) {
    for (const entry of namesIn(joined([Buffer.from(directory), ...names]))) {
      const inside = [...names, entry.name]
      const path = Uint8Array.from(joined(inside))
      const full = joined([Buffer.from(directory), ...inside])
      const stats = entry.isFile() || entry.isDirectory() ? statSync(full) : undefined
      const why = whyNot(path, entry, stats, unchecked)
      if (why !== undefined || stats === undefined) {
        leftOut.push({ path, why: why ?? 'special file' })
        continue
      }
      entries.push(requestFor(path, full, stats))
      if (isSeen(linked, stats)) hardLinks++
      if (entry.isDirectory()) open.push(inside)
    }
  }
  return { entries, leftOut, hardLinks }
}

/** Whether the file has been seen under another name. */
function isSeen(linked: Set<string>, { dev, ino, nlink, ...stats }: Stats): boolean {
  if (nlink < 2 || (stats.mode & constants.S_IFMT) !== constants.S_IFREG) return false
  const key = `${dev}:${ino}`
  if (linked.has(key)) return true
  linked.add(key)
  return false
}

function requestFor(path: Uint8Array, full: Buffer, stats: Stats): NewEntry {
  const owner = { path, mode: stats.mode & PERMISSIONS, uid: stats.uid, gid: stats.gid }
  if (stats.isDirectory()) return { kind: 'mkdir', ...owner }
  return { kind: 'file', ...owner, content: contentArea(full, stats.size) }
}
