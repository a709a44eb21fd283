/** INIT. Made from src/uapi/fuse/init.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import { commonKinds, commonWriters } from '../common.ts'
import type { Context } from '../context.ts'
import { attempt, type Result } from '../errors.ts'
import { readWith } from '../reader.ts'
import {
  begin,
  deliver,
  detach,
  finish,
  incoming,
  isRecord,
  load,
  NO,
  outgoing,
} from '../scratch.ts'
import { u16, u32 } from '../tables.ts'
import { type EncodeOptions, put, writeWith } from '../writer.ts'

/** Value of a fuse_init_in. */
export interface FuseInitIn {
  major?: number
  minor?: number
  /** bytes */
  max_readahead?: number
  flags?: number
  /** bits 32 to 63; only with FUSE_INIT_EXT in flags */
  flags2?: number
  unused?: number[]
}

/** What a fuse_init_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseInitInInput {
  major?: number
  minor?: number
  /** bytes */
  max_readahead?: number
  flags?: number
  /** bits 32 to 63; only with FUSE_INIT_EXT in flags */
  flags2?: number
  unused?: readonly number[]
}

/** Value of a fuse_init_out. */
export interface FuseInitOut {
  major?: number
  minor?: number
  /** bytes */
  max_readahead?: number
  flags?: number
  max_background?: number
  congestion_threshold?: number
  /** bytes */
  max_write?: number
  /** nanoseconds; a power of ten */
  time_gran?: number
  /** only with FUSE_MAX_PAGES */
  max_pages?: number
  /** log2; only with FUSE_MAP_ALIGNMENT */
  map_alignment?: number
  /** bits 32 to 63; only with FUSE_INIT_EXT in flags */
  flags2?: number
  /** only with FUSE_PASSTHROUGH */
  max_stack_depth?: number
  /** seconds; only with FUSE_REQUEST_TIMEOUT */
  request_timeout?: number
  /** the BPF variant puts a name here */
  unused?: number[]
}

/** What a fuse_init_out is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseInitOutInput {
  major?: number
  minor?: number
  /** bytes */
  max_readahead?: number
  flags?: number
  max_background?: number
  congestion_threshold?: number
  /** bytes */
  max_write?: number
  /** nanoseconds; a power of ten */
  time_gran?: number
  /** only with FUSE_MAX_PAGES */
  max_pages?: number
  /** log2; only with FUSE_MAP_ALIGNMENT */
  map_alignment?: number
  /** bits 32 to 63; only with FUSE_INIT_EXT in flags */
  flags2?: number
  /** only with FUSE_PASSTHROUGH */
  max_stack_depth?: number
  /** seconds; only with FUSE_REQUEST_TIMEOUT */
  request_timeout?: number
  /** the BPF variant puts a name here */
  unused?: readonly number[]
}

const fuse_init_in: StructType = {
  kind: 'struct',
  name: '',
  prefix: true,
  fields: [
    { name: 'major', type: u32 },
    { name: 'minor', type: u32 },
    { name: 'max_readahead', type: u32 },
    { name: 'flags', type: u32 },
    { name: 'flags2', type: u32 },
    { name: 'unused', type: { kind: 'array', of: u32, count: { plus: 11 } }, role: 'reserved' },
  ],
}

const fuse_init_out: StructType = {
  kind: 'struct',
  name: '',
  prefix: true,
  fields: [
    { name: 'major', type: u32 },
    { name: 'minor', type: u32 },
    { name: 'max_readahead', type: u32 },
    { name: 'flags', type: u32 },
    { name: 'max_background', type: u16 },
    { name: 'congestion_threshold', type: u16 },
    { name: 'max_write', type: u32 },
    { name: 'time_gran', type: u32 },
    { name: 'max_pages', type: u16 },
    { name: 'map_alignment', type: u16 },
    { name: 'flags2', type: u32 },
    { name: 'max_stack_depth', type: u32 },
    { name: 'request_timeout', type: u16 },
    { name: 'unused', type: { kind: 'array', of: u16, count: { plus: 11 } }, role: 'reserved' },
  ],
}

const inB16 = /* @__PURE__ */ new Uint16Array(incoming)
const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const outB16 = /* @__PURE__ */ new Uint16Array(outgoing)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)

function readInitIn(bytes: Uint8Array): FuseInitIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 64) return undefined
  return {
    major: b32[0] as number,
    minor: b32[1] as number,
    max_readahead: b32[2] as number,
    flags: b32[3] as number,
    flags2: b32[4] as number,
    unused: [
      b32[5] as number,
      b32[6] as number,
      b32[7] as number,
      b32[8] as number,
      b32[9] as number,
      b32[10] as number,
      b32[11] as number,
      b32[12] as number,
      b32[13] as number,
      b32[14] as number,
      b32[15] as number,
    ],
  }
}

/**
 * Decodes a fuse_init_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeInitIn(bytes: Uint8Array, context?: Context): FuseInitIn {
  return (context === undefined ? readInitIn(bytes) : undefined) ?? (readWith(commonKinds, fuse_init_in, bytes, context) as FuseInitIn)
}

/** As {@link decodeInitIn}, but a refusal is returned. */
export const tryDecodeInitIn = (bytes: Uint8Array, context?: Context): Result<FuseInitIn> => attempt(() => decodeInitIn(bytes, context))

function storeInitIn(value: FuseInitInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const started = begin()
  if ((value as { trailing?: unknown }).trailing !== undefined) return NO
  const { major, minor, max_readahead, flags, flags2, unused } = value
  if (typeof major !== 'number' || major >>> 0 !== major) return NO
  if (typeof minor !== 'number' || minor >>> 0 !== minor) return NO
  if (typeof max_readahead !== 'number' || max_readahead >>> 0 !== max_readahead) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof flags2 !== 'number' || flags2 >>> 0 !== flags2) return NO
  b32[0] = major
  b32[1] = minor
  b32[2] = max_readahead
  b32[3] = flags
  b32[4] = flags2
  if (!Array.isArray(unused) || unused.length !== 11) return NO
  for (let i = 0; i < 11; i++) {
    const item: unknown = unused[i]
    if (typeof item !== 'number' || item >>> 0 !== item) return NO
    b32[5 + i] = item
  }
  return finish(started, 64)
}

/**
 * Encodes a fuse_init_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeInitInInto(value: FuseInitInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeInitIn(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(commonWriters, fuse_init_in, value, options), target, offset)
}

/** As {@link encodeInitInInto}, into bytes of its own. */
export function encodeInitIn(value: FuseInitInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeInitIn(value) : NO
  return size === NO ? writeWith(commonWriters, fuse_init_in, value, options) : detach(size)
}

/** Bytes that {@link encodeInitIn} makes of a value; it refuses the same values. */
export const sizeOfInitIn = (value: FuseInitInInput, options?: EncodeOptions): number => encodeInitIn(value, options).length

function readInitOut(bytes: Uint8Array): FuseInitOut | undefined {
  const b16 = inB16
  const b32 = inB32
  if (load(bytes) !== 64) return undefined
  return {
    major: b32[0] as number,
    minor: b32[1] as number,
    max_readahead: b32[2] as number,
    flags: b32[3] as number,
    max_background: b16[8] as number,
    congestion_threshold: b16[9] as number,
    max_write: b32[5] as number,
    time_gran: b32[6] as number,
    max_pages: b16[14] as number,
    map_alignment: b16[15] as number,
    flags2: b32[8] as number,
    max_stack_depth: b32[9] as number,
    request_timeout: b16[20] as number,
    unused: [
      b16[21] as number,
      b16[22] as number,
      b16[23] as number,
      b16[24] as number,
      b16[25] as number,
      b16[26] as number,
      b16[27] as number,
      b16[28] as number,
      b16[29] as number,
      b16[30] as number,
      b16[31] as number,
    ],
  }
}

/**
 * Decodes a fuse_init_out.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeInitOut(bytes: Uint8Array, context?: Context): FuseInitOut {
  return (context === undefined ? readInitOut(bytes) : undefined) ?? (readWith(commonKinds, fuse_init_out, bytes, context) as FuseInitOut)
}

/** As {@link decodeInitOut}, but a refusal is returned. */
export const tryDecodeInitOut = (bytes: Uint8Array, context?: Context): Result<FuseInitOut> => attempt(() => decodeInitOut(bytes, context))

function storeInitOut(value: FuseInitOutInput): number {
  const b16 = outB16
  const b32 = outB32
  if (!isRecord(value)) return NO
  const started = begin()
  if ((value as { trailing?: unknown }).trailing !== undefined) return NO
  const {
    major,
    minor,
    max_readahead,
    flags,
    max_background,
    congestion_threshold,
    max_write,
    time_gran,
    max_pages,
    map_alignment,
    flags2,
    max_stack_depth,
    request_timeout,
    unused,
  } = value
  if (typeof major !== 'number' || major >>> 0 !== major) return NO
  if (typeof minor !== 'number' || minor >>> 0 !== minor) return NO
  if (typeof max_readahead !== 'number' || max_readahead >>> 0 !== max_readahead) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof max_background !== 'number' || (max_background & 0xffff) !== max_background) return NO
  if (typeof congestion_threshold !== 'number' || (congestion_threshold & 0xffff) !== congestion_threshold) return NO
  if (typeof max_write !== 'number' || max_write >>> 0 !== max_write) return NO
  if (typeof time_gran !== 'number' || time_gran >>> 0 !== time_gran) return NO
  if (typeof max_pages !== 'number' || (max_pages & 0xffff) !== max_pages) return NO
  if (typeof map_alignment !== 'number' || (map_alignment & 0xffff) !== map_alignment) return NO
  if (typeof flags2 !== 'number' || flags2 >>> 0 !== flags2) return NO
  if (typeof max_stack_depth !== 'number' || max_stack_depth >>> 0 !== max_stack_depth) return NO
  if (typeof request_timeout !== 'number' || (request_timeout & 0xffff) !== request_timeout) return NO
  b32[0] = major
  b32[1] = minor
  b32[2] = max_readahead
  b32[3] = flags
  b16[8] = max_background
  b16[9] = congestion_threshold
  b32[5] = max_write
  b32[6] = time_gran
  b16[14] = max_pages
  b16[15] = map_alignment
  b32[8] = flags2
  b32[9] = max_stack_depth
  b16[20] = request_timeout
  if (!Array.isArray(unused) || unused.length !== 11) return NO
  for (let i = 0; i < 11; i++) {
    const item: unknown = unused[i]
    if (typeof item !== 'number' || (item & 0xffff) !== item) return NO
    b16[21 + i] = item
  }
  return finish(started, 64)
}

/**
 * Encodes a fuse_init_out into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeInitOutInto(value: FuseInitOutInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeInitOut(value) : NO
  return deliver(size, target, offset) ? size : put(writeWith(commonWriters, fuse_init_out, value, options), target, offset)
}

/** As {@link encodeInitOutInto}, into bytes of its own. */
export function encodeInitOut(value: FuseInitOutInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeInitOut(value) : NO
  return size === NO ? writeWith(commonWriters, fuse_init_out, value, options) : detach(size)
}

/** Bytes that {@link encodeInitOut} makes of a value; it refuses the same values. */
export const sizeOfInitOut = (value: FuseInitOutInput, options?: EncodeOptions): number => encodeInitOut(value, options).length

