/** The JSON Schemas: what the codec writes fits them, what it refuses for its form does not. */
import { describe, expect, test } from 'vitest'
import { tryDecode } from '../src/codec/decode.ts'
import { encodeJson, jsonSchemaOf, tryDecodeJson } from '../src/codec/json/index.ts'
import { contextFor } from '../src/codec/message.ts'
import { capturedMessage, caseMessages, openCases, walk } from '../src/conformance/capture.ts'
import { array, bytes, flagSet, message, REST, type Schema, s64, struct, tagged, u32, u64 } from '../src/schema/index.ts'
import { fuse_famfs_fmap, notify, reply, request, structs } from '../src/uapi/index.ts'
import { isCurrent } from '../tools/generate.ts'
import { generateJsonForm, jsonFormSchemas, jsonMessages } from '../tools/generate-json.ts'
import { goldenBodies, lines } from './golden-bodies.ts'
import { type Rules, valid } from './json-schema.ts'

type Any = Schema<unknown, unknown>
const bundle = jsonFormSchemas() as Rules
const messages = Object.entries(jsonMessages())
const named = (name: string): Rules => {
  const schema = (bundle.$defs as Rules)[name]
  if (schema === undefined) throw new Error(`no schema ${name}`)
  return schema as Rules
}

test('every reference leads somewhere, every message and struct has a schema', () => {
  const refs = [...JSON.stringify(bundle).matchAll(/"#\/\$defs\/([^"]+)"/g)].map(match => match[1] as string)
  for (const name of [...refs, ...Object.keys(structs), 'request.OPEN', 'reply.GET_FMAP.fuse-v10', 'notify.STORE']) named(name)
  expect(messages.length).toBeGreaterThan(200)
})

test('the generated pages are current', () => {
  for (const product of generateJsonForm()) expect([product.path, isCurrent(product)]).toEqual([product.path, true])
})

const DIRECTIONS: Readonly<Record<string, Any>> = { request: request as Any, reply: reply as Any, notify: notify as Any }

/** The message of a dialect, or of mainline where the dialect has nothing of its own. */
function nameOf(direction: string, code: number, dialect: string): string {
  const of = (id: string) =>
    messages.find(([key, m]) => key.startsWith(direction) && m.context?.opcode === code && m.context.dialect === id)
  return (of(dialect) ?? of('fuse'))?.[0] ?? `${direction} ${code}`
}

describe('messages of real kernels fit the schema of their name', () => {
  const files = ['wire/fuse-6.18.jsonl', 'wire/fuse-famfs.jsonl', 'wire/famfs-7.46.jsonl', 'wire/famfs-push.jsonl']
  test.each(files)('%s', file => {
    const captured = file.includes('famfs-')
      ? openCases(lines(file)).flatMap(caseMessages)
      : lines(file).flatMap(l => capturedMessage(l) ?? [])
    const seen = new Set<string>()
    for (const { direction, bytes, dialect, connection } of walk(captured)) {
      const schema = DIRECTIONS[direction] as Any
      const context = contextFor(connection)
      const decoded = tryDecode(schema, bytes, context)
      if (!decoded.ok) continue
      const json = encodeJson(schema, decoded.value, context) as { header: Rules; body?: Rules }
      const code =
        direction === 'request'
          ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
          : (context.opcode ?? Number(json.header.error))
      const name = nameOf(direction, code, dialect.id)
      expect([name, valid(named(name), json, bundle)]).toEqual([name, true])
      expect(valid(named(name), { ...json, typo: 1 }, bundle)).toBe(false)
      seen.add(name)
    }
    expect(seen.size).toBeGreaterThan(file.includes('famfs-') ? 1 : 40)
  })
})

describe('one schema alone', () => {
  const schema = jsonSchemaOf(fuse_famfs_fmap as Any) as Rules

  test('every golden map', () => {
    for (const body of goldenBodies(50).get('fuse_famfs_fmap') ?? []) {
      const decoded = tryDecode(fuse_famfs_fmap, body)
      if (decoded.ok) expect(valid(schema, encodeJson(fuse_famfs_fmap, decoded.value))).toBe(true)
    }
  })

  test('agrees with the codec on single members', () => {
    const good = { file_type: 0, fmap_version: 1, ext_type: 0, file_size: '1', extents: [{ se_devindex: 0, se_offset: 0, se_len: '0x10' }] }
    expect(valid(schema, good)).toBe(true)
    const members: Rules[] = [
      { file_type: 'FUSE_FAMFS_FILE_LOG' },
      { file_type: 'nothing' },
      { file_type: 256 },
      { fmap_version: '0xffff' },
      { fmap_version: '-1' },
      { file_size: -1 },
      { file_size: 2 ** 53 },
      { file_size: '18446744073709551615' },
      { trailing: 'ff' },
      { trailing: 'f' },
      { extents: [{}] },
      { extents: 5 },
      { extents: [5] },
      { typo: 1 },
    ]
    for (const member of members) {
      const json = { ...good, ...member }
      expect([member, valid(schema, json)]).toEqual([member, tryDecodeJson(fuse_famfs_fmap, json).ok])
    }
  })

  test('what structs keep, and what there is besides', () => {
    const odd = message('odd', {
      tag: u32,
      flags: u64.flags(flagSet('some', { LOW: 0 })),
      signed: s64,
      room: array(u32, 'tag', { capacity: 4 }),
      choice: tagged('tag', { 0: u32, 1: struct('pair', { a: u32, b: u32 }) }, { size: 8 }),
      two: array(bytes(2), 2),
      none: array(u32, {}),
      more: u32.when({ room: true }),
      rest: bytes(REST).elided(),
    })
    const own = jsonSchemaOf(odd as Any) as Rules
    const json = {
      tag: 0,
      flags: ['LOW', 4],
      signed: '-5',
      room: [],
      room_unused: '01',
      choice: 5,
      choice_unused: '02',
      two: ['0000', 'ffff'],
      none: [],
    }
    expect(valid(own, json)).toBe(true)
    expect(valid(own, { ...json, more: 1, rest: '' })).toBe(true)
    for (const wrong of [
      { flags: ['HIGH'] },
      { room: [1, 2, 3, 4, 5] },
      { two: ['00', 'ffff'] },
      { two: ['0000'] },
      { none: [1] },
      { choice: 'x' },
      { signed: '--5' },
    ])
      expect([wrong, valid(own, { ...json, ...wrong })]).toEqual([wrong, false])
  })

  test('types that are no structs, structs of one name, and bodies that are not known', () => {
    expect(valid(jsonSchemaOf(u32) as Rules, 5)).toBe(true)
    const twice = message(
      'twice',
      { a: array(struct('fuse_x', { x: u32 }), 1), b: array(struct('fuse_x', { y: u32 }), 1) },
      { doc: 'both' },
    )
    const schema = jsonSchemaOf(twice as Any) as Rules
    expect(Object.keys(schema.$defs as object)).toEqual(['u32', 'fuse_x', 'fuse_x_2'])
    expect(schema.description).toBe('both')
    expect(valid(schema, { a: [{ x: 1 }], b: [{ y: 1 }] })).toBe(true)
    expect(valid(schema, { a: [{ x: 1 }], b: [{ x: 1 }] })).toBe(false)
    for (const context of [{}, contextFor({})])
      expect(valid(jsonSchemaOf(reply as Any, context) as Rules, { header: { error: 0, unique: 1 }, body: 5 })).toBe(true)
  })
})
