/** The races of the codecs: each message decoded, and encoded into a buffer that is there. */
import { isDeepStrictEqual } from 'node:util'
import { read } from '../src/codec/decode.ts'
import { write } from '../src/codec/encode.ts'
import { decodeDaxdevOut, encodeDaxdevOutInto, type FuseDaxdevOut } from '../src/codec/generated/daxdev.ts'
import { decodeFmap, encodeFmapInto, type FuseFamfsFmap } from '../src/codec/generated/fmap.ts'
import { decodeInitIn, encodeInitInInto, type FuseInitIn } from '../src/codec/generated/init.ts'
import { put } from '../src/codec/writer.ts'
import type { Type } from '../src/schema/types.ts'
import { fuse_daxdev_out } from '../src/uapi/famfs/daxdev.ts'
import { fuse_famfs_fmap } from '../src/uapi/famfs/fmap.ts'
import { fuse_init_in } from '../src/uapi/fuse/init.ts'
import * as binaryParser from './libraries/binary-parser.ts'
import * as microPacked from './libraries/micro-packed.ts'
import * as restructure from './libraries/restructure.ts'
import * as limit from './limit.ts'
import * as limitEncode from './limit-encode.ts'
import { daxdevReply, initRequest, interleavedMap, type Sample, simpleMap } from './messages.ts'
import type { Race } from './race.ts'

type Into<V> = (value: V, target: Uint8Array, offset: number) => number

/** Everything that can decode or encode one message. */
interface Job<V> {
  readonly name: string
  readonly sample: Sample<V>
  readonly type: Type
  readonly generated: { readonly decode: (bytes: Uint8Array) => V; readonly into: Into<V> }
  readonly byHand: { readonly decode: (bytes: Uint8Array) => V; readonly byBlock: Into<V>; readonly byStores: Into<V> }
  readonly binaryParser: (bytes: Uint8Array) => unknown
  readonly restructure: { readonly decode: (bytes: Uint8Array) => unknown; readonly encode: (value: unknown, target: Uint8Array) => number }
  readonly microPacked: { readonly decode: (bytes: Uint8Array) => unknown; readonly encode: (value: unknown) => Uint8Array }
}

/** What a library returned, without the properties that it hides there. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

function decoding<V>({ name, sample, type, generated, byHand, ...job }: Job<V>): Race {
  const { bytes, value } = sample
  const { decode } = generated
  const runs = {
    generated: () => decode(bytes),
    'by hand': () => byHand.decode(bytes),
    interpreter: () => read(type, bytes, {}),
    'binary-parser': () => job.binaryParser(bytes),
    restructure: () => job.restructure.decode(bytes),
    'micro-packed': () => job.microPacked.decode(bytes),
  }
  return {
    name: `decode ${name}`,
    runs,
    ours: 'generated',
    ratios: { limit: ['generated', 'by hand'], ...timesFaster(['binary-parser', 'restructure', 'micro-packed']) },
    check() {
      for (const [contender, run] of Object.entries(runs))
        if (!isDeepStrictEqual(plain(run()), value)) throw new Error(`${contender} does not decode ${name} to its value`)
    },
  }
}

const timesFaster = (libraries: readonly string[]): Race['ratios'] =>
  Object.fromEntries(libraries.map(library => [library, [library, 'generated']]))

function encoding<V>({ name, sample, type, generated, byHand, ...job }: Job<V>): Race {
  const { bytes, value } = sample
  const target = new Uint8Array(4096)
  const { into } = generated
  const runs = {
    generated: () => into(value, target, 0),
    'by hand, on a block': () => byHand.byBlock(value, target, 0),
    'by hand, into the target': () => byHand.byStores(value, target, 0),
    interpreter: () => put(write(type, value), target, 0),
    restructure: () => job.restructure.encode(value, target),
    'micro-packed': () => job.microPacked.encode(value),
  }
  const check = (contender: string, run: () => unknown): void => {
    target.fill(0xee)
    const result = run()
    const made = result instanceof Uint8Array ? result : target.subarray(0, Number(result))
    if (!isDeepStrictEqual(Uint8Array.from(made), bytes)) throw new Error(`${contender} does not encode ${name} to its bytes`)
  }
  return {
    name: `encode ${name}`,
    runs,
    ours: 'generated',
    ratios: {
      limit: ['generated', ['by hand, on a block', 'by hand, into the target']],
      ...timesFaster(['restructure', 'micro-packed']),
    },
    check() {
      for (const [contender, run] of Object.entries(runs)) check(contender, run)
    },
  }
}

const fmapJob = (name: string, sample: Sample<FuseFamfsFmap>, kind: 'simple' | 'interleaved'): Job<FuseFamfsFmap> => ({
  name,
  sample,
  type: fuse_famfs_fmap.type,
  generated: { decode: decodeFmap, into: encodeFmapInto },
  byHand: { decode: limit.decodeFmap, byBlock: limitEncode.encodeFmapByBlock, byStores: limitEncode.encodeFmapByStores },
  binaryParser: binaryParser.decoders.fmap,
  restructure: { decode: restructure.decoders.fmap, encode: restructure.encoders.fmap },
  microPacked: microPacked.types[kind],
})

const initJob: Job<FuseInitIn> = {
  name: 'init_in',
  sample: initRequest(),
  type: fuse_init_in.type,
  generated: { decode: decodeInitIn, into: encodeInitInInto },
  byHand: { decode: limit.decodeInitIn, byBlock: limitEncode.encodeInitInByBlock, byStores: limitEncode.encodeInitInByStores },
  binaryParser: binaryParser.decoders.initIn,
  restructure: { decode: restructure.decoders.initIn, encode: restructure.encoders.initIn },
  microPacked: microPacked.types.initIn,
}

const daxdevJob: Job<FuseDaxdevOut> = {
  name: 'daxdev_out',
  sample: daxdevReply(),
  type: fuse_daxdev_out.type,
  generated: { decode: decodeDaxdevOut, into: encodeDaxdevOutInto },
  byHand: { decode: limit.decodeDaxdevOut, byBlock: limitEncode.encodeDaxdevOutByBlock, byStores: limitEncode.encodeDaxdevOutByStores },
  binaryParser: binaryParser.decoders.daxdevOut,
  restructure: { decode: restructure.decoders.daxdevOut, encode: restructure.encoders.daxdevOut },
  microPacked: microPacked.types.daxdevOut,
}

export const races: readonly Race[] = [
  ...[
    fmapJob('fmap, 1 extent', simpleMap(1), 'simple'),
    fmapJob('fmap, 32 extents', simpleMap(32), 'simple'),
    fmapJob('fmap, 1 x 16 strips', interleavedMap(16), 'interleaved'),
  ].flatMap(job => [decoding(job), encoding(job)]),
  decoding(initJob),
  encoding(initJob),
  decoding(daxdevJob),
  encoding(daxdevJob),
]
