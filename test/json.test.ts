/** The JSON form as a whole: what it looks like, as io-ts codecs, where code generation is forbidden; and that hostile JSON is refused. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { encode } from '../src/codec/encode.ts'
import { WireError } from '../src/codec/errors.ts'
import { decodeJson, encodeJson, jsonCodec, tryDecodeJson, tryEncodeJson, wireErrorOf } from '../src/codec/json/index.ts'
import { contextFor } from '../src/codec/message.ts'
import type { Input } from '../src/schema/index.ts'
import { famfsDialectIds, fuse_famfs_fmap, reply, request } from '../src/uapi/index.ts'
import { type Any, refusal, simple } from './json-refusal.ts'

describe('what it looks like', () => {
  test('a map', () => {
    const value = decodeJson(fuse_famfs_fmap, simple)
    const image = encode(fuse_famfs_fmap, value)
    expect(encodeJson(fuse_famfs_fmap, decode(fuse_famfs_fmap, image))).toStrictEqual({
      file_type: 'FUSE_FAMFS_FILE_REG',
      reserved: 0,
      fmap_version: 1,
      ext_type: 'FUSE_FAMFS_EXT_SIMPLE',
      nextents: 1,
      reserved0: 0,
      file_size: '2097152',
      reserved1: '0',
      extents: [{ se_devindex: 0, reserved: 0, se_offset: '0', se_len: '2097152' }],
    })
  })

  test('values without a name stay numbers, bytes are hex', () => {
    const value = { ...decodeJson(fuse_famfs_fmap, simple), file_type: 77, trailing: Uint8Array.of(0xab, 0) }
    expect(encodeJson(fuse_famfs_fmap, value)).toMatchObject({ file_type: 77, trailing: 'ab00' })
  })

  test('a part decoded before a fault', () => {
    const partial = { file_type: 0, extents: [{ se_devindex: 1 }], ext_type: 0 } as unknown as Input<typeof fuse_famfs_fmap>
    expect(encodeJson(fuse_famfs_fmap, partial)).toStrictEqual({
      file_type: 'FUSE_FAMFS_FILE_REG',
      ext_type: 'FUSE_FAMFS_EXT_SIMPLE',
      extents: [{ se_devindex: 1 }],
    })
  })

  test('opcodes have the names of their dialect', () => {
    const opcode = { uid: 0, gid: 0, pid: 1, unique: '2', nodeid: '3' }
    const names = famfsDialectIds.map(dialect => {
      const context = contextFor({ dialect })
      const number = dialect === 'fuse-v1' || dialect === 'fuse-v2' ? 53 : 54
      const body = dialect === 'fuse-v2' || dialect.startsWith('fuse-push') ? { size: 4096 } : {}
      const value = decodeJson(request, { header: { ...opcode, opcode: 'FUSE_GET_FMAP' }, body }, context)
      expect(value.header.opcode).toBe(number)
      return (encodeJson(request, value, context) as { header: { opcode: unknown } }).header.opcode
    })
    expect(new Set(names)).toEqual(new Set(['FUSE_GET_FMAP']))
    const mainline = contextFor({})
    expect(refusal(request as Any, { header: { ...opcode, opcode: 'FUSE_GET_FMAP' }, body: {} }, mainline)).toMatchObject({
      code: 'tag',
      path: 'header.opcode',
    })
    expect(
      decodeJson(request, { header: { ...opcode, opcode: 'FUSE_DESTROY' }, body: {} }, { ...mainline, dialect: 'no such' }).header.opcode,
    ).toBe(38)
  })

  test('a reply with an errno has no body', () => {
    const context = contextFor({ opcode: 'OPEN' })
    const header = { error: -2, unique: '1' }
    expect(decodeJson(reply, { header }, context)).toStrictEqual({ header: { error: -2, unique: 1n } })
    expect(refusal(reply as Any, { header, body: {} }, context)).toMatchObject({ code: 'unsupported', path: 'body' })
    expect(refusal(reply as Any, { header: { ...header, error: 0 } }, context)).toMatchObject({ code: 'missing', path: 'body' })
  })
})

describe('as io-ts codecs', () => {
  const codec = jsonCodec(fuse_famfs_fmap)

  test('decode, encode, is', () => {
    const result = codec.decode(simple)
    expect(isRight(result)).toBe(true)
    if (isLeft(result)) return
    expect(codec.is(result.right)).toBe(true)
    expect(codec.is({ ...result.right, file_size: 1 })).toBe(false)
    expect(codec.encode(result.right)).toMatchObject({ file_size: '2097152' })
    expect(codec.name).toBe('fuse_famfs_fmap')
  })

  test('inside codecs of others; members of unions and intersections are no path', () => {
    const envelope = t.type({ id: t.number, maps: t.array(codec) })
    const bad = { ...simple, extents: [{ ...simple.extents[0], se_len: 'x' }] }
    const seen = (type: t.Mixed, input: unknown) => {
      const result = type.decode(input)
      return isLeft(result) ? wireErrorOf(result.left) : undefined
    }
    expect(seen(envelope, { id: 1, maps: [simple, bad] })).toMatchObject({ code: 'range', path: 'maps[1].extents[0].se_len' })
    expect(seen(envelope, { maps: [] })).toMatchObject({ code: 'missing', path: 'id' })
    expect(seen(envelope, { id: 10n, maps: 5 })).toMatchObject({ code: 'range', path: 'id', detail: 'needs number, got 10n' })
    const either = t.type({ map: t.union([codec, t.type({ none: t.literal(true) })]) })
    expect(seen(either, { map: bad })).toMatchObject({ path: 'map.extents[0].se_len' })
    const both = t.type({ map: t.refinement(t.intersection([t.type({ a: t.string }), codec]), () => true) })
    expect(seen(both, { map: { ...bad } })).toMatchObject({ path: 'map.a', code: 'missing' })
    expect(wireErrorOf([])).toBeInstanceOf(WireError)
    expect(wireErrorOf([{ value: 1, context: [] }])).toMatchObject({ path: '', detail: 'needs another value, got 1' })
  })

  test('the first of many errors is told', () => {
    const result = codec.decode({ ...simple, fmap_version: 'x', file_size: [] })
    expect(isLeft(result) && result.left).toHaveLength(2)
    expect(isLeft(result) && wireErrorOf(result.left)).toMatchObject({ path: 'fmap_version' })
  })
})

describe('hostile JSON', () => {
  test('only WireError, whatever comes', () => {
    const anything = fc.anything({ withBigInt: true, maxDepth: 4, withNullPrototype: true })
    fc.assert(
      fc.property(fc.constantFrom('header', 'extents', 'ext_type', 'file_size', 'trailing', 'nextents'), anything, (key, value) => {
        for (const json of [value, { ...simple, [key]: value }]) {
          const result = tryDecodeJson(fuse_famfs_fmap, json)
          if (!result.ok) expect(result.error).toBeInstanceOf(WireError)
          tryDecodeJson(request, json, contextFor({}))
        }
        tryEncodeJson(fuse_famfs_fmap as Any, value)
      }),
      { numRuns: 500 },
    )
  })

  test('a million elements that are wrong end with one error', () => {
    const extents = Array.from({ length: 100_000 }, () => 5)
    expect(refusal(fuse_famfs_fmap as Any, { ...simple, extents })).toMatchObject({ path: 'extents[0]' })
  })
})

test('works where code generation is forbidden', () => {
  const script = `
    import { decodeJson, encodeJson, fmapJson } from './src/codec/json/index.ts'
    import { fuse_open_out } from './src/uapi/index.ts'
    console.log(JSON.stringify(encodeJson(fuse_open_out, decodeJson(fuse_open_out, { fh: '0x10', open_flags: ['FOPEN_DIRECT_IO'], backing_id: -1 }))))
    console.log(fmapJson('fuse-v10').decode({})._tag)`
  const output = execFileSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    },
  )
  expect(output).toBe('{"fh":"16","open_flags":1,"backing_id":-1}\nLeft\n')
})
