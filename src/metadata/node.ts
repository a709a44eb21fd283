/** Images in files and on devices, for Node. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type ImageAnswer, imageAnswer } from './answer.ts'
import { type Image, type OpenOptions, openImage } from './image.ts'
import { type Area, filled } from './source.ts'

/** An area over an open file or device. */
export interface FileArea extends Area {
  read(offset: number, length: number): Uint8Array
  close(): void
}

const SECTOR = 512

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

const contentOf = (path: string): Uint8Array => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path))

/**
 * Reads the files and answers the operation.
 * @throws the error of the operating system when a file cannot be read or unpacked
 */
export function imageAnswerFromFiles(request: ImageFilesRequest): ImageAnswer {
  const { host_system_uuid } = request
  return imageAnswer({
    superblock: filled(contentOf(request.superblock_file), request.superblock_bytes),
    log: filled(contentOf(request.log_file), request.log_bytes),
    ...(host_system_uuid === undefined ? {} : { host_system_uuid }),
  })
}
