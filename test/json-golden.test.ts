/** The JSON form of every golden message: bytes, value, JSON as text, value and bytes again are the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { encode } from '../src/codec/encode.ts'
import { type Context, tryDecode } from '../src/codec/index.ts'
import { encodeJson, type Json, tryDecodeJson } from '../src/codec/json/index.ts'
import { contextFor } from '../src/codec/message.ts'
import { type CapturedMessage, capturedMessage, caseMessages, openCases, trace, walk } from '../src/conformance/capture.ts'
import { fixedSize, type Schema } from '../src/schema/index.ts'
import { famfs_log_entry, famfs_log_header } from '../src/uapi/famfs/log.ts'
import { famfs_superblock } from '../src/uapi/famfs/superblock.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push, notify, reply, request } from '../src/uapi/index.ts'
import { lines, unhex } from './golden-bodies.ts'
import { same } from './same.ts'

type Any = Schema<unknown, unknown>

/** JSON with nothing in it that text does not carry. */
function throughText(json: Json): Json {
  const parsed = JSON.parse(JSON.stringify(json)) as Json
  same(parsed, json)
  return parsed
}

function roundTrip(schema: Any, bytes: Uint8Array, context: Context): Json {
  const value = decode(schema, bytes, context)
  const json = throughText(encodeJson(schema, value, context))
  const back = tryDecodeJson(schema, json, context)
  if (!back.ok) throw back.error
  same(back.value, value)
  same(encode(schema, back.value, context), bytes)
  return json
}

describe('maps', () => {
  test.each([fuse_famfs_fmap, fuse_famfs_fmap_push])('every vector that is a map', schema => {
    let count = 0
    for (const { hex = '' } of lines('kernel/fmap-verdicts.jsonl')) {
      if (!tryDecode(schema as Any, unhex(hex)).ok) continue
      roundTrip(schema as Any, unhex(hex), {})
      count++
    }
    expect(count).toBeGreaterThan(1900)
  })
})

describe('superblock and log', () => {
  const media: readonly (readonly [string, Any])[] = Object.entries({ famfs_superblock, famfs_log_header, famfs_log_entry }) as [
    string,
    Any,
  ][]
  test.each(media)('%s: any bytes that decode', (_name, schema) => {
    const size = fixedSize(schema.type) as number
    const image = fc.uint8Array({ minLength: size, maxLength: size })
    fc.assert(
      fc.property(image, fc.constantFrom(0, 1, 3, 77), fc.nat(3), fc.nat(17), (bytes, type, extType, count) => {
        if (schema === (famfs_log_entry as Any)) bytes.set([type, 0, 0, 0], 8)
        if (schema === (famfs_log_entry as Any) && type === 0) bytes.set([extType, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0], 120)
        if (tryDecode(schema, bytes).ok) roundTrip(schema, bytes, {})
      }),
    )
  })
})

const conversations = (file: string): CapturedMessage[] => {
  if (file.includes('-trace')) return lines(file).flatMap(line => trace(line).messages)
  if (file.includes('famfs-')) return openCases(lines(file)).flatMap(caseMessages)
  return lines(file).flatMap(line => capturedMessage(line) ?? [])
}

const SCHEMAS: Readonly<Record<string, Any>> = { request: request as Any, reply: reply as Any, notify: notify as Any }

describe('whole messages of real kernels', () => {
  test.each([
    ['wire/fuse-6.18.jsonl', 1000],
    ['wire/fuse-6.1.jsonl', 1000],
    ['wire/fuse-famfs.jsonl', 1000],
    ['wire/famfs-7.46.jsonl', 400],
    ['wire/famfs-7.46-trace.jsonl', 100],
    ['wire/famfs-push.jsonl', 40],
    ['wire/famfs-push-trace.jsonl', 20],
  ])('%s', (file, least) => {
    let count = 0
    for (const { direction, bytes, name, fullLength, writeErrno = 0, connection } of walk(conversations(file))) {
      if (fullLength !== undefined || writeErrno !== 0 || (direction === 'reply' && !('opcode' in connection))) continue
      // the fuse device takes any map; what its parser then refuses need not decode
      if (direction === 'reply' && name === 'GET_FMAP' && !tryDecode(reply as Any, bytes, contextFor(connection)).ok) continue
      const json = roundTrip(SCHEMAS[direction] as Any, bytes, contextFor(connection)) as { header: { opcode?: Json }; body?: Json }
      if (direction === 'request') expect(json.header.opcode).toMatch(/^(FUSE|CUSE)_/)
      expect(Object.keys(json).filter(key => !['header', 'body', 'extensions', 'trailing'].includes(key))).toEqual([])
      count++
    }
    expect(count).toBeGreaterThanOrEqual(least)
  })
})
