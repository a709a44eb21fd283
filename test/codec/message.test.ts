/** Whole messages: typed by opcode, in the dialect and version that were negotiated. */
import { describe, expect, test } from 'vitest'
import { dialectOf } from '../../src/codec/dialects.ts'
import {
  contextFor,
  decodeNotify,
  decodeReply,
  decodeRequest,
  encodeNotify,
  encodeReply,
  encodeRequest,
  opcodeName,
  opcodeNumber,
  opcodesOf,
  splitMessages,
} from '../../src/fuse.ts'
import { dialects } from '../../src/uapi/dialects/index.ts'
import { bytes, hexOf } from '../bytes.ts'
import { refusal, refused } from './errors.ts'

const header = { unique: 6n, nodeid: 1n, uid: 0, gid: 0, pid: 57 }
const LOOKUP = bytes('2d000000010000000600000000000000010000000000000000000000000000003900000000000000 66696c6500')
/** facts: wire appendix A3, A4, A5 */
const A3 = bytes('2800000036000000 3412000000000000 7856000000000000 e8030000e8030000 9210000000000000')
const A4 = bytes('3000000036000000 3412000000000000 7856000000000000 e8030000e8030000 9210000000000000 0010000000000000')

describe('requests', () => {
  test('are typed by the name of their opcode', () => {
    const request = decodeRequest(LOOKUP)
    if (request.opcode !== 'LOOKUP') throw new Error(request.opcode)
    const name: string = request.body.name
    expect(name).toBe('file')
    expect(request.header).toEqual({ len: 45, opcode: 1, total_extlen: 0, padding: 0, ...header })
    expect(hexOf(encodeRequest(request))).toBe(hexOf(LOOKUP))
  })

  test('are encoded with their lengths and opcode filled in', () => {
    expect(hexOf(encodeRequest({ opcode: 'LOOKUP', header, body: { name: 'file' } }))).toBe(hexOf(LOOKUP))
  })

  test('of famfs have the shape that the dialect gives them', () => {
    expect(decodeRequest(A3, { dialect: 'fuse-v10' })).toMatchObject({ opcode: 'GET_FMAP', body: {} })
    expect(decodeRequest(A4, { dialect: 'fuse-push' })).toMatchObject({ opcode: 'GET_FMAP', body: { size: 4096 } })
    expect(refused(() => decodeRequest(A4, { dialect: 'fuse-v10' }))).toBe('trailing at body (byte 40): 8 bytes left over in a region of 8')
    expect(refused(() => decodeRequest(A3, { dialect: 'fuse-push' }))).toBe('truncated at body.size (byte 40): needs 4 bytes, 0 left')
    expect(refused(() => decodeRequest(A3))).toBe('tag at body (byte 40): no case for 54 (opcode)')
  })

  test('can be broken on purpose', () => {
    const broken = encodeRequest({ opcode: 'LOOKUP', header: { ...header, len: 99 }, body: { name: '' } }, { broken: ['header.len'] })
    expect(hexOf(broken.subarray(0, 4))).toBe('63000000')
  })

  test('big-endian', () => {
    const big = encodeRequest({ opcode: 'LOOKUP', header, body: { name: 'file' } }, { littleEndian: false })
    expect(hexOf(big.subarray(0, 8))).toBe('0000002d00000001')
    expect(decodeRequest(big, { littleEndian: false })).toMatchObject({ opcode: 'LOOKUP', body: { name: 'file' } })
  })
})

describe('replies', () => {
  test('are told by the request', () => {
    const open = encodeReply({ opcode: 'OPEN', header: { unique: 6n }, body: { fh: 7n, open_flags: 0, backing_id: 0 } })
    expect(decodeReply(open, { opcode: 'OPEN' })).toMatchObject({ opcode: 'OPEN', header: { len: 32, error: 0 }, body: { fh: 7n } })
    expect(decodeReply(open, { opcode: 14 })).toMatchObject({ opcode: 'OPEN' })
  })

  test('that carry an errno have no body', () => {
    const failed = encodeReply({ opcode: 'OPEN', header: { unique: 6n, error: -2 } })
    expect(hexOf(failed)).toBe('10000000feffffff0600000000000000')
    expect(decodeReply(failed, { opcode: 'OPEN' })).toEqual({ opcode: 'OPEN', header: { len: 16, error: -2, unique: 6n } })
  })

  test('to GETXATTR depend on what was asked', () => {
    const ask = (size: number): Uint8Array => encodeRequest({ opcode: 'GETXATTR', header, body: { size, name: 'user.a' } })
    const reply = bytes('18000000000000000600000000000000 0500000000000000')
    expect(decodeReply(reply, { opcode: 'GETXATTR', request: ask(0) })).toMatchObject({ body: { size: 5 } })
    expect(decodeReply(reply, { opcode: 'GETXATTR', request: ask(64) })).toMatchObject({ body: { value: bytes('0500000000000000') } })
    expect(decodeReply(reply, { opcode: 'GETXATTR' })).toMatchObject({ body: { data: bytes('0500000000000000') } })
    const { opcode, ...rest } = decodeReply(reply, { opcode: 'GETXATTR', request: ask(64) })
    expect(hexOf(encodeReply({ opcode, ...rest } as Parameters<typeof encodeReply>[0], { request: ask(64) }))).toBe(hexOf(reply))
  })

  test('to no opcode of the dialect', () => {
    expect(refusal(() => decodeReply(LOOKUP, { opcode: 'GET_FMAP' }))).toMatchObject({
      code: 'unsupported',
      path: 'opcode',
      message: 'unsupported at opcode (byte 0): fuse has no opcode GET_FMAP',
    })
    expect(refused(() => decodeReply(bytes('10000000000000000600000000000000'), { opcode: 99 }))).toBe(
      'tag at body (byte 16): no case for 99 (opcode)',
    )
  })

  test('to FORGET do not exist', () => {
    expect(refused(() => decodeReply(bytes('10000000000000000600000000000000'), { opcode: 'FORGET' }))).toBe(
      'tag at body (byte 16): no case for 2 (opcode)',
    )
  })
})

describe('notifications', () => {
  test('are typed by the name of their code', () => {
    const note = encodeNotify({ code: 'DELETE', body: { parent: 1n, child: 2n, name: 'x' } })
    expect(hexOf(note)).toBe(
      '2a000000060000000000000000000000 0100000000000000 0200000000000000 01000000 00000000 7800'.replaceAll(' ', ''),
    )
    expect(decodeNotify(note)).toMatchObject({ code: 'DELETE', body: { name: 'x', namelen: 1 } })
  })

  test('of an unknown code', () => {
    expect(refused(() => decodeNotify(bytes('10000000630000000000000000000000')))).toBe('tag at body (byte 16): no case for 99 (opcode)')
  })
})

describe('the opcodes of a dialect', () => {
  test.each([
    ['fuse', 53, 'COPY_FILE_RANGE_64'],
    ['fuse', 54, undefined],
    ['fuse-v1', 53, 'GET_FMAP'],
    ['fuse-v2', 54, 'GET_DAXDEV'],
    ['fuse-v10', 53, 'COPY_FILE_RANGE_64'],
    ['fuse-v10', 54, 'GET_FMAP'],
    ['fuse-push-il', 55, 'GET_DAXDEV'],
  ] as const)('%s %i: %s', (dialect, number, name) => {
    expect(opcodeName(number, dialect)).toBe(name)
    if (name !== undefined) expect(opcodeNumber(name, dialect)).toBe(number)
  })

  test('are one name a number', () => {
    for (const dialect of Object.values(dialects)) {
      const numbers = opcodesOf(dialect).map(([, number]) => number)
      expect(new Set(numbers).size).toBe(numbers.length)
    }
  })

  test('a dialect may be given by id or as a value, mainline is the default', () => {
    expect(opcodeName(54)).toBeUndefined()
    expect(dialectOf('fuse-v2')).toBe(dialects['fuse-v2'])
    expect(dialectOf(dialects['fuse-v2'])).toBe(dialects['fuse-v2'])
    expect(contextFor({ dialect: 'fuse-v2', minor: 42, flags: 5n })).toMatchObject({ dialect: 'fuse-v2', minor: 42, flags: 5n })
  })
})

describe('a stream of messages', () => {
  const stream = Uint8Array.from([...LOOKUP, ...A3])

  test('is split by the lengths in the headers', () => {
    expect([...splitMessages(stream, 'request')].map(hexOf)).toEqual([hexOf(LOOKUP), hexOf(A3)])
    expect([...splitMessages(bytes(''), 'reply')]).toEqual([])
  })

  test('big-endian', () => {
    expect([...splitMessages(bytes('000000100000000000000000 00000000'), 'reply', false)]).toHaveLength(1)
  })

  test.each([
    ['cut in a header', 60, 'truncated at [1].header.len (byte 45): needs a header of 40 bytes, 15 left'],
    ['cut in a body', 43, 'length at [0].header.len (byte 0): says 45 bytes, 43 are there and 40 the least'],
  ])('%s', (_, length, text) => {
    expect(refused(() => [...splitMessages(stream.subarray(0, length), 'request')])).toBe(text)
  })

  test('a length below that of a header', () => {
    expect(refused(() => [...splitMessages(bytes('0f000000000000000000000000000000'), 'reply')])).toBe(
      'length at [0].header.len (byte 0): says 15 bytes, 16 are there and 16 the least',
    )
  })
})
