/** Open files. Made from src/uapi/fuse/file.ts by `npm run generate`: change that, not this. */
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
import { s32, u32, u64 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_open_in. */
export interface FuseOpenIn {
  flags: number
  open_flags: number
}

/** What a fuse_open_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseOpenInInput {
  flags: number
  open_flags: number
}

/** Value of a fuse_open_out. */
export interface FuseOpenOut {
  /** handle; comes back in every request about this open file */
  fh: bigint
  open_flags: number
  /** only with FOPEN_PASSTHROUGH */
  backing_id: number
}

/** What a fuse_open_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseOpenOutInput {
  /** handle; comes back in every request about this open file */
  fh: bigint
  open_flags: number
  /** only with FOPEN_PASSTHROUGH */
  backing_id: number
}

/** Value of a fuse_create_in. */
export interface FuseCreateIn {
  flags: number
  mode: number
  umask?: number
  open_flags?: number
}

/** What a fuse_create_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseCreateInInput {
  flags: number
  mode: number
  umask?: number
  open_flags?: number
}

/** Value of a fuse_release_in. */
export interface FuseReleaseIn {
  fh: bigint
  flags: number
  release_flags: number
  lock_owner: bigint
}

/** What a fuse_release_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseReleaseInInput {
  fh: bigint
  flags: number
  release_flags: number
  lock_owner: bigint
}

/** Value of a fuse_flush_in. */
export interface FuseFlushIn {
  fh: bigint
  unused: number
  padding: number
  lock_owner: bigint
}

/** What a fuse_flush_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFlushInInput {
  fh: bigint
  unused?: number
  padding?: number
  lock_owner: bigint
}

/** Value of a fuse_read_in. */
export interface FuseReadIn {
  fh: bigint
  /** bytes; in a directory what the last entry had in off */
  offset: bigint
  /** most bytes of the reply */
  size: number
  read_flags: number
  lock_owner: bigint
  flags: number
  padding: number
}

/** What a fuse_read_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseReadInInput {
  fh: bigint
  /** bytes; in a directory what the last entry had in off */
  offset: bigint
  /** most bytes of the reply */
  size: number
  read_flags: number
  lock_owner: bigint
  flags: number
  padding?: number
}

/** Value of a fuse_write_in. */
export interface FuseWriteIn {
  fh: bigint
  /** bytes */
  offset: bigint
  /** bytes that follow */
  size: number
  write_flags: number
  lock_owner?: bigint
  flags?: number
  padding?: number
}

/** What a fuse_write_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseWriteInInput {
  fh: bigint
  /** bytes */
  offset: bigint
  /** bytes that follow */
  size?: number
  write_flags: number
  lock_owner?: bigint
  flags?: number
  padding?: number
}

/** Value of a fuse_write_out. */
export interface FuseWriteOut {
  /** bytes written */
  size: number
  padding: number
}

/** What a fuse_write_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseWriteOutInput {
  /** bytes written */
  size: number
  padding?: number
}

/** Value of a fuse_fsync_in. */
export interface FuseFsyncIn {
  fh: bigint
  fsync_flags: number
  padding: number
}

/** What a fuse_fsync_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFsyncInInput {
  fh: bigint
  fsync_flags: number
  padding?: number
}

/** Value of a fuse_lseek_in. */
export interface FuseLseekIn {
  fh: bigint
  offset: bigint
  whence: number
  padding: number
}

/** What a fuse_lseek_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseLseekInInput {
  fh: bigint
  offset: bigint
  whence: number
  padding?: number
}

/** Value of a fuse_lseek_out. */
export interface FuseLseekOut {
  offset: bigint
}

/** What a fuse_lseek_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseLseekOutInput {
  offset: bigint
}

/** Value of a fuse_fallocate_in. */
export interface FuseFallocateIn {
  fh: bigint
  offset: bigint
  length: bigint
  mode: number
  padding: number
}

/** What a fuse_fallocate_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseFallocateInInput {
  fh: bigint
  offset: bigint
  length: bigint
  mode: number
  padding?: number
}

const fuse_open_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'flags', type: u32 },
    { name: 'open_flags', type: u32 },
  ],
}

const fuse_open_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'open_flags', type: u32 },
    { name: 'backing_id', type: s32 },
  ],
}

const fuse_create_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'flags', type: u32 },
    { name: 'mode', type: u32 },
    { name: 'umask', type: u32, when: { minor: 12 } },
    { name: 'open_flags', type: u32, when: { minor: 12 } },
  ],
}

const fuse_release_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'flags', type: u32 },
    { name: 'release_flags', type: u32 },
    { name: 'lock_owner', type: u64 },
  ],
}

const fuse_flush_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'unused', type: u32, role: 'reserved' },
    { name: 'padding', type: u32, role: 'reserved' },
    { name: 'lock_owner', type: u64 },
  ],
}

const fuse_read_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'offset', type: u64 },
    { name: 'size', type: u32 },
    { name: 'read_flags', type: u32 },
    { name: 'lock_owner', type: u64 },
    { name: 'flags', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const fuse_write_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'offset', type: u64 },
    { name: 'size', type: u32, role: 'derived' },
    { name: 'write_flags', type: u32 },
    { name: 'lock_owner', type: u64, when: { minor: 9 } },
    { name: 'flags', type: u32, when: { minor: 9 } },
    { name: 'padding', type: u32, role: 'reserved', when: { minor: 9 } },
  ],
}

const fuse_write_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'size', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const fuse_fsync_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'fsync_flags', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const fuse_lseek_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'offset', type: u64 },
    { name: 'whence', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const fuse_lseek_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'offset', type: u64 },
  ],
}

const fuse_fallocate_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'fh', type: u64 },
    { name: 'offset', type: u64 },
    { name: 'length', type: u64 },
    { name: 'mode', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
  ],
}

const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const inI32 = /* @__PURE__ */ new Int32Array(incoming)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)
const outI32 = /* @__PURE__ */ new Int32Array(outgoing)

function readOpenIn(bytes: Uint8Array): FuseOpenIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    flags: b32[0] as number,
    open_flags: b32[1] as number,
  }
}

/**
 * Decodes a fuse_open_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeOpenIn(bytes: Uint8Array, context?: Context): FuseOpenIn {
  return (context === undefined ? readOpenIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_open_in, bytes, context) as FuseOpenIn)
}

/** As {@link decodeOpenIn}, but a refusal is returned. */
export const tryDecodeOpenIn = (bytes: Uint8Array, context?: Context): Result<FuseOpenIn> => attempt(() => decodeOpenIn(bytes, context))

function storeOpenIn(value: FuseOpenInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { flags, open_flags } = value
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof open_flags !== 'number' || open_flags >>> 0 !== open_flags) return NO
  b32[0] = flags
  b32[1] = open_flags
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_open_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeOpenInInto(value: FuseOpenInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeOpenIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_open_in, value, options), target, offset)
}

/** As {@link encodeOpenInInto}, into bytes of its own. */
export function encodeOpenIn(value: FuseOpenInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeOpenIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_open_in, value, options) : detach(size)
}

/** Bytes of every fuse_open_in. */
export const sizeOfOpenIn = (_value?: FuseOpenInInput): number => 8

function readOpenOut(bytes: Uint8Array): FuseOpenOut | undefined {
  const b32 = inB32
  const b64 = inB64
  const i32 = inI32
  if (load(bytes) !== 16) return undefined
  return {
    fh: b64[0] as bigint,
    open_flags: b32[2] as number,
    backing_id: i32[3] as number,
  }
}

/**
 * Decodes a fuse_open_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeOpenOut(bytes: Uint8Array, context?: Context): FuseOpenOut {
  return (context === undefined ? readOpenOut(bytes) : undefined) ?? (readWith(plainKinds, fuse_open_out, bytes, context) as FuseOpenOut)
}

/** As {@link decodeOpenOut}, but a refusal is returned. */
export const tryDecodeOpenOut = (bytes: Uint8Array, context?: Context): Result<FuseOpenOut> => attempt(() => decodeOpenOut(bytes, context))

function storeOpenOut(value: FuseOpenOutInput): number {
  const b32 = outB32
  const b64 = outB64
  const i32 = outI32
  if (!isRecord(value)) return NO
  const { fh, open_flags, backing_id } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof open_flags !== 'number' || open_flags >>> 0 !== open_flags) return NO
  if (typeof backing_id !== 'number' || (backing_id | 0) !== backing_id) return NO
  b64[0] = fh
  b32[2] = open_flags
  i32[3] = backing_id
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_open_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeOpenOutInto(value: FuseOpenOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeOpenOut(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_open_out, value, options), target, offset)
}

/** As {@link encodeOpenOutInto}, into bytes of its own. */
export function encodeOpenOut(value: FuseOpenOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeOpenOut(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_open_out, value, options) : detach(size)
}

/** Bytes of every fuse_open_out. */
export const sizeOfOpenOut = (_value?: FuseOpenOutInput): number => 16

function readCreateIn(bytes: Uint8Array): FuseCreateIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 16) return undefined
  return {
    flags: b32[0] as number,
    mode: b32[1] as number,
    umask: b32[2] as number,
    open_flags: b32[3] as number,
  }
}

/**
 * Decodes a fuse_create_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeCreateIn(bytes: Uint8Array, context?: Context): FuseCreateIn {
  return (context === undefined ? readCreateIn(bytes) : undefined) ?? (read(fuse_create_in, bytes, context) as FuseCreateIn)
}

/** As {@link decodeCreateIn}, but a refusal is returned. */
export const tryDecodeCreateIn = (bytes: Uint8Array, context?: Context): Result<FuseCreateIn> => attempt(() => decodeCreateIn(bytes, context))

function storeCreateIn(value: FuseCreateInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { flags, mode, umask, open_flags } = value
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
  if (typeof umask !== 'number' || umask >>> 0 !== umask) return NO
  if (typeof open_flags !== 'number' || open_flags >>> 0 !== open_flags) return NO
  b32[0] = flags
  b32[1] = mode
  b32[2] = umask
  b32[3] = open_flags
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_create_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeCreateInInto(value: FuseCreateInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeCreateIn(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_create_in, value, options), target, offset)
}

/** As {@link encodeCreateInInto}, into bytes of its own. */
export function encodeCreateIn(value: FuseCreateInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeCreateIn(value) : NO
  return size === NO ? write(fuse_create_in, value, options) : detach(size)
}

/** Bytes of every fuse_create_in. */
export const sizeOfCreateIn = (_value?: FuseCreateInInput): number => 16

function readReleaseIn(bytes: Uint8Array): FuseReleaseIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 24) return undefined
  return {
    fh: b64[0] as bigint,
    flags: b32[2] as number,
    release_flags: b32[3] as number,
    lock_owner: b64[2] as bigint,
  }
}

/**
 * Decodes a fuse_release_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeReleaseIn(bytes: Uint8Array, context?: Context): FuseReleaseIn {
  return (context === undefined ? readReleaseIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_release_in, bytes, context) as FuseReleaseIn)
}

/** As {@link decodeReleaseIn}, but a refusal is returned. */
export const tryDecodeReleaseIn = (bytes: Uint8Array, context?: Context): Result<FuseReleaseIn> => attempt(() => decodeReleaseIn(bytes, context))

function storeReleaseIn(value: FuseReleaseInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, flags, release_flags, lock_owner } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof release_flags !== 'number' || release_flags >>> 0 !== release_flags) return NO
  if (typeof lock_owner !== 'bigint' || BigInt.asUintN(64, lock_owner) !== lock_owner) return NO
  b64[0] = fh
  b32[2] = flags
  b32[3] = release_flags
  b64[2] = lock_owner
  return 24 > CAPACITY ? NO : 24
}

/**
 * Encodes a fuse_release_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeReleaseInInto(value: FuseReleaseInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeReleaseIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_release_in, value, options), target, offset)
}

/** As {@link encodeReleaseInInto}, into bytes of its own. */
export function encodeReleaseIn(value: FuseReleaseInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeReleaseIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_release_in, value, options) : detach(size)
}

/** Bytes of every fuse_release_in. */
export const sizeOfReleaseIn = (_value?: FuseReleaseInInput): number => 24

function readFlushIn(bytes: Uint8Array): FuseFlushIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 24) return undefined
  return {
    fh: b64[0] as bigint,
    unused: b32[2] as number,
    padding: b32[3] as number,
    lock_owner: b64[2] as bigint,
  }
}

/**
 * Decodes a fuse_flush_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeFlushIn(bytes: Uint8Array, context?: Context): FuseFlushIn {
  return (context === undefined ? readFlushIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_flush_in, bytes, context) as FuseFlushIn)
}

/** As {@link decodeFlushIn}, but a refusal is returned. */
export const tryDecodeFlushIn = (bytes: Uint8Array, context?: Context): Result<FuseFlushIn> => attempt(() => decodeFlushIn(bytes, context))

function storeFlushIn(value: FuseFlushInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, unused = 0, padding = 0, lock_owner } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof unused !== 'number' || unused >>> 0 !== unused) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  if (typeof lock_owner !== 'bigint' || BigInt.asUintN(64, lock_owner) !== lock_owner) return NO
  b64[0] = fh
  b32[2] = unused
  b32[3] = padding
  b64[2] = lock_owner
  return 24 > CAPACITY ? NO : 24
}

/**
 * Encodes a fuse_flush_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeFlushInInto(value: FuseFlushInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeFlushIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_flush_in, value, options), target, offset)
}

/** As {@link encodeFlushInInto}, into bytes of its own. */
export function encodeFlushIn(value: FuseFlushInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeFlushIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_flush_in, value, options) : detach(size)
}

/** Bytes of every fuse_flush_in. */
export const sizeOfFlushIn = (_value?: FuseFlushInInput): number => 24

function readReadIn(bytes: Uint8Array): FuseReadIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 40) return undefined
  return {
    fh: b64[0] as bigint,
    offset: b64[1] as bigint,
    size: b32[4] as number,
    read_flags: b32[5] as number,
    lock_owner: b64[3] as bigint,
    flags: b32[8] as number,
    padding: b32[9] as number,
  }
}

/**
 * Decodes a fuse_read_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeReadIn(bytes: Uint8Array, context?: Context): FuseReadIn {
  return (context === undefined ? readReadIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_read_in, bytes, context) as FuseReadIn)
}

/** As {@link decodeReadIn}, but a refusal is returned. */
export const tryDecodeReadIn = (bytes: Uint8Array, context?: Context): Result<FuseReadIn> => attempt(() => decodeReadIn(bytes, context))

function storeReadIn(value: FuseReadInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, offset, size, read_flags, lock_owner, flags, padding = 0 } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof offset !== 'bigint' || BigInt.asUintN(64, offset) !== offset) return NO
  if (typeof size !== 'number' || size >>> 0 !== size) return NO
  if (typeof read_flags !== 'number' || read_flags >>> 0 !== read_flags) return NO
  if (typeof lock_owner !== 'bigint' || BigInt.asUintN(64, lock_owner) !== lock_owner) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b64[0] = fh
  b64[1] = offset
  b32[4] = size
  b32[5] = read_flags
  b64[3] = lock_owner
  b32[8] = flags
  b32[9] = padding
  return 40 > CAPACITY ? NO : 40
}

/**
 * Encodes a fuse_read_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeReadInInto(value: FuseReadInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeReadIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_read_in, value, options), target, offset)
}

/** As {@link encodeReadInInto}, into bytes of its own. */
export function encodeReadIn(value: FuseReadInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeReadIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_read_in, value, options) : detach(size)
}

/** Bytes of every fuse_read_in. */
export const sizeOfReadIn = (_value?: FuseReadInInput): number => 40

function readWriteIn(bytes: Uint8Array): FuseWriteIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 40) return undefined
  return {
    fh: b64[0] as bigint,
    offset: b64[1] as bigint,
    size: b32[4] as number,
    write_flags: b32[5] as number,
    lock_owner: b64[3] as bigint,
    flags: b32[8] as number,
    padding: b32[9] as number,
  }
}

/**
 * Decodes a fuse_write_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeWriteIn(bytes: Uint8Array, context?: Context): FuseWriteIn {
  return (context === undefined ? readWriteIn(bytes) : undefined) ?? (read(fuse_write_in, bytes, context) as FuseWriteIn)
}

/** As {@link decodeWriteIn}, but a refusal is returned. */
export const tryDecodeWriteIn = (bytes: Uint8Array, context?: Context): Result<FuseWriteIn> => attempt(() => decodeWriteIn(bytes, context))

function storeWriteIn(value: FuseWriteInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, offset, size, write_flags, lock_owner, flags, padding = 0 } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof offset !== 'bigint' || BigInt.asUintN(64, offset) !== offset) return NO
  if (typeof size !== 'number' || size >>> 0 !== size) return NO
  if (typeof write_flags !== 'number' || write_flags >>> 0 !== write_flags) return NO
  if (typeof lock_owner !== 'bigint' || BigInt.asUintN(64, lock_owner) !== lock_owner) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b64[0] = fh
  b64[1] = offset
  b32[4] = size
  b32[5] = write_flags
  b64[3] = lock_owner
  b32[8] = flags
  b32[9] = padding
  return 40 > CAPACITY ? NO : 40
}

/**
 * Encodes a fuse_write_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeWriteInInto(value: FuseWriteInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeWriteIn(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_write_in, value, options), target, offset)
}

/** As {@link encodeWriteInInto}, into bytes of its own. */
export function encodeWriteIn(value: FuseWriteInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeWriteIn(value) : NO
  return size === NO ? write(fuse_write_in, value, options) : detach(size)
}

/** Bytes of every fuse_write_in. */
export const sizeOfWriteIn = (_value?: FuseWriteInInput): number => 40

function readWriteOut(bytes: Uint8Array): FuseWriteOut | undefined {
  const b32 = inB32
  if (load(bytes) !== 8) return undefined
  return {
    size: b32[0] as number,
    padding: b32[1] as number,
  }
}

/**
 * Decodes a fuse_write_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeWriteOut(bytes: Uint8Array, context?: Context): FuseWriteOut {
  return (context === undefined ? readWriteOut(bytes) : undefined) ?? (readWith(plainKinds, fuse_write_out, bytes, context) as FuseWriteOut)
}

/** As {@link decodeWriteOut}, but a refusal is returned. */
export const tryDecodeWriteOut = (bytes: Uint8Array, context?: Context): Result<FuseWriteOut> => attempt(() => decodeWriteOut(bytes, context))

function storeWriteOut(value: FuseWriteOutInput): number {
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
 * Encodes a fuse_write_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeWriteOutInto(value: FuseWriteOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeWriteOut(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_write_out, value, options), target, offset)
}

/** As {@link encodeWriteOutInto}, into bytes of its own. */
export function encodeWriteOut(value: FuseWriteOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeWriteOut(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_write_out, value, options) : detach(size)
}

/** Bytes of every fuse_write_out. */
export const sizeOfWriteOut = (_value?: FuseWriteOutInput): number => 8

function readFsyncIn(bytes: Uint8Array): FuseFsyncIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 16) return undefined
  return {
    fh: b64[0] as bigint,
    fsync_flags: b32[2] as number,
    padding: b32[3] as number,
  }
}

/**
 * Decodes a fuse_fsync_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeFsyncIn(bytes: Uint8Array, context?: Context): FuseFsyncIn {
  return (context === undefined ? readFsyncIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_fsync_in, bytes, context) as FuseFsyncIn)
}

/** As {@link decodeFsyncIn}, but a refusal is returned. */
export const tryDecodeFsyncIn = (bytes: Uint8Array, context?: Context): Result<FuseFsyncIn> => attempt(() => decodeFsyncIn(bytes, context))

function storeFsyncIn(value: FuseFsyncInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, fsync_flags, padding = 0 } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof fsync_flags !== 'number' || fsync_flags >>> 0 !== fsync_flags) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b64[0] = fh
  b32[2] = fsync_flags
  b32[3] = padding
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_fsync_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeFsyncInInto(value: FuseFsyncInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeFsyncIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_fsync_in, value, options), target, offset)
}

/** As {@link encodeFsyncInInto}, into bytes of its own. */
export function encodeFsyncIn(value: FuseFsyncInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeFsyncIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_fsync_in, value, options) : detach(size)
}

/** Bytes of every fuse_fsync_in. */
export const sizeOfFsyncIn = (_value?: FuseFsyncInInput): number => 16

function readLseekIn(bytes: Uint8Array): FuseLseekIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 24) return undefined
  return {
    fh: b64[0] as bigint,
    offset: b64[1] as bigint,
    whence: b32[4] as number,
    padding: b32[5] as number,
  }
}

/**
 * Decodes a fuse_lseek_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeLseekIn(bytes: Uint8Array, context?: Context): FuseLseekIn {
  return (context === undefined ? readLseekIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_lseek_in, bytes, context) as FuseLseekIn)
}

/** As {@link decodeLseekIn}, but a refusal is returned. */
export const tryDecodeLseekIn = (bytes: Uint8Array, context?: Context): Result<FuseLseekIn> => attempt(() => decodeLseekIn(bytes, context))

function storeLseekIn(value: FuseLseekInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, offset, whence, padding = 0 } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof offset !== 'bigint' || BigInt.asUintN(64, offset) !== offset) return NO
  if (typeof whence !== 'number' || whence >>> 0 !== whence) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b64[0] = fh
  b64[1] = offset
  b32[4] = whence
  b32[5] = padding
  return 24 > CAPACITY ? NO : 24
}

/**
 * Encodes a fuse_lseek_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeLseekInInto(value: FuseLseekInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeLseekIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_lseek_in, value, options), target, offset)
}

/** As {@link encodeLseekInInto}, into bytes of its own. */
export function encodeLseekIn(value: FuseLseekInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeLseekIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_lseek_in, value, options) : detach(size)
}

/** Bytes of every fuse_lseek_in. */
export const sizeOfLseekIn = (_value?: FuseLseekInInput): number => 24

function readLseekOut(bytes: Uint8Array): FuseLseekOut | undefined {
  const b64 = inB64
  if (load(bytes) !== 8) return undefined
  return {
    offset: b64[0] as bigint,
  }
}

/**
 * Decodes a fuse_lseek_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeLseekOut(bytes: Uint8Array, context?: Context): FuseLseekOut {
  return (context === undefined ? readLseekOut(bytes) : undefined) ?? (readWith(plainKinds, fuse_lseek_out, bytes, context) as FuseLseekOut)
}

/** As {@link decodeLseekOut}, but a refusal is returned. */
export const tryDecodeLseekOut = (bytes: Uint8Array, context?: Context): Result<FuseLseekOut> => attempt(() => decodeLseekOut(bytes, context))

function storeLseekOut(value: FuseLseekOutInput): number {
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { offset } = value
  if (typeof offset !== 'bigint' || BigInt.asUintN(64, offset) !== offset) return NO
  b64[0] = offset
  return 8 > CAPACITY ? NO : 8
}

/**
 * Encodes a fuse_lseek_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeLseekOutInto(value: FuseLseekOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeLseekOut(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_lseek_out, value, options), target, offset)
}

/** As {@link encodeLseekOutInto}, into bytes of its own. */
export function encodeLseekOut(value: FuseLseekOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeLseekOut(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_lseek_out, value, options) : detach(size)
}

/** Bytes of every fuse_lseek_out. */
export const sizeOfLseekOut = (_value?: FuseLseekOutInput): number => 8

function readFallocateIn(bytes: Uint8Array): FuseFallocateIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 32) return undefined
  return {
    fh: b64[0] as bigint,
    offset: b64[1] as bigint,
    length: b64[2] as bigint,
    mode: b32[6] as number,
    padding: b32[7] as number,
  }
}

/**
 * Decodes a fuse_fallocate_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeFallocateIn(bytes: Uint8Array, context?: Context): FuseFallocateIn {
  return (context === undefined ? readFallocateIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_fallocate_in, bytes, context) as FuseFallocateIn)
}

/** As {@link decodeFallocateIn}, but a refusal is returned. */
export const tryDecodeFallocateIn = (bytes: Uint8Array, context?: Context): Result<FuseFallocateIn> => attempt(() => decodeFallocateIn(bytes, context))

function storeFallocateIn(value: FuseFallocateInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { fh, offset, length, mode, padding = 0 } = value
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof offset !== 'bigint' || BigInt.asUintN(64, offset) !== offset) return NO
  if (typeof length !== 'bigint' || BigInt.asUintN(64, length) !== length) return NO
  if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b64[0] = fh
  b64[1] = offset
  b64[2] = length
  b32[6] = mode
  b32[7] = padding
  return 32 > CAPACITY ? NO : 32
}

/**
 * Encodes a fuse_fallocate_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeFallocateInInto(value: FuseFallocateInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeFallocateIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_fallocate_in, value, options), target, offset)
}

/** As {@link encodeFallocateInInto}, into bytes of its own. */
export function encodeFallocateIn(value: FuseFallocateInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeFallocateIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_fallocate_in, value, options) : detach(size)
}

/** Bytes of every fuse_fallocate_in. */
export const sizeOfFallocateIn = (_value?: FuseFallocateInInput): number => 32

