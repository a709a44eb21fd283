/** fuse-iomap as the fact sheet describes it: numbers, layouts, and messages that go there and back. docs/facts/today.md 4 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decode, encode, hex } from '../../src/codec/index.ts'
import { layoutOf } from '../../src/codec/layout.ts'
import { contextFor, decodeReply, decodeRequest, notificationsOf, opcodeName } from '../../src/codec/message.ts'
import { fixedSize, type Schema } from '../../src/schema/index.ts'
import {
  fuse_iomap_attr_flags,
  fuse_iomap_config_flags,
  fuse_iomap_io_flags,
  fuse_iomap_ioend_flags,
  fuse_iomap_op_flags,
  fuse_iomap_type,
  fuseIomap,
  fuseIomapIoctls,
  initFlagName,
  notify,
  structs,
} from '../../src/uapi/index.ts'
import { findings, verdict } from '../../src/validate/index.ts'

const sheet =
  readFileSync(new URL('../../docs/facts/today.md', import.meta.url), 'utf8')
    .split('## 4. ')[1]
    ?.split('\n## ')[0] ?? ''
const rows = [...sheet.matchAll(/^\| (fuse_\w+) \| (\d+) \| (.*) \|$/gm)].map(m => ({
  name: String(m[1]),
  size: Number(m[2]),
  fields: String(m[3]),
}))

describe('layouts', () => {
  it('the sheet is read whole', () => {
    expect(rows).toHaveLength(12)
  })

  it.each(rows)('$name', ({ name, size, fields }) => {
    const schema = structs[name] as Schema<unknown>
    expect(fixedSize(schema.type)).toBe(size)
    const places = new Map(layoutOf(schema).map(row => [row.path.replace(/\[.*/, ''), row.offset]))
    for (const [, field, offset] of fields.matchAll(/(\w+)(?: [us]\d+| io| range| char)?(?:\[\d+\])?@(\d+)/g))
      expect([field, places.get(String(field))]).toStrictEqual([field, Number(offset)])
  })
})

describe('numbers', () => {
  it('opcodes and notifications', () => {
    for (const [, name, number] of sheet.matchAll(/\b([A-Z_]+) (40(?:89|9[0-5]))\b/g))
      expect(opcodeName(Number(number), fuseIomap)).toBe(name)
    expect(Object.values(fuseIomap.messages).map(m => m.opcode)).toStrictEqual([4089, 4090, 4091, 4092, 4093, 4094, 4095])
    expect(notificationsOf(fuseIomap).map(([, n]) => n.code)).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 99, 100, 101])
  })

  it.each([
    ['Types', fuse_iomap_type.values],
    ['F bits', fuse_iomap_io_flags.bits],
    ['OP bits', fuse_iomap_op_flags.bits],
    ['IOEND bits', fuse_iomap_ioend_flags.bits],
    ['CONFIG bits', fuse_iomap_config_flags.bits],
  ])('%s', (title, table) => {
    const text = sheet.split(`${title}: `)[1]?.split('.')[0] ?? ''
    const told = text.split(', ').map((item): [string, number] => [item.split(' ')[0] ?? '', Number(item.split(' ')[1])])
    const ours = Object.entries<number>(table).map(([name, value]): [string, number] => [
      name.replace(/^FUSE_IOMAP_(TYPE|F|OP|IOEND|CONFIG)_/, ''),
      value,
    ])
    expect(ours).toStrictEqual(told)
  })

  it('attributes, ioctls and the INIT bit', () => {
    expect(
      Object.entries(fuse_iomap_attr_flags.bits)
        .slice(2)
        .map(([name, bit]) => `${name.slice(10)} ${bit}`),
    ).toStrictEqual(['EXCLUSIVE 2', 'IOMAP 3', 'ATOMIC 4', 'SYNC 5', 'IMMUTABLE 6', 'APPEND 7'])
    expect(fuseIomapIoctls).toStrictEqual({
      FUSE_DEV_IOC_IOMAP_SUPPORT: 0x8010e563,
      FUSE_DEV_IOC_SET_NOFS: 0x4004e564,
      FUSE_DEV_IOC_ADD_IOMAP: 0xe565,
    })
    expect(initFlagName(43, fuseIomap)).toBe('FUSE_IOMAP')
    expect(initFlagName(41, fuseIomap)).toBe('FUSE_OVER_IO_URING')
  })
})

const IN_HEADER = 40
const OUT_HEADER = 16

function request(opcode: number, size: number): Uint8Array {
  const bytes = Uint8Array.from({ length: IN_HEADER + size }, (_, i) => (i < IN_HEADER ? 0 : i * 7))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, opcode, true)
  view.setBigUint64(8, 2n, true)
  return bytes
}

function answer(size: number, error = 0, unique = 2n): Uint8Array {
  const bytes = Uint8Array.from({ length: OUT_HEADER + size }, (_, i) => (i < OUT_HEADER ? 0 : i * 11))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setInt32(4, error, true)
  view.setBigUint64(8, unique, true)
  return bytes
}

describe('messages', () => {
  it.each(Object.entries(fuseIomap.messages))('%s goes there and back', (name, { opcode, request: asked, reply }) => {
    const bytes = request(opcode, fixedSize(asked.type) ?? 8)
    const connection = { dialect: fuseIomap }
    expect(decodeRequest(bytes, connection).opcode).toBe(name)
    const told = answer(fixedSize(reply.type) ?? 0)
    expect(decodeReply(told, { ...connection, opcode }).opcode).toBe(name)
  })

  it.each(Object.entries(fuseIomap.notifications))('%s goes there and back', (_, { code, body }) => {
    const bytes = answer(fixedSize(body.type) ?? 0, code, 0n)
    const context = contextFor({ dialect: fuseIomap })
    expect(hex(encode(notify, decode(notify, bytes, context), context))).toBe(hex(bytes))
  })
})

describe('no verdicts are invented', () => {
  it.each([
    ['verdict', () => verdict(new Uint8Array(64), fuseIomap)],
    ['findings', () => findings(new Uint8Array(64), fuseIomap)],
  ])('%s says why', (_, judge) => {
    expect(judge).toThrow(
      expect.objectContaining({ code: 'unsupported', path: 'dialect', message: expect.stringContaining('experimental') as string }),
    )
  })
})
