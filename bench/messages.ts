/** The messages that are measured: bytes written with Buffer calls alone, and the values that they stand for. */
import type { FuseDaxdevOut } from '../src/codec/generated/daxdev.ts'
import type { FuseFamfsFmap, FuseFamfsSimpleExt } from '../src/codec/generated/fmap.ts'
import type { FuseInitIn } from '../src/codec/generated/init.ts'

export interface Sample<V> {
  readonly bytes: Uint8Array
  readonly value: V
}

const MIB2 = 0x200000n

const extentAt = (i: number, devindex: number): FuseFamfsSimpleExt => ({
  se_devindex: devindex,
  reserved: 0,
  se_offset: MIB2 * BigInt(7 * i + 3),
  se_len: MIB2 * BigInt(1 + (i % 3)),
})

function writeExtents(bytes: Buffer, at: number, extents: readonly FuseFamfsSimpleExt[]): void {
  extents.forEach((e, i) => {
    bytes.writeUInt32LE(e.se_devindex, at + 24 * i)
    bytes.writeBigUInt64LE(e.se_offset, at + 24 * i + 8)
    bytes.writeBigUInt64LE(e.se_len, at + 24 * i + 16)
  })
}

const total = (extents: readonly FuseFamfsSimpleExt[]): bigint => extents.reduce((sum, e) => sum + e.se_len, 0n)

function writeHead(bytes: Buffer, extType: number, count: number, size: bigint): void {
  bytes.writeUInt16LE(1, 2)
  bytes.writeUInt32LE(extType, 4)
  bytes.writeUInt32LE(count, 8)
  bytes.writeBigUInt64LE(size, 16)
}

/** A map of simple extents. */
export function simpleMap(count: number): Sample<FuseFamfsFmap> {
  const extents = Array.from({ length: count }, (_, i) => extentAt(i, 0))
  const bytes = Buffer.alloc(32 + 24 * count)
  writeHead(bytes, 0, count, total(extents))
  writeExtents(bytes, 32, extents)
  const value: FuseFamfsFmap = {
    file_type: 0,
    reserved: 0,
    fmap_version: 1,
    ext_type: 0,
    nextents: count,
    reserved0: 0,
    file_size: total(extents),
    reserved1: 0n,
    extents,
  }
  return { bytes: new Uint8Array(bytes), value }
}

/** A map of one group of strips. */
export function interleavedMap(strips: number): Sample<FuseFamfsFmap> {
  const ie_strips = Array.from({ length: strips }, (_, i) => extentAt(i, i))
  const bytes = Buffer.alloc(56 + 24 * strips)
  writeHead(bytes, 1, 1, total(ie_strips))
  bytes.writeUInt32LE(strips, 32)
  bytes.writeUInt32LE(0x200000, 36)
  bytes.writeBigUInt64LE(total(ie_strips), 40)
  writeExtents(bytes, 56, ie_strips)
  const value: FuseFamfsFmap = {
    file_type: 0,
    reserved: 0,
    fmap_version: 1,
    ext_type: 1,
    nextents: 1,
    reserved0: 0,
    file_size: total(ie_strips),
    reserved1: 0n,
    extents: [{ ie_nstrips: strips, ie_chunk_size: 0x200000, ie_nbytes: total(ie_strips), reserved: 0n, ie_strips }],
  }
  return { bytes: new Uint8Array(bytes), value }
}

/** An INIT request as a current kernel sends it. */
export function initRequest(): Sample<FuseInitIn> {
  const bytes = Buffer.alloc(64)
  ;[7, 45, 0x20000, 0x73fffffb, 0x9fd].forEach((word, i) => {
    bytes.writeUInt32LE(word, 4 * i)
  })
  const value: FuseInitIn = {
    major: 7,
    minor: 45,
    max_readahead: 0x20000,
    flags: 0x73fffffb,
    flags2: 0x9fd,
    unused: new Array<number>(11).fill(0),
  }
  return { bytes: new Uint8Array(bytes), value }
}

/** A GET_DAXDEV reply with a name of the usual length. */
export function daxdevReply(): Sample<FuseDaxdevOut> {
  const bytes = Buffer.alloc(280)
  bytes.writeUInt16LE(3, 0)
  bytes.write('/dev/dax3.0', 24, 'latin1')
  return { bytes: new Uint8Array(bytes), value: { index: 3, reserved: 0, reserved2: 0, reserved3: 0n, reserved4: 0n, name: '/dev/dax3.0' } }
}
