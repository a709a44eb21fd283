/** Long lists that are not kept say the same as those that are. */
import { describe, expect, test } from 'vitest'
import { jsonText, printJson } from '../../src/cli/json-text.ts'
import { tryDecode } from '../../src/codec/decode.ts'
import { inspect, type LargeInspection, leaves, nodes } from '../../src/codec/inspect.ts'
import { tryEncodeJson } from '../../src/codec/json/index.ts'
import { inspectLarge, tryDecodeLarge } from '../../src/codec/large.ts'
import { isLongList } from '../../src/codec/long.ts'
import type { Schema } from '../../src/schema/index.ts'
import { fuse_famfs_fmap_push } from '../../src/uapi/famfs/fmap.ts'

const HEADER = 32
const EXTENT = 24
const GROUP = 24

function header(count: number, kind: 0 | 1, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.writeUInt16LE(1, 2)
  bytes.writeUInt32LE(kind, 4)
  bytes.writeUInt32LE(count, 8)
  bytes.writeUInt32LE(size, 12)
  return bytes
}

function simple(count: number): Buffer {
  const bytes = header(count, 0, HEADER + count * EXTENT)
  for (let i = 0; i < count; i++) bytes.writeBigUInt64LE(BigInt(i) << 21n, HEADER + i * EXTENT + 8)
  return bytes
}

/** Groups of one strip, the last of so many. */
function groups(count: number, last = 1): Buffer {
  const each = GROUP + EXTENT
  const bytes = header(count, 1, HEADER + (count - 1) * each + GROUP + last * EXTENT)
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * each
    bytes.writeUInt32LE(i === count - 1 ? last : 1, at)
    bytes.writeUInt32LE(1 << 21, at + 4)
    bytes.writeBigUInt64LE(BigInt(i), at + 8)
  }
  return bytes
}

const many = groups(3000)
many.writeUInt32LE(9, HEADER + 2000 * (GROUP + EXTENT))

const cases: Readonly<Record<string, Uint8Array>> = {
  'a short list': simple(1024),
  'a long list': simple(1025),
  'several chunks, the last one not full': simple(5000),
  'a list that has not all its elements': simple(5000).subarray(0, HEADER + 3000 * EXTENT + 5),
  'bytes left over': Buffer.concat([simple(2000), Buffer.alloc(3)]),
  groups: groups(3000),
  'a long list in a list': groups(3, 2000),
  'a long list in a long list': groups(2000, 3000),
  'a long list in a long list, which is not all there': groups(2000, 3000).subarray(0, -3),
  'a group that takes the next ones for its strips': many,
  'not even a header': new Uint8Array(12),
}

const schema = fuse_famfs_fmap_push as Schema<unknown>

/** Arrays in the place of lists that are not kept. */
function whole(value: unknown): unknown {
  if (isLongList(value) || Array.isArray(value)) return Array.from(value, whole)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, whole(member)]))
}

const told = ({ tree }: LargeInspection): unknown[] =>
  Array.from(nodes(tree), ({ children, value, type, ...rest }) => ({
    ...rest,
    kind: type.kind,
    value: whole(value),
    children: children.length,
  }))

async function printed(value: unknown): Promise<string> {
  let text = ''
  await printJson(value, {
    print: async part => {
      text += String(part)
    },
  })
  return text
}

describe.each(Object.entries(cases))('%s', (_, bytes) => {
  const plain = inspect(schema, bytes)
  const large = inspectLarge(schema, bytes)

  test('has the same nodes', () => {
    expect(told(large)).toEqual(told(plain))
  })

  test('has the same value and the same error', () => {
    expect(whole(large.value)).toEqual(plain.value)
    expect({ ...large.error?.toJSON(), partial: whole(large.error?.partial) }).toEqual({
      ...plain.error?.toJSON(),
      partial: plain.error?.partial,
    })
    const [a, b] = [tryDecodeLarge(schema, bytes), tryDecode(schema, bytes)]
    expect(a.ok && whole(a.value)).toEqual(b.ok && b.value)
  })

  test('has the same JSON', async () => {
    const [a, b] = [large, plain].map(({ value }) => tryEncodeJson(schema, value))
    expect(a?.ok).toBe(b?.ok)
    if (a?.ok && b?.ok) {
      expect(await printed(a.value)).toBe(`${jsonText(b.value)}\n`)
      expect(jsonText(a.value, 0)).toBe(jsonText(b.value, 0))
    }
  })
})

test('a node or an element is found by its number', () => {
  const { tree, value } = inspectLarge(schema, simple(5000))
  const list = [...tree.children].find(({ name }) => name === 'extents')
  expect(list?.children.length).toBe(5000)
  expect([0, 255, 256, 4999, -1, -5000].map(i => list?.children.at(i)?.name)).toEqual(['[0]', '[255]', '[256]', '[4999]', '[4999]', '[0]'])
  expect([5000, -5001].map(i => list?.children.at(i))).toEqual([undefined, undefined])
  const { extents } = value as { readonly extents: { at(i: number): { readonly se_offset: bigint } } }
  expect(extents.at(-1).se_offset).toBe(4999n << 21n)
})

test('a list can be left in its midst', () => {
  let seen = 0
  for (const _ of leaves(inspectLarge(schema, simple(5000)).tree)) if (++seen === 700) break
  expect(seen).toBe(700)
})
