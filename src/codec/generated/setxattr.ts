/** Setting extended attributes. Made from src/uapi/fuse/xattr.ts by `npm run generate`: change that, not this. */
import type { StructType } from '../../schema/types.ts'
import type { Context } from '../context.ts'
import { read } from '../decode.ts'
import { write } from '../encode.ts'
import { attempt, type Result } from '../errors.ts'
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
import { type EncodeOptions, put } from '../writer.ts'

/** Value of a fuse_setxattr_in. */
export interface FuseSetxattrIn {
  /** bytes of the value */
  size: number
  flags: number
  setxattr_flags?: number
  padding?: number
}

/** What a fuse_setxattr_in is encoded from: counts, lengths and reserved words may be left out. */
export interface FuseSetxattrInInput {
  /** bytes of the value */
  size?: number
  flags: number
  setxattr_flags?: number
  padding?: number
}

const fuse_setxattr_in: StructType = {
  kind: 'struct',
  name: '',
  fields: [
    { name: 'size', type: u32, role: 'derived' },
    { name: 'flags', type: u32 },
    { name: 'setxattr_flags', type: u32, when: { flag: 29 } },
    { name: 'padding', type: u32, role: 'reserved', when: { flag: 29 } },
  ],
}

const inB32 = /* @__PURE__ */ new Uint32Array(incoming)
const outB32 = /* @__PURE__ */ new Uint32Array(outgoing)

function readSetxattrIn(bytes: Uint8Array): FuseSetxattrIn | undefined {
  const b32 = inB32
  if (load(bytes) !== 16) return undefined
  return {
    size: b32[0] as number,
    flags: b32[1] as number,
    setxattr_flags: b32[2] as number,
    padding: b32[3] as number,
  }
}

/**
 * Decodes a fuse_setxattr_in.
 * @throws WireError that names path and byte offset of the fault
 */
export function decodeSetxattrIn(bytes: Uint8Array, context?: Context): FuseSetxattrIn {
  return (context === undefined ? readSetxattrIn(bytes) : undefined) ?? (read(fuse_setxattr_in, bytes, context) as FuseSetxattrIn)
}

/** As {@link decodeSetxattrIn}, but a refusal is returned. */
export const tryDecodeSetxattrIn = (bytes: Uint8Array, context?: Context): Result<FuseSetxattrIn> => attempt(() => decodeSetxattrIn(bytes, context))

function storeSetxattrIn(value: FuseSetxattrInInput): number {
  const b32 = outB32
  if (!isRecord(value)) return NO
  const { size, flags, setxattr_flags, padding = 0 } = value
  if (typeof size !== 'number' || size >>> 0 !== size) return NO
  if (typeof flags !== 'number' || flags >>> 0 !== flags) return NO
  if (typeof setxattr_flags !== 'number' || setxattr_flags >>> 0 !== setxattr_flags) return NO
  if (typeof padding !== 'number' || padding >>> 0 !== padding) return NO
  b32[0] = size
  b32[1] = flags
  b32[2] = setxattr_flags
  b32[3] = padding
  return 16 > CAPACITY ? NO : 16
}

/**
 * Encodes a fuse_setxattr_in into `target` from `offset` on; nothing is written when it is refused or does not fit.
 * @returns the number of bytes written
 * @throws WireError that names path and byte offset of the fault
 */
export function encodeSetxattrInInto(value: FuseSetxattrInInput, target: Uint8Array, offset = 0, options?: EncodeOptions): number {
  const size = options === undefined ? storeSetxattrIn(value) : NO
  return deliver(size, target, offset) ? size : put(write(fuse_setxattr_in, value, options), target, offset)
}

/** As {@link encodeSetxattrInInto}, into bytes of its own. */
export function encodeSetxattrIn(value: FuseSetxattrInInput, options?: EncodeOptions): Uint8Array {
  const size = options === undefined ? storeSetxattrIn(value) : NO
  return size === NO ? write(fuse_setxattr_in, value, options) : detach(size)
}

/** Bytes of every fuse_setxattr_in. */
export const sizeOfSetxattrIn = (_value?: FuseSetxattrInInput): number => 16

