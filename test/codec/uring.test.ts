/** Every command area and every request header of the io_uring captures, decoded to named fields and back. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decode, encode, hex, WireError } from '../../src/codec/index.ts'
import { decodeRequest } from '../../src/codec/message.ts'
import { replyOfRing, requestOfRing } from '../../src/codec/uring.ts'
import { bytesOf } from '../../src/conformance/hex.ts'
import { fuse_uring_cmd_area, fuse_uring_cmd_req, fuse_uring_req_header, fuse_uring_request_header } from '../../src/uapi/index.ts'

interface Line {
  readonly kind: string
  readonly case: string
  readonly label: string
  readonly cmd_op?: number
  readonly cmd_area?: string
  readonly header?: string
  readonly in_out_40?: string
  readonly name?: string
  readonly flags?: number
  readonly commit_id?: number
  readonly payload_sz?: number
  readonly offset?: number
  readonly payload?: string
  readonly payload_length?: number
}

const lines = readFileSync(new URL('../../fixtures/wire/uring-7.3.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Line)
const areas = lines.filter(line => line.cmd_area !== undefined)
const headers = lines.filter(line => line.header !== undefined)
const COMMIT_AND_FETCH = 2
/** The INIT of these sessions settled bits 41 and 43, so that SETXATTR has the short head. */
const SETTLED = (1n << 41n) | (1n << 43n)

describe('command areas', () => {
  it('come back byte for byte, by command and without one', () => {
    expect(areas).toHaveLength(464)
    for (const { cmd_area = '', cmd_op = COMMIT_AND_FETCH } of areas) {
      const bytes = bytesOf(cmd_area, 'cmd_area')
      for (const context of [{ command: cmd_op }, {}, { minor: 45 }])
        expect(hex(encode(fuse_uring_cmd_area, decode(fuse_uring_cmd_area, bytes, context), context))).toBe(cmd_area)
    }
  })

  it('name the buffers of a pool, and the registered buffer of an entry', () => {
    const pool = areas.find(line => line.label === '16 buffers')
    expect(decode(fuse_uring_cmd_area, bytesOf(pool?.cmd_area ?? '', 'hex'), { command: 4 }).arg).toMatchObject({
      bufpool: { len: 1048576, reserved: 0 },
    })
    const entry = areas.find(line => line.label === 'entry 1 of queue 0, zero-copy index 2')
    expect(decode(fuse_uring_cmd_area, bytesOf(entry?.cmd_area ?? '', 'hex'), { command: 1 }).arg).toStrictEqual({
      ent_zero_copy_buf_index: 2,
    })
  })

  it('have 24 bytes below minor 46 and 40 from there on', () => {
    expect(encode(fuse_uring_cmd_req, { flags: 0n, commit_id: 1n, qid: 2 }, { minor: 45 })).toHaveLength(24)
    expect(encode(fuse_uring_cmd_req, { flags: 0n, commit_id: 1n, qid: 2, arg: new Uint8Array(16) })).toHaveLength(40)
  })
})

describe('request headers', () => {
  it('come back byte for byte, raw and with named fields, and say what the capture says', () => {
    expect(headers).toHaveLength(246)
    for (const line of headers) {
      const bytes = bytesOf(line.header ?? '', 'header')
      expect(hex(encode(fuse_uring_req_header, decode(fuse_uring_req_header, bytes)))).toBe(line.header)
      const value = decode(fuse_uring_request_header, bytes)
      expect(hex(encode(fuse_uring_request_header, value))).toBe(line.header)
      const { flags, commit_id, payload_sz, offset } = value.ring_ent_in_out
      expect({ flags, commit_id, payload_sz, offset }).toStrictEqual({
        flags: BigInt(line.flags ?? -1),
        commit_id: BigInt(line.commit_id ?? -1),
        payload_sz: line.payload_sz,
        offset: line.offset,
      })
    }
  })

  it('are whole requests with their payload', () => {
    const whole = headers.filter(line => (line.payload?.length ?? 0) / 2 >= (line.payload_sz ?? 0))
    for (const line of whole) {
      const message = requestOfRing(bytesOf(line.header ?? '', 'header'), bytesOf(line.payload ?? '', 'payload'))
      expect(decodeRequest(message, { flags: SETTLED }).opcode).toBe(line.name)
    }
    expect(whole.length).toBeGreaterThan(200)
  })

  it('are refused where the parts are not those of the length', () => {
    const line = headers.find(h => (h.payload_sz ?? 0) > 0 && (h.payload?.length ?? 0) / 2 >= (h.payload_sz ?? 0))
    const header = bytesOf(line?.header ?? '', 'header')
    const payload = bytesOf(line?.payload ?? '', 'payload')
    expect(() => requestOfRing(header, payload.subarray(1 + payload.length - (line?.payload_sz ?? 0)))).toThrow(WireError)
    const short = Uint8Array.from(header)
    short[0] = 41
    expect(() => requestOfRing(short, payload)).toThrow(/header.len/)
    expect(() => requestOfRing(header.subarray(0, 287), payload)).toThrow(WireError)
  })
})

it('a reply is the head of the header buffer and the payload', () => {
  const header = new Uint8Array(288).fill(7)
  expect(hex(replyOfRing(header, Uint8Array.of(1, 2)))).toBe(`${'07'.repeat(16)}0102`)
})
