/** What negotiate refuses, how large buffers and replies may be, and who claims a number. */
import { describe, expect, it } from 'vitest'
import { attempt } from '../../src/codec/errors.ts'
import { buildInitRequest, claimants, claims, negotiate, suggestDialect, wholeInitReply, wholeInitRequest } from '../../src/kernel/index.ts'
import { settleCuse } from '../../src/kernel/negotiate/cuse.ts'
import { cuseRoom } from '../../src/kernel/negotiate/rooms.ts'
import { bytesOf, ofRule, replyOf } from './rule-lines.ts'

const refusal = (hex: string): string => {
  const result = attempt(() => negotiate({ kernel: { dialect: 'fuse', request: bytesOf(hex) } }))
  return result.ok ? 'taken' : result.error.message
}

const zeros = (bytes: number): string => '00'.repeat(bytes)

describe('what is no INIT', () => {
  it.each([
    ['', 'truncated at request (byte 0): is empty; an INIT request'],
    ['07', 'truncated at request (byte 1): ends after 1 bytes: no version'],
    ['07000000', 'no version'],
    [`3800000003000000${zeros(48)}`, 'tag at request.header.opcode (byte 4): is GETATTR, no INIT'],
    [`e70300001a000000${zeros(96)}`, 'length at request.header.len (byte 0): says 999 bytes, and 104 are there'],
    [`2c0000001a000000${zeros(36)}`, 'no version (major and minor) after the header'],
    [`3800000000100000${zeros(48)}`, 'is CUSE_INIT'],
    [`ffffffff${zeros(60)}`, 'begins with 4294967295, which is neither its length nor a major'],
  ])('%s', (hex, message) => {
    expect(refusal(hex)).toContain(message)
  })

  it('a body alone is taken, and a whole message', () => {
    const request = buildInitRequest({ dialect: 'fuse' })
    expect(wholeInitRequest(request)).toEqual(request)
    expect(wholeInitRequest(request.subarray(40))).toEqual(request)
    expect(refusal('070000001a000000')).toBe('taken')
  })

  it('a request in the place of the reply is refused', () => {
    const request = buildInitRequest({ dialect: 'fuse' })
    expect(attempt(() => wholeInitReply(request, request))).toMatchObject({ ok: false, error: { code: 'tag', path: 'reply.header.error' } })
    const reply = new Uint8Array(80)
    reply.set([80, 0, 0, 0, 0, 0, 0, 0, 2])
    expect(wholeInitReply(reply, request)).toEqual(reply)
    expect(wholeInitReply(reply.subarray(16), request).length).toBe(80)
  })
})

describe('other majors', () => {
  const withMajor = (major: number) => negotiate({ kernel: { dialect: 'fuse', request: bytesOf(`0${major}0000002e000000`) } })

  it('below 7 the server answers EPROTO', () => {
    const { outcome, why, reply } = withMajor(6)
    expect([outcome, why]).toEqual(['dead', 'the request has major 6: a server of major 7 answers EPROTO, and the mount is dead'])
    expect(new DataView(reply.buffer).getInt32(4, true)).toBe(-71)
  })

  it('above 7 it answers its own, and waits', () => {
    expect(withMajor(8)).toMatchObject({ outcome: 'waiting', why: expect.stringContaining('waits for a second INIT') })
  })
})

describe('INIT replies (i)', () => {
  it.each(ofRule('i'))('$kernel: $line.case', ({ line, minor }) => {
    const request = bytesOf(line.request ?? '')
    expect(request[44]).toBe(46)
    // the other kernels announce their own minor and offer fewer bits
    request[44] = minor
    const { write, outcome } = negotiate({ kernel: { dialect: 'fuse', request }, server: { reply: replyOf(line) } })
    const refused = line.steps.some(({ result }) => result.errno === 111)
    expect([write, outcome]).toEqual([line.reply_write_errno, refused ? 'dead' : 'connected'])
  })

  it.each([
    [4, 8],
    [5, 24],
    [22, 24],
    [23, 64],
    [46, 64],
  ])('a kernel that announces %d has room for %d bytes', (minor, room) => {
    const request = buildInitRequest({ dialect: 'fuse', minor })
    const write = (length: number): number => {
      const reply = new Uint8Array(16 + length)
      const view = new DataView(reply.buffer)
      view.setUint32(0, reply.length, true)
      view.setBigUint64(8, 2n, true)
      if (length > 0) view.setUint32(16, 7, true)
      return negotiate({ kernel: { dialect: 'fuse', request }, server: { reply } }).write
    }
    expect([write(room), write(room + 1)]).toEqual([0, 22])
  })
})

describe('read(2) buffers (h)', () => {
  it.each(ofRule('h').filter(({ line }) => line.case.startsWith('max_write')))('$kernel: $line.case', ({ line, minor }) => {
    const [max_write = 0] = /\d+/.exec(line.case)?.map(Number) ?? []
    const { limits } = negotiate({ kernel: { dialect: 'fuse', minor }, server: { max_write } })
    expect(limits?.read_buffer).toBe((line.result as { readonly smallest_accepted: number }).smallest_accepted)
  })
})

describe('CUSE_INIT replies (g)', () => {
  it.each(ofRule('g'))('$kernel: $line.case', ({ line, minor }) => {
    const body = replyOf(line).subarray(16)
    // the line holds 300 bytes at most; longer texts are filled up with X and end with a NUL
    if ((line.reply_length ?? 0) > 300) {
      body.fill(0x58, 284, -1)
      body[body.length - 1] = 0
    }
    const taken = body.length >= cuseRoom.least && body.length <= cuseRoom.most
    const made = taken && settleCuse(minor, { kind: 'body', body }).up
    expect({ write_errno: taken ? 0 : 22, device_node_made: made }).toEqual(line.result)
  })
})

describe('bit 43', () => {
  const flags = 0xfff_73ff_fffbn

  it('is the offer of buffer pools on mainline from 7.46 on', () => {
    const n = negotiate({ kernel: { dialect: 'fuse', flags, minor: 46 } })
    expect(n.bits.find(b => b.bit === 43)?.name).toBe('FUSE_HAS_IO_URING_BUFPOOL')
    expect(n.warnings).toEqual([expect.stringContaining('has turned on buffer pools')])
    const below = negotiate({ kernel: { dialect: 'fuse', flags, minor: 45 } })
    expect([below.bits.find(b => b.bit === 43)?.name, below.warnings]).toEqual(['bit 43', []])
  })

  it('a server that means famfs is warned', () => {
    const n = negotiate({ kernel: { dialect: 'fuse-v10', flags, minor: 46 } })
    expect(n.bits.find(b => b.bit === 43)?.name).toBe('FUSE_DAX_FMAP or FUSE_HAS_IO_URING_BUFPOOL')
    expect(n.warnings).toEqual([expect.stringContaining('FUSE_DAX_FMAP')])
    const left = negotiate({ kernel: { dialect: 'fuse-v10', flags, minor: 46 }, server: { famfs: false } })
    expect(left.warnings).toEqual([expect.stringContaining('must not take it')])
    expect(negotiate({ kernel: { dialect: 'fuse-v10' } }).warnings).toEqual([])
  })

  it('mainline does not offer it without io_uring', () => {
    const offered = (ioUring: boolean): bigint => negotiate({ kernel: { dialect: 'fuse', ioUring } }).offered
    expect([offered(false), offered(true)]).toEqual([0x5ff_73ff_fffbn, flags])
  })

  it('speaks for mainline where bit 41 is offered with minor 46', () => {
    const of = (minor: number) => suggestDialect({ offered: flags, minor })
    const mainline = (minor: number) => of(minor).find(s => s.dialect === 'fuse')
    expect(mainline(46)?.for).toEqual([expect.stringContaining('FUSE_HAS_IO_URING_BUFPOOL')])
    expect(mainline(45)?.against).toEqual([expect.stringContaining('mainline does not have')])
  })
})

it('the claims are those of the fact sheet', () => {
  expect(claimants('bit', 43).map(c => c.name)).toContain('FUSE_HAS_IO_URING_BUFPOOL')
  expect(claimants('opcode', 54)).toHaveLength(5)
  expect(claimants('minor', 47).map(c => c.name)).toEqual(['FUSE_ATTR_GENERATION'])
  expect(claims).toHaveLength(13)
})
