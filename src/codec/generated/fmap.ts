/** The GET_FMAP reply. Made from src/uapi/famfs/fmap.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { attempt, type Result } from '../errors.ts'
import { plainKinds, readWith } from '../reader.ts'
import {
  begin,
  CAPACITY,
  deliver,
  detach,
  finish,
  fits,
  incoming,
  isRecord,
  load,
  NO,
  outgoing,
} from '../scratch.ts'
import { u16, u32, u64, u8 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

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

/** Value of a fuse_famfs_fmap. With ext_type 0. */
export interface FuseFamfsFmapSimple {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 0
  /** simple extents, or groups of strips */
  nextents: number
  /** the push dialects put fmap_size here */
  reserved0: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1: bigint
  extents: FuseFamfsSimpleExt[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** Value of a fuse_famfs_iext. */
export interface FuseFamfsIext {
  /** strips that follow */
  ie_nstrips: number
  /** bytes that go to one strip before the next one takes over */
  ie_chunk_size: number
  /** bytes of the file that this group holds */
  ie_nbytes: bigint
  reserved: bigint
  ie_strips: FuseFamfsSimpleExt[]
}

/** Value of a fuse_famfs_fmap. With ext_type 1. */
export interface FuseFamfsFmapInterleaved {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 1
  /** simple extents, or groups of strips */
  nextents: number
  /** the push dialects put fmap_size here */
  reserved0: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1: bigint
  extents: FuseFamfsIext[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** Value of a fuse_famfs_fmap. */
export type FuseFamfsFmap = FuseFamfsFmapSimple | FuseFamfsFmapInterleaved

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

/** What a fuse_famfs_fmap is encoded from: counts, lengths and reserved words may be left out. With ext_type 0. */
export interface FuseFamfsFmapSimpleInput {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved?: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 0
  /** simple extents, or groups of strips */
  nextents?: number
  /** the push dialects put fmap_size here */
  reserved0?: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1?: bigint
  extents: readonly FuseFamfsSimpleExtInput[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** What a fuse_famfs_iext is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFamfsIextInput {
  /** strips that follow */
  ie_nstrips?: number
  /** bytes that go to one strip before the next one takes over */
  ie_chunk_size: number
  /** bytes of the file that this group holds */
  ie_nbytes: bigint
  reserved?: bigint
  ie_strips: readonly FuseFamfsSimpleExtInput[]
}

/** What a fuse_famfs_fmap is encoded from: counts, lengths and reserved words may be left out. With ext_type 1. */
export interface FuseFamfsFmapInterleavedInput {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved?: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 1
  /** simple extents, or groups of strips */
  nextents?: number
  /** the push dialects put fmap_size here */
  reserved0?: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1?: bigint
  extents: readonly FuseFamfsIextInput[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** What a fuse_famfs_fmap is encoded from: counts, lengths and reserved words may be left out. */
export type FuseFamfsFmapInput = FuseFamfsFmapSimpleInput | FuseFamfsFmapInterleavedInput

/** Value of a fuse_famfs_fmap. With ext_type 0. */
export interface FuseFamfsFmapPushSimple {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 0
  /** simple extents, or groups of strips */
  nextents: number
  /** bytes of the whole map; larger than the buffer asks the kernel to come back with that much */
  fmap_size: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1: bigint
  extents: FuseFamfsSimpleExt[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** Value of a fuse_famfs_fmap. With ext_type 1. */
export interface FuseFamfsFmapPushInterleaved {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 1
  /** simple extents, or groups of strips */
  nextents: number
  /** bytes of the whole map; larger than the buffer asks the kernel to come back with that much */
  fmap_size: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1: bigint
  extents: FuseFamfsIext[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** Value of a fuse_famfs_fmap. */
export type FuseFamfsFmapPush = FuseFamfsFmapPushSimple | FuseFamfsFmapPushInterleaved

/** What a fuse_famfs_fmap is encoded from: counts, lengths and reserved words may be left out. With ext_type 0. */
export interface FuseFamfsFmapPushSimpleInput {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved?: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 0
  /** simple extents, or groups of strips */
  nextents?: number
  /** bytes of the whole map; larger than the buffer asks the kernel to come back with that much */
  fmap_size?: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1?: bigint
  extents: readonly FuseFamfsSimpleExtInput[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** What a fuse_famfs_fmap is encoded from: counts, lengths and reserved words may be left out. With ext_type 1. */
export interface FuseFamfsFmapPushInterleavedInput {
  /** stored by every kernel, checked by none */
  file_type: number
  reserved?: number
  /** FAMFS_FMAP_VERSION (1); only the ioctl ABI 44 looks at it */
  fmap_version: number
  /** chooses what follows */
  ext_type: 1
  /** simple extents, or groups of strips */
  nextents?: number
  /** bytes of the whole map; larger than the buffer asks the kernel to come back with that much */
  fmap_size?: number
  /** bytes; becomes i_size */
  file_size: bigint
  reserved1?: bigint
  extents: readonly FuseFamfsIextInput[]
  /** never looked at; replies of fuse-v1 are always 4,096 bytes */
  trailing?: Uint8Array
}

/** What a fuse_famfs_fmap is encoded from: counts, lengths and reserved words may be left out. */
export type FuseFamfsFmapPushInput = FuseFamfsFmapPushSimpleInput | FuseFamfsFmapPushInterleavedInput

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
    { name: 'ie_strips', type: { kind: 'array', of: fuse_famfs_simple_ext, count: { terms: [{ field: 'ie_nstrips', times: 1 }] } } },
  ],
}

const fuse_famfs_fmap: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'file_type', type: u8 },
    { name: 'reserved', type: u8, role: 'reserved' },
    { name: 'fmap_version', type: u16 },
    { name: 'ext_type', type: u32 },
    { name: 'nextents', type: u32, role: 'derived' },
    { name: 'reserved0', type: u32, role: 'reserved' },
    { name: 'file_size', type: u64 },
    { name: 'reserved1', type: u64, role: 'reserved' },
    { name: 'extents', type: {
      kind: 'union',
      on: { by: 'field', field: 'ext_type' },
      cases: [
        { match: 0, type: { kind: 'array', of: fuse_famfs_simple_ext, count: { terms: [{ field: 'nextents', times: 1 }] } } },
        { match: 1, type: { kind: 'array', of: fuse_famfs_iext, count: { terms: [{ field: 'nextents', times: 1 }] } } },
      ],
    } },
    { name: 'trailing', type: { kind: 'bytes', length: { rest: true } }, elide: true },
  ],
}

const fuse_famfs_fmap_push: StructType = {
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
    { name: 'extents', type: {
      kind: 'union',
      on: { by: 'field', field: 'ext_type' },
      cases: [
        { match: 0, type: { kind: 'array', of: fuse_famfs_simple_ext, count: { terms: [{ field: 'nextents', times: 1 }] } } },
        { match: 1, type: { kind: 'array', of: fuse_famfs_iext, count: { terms: [{ field: 'nextents', times: 1 }] } } },
      ],
    } },
    { name: 'trailing', type: { kind: 'bytes', length: { rest: true } }, elide: true },
  ],
}

const inB8 = /* @__PURE__ */ new Uint8Array(incoming)
const inB16 = /* @__PURE__ */ new Uint16Array(incoming)
const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const outB8 = /* @__PURE__ */ new Uint8Array(outgoing)
const outB16 = /* @__PURE__ */ new Uint16Array(outgoing)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)

function readFuseFamfsSimpleExtList(at: number, count: number): FuseFamfsSimpleExt[] {
  const b32 = inB32
  const b64 = inB64
  const list = new Array<FuseFamfsSimpleExt>(count)
  for (let i = 0; i < count; i++) {
    const word = at >> 2
    const long = at >> 3
    list[i] = {
      se_devindex: b32[word] as number,
      reserved: b32[word + 1] as number,
      se_offset: b64[long + 1] as bigint,
      se_len: b64[long + 2] as bigint,
    }
    at += 24
  }
  return list
}

function storeFuseFamfsSimpleExtList(list: readonly FuseFamfsSimpleExtInput[], count: number, at: number): number {
  const b32 = outB32
  const b64 = outB64
  for (let i = 0; i < count; i++) {
    const item = list[i] as FuseFamfsSimpleExtInput
    if (!isRecord(item)) return NO
    const { se_devindex, reserved = 0, se_offset, se_len } = item
    if (typeof se_devindex !== 'number' || se_devindex >>> 0 !== se_devindex) return NO
    if (typeof reserved !== 'number' || reserved >>> 0 !== reserved) return NO
    if (typeof se_offset !== 'bigint' || BigInt.asUintN(64, se_offset) !== se_offset) return NO
    if (typeof se_len !== 'bigint' || BigInt.asUintN(64, se_len) !== se_len) return NO
    const word = at >> 2
    b32[word] = se_devindex
    b32[word + 1] = reserved
    const long = at >> 3
    b64[long + 1] = se_offset
    b64[long + 2] = se_len
    at += 24
  }
  return at
}

function readFmap(bytes: Uint8Array): FuseFamfsFmap | undefined {
  const b8 = inB8
  const b16 = inB16
  const b32 = inB32
  const b64 = inB64
  const end = load(bytes)
  if (end < 32) return undefined
  const ext_type = b32[1] as number
  const nextents = b32[2] as number
  if (ext_type === 0) {
    let at = 32
    if (nextents * 24 > end - at) return undefined
    const extents = readFuseFamfsSimpleExtList(at, nextents)
    at += nextents * 24
    const value: FuseFamfsFmapSimple = {
      file_type: b8[0] as number,
      reserved: b8[1] as number,
      fmap_version: b16[1] as number,
      ext_type: 0,
      nextents,
      reserved0: b32[3] as number,
      file_size: b64[2] as bigint,
      reserved1: b64[3] as bigint,
      extents,
    }
    if (at < end) value.trailing = b8.slice(at, end)
    return value
  }
  if (ext_type === 1) {
    let at = 32
    if (nextents * 24 > end - at) return undefined
    const extents = new Array<FuseFamfsIext>(nextents)
    for (let i = 0; i < nextents; i++) {
      if (end - at < 24) return undefined
      const word = at >> 2
      const ie_nstrips = b32[word] as number
      const long = at >> 3
      at += 24
      if (ie_nstrips * 24 > end - at) return undefined
      const ie_strips = readFuseFamfsSimpleExtList(at, ie_nstrips)
      at += ie_nstrips * 24
      extents[i] = {
        ie_nstrips,
        ie_chunk_size: b32[word + 1] as number,
        ie_nbytes: b64[long + 1] as bigint,
        reserved: b64[long + 2] as bigint,
        ie_strips,
      }
    }
    const value: FuseFamfsFmapInterleaved = {
      file_type: b8[0] as number,
      reserved: b8[1] as number,
      fmap_version: b16[1] as number,
      ext_type: 1,
      nextents,
      reserved0: b32[3] as number,
      file_size: b64[2] as bigint,
      reserved1: b64[3] as bigint,
      extents,
    }
    if (at < end) value.trailing = b8.slice(at, end)
    return value
  }
  return undefined
}

/**
 * Decodes a fuse_famfs_fmap.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeFmap(bytes: Uint8Array, context?: Context): FuseFamfsFmap {
  return (context === undefined ? readFmap(bytes) : undefined) ?? (readWith(plainKinds, fuse_famfs_fmap, bytes, context) as FuseFamfsFmap)
}

/** As {@link decodeFmap}, but a refusal is returned. */
export const tryDecodeFmap = (bytes: Uint8Array, context?: Context): Result<FuseFamfsFmap> => attempt(() => decodeFmap(bytes, context))

function storeFmap(value: FuseFamfsFmapInput): number {
  const b8 = outB8
  const b16 = outB16
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const started = begin()
  const {
    file_type,
    reserved = 0,
    fmap_version,
    ext_type,
    nextents,
    reserved0 = 0,
    file_size,
    reserved1 = 0n,
    extents,
    trailing,
  } = value
  if (typeof file_type !== 'number' || (file_type & 0xff) !== file_type) return NO
  if (typeof reserved !== 'number' || (reserved & 0xff) !== reserved) return NO
  if (typeof fmap_version !== 'number' || (fmap_version & 0xffff) !== fmap_version) return NO
  if (typeof ext_type !== 'number' || ext_type >>> 0 !== ext_type) return NO
  if (typeof reserved0 !== 'number' || reserved0 >>> 0 !== reserved0) return NO
  if (typeof file_size !== 'bigint' || BigInt.asUintN(64, file_size) !== file_size) return NO
  if (typeof reserved1 !== 'bigint' || BigInt.asUintN(64, reserved1) !== reserved1) return NO
  b8[0] = file_type
  b8[1] = reserved
  b16[1] = fmap_version
  b32[1] = ext_type
  b32[3] = reserved0
  b64[2] = file_size
  b64[3] = reserved1
  if (ext_type === 0) {
    const list = extents as readonly FuseFamfsSimpleExtInput[]
    if (!Array.isArray(list)) return NO
    const count: number = list.length
    if (nextents !== undefined && nextents !== count) return NO
    b32[2] = count
    let at = 32
    if (count * 24 > CAPACITY - at) return NO
    at = storeFuseFamfsSimpleExtList(list, count, at)
    if (at === NO) return NO
    if (trailing !== undefined) {
      if (!fits(trailing, CAPACITY - at)) return NO
      b8.set(trailing, at)
      at += trailing.length
    }
    return finish(started, at)
  }
  if (ext_type === 1) {
    const list = extents as readonly FuseFamfsIextInput[]
    if (!Array.isArray(list)) return NO
    const count: number = list.length
    if (nextents !== undefined && nextents !== count) return NO
    b32[2] = count
    let at = 32
    if (count * 24 > CAPACITY - at) return NO
    for (let i = 0; i < count; i++) {
      const item = list[i] as FuseFamfsIextInput
      if (!isRecord(item)) return NO
      const { ie_nstrips, ie_chunk_size, ie_nbytes, reserved = 0n, ie_strips } = item
      if (typeof ie_chunk_size !== 'number' || ie_chunk_size >>> 0 !== ie_chunk_size) return NO
      if (typeof ie_nbytes !== 'bigint' || BigInt.asUintN(64, ie_nbytes) !== ie_nbytes) return NO
      if (typeof reserved !== 'bigint' || BigInt.asUintN(64, reserved) !== reserved) return NO
      const word = at >> 2
      b32[word + 1] = ie_chunk_size
      const long = at >> 3
      b64[long + 1] = ie_nbytes
      b64[long + 2] = reserved
      const list2 = ie_strips as readonly FuseFamfsSimpleExtInput[]
      if (!Array.isArray(list2)) return NO
      const count2: number = list2.length
      if (ie_nstrips !== undefined && ie_nstrips !== count2) return NO
      b32[word] = count2
      at += 24
      if (count2 * 24 > CAPACITY - at) return NO
      at = storeFuseFamfsSimpleExtList(list2, count2, at)
      if (at === NO) return NO
    }
    if (trailing !== undefined) {
      if (!fits(trailing, CAPACITY - at)) return NO
      b8.set(trailing, at)
      at += trailing.length
    }
    return finish(started, at)
  }
  return NO
}

/**
 * Encodes a fuse_famfs_fmap into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeFmapInto(value: FuseFamfsFmapInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeFmap(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_famfs_fmap, value, options), target, offset)
}

/** As {@link encodeFmapInto}, into bytes of its own. */
export function encodeFmap(value: FuseFamfsFmapInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeFmap(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_famfs_fmap, value, options) : detach(size)
}

/** Bytes that {@link encodeFmap} makes of a value; it refuses the same values. */
export const sizeOfFmap = (value: FuseFamfsFmapInput, options?: EncodeOptions): number => encodeFmap(value, options).length

function readFmapPush(bytes: Uint8Array): FuseFamfsFmapPush | undefined {
  const b8 = inB8
  const b16 = inB16
  const b32 = inB32
  const b64 = inB64
  const end = load(bytes)
  if (end < 32) return undefined
  const ext_type = b32[1] as number
  const nextents = b32[2] as number
  if (ext_type === 0) {
    let at = 32
    if (nextents * 24 > end - at) return undefined
    const extents = readFuseFamfsSimpleExtList(at, nextents)
    at += nextents * 24
    const value: FuseFamfsFmapPushSimple = {
      file_type: b8[0] as number,
      reserved: b8[1] as number,
      fmap_version: b16[1] as number,
      ext_type: 0,
      nextents,
      fmap_size: b32[3] as number,
      file_size: b64[2] as bigint,
      reserved1: b64[3] as bigint,
      extents,
    }
    if (at < end) value.trailing = b8.slice(at, end)
    return value
  }
  if (ext_type === 1) {
    let at = 32
    if (nextents * 24 > end - at) return undefined
    const extents = new Array<FuseFamfsIext>(nextents)
    for (let i = 0; i < nextents; i++) {
      if (end - at < 24) return undefined
      const word = at >> 2
      const ie_nstrips = b32[word] as number
      const long = at >> 3
      at += 24
      if (ie_nstrips * 24 > end - at) return undefined
      const ie_strips = readFuseFamfsSimpleExtList(at, ie_nstrips)
      at += ie_nstrips * 24
      extents[i] = {
        ie_nstrips,
        ie_chunk_size: b32[word + 1] as number,
        ie_nbytes: b64[long + 1] as bigint,
        reserved: b64[long + 2] as bigint,
        ie_strips,
      }
    }
    const value: FuseFamfsFmapPushInterleaved = {
      file_type: b8[0] as number,
      reserved: b8[1] as number,
      fmap_version: b16[1] as number,
      ext_type: 1,
      nextents,
      fmap_size: b32[3] as number,
      file_size: b64[2] as bigint,
      reserved1: b64[3] as bigint,
      extents,
    }
    if (at < end) value.trailing = b8.slice(at, end)
    return value
  }
  return undefined
}

/**
 * Decodes a fuse_famfs_fmap.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeFmapPush(bytes: Uint8Array, context?: Context): FuseFamfsFmapPush {
  return (context === undefined ? readFmapPush(bytes) : undefined) ?? (readWith(plainKinds, fuse_famfs_fmap_push, bytes, context) as FuseFamfsFmapPush)
}

/** As {@link decodeFmapPush}, but a refusal is returned. */
export const tryDecodeFmapPush = (bytes: Uint8Array, context?: Context): Result<FuseFamfsFmapPush> => attempt(() => decodeFmapPush(bytes, context))

function storeFmapPush(value: FuseFamfsFmapPushInput): number {
  const b8 = outB8
  const b16 = outB16
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const started = begin()
  const {
    file_type,
    reserved = 0,
    fmap_version,
    ext_type,
    nextents,
    fmap_size,
    file_size,
    reserved1 = 0n,
    extents,
    trailing,
  } = value
  if (typeof file_type !== 'number' || (file_type & 0xff) !== file_type) return NO
  if (typeof reserved !== 'number' || (reserved & 0xff) !== reserved) return NO
  if (typeof fmap_version !== 'number' || (fmap_version & 0xffff) !== fmap_version) return NO
  if (typeof ext_type !== 'number' || ext_type >>> 0 !== ext_type) return NO
  if (fmap_size !== undefined && (typeof fmap_size !== 'number' || fmap_size >>> 0 !== fmap_size)) return NO
  if (typeof file_size !== 'bigint' || BigInt.asUintN(64, file_size) !== file_size) return NO
  if (typeof reserved1 !== 'bigint' || BigInt.asUintN(64, reserved1) !== reserved1) return NO
  b8[0] = file_type
  b8[1] = reserved
  b16[1] = fmap_version
  b32[1] = ext_type
  b64[2] = file_size
  b64[3] = reserved1
  if (ext_type === 0) {
    const list = extents as readonly FuseFamfsSimpleExtInput[]
    if (!Array.isArray(list)) return NO
    const count: number = list.length
    if (nextents !== undefined && nextents !== count) return NO
    b32[2] = count
    let at = 32
    if (count * 24 > CAPACITY - at) return NO
    at = storeFuseFamfsSimpleExtList(list, count, at)
    if (at === NO) return NO
    if (trailing !== undefined) {
      if (!fits(trailing, CAPACITY - at)) return NO
      b8.set(trailing, at)
      at += trailing.length
    }
    b32[3] = fmap_size ?? at
    return finish(started, at)
  }
  if (ext_type === 1) {
    const list = extents as readonly FuseFamfsIextInput[]
    if (!Array.isArray(list)) return NO
    const count: number = list.length
    if (nextents !== undefined && nextents !== count) return NO
    b32[2] = count
    let at = 32
    if (count * 24 > CAPACITY - at) return NO
    for (let i = 0; i < count; i++) {
      const item = list[i] as FuseFamfsIextInput
      if (!isRecord(item)) return NO
      const { ie_nstrips, ie_chunk_size, ie_nbytes, reserved = 0n, ie_strips } = item
      if (typeof ie_chunk_size !== 'number' || ie_chunk_size >>> 0 !== ie_chunk_size) return NO
      if (typeof ie_nbytes !== 'bigint' || BigInt.asUintN(64, ie_nbytes) !== ie_nbytes) return NO
      if (typeof reserved !== 'bigint' || BigInt.asUintN(64, reserved) !== reserved) return NO
      const word = at >> 2
      b32[word + 1] = ie_chunk_size
      const long = at >> 3
      b64[long + 1] = ie_nbytes
      b64[long + 2] = reserved
      const list2 = ie_strips as readonly FuseFamfsSimpleExtInput[]
      if (!Array.isArray(list2)) return NO
      const count2: number = list2.length
      if (ie_nstrips !== undefined && ie_nstrips !== count2) return NO
      b32[word] = count2
      at += 24
      if (count2 * 24 > CAPACITY - at) return NO
      at = storeFuseFamfsSimpleExtList(list2, count2, at)
      if (at === NO) return NO
    }
    if (trailing !== undefined) {
      if (!fits(trailing, CAPACITY - at)) return NO
      b8.set(trailing, at)
      at += trailing.length
    }
    b32[3] = fmap_size ?? at
    return finish(started, at)
  }
  return NO
}

/**
 * Encodes a fuse_famfs_fmap into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeFmapPushInto(value: FuseFamfsFmapPushInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeFmapPush(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_famfs_fmap_push, value, options), target, offset)
}

/** As {@link encodeFmapPushInto}, into bytes of its own. */
export function encodeFmapPush(value: FuseFamfsFmapPushInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeFmapPush(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_famfs_fmap_push, value, options) : detach(size)
}

/** Bytes that {@link encodeFmapPush} makes of a value; it refuses the same values. */
export const sizeOfFmapPush = (value: FuseFamfsFmapPushInput, options?: EncodeOptions): number => encodeFmapPush(value, options).length

