/** Attributes and entries. Made from src/uapi/fuse/attr.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { read } from '../decode.ts'
import { write } from '../encode.ts'
import { attempt, type Result } from '../errors.ts'
import { plainKinds, readWith } from '../reader.ts'
import {
  begin,
  CAPACITY,
  deliver,
  detach,
  finish,
  incoming,
  isRecord,
  load,
  NO,
  outgoing,
} from '../scratch.ts'
import { u32, u64 } from '../tables.ts'
import { type EncodeOptions, plainWriters, put, writeWith } from '../writer.ts'

/** Value of a fuse_attr. */
export interface FuseAttr {
  ino: bigint
  /** bytes */
  size: bigint
  /** of 512 bytes */
  blocks: bigint
  /** seconds since 1970, signed */
  atime: bigint
  mtime: bigint
  ctime: bigint
  atimensec: number
  mtimensec: number
  ctimensec: number
  mode: number
  nlink: number
  uid: number
  gid: number
  rdev: number
  blksize?: number
  flags?: number
}

/** Value of a fuse_entry_out. */
export interface FuseEntryOut {
  /** 0: there is no such file, and that may be cached */
  nodeid: bigint
  /** nodeid and generation together are never used twice */
  generation: bigint
  /** seconds for which the name may be cached */
  entry_valid: bigint
  /** seconds for which the attributes may be cached */
  attr_valid: bigint
  entry_valid_nsec: number
  attr_valid_nsec: number
  attr: FuseAttr
}

/** What a fuse_attr is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseAttrInput {
  ino: bigint
  /** bytes */
  size: bigint
  /** of 512 bytes */
  blocks: bigint
  /** seconds since 1970, signed */
  atime: bigint
  mtime: bigint
  ctime: bigint
  atimensec: number
  mtimensec: number
  ctimensec: number
  mode: number
  nlink: number
  uid: number
  gid: number
  rdev: number
  blksize?: number
  flags?: number
}

/** What a fuse_entry_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseEntryOutInput {
  /** 0: there is no such file, and that may be cached */
  nodeid: bigint
  /** nodeid and generation together are never used twice */
  generation: bigint
  /** seconds for which the name may be cached */
  entry_valid: bigint
  /** seconds for which the attributes may be cached */
  attr_valid: bigint
  entry_valid_nsec: number
  attr_valid_nsec: number
  attr: FuseAttrInput
}

/** Value of a fuse_attr_out. */
export interface FuseAttrOut {
  /** seconds for which the attributes may be cached */
  attr_valid: bigint
  attr_valid_nsec: number
  dummy: number
  attr: FuseAttr
}

/** What a fuse_attr_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseAttrOutInput {
  /** seconds for which the attributes may be cached */
  attr_valid: bigint
  attr_valid_nsec: number
  dummy?: number
  attr: FuseAttrInput
}

/** Value of a fuse_getattr_in. */
export interface FuseGetattrIn {
  getattr_flags: number
  dummy: number
  /** only with FUSE_GETATTR_FH */
  fh: bigint
}

/** What a fuse_getattr_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseGetattrInInput {
  getattr_flags: number
  dummy?: number
  /** only with FUSE_GETATTR_FH */
  fh: bigint
}

/** Value of a fuse_setattr_in. */
export interface FuseSetattrIn {
  /** which of the words below to apply */
  valid: number
  padding: number
  fh: bigint
  /** bytes */
  size: bigint
  lock_owner: bigint
  /** seconds since 1970, signed */
  atime: bigint
  mtime: bigint
  ctime: bigint
  atimensec: number
  mtimensec: number
  ctimensec: number
  mode: number
  unused4: number
  uid: number
  gid: number
  unused5: number
}

/** What a fuse_setattr_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseSetattrInInput {
  /** which of the words below to apply */
  valid: number
  padding?: number
  fh: bigint
  /** bytes */
  size: bigint
  lock_owner: bigint
  /** seconds since 1970, signed */
  atime: bigint
  mtime: bigint
  ctime: bigint
  atimensec: number
  mtimensec: number
  ctimensec: number
  mode: number
  unused4?: number
  uid: number
  gid: number
  unused5?: number
}

/** Value of a fuse_kstatfs. */
export interface FuseKstatfs {
  blocks: bigint
  bfree: bigint
  bavail: bigint
  files: bigint
  ffree: bigint
  bsize: number
  namelen: number
  frsize?: number
  padding?: number
  spare?: number[]
}

/** Value of a fuse_statfs_out. */
export interface FuseStatfsOut {
  st: FuseKstatfs
}

/** What a fuse_kstatfs is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseKstatfsInput {
  blocks: bigint
  bfree: bigint
  bavail: bigint
  files: bigint
  ffree: bigint
  bsize: number
  namelen: number
  frsize?: number
  padding?: number
  spare?: readonly number[]
}

/** What a fuse_statfs_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseStatfsOutInput {
  st: FuseKstatfsInput
}

const fuse_attr: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'ino', type: u64 },
    { name: 'size', type: u64 },
    { name: 'blocks', type: u64 },
    { name: 'atime', type: u64 },
    { name: 'mtime', type: u64 },
    { name: 'ctime', type: u64 },
    { name: 'atimensec', type: u32 },
    { name: 'mtimensec', type: u32 },
    { name: 'ctimensec', type: u32 },
    { name: 'mode', type: u32 },
    { name: 'nlink', type: u32 },
    { name: 'uid', type: u32 },
    { name: 'gid', type: u32 },
    { name: 'rdev', type: u32 },
    { name: 'blksize', type: u32, when: { minor: 9 } },
    { name: 'flags', type: u32, when: { minor: 9 } },
  ],
}

const fuse_entry_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'nodeid', type: u64 },
    { name: 'generation', type: u64 },
    { name: 'entry_valid', type: u64 },
    { name: 'attr_valid', type: u64 },
    { name: 'entry_valid_nsec', type: u32 },
    { name: 'attr_valid_nsec', type: u32 },
    { name: 'attr', type: fuse_attr },
  ],
}

const fuse_attr_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'attr_valid', type: u64 },
    { name: 'attr_valid_nsec', type: u32 },
    { name: 'dummy', type: u32, role: 'reserved' },
    { name: 'attr', type: fuse_attr },
  ],
}

const fuse_getattr_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'getattr_flags', type: u32 },
    { name: 'dummy', type: u32, role: 'reserved' },
    { name: 'fh', type: u64 },
  ],
}

const fuse_setattr_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'valid', type: u32 },
    { name: 'padding', type: u32, role: 'reserved' },
    { name: 'fh', type: u64 },
    { name: 'size', type: u64 },
    { name: 'lock_owner', type: u64 },
    { name: 'atime', type: u64 },
    { name: 'mtime', type: u64 },
    { name: 'ctime', type: u64 },
    { name: 'atimensec', type: u32 },
    { name: 'mtimensec', type: u32 },
    { name: 'ctimensec', type: u32 },
    { name: 'mode', type: u32 },
    { name: 'unused4', type: u32, role: 'reserved' },
    { name: 'uid', type: u32 },
    { name: 'gid', type: u32 },
    { name: 'unused5', type: u32, role: 'reserved' },
  ],
}

const fuse_kstatfs: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'blocks', type: u64 },
    { name: 'bfree', type: u64 },
    { name: 'bavail', type: u64 },
    { name: 'files', type: u64 },
    { name: 'ffree', type: u64 },
    { name: 'bsize', type: u32 },
    { name: 'namelen', type: u32 },
    { name: 'frsize', type: u32, when: { minor: 4 } },
    { name: 'padding', type: u32, role: 'reserved', when: { minor: 4 } },
    { name: 'spare', type: { kind: 'array', of: u32, count: { plus: 6 } }, role: 'reserved', when: { minor: 4 } },
  ],
}

const fuse_statfs_out: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'st', type: fuse_kstatfs },
  ],
}

const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const inB64 = /* @__PURE__ */ new BigUint64Array(incoming)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)
const outB64 = /* @__PURE__ */ new BigUint64Array(outgoing)

function readEntryOut(bytes: Uint8Array): FuseEntryOut | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 128) return undefined
  return {
    nodeid: b64[0] as bigint,
    generation: b64[1] as bigint,
    entry_valid: b64[2] as bigint,
    attr_valid: b64[3] as bigint,
    entry_valid_nsec: b32[8] as number,
    attr_valid_nsec: b32[9] as number,
    attr: {
      ino: b64[5] as bigint,
      size: b64[6] as bigint,
      blocks: b64[7] as bigint,
      atime: b64[8] as bigint,
      mtime: b64[9] as bigint,
      ctime: b64[10] as bigint,
      atimensec: b32[22] as number,
      mtimensec: b32[23] as number,
      ctimensec: b32[24] as number,
      mode: b32[25] as number,
      nlink: b32[26] as number,
      uid: b32[27] as number,
      gid: b32[28] as number,
      rdev: b32[29] as number,
      blksize: b32[30] as number,
      flags: b32[31] as number,
    },
  }
}

/**
 * Decodes a fuse_entry_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeEntryOut(bytes: Uint8Array, context?: Context): FuseEntryOut {
  return (context === undefined ? readEntryOut(bytes) : undefined) ?? (read(fuse_entry_out, bytes, context) as FuseEntryOut)
}

/** As {@link decodeEntryOut}, but a refusal is returned. */
export const tryDecodeEntryOut = (bytes: Uint8Array, context?: Context): Result<FuseEntryOut> => attempt(() => decodeEntryOut(bytes, context))

function storeEntryOut(value: FuseEntryOutInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const started = begin()
  const { nodeid, generation, entry_valid, attr_valid, entry_valid_nsec, attr_valid_nsec, attr } = value
  if (typeof nodeid !== 'bigint' || BigInt.asUintN(64, nodeid) !== nodeid) return NO
  if (typeof generation !== 'bigint' || BigInt.asUintN(64, generation) !== generation) return NO
  if (typeof entry_valid !== 'bigint' || BigInt.asUintN(64, entry_valid) !== entry_valid) return NO
  if (typeof attr_valid !== 'bigint' || BigInt.asUintN(64, attr_valid) !== attr_valid) return NO
  if (typeof entry_valid_nsec !== 'number' || entry_valid_nsec >>> 0 !== entry_valid_nsec) return NO
  if (typeof attr_valid_nsec !== 'number' || attr_valid_nsec >>> 0 !== attr_valid_nsec) return NO
  b64[0] = nodeid
  b64[1] = generation
  b64[2] = entry_valid
  b64[3] = attr_valid
  b32[8] = entry_valid_nsec
  b32[9] = attr_valid_nsec
  if (!isRecord(attr)) return NO
  {
    const {
      ino,
      size,
      blocks,
      atime,
      mtime,
      ctime,
      atimensec,
      mtimensec,
      ctimensec,
      mode,
      nlink,
      uid,
      gid,
      rdev,
      blksize,
      flags,
    } = attr
    if (typeof ino !== 'bigint' || BigInt.asUintN(64, ino) !== ino) return NO
    if (typeof size !== 'bigint' || BigInt.asUintN(64, size) !== size) return NO
    if (typeof blocks !== 'bigint' || BigInt.asUintN(64, blocks) !== blocks) return NO
    if (typeof atime !== 'bigint' || BigInt.asUintN(64, atime) !== atime) return NO
    if (typeof mtime !== 'bigint' || BigInt.asUintN(64, mtime) !== mtime) return NO
    if (typeof ctime !== 'bigint' || BigInt.asUintN(64, ctime) !== ctime) return NO
    if (typeof atimensec !== 'number' || atimensec >>> 0 !== atimensec) return NO
    if (typeof mtimensec !== 'number' || mtimensec >>> 0 !== mtimensec) return NO
    if (typeof ctimensec !== 'number' || ctimensec >>> 0 !== ctimensec) return NO
    if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
    if (typeof nlink !== 'number' || nlink >>> 0 !== nlink) return NO
    if (typeof uid !== 'number' || uid >>> 0 !== uid) return NO
    if (typeof gid !== 'number' || gid >>> 0 !== gid) return NO
    if (typeof rdev !== 'number' || rdev >>> 0 !== rdev) return NO
    if (typeof blksize !== 'number' || blksize >>> 0 !== blksize) return NO
    if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
    b64[5] = ino
    b64[6] = size
    b64[7] = blocks
    b64[8] = atime
    b64[9] = mtime
    b64[10] = ctime
    b32[22] = atimensec
    b32[23] = mtimensec
    b32[24] = ctimensec
    b32[25] = mode
    b32[26] = nlink
    b32[27] = uid
    b32[28] = gid
    b32[29] = rdev
    b32[30] = blksize
    b32[31] = flags
  }
  return finish(started, 128)
}

/**
 * Encodes a fuse_entry_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeEntryOutInto(value: FuseEntryOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeEntryOut(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_entry_out, value, options), target, offset)
}

/** As {@link encodeEntryOutInto}, into bytes of its own. */
export function encodeEntryOut(value: FuseEntryOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeEntryOut(value) : NO
  return size === NO ? write(fuse_entry_out, value, options) : detach(size)
}

/** Bytes of every fuse_entry_out. */
export const sizeOfEntryOut = (_value?: FuseEntryOutInput): number => 128

function readAttrOut(bytes: Uint8Array): FuseAttrOut | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 104) return undefined
  return {
    attr_valid: b64[0] as bigint,
    attr_valid_nsec: b32[2] as number,
    dummy: b32[3] as number,
    attr: {
      ino: b64[2] as bigint,
      size: b64[3] as bigint,
      blocks: b64[4] as bigint,
      atime: b64[5] as bigint,
      mtime: b64[6] as bigint,
      ctime: b64[7] as bigint,
      atimensec: b32[16] as number,
      mtimensec: b32[17] as number,
      ctimensec: b32[18] as number,
      mode: b32[19] as number,
      nlink: b32[20] as number,
      uid: b32[21] as number,
      gid: b32[22] as number,
      rdev: b32[23] as number,
      blksize: b32[24] as number,
      flags: b32[25] as number,
    },
  }
}

/**
 * Decodes a fuse_attr_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeAttrOut(bytes: Uint8Array, context?: Context): FuseAttrOut {
  return (context === undefined ? readAttrOut(bytes) : undefined) ?? (read(fuse_attr_out, bytes, context) as FuseAttrOut)
}

/** As {@link decodeAttrOut}, but a refusal is returned. */
export const tryDecodeAttrOut = (bytes: Uint8Array, context?: Context): Result<FuseAttrOut> => attempt(() => decodeAttrOut(bytes, context))

function storeAttrOut(value: FuseAttrOutInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const started = begin()
  const { attr_valid, attr_valid_nsec, dummy = 0, attr } = value
  if (typeof attr_valid !== 'bigint' || BigInt.asUintN(64, attr_valid) !== attr_valid) return NO
  if (typeof attr_valid_nsec !== 'number' || attr_valid_nsec >>> 0 !== attr_valid_nsec) return NO
  if (typeof dummy !== 'number' || dummy >>> 0 !== dummy) return NO
  b64[0] = attr_valid
  b32[2] = attr_valid_nsec
  b32[3] = dummy
  if (!isRecord(attr)) return NO
  {
    const {
      ino,
      size,
      blocks,
      atime,
      mtime,
      ctime,
      atimensec,
      mtimensec,
      ctimensec,
      mode,
      nlink,
      uid,
      gid,
      rdev,
      blksize,
      flags,
    } = attr
    if (typeof ino !== 'bigint' || BigInt.asUintN(64, ino) !== ino) return NO
    if (typeof size !== 'bigint' || BigInt.asUintN(64, size) !== size) return NO
    if (typeof blocks !== 'bigint' || BigInt.asUintN(64, blocks) !== blocks) return NO
    if (typeof atime !== 'bigint' || BigInt.asUintN(64, atime) !== atime) return NO
    if (typeof mtime !== 'bigint' || BigInt.asUintN(64, mtime) !== mtime) return NO
    if (typeof ctime !== 'bigint' || BigInt.asUintN(64, ctime) !== ctime) return NO
    if (typeof atimensec !== 'number' || atimensec >>> 0 !== atimensec) return NO
    if (typeof mtimensec !== 'number' || mtimensec >>> 0 !== mtimensec) return NO
    if (typeof ctimensec !== 'number' || ctimensec >>> 0 !== ctimensec) return NO
    if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
    if (typeof nlink !== 'number' || nlink >>> 0 !== nlink) return NO
    if (typeof uid !== 'number' || uid >>> 0 !== uid) return NO
    if (typeof gid !== 'number' || gid >>> 0 !== gid) return NO
    if (typeof rdev !== 'number' || rdev >>> 0 !== rdev) return NO
    if (typeof blksize !== 'number' || blksize >>> 0 !== blksize) return NO
    if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
    b64[2] = ino
    b64[3] = size
    b64[4] = blocks
    b64[5] = atime
    b64[6] = mtime
    b64[7] = ctime
    b32[16] = atimensec
    b32[17] = mtimensec
    b32[18] = ctimensec
    b32[19] = mode
    b32[20] = nlink
    b32[21] = uid
    b32[22] = gid
    b32[23] = rdev
    b32[24] = blksize
    b32[25] = flags
  }
  return finish(started, 104)
}

/**
 * Encodes a fuse_attr_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeAttrOutInto(value: FuseAttrOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeAttrOut(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_attr_out, value, options), target, offset)
}

/** As {@link encodeAttrOutInto}, into bytes of its own. */
export function encodeAttrOut(value: FuseAttrOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeAttrOut(value) : NO
  return size === NO ? write(fuse_attr_out, value, options) : detach(size)
}

/** Bytes of every fuse_attr_out. */
export const sizeOfAttrOut = (_value?: FuseAttrOutInput): number => 104

function readGetattrIn(bytes: Uint8Array): FuseGetattrIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 16) return undefined
  return {
    getattr_flags: b32[0] as number,
    dummy: b32[1] as number,
    fh: b64[1] as bigint,
  }
}

/**
 * Decodes a fuse_getattr_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeGetattrIn(bytes: Uint8Array, context?: Context): FuseGetattrIn {
  return (context === undefined ? readGetattrIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_getattr_in, bytes, context) as FuseGetattrIn)
}

/** As {@link decodeGetattrIn}, but a refusal is returned. */
export const tryDecodeGetattrIn = (bytes: Uint8Array, context?: Context): Result<FuseGetattrIn> => attempt(() => decodeGetattrIn(bytes, context))

function storeGetattrIn(value: FuseGetattrInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const { getattr_flags, dummy = 0, fh } = value
  if (typeof getattr_flags !== 'number' || getattr_flags >>> 0 !== getattr_flags) return NO
  if (typeof dummy !== 'number' || dummy >>> 0 !== dummy) return NO
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  b32[0] = getattr_flags
  b32[1] = dummy
  b64[1] = fh
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_getattr_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeGetattrInInto(value: FuseGetattrInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeGetattrIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_getattr_in, value, options), target, offset)
}

/** As {@link encodeGetattrInInto}, into bytes of its own. */
export function encodeGetattrIn(value: FuseGetattrInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeGetattrIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_getattr_in, value, options) : detach(size)
}

/** Bytes of every fuse_getattr_in. */
export const sizeOfGetattrIn = (_value?: FuseGetattrInInput): number => 16

function readSetattrIn(bytes: Uint8Array): FuseSetattrIn | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 88) return undefined
  return {
    valid: b32[0] as number,
    padding: b32[1] as number,
    fh: b64[1] as bigint,
    size: b64[2] as bigint,
    lock_owner: b64[3] as bigint,
    atime: b64[4] as bigint,
    mtime: b64[5] as bigint,
    ctime: b64[6] as bigint,
    atimensec: b32[14] as number,
    mtimensec: b32[15] as number,
    ctimensec: b32[16] as number,
    mode: b32[17] as number,
    unused4: b32[18] as number,
    uid: b32[19] as number,
    gid: b32[20] as number,
    unused5: b32[21] as number,
  }
}

/**
 * Decodes a fuse_setattr_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeSetattrIn(bytes: Uint8Array, context?: Context): FuseSetattrIn {
  return (context === undefined ? readSetattrIn(bytes) : undefined) ?? (readWith(plainKinds, fuse_setattr_in, bytes, context) as FuseSetattrIn)
}

/** As {@link decodeSetattrIn}, but a refusal is returned. */
export const tryDecodeSetattrIn = (bytes: Uint8Array, context?: Context): Result<FuseSetattrIn> => attempt(() => decodeSetattrIn(bytes, context))

function storeSetattrIn(value: FuseSetattrInInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const {
    valid,
    padding = 0,
    fh,
    size,
    lock_owner,
    atime,
    mtime,
    ctime,
    atimensec,
    mtimensec,
    ctimensec,
    mode,
    unused4 = 0,
    uid,
    gid,
    unused5 = 0,
  } = value
  if (typeof valid !== 'number' || valid >>> 0 !== valid) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  if (typeof fh !== 'bigint' || BigInt.asUintN(64, fh) !== fh) return NO
  if (typeof size !== 'bigint' || BigInt.asUintN(64, size) !== size) return NO
  if (typeof lock_owner !== 'bigint' || BigInt.asUintN(64, lock_owner) !== lock_owner) return NO
  if (typeof atime !== 'bigint' || BigInt.asUintN(64, atime) !== atime) return NO
  if (typeof mtime !== 'bigint' || BigInt.asUintN(64, mtime) !== mtime) return NO
  if (typeof ctime !== 'bigint' || BigInt.asUintN(64, ctime) !== ctime) return NO
  if (typeof atimensec !== 'number' || atimensec >>> 0 !== atimensec) return NO
  if (typeof mtimensec !== 'number' || mtimensec >>> 0 !== mtimensec) return NO
  if (typeof ctimensec !== 'number' || ctimensec >>> 0 !== ctimensec) return NO
  if (typeof mode !== 'number' || mode >>> 0 !== mode) return NO
  if (typeof unused4 !== 'number' || unused4 >>> 0 !== unused4) return NO
  if (typeof uid !== 'number' || uid >>> 0 !== uid) return NO
  if (typeof gid !== 'number' || gid >>> 0 !== gid) return NO
  if (typeof unused5 !== 'number' || unused5 >>> 0 !== unused5) return NO
  b32[0] = valid
  b32[1] = padding
  b64[1] = fh
  b64[2] = size
  b64[3] = lock_owner
  b64[4] = atime
  b64[5] = mtime
  b64[6] = ctime
  b32[14] = atimensec
  b32[15] = mtimensec
  b32[16] = ctimensec
  b32[17] = mode
  b32[18] = unused4
  b32[19] = uid
  b32[20] = gid
  b32[21] = unused5
  return 88 > CAPACITY ? NO : 88
}

/**
 * Encodes a fuse_setattr_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeSetattrInInto(value: FuseSetattrInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeSetattrIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(plainWriters, fuse_setattr_in, value, options), target, offset)
}

/** As {@link encodeSetattrInInto}, into bytes of its own. */
export function encodeSetattrIn(value: FuseSetattrInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeSetattrIn(value) : NO
  return size === NO ? writeWith(plainWriters, fuse_setattr_in, value, options) : detach(size)
}

/** Bytes of every fuse_setattr_in. */
export const sizeOfSetattrIn = (_value?: FuseSetattrInInput): number => 88

function readStatfsOut(bytes: Uint8Array): FuseStatfsOut | undefined {
  const b32 = inB32
  const b64 = inB64
  if (load(bytes) !== 80) return undefined
  return {
    st: {
      blocks: b64[0] as bigint,
      bfree: b64[1] as bigint,
      bavail: b64[2] as bigint,
      files: b64[3] as bigint,
      ffree: b64[4] as bigint,
      bsize: b32[10] as number,
      namelen: b32[11] as number,
      frsize: b32[12] as number,
      padding: b32[13] as number,
      spare: [
        b32[14] as number,
        b32[15] as number,
        b32[16] as number,
        b32[17] as number,
        b32[18] as number,
        b32[19] as number,
      ],
    },
  }
}

/**
 * Decodes a fuse_statfs_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeStatfsOut(bytes: Uint8Array, context?: Context): FuseStatfsOut {
  return (context === undefined ? readStatfsOut(bytes) : undefined) ?? (read(fuse_statfs_out, bytes, context) as FuseStatfsOut)
}

/** As {@link decodeStatfsOut}, but a refusal is returned. */
export const tryDecodeStatfsOut = (bytes: Uint8Array, context?: Context): Result<FuseStatfsOut> => attempt(() => decodeStatfsOut(bytes, context))

function storeStatfsOut(value: FuseStatfsOutInput): number {
  const b32 = outB32
  const b64 = outB64
  if (!isRecord(value)) return NO
  const started = begin()
  const { st } = value
  if (!isRecord(st)) return NO
  {
    const { blocks, bfree, bavail, files, ffree, bsize, namelen, frsize, padding = 0, spare } = st
    if (typeof blocks !== 'bigint' || BigInt.asUintN(64, blocks) !== blocks) return NO
    if (typeof bfree !== 'bigint' || BigInt.asUintN(64, bfree) !== bfree) return NO
    if (typeof bavail !== 'bigint' || BigInt.asUintN(64, bavail) !== bavail) return NO
    if (typeof files !== 'bigint' || BigInt.asUintN(64, files) !== files) return NO
    if (typeof ffree !== 'bigint' || BigInt.asUintN(64, ffree) !== ffree) return NO
    if (typeof bsize !== 'number' || bsize >>> 0 !== bsize) return NO
    if (typeof namelen !== 'number' || namelen >>> 0 !== namelen) return NO
    if (typeof frsize !== 'number' || frsize >>> 0 !== frsize) return NO
    if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
    b64[0] = blocks
    b64[1] = bfree
    b64[2] = bavail
    b64[3] = files
    b64[4] = ffree
    b32[10] = bsize
    b32[11] = namelen
    b32[12] = frsize
    b32[13] = padding
    if (spare === undefined) b32.fill(0, 14, 20)
    else {
      if (!Array.isArray(spare) || spare.length !== 6) return NO
      for (let i = 0; i < 6; i++) {
        const item: unknown = spare[i]
        if (typeof item !== 'number' || item >>> 0 !== item) return NO
        b32[14 + i] = item
      }
    }
  }
  return finish(started, 80)
}

/**
 * Encodes a fuse_statfs_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeStatfsOutInto(value: FuseStatfsOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeStatfsOut(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_statfs_out, value, options), target, offset)
}

/** As {@link encodeStatfsOutInto}, into bytes of its own. */
export function encodeStatfsOut(value: FuseStatfsOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeStatfsOut(value) : NO
  return size === NO ? write(fuse_statfs_out, value, options) : detach(size)
}

/** Bytes of every fuse_statfs_out. */
export const sizeOfStatfsOut = (_value?: FuseStatfsOutInput): number => 80

