/** Values as people read them. Everything that comes from bytes is made safe to print here. */
import { hex } from '../codec/errors.ts'
import type { TreeNode } from '../codec/inspect.ts'
import type { EnumTable, FlagTable } from '../schema/types.ts'
import * as errnos from '../uapi/errno.ts'

const BYTE_ESCAPE = 0xdc00
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
const UNSAFE = /["\\\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]/gu
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\0': '\\0' }

/** One character that must not reach a terminal, written out. */
function escaped(c: string): string {
  const code = c.codePointAt(0) ?? 0
  if (SHORT[c] !== undefined) return SHORT[c]
  const byte = code >= BYTE_ESCAPE && code <= BYTE_ESCAPE + 0xff ? code - BYTE_ESCAPE : code
  return byte <= 0xff ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${byte.toString(16)}}`
}

/** Text in quotes, with everything escaped that a terminal could act on; bytes that are not UTF-8 as \\xNN. */
export const quote = (text: string): string => `"${text.replace(UNSAFE, escaped)}"`

/** The same without quotes, for text of several lines. */
export const safe = (text: string): string => text.replace(UNSAFE, c => (c === '\n' || c === '"' || c === '\\' ? c : escaped(c)))

/** Bytes as the right column of a hex dump shows them. */
export const ascii = (bytes: Uint8Array): string => Array.from(bytes, b => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('')

/** Bytes as pairs of digits with spaces. */
export const spacedHex = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join(' ')

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

const nameOfErrno = new Map(Object.entries(errnos).map(([name, value]) => [value, name]))

/** `EINVAL`, or `errno 200` where the library has no name for it. */
export const errnoName = (errno: number): string => (errno === 0 ? 'OK' : (nameOfErrno.get(errno) ?? `errno ${errno}`))

/** Names of the bits that are set, then what is left as hex. */
export function flagNames(value: number | bigint, table: FlagTable, size = 8): string[] {
  let rest = BigInt.asUintN(size * 8, BigInt(value))
  const names: string[] = []
  for (const [name, bit] of Object.entries(table.bits)) {
    const mask = 1n << BigInt(bit)
    if ((rest & mask) === 0n) continue
    names.push(name)
    rest &= ~mask
  }
  return rest === 0n ? names : [...names, `0x${rest.toString(16)}`]
}

const enumName = (value: number | bigint, table: EnumTable): string | undefined =>
  Object.entries(table.values).find(([, v]) => BigInt(v) === BigInt(value))?.[0]

/** Fields whose doc says that they count or point at bytes. */
const COUNTS_BYTES = /^((at )?most |first |last )?bytes?\b/
const TIMES = new Set(['atime', 'mtime', 'ctime', 'tv_sec'])
const MOST_SECONDS = 253_402_300_800n

const FILE_TYPES: Readonly<Record<number, string>> = { 1: 'p', 2: 'c', 4: 'd', 6: 'b', 8: '-', 10: 'l', 12: 's' }

/** A file mode as ls prints it. */
function modeText(mode: number): string {
  const rights = [6, 3, 0].map(shift => 'rwx'.replace(/./g, (c, i: number) => ((mode >> (shift + 2 - i)) & 1 ? c : '-'))).join('')
  return `0${mode.toString(8)}${FILE_TYPES[mode >> 12] === undefined ? '' : ` ${FILE_TYPES[mode >> 12]}${rights}`}`
}

/** A leaf's value, in words that can be broken over lines; plain, without colour. */
export function valueWords(node: Pick<TreeNode, 'name' | 'type' | 'value' | 'names' | 'doc'>): string[] {
  const { value, names, type } = node
  if (value instanceof Uint8Array) return [value.length === 0 ? '(empty)' : value.length <= 8 ? hex(value) : `${value.length} bytes`]
  if (typeof value === 'string') return [quote(value)]
  if (typeof value !== 'number' && typeof value !== 'bigint') return []
  if (names?.kind === 'flags') {
    if (BigInt(value) === 0n) return ['0']
    const size = type.kind === 'int' ? type.size : 8
    const set = flagNames(value, names, size)
    const raw = `0x${BigInt.asUintN(size * 8, BigInt(value)).toString(16)}`
    return set.length === 1 && set[0] === raw ? [raw] : [raw, ...set.map((name, i) => (i === 0 ? name : `| ${name}`))]
  }
  if (names?.kind === 'enum') return [`${value}`, enumName(value, names) ?? `(not in ${names.name})`]
  return numberWords(node, value)
}

function numberWords(node: Pick<TreeNode, 'name' | 'doc'>, value: number | bigint): string[] {
  if (node.name === 'mode' && value > 0) return [modeText(Number(value))]
  if (TIMES.has(node.name) && value > 0 && BigInt(value) < MOST_SECONDS)
    return [`${value}`, `(${new Date(Number(value) * 1000).toISOString().replace('.000', '')})`]
  const unit = COUNTS_BYTES.test(node.doc ?? '') ? bytesText(value) : undefined
  if (unit !== undefined) return [`${value}`, `(${unit})`]
  return BigInt(value) >= 1n << 32n ? [`${value}`, `(0x${value.toString(16)})`] : [`${value}`]
}

/** JSON with bigints as decimal strings and bytes as hex. */
export function jsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v instanceof Uint8Array ? hex(v) : v), indent)
}
