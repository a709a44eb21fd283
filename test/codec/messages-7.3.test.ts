/** Every message of the session with Linux 7.3.4 (mainline 7.46): decoded to named fields, and encoded back to the same bytes. */
import { describe, expect, test } from 'vitest'
import { decode, tryDecode } from '../../src/codec/decode.ts'
import { encode } from '../../src/codec/encode.ts'
import { hex } from '../../src/codec/input.ts'
import { inspect, leaves } from '../../src/codec/inspect.ts'
import { contextFor } from '../../src/codec/message.ts'
import { type PlacedMessage, walk } from '../../src/conformance/capture.ts'
import type { Schema } from '../../src/schema/index.ts'
import { fuse_in_header, notify, reply, request } from '../../src/uapi/index.ts'
import { goldenMessages } from '../goldens.ts'

const schemas: Readonly<Record<PlacedMessage['direction'], Schema<unknown, unknown>>> = { request, reply, notify }
const placed = [...walk(goldenMessages('fuse-7.3'))]
const whole = placed.filter(m => m.fullLength === undefined)
const accepted = whole.filter(m => m.direction === 'request' || m.writeErrno === 0)

const opcodeOf = (m: PlacedMessage): number =>
  m.direction === 'request'
    ? decode(fuse_in_header, m.bytes.subarray(0, 40)).opcode
    : 'opcode' in m.connection
      ? Number(m.connection.opcode)
      : -1

/** File data, values and payloads; what an IOCTL carries; and bytes of an INIT reply behind a field that was cut. */
const RAW = ['body.data', 'body.value', 'body.trailing', 'body.gap']

describe('messages of Linux 7.3.4', () => {
  test('all of them are here, requests and replies of nearly every opcode among them', () => {
    expect({ placed: placed.length, whole: whole.length, accepted: accepted.length }).toStrictEqual({
      placed: 5069,
      whole: 5040,
      accepted: 4500,
    })
    expect(new Set(accepted.filter(m => m.direction === 'request').map(opcodeOf)).size).toBeGreaterThan(38)
  })

  test('what was accepted decodes, and encodes back to the same bytes', () => {
    for (const m of accepted) {
      const context = contextFor(m.connection)
      const schema = schemas[m.direction]
      const result = tryDecode(schema, m.bytes, context)
      expect([m.id, result.ok ? 'decoded' : result.error.message]).toStrictEqual([m.id, 'decoded'])
      if (result.ok) expect([m.id, hex(encode(schema, result.value, context))]).toStrictEqual([m.id, hex(m.bytes)])
    }
  })

  test('what was refused may be refused, and is never altered', () => {
    for (const m of whole.filter(m => !accepted.includes(m))) {
      const context = contextFor(m.connection)
      const result = tryDecode(schemas[m.direction], m.bytes, context)
      if (result.ok) expect([m.id, hex(encode(schemas[m.direction], result.value, context))]).toStrictEqual([m.id, hex(m.bytes)])
    }
  })

  test('every byte of what was accepted has a name, but for data, values and payloads', () => {
    for (const m of accepted) {
      const { tree } = inspect(schemas[m.direction], m.bytes, contextFor(m.connection))
      expect([m.id, tree.offset, tree.length]).toStrictEqual([m.id, 0, m.bytes.length])
      const raw = [...leaves(tree)].filter(leaf => leaf.type.kind === 'bytes' && leaf.length > 0).map(leaf => leaf.path)
      expect([m.id, raw.filter(path => !RAW.includes(path))]).toStrictEqual([m.id, []])
    }
  })

  test('with io_uring enabled it offers bits 41 and 43, as minor 46', () => {
    const inits = placed.filter(m => m.direction === 'request' && opcodeOf(m) === 26)
    const bodies = inits.map(m => decode(request, m.bytes, contextFor(m.connection)).body as { minor: number; flags2?: number })
    expect(new Set(bodies.map(({ minor }) => minor))).toStrictEqual(new Set([46]))
    const both = (1 << (41 - 32)) | (1 << (43 - 32))
    expect(new Set(bodies.map(({ flags2 = 0 }) => flags2 & both))).toStrictEqual(new Set([0, both]))
  })
})
