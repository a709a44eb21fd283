/** The FUSE side of the declarations: numbers, bodies in every historic size, extensions, and that nothing is lost on the way back. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Context, decode, encode, hex, tryDecode, WireError } from '../src/codec/index.ts'
import { contextFor } from '../src/codec/message.ts'
import type { EnumTable, FlagTable, Schema } from '../src/schema/index.ts'
import * as uapi from '../src/uapi/index.ts'
import {
  dialects,
  extension,
  fuse_init_flags,
  fuse_init_flags2,
  fuse_init_flags64,
  fuse_notify_code,
  fuse_opcode,
  fuseDeviceIoctls,
  fuseMessages,
  fuseNotifications,
  initFlagName,
  initFlags,
  ioc,
  iocParts,
  notify,
  reply,
  request,
  splitInitFlags,
} from '../src/uapi/index.ts'

type AnySchema = Schema<unknown, unknown>
const header = (opcode: number) => ({ opcode, unique: 6n, nodeid: 1n, uid: 0, gid: 0, pid: 9 })
const name = (key: string): Uint8Array => new TextEncoder().encode(`${key}\0`)
const zeros = (n: number): Uint8Array => new Uint8Array(n)
const join8 = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flatMap(p => [...p]))
const lengthOf = (schema: AnySchema, context: Context): number => {
  for (let n = 0; n < 400; n++) if (tryDecode(schema, zeros(n), context).ok) return n
  return -1
}

describe('numbers', () => {
  it('names every opcode as the table of bodies does', () => {
    const named = Object.entries(fuse_opcode.values).filter(([key]) => !key.endsWith('BSWAP_RESERVED'))
    const bodies = Object.entries(fuseMessages).map(([key, m]) => [key.startsWith('CUSE') ? key : `FUSE_${key}`, m.opcode])
    expect(bodies.toSorted()).toStrictEqual(named.toSorted())
    expect(bodies.length).toBe(52)
  })

  it('names every notification as the table of bodies does', () => {
    const bodies = Object.entries(fuseNotifications).map(([key, m]) => [`FUSE_NOTIFY_${key}`, m.code])
    expect(bodies).toStrictEqual(Object.entries(fuse_notify_code.values))
  })

  it('has the ioctl numbers of facts wire 8.1', () => {
    expect(fuseDeviceIoctls).toStrictEqual({
      FUSE_DEV_IOC_CLONE: 0x8004e500,
      FUSE_DEV_IOC_BACKING_OPEN: 0x4010e501,
      FUSE_DEV_IOC_BACKING_CLOSE: 0x4004e502,
      FUSE_DEV_IOC_SYNC_INIT: 0x0000e503,
      FUSE_DEV_IOC_DAXDEV_OPEN: 0x4010e504,
    })
    for (const number of Object.values(fuseDeviceIoctls)) {
      const parts = iocParts(number)
      expect(ioc(parts.direction, parts.type, parts.number, parts.size)).toBe(number)
    }
  })

  it('splits the 64 flags of INIT', () => {
    expect([...new Set(Object.values(fuse_init_flags64.bits))]).toStrictEqual(Array.from({ length: 44 }, (_, bit) => bit))
    expect(fuse_init_flags.bits.FUSE_INIT_EXT).toBe(30)
    expect(fuse_init_flags2.bits.FUSE_DAX_FMAP).toBe(11)
    expect(fuse_init_flags2.bits.FUSE_HAS_IO_URING_BUFPOOL).toBe(11)
    expect({ ...fuse_init_flags.bits, ...fuse_init_flags2.bits }).toHaveProperty('FUSE_DIRECT_IO_RELAX', 4)
    expect(initFlags({ flags: 1, flags2: 0x800 })).toBe(1n)
    expect(initFlags({ flags: 0xc000_0001, flags2: 0x800 })).toBe(0x800_c000_0001n)
    expect(initFlags({})).toBe(0n)
    expect(splitInitFlags(0x800_8000_0001n)).toStrictEqual({ flags: 0xc000_0001, flags2: 0x800 })
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), bits => initFlags(splitInitFlags(bits)) === (bits | 0x4000_0000n)))
  })
})

describe('names of INIT flags', () => {
  it('bit 43 is that of buffer pools on mainline from 7.46 on, and that of famfs in its dialects', () => {
    expect(initFlagName(43)).toBe('FUSE_HAS_IO_URING_BUFPOOL')
    expect(initFlagName(43, dialects.fuse, 45)).toBeUndefined()
    expect(initFlagName(43, dialects['fuse-v10'])).toBe('FUSE_DAX_FMAP')
    expect(initFlagName(43, dialects['fuse-push'])).toBe('FUSE_DAX_FMAP')
  })

  it('bit 42 is that of famfs in V1 and V2, whose kernels know no bit 43', () => {
    expect(initFlagName(42, dialects['fuse-v1'])).toBe('FUSE_DAX_FMAP')
    expect(initFlagName(43, dialects['fuse-v2'])).toBeUndefined()
    expect(initFlagName(42, dialects['fuse-v3'])).toBe('FUSE_REQUEST_TIMEOUT')
  })

  it('the first of two names is shown, and a bit without one has none', () => {
    expect(initFlagName(36)).toBe('FUSE_DIRECT_IO_ALLOW_MMAP')
    expect(initFlagName(63)).toBeUndefined()
  })
})

function isTable(value: unknown): value is EnumTable | FlagTable {
  return typeof value === 'object' && value !== null && 'kind' in value && (value.kind === 'enum' || value.kind === 'flags')
}

const noCompiler = spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler (cc) on this machine'
const noHeader = existsSync('/usr/include/linux/fuse.h') ? noCompiler : 'this machine has no <linux/fuse.h>'
if (noHeader !== undefined) console.warn(`names against the system's headers skipped: ${noHeader}`)

describe.skipIf(noHeader !== undefined)("the system's headers", () => {
  const scratch = mkdtempSync(join(tmpdir(), 'names-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))
  const tables = Object.values<unknown>(uapi).filter(isTable)
  /** A 32-bit word is named by its own bits; the header counts through to 63. */
  const asDefined = tables.filter(t => t !== fuse_init_flags2)
  const values = asDefined.flatMap(t =>
    t.kind === 'enum'
      ? Object.entries(t.values).map(([k, v]) => [k, `${v}`])
      : Object.entries(t.bits).map(([k, v]) => [k, `(1ull << ${v})`]),
  )
  const HEADERS = ['linux/fuse.h', 'asm/fcntl.h', 'poll.h', 'linux/stat.h', 'linux/falloc.h', 'linux/fs.h', 'linux/xattr.h', 'dirent.h']

  it('give every name that they have the same value', () => {
    const source = join(scratch, 'names.c')
    const includes = HEADERS.map(h => `#include <${h}>`).join('\n')
    writeFileSync(source, `#define _GNU_SOURCE\n${includes}\n`)
    const preprocessed = spawnSync('cc', ['-E', '-dD', source], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout
    const words = new Set(preprocessed.match(/\w+/g))
    const known = values.filter(([key]) => words.has(String(key)) && key !== 'O_LARGEFILE')
    const lines = known.map(
      ([key, value]) =>
        `_Static_assert(((${key}) & (1ull << 63) ? (unsigned)(${key}) : (unsigned long long)(${key})) == ${value}, "${key}");`,
    )
    writeFileSync(source, `#define _GNU_SOURCE\n${includes}\n${lines.join('\n')}\n`)
    const run = spawnSync('cc', ['-fsyntax-only', '-std=gnu11', source], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(known.length).toBeGreaterThan(150)
  })
})

describe('bodies of every historic size', () => {
  const flags = 0n
  it.each<[string, AnySchema, Context, number]>([
    ['LOOKUP reply at minor 8', fuseMessages.LOOKUP.reply, { minor: 8 }, 120],
    ['LOOKUP reply at minor 9', fuseMessages.LOOKUP.reply, { minor: 9 }, 128],
    ['GETATTR reply at minor 8', fuseMessages.GETATTR.reply, { minor: 8 }, 96],
    ['GETATTR reply', fuseMessages.GETATTR.reply, {}, 104],
    ['STATFS reply at minor 3', fuseMessages.STATFS.reply, { minor: 3 }, 48],
    ['STATFS reply', fuseMessages.STATFS.reply, {}, 80],
    ['CREATE reply at minor 8', fuseMessages.CREATE.reply, { minor: 8 }, 136],
    ['CREATE reply', fuseMessages.CREATE.reply, {}, 144],
    ['TMPFILE reply at minor 8', fuseMessages.TMPFILE.reply, { minor: 8 }, 144],
    ['TMPFILE request at minor 11', fuseMessages.TMPFILE.request, { minor: 11 }, 16 + 1],
    ['MKNOD request at minor 11', fuseMessages.MKNOD.request, { minor: 11 }, 8 + 1],
    ['MKNOD request', fuseMessages.MKNOD.request, {}, 16 + 1],
    ['CREATE request at minor 11', fuseMessages.CREATE.request, { minor: 11 }, 8 + 1],
    ['CREATE request', fuseMessages.CREATE.request, {}, 16 + 1],
    ['WRITE request at minor 8', fuseMessages.WRITE.request, { minor: 8 }, 24],
    ['WRITE request', fuseMessages.WRITE.request, {}, 40],
    ['SETXATTR request without FUSE_SETXATTR_EXT', fuseMessages.SETXATTR.request, { flags }, 8 + 1],
    ['SETXATTR request', fuseMessages.SETXATTR.request, {}, 16 + 1],
    ['SETATTR request', fuseMessages.SETATTR.request, { minor: 8 }, 88],
    ['READ request', fuseMessages.READ.request, { minor: 8 }, 40],
    ['STATX reply', fuseMessages.STATX.reply, {}, 288],
  ])('%s', (_, schema, context, length) => {
    expect(lengthOf(schema, context)).toBe(length)
  })

  it.each([0, 8, 15, 16, 20, 63, 64])('INIT bodies of %i bytes come back as they were', length => {
    const body = Uint8Array.from({ length }, (_, i) => i + 1)
    for (const schema of [fuseMessages.INIT.request, fuseMessages.INIT.reply]) {
      const value = decode(schema, body)
      expect(encode(schema, value)).toStrictEqual(body)
    }
  })

  it('INIT bodies may end anywhere, a word that is cut stays raw', () => {
    expect(decode(fuseMessages.INIT.reply, zeros(8))).toStrictEqual({ major: 0, minor: 0 })
    expect(Object.keys(decode(fuseMessages.INIT.reply, zeros(24)))).toHaveLength(7)
    expect(decode(fuseMessages.INIT.request, zeros(6))).toStrictEqual({ major: 0, trailing: zeros(2) })
    expect(tryDecode(fuseMessages.INIT.reply, zeros(65))).toMatchObject({ ok: false, error: { code: 'trailing', offset: 64 } })
  })

  it('GETATTR requests of old kernels are empty', () => {
    expect(decode(fuseMessages.GETATTR.request, zeros(0))).toStrictEqual({})
    expect(encode(fuseMessages.GETATTR.request, {})).toStrictEqual(zeros(0))
    expect(encode(fuseMessages.GETATTR.request, { getattr_flags: 1, fh: 2n })).toHaveLength(16)
    expect(tryDecode(fuseMessages.GETATTR.request, zeros(15))).toMatchObject({ ok: false, error: { code: 'truncated', path: 'fh' } })
  })

  it('reserved arrays need not be given', () => {
    const st = { blocks: 1n, bfree: 2n, bavail: 3n, files: 4n, ffree: 5n, bsize: 6, namelen: 7, frsize: 8 }
    expect(encode(fuseMessages.STATFS.reply, { st })).toHaveLength(80)
    expect(
      encode(fuseMessages.CUSE_INIT.reply, {
        major: 7,
        minor: 38,
        flags: 0,
        max_read: 0,
        max_write: 0,
        dev_major: 0,
        dev_minor: 0,
        info: ['DEVNAME=x'],
      }),
    ).toHaveLength(82)
  })
})

describe('replies that need their request', () => {
  const asked = (size: number, opcode: number): Uint8Array =>
    encode(request, { header: header(opcode), body: opcode === 22 ? { size, name: 'user.a' } : { size } }, contextFor({}))
  const answer = (opcode: number, body: Uint8Array, asking?: Uint8Array): unknown => {
    const bytes = join8([16 + body.length, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0], body)
    const context = contextFor({ opcode, ...(asking === undefined ? {} : { request: asking }) })
    const value = decode(reply, bytes, context) as { body: unknown }
    expect(encode(reply, value as never, context)).toStrictEqual(bytes)
    return value.body
  }

  it('GETXATTR', () => {
    const body = join8([4, 0, 0, 0, 0, 0, 0, 0])
    expect(answer(22, body)).toStrictEqual({ data: body })
    expect(answer(22, body, asked(0, 22))).toStrictEqual({ size: 4, padding: 0 })
    expect(answer(22, body, asked(64, 22))).toStrictEqual({ value: body })
  })

  it('LISTXATTR, also of a list that does not end with a NUL', () => {
    const body = join8(name('user.a'), name('user.b'))
    expect(answer(23, body)).toStrictEqual({ data: body })
    expect(answer(23, body, asked(64, 23))).toStrictEqual({ names: ['user.a', 'user.b'] })
    expect(answer(23, body.subarray(0, 13), asked(64, 23))).toStrictEqual({
      names: ['user.a'],
      trailing: name('user.b').subarray(0, 6),
    })
    expect(answer(23, zeros(8), asked(0, 23))).toStrictEqual({ size: 0, padding: 0 })
  })
})

describe('lists', () => {
  it('READDIR: names of no bytes, padding, and an entry that is cut off', () => {
    const schema = fuseMessages.READDIR.reply
    const entries = [
      { ino: 1n, off: 1n, type: 4, name: '.' },
      { ino: 2n, off: 2n, type: 8, name: '' },
      { ino: 3n, off: 3n, type: 8, name: 'eightlet' },
    ]
    const bytes = encode(schema, { entries })
    expect(bytes).toHaveLength(32 + 24 + 32)
    const cut = bytes.subarray(0, 80)
    expect(decode(schema, cut)).toMatchObject({ entries: entries.slice(0, 2), trailing: bytes.subarray(56, 80) })
    expect(encode(schema, decode(schema, cut))).toStrictEqual(cut)
    const dirty = bytes.slice()
    dirty[30] = 7
    expect(encode(schema, decode(schema, dirty))).toStrictEqual(dirty)
  })

  it('READDIRPLUS: whole entries whatever was negotiated', () => {
    for (const minor of [8, 45])
      expect(decode(fuseMessages.READDIRPLUS.reply, zeros(152), { minor }).entries).toMatchObject([{ dirent: { name: '' } }])
  })

  it('IOCTL replies with FUSE_IOCTL_RETRY name memory, others carry data', () => {
    const schema = fuseMessages.IOCTL.reply
    const retry = { result: 0, flags: 4, in_iov: [{ base: 16n, len: 4n }], out_iov: [], data: zeros(0) }
    const bytes = encode(schema, retry)
    expect(bytes).toHaveLength(32)
    expect(decode(schema, bytes)).toStrictEqual({ ...retry, in_iovs: 1, out_iovs: 0 })
    expect(decode(schema, zeros(20))).toStrictEqual({ result: 0, flags: 0, in_iovs: 0, out_iovs: 0, data: zeros(4) })
  })

  it('counts are filled', () => {
    expect(encode(fuseMessages.BATCH_FORGET.request, { forgets: [{ nodeid: 2n, nlookup: 1n }] })).toHaveLength(24)
    expect(encode(fuseMessages.REMOVEMAPPING.request, { mappings: [{ moffset: 2n, len: 1n }] })).toHaveLength(20)
    const pruned = encode(notify, { header: { error: 9, unique: 0n }, body: { nodeids: [3n, 7n] } }, contextFor({}))
    expect(hex(pruned)).toBe('30000000090000000000000000000000' + '02000000000000000000000000000000' + '03000000000000000700000000000000')
    const gone = encode(notify, { header: { error: 6, unique: 0n }, body: { parent: 1n, child: 4n, name: 'dir' } }, contextFor({}))
    expect(hex(gone)).toBe('2c00000006000000000000000000000001000000000000000400000000000000030000000000000064697200')
  })
})

describe('extensions', () => {
  const context = contextFor({})
  const secctx = {
    type: 2,
    body: [
      { name: 'security.a', value: zeros(3) },
      { name: 's', value: zeros(0) },
    ],
  }
  const groups = { type: 32, body: { groups: [10, 20] } }
  const unknown = { type: 77, body: Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0) }
  const body = { mode: 0o755, umask: 0o22, name: 'd' }

  it('of all kinds stand behind the body, however long that is', () => {
    const bytes = encode(request, { header: header(9), body, extensions: [secctx, groups, unknown] }, context)
    const value = decode(request, bytes, context)
    expect(value).toMatchObject({ body, extensions: [secctx, groups, unknown] })
    expect(value.header.total_extlen * 8).toBe(8 + 24 + 16 + 24 + 16)
    expect(value.extensions?.map(e => e.size)).toStrictEqual([48, 24, 16])
    expect(value.header.len).toBe(40 + 8 + 2 + 88)
    expect(encode(request, value, context)).toStrictEqual(bytes)
  })

  it('stand at the end of the body at minor 36 and 37, if they are there', () => {
    const block = encode(extension, secctx as never)
    for (const minor of [36, 37]) {
      const old = contextFor({ minor })
      const plain = encode(request, { header: header(9), body }, old)
      const bytes = join8([plain.length + block.length], plain.subarray(1), block)
      const value = decode(request, bytes, old)
      expect(value.body).toMatchObject({ ...body, secctx: { nr_secctx: 2, contexts: secctx.body } })
      expect(encode(request, value, old)).toStrictEqual(bytes)
      expect(decode(request, plain, old).body).toStrictEqual(body)
    }
    const given = { header: header(9), body: { ...body, secctx: { contexts: [] } } }
    expect(() => encode(request, given, contextFor({ minor: 38 }))).toThrow(WireError)
    expect(() => encode(request, given, contextFor({ minor: 37, flags: 0n }))).toThrow(WireError)
    expect(encode(request, given, contextFor({ minor: 37 }))).toHaveLength(58)
  })

  it('are refused when they claim more bytes than there are, or fewer', () => {
    const bytes = encode(request, { header: header(9), body, extensions: [groups] }, context)
    const claiming = (extlen: number) => {
      new DataView(bytes.buffer).setUint16(36, extlen, true)
      return tryDecode(request, bytes, context)
    }
    expect(claiming(200)).toMatchObject({ ok: false, error: { code: 'length', path: 'body', offset: 40 } })
    expect(claiming(4)).toMatchObject({ ok: false, error: { code: 'truncated', path: 'body.mode', offset: 40 } })
    expect(claiming(2)).toMatchObject({ ok: false, error: { code: 'trailing', path: 'body' } })
    expect(claiming(3).ok).toBe(true)
  })
})

/** Bytes that look like counts, lengths, text and flags more often than random ones do. */
const likely = fc.uint8Array({ maxLength: 220 }).map(b => b.map(x => (x < 128 ? 0 : x < 200 ? (x % 4) * 8 : x)))
const connection = fc.record({
  minor: fc.constantFrom(0, 3, 4, 8, 9, 11, 12, 36, 37, 38, 45),
  flags: fc.constantFrom(0n, 1n << 29n, 1n << 32n, (1n << 64n) - 1n),
})

describe('bytes that no kernel sent', () => {
  const bodies: [string, AnySchema][] = [
    ...Object.entries(fuseMessages).flatMap(([key, m]): [string, AnySchema][] => [
      [`${key} request`, m.request],
      ...(m.reply === undefined ? [] : ([[`${key} reply`, m.reply]] as [string, AnySchema][])),
    ]),
    ...Object.entries(fuseNotifications).map(([key, n]): [string, AnySchema] => [`${key} notification`, n.body]),
    ['extension', extension],
  ]

  it.each(bodies)('%s: what is taken comes back byte by byte, the rest is a WireError', (_, schema) => {
    const check = (bytes: Uint8Array, context: Context): void => {
      const result = tryDecode(schema, bytes, context)
      if (result.ok) expect(hex(encode(schema, result.value, context))).toBe(hex(bytes))
      else expect(result.error).toBeInstanceOf(WireError)
    }
    fc.assert(fc.property(likely, connection, check), { numRuns: 300 })
    fc.assert(
      fc.property(connection, fc.nat(300), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 }), (context, length, writes) => {
        const bytes = zeros(length)
        for (const [at, value] of writes) if (at < length) bytes[at] = value
        check(bytes, context)
      }),
      { numRuns: 300 },
    )
  })

  it('whole requests with extensions', () => {
    const opcodes = Object.values(fuseMessages).map(m => m.opcode)
    fc.assert(
      fc.property(fc.constantFrom(...opcodes), connection, likely, fc.nat(8), (opcode, options, tail, extlen) => {
        const bytes = join8(zeros(40), tail)
        const view = new DataView(bytes.buffer)
        view.setUint32(0, bytes.length, true)
        view.setUint32(4, opcode, true)
        view.setUint16(36, extlen, true)
        const context = contextFor(options)
        const result = tryDecode(request, bytes, context)
        if (result.ok) expect(hex(encode(request, result.value, context))).toBe(hex(bytes))
        else expect(result.error).toBeInstanceOf(WireError)
      }),
      { numRuns: 3000 },
    )
  })
})
