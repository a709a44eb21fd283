/** What bytes are to be read as: the options `--as`, `--dialect`, `--opcode`, `--minor`, `--flags` and `--request`, turned into a schema. */
import type { Context } from '../codec/context.ts'
import { dialectIn } from '../codec/dialects.ts'
import { WireError } from '../codec/errors.ts'
import { decodeInHeader } from '../codec/generated/header.ts'
import { contextFor, opcodeName, opcodesOf } from '../codec/message.ts'
import { isIoctl, messageNames, schemaNamed } from '../conformance/named.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { Schema } from '../schema/index.ts'
import { fuse } from '../uapi/dialects/fuse.ts'
import { type IoctlDialectId, ioctlDialects } from '../uapi/dialects/ioctl.ts'
import { IN_HEADER_SIZE } from '../validate/generated/messages.ts'
import { integer } from './args.ts'
import { Failure, REFUSED } from './command.ts'
import { type Dialects, dialectFileOption, dialectNamed, idsOf } from './dialects.ts'
import { bytesOfArgument } from './input.ts'
import { suggestion } from './near.ts'

/** What is known about the bytes from outside of them. */
export interface Known {
  readonly dialect?: Dialect | undefined
  readonly opcode?: number | undefined
  readonly minor?: number | undefined
  readonly flags?: bigint | undefined
  readonly request?: Uint8Array | undefined
}

export interface Subject {
  readonly as: string
  readonly dialect: Dialect
  readonly schema: Schema<unknown>
  readonly context: Context
}

export const connectionOptions = {
  dialect: { type: 'string', short: 'd', value: 'D', help: 'id of the dialect, as in famfs-wire dialects' },
  ...dialectFileOption,
  opcode: { type: 'string', value: 'N|NAME', help: 'of the request that a reply answers' },
  minor: { type: 'string', value: 'N', help: 'negotiated minor version; default the newest' },
  flags: { type: 'string', value: '0x...', help: 'negotiated INIT flags, 64 bits; default all' },
  request: { type: 'string', value: 'HEX', help: 'the whole request that a reply answers, where its layout depends on it' },
} as const

type ConnectionArgs = { readonly [K in Exclude<keyof typeof connectionOptions, keyof typeof dialectFileOption>]?: string | undefined }

/**
 * A dialect of FUSE or a version of the ioctl ABI by its id.
 * @throws Failure when there is none
 */
export function anyDialectNamed(id: string, known: Dialects): Dialect | IoctlDialectId {
  if (isIoctl(id)) return id
  if (dialectIn(known, id) !== undefined) return dialectNamed(id, known)
  const ids = [...Object.keys(known), ...Object.keys(ioctlDialects)]
  throw new Failure(`unknown dialect ${id}`, { hint: suggestion(id, ids, `dialects: ${ids.join(', ')}`) })
}

const OPCODE_PREFIX = /^(FUSE_|FUSE_DAX_)/

function opcodeNamed(given: string, dialect: Dialect, among: Dialects): number {
  if (/^(\d|0x)/.test(given)) return Number(integer('opcode', given, 0n, 0xffffffffn))
  const known = opcodesOf(dialect)
  const name = given.toUpperCase().replace(OPCODE_PREFIX, '')
  const found = known.find(([n]) => n === name || n === given)
  if (found !== undefined) return found[1]
  const elsewhere = Object.values(among).filter(d => opcodesOf(d).some(([n]) => n === name))
  const names = known.map(([n]) => n)
  const hint = elsewhere.length > 0 ? `it is an opcode of ${idsOf(elsewhere)}; --dialect chooses` : suggestion(name, names)
  throw new Failure(`${dialect.id} has no opcode ${given}`, { hint })
}

/**
 * What the options say.
 * @throws Failure for values that mean nothing
 */
export function known(args: ConnectionArgs, among: Dialects): Known {
  const dialect = args.dialect === undefined ? undefined : dialectNamed(args.dialect, among)
  const request = args.request === undefined ? undefined : hexOption('request', args.request)
  return {
    dialect,
    opcode: args.opcode === undefined ? undefined : opcodeNamed(args.opcode, dialect ?? fuse, among),
    minor: args.minor === undefined ? undefined : Number(integer('minor', args.minor, 0n, 0xffffn)),
    flags: args.flags === undefined ? undefined : integer('flags', args.flags, 0n, (1n << 64n) - 1n),
    request,
  }
}

/** The bytes of an option, in any form of text. */
export const hexOption = (name: string, given: string): Uint8Array => bytesOfArgument(given, `--${name}`)

const present = <T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }

/**
 * The schema for a name, and its context.
 * @throws Failure for an unknown name, or a request that is not one
 */
export function subjectOf(as: string, about: Known): Subject {
  const dialect = about.dialect ?? fuse
  const schema = schemaNamed(as, dialect)
  if (schema === undefined) throw unknownStruct(as)
  const { minor, flags, opcode, request } = about
  const connection = { dialect, ...present({ minor, flags }) }
  try {
    // a body that is malformed matters only where the reply's layout depends on it, and is blamed there
    if (request !== undefined) decodeInHeader(request.subarray(0, IN_HEADER_SIZE))
    const context = contextFor(opcode === undefined ? connection : { ...connection, opcode, ...present({ request }) })
    return { as, dialect, schema, context }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new Failure(`--request: not a request of ${dialect.id}: ${error.message}`, { exit: REFUSED })
  }
}

/** Nothing has this name. */
export function unknownStruct(name: string): Failure {
  const names = messageNames()
  return new Failure(`unknown struct ${name}`, {
    hint: suggestion(name, names, 'famfs-wire layout lists all structs; request, reply and notify are whole messages'),
  })
}

/**
 * Before any input is read: a wrong name is told first.
 * @throws Failure when no dialect has anything of this name
 */
export function demandNamed(name: string, among: Dialects): void {
  if (Object.values(among).every(dialect => schemaNamed(name, dialect) === undefined)) throw unknownStruct(name)
}

/** A word for the kind of message: `GET_FMAP reply`. */
export function titleOf(subject: Pick<Subject, 'as' | 'dialect'>, opcode: number | undefined): string {
  if (subject.as !== 'request' && subject.as !== 'reply') return subject.as === 'notify' ? 'notification' : subject.as
  const name = opcode === undefined ? undefined : (opcodeName(opcode, subject.dialect) ?? `opcode ${opcode}`)
  return name === undefined ? subject.as : `${name} ${subject.as}`
}
