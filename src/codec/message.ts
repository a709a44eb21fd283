/**
 * Whole FUSE messages: header and body, by opcode, direction, dialect and negotiated version.
 * The dialect is always given (opcodes 53 to 55 mean different things in different kernels), the version defaults to the newest.
 */

import type { Dialect, OwnNotification } from '../schema/dialect.ts'
import { bytes, REST } from '../schema/fields.ts'
import type { Input, Schema, Value } from '../schema/index.ts'
import type { Direction, Type } from '../schema/types.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { type BodiesOf, type FamfsBodies, famfsMessages } from '../uapi/famfs/messages.ts'
import { notify, reply, request } from '../uapi/fuse/message.ts'
import { type FuseMessages, type FuseNotifications, fuseMessages, fuseNotifications } from '../uapi/fuse/opcodes.ts'
import type { Context } from './context.ts'
import { decode, tryDecode } from './decode.ts'
import { dialectOf } from './dialects.ts'
import { encode } from './encode.ts'
import { type Result, WireError, type WireErrorCode } from './errors.ts'
import { checkBytes, isBytes } from './input.ts'
import { named, unknownName } from './names.ts'

/** What both sides of a connection agreed on. */
export interface Connection<D extends DialectName | Dialect = DialectName | Dialect> {
  /** default: mainline FUSE without famfs */
  readonly dialect?: D
  /** negotiated minor; default the newest */
  readonly minor?: number
  /** the 64 flag bits of the INIT reply; default all */
  readonly flags?: bigint
  readonly littleEndian?: boolean
}

/** A reply alone does not say what it answers. */
export interface Answered<D extends DialectName | Dialect = DialectName | Dialect> extends Connection<D> {
  /** opcode of the request, by number or name */
  readonly opcode: number | string
  /** the request, whole: replies to GETXATTR and LISTXATTR, and IOCTL cannot be told without it */
  readonly request?: Uint8Array
}

type Request = Value<typeof request>
type Reply = Value<typeof reply>
type Header<H extends { opcode: number } | { error: number }, Known extends keyof H> = Omit<H, Known> & Partial<Pick<H, Known>>
type BodyValue<S> = S extends Schema<infer V, unknown> ? V : undefined
type BodyInput<S> = S extends Schema<unknown, unknown> ? Input<S> : undefined

/** Names of all opcodes, those of famfs among them. */
export type OpcodeName = keyof FuseMessages | keyof FamfsBodies

type RequestsOf<B extends Bodies> = { [K in keyof B]: Omit<Request, 'body'> & { opcode: K; body: BodyValue<B[K]['request']> } }[keyof B]
type RepliesOf<B extends Bodies> = { [K in keyof B]: Omit<Reply, 'body'> & { opcode: K; body?: BodyValue<B[K]['reply']> } }[keyof B]
type RequestInputsOf<B extends Bodies> = {
  [K in keyof B]: Omit<Input<typeof request>, 'body' | 'header'> & {
    opcode: K
    header: Header<Input<typeof request>['header'], 'opcode'>
    body: BodyInput<B[K]['request']>
  }
}[keyof B]
type ReplyInputsOf<B extends Bodies> = {
  [K in keyof B]: { opcode: K; header: Header<Input<typeof reply>['header'], 'error'>; body?: BodyInput<B[K]['reply']> | Uint8Array }
}[keyof B]

type Bodies = { readonly [name: string]: { readonly request: unknown; readonly reply: unknown } }
type Famfs<D> = Pick<BodiesOf<D>, keyof FamfsBodies>
type Mainline = Pick<FuseMessages, keyof FuseMessages>

/** A decoded request: `opcode` is the name and narrows `body`. `D`: the type of a dialect that brings bodies of its own. */
export type FuseRequest<D = Dialect> = RequestsOf<Mainline> | RequestsOf<Famfs<D>>

/** A decoded reply: no body where the header carries an errno. `D`: as in {@link FuseRequest}. */
export type FuseReply<D = Dialect> = RepliesOf<Mainline> | RepliesOf<Famfs<D>>

/** A decoded notification: `code` is the name and narrows `body`. */
export type FuseNotification = {
  [K in keyof FuseNotifications]: Omit<Reply, 'body'> & { code: K; body: BodyValue<FuseNotifications[K]['body']> }
}[keyof FuseNotifications]

/** What a request can be encoded from: lengths and the number of the opcode are filled in. */
export type RequestInput<D = Dialect> = RequestInputsOf<Mainline> | RequestInputsOf<Famfs<D>>

/** What a reply can be encoded from: `error` defaults to 0. */
export type ReplyInput<D = Dialect> = ReplyInputsOf<Mainline> | ReplyInputsOf<Famfs<D>>

/** What a notification can be encoded from: the code goes into the header, `unique` is 0. */
export type NotificationInput = {
  [K in keyof FuseNotifications]: {
    code: K
    header?: Partial<Input<typeof notify>['header']>
    body: BodyInput<FuseNotifications[K]['body']>
  }
}[keyof FuseNotifications]

interface Entry {
  readonly opcode: number
  readonly request: Schema<unknown, unknown>
  readonly reply: Schema<unknown, unknown> | undefined
}

/** The dialect of a connection: mainline FUSE where it names none. */
const spoken = (dialect: Dialect | DialectName | undefined): Dialect => dialectOf(dialect ?? 'fuse')

const tables = new WeakMap<Dialect, ReadonlyMap<string, Entry>>()

/** Opcodes by name: mainline's, overlaid by what the dialect puts in their place. */
function tableOf(dialect: Dialect): ReadonlyMap<string, Entry> {
  const known = tables.get(dialect)
  if (known !== undefined) return known
  const own = Object.entries<Entry>({ ...famfsMessages(dialect), ...dialect.messages })
  const taken = new Set(own.map(([, entry]) => entry.opcode))
  const mainline = Object.entries<Entry>(fuseMessages).filter(([, entry]) => !taken.has(entry.opcode))
  const init = dialect.init?.reply
  const shaped: [string, Entry][] = init === undefined ? [] : [['INIT', { ...fuseMessages.INIT, reply: init }]]
  const table = new Map<string, Entry>([...mainline, ...shaped, ...own])
  tables.set(dialect, table)
  return table
}

/** Opcodes of a dialect: name and number, in no particular order. */
export const opcodesOf = (dialect: DialectName | Dialect): [string, number][] =>
  [...tableOf(spoken(dialect))].map(([name, entry]) => [name, entry.opcode])

/** Name of an opcode in a dialect; undefined where it has none. */
export function opcodeName(opcode: number, dialect?: DialectName | Dialect): string | undefined {
  for (const [name, entry] of tableOf(spoken(dialect))) if (entry.opcode === opcode) return name
  return undefined
}

/**
 * Number of an opcode in a dialect.
 * @throws WireError `unsupported` when the dialect has no opcode of this name
 */
export function opcodeNumber(name: string, dialect?: DialectName | Dialect): number {
  const { id } = spoken(dialect)
  const entry = tableOf(spoken(dialect)).get(name)
  if (entry === undefined)
    throw new WireError({
      code: 'unsupported',
      path: 'opcode',
      offset: 0,
      detail: `${id} has no opcode ${typeof name === 'string' ? name : typeof name}`,
      actual: name,
    })
  return entry.opcode
}

/** Notifications of a dialect by name: mainline's, and those that it brings along. */
export const notificationsOf = (dialect: DialectName | Dialect): [string, OwnNotification][] =>
  Object.entries<OwnNotification>({ ...fuseNotifications, ...spoken(dialect).notifications })

function bodyOf(dialect: Dialect, direction: Direction, code: number): Type | undefined {
  if (direction === 'notify') return notificationsOf(dialect).find(([, n]) => n.code === code)?.[1].body.type
  const name = opcodeName(code, dialect)
  const entry = name === undefined ? undefined : tableOf(dialect).get(name)
  return direction === 'request' ? entry?.request.type : entry?.reply?.type
}

const ownOpcodes = ({ opcodes, messages = {} }: Dialect): Readonly<Record<string, number | undefined>> => ({
  ...opcodes,
  ...Object.fromEntries(Object.entries(messages).map(([name, { opcode }]) => [name, opcode])),
})

/** Decodes a request once it is needed, and once: an error has no body, and most bodies do not depend on what was asked. */
function requestFor(bytes: Uint8Array, context: Context): () => unknown {
  checkBytes(bytes, 'request')
  let known: Result<unknown> | undefined
  return () => {
    known ??= tryDecode(request, bytes, context)
    if (known.ok) return known.value
    const { path, code, offset, length, detail, expected, actual } = known.error
    const blamed = path === '' ? 'request' : `request.${path}`
    throw new WireError({ code, path: blamed, offset, length, detail, expected, actual })
  }
}

/** The interpreter's context for a connection, and for a reply the request that it answers. */
export function contextFor(connection: Connection | Answered): Context {
  const dialect = spoken(connection.dialect)
  const { minor, flags, littleEndian } = connection
  const base: Context = {
    dialect: dialect.id,
    opcodes: ownOpcodes(dialect),
    body: (direction, code) => bodyOf(dialect, direction, code),
    ...(minor === undefined ? {} : { minor }),
    ...(flags === undefined ? {} : { flags }),
    ...(littleEndian === undefined ? {} : { littleEndian }),
  }
  if (!('opcode' in connection)) return base
  const opcode = typeof connection.opcode === 'number' ? connection.opcode : opcodeNumber(connection.opcode, dialect)
  const asked = connection.request
  return { ...base, opcode, ...(asked === undefined ? {} : { request: requestFor(asked, base) }) }
}

/**
 * Decodes a request that fills the bytes.
 * @throws WireError `length` where the header's len is not the number of bytes, `tag` where the dialect has no such opcode, and as {@link decode}
 */
export function decodeRequest<D extends DialectName | Dialect = DialectName | Dialect>(
  bytes: Uint8Array,
  connection: Connection<D> = {},
): FuseRequest<D> {
  const message = decode(request, bytes, contextFor(connection))
  return { opcode: opcodeName(message.header.opcode, connection.dialect), ...message } as FuseRequest<D>
}

/**
 * Decodes the reply to a request of the opcode given.
 * @throws WireError as {@link decodeRequest}; with a path like `request.body.size` where the request is needed and to blame
 */
export function decodeReply<D extends DialectName | Dialect = DialectName | Dialect>(
  bytes: Uint8Array,
  answered: Answered<D>,
): FuseReply<D> {
  const context = contextFor(answered)
  const message = decode(reply, bytes, context)
  return { opcode: opcodeName(context.opcode as number, answered.dialect), ...message } as FuseReply<D>
}

/**
 * Decodes a notification: a reply header with `unique` 0, whose `error` is the code.
 * @throws WireError as {@link decodeRequest}
 */
export function decodeNotify(bytes: Uint8Array, connection: Connection = {}): FuseNotification {
  const message = decode(notify, bytes, contextFor(connection))
  const code = notificationsOf(spoken(connection.dialect)).find(([, n]) => n.code === message.header.error)?.[0]
  return { code, ...message } as FuseNotification
}

/** Derived fields to be written as given, see {@link encode}. */
interface Breakable {
  readonly broken?: readonly string[]
}

/** A body that is bytes already. */
const RAW = bytes(REST).type

/** The FUSE device takes no errno below this. facts: wire 2.5 */
const LEAST_ERROR = -511

/** What decodes and encodes without loss, and what no server should send. */
function checkSent(
  { header, body }: { readonly header: { readonly error: unknown }; readonly body?: unknown },
  opcode: string,
  dialect: Dialect,
): void {
  const { error } = header
  if (typeof error === 'number' && (error > 0 || error < LEAST_ERROR))
    throw refused('range', 'header.error', `must be 0 or a negative errno from ${LEAST_ERROR} on, is ${error}`, error)
  const device = opcode === 'GET_DAXDEV' ? dialect.reply.GET_DAXDEV : undefined
  if (device === undefined || typeof body !== 'object' || body === null) return
  const field = device.name ?? 'name'
  const name = (body as Readonly<Record<string, unknown>>)[field]
  if (typeof name === 'string' && name.includes('\0'))
    throw refused('text', `body.${field}`, 'has a NUL inside, where a kernel stops', name)
}

const refused = (code: WireErrorCode, path: string, detail: string, actual: unknown): WireError =>
  new WireError({ code, path, offset: 0, detail, actual })

/**
 * Encodes a request; len, total_extlen and the number of the opcode are filled in.
 * @throws WireError as {@link encode}, and `unsupported` where the dialect has no such opcode
 */
export function encodeRequest<D extends DialectName | Dialect = DialectName | Dialect>(
  message: RequestInput<D>,
  connection: Connection<D> & Breakable = {},
): Uint8Array {
  const { opcode, ...rest } = message
  const header = { opcode: opcodeNumber(opcode, connection.dialect), ...message.header }
  return encode(request, { ...rest, header }, { ...contextFor(connection), broken: connection.broken ?? [] })
}

/**
 * Encodes the reply to a request of the opcode in the message; its body may be bytes already, which are not looked at.
 * With `unchecked` it writes a positive error and a NUL inside the name of a device, too: `encode` always does, as decoding keeps both.
 * @throws WireError as {@link encodeRequest}; `range` for an error that the FUSE device refuses, `text` for such a name
 */
export function encodeReply<D extends DialectName | Dialect = DialectName | Dialect>(
  message: ReplyInput<D>,
  connection: Connection<D> & Pick<Answered, 'request'> & Breakable & { readonly unchecked?: boolean } = {},
): Uint8Array {
  const { opcode, ...rest } = message
  const header = { error: 0, ...message.header }
  const context = contextFor({ ...connection, opcode })
  if (connection.unchecked !== true) checkSent({ ...rest, header }, opcode, spoken(connection.dialect))
  const own = isBytes(message.body) ? { ...context, body: () => RAW } : context
  return encode(reply, { ...rest, header }, { ...own, broken: connection.broken ?? [] })
}

/**
 * Encodes a notification.
 * @throws WireError as {@link encode}, and `unsupported` where the dialect has no such notification
 */
export function encodeNotify(message: NotificationInput, connection: Connection & Breakable = {}): Uint8Array {
  const { code, ...rest } = message
  const dialect = spoken(connection.dialect)
  const all = Object.fromEntries(notificationsOf(dialect))
  const known = named(all, code)
  if (known === undefined) throw unknownName('code', `${dialect.id} has no notification`, code, Object.keys(all))
  const header = { error: known.code, unique: 0n, ...message.header }
  return encode(notify, { ...rest, header }, { ...contextFor(connection), broken: connection.broken ?? [] })
}

const HEADER_SIZE: Readonly<Record<Direction, number>> = { request: 40, reply: 16, notify: 16 }

/**
 * Splits messages that stand one after the other by the length in their headers. The parts are views of `bytes`.
 * @throws WireError `truncated` or `length`, with the offset in `bytes`, after the messages before it were given out; `unsupported` for no direction
 */
export function* splitMessages(bytes: Uint8Array, direction: Direction, littleEndian = true): Generator<Uint8Array> {
  checkBytes(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const least = named(HEADER_SIZE, direction)
  if (least === undefined) throw unknownName('direction', 'there is no direction', direction, Object.keys(HEADER_SIZE))
  for (let offset = 0, n = 0; offset < bytes.length; n++) {
    const left = bytes.length - offset
    const path = `[${n}].header.len`
    if (left < least)
      throw new WireError({
        code: 'truncated',
        path,
        offset,
        length: left,
        detail: `needs a header of ${least} bytes, ${left} left`,
        expected: least,
        actual: left,
      })
    const length = view.getUint32(offset, littleEndian)
    if (length < least || length > left)
      throw new WireError({
        code: 'length',
        path,
        offset,
        length: 4,
        detail: `says ${length} bytes, ${left} are there and ${least} the least`,
        expected: left,
        actual: length,
      })
    yield bytes.subarray(offset, offset + length)
    offset += length
  }
}
