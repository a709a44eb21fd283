/**
 * The limit of encoding: the fastest ways that were found to do it by hand, with the same range checks. On an aligned block with one copy
 * to the target, or with stores straight into the target.
 */
import type { FuseDaxdevOutInput } from '../src/codec/generated/daxdev.ts'
import type { FuseFamfsFmapInput, FuseFamfsSimpleExtInput } from '../src/codec/generated/fmap.ts'
import type { FuseInitInInput } from '../src/codec/generated/init.ts'

const block = new ArrayBuffer(65_536)
const b8 = new Uint8Array(block)
const b16 = new Uint16Array(block)
const b32 = new Uint32Array(block)
const b64 = new BigUint64Array(block)

const wrong = (what: string): never => {
  throw new RangeError(what)
}

const u8 = (x: number): number => (typeof x === 'number' && (x & 0xff) === x ? x : wrong('u8'))
const u16 = (x: number): number => (typeof x === 'number' && (x & 0xffff) === x ? x : wrong('u16'))
const u32 = (x: number): number => (typeof x === 'number' && x >>> 0 === x ? x : wrong('u32'))
const u64 = (x: bigint): bigint => (typeof x === 'bigint' && BigInt.asUintN(64, x) === x ? x : (wrong('u64') as never))

const counted = (given: number | undefined, count: number): number => (given === undefined || given === count ? count : wrong('count'))

const heads = new Map<number, Uint8Array>()

/** Copies the finished block to its place. */
function copyOut(size: number, target: Uint8Array, offset: number): number {
  if (size > target.length - offset) wrong('room')
  let head = heads.get(size)
  if (head === undefined) {
    head = b8.subarray(0, size)
    heads.set(size, head)
  }
  target.set(head, offset)
  return size
}

function putExtents(list: readonly FuseFamfsSimpleExtInput[], at: number): number {
  for (let i = 0, w = at >> 2, q = at >> 3; i < list.length; i++, w += 6, q += 3) {
    const { se_devindex, reserved = 0, se_offset, se_len } = list[i] as FuseFamfsSimpleExtInput
    b32[w] = u32(se_devindex)
    b32[w + 1] = u32(reserved)
    b64[q + 1] = u64(se_offset)
    b64[q + 2] = u64(se_len)
  }
  return at + 24 * list.length
}

export function encodeFmapByBlock(value: FuseFamfsFmapInput, target: Uint8Array, offset: number): number {
  const { file_type, reserved = 0, fmap_version, ext_type, nextents, reserved0 = 0, file_size, reserved1 = 0n } = value
  b8[0] = u8(file_type)
  b8[1] = u8(reserved)
  b16[1] = u16(fmap_version)
  b32[1] = ext_type
  b32[2] = counted(nextents, value.extents.length)
  b32[3] = u32(reserved0)
  b64[2] = u64(file_size)
  b64[3] = u64(reserved1)
  if (24 * value.extents.length > 65_536 - 32) wrong('size')
  if (value.ext_type === 0) return copyOut(putExtents(value.extents, 32), target, offset)
  if (value.ext_type !== 1) return wrong('ext_type')
  let at = 32
  for (const group of value.extents) {
    const { ie_nstrips, ie_chunk_size, ie_nbytes, reserved: ie_reserved = 0n, ie_strips } = group
    if (24 * ie_strips.length > 65_536 - 24 - at) wrong('size')
    b32[at >> 2] = counted(ie_nstrips, ie_strips.length)
    b32[(at >> 2) + 1] = u32(ie_chunk_size)
    b64[(at >> 3) + 1] = u64(ie_nbytes)
    b64[(at >> 3) + 2] = u64(ie_reserved)
    at = putExtents(ie_strips, at + 24)
  }
  return copyOut(at, target, offset)
}

const store16 = (t: Uint8Array, at: number, x: number): void => {
  t[at] = x
  t[at + 1] = x >>> 8
}

const store32 = (t: Uint8Array, at: number, x: number): void => {
  t[at] = x
  t[at + 1] = x >>> 8
  t[at + 2] = x >>> 16
  t[at + 3] = x >>> 24
}

const store64 = (t: Uint8Array, at: number, x: bigint): void => {
  b64[0] = x
  store32(t, at, b32[0] as number)
  store32(t, at + 4, b32[1] as number)
}

function storeExtents(list: readonly FuseFamfsSimpleExtInput[], t: Uint8Array, start: number): void {
  for (let i = 0, at = start; i < list.length; i++, at += 24) {
    const { se_devindex, reserved = 0, se_offset, se_len } = list[i] as FuseFamfsSimpleExtInput
    store32(t, at, u32(se_devindex))
    store32(t, at + 4, u32(reserved))
    store64(t, at + 8, u64(se_offset))
    store64(t, at + 16, u64(se_len))
  }
}

/** Unlike {@link encodeFmapByBlock} this leaves a part of the message behind when something in it is wrong. */
export function encodeFmapByStores(value: FuseFamfsFmapInput, t: Uint8Array, at: number): number {
  const { file_type, reserved = 0, fmap_version, ext_type, nextents, reserved0 = 0, file_size, reserved1 = 0n } = value
  const count = counted(nextents, value.extents.length)
  if (32 + 24 * count > t.length - at) wrong('room')
  t[at] = u8(file_type)
  t[at + 1] = u8(reserved)
  store16(t, at + 2, u16(fmap_version))
  store32(t, at + 4, ext_type)
  store32(t, at + 8, count)
  store32(t, at + 12, u32(reserved0))
  store64(t, at + 16, u64(file_size))
  store64(t, at + 24, u64(reserved1))
  if (value.ext_type === 0) {
    storeExtents(value.extents, t, at + 32)
    return 32 + 24 * count
  }
  if (value.ext_type !== 1) return wrong('ext_type')
  let end = at + 32
  for (const group of value.extents) {
    const { ie_nstrips, ie_chunk_size, ie_nbytes, reserved: ie_reserved = 0n, ie_strips } = group
    if (24 + 24 * ie_strips.length > t.length - end) wrong('room')
    store32(t, end, counted(ie_nstrips, ie_strips.length))
    store32(t, end + 4, u32(ie_chunk_size))
    store64(t, end + 8, u64(ie_nbytes))
    store64(t, end + 16, u64(ie_reserved))
    storeExtents(ie_strips, t, end + 24)
    end += 24 + 24 * ie_strips.length
  }
  return end - at
}

export function encodeInitInByBlock(value: FuseInitInInput, target: Uint8Array, offset: number): number {
  const { major = wrong('major'), minor = wrong('minor'), max_readahead = wrong('max_readahead') } = value
  const { flags = wrong('flags'), flags2 = wrong('flags2'), unused = wrong('unused') as never } = value
  b32[0] = u32(major)
  b32[1] = u32(minor)
  b32[2] = u32(max_readahead)
  b32[3] = u32(flags)
  b32[4] = u32(flags2)
  if (unused.length !== 11) wrong('unused')
  for (let i = 0; i < 11; i++) b32[5 + i] = u32(unused[i] as number)
  return copyOut(64, target, offset)
}

export function encodeInitInByStores(value: FuseInitInInput, t: Uint8Array, at: number): number {
  const { major = wrong('major'), minor = wrong('minor'), max_readahead = wrong('max_readahead') } = value
  const { flags = wrong('flags'), flags2 = wrong('flags2'), unused = wrong('unused') as never } = value
  if (64 > t.length - at) wrong('room')
  store32(t, at, u32(major))
  store32(t, at + 4, u32(minor))
  store32(t, at + 8, u32(max_readahead))
  store32(t, at + 12, u32(flags))
  store32(t, at + 16, u32(flags2))
  if (unused.length !== 11) wrong('unused')
  for (let i = 0; i < 11; i++) store32(t, at + 20 + 4 * i, u32(unused[i] as number))
  return 64
}

const encoder = new TextEncoder()

/** Text into a char array; false bytes are not known here, so the text must be well-formed. */
function storeName(text: string, t: Uint8Array, at: number, size: number): void {
  if (typeof text !== 'string' || text.length > size) wrong('name')
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) {
      const bytes = encoder.encode(text)
      if (bytes.length > size) wrong('name')
      t.fill(0, at, at + size)
      return t.set(bytes, at)
    }
    t[at + i] = code
  }
  t.fill(0, at + text.length, at + size)
}

export function encodeDaxdevOutByBlock(value: FuseDaxdevOutInput, target: Uint8Array, offset: number): number {
  const { index, reserved = 0, reserved2 = 0, reserved3 = 0n, reserved4 = 0n, name } = value
  b16[0] = u16(index)
  b16[1] = u16(reserved)
  b32[1] = u32(reserved2)
  b64[1] = u64(reserved3)
  b64[2] = u64(reserved4)
  storeName(name, b8, 24, 256)
  return copyOut(280, target, offset)
}

export function encodeDaxdevOutByStores(value: FuseDaxdevOutInput, t: Uint8Array, at: number): number {
  const { index, reserved = 0, reserved2 = 0, reserved3 = 0n, reserved4 = 0n, name } = value
  if (280 > t.length - at) wrong('room')
  store16(t, at, u16(index))
  store16(t, at + 2, u16(reserved))
  store32(t, at + 4, u32(reserved2))
  store64(t, at + 8, u64(reserved3))
  store64(t, at + 16, u64(reserved4))
  storeName(name, t, at + 24, 256)
  return 280
}
