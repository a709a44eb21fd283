/** Small images, made from those of the reference. */
import { crc32 } from '../src/codec/crc32.ts'
import { encode } from '../src/codec/index.ts'
import { shapeOf } from '../src/metadata/shape.ts'
import type { Area } from '../src/metadata/source.ts'
import { layoutById, type MediaLayout } from '../src/uapi/famfs/layouts/index.ts'
import { type Case, goldenCases } from './metadata-golden.ts'

const cases = new Map([...goldenCases('v48'), ...goldenCases('older')].map(c => [c.name, c]))

export function golden(name: string): Case {
  const found = cases.get(name)
  if (found === undefined) throw new Error(`there is no case ${name}`)
  return found
}

/** Superblock and log where a device has them, the log's tail cut off. */
export function device({ superblock, log }: Pick<Case, 'superblock' | 'log'>, logBytes = log.length): Uint8Array {
  const bytes = new Uint8Array(0x200000 + logBytes)
  bytes.set(superblock)
  bytes.set(log.subarray(0, logBytes), 0x200000)
  return bytes
}

/** A log of 8 MiB, filled up with zeros. */
export function whole(log: Uint8Array, size = 0x800000): Uint8Array {
  const bytes = new Uint8Array(size)
  bytes.set(log)
  return bytes
}

export const put64 = (bytes: Uint8Array, at: number, value: bigint): void =>
  new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(at, value, true)

/** The same log with another count of used slots. */
export function withNextIndex(log: Uint8Array, next: bigint): Uint8Array {
  const bytes = log.slice()
  put64(bytes, 40, next)
  return bytes
}

/** An area that notes what is asked of it, and may give other bytes each time. */
export function watched(bytesAt: (read: number) => Uint8Array): Area & { readonly reads: { offset: number; length: number }[] } {
  const reads: { offset: number; length: number }[] = []
  return {
    reads,
    size: bytesAt(0).length,
    read(offset, length) {
      const bytes = bytesAt(reads.length)
      reads.push({ offset, length })
      return Promise.resolve(bytes.slice(offset, offset + length))
    },
  }
}

/** An image of a 32-bit host: one directory. */
export function i386Image(): { superblock: Uint8Array; log: Uint8Array } {
  const layout = layoutById('L24-i386') as MediaLayout
  const { superblock: sb, entry, header } = shapeOf(layout)
  const superblock = new Uint8Array(4096)
  superblock.set(golden('v48/good-basic').superblock.subarray(0, sb.crc + 8))
  const log = new Uint8Array(0x10000)
  put64(log, 0, 0xbadcafef00dn)
  put64(log, 8, 0x10000n)
  put64(log, 16, BigInt(Math.floor((0x10000 - header.size) / entry.size) - 1))
  new DataView(log.buffer).setUint32(24, crc32(log, 0, 24), true)
  put64(log, header.nextSeqnum, 1n)
  put64(log, header.nextIndex, 1n)
  const body = { famfs_md: { md_uid: 1, md_gid: 2, md_mode: 0o755, md_relpath: 'made-by-i386' } }
  const value = { famfs_log_entry_seqnum: 0n, famfs_log_entry_type: 1, body, famfs_log_entry_crc: 0 }
  const slot = encode(layout.entry, value)
  new DataView(slot.buffer).setUint32(524, crc32(slot, 0, 524), true)
  log.set(slot, header.size)
  return { superblock, log }
}
