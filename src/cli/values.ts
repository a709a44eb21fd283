/** Values as people read them. Everything that comes from bytes is made safe to print here. */
import { hex } from '../codec/input.ts'
import type { LargeNode } from '../codec/inspect.ts'
import { bytesText, quote } from '../codec/printable.ts'
import type { EnumTable, FlagTable } from '../schema/types.ts'
import * as errnos from '../uapi/errno.ts'

export { bytesText, quote, safe } from '../codec/printable.ts'

/** Bytes as the right column of a hex dump shows them. */
export const ascii = (bytes: Uint8Array): string => Array.from(bytes, b => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('')

/** Bytes as pairs of digits with spaces. */
export const spacedHex = (bytes: Uint8Array): string => hex(bytes).replace(/..(?!$)/g, '$& ')

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
export function valueWords(node: Pick<LargeNode, 'name' | 'type' | 'value' | 'names' | 'doc'>): string[] {
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

function numberWords(node: Pick<LargeNode, 'name' | 'doc'>, value: number | bigint): string[] {
  if (node.name === 'mode' && value > 0) return [modeText(Number(value))]
  if (TIMES.has(node.name) && value > 0 && BigInt(value) < MOST_SECONDS)
    return [`${value}`, `(${new Date(Number(value) * 1000).toISOString().replace('.000', '')})`]
  const unit = COUNTS_BYTES.test(node.doc ?? '') ? bytesText(value) : undefined
  if (unit !== undefined) return [`${value}`, `(${unit})`]
  return BigInt(value) >= 1n << 32n ? [`${value}`, `(0x${value.toString(16)})`] : [`${value}`]
}
