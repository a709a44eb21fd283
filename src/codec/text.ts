/**
 * Text in byte fields, without loss: valid UTF-8 becomes its characters, every other byte b becomes the lone surrogate U+DC00 + b
 * (0x80 to 0xff, so U+DC80 to U+DCFF). What was decoded encodes to the same bytes.
 */

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = /* @__PURE__ */ new TextEncoder()

/** Up to this many characters calls of fromCharCode are faster than the decoder. */
const SHORT = 32
const BLOCK = 16

/** Text of `bytes[start, end)`, all of it. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) {
    try {
      return decoder.decode(bytes.subarray(start, end))
    } catch {
      return decodeBytewise(bytes, start, end)
    }
  }
  let text = ''
  let i = start
  for (; i < end && i + BLOCK <= bytes.length; i += BLOCK) {
    const block = asciiBlock(bytes, i)
    if (block === undefined) break
    text += end - i < BLOCK ? block.slice(0, end - i) : block
  }
  for (; i < end; i++) {
    const byte = bytes[i] as number
    if (byte > 0x7f) return decodeBytewise(bytes, start, end)
    text += String.fromCharCode(byte)
  }
  return text
}

/** Sixteen characters, which one call makes in little more time than one; undefined where they are not all ASCII. */
function asciiBlock(bytes: Uint8Array, i: number): string | undefined {
  const a = bytes[i] as number
  const b = bytes[i + 1] as number
  const c = bytes[i + 2] as number
  const d = bytes[i + 3] as number
  const e = bytes[i + 4] as number
  const f = bytes[i + 5] as number
  const g = bytes[i + 6] as number
  const h = bytes[i + 7] as number
  const j = bytes[i + 8] as number
  const k = bytes[i + 9] as number
  const l = bytes[i + 10] as number
  const m = bytes[i + 11] as number
  const n = bytes[i + 12] as number
  const o = bytes[i + 13] as number
  const p = bytes[i + 14] as number
  const q = bytes[i + 15] as number
  if ((a | b | c | d | e | f | g | h | j | k | l | m | n | o | p | q) > 0x7f) return undefined
  return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q)
}

/** End of the text in a char array: behind the last byte that is not zero. */
export function textEnd(bytes: Uint8Array, start: number, end: number): number {
  while (end > start && bytes[end - 1] === 0) end--
  return end
}

function decodeBytewise(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; ) {
    const length = sequenceLength(bytes, i, end)
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[i++] as number))
    else {
      text += decoder.decode(bytes.subarray(i, i + length))
      i += length
    }
  }
  return text
}

/** Bytes of the valid UTF-8 sequence at `i`, or 0. Table 3-7 of the Unicode Standard. */
function sequenceLength(bytes: Uint8Array, i: number, end: number): number {
  const lead = bytes[i] as number
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4 || i + length > end) return 0
  const second = bytes[i + 1] as number
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return 0
  for (let k = 2; k < length; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return 0
  return length
}

const ESCAPED = /[\udc80-\udcff]/
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Bytes of the text, or undefined when it has a lone surrogate that stands for no byte. */
export function encodeText(text: string): Uint8Array | undefined {
  if (!LONE.test(text)) return encoder.encode(text)
  const parts: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (character.length === 1 && ESCAPED.test(character)) parts.push(code - 0xdc00)
    else if (code >= 0xd800 && code <= 0xdfff) return undefined
    else parts.push(...encoder.encode(character))
  }
  return Uint8Array.from(parts)
}

/** The text for display: up to its first NUL, as a C program would print it. */
export function text(value: string): string {
  const nul = value.indexOf('\0')
  return nul === -1 ? value : value.slice(0, nul)
}
