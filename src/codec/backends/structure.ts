/// <reference path="./restructure.d.ts" />
/**
 * restructure types for a plan. Its own u64, strings and unions are not used: it has no 64-bit integers, writes strings at the wrong size
 * and accepts char arrays that are cut off; it also hides properties named `parent` and `_length` in every struct, so that field names get a
 * mark in front. facts: restructure 3.0.2
 */
import {
  Array as ArrayCodec,
  type Codec,
  type Decoder,
  DecodeStream,
  type Encoder,
  EncodeStream,
  int32le,
  Struct,
  uint8,
  uint16le,
  uint32le,
} from 'restructure'
import { decodeText, textEnd } from '../text.ts'
import { DOUBT } from './doubt.ts'
import {
  type ChoicePlan,
  type FieldPlan,
  type IntPlan,
  type ListPlan,
  leastSize,
  leavesUnused,
  type Plan,
  type StructPlan,
  unusedName,
} from './plan.ts'
import { prepare } from './prepare.ts'
import { marked, numberOf, unusedSize, type Values } from './raw.ts'

/** The library's part of decoding alone: undefined where it does not know, or must not be believed. */
export function reader(plan: StructPlan): (snapshot: Uint8Array) => unknown {
  const codec = codecOf(plan)
  return snapshot => {
    try {
      const stream = new DecodeStream(snapshot)
      const value = codec.decode(stream)
      return stream.pos === snapshot.length ? value : undefined
    } catch {
      return undefined
    }
  }
}

/** The library's part of encoding alone. */
export function writer(plan: StructPlan): (value: unknown) => Uint8Array | undefined {
  const codec = codecOf(plan)
  return value => {
    try {
      const { raw, fills } = prepare(plan, value)
      const size = codec.size(raw)
      for (const fill of fills) fill(size)
      const stream = new EncodeStream(new Uint8Array(size))
      codec.encode(stream, raw)
      return stream.buffer
    } catch {
      return undefined
    }
  }
}

function codecOf(plan: Plan): Codec {
  switch (plan.kind) {
    case 'int':
      return intCodec(plan)
    case 'text':
      return rawCodec(parent => numberOf(plan.count, parent), textOf(typeof plan.count === 'number'))
    case 'bytes': {
      const { count } = plan
      return rawCodec(count === 'rest' ? (_, left) => left : parent => numberOf(count, parent), bytes => bytes)
    }
    case 'list':
      return listCodec(plan)
    case 'choice':
      return choiceCodec(plan)
    case 'struct':
      return structCodec(plan)
  }
}

function intCodec({ size, signed }: IntPlan): Codec {
  if (size === 8) return signed ? s64 : u64
  if (size === 4) return signed ? int32le : uint32le
  return size === 2 ? uint16le : uint8
}

const bigCodec = (get: (view: DataView, at: number) => bigint): Codec => ({
  decode: stream => {
    const value = get(stream.view, stream.pos)
    stream.pos += 8
    return value
  },
  encode: (stream, value) => {
    stream.view.setBigUint64(stream.pos, BigInt.asUintN(64, value as bigint), true)
    stream.pos += 8
  },
  size: () => 8,
})
const u64: Codec = /* @__PURE__ */ bigCodec((view, at) => view.getBigUint64(at, true))
const s64: Codec = /* @__PURE__ */ bigCodec((view, at) => view.getBigInt64(at, true))

const textOf =
  (trims: boolean) =>
  (bytes: Uint8Array): string =>
    decodeText(bytes, 0, trims ? textEnd(bytes, 0, bytes.length) : bytes.length)

/** Bytes of a length that must be there; encoded from bytes. */
const rawCodec = (lengthOf: (parent: unknown, left: number) => number, meaning: (bytes: Uint8Array) => unknown): Codec => ({
  decode: (stream, parent) => meaning(take(stream, lengthOf(parent, stream.length - stream.pos))),
  encode: (stream: Encoder, value) => stream.writeBuffer(value as Uint8Array),
  size: value => (value as Uint8Array).length,
})

function take(stream: Decoder, length: number): Uint8Array {
  if (length > stream.length - stream.pos) throw DOUBT
  return stream.readBuffer(length)
}

function listCodec(plan: ListPlan): Codec {
  const countOf = (parent: unknown): number => numberOf(plan.count, parent)
  const codec = new ArrayCodec(codecOf(plan.of), countOf)
  const size = leastSize(plan.of)
  return {
    decode: (stream, parent) => {
      const count = countOf(parent)
      if (count > (plan.capacity ?? count) || count * size > stream.length - stream.pos) throw DOUBT
      return codec.decode(stream, parent)
    },
    encode: (stream, value, parent) => codec.encode(stream, value, parent),
    size: (value, parent) => codec.size(value, parent),
  }
}

function choiceCodec({ tag, cases, otherwise }: ChoicePlan): Codec {
  const codecs = new Map([...cases].map(([match, plan]) => [match, codecOf(plan)]))
  const rest = otherwise === undefined ? undefined : codecOf(otherwise)
  const chosen = (struct: unknown): Codec => {
    const codec = codecs.get((struct as Values)[marked(tag)] as number) ?? rest
    if (codec === undefined) throw DOUBT
    return codec
  }
  /** While encoding, the struct hangs in the library's own context. */
  const encoded = (parent: unknown): unknown => (parent as { val: unknown }).val
  return {
    decode: (stream, parent) => chosen(parent).decode(stream, parent),
    encode: (stream, value, parent) => chosen(encoded(parent)).encode(stream, value, parent),
    size: (value, parent) => chosen(encoded(parent)).size(value, parent),
  }
}

function structCodec(plan: StructPlan): Codec {
  const entries = plan.fields.flatMap(field => [
    [marked(field.name), codecOf(field.plan)] as const,
    ...(leavesUnused(field.plan) ? [[marked(unusedName(field.name)), unusedCodec(field)] as const] : []),
  ])
  const codec = new Struct(Object.fromEntries(entries))
  return {
    decode: (stream, parent) => unmarked(plan, codec.decode(stream, parent) as Values),
    encode: (stream, value, parent) => codec.encode(stream, value, parent),
    size: (value, parent) => codec.size(value, parent),
  }
}

const unusedCodec = ({ plan }: FieldPlan): Codec =>
  rawCodec(
    parent => unusedSize(plan, parent as Values),
    bytes => bytes,
  )

/** A plain object with the names of the schema, without what is left out when it is empty. */
function unmarked(plan: StructPlan, raw: Values): Values {
  const value: Values = {}
  for (const { name, plan: inner, data } of plan.fields) {
    const read = raw[marked(name)]
    if (!(data.elide === true && (read as { length: number }).length === 0)) value[name] = read
    const unused = leavesUnused(inner) ? (raw[marked(unusedName(name))] as Uint8Array) : undefined
    if (unused?.some(b => b !== 0)) value[unusedName(name)] = unused
  }
  return value
}
