/** The files that an `image` request names. */
import { bad, type Json, number, optional, text } from './record.ts'

/** Superblock and log of an image, as files of the testee's machine; one that ends in `.gz` is packed. */
export interface ImageFiles {
  readonly superblock_file: string
  readonly log_file: string
  /** bytes that the superblock once had; those that the file does not have are zero */
  readonly superblock_bytes: number
  readonly log_bytes: number
  /** system uuid of the host whose role is asked for */
  readonly host_system_uuid?: string
}

function byteCount(request: Json, key: string): number {
  const bytes = number(request, key)
  if (bytes < 0) throw bad('range', key, 'must be a number of bytes', '0 or more', bytes)
  return bytes
}

/** @throws WireError naming the member that is missing or is not what it should be */
export function imageFilesIn(request: Json): ImageFiles {
  const host_system_uuid = optional(request, 'host_system_uuid', text)
  return {
    superblock_file: text(request, 'superblock_file'),
    log_file: text(request, 'log_file'),
    superblock_bytes: byteCount(request, 'superblock_bytes'),
    log_bytes: byteCount(request, 'log_bytes'),
    ...(host_system_uuid === undefined ? {} : { host_system_uuid }),
  }
}
