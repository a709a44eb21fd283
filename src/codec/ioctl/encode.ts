/**
 * The argument of an ioctl as bytes: the struct, then everything that its pointers lead to, in one buffer that can be laid at any address.
 * facts: wire 9.2, 9.3, 9.7
 */
import type { Schema } from '../../schema/index.ts'
import type { IoctlDialect, Pointer } from '../../schema/ioctl.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { write } from '../encode.ts'
import { WireError } from '../errors.ts'
import { encodeText } from '../text.ts'
import { commandOf } from './command.ts'
import { placeOf, sizeOf, structOf } from './fields.ts'
import { inside, join } from './inside.ts'
import { LOWEST_ADDRESS } from './memory.ts'
import type { IoctlValue } from './value.ts'

/** How an argument is laid out. */
export interface IoctlEncodeOptions {
  /** address of its first byte; default 0x10000, the lowest that a process can have */
  readonly base?: bigint
  /** form of the groups of MAP_CREATE_V2: that of the final header (the default), or of those of August to October 2024. facts: wire 9.3 */
  readonly layout?: 'early' | 'final'
  /** counts and lengths whose given value is written as it is, right or wrong */
  readonly broken?: readonly string[]
}

/** An argument in memory. */
export interface IoctlPayload {
  /** number of the command */
  readonly number: number
  /** the argument, and behind it what its pointers lead to */
  readonly bytes: Uint8Array
  /** where in `bytes` the pointers are: 64 bits each, the address of another byte of `bytes` */
  readonly relocations: readonly number[]
  /** address of the first byte */
  readonly base: bigint
}

type Values = Readonly<Record<string, unknown>>

interface Buffer {
  bytes: Uint8Array
  readonly relocations: { readonly at: number; readonly to: number }[]
  readonly broken: readonly string[]
}

const ALIGN = 8

/** Bytes at the end of the buffer, at a multiple of 8. */
function append(buffer: Buffer, bytes: Uint8Array): number {
  const at = Math.ceil(buffer.bytes.length / ALIGN) * ALIGN
  const grown = new Uint8Array(at + bytes.length)
  grown.set(buffer.bytes)
  grown.set(bytes, at)
  buffer.bytes = grown
  return at
}

const refusal = (code: 'text' | 'count' | 'missing' | 'tag', path: string, detail: string, actual?: unknown): WireError =>
  new WireError({ code, path, offset: 0, detail, actual })

const isActive = ({ when }: Pointer, value: Values): boolean => when === undefined || Number(value[when.field]) === when.equals

/** A string with its NUL. */
function textBytes(text: string, path: string): Uint8Array {
  const bytes = encodeText(text)
  if (bytes === undefined || bytes.includes(0)) throw refusal('text', path, 'a path holds no NUL and no lone surrogate', text)
  return Uint8Array.of(...bytes, 0)
}

/** What a pointer leads to, or undefined where its raw address is given. */
function target(pointer: Pointer, value: Values, path: string): readonly unknown[] | string | undefined {
  const given = value[pointer.as]
  if (typeof given === 'bigint') return undefined
  if (pointer.to === undefined ? typeof given === 'string' : Array.isArray(given)) return given as readonly unknown[] | string
  const wanted = `${pointer.to === undefined ? 'a path' : 'a list'}, or a raw user pointer as a bigint`
  throw refusal(given === undefined ? 'missing' : 'tag', path, `must be ${wanted}`, given)
}

/** The count that belongs to a target, checked against the one that is given. */
function countOf(buffer: Buffer, { schema, pointer, value, path }: Owner, length: number): number | bigint {
  const given = value[pointer.count]
  const wide = placeOf(schema, pointer.count)[1] === 8
  if (given === undefined) return wide ? BigInt(length) : length
  if (Number(given) !== length && !buffer.broken.includes(pointer.count))
    throw refusal('count', join(path, pointer.count), `is ${String(given)}, there are ${length}`, given)
  return given as number | bigint
}

interface Owner {
  readonly schema: Schema<unknown, unknown>
  readonly pointer: Pointer
  readonly value: Values
  readonly path: string
}

/** The struct's own bytes, with counts filled in and pointers still 0, and what its pointers lead to. */
function structBytes(buffer: Buffer, schema: Schema<unknown, unknown>, given: unknown, pointers: readonly Pointer[], path: string) {
  const value: Record<string, unknown> = typeof given === 'object' && given !== null ? { ...given } : {}
  const led: { readonly pointer: Pointer; readonly to: readonly unknown[] | string }[] = []
  for (const pointer of pointers.filter(p => isActive(p, value))) {
    const to = target(pointer, value, join(path, pointer.as))
    if (to === undefined) {
      value[pointer.field] = value[pointer.as]
      continue
    }
    const length = typeof to === 'string' ? textBytes(to, pointer.as).length - 1 : to.length
    value[pointer.count] = countOf(buffer, { schema, pointer, value, path }, length)
    value[pointer.field] = 0n
    led.push({ pointer, to })
  }
  const known = new Set(structOf(schema).fields.map(f => f.name))
  const own = Object.fromEntries(Object.entries(value).filter(([name]) => known.has(name)))
  return { bytes: inside(path, () => write(schema.type, own, { broken: buffer.broken })), led }
}

/** Appends what a pointer at `at` leads to, and notes the pointer. */
function lead(buffer: Buffer, at: number, pointer: Pointer, to: readonly unknown[] | string, path: string): void {
  const { to: schema, pointers = [] } = pointer
  if (typeof to === 'string' || schema === undefined) {
    buffer.relocations.push({ at, to: append(buffer, textBytes(String(to), path)) })
    return
  }
  const parts = to.map((element, i) => structBytes(buffer, schema, element, pointers, `${path}[${i}]`))
  const size = sizeOf(schema)
  const all = new Uint8Array(size * parts.length)
  for (const [i, part] of parts.entries()) all.set(part.bytes, i * size)
  const start = append(buffer, all)
  buffer.relocations.push({ at, to: start })
  for (const [i, { led }] of parts.entries())
    for (const inner of led) {
      const [offset] = placeOf(schema, inner.pointer.field)
      lead(buffer, start + i * size + offset, inner.pointer, inner.to, `${path}[${i}].${inner.pointer.as}`)
    }
}

function settled({ bytes, relocations }: Buffer, number: number, base: bigint): IoctlPayload {
  const view = new DataView(bytes.buffer)
  for (const { at, to } of relocations) view.setBigUint64(at, BigInt.asUintN(64, base + BigInt(to)), true)
  return { number, bytes, relocations: relocations.map(r => r.at).sort((a, b) => a - b), base }
}

/**
 * The argument of a command in memory. Lists stand in the value where C has pointers (`kse`, `kie`, `ie_strips`, `daxdev_path`); counts and
 * lengths are filled in.
 *
 * ```ts
 * import { encodeIoctl } from 'famfs-wire/kernel'
 *
 * const { number, bytes, relocations } = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', {
 *   fioc_file_size: 0x200000n, fioc_file_type: 0, fioc_ext_type: 0,
 *   kse: [{ devindex: 0n, offset: 0x40000000n, len: 0x200000n }],
 * })                                                  // 56 bytes; relocations [24]: kse is 0x10020
 * ```
 *
 * @param dialect a version of the ioctl ABI or its id
 * @param command name or number
 * @throws WireError code unsupported for a command that the dialect has not, and as `encode` for the value
 */
export function encodeIoctl(
  dialect: IoctlDialect | IoctlDialectId,
  command: string | number,
  value: IoctlValue,
  options: IoctlEncodeOptions = {},
): IoctlPayload {
  const { argument, number } = commandOf(dialect, command)
  const { base = LOWEST_ADDRESS, layout = 'final', broken = [] } = options
  if (argument === undefined) return { number, bytes: new Uint8Array(), relocations: [], base }
  const buffer: Buffer = { bytes: new Uint8Array(), relocations: [], broken }
  const { schema, whole, pointers = [], early = pointers } = argument
  if (whole !== undefined) return { number, bytes: write(whole.type, value, { broken }), relocations: [], base }
  const { bytes, led } = structBytes(buffer, schema, value, layout === 'early' ? early : pointers, '')
  buffer.bytes = bytes
  for (const { pointer, to } of led) lead(buffer, placeOf(schema, pointer.field)[0], pointer, to, pointer.as)
  return settled(buffer, number, base)
}

/** The same argument at another address: every pointer moves with it. */
export function rebase({ number, bytes, relocations, base }: IoctlPayload, to: bigint): IoctlPayload {
  const moved = bytes.slice()
  const view = new DataView(moved.buffer)
  for (const at of relocations) view.setBigUint64(at, BigInt.asUintN(64, view.getBigUint64(at, true) - base + to), true)
  return { number, bytes: moved, relocations, base: to }
}
