/**
 * The messages in micro-packed. It has no union by an earlier field of the same struct, so that the two kinds of map are two types here:
 * it is spared a choice that the other contenders make.
 */
import * as P from 'micro-packed'
import { decodeText, encodeText, textEnd } from '../../src/codec/text.ts'

const extent = P.struct({ se_devindex: P.U32LE, reserved: P.U32LE, se_offset: P.U64LE, se_len: P.U64LE })

const group = P.struct({
  ie_nstrips: P.U32LE,
  ie_chunk_size: P.U32LE,
  ie_nbytes: P.U64LE,
  reserved: P.U64LE,
  ie_strips: P.array('ie_nstrips', extent),
})

const head = {
  file_type: P.U8,
  reserved: P.U8,
  fmap_version: P.U16LE,
  ext_type: P.U32LE,
  nextents: P.U32LE,
  reserved0: P.U32LE,
  file_size: P.U64LE,
  reserved1: P.U64LE,
}

const simple = P.struct({ ...head, extents: P.array('nextents', extent) })
const interleaved = P.struct({ ...head, extents: P.array('nextents', group) })

const initIn = P.struct({
  major: P.U32LE,
  minor: P.U32LE,
  max_readahead: P.U32LE,
  flags: P.U32LE,
  flags2: P.U32LE,
  unused: P.array(11, P.U32LE),
})

const name = P.apply(P.bytes(256), {
  encode: bytes => decodeText(bytes, 0, textEnd(bytes, 0, bytes.length)),
  decode: (text: string) => {
    const bytes = new Uint8Array(256)
    bytes.set(encodeText(text) ?? [])
    return bytes
  },
})

const daxdevOut = P.struct({ index: P.U16LE, reserved: P.U16LE, reserved2: P.U32LE, reserved3: P.U64LE, reserved4: P.U64LE, name })

/** One type as the other contenders present theirs; it has no way to write into a buffer that it is given. */
const both = <T>(type: { decode(bytes: Uint8Array): T; encode(value: T): Uint8Array }) => ({
  decode: (bytes: Uint8Array): unknown => type.decode(bytes),
  encode: (value: unknown): Uint8Array => type.encode(value as T),
})

export const types = { simple: both(simple), interleaved: both(interleaved), initIn: both(initIn), daxdevOut: both(daxdevOut) }
