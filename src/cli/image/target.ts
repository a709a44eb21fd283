/** Where a new image goes: a file, which comes into being whole or not at all, or a block device. */
import { realpathSync, statSync } from 'node:fs'
import { WireError } from '../../codec/errors.ts'
import { type FileDevice, openFileDevice } from '../../metadata/build/index.ts'
import { whatElse } from '../../metadata/foreign.ts'
import { openImage } from '../../metadata/image.ts'
import { type FileArea, fileArea } from '../../metadata/node.ts'
import { FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { Failure, REFUSED } from '../command.ts'
import { isRead, wholeFile, writeFailure } from '../output.ts'
import { checkFree, DAX_HINT, openExclusively } from './held.ts'
import { told } from './open.ts'
import type { Values } from './sub.ts'

/** Where a new image goes. */
export interface Target {
  readonly path: string
  readonly kind: 'file' | 'device'
  /** a file of that name is there, and goes */
  readonly replaces: boolean
  /** bytes of a device, or of the file that is replaced */
  readonly size: number | undefined
}

/** Bytes in which something must be for a file or device to have something in it: superblock and the start of a log. */
const LOOK = FAMFS_SUPERBLOCK_SIZE + 65536

/** What is in a file or device, in words; undefined when nothing is. */
async function contentIn(area: FileArea): Promise<string | undefined> {
  try {
    const { layout } = await openImage(area)
    return `it is a famfs, layout ${layout.id}`
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
  const bytes = area.read(0, LOOK)
  return bytes.every(byte => byte === 0) ? undefined : whatElse(bytes)
}

async function checkContent(path: string, force: boolean | undefined): Promise<void> {
  if (force === true) return
  const area = told(path, () => fileArea(path))
  try {
    const content = await contentIn(area)
    if (content === undefined) return
    throw new Failure(`${path}: is not empty: ${content}`, { exit: REFUSED, hint: '--force overwrites it' })
  } finally {
    area.close()
  }
}

/** What a command does not take, whatever the options say. */
interface Rules {
  readonly kinds?: 'all' | 'files only'
  /** files that are read meanwhile */
  readonly reads?: readonly string[]
}

/**
 * Where the image is to go, once it is clear that it may.
 * @throws Failure for what is in use, for what has something in it without --force, and for a device without --write
 */
export async function targetFor(path: string, { force, write }: Values, { kinds = 'all', reads = [] }: Rules = {}): Promise<Target> {
  const stats = told(path, () => statSync(path, { throwIfNoEntry: false }))
  if (stats === undefined) return { path, kind: 'file', replaces: false, size: undefined }
  if (stats.isCharacterDevice()) throw new Failure(`${path}: is a character device`, { hint: DAX_HINT })
  if (!stats.isFile() && !stats.isBlockDevice())
    throw new Failure(`${path}: is ${stats.isDirectory() ? 'a directory' : 'neither a file nor a block device'}`, {
      hint: 'name a file to be made, or a block device',
    })
  if (stats.isBlockDevice() && kinds === 'files only')
    throw new Failure(`${path}: is a device`, { hint: 'name a file; dd copies it onto a device' })
  if (stats.isFile() && isRead(stats, reads))
    throw new Failure(`${path}: is what is read, and that is never replaced`, { hint: 'name another file' })
  checkFree(path)
  if (stats.isBlockDevice() && write !== true)
    throw new Failure(`${path}: is a device, and --write does not say that it may be written to`, {
      hint: 'what is on it now would be lost',
    })
  await checkContent(path, force)
  if (stats.isFile()) return { path: realpathSync(path), kind: 'file', replaces: true, size: stats.size === 0 ? undefined : stats.size }
  const area = told(path, () => fileArea(path))
  area.close()
  return { path, kind: 'device', replaces: true, size: Number.isFinite(area.size) ? area.size : undefined }
}

async function writeDevice(path: string, write: (device: FileDevice) => Promise<void>): Promise<void> {
  const device = await openExclusively(path)
  try {
    await write(device)
  } catch (error) {
    throw writeFailure(path, error)
  } finally {
    device.close()
  }
}

/**
 * Writes an image there. A file is made with that many bytes, all of them holes, and has its name only when `write` is done.
 * @throws Failure when it cannot be written; what `write` throws
 */
export async function writeTarget(
  { path, kind, replaces }: Target,
  size: number,
  write: (device: FileDevice) => Promise<void>,
): Promise<void> {
  if (kind === 'device') return writeDevice(path, write)
  const fill = async (partial: string): Promise<void> => {
    const device = await openFileDevice(partial, { create: size })
    try {
      await write(device)
    } finally {
      device.close()
    }
  }
  await wholeFile(path, fill, { replace: replaces })
}
