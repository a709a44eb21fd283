/** Text and sizes as people read them, whatever the bytes that they were made of. */
import { decodeText } from './text.ts'

/*
 * The one escape of everything that is printed. A character that a terminal could act on, or that shows nothing, is written out: `\n`, `\t`,
 * `\0`, `\xNN` for ASCII, `\u{NNNN}` for others. `\x80` to `\xff` are bytes that are not UTF-8, so that `unescaped` gives the same bytes again.
 */

/** Controls, what directs the writing, what is invisible (tags, fillers, soft hyphens), lone surrogates and noncharacters. */
const UNSAFE = /["\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu
const PLAIN = /^[\n\x20-\x7e]*$/
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\0': '\\0' }
/** What `safe` leaves alone: it is for text of several lines that may be quoted already. */
const KEPT: ReadonlySet<string> = new Set(['\n', '"', '\\'])

/** A byte that is not UTF-8 stands in text as this and its value; see codec/text. */
const BYTE_ESCAPE = 0xdc00

const hexOfByte = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

/** One character that must not reach a terminal, written out. */
function escaped(c: string): string {
  const code = c.codePointAt(0) as number
  if (SHORT[c] !== undefined) return SHORT[c]
  if (code < 0x80) return hexOfByte(code)
  return code >= BYTE_ESCAPE + 0x80 && code <= BYTE_ESCAPE + 0xff ? hexOfByte(code - BYTE_ESCAPE) : `\\u{${code.toString(16)}}`
}

/** Text in quotes, with everything escaped that a terminal could act on; bytes that are not UTF-8 as \\xNN. */
export const quote = (text: string): string => `"${text.replace(UNSAFE, escaped)}"`

/** The same without quotes, for text of several lines. What went through `quote` or this before stays as it is. */
export const safe = (text: string): string => (PLAIN.test(text) ? text : text.replace(UNSAFE, c => (KEPT.has(c) ? c : escaped(c))))

const STYLE_OR_UNSAFE = new RegExp(`\\u001b\\[[0-9;]*m|${UNSAFE.source}`, 'gu')
const KEPT_IN_OUTPUT: ReadonlySet<string> = new Set([...KEPT, '\t'])

/** Output as a whole, whatever it was put together from: only its styles (SGR), lines and tabs act on a terminal. */
export const safeOutput = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text.replace(STYLE_OR_UNSAFE, c => (KEPT_IN_OUTPUT.has(c) || (c.length > 2 && c.startsWith('\u001b')) ? c : escaped(c)))

const jsonEscape = (c: string): string =>
  Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

/** JSON with the same characters escaped as JSON does it, which changes no value. */
export const safeJson = (json: string): string => (PLAIN.test(json) ? json : json.replace(UNSAFE, c => (KEPT.has(c) ? c : jsonEscape(c))))

/** Bytes of a name as text: as {@link quote} writes it, without the quotes. */
export const bytesShown = (bytes: Uint8Array): string => quote(decodeText(bytes, 0, bytes.length)).slice(1, -1)

const ESCAPES = /\\x([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{1,6})\}|\\(["\\nt0])/g
const NAMED: Readonly<Record<string, number>> = { '"': 0x22, '\\': 0x5c, n: 0x0a, t: 0x09, '0': 0 }
const LONE_SURROGATE = /\p{Cs}/u
const encoder = /* @__PURE__ */ new TextEncoder()

/** UTF-8 of a character; undefined where the number is none of one. */
function bytesOfCode(digits: string): Uint8Array | undefined {
  const code = Number.parseInt(digits, 16)
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : encoder.encode(String.fromCodePoint(code))
}

function bytesOfEscape([whole, byte, code, name = '']: RegExpExecArray): Uint8Array {
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16))
  if (code !== undefined) return bytesOfCode(code) ?? encoder.encode(whole)
  return Uint8Array.of(NAMED[name] ?? 0)
}

/**
 * The bytes of a name that is written plainly, or as {@link bytesShown} writes it. A backslash that starts no escape stands for itself.
 * @returns undefined for a lone surrogate, which stands for no bytes
 */
export function unescaped(text: string): Uint8Array | undefined {
  if (LONE_SURROGATE.test(text)) return undefined
  const parts: Uint8Array[] = []
  let at = 0
  for (const match of text.matchAll(ESCAPES)) {
    parts.push(encoder.encode(text.slice(at, match.index)), bytesOfEscape(match))
    at = match.index + match[0].length
  }
  return joined([...parts, encoder.encode(text.slice(at))])
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/** From here on only exact numbers of units are shown. */
const PEBI = 5

/** A number of bytes with its unit: `2 MiB`, `~11.5 MiB`; undefined below 4 KiB and from 8 EiB on, where it says nothing more. */
export function bytesText(value: number | bigint): string | undefined {
  const exact = BigInt(value)
  if (exact < 4096n || exact >= 1n << 63n) return undefined
  let unit = Math.floor((exact.toString(2).length - 1) / 10)
  if (
    exact % (1n << BigInt(10 * unit)) !== 0n &&
    exact % (1n << BigInt(10 * (unit - 1))) === 0n &&
    exact >> BigInt(10 * (unit - 1)) < 10000n
  )
    unit--
  const scale = 1n << BigInt(10 * unit)
  if (exact % scale === 0n) return `${exact / scale} ${UNITS[unit]}`
  if (unit >= PEBI) return undefined
  return `~${(Number((exact * 100n) / scale) / 100).toFixed(1)} ${UNITS[unit]}`
}

/** A number of bytes, always with a unit. */
export const sized = (bytes: bigint | number): string => bytesText(bytes) ?? `${bytes} B`
