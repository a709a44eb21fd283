/** The GET_DAXDEV reply, and the GET_FMAP request of fuse-v2. Made from src/uapi/famfs/daxdev.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import { commonKinds, commonWriters } from '../common.ts'
import type { Context } from '../context.ts'
import { attempt, type Result } from '../errors.ts'
import { plainKinds, readWith } from '../reader.ts'
import {
  CAPACITY,
  deliver,
  detach,
  getText,
  incoming,
  isRecord,
  load,
  NO,
  outgoing,
  putText,
} from '../scratch.ts'
import { u16, u32, u64 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_daxdev_out. */
export interface FuseDaxdevOut {
  /** slot of the device; not looked at, the nodeid of the request chose it */
  index: number
  reserved: number
  reserved2: number
  reserved3: bigint
  reserved4: bigint
  /** path of the DAX device; no kernel makes sure that it ends with a NUL */
  name: string
}

/** What a fuse_daxdev_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseDaxdevOutInput {
  /** slot of the device; not looked at, the nodeid of the request chose it */
  index: number
  reserved?: number
  reserved2?: number
  reserved3?: bigint
  reserved4?: bigint
  /** path of the DAX device; no kernel makes sure that it ends with a NUL */
  name: string
}

/** Value of a fuse_get_fmap_in. */
export interface FuseGetFmapIn {
  /** bytes that the kernel has room for */
  size: number
  padding: number
}

/** What a fuse_get_fmap_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseGetFmapInInput {
  /** bytes that the kernel has room for */
  size: number
  padding?: number
}

const fuse_daxdev_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'index', type: u16 },
    { name: 'reserved', type: u16, role: 'reserved' },
    { name: 'reserved2', type: u32, role: 'reserved' },
    { name: 'reserved3', type: u64, role: 'reserved' },
    { name: 'reserved4', type: u64, role: 'reserved' },
    { name: 'name', type: { kind: 'text', length: { plus: 256 } } },
  ],
}

const fuse_get_fmap_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'size', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const inB16 = /* @__PURE__ */ new Uint16Array(incoming)
const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const outB16 = /* @__PURE__ */ new Uint16Array(outgoing)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)

function readDaxdevOut(bytes: Uint8Array): FuseDaxdevOut | undefined {
  const b16 = inB16
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 280) return undefined
  return {
    index: b16[0] as number,
    reserved: b16[1] as number,
    reserved2: b32[1] as number,
    reserved3: b64[1] as bigint,
    reserved4: b64[2] as bigint,
    name: getText(24, 280),
  }
}

/**
 * Decodes a fuse_daxdev_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeDaxdevOut(bytes: Uint8Array, context?: Context): FuseDaxdevOut {
  return (context === undefined ? readDaxdevOut(bytes) : undefined) ?? (readWith(commonKinds, fuse_daxdev_out, bytes, context) as FuseDaxdevOut)
}

/** As {@link decodeDaxdevOut}, but a refusal is returned. */
export const tryDecodeDaxdevOut = (bytes: Uint8Array, context?: Context): Result<FuseDaxdevOut> => attempt(() => decodeDaxdevOut(bytes, context))

function storeDaxdevOut(value: FuseDaxdevOutInput): number {
  const b16 = outB16
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { index, reserved = 0, reserved2 = 0, reserved3 = 0n, reserved4 = 0n, name } = value
  if (typeof index !== 'number' || (index & 0xffff) !== index) return NO
  if (typeof reserved !== 'number' || (reserved & 0xffff) !== reserved) return NO
  if (typeof reserved2 !== 'number' || reserved2 >>> 0 !== reserved2) return NO
  if (typeof reserved3 !== 'bigint' || BigInt.asUintN(64, reserved3) !== reserved3) return NO
  if (typeof reserved4 !== 'bigint' || BigInt.asUintN(64, reserved4) !== reserved4) return NO
  b16[0] = index
  b16[1] = reserved
  b32[1] = reserved2
  b64[1] = reserved3
  b64[2] = reserved4
  if (!putText(name, 24, 256)) return NO
  return 280 > CAPACITY ? NO : 280
}

/**
 * Encodes a fuse_daxdev_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeDaxdevOutInto(value: FuseDaxdevOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeDaxdevOut(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(commonWriters, fuse_daxdev_out, value, options), target, offset)
}

/** As {@link encodeDaxdevOutInto}, into bytes of its own. */
export function encodeDaxdevOut(value: FuseDaxdevOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeDaxdevOut(value) : NO
  return size === NO ? writeWith(commonWriters, fuse_daxdev_out, value, options) : detach(size)
}

/** Bytes of every fuse_daxdev_out. */
export const sizeOfDaxdevOut = (_value?: FuseDaxdevOutInput): number => 280

function readGetFmapIn(bytes: Uint8Array): FuseGetFmapIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    size: b32[0] as number,
    padding: b32[1] as number,
  }
}

/**
 * Decodes a fuse_get_fmap_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeGetFmapIn(bytes: Uint8Array, context?: Context): FuseGetFmapIn {
  return (context === undefined ? readGetFmapIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_get_fmap_in, bytes, context) as FuseGetFmapIn)
}

/** As {@link decodeGetFmapIn}, but a refusal is returned. */
export const tryDecodeGetFmapIn = (bytes: Uint8Array, context?: Context): Result<FuseGetFmapIn> => attempt(() => decodeGetFmapIn(bytes, context))

function storeGetFmapIn(value: FuseGetFmapInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { size, padding = 0 } = value
  if (typeof size !== 'number' || size >>> 0 !== size) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b32[0] = size
  b32[1] = padding
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_get_fmap_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeGetFmapInInto(value: FuseGetFmapInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeGetFmapIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_get_fmap_in, value, options), target, offset)
}

/** As {@link encodeGetFmapInInto}, into bytes of its own. */
export function encodeGetFmapIn(value: FuseGetFmapInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeGetFmapIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_get_fmap_in, value, options) : detach(size)
}

/** Bytes of every fuse_get_fmap_in. */
export const sizeOfGetFmapIn = (_value?: FuseGetFmapInInput): number => 8

