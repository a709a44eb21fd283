/** What a name in a testee request stands for: a C struct, or a whole message. */
import type { Context } from '../codec/context.ts'
import { decode } from '../codec/decode.ts'
import { dialectOf } from '../codec/dialects.ts'
import { type Connection, contextFor } from '../codec/message.ts'
import type { Schema } from '../schema/index.ts'
import { structsOfCommands } from '../uapi/famfs/ioctl-commands.ts'
import {
  type Dialect,
  type DialectName,
  dax_interleave_fmap,
  dax_simple_fmap,
  fuse_bpf_interleave_fmap,
  fuse_bpf_simple_fmap,
  fuse_famfs_fmap,
  fuse_famfs_fmap_push,
  fuse_in_header,
  fuse_uring_cmd_area,
  fuse_uring_request_header,
  type IoctlDialectId,
  ioctlDialects,
  knownDialects,
  notify,
  reply,
  request,
  structs,
} from '../uapi/index.ts'
import { bytesOf } from './hex.ts'
import { bad, type Json, number, optional, text } from './record.ts'

/** Dialects by their ids. */
export type Dialects = Readonly<Record<string, Dialect>>

/** Those of this library, and others beside them. */
export const dialectsWith = (others: readonly Dialect[] = []): Dialects =>
  others.length === 0 ? knownDialects : { ...knownDialects, ...Object.fromEntries(others.map(d => [d.id, d])) }

export interface Named {
  readonly schema: Schema<unknown>
  readonly context: Context
}

/** Names besides those of the C structs. */
const MESSAGES: Readonly<Record<string, Schema<unknown>>> = {
  request,
  reply,
  notify,
  fuse_famfs_fmap,
  fuse_famfs_fmap_push,
  fuse_bpf_simple_fmap,
  fuse_bpf_interleave_fmap,
  dax_simple_fmap,
  dax_interleave_fmap,
  fuse_uring_cmd_area,
  fuse_uring_request_header,
}

/** All names: request, reply, notify, and the C names of structs. Where a dialect has its own form of a struct, its plain name chooses that. */
export const messageNames = (): string[] => [...new Set([...Object.keys(MESSAGES), ...Object.keys(structs)])]

const named = (name: string): Schema<unknown> | undefined =>
  Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : Object.hasOwn(structs, name) ? structs[name] : undefined

/** Whether an id is that of a version of the ioctl ABI. */
export const isIoctl = (dialect: string): dialect is IoctlDialectId => Object.hasOwn(ioctlDialects, dialect)

/** Schemas that a dialect brings along. */
const broughtBy = ({ request: asks, reply: answers, map, init }: Dialect): Schema<unknown, unknown>[] =>
  [asks.GET_FMAP, asks.GET_DAXDEV, answers.GET_DAXDEV?.body, map?.body, init?.reply].filter(
    schema => schema !== undefined && typeof schema !== 'string',
  )

/** The form that a dialect gives a struct, where that is not the one of the plain name. */
function formOf(name: string, dialect: Dialect): Schema<unknown> | undefined {
  const own = broughtBy(dialect).find(({ type }) => type.kind === 'struct' && type.name === name)
  const word = dialect.push ? 'push' : dialect.map?.chapter
  return (own as Schema<unknown> | undefined) ?? (word === undefined ? undefined : named(`${name}_${word}`))
}

/** The schema for a name in a dialect; undefined when there is none. */
export function schemaNamed(name: string, dialect: DialectName | IoctlDialectId | Dialect = 'fuse'): Schema<unknown> | undefined {
  if (typeof dialect === 'string' && isIoctl(dialect))
    return structsOfCommands(ioctlDialects[dialect].headers[0].commands).get(name) ?? named(name)
  return formOf(name, dialectOf(dialect)) ?? named(name)
}

/** 64 flag bits as a decimal string. */
function flagsIn(record: Json, key: string): bigint {
  const digits = text(record, key)
  if (!/^\d{1,20}$/.test(digits)) throw bad('tag', key, 'must be 64 bits as a decimal string', 'decimal digits', digits)
  const bits = BigInt(digits)
  if (bits >= 1n << 64n) throw bad('range', key, `${digits} has more than 64 bits`, '64 bits', digits)
  return bits
}

/** 32 bits, as INIT has it. */
function minorIn(record: Json, key: string): number {
  const minor = number(record, key)
  if (minor < 0 || minor > 0xffff_ffff) throw bad('range', key, `must be 32 bits, is ${minor}`, '0 to 2^32-1', minor)
  return minor
}

const opcodeIn = (record: Json, key: string): number | string => (typeof record[key] === 'string' ? text(record, key) : number(record, key))

/** The opcode in its header, which is there even where its body is malformed. */
const opcodeOfRequest = (bytes: Uint8Array, { littleEndian = true }: Connection): number =>
  decode(fuse_in_header, bytes.subarray(0, 40), { littleEndian }).opcode

/**
 * What the members `dialect`, `minor`, `flags`, `opcode` and `request` of a testee request settle.
 * @throws WireError when one of them is not what it should be, or `request` is no request
 */
export function contextIn(record: Json, dialect: DialectName | Dialect | undefined): Context {
  const minor = optional(record, 'minor', minorIn)
  const flags = optional(record, 'flags', flagsIn)
  const connection: Connection = {
    dialect: dialect ?? 'fuse',
    ...(minor === undefined ? {} : { minor }),
    ...(flags === undefined ? {} : { flags }),
  }
  const asked = optional(record, 'request', (r, key) => bytesOf(text(r, key), key))
  const opcode = optional(record, 'opcode', opcodeIn) ?? (asked === undefined ? undefined : opcodeOfRequest(asked, connection))
  if (opcode === undefined) return contextFor(connection)
  return contextFor({ ...connection, opcode, ...(asked === undefined ? {} : { request: asked }) })
}
