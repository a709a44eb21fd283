/** Images in files and on devices, for Node. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { WireError } from '../codec/errors.ts'
import { currentLayout } from '../uapi/famfs/layouts/index.ts'
import { type ImageAnswer, imageAnswer } from './answer.ts'
import { u64AsNumber, u64At } from './bytes.ts'
import { type Image, type OpenOptions, openImage } from './image.ts'
import { shapeOf } from './shape.ts'
import { type Area, filled, type MemoryArea } from './source.ts'

/** An area over an open file or device. */
export interface FileArea extends Area {
  read(offset: number, length: number): Uint8Array
  close(): void
}

const SECTOR = 512
/** Of a log, as far as every layout has it. */
const HEADER_SIZE = 48

/** Bytes of a block or character device, from what the kernel tells about it; Infinity where it tells nothing. */
function deviceSize({ rdev }: Stats, kind: 'block' | 'char'): number {
  const major = (rdev >> 8) & 0xfff
  const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00)
  try {
    const told = Number(readFileSync(`/sys/dev/${kind}/${major}:${minor}/size`, 'utf8'))
    return kind === 'block' ? told * SECTOR : told
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Bytes of a file or device; Infinity where nothing tells. */
export function sizeOf(stats: Stats): number {
  if (stats.isBlockDevice()) return deviceSize(stats, 'block')
  return stats.isCharacterDevice() ? deviceSize(stats, 'char') : stats.size
}

/**
 * Opens a file, a block device or a DAX character device for reading, at any place.
 * Two buffers take turns, so that memory does not grow with what is read.
 * @throws the error of the operating system when it cannot be opened or read
 */
export function fileArea(path: string): FileArea {
  const fd = openSync(path, 'r')
  const buffers = [new Uint8Array(0), new Uint8Array(0)]
  let turn = 0
  return {
    size: sizeOf(fstatSync(fd)),
    close: () => closeSync(fd),
    read(offset, length) {
      turn = 1 - turn
      if ((buffers[turn] as Uint8Array).length < length) buffers[turn] = new Uint8Array(length)
      const buffer = buffers[turn] as Uint8Array
      let done = 0
      while (done < length) {
        const got = readSync(fd, buffer, done, length - done, offset + done)
        if (got === 0) break
        done += got
      }
      return buffer.subarray(0, done)
    },
  }
}

/** An image in files, to be closed when it is no longer needed. */
export interface ImageFile extends Image {
  close(): void
}

/** One device or image file, or superblock and log in a file each. */
export type ImagePath = string | { readonly superblock: string; readonly log: string }

/**
 * Opens an image file or device. facts: metadata, device map
 * @throws WireError as {@link openImage}, and the error of the operating system when it cannot be opened or read
 */
export async function openImageFile(path: ImagePath, options: OpenOptions = {}): Promise<ImageFile> {
  const areas: FileArea[] = []
  const opened = (name: string): FileArea => {
    const area = fileArea(name)
    areas.push(area)
    return area
  }
  const close = (): void => {
    for (const area of areas) area.close()
  }
  try {
    const source = typeof path === 'string' ? opened(path) : { superblock: opened(path.superblock), log: opened(path.log) }
    return { ...(await openImage(source, options)), close }
  } catch (error) {
    close()
    throw error
  }
}

/** The `image` operation as the testee protocol words it: files, `.gz` allowed, and the lengths they once had. */
export interface ImageFilesRequest {
  readonly superblock_file: string
  readonly log_file: string
  /** bytes that the superblock region had; what is not stored of them is zero */
  readonly superblock_bytes: number
  readonly log_bytes: number
  readonly host_system_uuid?: string
}

/** Bytes of a file of an image that are read at most, packed and unpacked; and bytes that a region may be said to have. docs/testee.md */
export const MOST_IMAGE_BYTES = 2 ** 30
/** Entries in use of which no byte is stored. */
const MOST_UNSTORED = 2 ** 17

const refused = (path: string, detail: string): WireError => new WireError({ code: 'range', path, offset: 0, detail })

/** @throws WireError for what has no end, is too large or does not unpack; the error of the operating system when it cannot be read */
function contentOf(path: string, member: string): Uint8Array {
  const stats = statSync(path)
  if (!stats.isFile()) throw refused(member, `${path} is no regular file`)
  if (stats.size > MOST_IMAGE_BYTES) throw refused(member, `${path} has ${stats.size} bytes, at most ${MOST_IMAGE_BYTES} are read`)
  const bytes = readFileSync(path)
  if (!path.endsWith('.gz')) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED })
  } catch (error) {
    throw refused(member, `${path} does not unpack to at most ${MOST_UNPACKED} bytes: ${error instanceof Error ? error.message : ''}`)
  }
}

/** Bytes that a packed file may have. */
const MOST_UNPACKED = 2 ** 28

/** The region, as long as it is said to have been. @throws WireError range */
function regionOf(path: string, size: number, name: 'superblock' | 'log'): { readonly area: MemoryArea; readonly stored: number } {
  if (size > MOST_IMAGE_BYTES) throw refused(`${name}_bytes`, `${size} bytes, at most ${MOST_IMAGE_BYTES} are taken`)
  const bytes = contentOf(path, `${name}_file`)
  return { area: filled(bytes, size), stored: bytes.length }
}

/** The header of a log must not count entries without end that nobody has stored. @throws WireError count */
function checkCount(log: MemoryArea, stored: number): void {
  const header = log.read(0, HEADER_SIZE)
  if (header.length < HEADER_SIZE) return
  const { header: places, entry } = shapeOf(currentLayout)
  const counted = Math.min(u64AsNumber(header, places.nextIndex), Math.floor((log.size - places.size) / entry.size))
  const unstored = counted - Math.ceil(stored / entry.size)
  if (unstored <= MOST_UNSTORED) return
  const detail = `the header counts ${u64At(header, places.nextIndex)} entries, and of ${unstored} in the log no byte is stored: at most ${MOST_UNSTORED} are taken as zeros`
  throw new WireError({ code: 'count', path: 'log_file', offset: places.nextIndex, detail })
}

/**
 * Reads the files and answers the operation.
 * @throws WireError range or count for files and lengths beyond the limits of docs/testee.md, and the error of the operating system when a
 * file cannot be read
 */
export function imageAnswerFromFiles(request: ImageFilesRequest): ImageAnswer {
  const { host_system_uuid } = request
  const superblock = regionOf(request.superblock_file, request.superblock_bytes, 'superblock')
  const log = regionOf(request.log_file, request.log_bytes, 'log')
  checkCount(log.area, log.stored)
  return imageAnswer({
    superblock: superblock.area,
    log: log.area,
    ...(host_system_uuid === undefined ? {} : { host_system_uuid }),
  })
}
