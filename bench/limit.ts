/**
 * The limit of decoding: what the same jobs cost when they are written by hand in the fastest way that was found, with the same results and
 * the same checks. Typed-array loads from an aligned block. Encoding is in limit-encode.ts.
 */
import type { FuseDaxdevOut } from '../src/codec/generated/daxdev.ts'
import type { FuseFamfsFmap, FuseFamfsIext, FuseFamfsSimpleExt } from '../src/codec/generated/fmap.ts'
import type { FuseInitIn } from '../src/codec/generated/init.ts'

const block = new ArrayBuffer(65_536)
const b8 = new Uint8Array(block)
const b16 = new Uint16Array(block)
const b32 = new Uint32Array(block)
const b64 = new BigUint64Array(block)

const wrong = (what: string): never => {
  throw new RangeError(what)
}

function extentsAt(at: number, count: number): FuseFamfsSimpleExt[] {
  const list = new Array<FuseFamfsSimpleExt>(count)
  for (let i = 0, w = at >> 2, q = at >> 3; i < count; i++, w += 6, q += 3)
    list[i] = {
      se_devindex: b32[w] as number,
      reserved: b32[w + 1] as number,
      se_offset: b64[q + 1] as bigint,
      se_len: b64[q + 2] as bigint,
    }
  return list
}

export function decodeFmap(bytes: Uint8Array): FuseFamfsFmap {
  const end = bytes.length
  if (end < 32 || end > 65_536) wrong('length')
  b8.set(bytes)
  const nextents = b32[2] as number
  if (b32[1] === 0) {
    if (nextents * 24 !== end - 32) wrong('nextents')
    return {
      file_type: b8[0] as number,
      reserved: b8[1] as number,
      fmap_version: b16[1] as number,
      ext_type: 0,
      nextents,
      reserved0: b32[3] as number,
      file_size: b64[2] as bigint,
      reserved1: b64[3] as bigint,
      extents: extentsAt(32, nextents),
    }
  }
  if (b32[1] !== 1 || nextents * 24 > end - 32) wrong('ext_type')
  const groups = new Array<FuseFamfsIext>(nextents)
  let at = 32
  for (let i = 0; i < nextents; i++) {
    if (at + 24 > end) wrong('group')
    const w = at >> 2
    const q = at >> 3
    const ie_nstrips = b32[w] as number
    at += 24
    if (ie_nstrips * 24 > end - at) wrong('ie_nstrips')
    groups[i] = {
      ie_nstrips,
      ie_chunk_size: b32[w + 1] as number,
      ie_nbytes: b64[q + 1] as bigint,
      reserved: b64[q + 2] as bigint,
      ie_strips: extentsAt(at, ie_nstrips),
    }
    at += 24 * ie_nstrips
  }
  if (at !== end) wrong('trailing')
  return {
    file_type: b8[0] as number,
    reserved: b8[1] as number,
    fmap_version: b16[1] as number,
    ext_type: 1,
    nextents,
    reserved0: b32[3] as number,
    file_size: b64[2] as bigint,
    reserved1: b64[3] as bigint,
    extents: groups,
  }
}

export function decodeInitIn(bytes: Uint8Array): FuseInitIn {
  if (bytes.length !== 64) wrong('length')
  b8.set(bytes)
  const unused = new Array<number>(11)
  for (let i = 0; i < 11; i++) unused[i] = b32[5 + i] as number
  return {
    major: b32[0] as number,
    minor: b32[1] as number,
    max_readahead: b32[2] as number,
    flags: b32[3] as number,
    flags2: b32[4] as number,
    unused,
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of the block without the zeros at its end; ASCII, or what the decoder makes of it. */
function nameAt(from: number, to: number): string {
  const first = from >> 2
  let w = to >> 2
  while (w >= first + 4 && fourAt(w - 4) === 0) w -= 4
  while (w > first && b32[w - 1] === 0) w--
  const end = w === first ? from : (w << 2) - (Math.clz32(b32[w - 1] as number) >> 3)
  if (end - from > 32) return decoder.decode(b8.subarray(from, end))
  let text = ''
  for (let i = from; i < end; i += 16) {
    const sixteen = asciiAt(i)
    if (sixteen === undefined) return decoder.decode(b8.subarray(from, end))
    text += end - i < 16 ? sixteen.slice(0, end - i) : sixteen
  }
  return text
}

/** The bits of four words. */
const fourAt = (w: number): number => (b32[w] as number) | (b32[w + 1] as number) | (b32[w + 2] as number) | (b32[w + 3] as number)

/** Sixteen characters at a multiple of 4. */
function asciiAt(at: number): string | undefined {
  if ((fourAt(at >> 2) & 0x80808080) !== 0) return undefined
  return String.fromCharCode(
    b8[at] as number,
    b8[at + 1] as number,
    b8[at + 2] as number,
    b8[at + 3] as number,
    b8[at + 4] as number,
    b8[at + 5] as number,
    b8[at + 6] as number,
    b8[at + 7] as number,
    b8[at + 8] as number,
    b8[at + 9] as number,
    b8[at + 10] as number,
    b8[at + 11] as number,
    b8[at + 12] as number,
    b8[at + 13] as number,
    b8[at + 14] as number,
    b8[at + 15] as number,
  )
}

export function decodeDaxdevOut(bytes: Uint8Array): FuseDaxdevOut {
  if (bytes.length !== 280) wrong('length')
  b8.set(bytes)
  return {
    index: b16[0] as number,
    reserved: b16[1] as number,
    reserved2: b32[1] as number,
    reserved3: b64[1] as bigint,
    reserved4: b64[2] as bigint,
    name: nameAt(24, 280),
  }
}
