/** What stands before every message. Made from src/uapi/fuse/header.ts by `npm run generate`: change that, not this. */
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
import { s32, u16, u32, u64 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_in_header. */
export interface FuseInHeader {
  /** bytes of the whole message, this header included */
  len: number
  /** chooses the body */
  opcode: number
  /** the reply repeats it; never 0, odd in INTERRUPT, bit 63 set in a request that is sent again */
  unique: bigint
  /** file that the request is about; 1 is the root */
  nodeid: bigint
  uid: number
  gid: number
  pid: number
  /** bytes of extensions at the end of the message, in units of 8 */
  total_extlen: number
  padding: number
}

/** What a fuse_in_header is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseInHeaderInput {
  /** bytes of the whole message, this header included */
  len?: number
  /** chooses the body */
  opcode: number
  /** the reply repeats it; never 0, odd in INTERRUPT, bit 63 set in a request that is sent again */
  unique: bigint
  /** file that the request is about; 1 is the root */
  nodeid: bigint
  uid: number
  gid: number
  pid: number
  /** bytes of extensions at the end of the message, in units of 8 */
  total_extlen?: number
  padding?: number
}

/** Value of a fuse_out_header. */
export interface FuseOutHeader {
  /** bytes of the whole message, this header included */
  len: number
  /** reply: 0, or a negative errno above -512 and then no body; notification: its code */
  error: number
  /** that of the request; 0 makes it a notification */
  unique: bigint
}

/** What a fuse_out_header is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseOutHeaderInput {
  /** bytes of the whole message, this header included */
  len?: number
  /** reply: 0, or a negative errno above -512 and then no body; notification: its code */
  error: number
  /** that of the request; 0 makes it a notification */
  unique: bigint
}

const fuse_in_header: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'len', type: u32, role: 'derived' },
    { name: 'opcode', type: u32 },
    { name: 'unique', type: u64 },
    { name: 'nodeid', type: u64 },
    { name: 'uid', type: u32 },
    { name: 'gid', type: u32 },
    { name: 'pid', type: u32 },
    { name: 'total_extlen', type: u16, role: 'derived' },
    { name: 'padding', type: u16, role: 'reserved' },
  ],
}

const fuse_out_header: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'len', type: u32, role: 'derived' },
    { name: 'error', type: s32 },
    { name: 'unique', type: u64 },
  ],
}

const inB16 = /* @__PURE__ */ new Uint16Array(incoming)
const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const inI32 = /* @__PURE__ */ new Int32Array(incoming)
const outB16 = /* @__PURE__ */ new Uint16Array(outgoing)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)
const outI32 = /* @__PURE__ */ new Int32Array(outgoing)

function readInHeader(bytes: Uint8Array): FuseInHeader | undefined {
  const b16 = inB16
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 40) return undefined
  return {
    len: b32[0] as number,
    opcode: b32[1] as number,
    unique: b64[1] as bigint,
    nodeid: b64[2] as bigint,
    uid: b32[6] as number,
    gid: b32[7] as number,
    pid: b32[8] as number,
    total_extlen: b16[18] as number,
    padding: b16[19] as number,
  }
}

/**
 * Decodes a fuse_in_header.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeInHeader(bytes: Uint8Array, context?: Context): FuseInHeader {
  return (context === undefined ? readInHeader(bytes) : undefined) ?? (readWith(plainKinds, fuse_in_header, bytes, context) as FuseInHeader)
}

/** As {@link decodeInHeader}, but a refusal is returned. */
export const tryDecodeInHeader = (bytes: Uint8Array, context?: Context): Result<FuseInHeader> => attempt(() => decodeInHeader(bytes, context))

function storeInHeader(value: FuseInHeaderInput): number {
  const b16 = outB16
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { len, opcode, unique, nodeid, uid, gid, pid, total_extlen, padding = 0 } = value
  if (typeof len !== 'number' || len >>> 0 !== len) return NO
  if (typeof opcode !== 'number' || opcode >>> 0 !== opcode) return NO
  if (typeof unique !== 'bigint' || BigInt.asUintN(64, unique) !== unique) return NO
  if (typeof nodeid !== 'bigint' || BigInt.asUintN(64, nodeid) !== nodeid) return NO
  if (typeof uid !== 'number' || uid >>> 0 !== uid) return NO
  if (typeof gid !== 'number' || gid >>> 0 !== gid) return NO
  if (typeof pid !== 'number' || pid >>> 0 !== pid) return NO
  if (typeof total_extlen !== 'number' || (total_extlen & 0xffff) !== total_extlen) return NO
  if (typeof padding !== 'number' || (padding & 0xffff) !== padding) return NO
  b32[0] = len
  b32[1] = opcode
  b64[1] = unique
  b64[2] = nodeid
  b32[6] = uid
  b32[7] = gid
  b32[8] = pid
  b16[18] = total_extlen
  b16[19] = padding
  return 40 > CAPACITY ? NO : 40
}

/**
 * Encodes a fuse_in_header into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeInHeaderInto(value: FuseInHeaderInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeInHeader(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_in_header, value, options), target, offset)
}

/** As {@link encodeInHeaderInto}, into bytes of its own. */
export function encodeInHeader(value: FuseInHeaderInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeInHeader(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_in_header, value, options) : detach(size)
}

/** Bytes of every fuse_in_header. */
export const sizeOfInHeader = (_value?: FuseInHeaderInput): number => 40

function readOutHeader(bytes: Uint8Array): FuseOutHeader | undefined {
  const b32 = inB32
  const b64 = inB64
  const i32 = inI32
  if (load(bytes) !== 16) return undefined
  return {
    len: b32[0] as number,
    error: i32[1] as number,
    unique: b64[1] as bigint,
  }
}

/**
 * Decodes a fuse_out_header.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeOutHeader(bytes: Uint8Array, context?: Context): FuseOutHeader {
  return (context === undefined ? readOutHeader(bytes) : undefined) ?? (readWith(plainKinds, fuse_out_header, bytes, context) as FuseOutHeader)
}

/** As {@link decodeOutHeader}, but a refusal is returned. */
export const tryDecodeOutHeader = (bytes: Uint8Array, context?: Context): Result<FuseOutHeader> => attempt(() => decodeOutHeader(bytes, context))

function storeOutHeader(value: FuseOutHeaderInput): number {
  const b32 = outB32
  const b64 = outB64
  const i32 = outI32
  if (!isRecord(value)) return NO
  const { len, error, unique } = value
  if (typeof len !== 'number' || len >>> 0 !== len) return NO
  if (typeof error !== 'number' || (error | 0) !== error) return NO
  if (typeof unique !== 'bigint' || BigInt.asUintN(64, unique) !== unique) return NO
  b32[0] = len
  i32[1] = error
  b64[1] = unique
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_out_header into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeOutHeaderInto(value: FuseOutHeaderInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeOutHeader(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_out_header, value, options), target, offset)
}

/** As {@link encodeOutHeaderInto}, into bytes of its own. */
export function encodeOutHeader(value: FuseOutHeaderInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeOutHeader(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_out_header, value, options) : detach(size)
}

/** Bytes of every fuse_out_header. */
export const sizeOfOutHeader = (_value?: FuseOutHeaderInput): number => 16

