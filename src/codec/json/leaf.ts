/** Integers, text and bytes as JSON, both ways. */
import * as t from 'io-ts'
import { fixedSize } from '../../schema/size.ts'
import type { EnumTable, FlagTable, IntType, TextType, Type } from '../../schema/types.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import type { Context } from '../context.ts'
import { hex } from '../input.ts'
import { encodeText } from '../text.ts'
import { describe } from '../writer.ts'
import { refuse, wants } from './report.ts'

/** What JSON.parse can give and JSON.stringify can take. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

type Names = EnumTable | FlagTable | undefined

/** The values of an enumeration: opcodes differ by dialect. */
export function valuesOf(table: EnumTable, context: Context): Readonly<Record<string, number>> {
  if (table.name !== fuse_opcode.name || context.opcodes === undefined) return table.values
  const own = Object.entries(context.opcodes).filter((entry): entry is [string, number] => entry[1] !== undefined)
  const taken = own.map(([, value]) => value)
  const mainline = Object.entries(table.values).filter(([, value]) => !taken.includes(value))
  return Object.fromEntries([...mainline, ...own.map(([name, value]) => [`FUSE_${name}`, value])])
}

const DECIMAL = /^-?\d{1,40}$/
const HEXADECIMAL = /^0x[0-9a-f]{1,32}$/i

/** A decimal or 0x string, or a number that JSON has not rounded. */
function integerOf(input: unknown): bigint | undefined {
  if (typeof input === 'bigint') return input
  if (typeof input === 'number') return Number.isSafeInteger(input) ? BigInt(input) : undefined
  return typeof input === 'string' && (DECIMAL.test(input) || HEXADECIMAL.test(input)) ? BigInt(input) : undefined
}

const boundsOf = ({ size, signed }: IntType): [bigint, bigint] => {
  const bits = BigInt(size * 8)
  return signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n]
}

export function readInt(type: IntType, names: Names, input: unknown, at: t.Context, context: Context): t.Validation<number | bigint> {
  const value = integerOf(input) ?? named(names, input, context)
  if (typeof value === 'string') return refuse(at, 'tag', value)
  const [low, high] = boundsOf(type)
  const expected = `an integer from ${low} to ${high}${type.size === 8 ? ', above 2^53 as a string' : ''}`
  if (value === undefined) return wants(at, names === undefined ? expected : `${expected}, or a name of ${names.name}`)
  if (value < low || value > high) return refuse(at, 'range', `needs ${expected}, got ${value}`)
  return t.success(type.size === 8 ? value : Number(value))
}

/** The number for a name, or for a list of names of flags; a string tells why there is none. */
function named(names: Names, input: unknown, context: Context): bigint | string | undefined {
  if (names === undefined) return undefined
  if (names.kind === 'enum') {
    const values = valuesOf(names, context)
    return typeof input !== 'string' ? undefined : Object.hasOwn(values, input) ? BigInt(values[input] as number) : unknown(names, input)
  }
  if (typeof input !== 'string' && !Array.isArray(input)) return undefined
  return (Array.isArray(input) ? input : [input]).reduce<bigint | string | undefined>((sum, item: unknown) => {
    const bits = integerOf(item) ?? flag(names, item)
    return typeof sum !== 'bigint' || typeof bits !== 'bigint' ? (typeof sum === 'bigint' ? bits : sum) : sum | bits
  }, 0n)
}

const flag = (names: FlagTable, item: unknown): bigint | string | undefined =>
  typeof item !== 'string' ? undefined : Object.hasOwn(names.bits, item) ? 1n << BigInt(names.bits[item] as number) : unknown(names, item)

const unknown = (names: EnumTable | FlagTable, name: string): string => `${describe(name)} is no name of ${names.name}`

/** Values of 64 bits as decimal strings; the name of an enumeration's value where it has one; everything else as a number. */
export function writeInt(type: IntType, names: Names, value: number | bigint, context: Context): Json {
  if (names?.kind === 'enum') {
    const found = Object.entries(valuesOf(names, context)).find(([, known]) => known === Number(value))
    if (found !== undefined) return found[0]
  }
  return type.size === 8 ? value.toString() : (value as number)
}

/** Text as the interpreter decodes it: a byte that is no UTF-8 is a lone surrogate, which JSON carries. */
export function readText(type: TextType | { readonly kind: 'name' }, input: unknown, at: t.Context): t.Validation<string> {
  if (typeof input !== 'string') return wants(at, 'a string')
  const bytes = encodeText(input)
  if (bytes === undefined) return refuse(at, 'text', 'has a lone surrogate that stands for no byte')
  if (type.kind === 'name') return bytes.includes(0) ? refuse(at, 'text', 'a NUL inside would end the name early') : t.success(input)
  const size = fixedSize(type as Type)
  if (size !== undefined && bytes.length > size) return refuse(at, 'text', `${bytes.length} bytes do not fit in char[${size}]`)
  return t.success(input)
}

/** One character at a time: a pattern of pairs keeps a state for each of them, and long texts are more than it has room for. */
const NOT_HEX = /[^0-9a-f]/i

export function readBytes(input: unknown, at: t.Context): t.Validation<Uint8Array> {
  if (typeof input !== 'string' || input.length % 2 !== 0 || NOT_HEX.test(input)) return wants(at, 'bytes as hex, two digits each')
  const bytes = new Uint8Array(input.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(input.slice(2 * i, 2 * i + 2), 16)
  return t.success(bytes)
}

export const writeBytes = (bytes: Uint8Array): Json => hex(bytes)
