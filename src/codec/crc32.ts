/** CRC-32/ISO-HDLC (that of zlib), as superblock, log header and log entries carry it. facts: metadata 2, CRC */

/** Slices of the sliced tables. */
const SLICES = 16
const POLYNOMIAL = 0xedb88320
/** From this many bytes on the call into zlib costs less than it saves: measured, with the view that it needs, on Node 20. */
const NATIVE_FROM = 400

let tables: Int32Array | undefined

/** Sixteen tables of 256 in one array: `[256 * k + b]` is the crc of byte b with k zero bytes behind it. */
function slicedTables(): Int32Array {
  if (tables !== undefined) return tables
  const made = new Int32Array(256 * SLICES)
  for (let b = 0; b < 256; b++) {
    let c = b
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1
    made[b] = c
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256] as number
    made[i] = (made[before & 255] as number) ^ (before >>> 8)
  }
  tables = made
  return made
}

type NativeCrc = (data: Uint8Array, value?: number) => number
interface Host {
  readonly process?: { readonly getBuiltinModule?: (id: string) => { readonly crc32?: NativeCrc } | undefined }
}

let native: NativeCrc | null | undefined

/** zlib's own, where this runs in a Node that has it; asked for without an import, so that the module loads in a browser. */
function nativeCrc(): NativeCrc | null {
  if (native === undefined) native = (globalThis as Host).process?.getBuiltinModule?.('node:zlib')?.crc32 ?? null
  return native
}

const littleEndianHost = /* @__PURE__ */ (() => new Uint8Array(new Uint32Array([1]).buffer)[0] === 1)()

function overBytes(t: Int32Array, bytes: Uint8Array, from: number, to: number): number {
  let c = -1
  for (let i = from; i < to; i++) c = (t[(c ^ (bytes[i] as number)) & 255] as number) ^ (c >>> 8)
  return ~c >>> 0
}

/** Four little-endian words at a time, then one. */
function overWords(t: Int32Array, words: Int32Array, from: number, to: number): number {
  let c = -1
  let i = from
  for (; i + 4 <= to; i += 4) {
    const w = c ^ (words[i] as number)
    const x = words[i + 1] as number
    const y = words[i + 2] as number
    const z = words[i + 3] as number
    c =
      (t[3840 + (w & 255)] as number) ^
      (t[3584 + ((w >>> 8) & 255)] as number) ^
      (t[3328 + ((w >>> 16) & 255)] as number) ^
      (t[3072 + (w >>> 24)] as number) ^
      (t[2816 + (x & 255)] as number) ^
      (t[2560 + ((x >>> 8) & 255)] as number) ^
      (t[2304 + ((x >>> 16) & 255)] as number) ^
      (t[2048 + (x >>> 24)] as number) ^
      (t[1792 + (y & 255)] as number) ^
      (t[1536 + ((y >>> 8) & 255)] as number) ^
      (t[1280 + ((y >>> 16) & 255)] as number) ^
      (t[1024 + (y >>> 24)] as number) ^
      (t[768 + (z & 255)] as number) ^
      (t[512 + ((z >>> 8) & 255)] as number) ^
      (t[256 + ((z >>> 16) & 255)] as number) ^
      (t[z >>> 24] as number)
  }
  for (; i < to; i++) {
    const w = c ^ (words[i] as number)
    c =
      (t[768 + (w & 255)] as number) ^
      (t[512 + ((w >>> 8) & 255)] as number) ^
      (t[256 + ((w >>> 16) & 255)] as number) ^
      (t[w >>> 24] as number)
  }
  return ~c >>> 0
}

/** CRC of the bytes from `start` up to, and without, `end`. */
export type CrcOfRange = (start: number, end: number) => number

/** As {@link crcReader}, in JavaScript alone. */
export function slicedReader(bytes: Uint8Array): CrcOfRange {
  const t = slicedTables()
  const aligned = littleEndianHost && bytes.byteOffset % 4 === 0
  const words = aligned ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : undefined
  return (start, end) => {
    if (words !== undefined && ((start | end) & 3) === 0) return overWords(t, words, start >> 2, end >> 2)
    return overBytes(t, bytes, start, end)
  }
}

/**
 * For many crcs over parts of the same bytes: makes the views once.
 * @returns a function of the first byte and the byte behind the last; offsets that are multiples of four in a view that is aligned are fastest
 */
export function crcReader(bytes: Uint8Array): CrcOfRange {
  const zlib = nativeCrc()
  const sliced = slicedReader(bytes)
  if (zlib === null) return sliced
  return (start, end) => (end - start >= NATIVE_FROM ? zlib(bytes.subarray(start, end)) : sliced(start, end))
}

/**
 * CRC-32 of `bytes[start, end)`, as an unsigned number.
 * Polynomial 0x04C11DB7 reflected, start and final xor 0xffffffff: the nine bytes `123456789` give 0xcbf43926, no bytes give 0.
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return crcReader(bytes)(start, end)
}
