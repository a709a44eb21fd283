/** Names and directories. Made from src/uapi/fuse/dir.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { read } from '../decode.ts'
import { write } from '../encode.ts'
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
import { u32, u64 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_forget_in. */
export interface FuseForgetIn {
  /** references to give back */
  nlookup: bigint
}

/** What a fuse_forget_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseForgetInInput {
  /** references to give back */
  nlookup: bigint
}

/** Value of a fuse_forget_one. */
export interface FuseForgetOne {
  nodeid: bigint
  /** references to give back */
  nlookup: bigint
}

/** What a fuse_forget_one is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseForgetOneInput {
  nodeid: bigint
  /** references to give back */
  nlookup: bigint
}

/** Value of a fuse_batch_forget_in. */
export interface FuseBatchForgetIn {
  count: number
  dummy: number
}

/** What a fuse_batch_forget_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseBatchForgetInInput {
  count?: number
  dummy?: number
}

/** Value of a fuse_mknod_in. */
export interface FuseMknodIn {
  mode: number
  rdev: number
  umask?: number
  padding?: number
}

/** What a fuse_mknod_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseMknodInInput {
  mode: number
  rdev: number
  umask?: number
  padding?: number
}

/** Value of a fuse_mkdir_in. */
export interface FuseMkdirIn {
  mode: number
  umask: number
}

/** What a fuse_mkdir_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseMkdirInInput {
  mode: number
  umask: number
}

/** Value of a fuse_rename2_in. */
export interface FuseRename2In {
  /** nodeid of the directory of the new name */
  newdir: bigint
  flags: number
  padding: number
}

/** What a fuse_rename2_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseRename2InInput {
  /** nodeid of the directory of the new name */
  newdir: bigint
  flags: number
  padding?: number
}

/** Value of a fuse_access_in. */
export interface FuseAccessIn {
  mask: number
  padding: number
}

/** What a fuse_access_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseAccessInInput {
  mask: number
  padding?: number
}

const fuse_forget_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'nlookup', type: u64 },
  ],
}

const fuse_forget_one: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'nodeid', type: u64 },
    { name: 'nlookup', type: u64 },
  ],
}

const fuse_batch_forget_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'count', type: u32, role: 'derived' },
    { name: 'dummy', type: u32, role: 'reserved' },
  ],
}

const fuse_mknod_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'mode', type: u32 },
    { name: 'rdev', type: u32 },
    { name: 'umask', type: u32, when: { minor: 12 } },
    { name: 'padding', type: u32, role: 'reserved', when: { minor: 12 } },
  ],
}

const fuse_mkdir_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'mode', type: u32 },
    { name: 'umask', type: u32 },
  ],
}

const fuse_rename2_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'newdir', type: u64 },
    { name: 'flags', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const fuse_access_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'mask', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)

function readForgetIn(bytes: Uint8Array): FuseForgetIn | undefined {
  const b64 = inB64
  if (load(bytes) !== 8) return undefined
  return {
    nlookup: b64[0] as bigint,
  }
}

/**
 * Decodes a fuse_forget_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeForgetIn(bytes: Uint8Array, context?: Context): FuseForgetIn {
  return (context === undefined ? readForgetIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_forget_in, bytes, context) as FuseForgetIn)
}

/** As {@link decodeForgetIn}, but a refusal is returned. */
export const tryDecodeForgetIn = (bytes: Uint8Array, context?: Context): Result<FuseForgetIn> => attempt(() => decodeForgetIn(bytes, context))

function storeForgetIn(value: FuseForgetInInput): number {
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { nlookup } = value
  if (typeof nlookup !== 'bigint' || BigInt.asUintN(64, nlookup) !== nlookup) return NO
  b64[0] = nlookup
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_forget_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeForgetInInto(value: FuseForgetInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeForgetIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_forget_in, value, options), target, offset)
}

/** As {@link encodeForgetInInto}, into bytes of its own. */
export function encodeForgetIn(value: FuseForgetInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeForgetIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_forget_in, value, options) : detach(size)
}

/** Bytes of every fuse_forget_in. */
export const sizeOfForgetIn = (_value?: FuseForgetInInput): number => 8

function readForgetOne(bytes: Uint8Array): FuseForgetOne | undefined {
  const b64 = inB64
  if (load(bytes) !== 16) return undefined
  return {
    nodeid: b64[0] as bigint,
    nlookup: b64[1] as bigint,
  }
}

/**
 * Decodes a fuse_forget_one.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeForgetOne(bytes: Uint8Array, context?: Context): FuseForgetOne {
  return (context === undefined ? readForgetOne(bytes) : undefined) ?? (readWith(plainKinds, fuse_forget_one, bytes, context) as FuseForgetOne)
}

/** As {@link decodeForgetOne}, but a refusal is returned. */
export const tryDecodeForgetOne = (bytes: Uint8Array, context?: Context): Result<FuseForgetOne> => attempt(() => decodeForgetOne(bytes, context))

function storeForgetOne(value: FuseForgetOneInput): number {
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { nodeid, nlookup } = value
  if (typeof nodeid !== 'bigint' || BigInt.asUintN(64, nodeid) !== nodeid) return NO
  if (typeof nlookup !== 'bigint' || BigInt.asUintN(64, nlookup) !== nlookup) return NO
  b64[0] = nodeid
  b64[1] = nlookup
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_forget_one into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeForgetOneInto(value: FuseForgetOneInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeForgetOne(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_forget_one, value, options), target, offset)
}

/** As {@link encodeForgetOneInto}, into bytes of its own. */
export function encodeForgetOne(value: FuseForgetOneInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeForgetOne(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_forget_one, value, options) : detach(size)
}

/** Bytes of every fuse_forget_one. */
export const sizeOfForgetOne = (_value?: FuseForgetOneInput): number => 16

function readBatchForgetIn(bytes: Uint8Array): FuseBatchForgetIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    count: b32[0] as number,
    dummy: b32[1] as number,
  }
}

/**
 * Decodes a fuse_batch_forget_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeBatchForgetIn(bytes: Uint8Array, context?: Context): FuseBatchForgetIn {
  return (context === undefined ? readBatchForgetIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_batch_forget_in, bytes, context) as FuseBatchForgetIn)
}

/** As {@link decodeBatchForgetIn}, but a refusal is returned. */
export const tryDecodeBatchForgetIn = (bytes: Uint8Array, context?: Context): Result<FuseBatchForgetIn> => attempt(() => decodeBatchForgetIn(bytes, context))

function storeBatchForgetIn(value: FuseBatchForgetInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { count, dummy = 0 } = value
  if (typeof count !== 'number' || count >>> 0 !== count) return NO
  if (typeof dummy !== 'number' || dummy >>> 0 !== dummy) return NO
  b32[0] = count
  b32[1] = dummy
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_batch_forget_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeBatchForgetInInto(value: FuseBatchForgetInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeBatchForgetIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_batch_forget_in, value, options), target, offset)
}

/** As {@link encodeBatchForgetInInto}, into bytes of its own. */
export function encodeBatchForgetIn(value: FuseBatchForgetInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeBatchForgetIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_batch_forget_in, value, options) : detach(size)
}

/** Bytes of every fuse_batch_forget_in. */
export const sizeOfBatchForgetIn = (_value?: FuseBatchForgetInInput): number => 8

function readMknodIn(bytes: Uint8Array): FuseMknodIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 16) return undefined
  return {
    mode: b32[0] as number,
    rdev: b32[1] as number,
    umask: b32[2] as number,
    padding: b32[3] as number,
  }
}

/**
 * Decodes a fuse_mknod_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeMknodIn(bytes: Uint8Array, context?: Context): FuseMknodIn {
  return (context === undefined ? readMknodIn(bytes) : undefined) ?? (read(fuse_mknod_in, bytes, context) as FuseMknodIn)
}

/** As {@link decodeMknodIn}, but a refusal is returned. */
export const tryDecodeMknodIn = (bytes: Uint8Array, context?: Context): Result<FuseMknodIn> => attempt(() => decodeMknodIn(bytes, context))

function storeMknodIn(value: FuseMknodInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { mode, rdev, umask, padding = 0 } = value
  if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
  if (typeof rdev !== 'number' || rdev >>> 0 !== rdev) return NO
  if (typeof umask !== 'number' || umask >>> 0 !== umask) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b32[0] = mode
  b32[1] = rdev
  b32[2] = umask
  b32[3] = padding
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_mknod_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeMknodInInto(value: FuseMknodInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeMknodIn(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_mknod_in, value, options), target, offset)
}

/** As {@link encodeMknodInInto}, into bytes of its own. */
export function encodeMknodIn(value: FuseMknodInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeMknodIn(value) : NO
  return size === NO ? write(fuse_mknod_in, value, options) : detach(size)
}

/** Bytes of every fuse_mknod_in. */
export const sizeOfMknodIn = (_value?: FuseMknodInInput): number => 16

function readMkdirIn(bytes: Uint8Array): FuseMkdirIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    mode: b32[0] as number,
    umask: b32[1] as number,
  }
}

/**
 * Decodes a fuse_mkdir_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeMkdirIn(bytes: Uint8Array, context?: Context): FuseMkdirIn {
  return (context === undefined ? readMkdirIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_mkdir_in, bytes, context) as FuseMkdirIn)
}

/** As {@link decodeMkdirIn}, but a refusal is returned. */
export const tryDecodeMkdirIn = (bytes: Uint8Array, context?: Context): Result<FuseMkdirIn> => attempt(() => decodeMkdirIn(bytes, context))

function storeMkdirIn(value: FuseMkdirInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { mode, umask } = value
  if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
  if (typeof umask !== 'number' || umask >>> 0 !== umask) return NO
  b32[0] = mode
  b32[1] = umask
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_mkdir_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeMkdirInInto(value: FuseMkdirInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeMkdirIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_mkdir_in, value, options), target, offset)
}

/** As {@link encodeMkdirInInto}, into bytes of its own. */
export function encodeMkdirIn(value: FuseMkdirInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeMkdirIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_mkdir_in, value, options) : detach(size)
}

/** Bytes of every fuse_mkdir_in. */
export const sizeOfMkdirIn = (_value?: FuseMkdirInInput): number => 8

function readRename2In(bytes: Uint8Array): FuseRename2In | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 16) return undefined
  return {
    newdir: b64[0] as bigint,
    flags: b32[2] as number,
    padding: b32[3] as number,
  }
}

/**
 * Decodes a fuse_rename2_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeRename2In(bytes: Uint8Array, context?: Context): FuseRename2In {
  return (context === undefined ? readRename2In(bytes) : undefined) ?? (readWith(plainKinds, fuse_rename2_in, bytes, context) as FuseRename2In)
}

/** As {@link decodeRename2In}, but a refusal is returned. */
export const tryDecodeRename2In = (bytes: Uint8Array, context?: Context): Result<FuseRename2In> => attempt(() => decodeRename2In(bytes, context))

function storeRename2In(value: FuseRename2InInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { newdir, flags, padding = 0 } = value
  if (typeof newdir !== 'bigint' || BigInt.asUintN(64, newdir) !== newdir) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b64[0] = newdir
  b32[2] = flags
  b32[3] = padding
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_rename2_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeRename2InInto(value: FuseRename2InInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeRename2In(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_rename2_in, value, options), target, offset)
}

/** As {@link encodeRename2InInto}, into bytes of its own. */
export function encodeRename2In(value: FuseRename2InInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeRename2In(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_rename2_in, value, options) : detach(size)
}

/** Bytes of every fuse_rename2_in. */
export const sizeOfRename2In = (_value?: FuseRename2InInput): number => 16

function readAccessIn(bytes: Uint8Array): FuseAccessIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    mask: b32[0] as number,
    padding: b32[1] as number,
  }
}

/**
 * Decodes a fuse_access_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeAccessIn(bytes: Uint8Array, context?: Context): FuseAccessIn {
  return (context === undefined ? readAccessIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_access_in, bytes, context) as FuseAccessIn)
}

/** As {@link decodeAccessIn}, but a refusal is returned. */
export const tryDecodeAccessIn = (bytes: Uint8Array, context?: Context): Result<FuseAccessIn> => attempt(() => decodeAccessIn(bytes, context))

function storeAccessIn(value: FuseAccessInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { mask, padding = 0 } = value
  if (typeof mask !== 'number' || mask >>> 0 !== mask) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b32[0] = mask
  b32[1] = padding
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_access_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeAccessInInto(value: FuseAccessInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeAccessIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_access_in, value, options), target, offset)
}

/** As {@link encodeAccessInInto}, into bytes of its own. */
export function encodeAccessIn(value: FuseAccessInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeAccessIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_access_in, value, options) : detach(size)
}

/** Bytes of every fuse_access_in. */
export const sizeOfAccessIn = (_value?: FuseAccessInInput): number => 8

