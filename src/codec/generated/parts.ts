/** The parts of a GET_FMAP reply, each alone: for readers that do not decode all of it. Made from src/uapi/famfs/fmap.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { attempt, type Result } from '../errors.ts'
import { plainKinds, readWith } from '../reader.ts'
import {
  CAPACITY,
  deliver,
  detach,
  incoming,
  isRecord,
  load,
  NO,
  outgoing,
} from '../scratch.ts'
import { u16, u32, u64, u8 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_famfs_fmap_header. */
export interface FuseFamfsFmapHeader {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: number
  /** simple extents, or groups of strips */
  nextents: number
  /** bytes of the whole map; larger than the buffer asks the kernel to come back with that much */
  fmap_size: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1: bigint
}

/** What a fuse_famfs_fmap_header is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFamfsFmapHeaderInput {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved?: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: number
  /** simple extents, or groups of strips */
  nextents?: number
  /** bytes of the whole map; larger than the buffer asks the kernel to come back with that much */
  fmap_size?: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1?: bigint
}

/** Value of a fuse_famfs_simple_ext. */
export interface FuseFamfsSimpleExt {
  /** slot in the daxdev table of the connection */
  se_devindex: number
  reserved: number
  /** first byte on the device */
  se_offset: bigint
  /** bytes */
  se_len: bigint
}

/** What a fuse_famfs_simple_ext is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFamfsSimpleExtInput {
  /** slot in the daxdev table of the connection */
  se_devindex: number
  reserved?: number
  /** first byte on the device */
  se_offset: bigint
  /** bytes */
  se_len: bigint
}

/** Value of a fuse_famfs_iext. */
export interface FuseFamfsIextHead {
  /** strips that follow */
  ie_nstrips: number
  /** bytes that go to one strip before the next one takes over */
  ie_chunk_size: number
  /** bytes of the file that this group holds */
  ie_nbytes: bigint
  reserved: bigint
}

/** What a fuse_famfs_iext is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFamfsIextHeadInput {
  /** strips that follow */
  ie_nstrips?: number
  /** bytes that go to one strip before the next one takes over */
  ie_chunk_size: number
  /** bytes of the file that this group holds */
  ie_nbytes: bigint
  reserved?: bigint
}

const fuse_famfs_fmap_header_push: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'file_type', type: u8 },
    { name: 'reserved', type: u8, role: 'reserved' },
    { name: 'fmap_version', type: u16 },
    { name: 'ext_type', type: u32 },
    { name: 'nextents', type: u32, role: 'derived' },
    { name: 'fmap_size', type: u32, role: 'derived', fill: 'message' },
    { name: 'file_size', type: u64 },
    { name: 'reserved1', type: u64, role: 'reserved' },
  ],
}

const fuse_famfs_simple_ext: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'se_devindex', type: u32 },
    { name: 'reserved', type: u32, role: 'reserved' },
    { name: 'se_offset', type: u64 },
    { name: 'se_len', type: u64 },
  ],
}

const fuse_famfs_iext: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'ie_nstrips', type: u32, role: 'derived' },
    { name: 'ie_chunk_size', type: u32 },
    { name: 'ie_nbytes', type: u64 },
    { name: 'reserved', type: u64, role: 'reserved' },
  ],
}

/** Byte offset of ie_nstrips in a fuse_famfs_iext. */
export const IE_NSTRIPS_OFFSET = 0

const inB8 = /* @__PURE__ */ new Uint8Array(incoming)
const inB16 = /* @__PURE__ */ new Uint16Array(incoming)
const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const outB8 = /* @__PURE__ */ new Uint8Array(outgoing)
const outB16 = /* @__PURE__ */ new Uint16Array(outgoing)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)

function readFmapHeader(bytes: Uint8Array): FuseFamfsFmapHeader | undefined {
  const b8 = inB8
  const b16 = inB16
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 32) return undefined
  return {
    file_type: b8[0] as number,
    reserved: b8[1] as number,
    fmap_version: b16[1] as number,
    ext_type: b32[1] as number,
    nextents: b32[2] as number,
    fmap_size: b32[3] as number,
    file_size: b64[2] as bigint,
    reserved1: b64[3] as bigint,
  }
}

/**
 * Decodes a fuse_famfs_fmap_header.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeFmapHeader(bytes: Uint8Array, context?: Context): FuseFamfsFmapHeader {
  return (context === undefined ? readFmapHeader(bytes) : undefined) ?? (readWith(plainKinds, fuse_famfs_fmap_header_push, bytes, context) as FuseFamfsFmapHeader)
}

/** As {@link decodeFmapHeader}, but a refusal is returned. */
export const tryDecodeFmapHeader = (bytes: Uint8Array, context?: Context): Result<FuseFamfsFmapHeader> => attempt(() => decodeFmapHeader(bytes, context))

function storeFmapHeader(value: FuseFamfsFmapHeaderInput): number {
  const b8 = outB8
  const b16 = outB16
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { file_type, reserved = 0, fmap_version, ext_type, nextents, fmap_size, file_size, reserved1 = 0n } = value
  if (typeof file_type !== 'number' || (file_type & 0xff) !== file_type) return NO
  if (typeof reserved !== 'number' || (reserved & 0xff) !== reserved) return NO
  if (typeof fmap_version !== 'number' || (fmap_version & 0xffff) !== fmap_version) return NO
  if (typeof ext_type !== 'number' || ext_type >>> 0 !== ext_type) return NO
  if (typeof nextents !== 'number' || nextents >>> 0 !== nextents) return NO
  if (fmap_size !== undefined && (typeof fmap_size !== 'number' || fmap_size >>> 0 !== fmap_size)) return NO
  if (typeof file_size !== 'bigint' || BigInt.asUintN(64, file_size) !== file_size) return NO
  if (typeof reserved1 !== 'bigint' || BigInt.asUintN(64, reserved1) !== reserved1) return NO
  b8[0] = file_type
  b8[1] = reserved
  b16[1] = fmap_version
  b32[1] = ext_type
  b32[2] = nextents
  b64[2] = file_size
  b64[3] = reserved1
  b32[3] = fmap_size ?? 32
  return 32 > CAPACITY ? NO : 32
}

/**
 * Encodes a fuse_famfs_fmap_header into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeFmapHeaderInto(value: FuseFamfsFmapHeaderInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeFmapHeader(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_famfs_fmap_header_push, value, options), target, offset)
}

/** As {@link encodeFmapHeaderInto}, into bytes of its own. */
export function encodeFmapHeader(value: FuseFamfsFmapHeaderInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeFmapHeader(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_famfs_fmap_header_push, value, options) : detach(size)
}

/** Bytes of every fuse_famfs_fmap_header. */
export const sizeOfFmapHeader = (_value?: FuseFamfsFmapHeaderInput): number => 32

function readSimpleExt(bytes: Uint8Array): FuseFamfsSimpleExt | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 24) return undefined
  return {
    se_devindex: b32[0] as number,
    reserved: b32[1] as number,
    se_offset: b64[1] as bigint,
    se_len: b64[2] as bigint,
  }
}

/**
 * Decodes a fuse_famfs_simple_ext.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeSimpleExt(bytes: Uint8Array, context?: Context): FuseFamfsSimpleExt {
  return (context === undefined ? readSimpleExt(bytes) : undefined) ?? (readWith(plainKinds, fuse_famfs_simple_ext, bytes, context) as FuseFamfsSimpleExt)
}

/** As {@link decodeSimpleExt}, but a refusal is returned. */
export const tryDecodeSimpleExt = (bytes: Uint8Array, context?: Context): Result<FuseFamfsSimpleExt> => attempt(() => decodeSimpleExt(bytes, context))

function storeSimpleExt(value: FuseFamfsSimpleExtInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { se_devindex, reserved = 0, se_offset, se_len } = value
  if (typeof se_devindex !== 'number' || se_devindex >>> 0 !== se_devindex) return NO
  if (typeof reserved !== 'number' || reserved >>> 0 !== reserved) return NO
  if (typeof se_offset !== 'bigint' || BigInt.asUintN(64, se_offset) !== se_offset) return NO
  if (typeof se_len !== 'bigint' || BigInt.asUintN(64, se_len) !== se_len) return NO
  b32[0] = se_devindex
  b32[1] = reserved
  b64[1] = se_offset
  b64[2] = se_len
  return 24 > CAPACITY ? NO : 24
}

/**
 * Encodes a fuse_famfs_simple_ext into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeSimpleExtInto(value: FuseFamfsSimpleExtInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeSimpleExt(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_famfs_simple_ext, value, options), target, offset)
}

/** As {@link encodeSimpleExtInto}, into bytes of its own. */
export function encodeSimpleExt(value: FuseFamfsSimpleExtInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeSimpleExt(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_famfs_simple_ext, value, options) : detach(size)
}

/** Bytes of every fuse_famfs_simple_ext. */
export const sizeOfSimpleExt = (_value?: FuseFamfsSimpleExtInput): number => 24

function readIext(bytes: Uint8Array): FuseFamfsIextHead | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 24) return undefined
  return {
    ie_nstrips: b32[0] as number,
    ie_chunk_size: b32[1] as number,
    ie_nbytes: b64[1] as bigint,
    reserved: b64[2] as bigint,
  }
}

/**
 * Decodes a fuse_famfs_iext.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeIext(bytes: Uint8Array, context?: Context): FuseFamfsIextHead {
  return (context === undefined ? readIext(bytes) : undefined) ?? (readWith(plainKinds, fuse_famfs_iext, bytes, context) as FuseFamfsIextHead)
}

/** As {@link decodeIext}, but a refusal is returned. */
export const tryDecodeIext = (bytes: Uint8Array, context?: Context): Result<FuseFamfsIextHead> => attempt(() => decodeIext(bytes, context))

function storeIext(value: FuseFamfsIextHeadInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { ie_nstrips, ie_chunk_size, ie_nbytes, reserved = 0n } = value
  if (typeof ie_nstrips !== 'number' || ie_nstrips >>> 0 !== ie_nstrips) return NO
  if (typeof ie_chunk_size !== 'number' || ie_chunk_size >>> 0 !== ie_chunk_size) return NO
  if (typeof ie_nbytes !== 'bigint' || BigInt.asUintN(64, ie_nbytes) !== ie_nbytes) return NO
  if (typeof reserved !== 'bigint' || BigInt.asUintN(64, reserved) !== reserved) return NO
  b32[0] = ie_nstrips
  b32[1] = ie_chunk_size
  b64[1] = ie_nbytes
  b64[2] = reserved
  return 24 > CAPACITY ? NO : 24
}

/**
 * Encodes a fuse_famfs_iext into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeIextInto(value: FuseFamfsIextHeadInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeIext(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_famfs_iext, value, options), target, offset)
}

/** As {@link encodeIextInto}, into bytes of its own. */
export function encodeIext(value: FuseFamfsIextHeadInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeIext(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_famfs_iext, value, options) : detach(size)
}

/** Bytes of every fuse_famfs_iext. */
export const sizeOfIext = (_value?: FuseFamfsIextHeadInput): number => 24

