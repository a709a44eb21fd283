/** Replies: errors without their request, bodies that are bytes already, and what no sender should write. */
import { describe, expect, test } from 'vitest'
import { decodeReply, encodeNotify, encodeReply, encodeRequest, splitMessages } from '../../src/fuse.ts'
import { decodeDaxdevOut, encodeDaxdevOut, hex } from '../../src/index.ts'
import { bytes } from '../bytes.ts'

const malformed = bytes('28000000160000000400000000000000010000000000000000000000000000009210000000000000')
const answered = { opcode: 'GETXATTR', request: malformed }

describe('a reply to a request that is malformed', () => {
  test('decodes where it carries an error', () => {
    expect(decodeReply(bytes('10000000c3ffffff0400000000000000'), answered)).toEqual({
      opcode: 'GETXATTR',
      header: { len: 16, error: -61, unique: 4n },
    })
  })

  test('blames the request where it is needed', () => {
    expect(() => decodeReply(bytes('18000000000000000400000000000000 0800000000000000'), answered)).toThrow(
      expect.objectContaining({ code: 'truncated', path: 'request.body.size', offset: 40 }),
    )
  })

  test('decodes where nothing depends on it', () => {
    const reply = encodeReply({ opcode: 'WRITE', header: { unique: 4n }, body: { size: 1 } })
    expect(decodeReply(reply, { opcode: 'WRITE', request: malformed })).toMatchObject({ body: { size: 1 } })
  })
})

describe('encodeReply', () => {
  test('takes a body that is bytes already', () => {
    const body = Uint8Array.of(1, 2, 3)
    expect(hex(encodeReply({ opcode: 'GET_FMAP', header: { unique: 2n }, body }, { dialect: 'fuse-v10' }))).toBe(
      '13000000000000000200000000000000010203',
    )
    expect(() => encodeReply({ opcode: 'GET_FMAP', header: { unique: 2n, error: -5 }, body }, { dialect: 'fuse-v10' })).toThrow(
      expect.objectContaining({ code: 'unsupported', path: 'body' }),
    )
  })

  test.each([2, 1, -512])('refuses the error %i, unless unchecked', error => {
    const message = { opcode: 'GET_FMAP', header: { unique: 2n, error } } as const
    expect(() => encodeReply(message, { dialect: 'fuse-v10' })).toThrow(expect.objectContaining({ code: 'range', path: 'header.error' }))
    expect(
      decodeReply(encodeReply(message, { dialect: 'fuse-v10', unchecked: true }), { dialect: 'fuse-v10', opcode: 'GET_FMAP' }),
    ).toMatchObject({
      header: { error },
    })
  })

  test('fills what only some minors have with 0', () => {
    const attr = { ino: 1n, size: 0n, blocks: 0n, atime: 0n, mtime: 0n, ctime: 0n, atimensec: 0, mtimensec: 0, ctimensec: 0 }
    const rest = { mode: 0o100644, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096 }
    const body = { attr_valid: 0n, attr_valid_nsec: 0, attr: { ...attr, ...rest } }
    const reply = encodeReply({ opcode: 'GETATTR', header: { unique: 2n }, body })
    expect(decodeReply(reply, { opcode: 'GETATTR' })).toMatchObject({ body: { attr: { flags: 0 } } })
  })
})

describe('the name of a device', () => {
  test('has no NUL inside, unless unchecked', () => {
    const value = { index: 0, name: '/dev/da\0x0.0' }
    const message = { opcode: 'GET_DAXDEV', header: { unique: 2n }, body: value } as const
    expect(() => encodeReply(message, { dialect: 'fuse-v10' })).toThrow(expect.objectContaining({ code: 'text', path: 'body.name' }))
    const sent = encodeReply(message, { dialect: 'fuse-v10', unchecked: true })
    expect(decodeDaxdevOut(sent.subarray(16)).name).toBe(value.name)
    expect(decodeDaxdevOut(encodeDaxdevOut(value)).name).toBe(value.name)
  })
})

describe('names of nothing', () => {
  const odd = ['', 'toString', '__proto__', 'constructor', 'NO_SUCH'] as const
  test.each(odd)('%j', name => {
    const unsupported = (path: string) => expect.objectContaining({ code: 'unsupported', path })
    expect(() => [...splitMessages(new Uint8Array(4), name as 'reply')]).toThrow(unsupported('direction'))
    expect(() => encodeNotify({ code: name as 'DELETE', body: {} as never })).toThrow(unsupported('code'))
    expect(() => encodeRequest({ opcode: name as 'READ', header: {} as never, body: {} as never })).toThrow(unsupported('opcode'))
    expect(() => decodeReply(new Uint8Array(16), { opcode: name })).toThrow(unsupported('opcode'))
    expect(() => decodeReply(new Uint8Array(16), { opcode: 'READ', dialect: name as 'fuse' })).toThrow(unsupported('dialect'))
  })

  test('no direction at all ends', () => {
    expect(() => [...splitMessages(new Uint8Array(4), undefined as never)]).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })
})
