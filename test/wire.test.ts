/** Every message that passed between real kernels and servers: decoded to named fields, and encoded back to the same bytes. */
import { describe, expect, test } from 'vitest'
import { decode, tryDecode } from '../src/codec/decode.ts'
import { encode } from '../src/codec/encode.ts'
import type { WireError } from '../src/codec/errors.ts'
import { hex } from '../src/codec/input.ts'
import { inspect, leaves } from '../src/codec/inspect.ts'
import { contextFor } from '../src/codec/message.ts'
import { type PlacedMessage, walk } from '../src/conformance/capture.ts'
import type { Schema } from '../src/schema/index.ts'
import { fuse_in_header, fuse_out_header } from '../src/uapi/fuse/header.ts'
import { notify, reply, request } from '../src/uapi/fuse/message.ts'
import { verdict } from '../src/validate/verdict.ts'
import { goldenConversations } from './goldens.ts'

type AnySchema = Schema<unknown, unknown>
const schemas: Readonly<Record<PlacedMessage['direction'], AnySchema>> = { request, reply, notify }
const schemaOf = (m: PlacedMessage): AnySchema => schemas[m.direction]

const placed: (PlacedMessage & { readonly file: string })[] = goldenConversations().flatMap(([file, messages]) =>
  [...walk(messages)].map(m => ({ ...m, file })),
)
const whole = placed.filter(m => m.fullLength === undefined)

const opcodeOf = (m: PlacedMessage): number =>
  m.direction === 'request'
    ? decode(fuse_in_header, m.bytes.subarray(0, 40)).opcode
    : 'opcode' in m.connection
      ? Number(m.connection.opcode)
      : -1

const u32At = (bytes: Uint8Array, offset: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true)

/** A map that the device took and the parser refused is no accepted reply. A header that asks for a larger buffer never gets that far. */
function parserRefuses(m: PlacedMessage): boolean {
  const dialect = m.dialect
  if (opcodeOf(m) !== dialect.opcodes.GET_FMAP || u32At(m.bytes, 4) !== 0) return false
  const body = m.bytes.subarray(16)
  const asked = 'opcode' in m.connection ? m.connection.request : undefined
  const probe = dialect.sizeProbe === 'header' && asked !== undefined && body.length >= 32 && u32At(body, 12) > u32At(asked, 40)
  return !probe && verdict(body, dialect).errno !== 0
}

const accepted = (m: PlacedMessage): boolean => m.direction === 'request' || (m.writeErrno === 0 && !parserRefuses(m))

const count = (messages: readonly PlacedMessage[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { file } of messages as typeof placed) counts[file] = (counts[file] ?? 0) + 1
  return counts
}

const failures = (messages: readonly PlacedMessage[], fault: (m: PlacedMessage) => string | undefined): string[] =>
  messages.flatMap(m => {
    const why = fault(m)
    return why === undefined ? [] : [`${m.id} ${m.direction} ${m.name}: ${why}`]
  })

const describeError = ({ message }: WireError): string => message

/** Paths that may hold raw bytes: file data, values, payloads, what stands behind a map, and the cut field of an INIT reply of 63 bytes. */
const RAW: Readonly<Record<string, readonly string[]>> = {
  'reply 15': ['body.data'],
  'request 16': ['body.data'],
  'request 21': ['body.value'],
  'reply 22': ['body.value'],
  'request 39': ['body.data'],
  'reply 39': ['body.data'],
  'request 41': ['body.data'],
  'notify -1': ['body.data'],
  'reply 54': ['body.trailing'],
  'reply 26': ['body.trailing'],
}

const rawAllowed = (m: PlacedMessage, path: string): boolean => (RAW[`${m.direction} ${opcodeOf(m)}`] ?? []).includes(path)

/** Paths of all byte arrays in a value. */
function byteArrays(value: unknown, path: string): string[] {
  if (value instanceof Uint8Array) return value.length === 0 ? [] : [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, v]) =>
    byteArrays(v, path === '' ? key : Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`),
  )
}

describe('messages of real kernels', () => {
  test('all of them are here', () => {
    expect(count(placed)).toEqual({
      'fuse-6.1': 1304,
      'fuse-6.18': 1302,
      'fuse-famfs': 1266,
      'famfs-7.46': 800,
      'famfs-7.46-trace': 868,
      'famfs-push': 92,
      'famfs-push-trace': 120,
    })
    expect(placed.filter(m => m.fullLength !== undefined).length).toBe(28)
    expect(placed.filter(accepted).length).toBeGreaterThan(4000)
  })

  test('what was accepted decodes, and encodes back to the same bytes', () => {
    const checked = whole.filter(accepted)
    expect(count(checked)).toEqual({
      'fuse-6.1': 1255,
      'fuse-6.18': 1261,
      'fuse-famfs': 1219,
      'famfs-7.46': 664,
      'famfs-7.46-trace': 855,
      'famfs-push': 81,
      'famfs-push-trace': 118,
    })
    const wrong = failures(checked, m => {
      const context = contextFor(m.connection)
      const result = tryDecode(schemaOf(m), m.bytes, context)
      if (!result.ok) return describeError(result.error)
      const again = encode(schemaOf(m), result.value, context)
      return hex(again) === hex(m.bytes) ? undefined : `${hex(m.bytes)} became ${hex(again)}`
    })
    expect(wrong).toEqual([])
  })

  test('what was refused may be refused, and is never altered', () => {
    const checked = whole.filter(m => !accepted(m))
    expect(count(checked)).toEqual({
      'fuse-6.1': 39,
      'fuse-6.18': 33,
      'fuse-famfs': 37,
      'famfs-7.46': 136,
      'famfs-7.46-trace': 13,
      'famfs-push': 11,
      'famfs-push-trace': 2,
    })
    const decoded = checked.filter(m => tryDecode(schemaOf(m), m.bytes, contextFor(m.connection)).ok)
    expect(count(decoded)).toEqual({
      'fuse-6.1': 16,
      'fuse-6.18': 10,
      'fuse-famfs': 14,
      'famfs-7.46': 54,
      'famfs-7.46-trace': 5,
      'famfs-push': 6,
      'famfs-push-trace': 1,
    })
    const wrong = failures(decoded, m => {
      const context = contextFor(m.connection)
      const again = encode(schemaOf(m), decode(schemaOf(m), m.bytes, context), context)
      return hex(again) === hex(m.bytes) ? undefined : `${hex(m.bytes)} became ${hex(again)}`
    })
    expect(wrong).toEqual([])
  })

  test('only data, values and payloads are raw bytes', () => {
    const seen: Record<string, number> = {}
    const wrong = failures(whole, m => {
      const { tree, value } = inspect(schemaOf(m), m.bytes, contextFor(m.connection))
      const raw = [...leaves(tree)].filter(leaf => leaf.type.kind === 'bytes' && leaf.length > 0).map(leaf => leaf.path)
      const paths = new Set([...raw, ...byteArrays(value, '')])
      for (const path of paths) {
        const key = `${m.direction} ${opcodeOf(m)} ${path}`
        seen[key] = (seen[key] ?? 0) + 1
      }
      const bad = [...paths].filter(path => !rawAllowed(m, path))
      return bad.length === 0 ? undefined : bad.join()
    })
    expect(wrong).toEqual([])
    expect(seen).toEqual({
      'notify -1 body.data': 6,
      'reply 15 body.data': 38,
      'reply 22 body.value': 6,
      'reply 26 body.trailing': 3,
      'reply 39 body.data': 12,
      'reply 54 body.trailing': 50,
      'request 16 body.data': 15,
      'request 21 body.value': 6,
      'request 39 body.data': 6,
      'request 41 body.data': 6,
    })
  })

  test('the tree of a message covers all of its bytes', () => {
    const wrong = failures(whole.filter(accepted), m => {
      const { tree } = inspect(schemaOf(m), m.bytes, contextFor(m.connection))
      return tree.offset === 0 && tree.length === m.bytes.length ? undefined : `${tree.offset}, ${tree.length} of ${m.bytes.length}`
    })
    expect(wrong).toEqual([])
  })

  test('of what the capture cut, the header', () => {
    const cut = placed.filter(m => m.fullLength !== undefined)
    const wrong = failures(cut, m => {
      const header = decode(fuse_out_header, m.bytes.subarray(0, 16))
      return header.len === m.fullLength && header.error === 0
        ? undefined
        : JSON.stringify(header, (_, v) => (typeof v === 'bigint' ? `${v}` : v))
    })
    expect(wrong).toEqual([])
  })
})
