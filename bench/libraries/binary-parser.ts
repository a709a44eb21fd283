/** The messages in binary-parser, as its documentation would write them. Decodes only. */
import { Parser } from 'binary-parser'
import { decodeText, textEnd } from '../../src/codec/text.ts'

const extent = new Parser().uint32le('se_devindex').uint32le('reserved').uint64le('se_offset').uint64le('se_len')

const group = new Parser()
  .uint32le('ie_nstrips')
  .uint32le('ie_chunk_size')
  .uint64le('ie_nbytes')
  .uint64le('reserved')
  .array('ie_strips', { type: extent, length: 'ie_nstrips' })

const fmap = new Parser()
  .uint8('file_type')
  .uint8('reserved')
  .uint16le('fmap_version')
  .uint32le('ext_type')
  .uint32le('nextents')
  .uint32le('reserved0')
  .uint64le('file_size')
  .uint64le('reserved1')
  .choice({
    tag: 'ext_type',
    choices: {
      0: new Parser().array('extents', { type: extent, length: 'nextents' }),
      1: new Parser().array('extents', { type: group, length: 'nextents' }),
    },
  })

const initIn = new Parser()
  .uint32le('major')
  .uint32le('minor')
  .uint32le('max_readahead')
  .uint32le('flags')
  .uint32le('flags2')
  .array('unused', { type: 'uint32le', length: 11 })

/** A formatter, since the library's own strings make a TextDecoder each. */
const daxdevOut = new Parser()
  .uint16le('index')
  .uint16le('reserved')
  .uint32le('reserved2')
  .uint64le('reserved3')
  .uint64le('reserved4')
  .buffer('name', { length: 256, formatter: bytes => decodeText(bytes, 0, textEnd(bytes, 0, bytes.length)) })

for (const parser of [fmap, initIn, daxdevOut]) parser.compile()

export const decoders = {
  fmap: (bytes: Uint8Array): unknown => fmap.parse(bytes),
  initIn: (bytes: Uint8Array): unknown => initIn.parse(bytes),
  daxdevOut: (bytes: Uint8Array): unknown => daxdevOut.parse(bytes),
}
