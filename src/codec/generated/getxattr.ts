/** Asking for extended attributes; the push dialects ask for a map so. Made from src/uapi/fuse/xattr.ts by `npm run generate`: change that, not this. */
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
import { u32 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_getxattr_in. */
export interface FuseGetxattrIn {
  /** bytes that the caller has room for; 0 asks for the size only */
  size: number
  padding: number
}

/** What a fuse_getxattr_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseGetxattrInInput {
  /** bytes that the caller has room for; 0 asks for the size only */
  size: number
  padding?: number
}

/** Value of a fuse_getxattr_out. */
export interface FuseGetxattrOut {
  /** bytes */
  size: number
  padding: number
}

/** What a fuse_getxattr_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseGetxattrOutInput {
  /** bytes */
  size: number
  padding?: number
}

const fuse_getxattr_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'size', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const fuse_getxattr_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'size', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)

function readGetxattrIn(bytes: Uint8Array): FuseGetxattrIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    size: b32[0] as number,
    padding: b32[1] as number,
  }
}

/**
 * Decodes a fuse_getxattr_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeGetxattrIn(bytes: Uint8Array, context?: Context): FuseGetxattrIn {
  return (context === undefined ? readGetxattrIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_getxattr_in, bytes, context) as FuseGetxattrIn)
}

/** As {@link decodeGetxattrIn}, but a refusal is returned. */
export const tryDecodeGetxattrIn = (bytes: Uint8Array, context?: Context): Result<FuseGetxattrIn> => attempt(() => decodeGetxattrIn(bytes, context))

function storeGetxattrIn(value: FuseGetxattrInInput): number {
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
 * Encodes a fuse_getxattr_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeGetxattrInInto(value: FuseGetxattrInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeGetxattrIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_getxattr_in, value, options), target, offset)
}

/** As {@link encodeGetxattrInInto}, into bytes of its own. */
export function encodeGetxattrIn(value: FuseGetxattrInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeGetxattrIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_getxattr_in, value, options) : detach(size)
}

/** Bytes of every fuse_getxattr_in. */
export const sizeOfGetxattrIn = (_value?: FuseGetxattrInInput): number => 8

function readGetxattrOut(bytes: Uint8Array): FuseGetxattrOut | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    size: b32[0] as number,
    padding: b32[1] as number,
  }
}

/**
 * Decodes a fuse_getxattr_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeGetxattrOut(bytes: Uint8Array, context?: Context): FuseGetxattrOut {
  return (context === undefined ? readGetxattrOut(bytes) : undefined) ?? (readWith(plainKinds, fuse_getxattr_out, bytes, context) as FuseGetxattrOut)
}

/** As {@link decodeGetxattrOut}, but a refusal is returned. */
export const tryDecodeGetxattrOut = (bytes: Uint8Array, context?: Context): Result<FuseGetxattrOut> => attempt(() => decodeGetxattrOut(bytes, context))

function storeGetxattrOut(value: FuseGetxattrOutInput): number {
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
 * Encodes a fuse_getxattr_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeGetxattrOutInto(value: FuseGetxattrOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeGetxattrOut(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_getxattr_out, value, options), target, offset)
}

/** As {@link encodeGetxattrOutInto}, into bytes of its own. */
export function encodeGetxattrOut(value: FuseGetxattrOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeGetxattrOut(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_getxattr_out, value, options) : detach(size)
}

/** Bytes of every fuse_getxattr_out. */
export const sizeOfGetxattrOut = (_value?: FuseGetxattrOutInput): number => 8

