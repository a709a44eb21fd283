/** What a testee can be asked: one function per `op`. */
import { decode } from '../codec/decode.ts'
import { dialectIn } from '../codec/dialects.ts'
import { encode } from '../codec/encode.ts'
import { decodeJson, encodeJson } from '../codec/json/codec.ts'
import { devicesAsked } from '../kernel/asked.ts'
import { resolveAnswer } from '../kernel/resolve-answer.ts'
import type { Dialect } from '../schema/dialect.ts'
import { type IoctlDialectId, ioctlDialects } from '../uapi/dialects/ioctl.ts'
import { type DaxdevVerdict, verdictDaxdev } from '../validate/daxdev.ts'
import { metaJson } from '../validate/meta.ts'
import { type Verdict, verdict } from '../validate/verdict.ts'
import { callAnswer } from './driver/call.ts'
import { installAnswer } from './driver/install.ts'
import { lookupsAnswer } from './driver/lookups.ts'
import { operationAnswer } from './driver/operation.ts'
import { permittedAnswer } from './driver/permitted.ts'
import { readsAnswer } from './driver/reads.ts'
import { bytesOf, hexOf } from './hex.ts'
import { type ImageFiles, imageFilesIn } from './imagefiles.ts'
import { ioctlEncodingOf, ioctlResolveOf, ioctlRoundtripOf, ioctlValueOf, ioctlVerdictOf, isCommand } from './ioctl.ts'
import { lookUpsIn } from './lookups.ts'
import { machineIn } from './machine.ts'
import { contextIn, dialectsWith, isIoctl, type Named, schemaNamed } from './named.ts'
import { bad, type Json, optional, text } from './record.ts'

/** Members of the answer besides `id`. */
export type Answer = Readonly<Record<string, unknown>>

/** Nothing is wrong with the question: it is only not answered here. */
export class Skipped extends Error {}

/** What the host of a testee adds to it. */
export interface Powers {
  /** dialects besides those of this library, by their ids */
  readonly dialects?: readonly Dialect[]
  /** answers the operation `image` from the files that it names: this library reads none; without it `image` is skipped */
  readonly image?: (request: ImageFiles) => object
}

type Operation = (request: Json, powers: Powers) => Answer

/** The dialect of a request. One that is not known here is skipped, as the protocol asks. */
function askedDialect(request: Json, { dialects }: Powers): Dialect | undefined {
  const id = optional(request, 'dialect', text)
  if (id === undefined) return undefined
  const known = dialectsWith(dialects)
  const found = dialectIn(known, id)
  if (found === undefined)
    throw new Skipped(`unknown dialect ${id}; known are ${[...Object.keys(known), ...Object.keys(ioctlDialects)].join(', ')}`)
  return found
}

/** A version of the ioctl ABI; undefined: the question is about FUSE. */
const ioctlIn = ({ dialect }: Json): IoctlDialectId | undefined => (typeof dialect === 'string' && isIoctl(dialect) ? dialect : undefined)

function namedIn(request: Json, powers: Powers): Named {
  const call = ioctlIn(request)
  const dialect = call === undefined ? askedDialect(request, powers) : undefined
  const name = text(request, 'message')
  const schema = schemaNamed(name, call ?? dialect)
  if (schema === undefined) throw new Skipped(`unknown message ${name}: neither request, reply, notify nor the C name of a struct here`)
  return { schema, context: contextIn(request, dialect) }
}

const hexIn = (request: Json): Uint8Array => bytesOf(text(request, 'hex'), 'hex')

/** Bytes of a message whose fields are made into values: a map of 16 MiB, and what is around it. docs/testee.md */
const MOST_MESSAGE = (16 << 20) + 4096

/** Bytes to decode, which take many times as much memory as values. */
function messageIn(request: Json): Uint8Array {
  const size = text(request, 'hex').length / 2
  if (size > MOST_MESSAGE) throw bad('length', 'hex', `has ${size} bytes, at most ${MOST_MESSAGE} are decoded here`, MOST_MESSAGE, size)
  return hexIn(request)
}

type Message = 'GET_FMAP' | 'GET_DAXDEV'

/** A message that no kernel of the dialect asks for: nothing to answer. */
function kernelIn(request: Json, message: Message, powers: Powers): Dialect {
  const dialect = askedDialect(request, powers)
  if (dialect === undefined) throw bad('missing', 'dialect', 'kernels differ from dialect to dialect', 'a dialect', undefined)
  if (dialect.reply[message] === undefined) throw new Skipped(`no kernel of dialect ${dialect.id} asks for ${message}`)
  return dialect
}

function judged(request: Json, message: Message, powers: Powers): Verdict | DaxdevVerdict {
  const dialect = kernelIn(request, message, powers)
  return message === 'GET_FMAP' ? verdict(hexIn(request), dialect, machineIn(request)) : verdictDaxdev(hexIn(request), dialect)
}

/** @throws Skipped where there is no answer */
function read(answer: Answer | undefined): Answer {
  if (answer === undefined) throw new Skipped('nobody has read what this driver does')
  return answer
}

const verdictOf: Operation = (request, powers) => {
  const own = ioctlIn(request)
  if (own !== undefined) return read(ioctlVerdictOf(request, own))
  const message = optional(request, 'message', text) ?? 'GET_FMAP'
  if (message !== 'GET_FMAP' && message !== 'GET_DAXDEV') throw new Skipped(`unknown message ${message}; known are GET_FMAP, GET_DAXDEV`)
  const result = judged(request, message, powers)
  const asked = message === 'GET_FMAP' ? askedIn(request, powers) : {}
  if (!result.ok) return { errno: result.errno, reason: result.reason, ...asked }
  return { errno: 0, meta: 'name' in result.meta ? result.meta : metaJson(result.meta), ...asked }
}

/** The devices that are asked for, where a device that cannot be had fails the map. */
function askedIn(request: Json, powers: Powers): Answer {
  const dialect = kernelIn(request, 'GET_FMAP', powers)
  if (dialect.reply.GET_DAXDEV?.fatal !== true) return {}
  const asked = devicesAsked(hexIn(request), dialect, machineIn(request))
  return asked === undefined ? {} : { asked }
}

const roundtrip: Operation = (request, powers) => {
  const own = ioctlIn(request)
  if (own !== undefined && isCommand(request, own)) return ioctlRoundtripOf(request, own)
  const { schema, context } = namedIn(request, powers)
  return { hex: hexOf(encode(schema, decode(schema, messageIn(request), context), context)) }
}

const decodeOf: Operation = (request, powers) => {
  const own = ioctlIn(request)
  if (own !== undefined && isCommand(request, own)) return ioctlValueOf(request, own)
  const { schema, context } = namedIn(request, powers)
  return { value: encodeJson(schema, decode(schema, messageIn(request), context), context) }
}

const encodeOf: Operation = (request, powers) => {
  if (request.value === undefined) throw bad('missing', 'value', 'the JSON form of the message', 'a value', undefined)
  const own = ioctlIn(request)
  if (own !== undefined && isCommand(request, own)) return ioctlEncodingOf(request, own)
  const { schema, context } = namedIn(request, powers)
  return { hex: hexOf(encode(schema, decodeJson(schema, request.value, context), context)) }
}

const resolveOf: Operation = (request, powers) => {
  const own = ioctlIn(request)
  if (own !== undefined) return read(ioctlResolveOf(request, own))
  const asked = { dialect: kernelIn(request, 'GET_FMAP', powers), bytes: hexIn(request), ...lookUpsIn(request) }
  return { ...resolveAnswer(asked, machineIn(request)) }
}

/** Questions about a driver of the ioctl ABI alone. */
const ofDriver =
  (answer: (request: Json, dialect: IoctlDialectId) => Json | undefined): Operation =>
  request => {
    const dialect = text(request, 'dialect')
    if (!isIoctl(dialect)) throw new Skipped(`unknown dialect ${dialect}; known are ${Object.keys(ioctlDialects).join(', ')}`)
    return read(answer(request, dialect))
  }

const imageOf: Operation = (request, { image }) => {
  if (image === undefined) throw new Skipped('image needs files, and this testee reads none')
  return { ...image(imageFilesIn(request)) }
}

const operations: Readonly<Record<string, Operation>> = {
  verdict: verdictOf,
  roundtrip,
  decode: decodeOf,
  encode: encodeOf,
  resolve: resolveOf,
  image: imageOf,
  call: ofDriver(callAnswer),
  lookups: ofDriver(lookupsAnswer),
  operation: ofDriver(operationAnswer),
  install: ofDriver(installAnswer),
  reads: ofDriver(readsAnswer),
  permitted: ofDriver(permittedAnswer),
}

/**
 * The answer to a request, without its id.
 * @throws Skipped for what is not known here, WireError for what is refused
 */
export function answerTo(request: Json, powers: Powers = {}): Answer {
  const op = text(request, 'op')
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined
  if (operation === undefined) throw new Skipped(`unknown op ${op}; known are ${Object.keys(operations).join(', ')}`)
  return operation(request, powers)
}
