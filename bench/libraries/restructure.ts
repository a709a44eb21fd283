/** The messages in restructure. It has no u64 and no char array of its own: both are written here as its documentation says. */
import * as r from 'restructure'
import { decodeText, encodeText, textEnd } from '../../src/codec/text.ts'

const u64: r.Codec = {
  decode(stream) {
    const value = stream.view.getBigUint64(stream.pos, true)
    stream.pos += 8
    return value
  },
  encode(stream, value) {
    stream.view.setBigUint64(stream.pos, value as bigint, true)
    stream.pos += 8
  },
  size: () => 8,
}

const chars = (length: number): r.Codec => ({
  decode(stream) {
    const start = stream.pos
    stream.pos += length
    return decodeText(stream.buffer, start, textEnd(stream.buffer, start, stream.pos))
  },
  encode(stream, value) {
    const bytes = new Uint8Array(length)
    bytes.set(encodeText(value as string) ?? [])
    stream.writeBuffer(bytes)
  },
  size: () => length,
})

const u8 = r.uint8
const u16 = r.uint16le
const u32 = r.uint32le

/** Length of an array by a field of the struct that holds it. */
const by = (field: string) => (parent: unknown) => (parent as Record<string, number>)[field] as number

const extent = new r.Struct({ se_devindex: u32, reserved: u32, se_offset: u64, se_len: u64 })

const group = new r.Struct({
  ie_nstrips: u32,
  ie_chunk_size: u32,
  ie_nbytes: u64,
  reserved: u64,
  ie_strips: new r.Array(extent, by('ie_nstrips')),
})

const lists = [new r.Array(extent, by('nextents')), new r.Array(group, by('nextents'))]
const chosen = (parent: unknown): r.Codec => lists[by('ext_type')(parent)] as r.Codec

const extents: r.Codec = {
  decode: (stream, parent) => chosen(parent).decode(stream, parent),
  encode: (stream, value, context) => chosen((context as { val: unknown }).val).encode(stream, value, context),
  size: (value, context) => chosen((context as { val: unknown }).val).size(value, context),
}

const fmap = new r.Struct({
  file_type: u8,
  reserved: u8,
  fmap_version: u16,
  ext_type: u32,
  nextents: u32,
  reserved0: u32,
  file_size: u64,
  reserved1: u64,
  extents,
})

const initIn = new r.Struct({ major: u32, minor: u32, max_readahead: u32, flags: u32, flags2: u32, unused: new r.Array(u32, 11) })

const daxdevOut = new r.Struct({ index: u16, reserved: u16, reserved2: u32, reserved3: u64, reserved4: u64, name: chars(256) })

const decoder = (type: r.Codec) => (bytes: Uint8Array) => type.decode(new r.DecodeStream(bytes))

const encoder = (type: r.Codec) => (value: unknown, target: Uint8Array) => {
  const stream = new r.EncodeStream(target)
  type.encode(stream, value)
  return stream.pos
}

export const decoders = { fmap: decoder(fmap), initIn: decoder(initIn), daxdevOut: decoder(daxdevOut) }
export const encoders = { fmap: encoder(fmap), initIn: encoder(initIn), daxdevOut: encoder(daxdevOut) }
