/** Text and sizes as people read them, whatever the bytes that they were made of. */

const BYTE_ESCAPE = 0xdc00
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
  /["\\\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]/gu
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\0': '\\0' }

/** One character that must not reach a terminal, written out. */
function escaped(c: string): string {
  const code = c.codePointAt(0) as number
  if (SHORT[c] !== undefined) return SHORT[c]
  const byte = code >= BYTE_ESCAPE && code <= BYTE_ESCAPE + 0xff ? code - BYTE_ESCAPE : code
  return byte <= 0xff ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${byte.toString(16)}}`
}

/** Text in quotes, with everything escaped that a terminal could act on; bytes that are not UTF-8 as \\xNN. */
export const quote = (text: string): string => `"${text.replace(UNSAFE, escaped)}"`

/** The same without quotes, for text of several lines. */
export const safe = (text: string): string => text.replace(UNSAFE, c => (c === '\n' || c === '"' || c === '\\' ? c : escaped(c)))

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
