/** Devices in files, and the contents of directories, for Node. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync, type Stats, statSync, writeSync } from 'node:fs'
import type { Area } from '../source.ts'
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
}

function readAt(fd: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
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
export function fileDevice(path: string, { create }: FileDeviceOptions = {}): FileDevice {
  const fd = openSync(path, create === undefined ? 'r+' : 'wx+')
  if (create !== undefined) ftruncateSync(fd, create)
  const stats = fstatSync(fd)
  return {
    size: stats.isFile() ? stats.size : Number.POSITIVE_INFINITY,
    read: (offset, length) => readAt(fd, offset, length),
    write: (offset, bytes) => writeAt(fd, offset, bytes),
    flush: () => fsyncSync(fd),
    close: () => closeSync(fd),
    ...(create === undefined ? {} : { zero: () => undefined }),
  }
}

/** The bytes of a file, which is open only while it is read. */
function lazyArea(path: string | Buffer, size: number): Area {
  return {
    size,
    read(offset, length) {
      const fd = openSync(path, 'r')
      try {
        return readAt(fd, offset, Math.min(length, size - offset))
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
  readonly why: 'empty file' | 'symbolic link' | 'special file' | 'path of more than 79 bytes'
}

/** What is below a directory. */
export interface DirectoryRequests {
  /** parents first, by name; files with their content, which is read when it is copied */
  readonly entries: readonly NewEntry[]
  readonly leftOut: readonly LeftOut[]
}

const MOST_PATH = 79
const PERMISSIONS = 0o777

function whyNot(path: Uint8Array, stats: Stats | undefined): LeftOut['why'] | undefined {
  if (path.length > MOST_PATH) return 'path of more than 79 bytes'
  if (stats === undefined) return 'special file'
  return stats.isFile() && stats.size === 0 ? 'empty file' : undefined
}

const joined = (parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts.flatMap((p, i) => (i === 0 ? [p] : [Buffer.from('/'), p])))

/**
 * Everything below a directory as requests for {@link createImage} and `appendEntries`. Empty files, symbolic links, devices, pipes and
 * sockets have no form in famfs, and longer paths no room: they are listed, for the caller to decide. Holes are read as zeros, which a
 * sparse copy leaves out again.
 * @throws the error of the operating system
 */
export function directoryRequests(directory: string): DirectoryRequests {
  const entries: NewEntry[] = []
  const leftOut: LeftOut[] = []
  const open: Buffer[][] = [[]]
  for (let names = open.pop(); names !== undefined; names = open.pop()) {
    const below = readdirSync(joined([Buffer.from(directory), ...names]), { encoding: 'buffer', withFileTypes: true })
    for (const entry of below.sort((a, b) => Buffer.compare(a.name, b.name))) {
      const inside = [...names, entry.name]
      const path = Uint8Array.from(joined(inside))
      const full = joined([Buffer.from(directory), ...inside])
      const plain = entry.isFile() || entry.isDirectory()
      const stats = plain ? statSync(full) : undefined
      const why = entry.isSymbolicLink() ? 'symbolic link' : whyNot(path, stats)
      if (why !== undefined || stats === undefined) leftOut.push({ path, why: why ?? 'special file' })
      else entries.push(requestFor(path, full, stats))
      if (why === undefined && entry.isDirectory()) open.push(inside)
    }
  }
  return { entries, leftOut }
}

function requestFor(path: Uint8Array, full: Buffer, stats: Stats): NewEntry {
  const owner = { path, mode: stats.mode & PERMISSIONS, uid: stats.uid, gid: stats.gid }
  if (stats.isDirectory()) return { kind: 'mkdir', ...owner }
  return { kind: 'file', ...owner, content: lazyArea(full, stats.size) }
}
